/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-dialog.h"

#include "lib/error.h"
#include "lib/paths.h"
#include "servers/deployment-settings.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

struct _ChDeploymentDialog
{
  AdwWindow parent_instance;

  GtkButton *save;
  GtkWidget *spinner;
  AdwBin *name_bin;
  AdwBin *form_bin;
  GtkWidget *error_box;
  GtkLabel *error;

  ChFormField *name;          /* in @name_bin */
  ChForm *form;               /* in @form_bin */
  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) (nullable): what is changed */
};

G_DEFINE_FINAL_TYPE (ChDeploymentDialog, ch_deployment_dialog, ADW_TYPE_WINDOW)

static void
show_error (ChDeploymentDialog *self,
            const char         *text)
{
  gtk_label_set_label (self->error, text != NULL ? text : "");
  gtk_widget_set_visible (self->error_box, text != NULL);
}

static void
set_busy (ChDeploymentDialog *self,
          gboolean            busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), !busy);
  gtk_widget_set_visible (self->spinner, busy);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChDeploymentDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  /* Closed meanwhile. */
  if (self->service == NULL)
    return;

  set_busy (self, FALSE);
  if (reply != NULL)
    gtk_window_destroy (GTK_WINDOW (self));
  else if (!ch_form_show_error (self->form, error))
    show_error (self, error->message);
}

static void
save (ChDeploymentDialog *self,
      const char         *name)
{
  g_autoptr(GVariant) settings = ch_deployment_collect (self->form, self->item != NULL
                                                                         ? ch_item_get_row (self->item)
                                                                         : NULL);
  GVariantDict changes;

  set_busy (self, TRUE);
  if (self->item == NULL)
    {
      ch_service_act_async (self->service, CH_ROOT_PATH, CH_IFACE_MANAGER, "AddDeployment",
                            g_variant_new ("(s@a{sv}@a{sv})", name, settings, ch_no_options ()), "(o)", NULL,
                            saved_cb, g_object_ref (self));
      return;
    }

  g_variant_dict_init (&changes, settings);
  if (!g_str_equal (name, ch_item_get_text (self->item, "Name")))
    g_variant_dict_insert (&changes, "name", "s", name);
  ch_service_act_async (self->service, ch_item_get_path (self->item), CH_IFACE_DEPLOYMENT, "Edit",
                        g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&changes), ch_no_options ()),
                        "()", NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (ChDeploymentDialog *self)
{
  g_autofree char *name = ch_form_field_get_value (self->name);
  gboolean complete = ch_form_check (self->form);

  show_error (self, NULL);
  if (*g_strstrip (name) == '\0')
    {
      ch_form_field_set_error (self->name, _("This is needed"));
      ch_form_field_focus (self->name);
    }
  else if (complete)
    save (self, name);
}

/* making */

static GStrv
list_servers (ChService *service)
{
  GListModel *servers = G_LIST_MODEL (ch_service_get_list (service, CH_IFACE_SERVER));
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr(ChItem) server = g_list_model_get_item (servers, i);

      g_strv_builder_add (names, ch_item_get_text (server, "Name"));
    }
  return g_strv_builder_end (names);
}

void
ch_deployment_dialog_show (GtkWidget *where,
                           ChService *service,
                           ChItem    *item)
{
  ChDeploymentDialog *self = g_object_new (CH_TYPE_DEPLOYMENT_DIALOG, "transient-for",
                                           gtk_widget_get_root (where), "title", _("New Deployment"), NULL);
  g_auto(GStrv) servers = list_servers (service);
  g_autoptr(GVariant) fields = g_variant_ref_sink (ch_deployment_fields ((const char *const *) servers));

  self->service = g_object_ref (service);
  self->item = item != NULL ? g_object_ref (item) : NULL;
  ch_form_set_fields (self->form, fields);
  if (item != NULL)
    {
      g_autofree char *title = g_strdup_printf (_("Deployment “%s”"), ch_item_get_text (item, "Name"));

      gtk_window_set_title (GTK_WINDOW (self), title);
      gtk_button_set_label (self->save, C_("button", "_Save"));
      ch_form_field_set_value (self->name, ch_item_get_text (item, "Name"));
      ch_deployment_fill (self->form, ch_item_get_row (item));
    }
  ch_deployment_show_needed (self->form);
  ch_form_field_focus (self->name);
  gtk_window_present (GTK_WINDOW (self));
}

/* class */

static void
ch_deployment_dialog_dispose (GObject *object)
{
  ChDeploymentDialog *self = CH_DEPLOYMENT_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (ch_deployment_dialog_parent_class)->dispose (object);
}

static void
ch_deployment_dialog_class_init (ChDeploymentDialogClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_deployment_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/servers/deployment-dialog.ui");
  gtk_widget_class_bind_template_child (widget, ChDeploymentDialog, save);
  gtk_widget_class_bind_template_child (widget, ChDeploymentDialog, spinner);
  gtk_widget_class_bind_template_child (widget, ChDeploymentDialog, name_bin);
  gtk_widget_class_bind_template_child (widget, ChDeploymentDialog, form_bin);
  gtk_widget_class_bind_template_child (widget, ChDeploymentDialog, error_box);
  gtk_widget_class_bind_template_child (widget, ChDeploymentDialog, error);
  gtk_widget_class_bind_template_callback (widget, save_cb);
}

static void
ch_deployment_dialog_init (ChDeploymentDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->name = ch_form_field_new_line ("", C_("form", "Name"),
                                       _("How it is called here: letters, digits, “.”, “_” and “-”"));
  self->form = ch_form_new ();
  adw_bin_set_child (self->name_bin, GTK_WIDGET (self->name));
  adw_bin_set_child (self->form_bin, GTK_WIDGET (self->form));
  g_signal_connect (self->form, "changed", G_CALLBACK (ch_deployment_show_needed), NULL);
  ch_closes_on_escape (GTK_WINDOW (self));
}
