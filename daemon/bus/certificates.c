/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/objects.h"
#include "bus/rows.h"

#include "engine/certificates.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"

#include <glib/gi18n.h>

#define DEFAULT_LIMIT 100
#define MAX_ROWS 500

/* Certificates of all orders. They are rows with numbers and no objects: there are more of them than of orders. */

static void
put (GVariantBuilder *row,
     const char      *key,
     GVariant        *value)
{
  g_variant_builder_add (row, "{sv}", key, value);
}

/* Adds what the certificate's order says of it to the row that @init has begun. */
static void
put_order (GVariantBuilder     *row,
           ChStore             *store,
           const ChCertificate *certificate)
{
  g_autoptr(ChOrder) order = ch_store_get_order (store, certificate->order_id, NULL);
  gboolean current = ch_certificate_is_current (store, certificate);

  ch_row_put_path (row, "Order", CH_FOLDER_ORDERS, certificate->order_id);
  ch_row_put_text (row, "OrderState", order != NULL ? ch_nick (CH_TYPE_ORDER_STATE, (int) order->state) : NULL);
  put (row, "Current", g_variant_new_boolean (current && order != NULL && !ch_order_state_is_final (order->state)));
}

static GVariant *
list_row (ChStore             *store,
          const ChCertificate *certificate)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  ch_row_put_certificate (&row, certificate);
  put_order (&row, store, certificate);
  return g_variant_builder_end (&row);
}

/* ---- ListCertificates ---- */

static const ChOption filter_options[] = {
  { "order", "t" },
  { "serial", "s" },
  { NULL }
};

static char *
read_serial (const char *text)
{
  GString *hex = g_string_new (NULL);

  /* As other programs show it: with colons or blanks, in capital letters. */
  for (; *text != '\0'; text++)
    if (*text != ':' && *text != ' ')
      g_string_append_c (hex, g_ascii_tolower (*text));

  return g_string_free (hex, FALSE);
}

static gboolean
read_filter (GVariant             *options,
             ChCertificateFilter  *filter,
             GError              **error)
{
  guint64 order = 0;
  const char *serial = NULL;

  if (g_variant_lookup (options, "order", "t", &order))
    filter->order_id = (gint64) CLAMP (order, 1, G_MAXINT64);
  if (!g_variant_lookup (options, "serial", "&s", &serial))
    return TRUE;

  filter->serial = read_serial (serial);
  return *filter->serial != '\0'
         || ch_error_set (error, CH_ERROR_INVALID, _("The serial number is empty"));
}

static GVariant *
rows (ChStore   *store,
      GVariant  *parameters,
      GError   **error)
{
  g_autoptr(GVariant) options = NULL;
  ChCertificateFilter filter = { 0 };
  guint64 before;
  guint32 limit;

  g_variant_get (parameters, "(@a{sv}tu)", &options, &before, &limit);
  gboolean ok = read_filter (options, &filter, error);
  g_autofree char *serial = filter.serial;
  limit = limit == 0 ? DEFAULT_LIMIT : MIN (limit, MAX_ROWS);
  g_autoptr(GPtrArray) list = !ok ? NULL
    : ch_store_page_certificates (store, &filter, (gint64) MIN (before, G_MAXINT64), limit, error);
  if (list == NULL)
    return NULL;

  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    g_variant_builder_add_value (&builder, list_row (store, g_ptr_array_index (list, i)));

  return g_variant_new ("(aa{sv})", &builder);
}

static void
list_certificates (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, filter_options, "filter"))
    return;

  GVariant *reply = rows (call->bus->world->store, call->parameters, &error);
  ch_call_answer (call, reply, error);
}

/* ---- GetCertificate ---- */

static gint64
id_of (const ChCall *call)
{
  guint64 id;

  g_variant_get_child (call->parameters, 0, "t", &id);
  return (gint64) MIN (id, G_MAXINT64);
}

