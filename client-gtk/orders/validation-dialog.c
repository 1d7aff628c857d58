/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/validation-dialog.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "orders/format.h"
#include "shell/tell.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define CH_TYPE_VALIDATION_DIALOG (ch_validation_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChValidationDialog, ch_validation_dialog, CH, VALIDATION_DIALOG, AdwWindow)

struct _ChValidationDialog
{
  AdwWindow parent_instance;

  AdwComboRow *method;
  AdwComboRow *dns;
  AdwComboRow *approver;
  GtkWidget *anew;
  GtkLabel *problem;
  GtkWidget *change_button;

  ChService *service;         /* (owned) */
  char *path;                 /* (owned) */
  GVariant *facts;            /* (owned): of the order, as it was when this was opened */
  GPtrArray *methods;         /* (owned) (element-type utf8): as the combo row lists them */
  GPtrArray *accounts;        /* (owned) (element-type utf8): names; "" is by hand */
  GStrv approvers;            /* (owned) (nullable): until they were told */
};

G_DEFINE_FINAL_TYPE (ChValidationDialog, ch_validation_dialog, ADW_TYPE_WINDOW)

/* what can be chosen */

static const char *
chosen (AdwComboRow *row,
        GPtrArray   *words)
{
  guint i = adw_combo_row_get_selected (row);

  return i < words->len ? g_ptr_array_index (words, i) : "";
}

static const char *
chosen_method (ChValidationDialog *self)
{
  return chosen (self->method, self->methods);
}

static void
method_changed_cb (ChValidationDialog *self)
{
  const char *method = chosen_method (self);

  if (self->facts == NULL)
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->dns), g_str_equal (method, "dns"));
  gtk_widget_set_visible (GTK_WIDGET (self->approver), g_str_equal (method, "email"));
  gtk_widget_set_visible (self->anew, !g_str_equal (method, ch_row_string (self->facts, "Method")));
  gtk_widget_set_sensitive (self->change_button,
                            *method != '\0' && (self->approvers != NULL || !g_str_equal (method, "email")));
}

static void
tell_problem (ChValidationDialog *self,
              const char         *text)
{
  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
}

static void
take_methods (ChValidationDialog *self,
              GVariant           *rows)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);
  const char *now = ch_row_string (self->facts, "Method");
  guint selected = 0;

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
      const char *method = ch_row_string (row, "Method");

      if (!ch_row_flag (row, "Allowed"))
        continue;
      if (g_str_equal (method, now))
        selected = self->methods->len;
      g_ptr_array_add (self->methods, g_strdup (method));
      gtk_string_list_append (titles, ch_format_method (method));
    }
  adw_combo_row_set_model (self->method, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->method, selected);
  method_changed_cb (self);
}

static void
methods_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChValidationDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  if (self->service == NULL)
    return;
  if (rows == NULL)
    tell_problem (self, error->message);
  else
    take_methods (self, rows);
}

static void
approvers_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(ChValidationDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autoptr(GtkStringList) list = NULL;

  if (self->service == NULL)
    return;
  if (reply == NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->approver), error->message);
      return;
    }

  g_variant_get (reply, "(^as)", &self->approvers);
  list = gtk_string_list_new ((const char *const *) self->approvers);
  adw_combo_row_set_model (self->approver, G_LIST_MODEL (list));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->approver), "");
  for (guint i = 0; self->approvers[i] != NULL; i++)
    if (g_str_equal (self->approvers[i], ch_row_string (self->facts, "Approver")))
      adw_combo_row_set_selected (self->approver, i);
  method_changed_cb (self);
}

static void
list_accounts (ChValidationDialog *self)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);
  GListModel *accounts = G_LIST_MODEL (ch_service_get_list (self->service, CH_IFACE_DNS_ACCOUNT));
  const char *now = ch_row_string (self->facts, "DnsAccountName");

  g_ptr_array_add (self->accounts, g_strdup (""));
  gtk_string_list_append (titles, _("None: I make the record myself"));
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(ChItem) account = g_list_model_get_item (accounts, i);

      g_ptr_array_add (self->accounts, g_strdup (ch_item_get_text (account, "Name")));
      gtk_string_list_append (titles, ch_item_get_text (account, "Name"));
    }
  adw_combo_row_set_model (self->dns, G_LIST_MODEL (titles));
  for (guint i = 0; i < self->accounts->len; i++)
    if (g_str_equal (g_ptr_array_index (self->accounts, i), now))
      adw_combo_row_set_selected (self->dns, i);
}

