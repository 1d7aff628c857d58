/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-row.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "model/words.h"
#include "servers/deployment-acts.h"
#include "servers/deployment-dialog.h"
#include "servers/pause-dialog.h"
#include "servers/runs-dialog.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

struct _ChDeploymentRow
{
  AdwActionRow parent_instance;

  GtkImage *icon;
  GtkSwitch *enabled;
  GtkWidget *menu;

  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChDeploymentRow, ch_deployment_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *state;
  const char *icon;
  const char *class;
  const char *text;
} states[] = {
  { "idle", "content-loading-symbolic", "dim-label", NC_("deployment", "waits for a certificate") },
  { "pending", "content-loading-symbolic", "accent", NC_("deployment", "is about to run") },
  { "running", "content-loading-symbolic", "accent", NC_("deployment", "runs") },
  { "deployed", "object-select-symbolic", "success", NC_("deployment", "the new certificate was seen") },
  { "failed", "dialog-error-symbolic", "error", NC_("deployment", "failed; the old files are back") },
  { "stopped", "process-stop-symbolic", "dim-label", NC_("deployment", "stopped") },
};

/* what is shown */

static void
name_widget (GtkWidget  *widget,
             const char *format,
             const char *name)
{
  g_autofree char *text = g_strdup_printf (format, name);

  gtk_widget_set_tooltip_text (widget, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* A state that a newer service has is shown as it is called there. */
static const char *
show_state (ChDeploymentRow *self)
{
  const char *state = ch_item_get_text (self->item, "State");

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      {
        gtk_image_set_from_icon_name (self->icon, states[i].icon);
        gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]) { states[i].class, NULL });
        return g_dpgettext2 (NULL, "deployment", states[i].text);
      }

  return state;
}

static void
update (ChDeploymentRow *self)
{
  GVariant *row = ch_item_get_row (self->item);
  const char *name = ch_item_get_text (self->item, "Name");
  g_autofree char *reason = ch_words_without_commands (ch_item_get_text (self->item, "Reason"));
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *all = g_strjoinv (", ", names);
  const char *state = show_state (self);
  gboolean is_paused = ch_deployment_is_paused (self->item);
  g_autofree char *pause = is_paused ? ch_deployment_describe_pause (self->item) : NULL;
  g_autofree char *text = g_strdup_printf ("%s · %s · %s", ch_item_get_text (self->item, "ServerName"), all,
                                           is_paused ? pause : *reason != '\0' ? reason : state);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_switch_set_state (self->enabled, ch_row_flag (row, "Enabled"));
  gtk_switch_set_active (self->enabled, ch_row_flag (row, "Enabled"));
  if (is_paused)
    gtk_image_set_from_icon_name (self->icon, "media-playback-pause-symbolic");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.pause", !is_paused);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.resume", is_paused);
  name_widget (self->menu, _("What to do with “%s”"), name);
  name_widget (GTK_WIDGET (self->enabled), _("Run “%s” by itself"), name);
}

/* doing */

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(ChDeploymentRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  gtk_widget_set_sensitive (GTK_WIDGET (self->enabled), TRUE);
  if (reply == NULL && self->item != NULL)
    {
      ch_tell_error (GTK_WIDGET (self), _("Nothing was switched"), error);
      update (self);
    }
}

static gboolean
switch_cb (ChDeploymentRow *self,
           gboolean         wanted)
{
  if (wanted == ch_row_flag (ch_item_get_row (self->item), "Enabled"))
    return FALSE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->enabled), FALSE);
  ch_service_act_async (self->service, ch_item_get_path (self->item), CH_IFACE_DEPLOYMENT, "SetEnabled",
                        g_variant_new ("(b@a{sv})", wanted, ch_no_options ()), "()", NULL, switched_cb,
                        g_object_ref (self));
  return TRUE;
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChDeploymentRow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    ch_tell_error (GTK_WIDGET (self), _("The deployment was not removed"), error);
}

