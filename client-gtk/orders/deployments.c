/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/cover.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "orders/boxes.h"
#include "servers/deployment-row.h"

#include <glib/gi18n.h>

typedef struct
{
  ChOrder *order;             /* (owned) */
  GtkWidget *group;
  GtkFilterListModel *shown;
  GStrv names;                /* (owned) (nullable): of the order, as the filter saw them */
} Deployments;

static void
deployments_free (gpointer data)
{
  Deployments *self = data;

  g_object_unref (self->order);
  g_strfreev (self->names);
  g_free (self);
}

static gboolean
is_for_order (gpointer item,
              gpointer data)
{
  Deployments *self = data;
  g_auto(GStrv) want = ch_row_strings (ch_item_get_row (item), "Names");

  return self->names != NULL && ch_names_cover (self->names, want);
}

static void
refilter (GtkWidget *list)
{
  Deployments *self = g_object_get_data (G_OBJECT (list), "deployments");
  GtkFilter *filter = gtk_filter_list_model_get_filter (self->shown);

  gtk_filter_changed (filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_widget_set_visible (self->group, g_list_model_get_n_items (G_LIST_MODEL (self->shown)) > 0);
}

static void
order_changed_cb (GtkWidget *list,
                  int        part)
{
  Deployments *self = g_object_get_data (G_OBJECT (list), "deployments");
  g_auto(GStrv) names = ch_row_strings (ch_order_get_part (self->order, CH_ORDER_FACTS), "Names");

  if (part != CH_ORDER_FACTS
      || (self->names != NULL
          && g_strv_equal ((const char *const *) names, (const char *const *) self->names)))
    return;

  g_strfreev (self->names);
  self->names = g_steal_pointer (&names);
  refilter (list);
}

static GtkWidget *
new_row (gpointer item,
         gpointer service)
{
  return GTK_WIDGET (ch_deployment_row_new (service, item));
}

GtkWidget *
ch_order_deployments_new (ChOrder *order)
{
  ChService *service = ch_order_get_service (order);
  ChItemList *all = ch_service_get_list (service, CH_IFACE_DEPLOYMENT);
  GtkWidget *group =
    g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _("Deployments"), "visible", FALSE, NULL);
  GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  Deployments *self = g_new0 (Deployments, 1);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_for_order, self, NULL));

  self->order = g_object_ref (order);
  self->group = group;
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (all)), filter);
  g_object_set_data_full (G_OBJECT (list), "deployments", self, deployments_free);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Deployments of the order"), -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), G_LIST_MODEL (self->shown), new_row, g_object_ref (service),
                           g_object_unref);
  g_object_unref (self->shown);
  g_signal_connect_object (all, "changed", G_CALLBACK (refilter), list, G_CONNECT_SWAPPED);
  g_signal_connect_object (order, "changed", G_CALLBACK (order_changed_cb), list, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  return group;
}