static GVariant *
look_row (const ChCertLook *look)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  ch_row_put_text (&row, "Subject", look->subject);
  ch_row_put_text (&row, "Issuer", look->issuer);
  put (&row, "NotBefore", g_variant_new_int64 (look->not_before));
  put (&row, "NotAfter", g_variant_new_int64 (look->not_after));
  ch_row_put_text (&row, "Key", look->key);
  ch_row_put_text (&row, "Signature", look->signature);
  ch_row_put_text (&row, "Sha1", look->sha1);
  ch_row_put_text (&row, "Fingerprint", look->fingerprint);
  return g_variant_builder_end (&row);
}

static GVariant *
whole (ChStore *store,
       gint64   id,
       GError **error)
{
  g_autoptr(ChCertificate) certificate = ch_store_get_certificate (store, id, error);
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder path = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (certificate == NULL)
    {
      g_variant_builder_clear (&row);
      g_variant_builder_clear (&path);
      return NULL;
    }

  g_autoptr(GPtrArray) looks = ch_certificate_look (certificate);
  for (guint i = 0; i < looks->len; i++)
    g_variant_builder_add_value (&path, look_row (g_ptr_array_index (looks, i)));

  ch_row_put_certificate (&row, certificate);
  put_order (&row, store, certificate);
  ch_row_put_text (&row, "Pem", certificate->pem);
  ch_row_put_text (&row, "Chain", certificate->chain);
  ch_row_put_text (&row, "Root", certificate->root);
  put (&row, "Path", g_variant_builder_end (&path));
  return g_variant_new ("(a{sv})", &row);
}

static void
get_certificate (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  GVariant *reply = whole (call->bus->world->store, id_of (call), &error);
  ch_call_answer (call, reply, error);
}

/* ---- ExportCertificate ---- */

static const ChOption export_options[] = {
  { "key", "b" },
  { "password", "s" },
  { "legacy", "b" },
  { NULL }
};

static gboolean
wants_key (const ChCall *call)
{
  g_autoptr(GVariant) options = ch_call_argument (call, 2);
  gboolean key = FALSE;

  g_variant_lookup (options, "key", "b", &key);
  return key;
}

/* A certificate is public; its key is not. */
static const char *
pick_export_action (const ChCall *call)
{
  return wants_key (call) ? CH_ACTION_KEY_EXPORT : CH_ACTION_VIEW;
}

static void
describe_export (const ChCall *call,
                 ChDetails    *details)
{
  g_autoptr(ChCertificate) certificate = ch_store_get_certificate (call->bus->world->store, id_of (call), NULL);

  if (certificate == NULL)
    return;

  ch_details_set_id (details, "order", certificate->order_id);
  ch_details_set (details, "name", certificate->names[0]);
  ch_details_set_names (details, (const char *const *) certificate->names);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  GError *error = NULL;
  g_autoptr(GBytes) file = ch_certificate_export_finish (result, &error);
  GVariant *reply = NULL;

  if (file != NULL)
    reply = g_variant_new ("(@ay)", g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, file, TRUE));
  ch_call_answer (data, reply, error);
}

static void
export_certificate (ChCall *call)
{
  ChCertificateExport how = { .with_key = wants_key (call) };
  ch_autosecret char *password = NULL;
  const char *format;
  GError *error = NULL;

  if (!ch_call_check_options (call, 2, export_options, "options"))
    return;

  g_variant_get_child (call->parameters, 1, "&s", &format);
  if (!ch_export_format_parse (format, &how.format, &error))
    {
      ch_call_answer (call, NULL, error);
      return;
    }

  g_autoptr(GVariant) options = ch_call_argument (call, 2);
  g_variant_lookup (options, "password", "s", &password);
  g_variant_lookup (options, "legacy", "b", &how.legacy);
  how.password = password;
  ch_certificate_export_async (call->bus->world, id_of (call), &how, &call->actor, exported_cb, call);
}

const ChMethod ch_certificate_methods[] = {
  { CH_IFACE_MANAGER, "ListCertificates", CH_ACTION_VIEW, list_certificates },
  { CH_IFACE_MANAGER, "GetCertificate", CH_ACTION_VIEW, get_certificate },
  { CH_IFACE_MANAGER, "ExportCertificate", CH_ACTION_KEY_EXPORT, export_certificate, describe_export, pick_export_action },
  { NULL }
};