static void
ask (ChValidationDialog *self)
{
  g_auto(GStrv) names = ch_row_strings (self->facts, "Names");

  ch_service_act_async (self->service, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListMethods",
                        g_variant_new ("(^ass)", names, ch_row_string (self->facts, "Product")), "(aa{sv})",
                        NULL,
                        methods_cb, g_object_ref (self));
  ch_service_act_async (self->service, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListApprovers",
                        g_variant_new ("(ss)", ch_row_string (self->facts, "AccountName"),
                                       names[0] != NULL ? names[0] : ""),
                        "(as)", NULL, approvers_cb, g_object_ref (self));
}

/* changing it */

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChValidationDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (self->service == NULL)
    return;

  gtk_widget_set_sensitive (self->change_button, TRUE);
  if (reply == NULL)
    tell_problem (self, error->message);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static GVariant *
collect (ChValidationDialog *self,
         const char         *approver)
{
  const char *method = chosen_method (self);
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  g_variant_dict_insert (&settings, "method", "s", method);
  if (g_str_equal (method, "dns"))
    g_variant_dict_insert (&settings, "dns-account", "s", chosen (self->dns, self->accounts));
  if (g_str_equal (method, "email"))
    g_variant_dict_insert (&settings, "approver", "s", approver);
  return g_variant_dict_end (&settings);
}

/* Another address for the mail needs no new order at the CA. */
static void
change_cb (ChValidationDialog *self)
{
  guint n = self->approvers != NULL ? g_strv_length (self->approvers) : 0;
  guint i = adw_combo_row_get_selected (self->approver);
  const char *approver = i < n ? self->approvers[i] : "";
  gboolean is_same = g_str_equal (chosen_method (self), "email")
                     && g_str_equal (ch_row_string (self->facts, "Method"), "email");
  GVariant *parameters = is_same ? g_variant_new ("(s@a{sv})", approver, ch_no_options ())
                                 : g_variant_new ("(@a{sv}@a{sv})", collect (self, approver),
                                                  ch_no_options ());

  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_set_sensitive (self->change_button, FALSE);
  ch_service_act_async (self->service, self->path, CH_IFACE_ORDER,
                        is_same ? "ChangeApprover" : "SetValidation", parameters,
                        "()", NULL, changed_cb, g_object_ref (self));
}

void
ch_validation_dialog_show (GtkWidget *where,
                           ChOrder   *order)
{
  ChValidationDialog *self =
    g_object_new (CH_TYPE_VALIDATION_DIALOG, "transient-for", gtk_widget_get_root (where), NULL);

  self->service = g_object_ref (ch_order_get_service (order));
  self->path = g_strdup (ch_order_get_path (order));
  self->facts = g_variant_ref (ch_order_get_part (order, CH_ORDER_FACTS));
  list_accounts (self);
  method_changed_cb (self);
  ask (self);
  gtk_window_present (GTK_WINDOW (self));
}

/* class */

static void
ch_validation_dialog_dispose (GObject *object)
{
  ChValidationDialog *self = CH_VALIDATION_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->facts, g_variant_unref);
  G_OBJECT_CLASS (ch_validation_dialog_parent_class)->dispose (object);
}

static void
ch_validation_dialog_finalize (GObject *object)
{
  ChValidationDialog *self = CH_VALIDATION_DIALOG (object);

  g_ptr_array_unref (self->methods);
  g_ptr_array_unref (self->accounts);
  g_strfreev (self->approvers);
  G_OBJECT_CLASS (ch_validation_dialog_parent_class)->finalize (object);
}

static void
ch_validation_dialog_class_init (ChValidationDialogClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_validation_dialog_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_validation_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/validation-dialog.ui");
  gtk_widget_class_bind_template_child (widget, ChValidationDialog, method);
  gtk_widget_class_bind_template_child (widget, ChValidationDialog, dns);
  gtk_widget_class_bind_template_child (widget, ChValidationDialog, approver);
  gtk_widget_class_bind_template_child (widget, ChValidationDialog, anew);
  gtk_widget_class_bind_template_child (widget, ChValidationDialog, problem);
  gtk_widget_class_bind_template_child (widget, ChValidationDialog, change_button);
  gtk_widget_class_bind_template_callback (widget, method_changed_cb);
  gtk_widget_class_bind_template_callback (widget, change_cb);
}

static void
ch_validation_dialog_init (ChValidationDialog *self)
{
  self->methods = g_ptr_array_new_with_free_func (g_free);
  self->accounts = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_closes_on_escape (GTK_WINDOW (self));
}
