/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/preferences.h"

#include "shell/autostart.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

static GtkWidget *
add_switch (GtkWidget  *group,
            const char *title,
            const char *subtitle)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle, "title-lines", 0,
                                 "subtitle-lines", 0, NULL);
  GtkWidget *widget = g_object_new (GTK_TYPE_SWITCH, "valign", GTK_ALIGN_CENTER, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), widget);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return widget;
}

/* It is of use only while the app may run without a window. */
static void
autostart_cb (GtkSwitch *autostart)
{
  g_autoptr(GError) error = NULL;
  gboolean wanted = gtk_switch_get_active (autostart);

  if (wanted == ch_autostart_is_on () || ch_autostart_set (wanted, &error))
    return;

  g_autofree char *text = g_strdup_printf (_("The file that starts it could not be written: %s"),
                                           error->message);
  ch_tell (GTK_WIDGET (autostart), text);
  gtk_switch_set_active (autostart, !wanted);
}

static void
background_cb (GSettings  *settings,
               const char *key,
               GtkSwitch  *autostart)
{
  gboolean may_run = g_settings_get_boolean (settings, key);

  gtk_widget_set_sensitive (gtk_widget_get_ancestor (GTK_WIDGET (autostart), ADW_TYPE_ACTION_ROW), may_run);
  if (!may_run)
    gtk_switch_set_active (autostart, FALSE);
}

void
ch_preferences_show (GtkWindow *parent,
                     GSettings *settings)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG, "title",
                                    C_("window title", "Preferences"), "transient-for", parent, "modal",
                                    TRUE, "destroy-with-parent", TRUE, "default-width", 480,
                                    "default-height", 380, "width-request", 320, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *overlay = g_object_new (ADW_TYPE_TOAST_OVERLAY, "child", box, NULL);
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "sensitive", settings != NULL, NULL);
  GtkWidget *notify = add_switch (group, _("Notifications"),
                                  _("Tell what ends, failed, was issued or needs you while you look at "
                                    "something else"));
  GtkWidget *background = add_switch (group, _("Run in the Background"),
                                      _("Closing the window hides it; quitting ends the app"));
  GtkWidget *autostart = add_switch (group, _("Start When You Log In"), _("Without a window"));

  gtk_switch_set_active (GTK_SWITCH (autostart), ch_autostart_is_on ());
  g_signal_connect (autostart, "notify::active", G_CALLBACK (autostart_cb), NULL);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (window), overlay);
  ch_closes_on_escape (GTK_WINDOW (window));
  if (settings != NULL)
    {
      g_settings_bind (settings, "notifications", notify, "active", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "run-in-background", background, "active", G_SETTINGS_BIND_DEFAULT);
      g_signal_connect_object (settings, "changed::run-in-background", G_CALLBACK (background_cb), autostart,
                               G_CONNECT_DEFAULT);
      background_cb (settings, "run-in-background", GTK_SWITCH (autostart));
    }
  gtk_window_present (GTK_WINDOW (window));
}
