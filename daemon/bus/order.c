/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/contract.h"
#include "bus/objects.h"
#include "bus/rows.h"

#include "engine/edit.h"
#include "engine/orders.h"
#include "engine/revoke.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"

#include <glib/gi18n.h>

/* One order, by its path. */

static GVariant *
properties (ChBus          *bus,
            const ChFolder *folder,
            gint64          id,
            GError        **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (bus->world->store, id, error);
  g_autoptr(ChRows) rows = ch_rows_new (bus->world->store);

  return order != NULL ? ch_row_order (rows, order, NULL) : NULL;
}

static void
describe (const ChCall *call,
          ChDetails    *details)
{
  ChStore *store = call->bus->world->store;
  g_autoptr(ChOrder) order = ch_store_get_order (store, call->id, NULL);
  g_autoptr(ChRows) rows = ch_rows_new (store);

  ch_details_set_id (details, "order", call->id);
  if (order == NULL)
    return;

  ch_details_set (details, "name", order->names[0]);
  ch_details_set_names (details, (const char *const *) order->names);
  ch_details_set (details, "account", ch_rows_peer_name (rows, CH_PEER_ROLE_ACCOUNT, order->account_id));
  if (order->dns_account_id != 0)
    ch_details_set (details, "dns", ch_rows_peer_name (rows, CH_PEER_ROLE_DNS, order->dns_account_id));
}

const ChFolder ch_folder_orders = {
  .name = CH_FOLDER_ORDERS,
  .interface = &org_chancery_chancery1_order_interface,
  .properties = properties,
  .describe = describe,
};

static void
explain (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  g_autoptr(ChStory) story = ch_order_explain (call->bus->world, call->id, &error);
  ch_call_answer (call, story != NULL ? g_variant_new ("(@a{sv})", ch_row_story (story)) : NULL, error);
}

static const ChOption force_options[] = { { "force", "b" }, { NULL } };

static gboolean
is_forced (ChCall *call)
{
  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  gboolean force = FALSE;

  g_variant_lookup (options, "force", "b", &force);
  return force;
}

static void
cancel (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, force_options, "options"))
    return;

  gboolean ok = ch_order_cancel (call->bus->world, call->id, is_forced (call), &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static const ChOption edit_settings[] = {
  { "note", "s" },
  { "tags", "as" },
  { "auto-replace", "b" },
  { "auto-renew", "b" },
  { NULL }
};

static void
edit (ChCall *call)
{
  ChOrderEdit change = { NULL };
  g_autofree const char **tags = NULL;
  gboolean auto_replace, auto_renew;
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, edit_settings, "settings")
      || !ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  g_variant_lookup (settings, "note", "&s", &change.note);
  if (g_variant_lookup (settings, "tags", "^a&s", &tags))
    change.tags = tags;
  if (g_variant_lookup (settings, "auto-replace", "b", &auto_replace))
    change.auto_replace = &auto_replace;
  if (g_variant_lookup (settings, "auto-renew", "b", &auto_renew))
    change.auto_renew = &auto_renew;

  gboolean ok = ch_order_edit (call->bus->world, call->id, &change, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
revoke_order (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, force_options, "options"))
    return;

  gboolean ok = ch_order_revoke (call->bus->world, call->id, is_forced (call), &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
retry (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  gboolean ok = ch_order_retry (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_order_delete_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

static void
delete (ChCall *call)
{
  if (!ch_call_check_options (call, 0, force_options, "options"))
    return;

  ch_order_delete_async (call->bus->world, call->id, is_forced (call), &call->actor, deleted_cb, call);
}

static gboolean
order_is_there (ChCall  *call,
                GError **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (call->bus->world->store, call->id, error);

  return order != NULL;
}

static GVariant *
challenge_rows (ChCall  *call,
                GError **error)
{
  g_autoptr(ChRows) names = ch_rows_new (call->bus->world->store);
  g_autoptr(GPtrArray) list = NULL;
  g_auto(GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (!order_is_there (call, error)
      || (list = ch_store_list_challenges (call->bus->world->store, call->id, error)) == NULL)
    return NULL;

  for (guint i = 0; i < list->len; i++)
    g_variant_builder_add_value (&rows, ch_row_challenge (names, g_ptr_array_index (list, i)));

  return g_variant_new ("(aa{sv})", &rows);
}

static void
get_challenges (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = challenge_rows (call, &error);

  ch_call_answer (call, reply, error);
}

static GVariant *
certificate_rows (ChCall  *call,
                  GError **error)
{
  g_autoptr(GPtrArray) list = NULL;
  g_auto(GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (!order_is_there (call, error)
      || (list = ch_store_list_certificates (call->bus->world->store, call->id, error)) == NULL)
    return NULL;

  for (guint i = 0; i < list->len; i++)
    g_variant_builder_add_value (&rows, ch_row_certificate (g_ptr_array_index (list, i)));

  return g_variant_new ("(aa{sv})", &rows);
}

static void
get_certificates (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = certificate_rows (call, &error);

  ch_call_answer (call, reply, error);
}

static void
key_exported_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  GError *error = NULL;
  g_autoptr(GBytes) pem = ch_order_export_key_finish (result, &error);
  ch_autosecret char *text = NULL;

  if (pem != NULL)
    text = g_strndup (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));

  ch_call_answer (data, text != NULL ? g_variant_new ("(s)", text) : NULL, error);
}

static void
export_key (ChCall *call)
{
  static const ChOption known[] = { { "password", "s" }, { NULL } };
  ch_autosecret char *password = NULL;
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  g_variant_lookup (options, "password", "s", &password);
  if (password != NULL && *password == '\0')
    {
      /* It would come out in clear, which is not what was meant. */
      ch_error_set (&error, CH_ERROR_INVALID, _("The password is empty; leave it out for a key in clear"));
      ch_call_answer (call, NULL, error);
      return;
    }

  ch_order_export_key_async (call->bus->world, call->id, password, &call->actor, key_exported_cb, call);
}

const ChMethod ch_order_methods[] = {
  { CH_IFACE_ORDER, "Explain", CH_ACTION_VIEW, explain },
  { CH_IFACE_ORDER, "Cancel", CH_ACTION_ORDER_CHANGE, cancel },
  { CH_IFACE_ORDER, "Edit", CH_ACTION_ORDER_CHANGE, edit },
  { CH_IFACE_ORDER, "Revoke", CH_ACTION_ORDER_CHANGE, revoke_order },
  { CH_IFACE_ORDER, "Retry", CH_ACTION_ORDER_CHANGE, retry },
  { CH_IFACE_ORDER, "Delete", CH_ACTION_ORDER_DELETE, delete },
  { CH_IFACE_ORDER, "GetChallenges", CH_ACTION_VIEW, get_challenges },
  { CH_IFACE_ORDER, "GetCertificates", CH_ACTION_VIEW, get_certificates },
  { CH_IFACE_ORDER, "ExportKey", CH_ACTION_KEY_EXPORT, export_key },
  { NULL }
};
