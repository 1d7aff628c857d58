/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-dialog.h"

#include "lib/paths.h"
#include "servers/deployment-fields.h"
#include "servers/deployment-settings.h"

#include <glib/gi18n.h>

struct _ChDeploymentDialog
{
  ChFormDialog parent_instance;

  GVariant *templates;        /* (owned) (nullable): aa{sv}, as soon as the service has told of them */
  GHashTable *prefilled;      /* (owned) (element-type utf8 utf8): by field, what the template gave */
};

G_DEFINE_FINAL_TYPE (ChDeploymentDialog, ch_deployment_dialog, CH_TYPE_FORM_DIALOG)

static void
ch_deployment_dialog_save (ChFormDialog *dialog,
                           const char   *name)
{
  ChItem *item = ch_form_dialog_get_item (dialog);
  g_autoptr(GVariant) settings = ch_deployment_collect (ch_form_dialog_get_form (dialog),
                                                        item != NULL ? ch_item_get_row (item) : NULL,
                                                        CH_DEPLOYMENT_DIALOG (dialog)->prefilled);
  GVariantDict changes;

  if (item == NULL)
    {
      ch_form_dialog_act (dialog, CH_ROOT_PATH, CH_IFACE_MANAGER, "AddDeployment",
                          g_variant_new ("(s@a{sv}@a{sv})", name, settings, ch_no_options ()), "(o)");
      return;
    }

  g_variant_dict_init (&changes, settings);
  if (ch_form_dialog_is_renamed (dialog, name))
    g_variant_dict_insert (&changes, "name", "s", name);
  ch_form_dialog_act (dialog, ch_item_get_path (item), CH_IFACE_DEPLOYMENT, "Edit",
                      g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&changes), ch_no_options ()),
                      "()");
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

static void
changed_cb (ChDeploymentDialog *self)
{
  ChForm *form = ch_form_dialog_get_form (CH_FORM_DIALOG (self));

  ch_deployment_show_needed (form);
  ch_deployment_prefill (form, self->templates, self->prefilled);
}

static void
ask (ChDeploymentDialog *self)
{
  ChForm *form = ch_form_dialog_get_form (CH_FORM_DIALOG (self));
  ChItem *item = ch_form_dialog_get_item (CH_FORM_DIALOG (self));
  g_auto(GStrv) servers = list_servers (ch_form_dialog_get_service (CH_FORM_DIALOG (self)));
  g_autoptr(GVariant) fields =
    g_variant_ref_sink (ch_deployment_fields ((const char *const *) servers, self->templates));

  ch_form_set_fields (form, fields);
  if (item != NULL)
    ch_deployment_fill (form, ch_item_get_row (item));
  ch_deployment_show_needed (form);
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(ChDeploymentDialog) self = data;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);

  if (ch_form_dialog_get_service (CH_FORM_DIALOG (self)) == NULL)
    return;

  self->templates = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  ask (self);
  ch_form_dialog_present (CH_FORM_DIALOG (self));
}

void
ch_deployment_dialog_show (GtkWidget *where,
                           ChService *service,
                           ChItem    *item)
{
  ChFormDialog *self = g_object_new (CH_TYPE_DEPLOYMENT_DIALOG, NULL);
  ChClient *client = ch_service_get_client (service);
  g_autofree char *title = item != NULL ? g_strdup_printf (_("Deployment “%s”"),
                                                           ch_item_get_text (item, "Name"))
                                        : g_strdup (_("New Deployment"));

  ch_form_dialog_begin (self, where, service, item, title);
  g_signal_connect_object (ch_form_dialog_get_form (self), "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);

  /* Shown when it is complete, or at once where nobody would answer. */
  if (client != NULL)
    {
      ch_client_call_async (client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListTemplates", NULL, "(aa{sv})", NULL,
                            told_cb, g_object_ref (self));
      return;
    }
  ask (CH_DEPLOYMENT_DIALOG (self));
  ch_form_dialog_present (self);
}

/* class */

static void
ch_deployment_dialog_finalize (GObject *object)
{
  ChDeploymentDialog *self = CH_DEPLOYMENT_DIALOG (object);

  g_clear_pointer (&self->templates, g_variant_unref);
  g_hash_table_unref (self->prefilled);
  G_OBJECT_CLASS (ch_deployment_dialog_parent_class)->finalize (object);
}

static void
ch_deployment_dialog_class_init (ChDeploymentDialogClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_deployment_dialog_finalize;
  CH_FORM_DIALOG_CLASS (class)->save = ch_deployment_dialog_save;
}

static void
ch_deployment_dialog_init (ChDeploymentDialog *self)
{
  self->prefilled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}
