/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/sidebar.h"

#include "lib/paths.h"
#include "shell/pages.h"

#include <glib/gi18n.h>

struct _ChSidebar
{
  AdwBin parent_instance;

  GtkListBox *list;

  ChService *service;         /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ChSidebar, ch_sidebar, ADW_TYPE_BIN)

/* counting */

static guint
count_running (ChService *service)
{
  GListModel *jobs = G_LIST_MODEL (ch_service_get_list (service, CH_IFACE_JOB));
  guint n_items = g_list_model_get_n_items (jobs);
  guint n = 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(ChItem) job = g_list_model_get_item (jobs, i);

      if (g_str_equal (ch_item_get_text (job, "State"), "running"))
        n++;
    }
  return n;
}

static guint
count (ChService       *service,
       const ChPageRow *page)
{
  guint n = 0;

  if (page->folders[0] == NULL)
    return 0;
  if (g_str_equal (page->folders[0], CH_FOLDER_JOBS))
    return count_running (service);

  for (const char *const *folder = page->folders; *folder != NULL; folder++)
    n += ch_service_count_attention (service, *folder);
  return n;
}

static char *
describe (const ChPageRow *page,
          guint            n)
{
  if (n == 0)
    return g_strdup (_(page->title));
  if (g_strcmp0 (page->folders[0], CH_FOLDER_JOBS) == 0)
    return g_strdup_printf (ngettext ("%s, %u is running", "%s, %u are running", n), _(page->title), n);
  return g_strdup_printf (ngettext ("%s, %u needs you", "%s, %u need you", n), _(page->title), n);
}

static void
update (ChSidebar *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      guint n = count (self->service, &ch_pages[i]);
      GtkWidget *badge = g_object_get_data (G_OBJECT (row), "badge");
      g_autofree char *number = g_strdup_printf ("%u", n);
      g_autofree char *text = describe (&ch_pages[i], n);

      gtk_label_set_label (GTK_LABEL (badge), number);
      gtk_widget_set_visible (badge, n > 0);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    }
}

/* rows */

static GtkWidget *
new_row (const ChPageRow *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", page->icon, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *title = g_object_new (GTK_TYPE_LABEL, "label", _(page->title), "xalign", 0.0, "hexpand", TRUE,
                                   "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  GtkWidget *badge = g_object_new (GTK_TYPE_LABEL, "visible", FALSE, "valign", GTK_ALIGN_CENTER, NULL);
  GtkWidget *row = g_object_new (GTK_TYPE_LIST_BOX_ROW, "child", box, NULL);

  gtk_widget_add_css_class (badge, "badge");
  if (g_strcmp0 (page->folders[0], CH_FOLDER_JOBS) == 0)
    gtk_widget_add_css_class (badge, "quiet");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), badge);
  g_object_set_data (G_OBJECT (row), "badge", badge);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, _(page->title), -1);
  return row;
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       data)
{
  if (ch_pages[gtk_list_box_row_get_index (row)].begins_group)
    gtk_list_box_row_set_header (row, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
}

static void
activated_cb (GtkListBox    *list,
              GtkListBoxRow *row,
              ChSidebar     *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s",
                              ch_pages[gtk_list_box_row_get_index (row)].id);
}

/* public */

void
ch_sidebar_set_service (ChSidebar *self,
                        ChService *service)
{
  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::status", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ch_service_get_list (service, CH_IFACE_JOB), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
}

void
ch_sidebar_show (ChSidebar  *self,
                 const char *id)
{
  for (int i = 0; ch_pages[i].id != NULL; i++)
    if (g_str_equal (ch_pages[i].id, id))
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, i));
}

/* class */

static void
ch_sidebar_dispose (GObject *object)
{
  g_clear_object (&CH_SIDEBAR (object)->service);
  G_OBJECT_CLASS (ch_sidebar_parent_class)->dispose (object);
}

static void
ch_sidebar_class_init (ChSidebarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_sidebar_dispose;
}

static void
ch_sidebar_init (ChSidebar *self)
{
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_BROWSE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pages"), -1);
  for (const ChPageRow *page = ch_pages; page->id != NULL; page++)
    gtk_list_box_append (self->list, new_row (page));
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}
