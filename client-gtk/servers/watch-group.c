/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/watch-group.h"

#include "lib/paths.h"
#include "servers/watch-dialog.h"
#include "servers/watch-row.h"

#include <glib/gi18n.h>

static GtkWidget *
new_row (gpointer item,
         gpointer service)
{
  return GTK_WIDGET (ch_watch_row_new (service, item));
}

static void
add_cb (GtkWidget *button,
        ChService *service)
{
  ch_watch_dialog_show (button, service, NULL);
}

static void
changed_cb (ChItemList *watches,
            GtkWidget  *list)
{
  gtk_widget_set_visible (list, g_list_model_get_n_items (G_LIST_MODEL (watches)) > 0);
}

GtkWidget *
ch_watch_group_new (ChService *service)
{
  ChItemList *watches = ch_service_get_list (service, CH_IFACE_WATCH);
  GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "icon-name", "list-add-symbolic", "valign",
                                    GTK_ALIGN_CENTER, "tooltip-text", _("Watch an Endpoint"), NULL);
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _("Watched Endpoints"), "description",
                                   _("Whoever their certificates are from: they are only "
                                     "looked at, and you are told what you should know."),
                                   "header-suffix", button, NULL);

  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Watched Endpoints"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Watch an Endpoint"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (add_cb), service, G_CONNECT_DEFAULT);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), G_LIST_MODEL (watches), new_row, g_object_ref (service),
                           g_object_unref);
  g_signal_connect_object (watches, "changed", G_CALLBACK (changed_cb), list, G_CONNECT_DEFAULT);
  changed_cb (watches, list);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  return group;
}
