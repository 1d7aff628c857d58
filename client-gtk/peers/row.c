/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peers/row.h"

#include "lib/row.h"
#include "peers/dialog.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

struct _ChPeerRow
{
  AdwActionRow parent_instance;

  GtkWidget *icon;
  GtkWidget *menu;
  GtkSwitch *enabled;         /* (nullable) */

  const ChPeerRole *role;
  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChPeerRow, ch_peer_row, ADW_TYPE_ACTION_ROW)

/* what is shown */

static char *
describe (ChPeerRow *self)
{
  const char *kind = ch_item_get_text (self->item, "Kind");
  const char *reason = ch_item_get_text (self->item, "Reason");
  g_autoptr(GVariant) row = ch_service_get_kind (self->service, self->role->role, kind);
  const char *title = row != NULL ? ch_row_string (row, "title") : kind;

  return *reason != '\0' ? g_strdup_printf ("%s · %s", title, reason) : g_strdup (title);
}

static void
name_widget (GtkWidget  *widget,
             const char *format,
             const char *name)
{
  g_autofree char *text = g_strdup_printf (format, name);

  gtk_widget_set_tooltip_text (widget, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static gboolean
has_login_key (ChPeerRow *self)
{
  g_autoptr(GVariant) settings = ch_row_list (ch_item_get_row (self->item), "Settings", "a{ss}");
  const char *key = "";

  g_variant_lookup (settings, "public-key", "&s", &key);
  return self->role->login != NULL && *key != '\0';
}

static void
update (ChPeerRow *self)
{
  const char *name = ch_item_get_text (self->item, "Name");
  const char *state = ch_item_get_text (self->item, "State");
  gboolean fails = g_str_equal (state, "failing");
  g_autofree char *text = describe (self);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_visible (self->icon, fails);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "peer.login", has_login_key (self));
  name_widget (self->menu, _("What to do with “%s”"), name);
  if (self->enabled != NULL)
    {
      name_widget (GTK_WIDGET (self->enabled), _("Use “%s”"), name);
      gtk_switch_set_state (self->enabled, !g_str_equal (state, "disabled"));
      gtk_switch_set_active (self->enabled, !g_str_equal (state, "disabled"));
    }
}

/* doing */

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(ChPeerRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (self->enabled), TRUE);
  if (reply == NULL)
    {
      ch_tell_error (GTK_WIDGET (self), _("Nothing was switched"), error);
      update (self);
    }
}

/* The switch moves when the person moves it, its state when the service has done it. */
static gboolean
switch_cb (ChPeerRow *self,
           gboolean   wanted)
{
  gboolean is_enabled = !g_str_equal (ch_item_get_text (self->item, "State"), "disabled");

  if (wanted == is_enabled)
    return FALSE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->enabled), FALSE);
  ch_service_act_async (self->service, ch_item_get_path (self->item), self->role->interface, "SetEnabled",
                        g_variant_new ("(b@a{sv})", wanted, ch_no_options ()), "()", NULL, switched_cb,
                        g_object_ref (self));
  return TRUE;
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChPeerRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    ch_tell_error (GTK_WIDGET (self), _(self->role->removed_not), error);
}

static void
remove_confirmed_cb (gpointer data)
{
  ChPeerRow *self = data;

  ch_service_act_async (self->service, ch_item_get_path (self->item), self->role->interface, "Remove",
                        g_variant_new ("(@a{sv})", ch_no_options ()), "()", NULL, removed_cb,
                        g_object_ref (self));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ChPeerRow *self = CH_PEER_ROW (widget);
  g_autofree char *question = g_strdup_printf (_(self->role->remove_question),
                                               ch_item_get_text (self->item, "Name"));

  ch_ask (widget, question, _(self->role->remove_text), _("_Remove"), remove_confirmed_cb, self);
}

static void
test_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ChPeerRow *self = CH_PEER_ROW (widget);

  if (self->role->test != NULL)
    self->role->test (widget, self->service, self->item);
}

static void
login_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ChPeerRow *self = CH_PEER_ROW (widget);

  self->role->login (widget, self->service, ch_item_get_path (self->item));
}

void
ch_peer_row_edit (ChPeerRow *self)
{
  ch_peer_dialog_show (GTK_WIDGET (self), self->role, self->service, self->item);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ch_peer_row_edit (CH_PEER_ROW (widget));
}

/* making */

static GtkWidget *
new_menu_button (ChPeerRow *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenuItem) login = g_menu_item_new (_("_Login Key…"), "peer.login");
  GtkWidget *button = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "view-more-symbolic", "valign",
                                    GTK_ALIGN_CENTER, NULL);

  g_menu_append (menu, _("_Edit…"), "peer.edit");
  if (self->role->test != NULL)
    g_menu_append (menu, _(self->role->test_label), "peer.test");
  g_menu_item_set_attribute (login, "hidden-when", "s", "action-disabled");
  g_menu_append_item (menu, login);
  g_menu_append (menu, _("_Remove…"), "peer.remove");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  self->menu = button;
  return button;
}

static GtkWidget *
new_switch (ChPeerRow *self)
{
  GtkWidget *widget = g_object_new (GTK_TYPE_SWITCH, "valign", GTK_ALIGN_CENTER, NULL);

  g_signal_connect_swapped (widget, "state-set", G_CALLBACK (switch_cb), self);
  self->enabled = GTK_SWITCH (widget);
  return widget;
}

ChPeerRow *
ch_peer_row_new (const ChPeerRole *role,
                 ChService        *service,
                 ChItem           *item)
{
  ChPeerRow *self = g_object_new (CH_TYPE_PEER_ROW, "use-markup", FALSE, "activatable", TRUE,
                                  "subtitle-lines", 3, NULL);

  self->role = role;
  self->service = g_object_ref (service);
  self->item = g_object_ref (item);
  self->icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-error-symbolic", "visible", FALSE,
                             "tooltip-text", C_("peer", "Failing"), NULL);
  gtk_widget_add_css_class (self->icon, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  C_("peer", "Failing"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->icon);
  if (role->has_state)
    adw_action_row_add_suffix (ADW_ACTION_ROW (self), new_switch (self));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), new_menu_button (self));

  g_signal_connect_object (item, "notify::row", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "kinds-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "activated", G_CALLBACK (ch_peer_row_edit), NULL);
  update (self);
  return self;
}

ChItem *
ch_peer_row_get_item (ChPeerRow *self)
{
  return self->item;
}

/* class */

static void
ch_peer_row_dispose (GObject *object)
{
  ChPeerRow *self = CH_PEER_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (ch_peer_row_parent_class)->dispose (object);
}

static void
ch_peer_row_class_init (ChPeerRowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_peer_row_dispose;
  gtk_widget_class_install_action (widget, "peer.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget, "peer.test", NULL, test_action);
  gtk_widget_class_install_action (widget, "peer.login", NULL, login_action);
  gtk_widget_class_install_action (widget, "peer.remove", NULL, remove_action);
}

static void
ch_peer_row_init (ChPeerRow *self)
{
}
