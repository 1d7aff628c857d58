/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/row.h"
#include "lib/times.h"
#include "model/event-model.h"
#include "orders/boxes.h"
#include "orders/group.h"

#include <glib/gi18n.h>

static void
fill (GtkListBox *list,
      ChOrder    *order)
{
  GVariant *events = ch_order_get_part (order, CH_ORDER_EVENTS);

  for (gsize i = 0; i < g_variant_n_children (events); i++)
    {
      g_autoptr(GVariant) event = g_variant_get_child_value (events, i);
      g_autoptr(ChItem) item = ch_item_new ("", event);
      g_autofree char *at = ch_time_minute (ch_row_number (event, "At"));
      g_autofree char *who = ch_event_who (item);
      g_autofree char *facts = g_strdup_printf ("%s · %s", at, who);
      gboolean is_ok = ch_row_flag (event, "Ok");
      GtkWidget *row = ch_group_add (list, is_ok ? "ok" : "failed", ch_row_string (event, "Text"), facts);

      if (row != NULL && !is_ok)
        ch_group_add_icon (row, "dialog-error-symbolic", C_("event", "Failed"), "error");
    }
}

GtkWidget *
ch_order_events_new (ChOrder *order)
{
  return ch_group_new (_("Activity"), order, CH_ORDER_EVENTS, fill);
}
