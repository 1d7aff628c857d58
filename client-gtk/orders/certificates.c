/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/row.h"
#include "lib/times.h"
#include "orders/boxes.h"
#include "orders/certificate-dialog.h"
#include "orders/export-dialog.h"
#include "orders/group.h"

#include <glib/gi18n.h>

typedef struct
{
  ChService *service;         /* (owned) */
  GVariant *certificate;      /* (owned): a row of Order.GetCertificates() */
} Row;

static void
row_free (gpointer  data,
          GClosure *closure)
{
  Row *row = data;

  g_object_unref (row->service);
  g_variant_unref (row->certificate);
  g_free (row);
}

static Row *
row_new (ChOrder  *order,
         GVariant *certificate)
{
  Row *row = g_new0 (Row, 1);

  row->service = g_object_ref (ch_order_get_service (order));
  row->certificate = g_variant_ref (certificate);
  return row;
}

static void
show_cb (GtkWidget *widget,
         Row       *row)
{
  ch_certificate_dialog_show (widget, row->service, (guint64) ch_row_number (row->certificate, "Id"));
}

static void
export_cb (GtkWidget *widget,
           Row       *row)
{
  ch_export_dialog_show (widget, row->service, row->certificate);
}

static void
add_export (GtkWidget *row,
            ChOrder   *order,
            GVariant  *certificate,
            const char *serial)
{
  GtkWidget *button =
    g_object_new (GTK_TYPE_BUTTON, "icon-name", "document-save-symbolic", "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", _("Export…"), NULL);
  g_autofree char *label = g_strdup_printf (_("Export the certificate %s"), serial);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (export_cb), row_new (order, certificate), row_free,
                         G_CONNECT_DEFAULT);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* The newest stands first. */
static void
add_certificate (GtkListBox *list,
                 ChOrder    *order,
                 GVariant   *certificate,
                 gboolean    is_newest)
{
  gint64 end = ch_row_number (certificate, "NotAfter");
  const char *serial = ch_row_string (certificate, "Serial");
  gboolean is_good = is_newest && end > ch_time_now ();
  g_autofree char *time = ch_time_minute (end);
  g_autofree char *title = g_strdup_printf (end > ch_time_now () ? _("Valid until %s") : _("Ended %s"), time);
  g_autofree char *subtitle = g_strdup_printf (_("Serial number %s"), serial);
  GtkWidget *row = ch_group_add (list, is_good ? "good" : "old", title, subtitle);

  if (row == NULL)
    return;
  ch_group_add_icon (row, is_good ? "object-select-symbolic" : "document-open-recent-symbolic",
                     is_good ? _("The newest") : _("An older one"), is_good ? "success" : "dim-label");
  add_export (row, order, certificate, serial);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_data (row, "activated", G_CALLBACK (show_cb), row_new (order, certificate), row_free,
                         G_CONNECT_DEFAULT);
}

static void
fill (GtkListBox *list,
      ChOrder    *order)
{
  GVariant *certificates = ch_order_get_part (order, CH_ORDER_CERTIFICATES);

  for (gsize i = 0; i < g_variant_n_children (certificates); i++)
    {
      g_autoptr(GVariant) certificate = g_variant_get_child_value (certificates, i);

      add_certificate (list, order, certificate, i == 0);
    }
}

GtkWidget *
ch_order_certificates_new (ChOrder *order)
{
  return ch_group_new (_("Certificates"), order, CH_ORDER_CERTIFICATES, fill);
}
