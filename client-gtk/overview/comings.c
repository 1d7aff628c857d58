/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/comings.h"

#include "lib/calendar.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "overview/timeline.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

/* Who wants to see more of a month looks for them on the page of orders. */
#define MAX_ORDERS 25

struct _ChComings
{
  AdwBin parent_instance;

  ChTimeline *timeline;
  GtkWidget *month;           /* what belongs to the month that is pressed */
  GtkLabel *month_title;
  GtkListBox *orders;

  ChService *service;         /* (not owned) (nullable): the page has it */
  GVariant *shown;            /* (owned) (nullable): the periods */
  GVariant *listed;           /* (owned) (nullable): the answer whose orders are shown */
  GCancellable *asking;       /* (owned) (nullable): while GetCalendar is under way */
  GCancellable *listing;      /* (owned) (nullable): while ListOrders is under way */
  gboolean is_old;            /* the answer to @asking */
};

G_DEFINE_FINAL_TYPE (ChComings, ch_comings, ADW_TYPE_BIN)

/* ---- the orders of a month ---- */

static void
add_event (GString           *text,
           const ChPeriodRow *period,
           const char        *format,
           gint64             time)
{
  g_autofree char *day = NULL;
  g_autofree char *phrase = NULL;

  if (time < period->from || time >= period->until)
    return;

  day = ch_time_minute (time);
  phrase = g_strdup_printf (format, day);
  g_string_append_printf (text, "%s%s", text->len > 0 ? C_("between the parts of a list", ", ") : "", phrase);
}

static GtkWidget *
new_order_row (GVariant          *order,
               const ChPeriodRow *period)
{
  g_autofree char *path = ch_path_new (CH_FOLDER_ORDERS, ch_row_number (order, "Id"));
  g_autoptr(GString) text = g_string_new (NULL);
  GtkWidget *row;

  add_event (text, period, _("certificate ends %s"), ch_row_number (order, "NotAfter"));
  add_event (text, period, _("next certificate planned for %s"), ch_row_number (order, "ReplaceAt"));
  add_event (text, period, _("term ends %s"), ch_row_number (order, "TermEnd"));
  row = ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", ch_row_string (order, "Name"), "subtitle", text->str,
                         "title-lines", 0, "subtitle-lines", 0, "activatable", TRUE,
                         "action-name", "win.open", NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", path);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static GtkWidget *
new_more_row (void)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _("And more"), "subtitle",
                                 _("The page of orders lists all."), "activatable", TRUE, "action-name",
                                 "win.page", NULL);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", "orders");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
clear_orders (ChComings *self)
{
  GtkWidget *row;

  g_clear_pointer (&self->listed, g_variant_unref);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->orders))) != NULL)
    gtk_list_box_remove (self->orders, row);
  gtk_widget_set_visible (GTK_WIDGET (self->orders), FALSE);
}

static void
show_orders (ChComings         *self,
             GVariant          *reply,
             const ChPeriodRow *period)
{
  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  const char *next;

  clear_orders (self);
  self->listed = g_variant_ref (reply);
  g_variant_get_child (reply, 1, "&s", &next);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      gtk_list_box_append (self->orders, new_order_row (row, period));
    }
  if (*next != '\0')
    gtk_list_box_append (self->orders, new_more_row ());
  gtk_widget_set_visible (GTK_WIDGET (self->orders), g_variant_n_children (rows) > 0);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChComings) self = data;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;

  g_clear_object (&self->listing);
  const ChPeriodRow *period = ch_timeline_get_chosen (self->timeline);
  if (reply != NULL && period != NULL && (self->listed == NULL || !g_variant_equal (self->listed, reply)))
    show_orders (self, reply, period);
}

static void
ask_orders (ChComings         *self,
            ChClient          *client,
            const ChPeriodRow *period)
{
  g_auto(GVariantDict) filter = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&filter, "within", "(xx)", period->from, period->until);
  self->listing = g_cancellable_new ();
  ch_client_call_async (client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListOrders",
                        g_variant_new ("(@a{sv}ssu)", g_variant_dict_end (&filter), "not-after", "",
                                       MAX_ORDERS),
                        "(aa{sv}s)", self->listing, listed_cb, g_object_ref (self));
}

static void
chosen_cb (ChComings *self)
{
  const ChPeriodRow *period = ch_timeline_get_chosen (self->timeline);
  ChClient *client = ch_service_get_client (self->service);

  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  gtk_widget_set_visible (self->month, period != NULL);
  if (period == NULL)
    {
      clear_orders (self);
      return;
    }

  g_autofree char *name = ch_period_row_name (period);
  g_autofree char *words = ch_period_row_describe (period);
  g_autofree char *title = g_strdup_printf (C_("a month", "%s: %s"), name, words);
  gtk_label_set_label (self->month_title, title);
  if (client != NULL)
    ask_orders (self, client, period);
}

/* ---- the months ---- */

static void ask (ChComings *self);

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChComings) self = data;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->asking)
    return;

  g_clear_object (&self->asking);
  /* What went wrong is told by the window; what is shown stays. */
  if (reply != NULL && (self->shown == NULL || !g_variant_equal (self->shown, reply)))
    {
      g_autoptr(GVariant) periods = g_variant_get_child_value (reply, 0);
      g_autoptr(GVariant) old = g_steal_pointer (&self->shown);

      self->shown = g_variant_ref (reply);
      ch_timeline_set_periods (self->timeline, periods);
    }
  if (self->is_old)
    ask (self);
}

static void
ask (ChComings *self)
{
  ChClient *client = ch_service_get_client (self->service);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (ch_time_now ());
  g_autoptr(GArray) bounds = NULL;

  self->is_old = self->asking != NULL;
  if (client == NULL || self->asking != NULL)
    return;

  bounds = ch_calendar_months (now, CH_CALENDAR_MONTHS);
  GVariant *moments = g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, bounds->data, bounds->len,
                                                 sizeof (gint64));
  self->asking = g_cancellable_new ();
  ch_client_call_async (client, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetCalendar",
                        g_variant_new ("(@ax@a{sv})", moments, ch_no_options ()), "(aa{sv})", self->asking,
                        asked_cb, g_object_ref (self));
}

static void
stop (ChComings *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->asking);
  g_clear_object (&self->listing);
}

static void
client_changed_cb (ChComings *self)
{
  stop (self);
  ask (self);
}

void
ch_comings_set_service (ChComings *self,
                        ChService *service)
{
  self->service = service;
  /* The service has collected the changes already when it tells how everything stands. */
  g_signal_connect_object (service, "notify::status", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::client", G_CALLBACK (client_changed_cb), self,
                           G_CONNECT_SWAPPED);
  ask (self);
}

/* ---- class ---- */

static void
ch_comings_dispose (GObject *object)
{
  ChComings *self = CH_COMINGS (object);

  stop (self);
  g_clear_pointer (&self->shown, g_variant_unref);
  g_clear_pointer (&self->listed, g_variant_unref);
  G_OBJECT_CLASS (ch_comings_parent_class)->dispose (object);
}

static void
ch_comings_class_init (ChComingsClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_TIMELINE);
  G_OBJECT_CLASS (class)->dispose = ch_comings_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/overview/comings.ui");
  gtk_widget_class_bind_template_child (widget, ChComings, timeline);
  gtk_widget_class_bind_template_child (widget, ChComings, month);
  gtk_widget_class_bind_template_child (widget, ChComings, month_title);
  gtk_widget_class_bind_template_child (widget, ChComings, orders);
  gtk_widget_class_bind_template_callback (widget, chosen_cb);
}

static void
ch_comings_init (ChComings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
