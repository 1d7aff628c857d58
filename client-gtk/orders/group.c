/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/group.h"

#include "shell/tell.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *group;           /* (not owned): around the list */
  ChOrder *order;             /* (owned) */
  ChOrderPart part;
  ChGroupFill fill;
  int next;                   /* where the next row stands */
} Filling;

static void
filling_free (gpointer data)
{
  Filling *filling = data;

  g_object_unref (filling->order);
  g_free (filling);
}

static Filling *
get_filling (GtkListBox *list)
{
  return g_object_get_data (G_OBJECT (list), "filling");
}

static void
changed_cb (GtkListBox *list,
            int         part)
{
  Filling *filling = get_filling (list);
  GtkListBoxRow *rest;

  if (part != (int) filling->part)
    return;

  filling->next = 0;
  filling->fill (list, filling->order);
  while ((rest = gtk_list_box_get_row_at_index (list, filling->next)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (rest));
  gtk_widget_set_visible (filling->group, filling->next > 0);
}

GtkWidget *
ch_group_new (const char *title,
              ChOrder    *order,
              ChOrderPart part,
              ChGroupFill fill)
{
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", title, NULL);
  GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  Filling *filling = g_new0 (Filling, 1);

  filling->group = group;
  filling->order = g_object_ref (order);
  filling->part = part;
  filling->fill = fill;
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (list), "filling", filling, filling_free);
  g_signal_connect_object (order, "changed", G_CALLBACK (changed_cb), list, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  changed_cb (GTK_LIST_BOX (list), (int) part);
  return group;
}

static gboolean
is_same (GtkListBoxRow *row,
         const char    *kind,
         const char    *title,
         const char    *subtitle)
{
  return row != NULL && g_strcmp0 (g_object_get_data (G_OBJECT (row), "kind"), kind) == 0
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title) == 0
         && g_strcmp0 (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), subtitle) == 0;
}

GtkWidget *
ch_group_add (GtkListBox *list,
              const char *kind,
              const char *title,
              const char *subtitle)
{
  Filling *filling = get_filling (list);
  GtkListBoxRow *old = gtk_list_box_get_row_at_index (list, filling->next);
  GtkWidget *row;

  filling->next++;
  if (is_same (old, kind, title, subtitle))
    return NULL;

  row = ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle, "title-lines", 0,
                         "subtitle-lines", 0, NULL);
  g_object_set_data_full (G_OBJECT (row), "kind", g_strdup (kind), g_free);
  if (old != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (old));
  gtk_list_box_insert (list, row, filling->next - 1);
  return row;
}

GtkWidget *
ch_group_add_fact (GtkListBox *list,
                   const char *title,
                   const char *value)
{
  return *value != '\0' ? ch_group_add (list, NULL, title, value) : NULL;
}

void
ch_group_add_icon (GtkWidget  *row,
                   const char *icon,
                   const char *label,
                   const char *class)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (image, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (class != NULL)
    gtk_widget_add_css_class (image, class);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
}

static void
copy_cb (GtkWidget  *button,
         const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
  ch_tell (button, _("Copied"));
}

static void
free_text (gpointer  text,
           GClosure *closure)
{
  g_free (text);
}

void
ch_group_add_copy (GtkWidget  *row,
                   const char *text,
                   const char *label)
{
  GtkWidget *button =
    g_object_new (GTK_TYPE_BUTTON, "icon-name", "edit-copy-symbolic", "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", label, NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_cb), g_strdup (text), free_text,
                         G_CONNECT_DEFAULT);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

void
ch_group_add_link (GtkWidget  *row,
                   const char *path)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", path);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
}

void
ch_group_add_button (GtkWidget  *row,
                     const char *label,
                     const char *action)
{
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             g_object_new (GTK_TYPE_BUTTON, "label", label, "use-underline", TRUE, "valign",
                                           GTK_ALIGN_CENTER, "action-name", action, NULL));
}
