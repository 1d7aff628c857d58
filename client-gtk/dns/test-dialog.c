/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/test-dialog.h"

#include "form/field.h"
#include "jobs/start.h"
#include "lib/paths.h"
#include "lib/row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *where;           /* (owned) */
  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) */
  ChFormField *zone;          /* of the dialog */
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_object_unref (test->where);
  g_object_unref (test->service);
  g_object_unref (test->item);
  g_free (test);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          data)
{
  Test *test = data;
  g_autofree char *zone = ch_form_field_get_value (test->zone);
  GVariantDict options;

  if (g_str_equal (response, "cancel"))
    return;

  g_variant_dict_init (&options, NULL);
  if (g_str_equal (response, "look"))
    g_variant_dict_insert (&options, "read-only", "b", TRUE);
  ch_job_start (test->where, test->service, ch_item_get_path (test->item), CH_IFACE_DNS_ACCOUNT, "Test",
                g_variant_new ("(s@a{sv})", g_strstrip (zone), g_variant_dict_end (&options)));
}

/* A value can only be written where somebody said where. */
static void
zone_changed_cb (ChFormField      *zone,
                 AdwMessageDialog *dialog)
{
  g_autofree char *text = ch_form_field_get_value (zone);

  adw_message_dialog_set_response_enabled (dialog, "write", *g_strstrip (text) != '\0');
}

/* The first of the domains that the account takes care of. */
static char *
propose_zone (ChItem *item)
{
  g_autoptr(GVariant) settings = ch_row_list (ch_item_get_row (item), "Settings", "a{ss}");
  const char *zones = "";
  g_auto(GStrv) list = NULL;

  if (!g_variant_lookup (settings, "zone", "&s", &zones))
    g_variant_lookup (settings, "zones", "&s", &zones);
  list = g_strsplit (zones, ",", 2);
  return list[0] != NULL ? g_strdup (g_strstrip (list[0])) : g_strdup ("");
}

void
ch_dns_test_dialog_show (GtkWidget *where,
                         ChService *service,
                         ChItem    *item)
{
  g_autofree char *heading = g_strdup_printf (_("Test the DNS Account “%s”"),
                                              ch_item_get_text (item, "Name"));
  g_autofree char *zone = propose_zone (item);
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (where)), heading,
                                              _("The whole test writes a TXT record, looks for it at the "
                                                "zone’s servers, and removes it. "
                                                "Looking only changes nothing."));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);
  Test *test = g_new0 (Test, 1);

  test->where = g_object_ref (where);
  test->service = g_object_ref (service);
  test->item = g_object_ref (item);
  test->zone = ch_form_field_new_line ("zone", C_("form", "Zone"),
                                       _("A domain of yours that this account can change"));
  g_object_set_data_full (G_OBJECT (dialog), "test", test, test_free);
  adw_message_dialog_set_extra_child (dialog, GTK_WIDGET (test->zone));
  adw_message_dialog_add_responses (dialog, "cancel", C_("button", "_Cancel"), "look", _("_Look Only"),
                                    "write", _("_Test"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "write", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "write");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (test->zone, "changed", G_CALLBACK (zone_changed_cb), dialog);
  ch_form_field_set_value (test->zone, zone);
  zone_changed_cb (test->zone, dialog);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), test);
  gtk_window_present (GTK_WINDOW (dialog));
}
