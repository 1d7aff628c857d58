/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/row.h"
#include "lib/times.h"
#include "orders/boxes.h"
#include "orders/format.h"
#include "orders/group.h"

#include <glib/gi18n.h>

static const struct
{
  const char *key;
  const char *title;
} times[] = {
  { "NotAfter", N_("Certificate ends") },
  { "TermEnd", N_("Term ends") },
  { "ReplaceAt", N_("Replaced by itself") },
  { "PlacedAt", N_("Placed") },
};

static const struct
{
  const char *key;
  const char *title;
} texts[] = {
  { "AccountName", N_("Account") },
  { "DnsAccountName", N_("DNS account") },
  { "CaOrder", N_("Number at the certificate authority") },
  { "Price", N_("Price") },
  { "Page", N_("Page where names are proven") },
};

static void
add_texts (GtkListBox *list,
           GVariant   *facts)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = ch_row_string (facts, texts[i].key);
      GtkWidget *row = ch_group_add_fact (list, _(texts[i].title), text);

      if (row != NULL && g_str_equal (texts[i].key, "CaOrder"))
        ch_group_add_copy (row, text, _("Copy the Number"));
    }
}

static void
fill (GtkListBox *list,
      ChOrder    *order)
{
  GVariant *facts = ch_order_get_part (order, CH_ORDER_FACTS);
  g_auto(GStrv) names = ch_row_strings (facts, "Names");
  g_autofree char *all = g_strjoinv ("\n", names);
  g_autofree char *product = ch_format_product (ch_row_string (facts, "Product"));
  const char *key = ch_row_string (facts, "Key");
  g_autofree char *where =
    g_strdup_printf (ch_row_flag (facts, "HasKey") ? _("%s, kept by the service") : _("%s, kept elsewhere"), key);

  ch_group_add_fact (list, _("Names"), all);
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *time = ch_time_full (ch_row_number (facts, times[i].key));

      ch_group_add_fact (list, _(times[i].title), time);
    }
  ch_group_add_fact (list, _("Product"), product);
  ch_group_add_fact (list, _("Validation"), ch_format_method (ch_row_string (facts, "Method")));
  if (*key != '\0')
    ch_group_add_fact (list, _("Key"), where);
  add_texts (list, facts);
}

GtkWidget *
ch_order_facts_new (ChOrder *order)
{
  return ch_group_new (_("Order"), order, CH_ORDER_FACTS, fill);
}
