/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/export-dialog.h"

#include "form/file.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "shell/tell.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define CH_TYPE_EXPORT_DIALOG (ch_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChExportDialog, ch_export_dialog, CH, EXPORT_DIALOG, AdwWindow)

struct _ChExportDialog
{
  AdwWindow parent_instance;

  AdwComboRow *format;
  GtkWidget *key_row;
  GtkSwitch *with_key;
  GtkEditable *password;
  GtkWidget *legacy_row;
  GtkSwitch *legacy;
  GtkLabel *problem;
  GtkWidget *export_button;

  GtkWidget *where;           /* (owned) */
  ChService *service;         /* (owned) */
  GVariant *certificate;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChExportDialog, ch_export_dialog, ADW_TYPE_WINDOW)

/* As the combo row of the template lists them. */
static const struct
{
  const char *format;
  const char *suffix;
  gboolean may_have_key;
} formats[] = {
  { "fullchain", "pem", TRUE },
  { "pem", "crt", TRUE },
  { "chain", "chain.pem", FALSE },
  { "der", "cer", FALSE },
  { "pkcs7", "p7b", FALSE },
  { "pkcs12", "p12", TRUE },
};

/* what is asked for */

static gsize
get_format (ChExportDialog *self)
{
  return MIN (adw_combo_row_get_selected (self->format), G_N_ELEMENTS (formats) - 1);
}

static gboolean
wants_key (ChExportDialog *self)
{
  return gtk_widget_get_visible (self->key_row) && gtk_switch_get_active (self->with_key);
}

static void
changed_cb (ChExportDialog *self)
{
  gsize format = get_format (self);

  if (self->certificate == NULL)
    return;

  gtk_widget_set_visible (self->key_row,
                          formats[format].may_have_key && ch_row_flag (self->certificate, "HasKey"));
  gtk_widget_set_visible (GTK_WIDGET (self->password), wants_key (self));
  gtk_widget_set_visible (self->legacy_row, g_str_equal (formats[format].format, "pkcs12"));
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
}

static void
tell_problem (ChExportDialog *self,
              const char     *text)
{
  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
  gtk_widget_set_sensitive (self->export_button, TRUE);
}

/* the file */

static void
written_cb (const char *path,
            gpointer    data)
{
  ChExportDialog *self = data;
  g_autofree char *text = g_strdup_printf (_("Written to %s"), path);

  ch_tell (self->where, text);
  gtk_window_close (GTK_WINDOW (self));
}

static void
not_written_cb (const GError *error,
                gpointer      data)
{
  tell_problem (data, error->message);
}

static char *
propose_name (ChExportDialog *self)
{
  g_auto(GStrv) names = ch_row_strings (self->certificate, "Names");
  const char *name = names[0] != NULL ? names[0] : "certificate";

  /* No star in the names of files. */
  return g_strdup_printf ("%s.%s", g_str_has_prefix (name, "*.") ? name + 2 : name,
                          formats[get_format (self)].suffix);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(ChExportDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (self->service == NULL)
    return;
  if (reply == NULL)
    {
      tell_problem (self, error->message);
      return;
    }

  g_autoptr(GVariant) file = g_variant_get_child_value (reply, 0);
  g_autoptr(GBytes) content = g_variant_get_data_as_bytes (file);
  g_autofree char *name = propose_name (self);
  gtk_widget_set_sensitive (self->export_button, TRUE);
  ch_file_write (GTK_WIDGET (self), _("Export the Certificate"), name, content, written_cb, not_written_cb,
                 self);
}

static void
export_cb (ChExportDialog *self)
{
  const char *password = gtk_editable_get_text (self->password);
  GVariantDict options;

  if (wants_key (self) && *password == '\0')
    {
      tell_problem (self, _("Choose a password; the file holds the private key."));
      gtk_widget_grab_focus (GTK_WIDGET (self->password));
      return;
    }

  g_variant_dict_init (&options, NULL);
  if (wants_key (self))
    {
      g_variant_dict_insert (&options, "key", "b", TRUE);
      g_variant_dict_insert (&options, "password", "s", password);
    }
  if (gtk_widget_get_visible (self->legacy_row) && gtk_switch_get_active (self->legacy))
    g_variant_dict_insert (&options, "legacy", "b", TRUE);

  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_set_sensitive (self->export_button, FALSE);
  ch_service_act_async (self->service, CH_ROOT_PATH, CH_IFACE_MANAGER, "ExportCertificate",
                        g_variant_new ("(ts@a{sv})", (guint64) ch_row_number (self->certificate, "Id"),
                                       formats[get_format (self)].format, g_variant_dict_end (&options)),
                        "(ay)", NULL, exported_cb, g_object_ref (self));
}

void
ch_export_dialog_show (GtkWidget *where,
                       ChService *service,
                       GVariant  *certificate)
{
  ChExportDialog *self =
    g_object_new (CH_TYPE_EXPORT_DIALOG, "transient-for", gtk_widget_get_root (where), NULL);

  self->where = g_object_ref (where);
  self->service = g_object_ref (service);
  self->certificate = g_variant_ref (certificate);
  changed_cb (self);
  gtk_window_present (GTK_WINDOW (self));
}

/* class */

static void
ch_export_dialog_dispose (GObject *object)
{
  ChExportDialog *self = CH_EXPORT_DIALOG (object);

  g_clear_object (&self->where);
  g_clear_object (&self->service);
  g_clear_pointer (&self->certificate, g_variant_unref);
  G_OBJECT_CLASS (ch_export_dialog_parent_class)->dispose (object);
}

static void
ch_export_dialog_class_init (ChExportDialogClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_export_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/export-dialog.ui");
  gtk_widget_class_bind_template_child (widget, ChExportDialog, format);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, key_row);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, with_key);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, password);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, legacy_row);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, legacy);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, problem);
  gtk_widget_class_bind_template_child (widget, ChExportDialog, export_button);
  gtk_widget_class_bind_template_callback (widget, changed_cb);
  gtk_widget_class_bind_template_callback (widget, export_cb);
}

static void
ch_export_dialog_init (ChExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_closes_on_escape (GTK_WINDOW (self));
}
