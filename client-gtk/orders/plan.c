/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/row.h"
#include "lib/times.h"
#include "orders/boxes.h"
#include "orders/group.h"

#include <glib/gi18n.h>
#include <string.h>

static void
add_link (GtkListBox *list,
          const char *title,
          const char *path)
{
  g_autofree char *number = g_strdup_printf (_("Order %s"), strrchr (path, '/') + 1);
  GtkWidget *row = g_str_equal (path, "/") ? NULL : ch_group_add (list, NULL, title, number);

  if (row != NULL)
    ch_group_add_link (row, path);
}

static void
fill_links (GtkListBox *list,
            ChOrder    *order)
{
  const char *renews = ch_order_get_text (order, "Renews");
  const char *renewed_by = ch_order_get_text (order, "RenewedBy");

  if (*renews != '\0')
    add_link (list, _("Renews"), renews);
  if (*renewed_by != '\0')
    add_link (list, _("Renewed by"), renewed_by);
}

static void
fill_plan (GtkListBox *list,
           ChOrder    *order)
{
  GVariant *plan = ch_order_get_part (order, CH_ORDER_PLAN);

  for (gsize i = 0; i < g_variant_n_children (plan); i++)
    {
      g_autoptr(GVariant) step = g_variant_get_child_value (plan, i);
      g_autofree char *at = ch_time_full (ch_row_number (step, "At"));
      g_autofree char *until = ch_time_day (ch_row_number (step, "Until"));
      g_autofree char *both = g_strdup_printf (_("%s; then valid until %s"), at, until);
      const char *text = *until != '\0' ? both : at;

      ch_group_add (list, NULL, ch_row_flag (step, "Paid") ? _("Paid renewal") : _("Free reissue"), text);
    }
}

GtkWidget *
ch_order_plan_new (ChOrder *order)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  gtk_box_append (GTK_BOX (box), ch_group_new (_("Plan"), order, CH_ORDER_PLAN, fill_plan));
  gtk_box_append (GTK_BOX (box), ch_group_new (_("Before and After"), order, CH_ORDER_FACTS, fill_links));
  return box;
}
