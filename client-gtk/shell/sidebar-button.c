/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/sidebar-button.h"

#include <glib/gi18n.h>

struct _ChSidebarButton
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (ChSidebarButton, ch_sidebar_button, ADW_TYPE_BIN)

static void
ch_sidebar_button_root (GtkWidget *widget)
{
  GtkWidget *flap = gtk_widget_get_ancestor (widget, ADW_TYPE_FLAP);

  GTK_WIDGET_CLASS (ch_sidebar_button_parent_class)->root (widget);
  if (flap != NULL)
    g_object_bind_property (flap, "folded", widget, "visible", G_BINDING_SYNC_CREATE);
}

static void
ch_sidebar_button_class_init (ChSidebarButtonClass *class)
{
  GTK_WIDGET_CLASS (class)->root = ch_sidebar_button_root;
}

static void
ch_sidebar_button_init (ChSidebarButton *self)
{
  GtkWidget *button = g_object_new (GTK_TYPE_TOGGLE_BUTTON, "icon-name", "sidebar-show-symbolic",
                                    "action-name", "win.sidebar", "tooltip-text", _("List of Pages"), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("List of Pages"),
                                  -1);
  adw_bin_set_child (ADW_BIN (self), button);
}
