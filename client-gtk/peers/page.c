/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peers/page.h"

#include "peers/dialog.h"
#include "peers/row.h"
#include "shell/sidebar-button.h"
#include "stack.h"

#include <glib/gi18n.h>

typedef struct
{
  AdwWindowTitle *title;
  GtkButton *add;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkButton *also;
  AdwPreferencesPage *groups;
  AdwPreferencesGroup *group;
  GtkListBox *list;

  ChItemList *items;          /* (not owned) */
  ChItemList *more;           /* (not owned) (nullable): of a group that can do without these */
  char *wanted;               /* (owned) (nullable): path of what is to be opened once it is there */
} ChPeersPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChPeersPage, ch_peers_page, CH_TYPE_PAGE)

static const ChPeerRole *
get_role (ChPeersPage *self)
{
  return CH_PEERS_PAGE_GET_CLASS (self)->role;
}

/* the list */

static GtkWidget *
new_row (gpointer item,
         gpointer data)
{
  return GTK_WIDGET (ch_peer_row_new (get_role (data), ch_page_get_service (data), item));
}

static void
open_wanted (ChPeersPage *self)
{
  ChPeersPagePrivate *private = ch_peers_page_get_instance_private (self);
  GtkListBoxRow *row;

  for (int i = 0; private->wanted != NULL && (row = gtk_list_box_get_row_at_index (private->list, i)) != NULL;
       i++)
    if (g_str_equal (ch_item_get_path (ch_peer_row_get_item (CH_PEER_ROW (row))), private->wanted))
      {
        g_clear_pointer (&private->wanted, g_free);
        ch_peer_row_edit (CH_PEER_ROW (row));
      }
}

static void
items_changed_cb (ChPeersPage *self)
{
  ChPeersPagePrivate *private = ch_peers_page_get_instance_private (self);

  gboolean has_items = g_list_model_get_n_items (G_LIST_MODEL (private->items)) > 0;
  gboolean has_more = private->more != NULL && g_list_model_get_n_items (G_LIST_MODEL (private->more)) > 0;

  gtk_widget_set_visible (GTK_WIDGET (private->group), has_items);
  ch_stack_show (private->stack, has_items || has_more ? "list" : "empty");
  open_wanted (self);
}

void
ch_peers_page_add_group (ChPeersPage         *self,
                         AdwPreferencesGroup *group,
                         ChItemList          *items)
{
  ChPeersPagePrivate *private = ch_peers_page_get_instance_private (self);

  adw_preferences_page_add (private->groups, group);
  if (items == NULL)
    return;

  private->more = items;
  g_signal_connect_object (items, "changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  items_changed_cb (self);
}

static void
also_cb (ChPeersPage *self)
{
  get_role (self)->also (GTK_WIDGET (self), ch_page_get_service (CH_PAGE (self)));
}

/* as a page */

static void
ch_peers_page_add (ChPage *page)
{
  ch_peer_dialog_show (GTK_WIDGET (page), get_role (CH_PEERS_PAGE (page)), ch_page_get_service (page), NULL);
}

static void
ch_peers_page_open (ChPage     *page,
                    const char *path)
{
  ChPeersPagePrivate *private = ch_peers_page_get_instance_private (CH_PEERS_PAGE (page));

  g_free (private->wanted);
  private->wanted = g_strdup (path);
  open_wanted (CH_PEERS_PAGE (page));
}

/* class */

static void
ch_peers_page_constructed (GObject *object)
{
  ChPeersPage *self = CH_PEERS_PAGE (object);
  ChPeersPagePrivate *private = ch_peers_page_get_instance_private (self);
  const ChPeerRole *role = get_role (self);

  G_OBJECT_CLASS (ch_peers_page_parent_class)->constructed (object);
  adw_window_title_set_title (private->title, _(role->title));
  gtk_widget_set_tooltip_text (GTK_WIDGET (private->add), _(role->new_title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (private->add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(role->new_title), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (private->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(role->title), -1);
  adw_status_page_set_icon_name (private->empty, role->icon);
  adw_status_page_set_title (private->empty, _(role->empty_title));
  adw_status_page_set_description (private->empty, _(role->empty_text));
  if (role->also != NULL)
    gtk_button_set_label (private->also, _(role->also_label));
  gtk_widget_set_visible (GTK_WIDGET (private->also), role->also != NULL);

  private->items = ch_service_get_list (ch_page_get_service (CH_PAGE (self)), role->interface);
  gtk_list_box_bind_model (private->list, G_LIST_MODEL (private->items), new_row, self, NULL);
  g_signal_connect_object (private->items, "changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  items_changed_cb (self);
}

static void
ch_peers_page_finalize (GObject *object)
{
  ChPeersPagePrivate *private = ch_peers_page_get_instance_private (CH_PEERS_PAGE (object));

  g_free (private->wanted);
  G_OBJECT_CLASS (ch_peers_page_parent_class)->finalize (object);
}

static void
ch_peers_page_class_init (ChPeersPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_SIDEBAR_BUTTON);
  CH_PAGE_CLASS (class)->add = ch_peers_page_add;
  CH_PAGE_CLASS (class)->open = ch_peers_page_open;
  G_OBJECT_CLASS (class)->constructed = ch_peers_page_constructed;
  G_OBJECT_CLASS (class)->finalize = ch_peers_page_finalize;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/peers/page.ui");
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, title);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, add);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, stack);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, empty);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, also);
  gtk_widget_class_bind_template_callback (widget, also_cb);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, groups);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, group);
  gtk_widget_class_bind_template_child_private (widget, ChPeersPage, list);
}

static void
ch_peers_page_init (ChPeersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
