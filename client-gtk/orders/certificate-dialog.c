/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/certificate-dialog.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "orders/export-dialog.h"
#include "orders/group.h"
#include "shell/tell.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

#define CH_TYPE_CERTIFICATE_DIALOG (ch_certificate_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChCertificateDialog, ch_certificate_dialog, CH, CERTIFICATE_DIALOG, AdwWindow)

struct _ChCertificateDialog
{
  AdwWindow parent_instance;

  GtkListBox *facts;
  AdwPreferencesGroup *chain;
  GtkTextBuffer *pem;
  GtkLabel *problem;
  GtkWidget *groups;
  GtkWidget *export_button;

  ChService *service;         /* (owned) */
  GVariant *certificate;      /* (owned) (nullable): of Manager.GetCertificate() */
};

G_DEFINE_FINAL_TYPE (ChCertificateDialog, ch_certificate_dialog, ADW_TYPE_WINDOW)

static GtkWidget *
new_row (const char *title,
         const char *subtitle)
{
  return ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle, "title-lines", 0,
                          "subtitle-lines", 0, NULL);
}

static void
add_fact (ChCertificateDialog *self,
          const char          *title,
          const char          *value,
          const char          *copy)
{
  GtkWidget *row = new_row (title, value);

  if (copy != NULL)
    ch_group_add_copy (row, value, copy);
  gtk_list_box_append (self->facts, row);
}

static void
add_facts (ChCertificateDialog *self)
{
  GVariant *row = self->certificate;
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *all = g_strjoinv ("\n", names);
  g_autofree char *from = ch_time_full (ch_row_number (row, "NotBefore"));
  g_autofree char *until = ch_time_full (ch_row_number (row, "NotAfter"));

  add_fact (self, _("Subject"), ch_row_string (row, "Subject"), NULL);
  add_fact (self, _("Names"), all, NULL);
  add_fact (self, _("Issuer"), ch_row_string (row, "Issuer"), NULL);
  add_fact (self, _("Valid from"), from, NULL);
  add_fact (self, _("Valid until"), until, NULL);
  add_fact (self, _("Serial number"), ch_row_string (row, "Serial"), _("Copy the Serial Number"));
  add_fact (self, _("SHA-256 fingerprint"), ch_row_string (row, "Fingerprint"), _("Copy the Fingerprint"));
  add_fact (self, _("SHA-256 of the public key"), ch_row_string (row, "PublicKey"),
            _("Copy the Public Key’s Hash"));
  add_fact (self, _("Private key"),
            ch_row_flag (row, "HasKey") ? _("Kept by the service") : _("Kept elsewhere"), NULL);
}

static void
add_chain (ChCertificateDialog *self)
{
  g_autoptr(GVariant) path = ch_row_list (self->certificate, "Path", "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (path); i++)
    {
      g_autoptr(GVariant) link = g_variant_get_child_value (path, i);
      g_autofree char *until = ch_time_day (ch_row_number (link, "NotAfter"));
      g_autofree char *text = g_strdup_printf (_("%s, %s, until %s"), ch_row_string (link, "Key"),
                                               ch_row_string (link, "Signature"),
                                               until);

      adw_preferences_group_add (self->chain, new_row (ch_row_string (link, "Subject"), text));
    }
}

static void
got_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(ChCertificateDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autofree char *pem = NULL;

  if (self->service == NULL)
    return;
  if (reply == NULL)
    {
      gtk_label_set_label (self->problem, error->message);
      return;
    }

  self->certificate = g_variant_get_child_value (reply, 0);
  pem = g_strconcat (ch_row_string (self->certificate, "Pem"), ch_row_string (self->certificate, "Chain"),
                     NULL);
  gtk_text_buffer_set_text (self->pem, pem, -1);
  add_facts (self);
  add_chain (self);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_set_visible (self->groups, TRUE);
  gtk_widget_set_sensitive (self->export_button, TRUE);
}

static void
export_cb (ChCertificateDialog *self)
{
  ch_export_dialog_show (self->export_button, self->service, self->certificate);
}

void
ch_certificate_dialog_show (GtkWidget *where,
                            ChService *service,
                            guint64    id)
{
  ChCertificateDialog *self =
    g_object_new (CH_TYPE_CERTIFICATE_DIALOG, "transient-for", gtk_widget_get_root (where), NULL);

  self->service = g_object_ref (service);
  ch_service_act_async (service, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetCertificate",
                        g_variant_new ("(t@a{sv})", id, ch_no_options ()), "(a{sv})", NULL, got_cb,
                        g_object_ref (self));
  gtk_window_present (GTK_WINDOW (self));
}

static void
ch_certificate_dialog_dispose (GObject *object)
{
  ChCertificateDialog *self = CH_CERTIFICATE_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_pointer (&self->certificate, g_variant_unref);
  G_OBJECT_CLASS (ch_certificate_dialog_parent_class)->dispose (object);
}

static void
ch_certificate_dialog_class_init (ChCertificateDialogClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_certificate_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/certificate-dialog.ui");
  gtk_widget_class_bind_template_child (widget, ChCertificateDialog, facts);
  gtk_widget_class_bind_template_child (widget, ChCertificateDialog, chain);
  gtk_widget_class_bind_template_child (widget, ChCertificateDialog, pem);
  gtk_widget_class_bind_template_child (widget, ChCertificateDialog, problem);
  gtk_widget_class_bind_template_child (widget, ChCertificateDialog, groups);
  gtk_widget_class_bind_template_child (widget, ChCertificateDialog, export_button);
  gtk_widget_class_bind_template_callback (widget, export_cb);
}

static void
ch_certificate_dialog_init (ChCertificateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_closes_on_escape (GTK_WINDOW (self));
}
