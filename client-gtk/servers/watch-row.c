/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/watch-row.h"

#include "jobs/start.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "servers/watch-dialog.h"
#include "servers/watch-facts.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

struct _ChWatchRow
{
  AdwActionRow parent_instance;

  GtkImage *icon;
  GtkWidget *menu;

  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChWatchRow, ch_watch_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *state;
  const char *icon;
  const char *class;
  const char *text;
} states[] = {
  { "new", "content-loading-symbolic", "dim-label", NC_("watch", "is looked at soon") },
  { "good", "object-select-symbolic", "success", NC_("watch", "good") },
  { "ending", "dialog-warning-symbolic", "warning", NC_("watch", "ends soon") },
  { "ended", "dialog-error-symbolic", "error", NC_("watch", "has ended") },
  { "changed", "dialog-warning-symbolic", "warning", NC_("watch", "another certificate") },
  { "mismatch", "dialog-error-symbolic", "error", NC_("watch", "not for the name") },
  { "unreachable", "dialog-error-symbolic", "error", NC_("watch", "nobody answers") },
};

/* what is shown */

/* A state that a newer service has is shown as it is called there. */
static const char *
show_state (ChWatchRow *self)
{
  const char *state = ch_item_get_text (self->item, "State");

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      {
        gtk_image_set_from_icon_name (self->icon, states[i].icon);
        gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]) { states[i].class, NULL });
        return g_dpgettext2 (NULL, "watch", states[i].text);
      }

  return state;
}

/* Why it is not good is told by the facts, in the service's words. */
static char *
describe (ChWatchRow *self,
          const char *state)
{
  gint64 end = ch_item_get_number (self->item, "NotAfter");
  g_autofree char *day = end != 0 ? ch_time_day (end) : NULL;
  g_autofree char *until = day != NULL ? g_strdup_printf (C_("watch", "valid until %s"), day) : NULL;
  const char *issuer = ch_item_get_text (self->item, "Issuer");

  return g_strdup_printf ("%s%s%s%s%s", state, until != NULL ? " · " : "", until != NULL ? until : "",
                          *issuer != '\0' ? " · " : "", issuer);
}

static void
update (ChWatchRow *self)
{
  const char *name = ch_item_get_text (self->item, "Name");
  const char *state = show_state (self);
  g_autofree char *text = describe (self, state);
  g_autofree char *what = g_strdup_printf (_("What to do with “%s”"), name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "watch.accept",
                                 g_str_equal (ch_item_get_text (self->item, "State"), "changed"));
  gtk_widget_set_tooltip_text (self->menu, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
}

/* doing */

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChWatchRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    ch_tell_error (GTK_WIDGET (self), _("The watched endpoint was not changed"), error);
}

static void
act (ChWatchRow *self,
     const char *method)
{
  ch_service_act_async (self->service, ch_item_get_path (self->item), CH_IFACE_WATCH, method,
                        g_variant_new ("(@a{sv})", ch_no_options ()), "()", NULL, acted_cb,
                        g_object_ref (self));
}

static void
remove_confirmed_cb (gpointer data)
{
  if (CH_WATCH_ROW (data)->item != NULL)
    act (data, "Remove");
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ChWatchRow *self = CH_WATCH_ROW (widget);
  g_autofree char *question = g_strdup_printf (_("Stop Watching “%s”?"),
                                               ch_item_get_text (self->item, "Name"));

  ch_ask (widget, question, _("What was seen there is forgotten; nothing changes there."),
          _("_Stop Watching"), remove_confirmed_cb, self);
}

static void
accept_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  act (CH_WATCH_ROW (widget), "Accept");
}

static void
look_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ChWatchRow *self = CH_WATCH_ROW (widget);

  ch_job_start (widget, self->service, ch_item_get_path (self->item), CH_IFACE_WATCH, "Look",
                g_variant_new ("(@a{sv})", ch_no_options ()));
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ChWatchRow *self = CH_WATCH_ROW (widget);

  ch_watch_dialog_show (widget, self->service, self->item);
}

/* making */

static void
add_menu (ChWatchRow *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenuItem) accept = g_menu_item_new (_("_Accept Certificate"), "watch.accept");

  g_menu_append (menu, _("_Look Now"), "watch.look");
  g_menu_item_set_attribute (accept, "hidden-when", "s", "action-disabled");
  g_menu_append_item (menu, accept);
  g_menu_append (menu, _("_Edit…"), "watch.edit");
  g_menu_append (menu, _("_Stop Watching…"), "watch.remove");
  self->menu = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "view-more-symbolic", "valign",
                             GTK_ALIGN_CENTER, "menu-model", menu, NULL);
  gtk_widget_add_css_class (self->menu, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->menu);
}

ChWatchRow *
ch_watch_row_new (ChService *service,
                  ChItem    *item)
{
  ChWatchRow *self = g_object_new (CH_TYPE_WATCH_ROW, "use-markup", FALSE, "activatable", TRUE,
                                   "subtitle-lines", 3, NULL);

  self->service = g_object_ref (service);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify::row", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

/* class */

static void
ch_watch_row_dispose (GObject *object)
{
  ChWatchRow *self = CH_WATCH_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->service);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (ch_watch_row_parent_class)->dispose (object);
}

static void
ch_watch_row_activate (AdwActionRow *row)
{
  ch_watch_facts_show (GTK_WIDGET (row), CH_WATCH_ROW (row)->item);
}

static void
ch_watch_row_class_init (ChWatchRowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_watch_row_dispose;
  ADW_ACTION_ROW_CLASS (class)->activate = ch_watch_row_activate;
  gtk_widget_class_install_action (widget, "watch.look", NULL, look_action);
  gtk_widget_class_install_action (widget, "watch.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget, "watch.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget, "watch.remove", NULL, remove_action);
}

static void
ch_watch_row_init (ChWatchRow *self)
{
  self->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
  add_menu (self);
}