static void
remove_confirmed_cb (gpointer data)
{
  ChDeploymentRow *self = data;

  if (self->item != NULL)
    ch_service_act_async (self->service, ch_item_get_path (self->item), CH_IFACE_DEPLOYMENT, "Remove",
                          g_variant_new ("(@a{sv})", ch_no_options ()), "()", NULL, removed_cb,
                          g_object_ref (self));
}

static void
remove_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);
  g_autofree char *question = g_strdup_printf (_("Remove the Deployment “%s”?"),
                                               ch_item_get_text (self->item, "Name"));

  ch_ask (widget, question, _("What it installed stays on the server, and is not renewed there any more."),
          _("_Remove"), remove_confirmed_cb, self);
}

static void
run_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);

  ch_deployment_run (widget, self->service, self->item);
}

static void
roll_back_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);

  ch_deployment_roll_back (widget, self->service, self->item);
}

static void
pause_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);

  ch_pause_dialog_show (widget, self->service, self->item);
}

static void
resume_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);

  ch_deployment_resume (widget, self->service, self->item);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);

  ch_deployment_dialog_show (widget, self->service, self->item);
}

static void
history_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (widget);

  ch_runs_dialog_show (widget, self->service, self->item);
}

/* making */

/* What cannot be done just now is not offered. */
static void
append (GMenu      *menu,
        const char *label,
        const char *action)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "hidden-when", "s", "action-disabled");
  g_menu_append_item (menu, item);
}

static void
add_menu (ChDeploymentRow *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();

  g_menu_append (menu, _("_Run Now"), "deployment.run");
  append (menu, _("_Pause…"), "deployment.pause");
  append (menu, _("R_esume"), "deployment.resume");
  g_menu_append (menu, _("Roll _Back…"), "deployment.roll-back");
  g_menu_append (menu, _("_History"), "deployment.history");
  g_menu_append (menu, _("_Edit…"), "deployment.edit");
  g_menu_append (menu, _("_Remove…"), "deployment.remove");
  self->menu = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "view-more-symbolic", "valign",
                             GTK_ALIGN_CENTER, "menu-model", menu, NULL);
  gtk_widget_add_css_class (self->menu, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->menu);
}

ChDeploymentRow *
ch_deployment_row_new (ChService *service,
                       ChItem    *item)
{
  ChDeploymentRow *self = g_object_new (CH_TYPE_DEPLOYMENT_ROW, "use-markup", FALSE, "activatable", TRUE,
                                        "subtitle-lines", 4, NULL);

  self->service = g_object_ref (service);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify::row", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

/* class */

static void
ch_deployment_row_dispose (GObject *object)
{
  ChDeploymentRow *self = CH_DEPLOYMENT_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->service);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (ch_deployment_row_parent_class)->dispose (object);
}

static void
ch_deployment_row_activate (AdwActionRow *row)
{
  history_action (GTK_WIDGET (row), NULL, NULL);
}

static void
ch_deployment_row_class_init (ChDeploymentRowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_deployment_row_dispose;
  ADW_ACTION_ROW_CLASS (class)->activate = ch_deployment_row_activate;
  gtk_widget_class_install_action (widget, "deployment.run", NULL, run_action);
  gtk_widget_class_install_action (widget, "deployment.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget, "deployment.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget, "deployment.roll-back", NULL, roll_back_action);
  gtk_widget_class_install_action (widget, "deployment.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget, "deployment.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget, "deployment.history", NULL, history_action);
}

static void
ch_deployment_row_init (ChDeploymentRow *self)
{
  self->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->enabled = g_object_new (GTK_TYPE_SWITCH, "valign", GTK_ALIGN_CENTER, NULL);
  g_signal_connect_swapped (self->enabled, "state-set", G_CALLBACK (switch_cb), self);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->enabled));
  add_menu (self);
}
