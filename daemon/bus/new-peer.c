/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/objects.h"

#include "bus/rows.h"

#include "engine/peers.h"
#include "engine/scan.h"
#include "lib/paths.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

/* Manager.AddAccount(), AddDnsAccount(), AddServer(), AddProfile(), ScanServer(). */

#define KNOWN_MAX (1024 * 1024)

static void
answer (ChCall         *call,
        const ChFolder *folder,
        GAsyncResult   *result)
{
  GError *error = NULL;
  gint64 id = ch_peer_add_finish (result, &error);

  ch_call_answer_id (call, folder->name, id, error);
}

static void
account_added_cb (GObject *source, GAsyncResult *result, gpointer call)
{
  answer (call, &ch_folder_accounts, result);
}

static void
dns_added_cb (GObject *source, GAsyncResult *result, gpointer call)
{
  answer (call, &ch_folder_dns, result);
}

static void
server_added_cb (GObject *source, GAsyncResult *result, gpointer call)
{
  answer (call, &ch_folder_servers, result);
}

static void
profile_added_cb (GObject *source, GAsyncResult *result, gpointer call)
{
  answer (call, &ch_folder_profiles, result);
}

static void
add (ChCall             *call,
     ChPeerRole          role,
     GAsyncReadyCallback added_cb)
{
  gboolean is_profile = role == CH_PEER_ROLE_PROFILE;   /* has no secrets */
  const char *kind, *name;

  if (!ch_call_check_options (call, is_profile ? 3 : 4, ch_options_none, "options"))
    return;

  g_autoptr(GHashTable) settings = ch_call_table (call, 2);
  g_autoptr(GHashTable) secrets = is_profile ? ch_secret_table_new () : ch_call_table (call, 3);
  g_variant_get_child (call->parameters, 0, "&s", &kind);
  g_variant_get_child (call->parameters, 1, "&s", &name);
  ch_peer_add_async (call->bus->world, role, kind, name, settings, secrets, &call->actor, added_cb, call);
}

static void
add_account (ChCall *call)
{
  add (call, CH_PEER_ROLE_ACCOUNT, account_added_cb);
}

static void
add_dns (ChCall *call)
{
  add (call, CH_PEER_ROLE_DNS, dns_added_cb);
}

static void
add_server (ChCall *call)
{
  add (call, CH_PEER_ROLE_SERVER, server_added_cb);
}

static void
add_profile (ChCall *call)
{
  add (call, CH_PEER_ROLE_PROFILE, profile_added_cb);
}

static GVariant *
scanned_row (const ChScanned *key)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  ch_row_put_text (&row, "type", key->type);
  ch_row_put_text (&row, "fingerprint", key->fingerprint);
  ch_row_put_text (&row, "value", key->value);
  g_variant_builder_add (&row, "{sv}", "known", g_variant_new_boolean (key->known));
  return g_variant_builder_end (&row);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer call)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) keys = ch_server_scan_finish (result, &error);
  g_auto(GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    g_variant_builder_add_value (&rows, scanned_row (keys->pdata[i]));

  ch_call_answer (call, keys != NULL ? g_variant_new ("(aa{sv})", &rows) : NULL, error);
}

static void
scan_server (ChCall *call)
{
  static const ChOption known_options[] = { { "known-hosts", "s" }, { NULL } };
  const char *kind, *known = NULL;

  if (!ch_call_check_options (call, 2, known_options, "options"))
    return;

  g_autoptr(GHashTable) settings = ch_call_table (call, 1);
  g_autoptr(GVariant) options = ch_call_argument (call, 2);
  g_variant_get_child (call->parameters, 0, "&s", &kind);
  g_variant_lookup (options, "known-hosts", "&s", &known);
  if (known != NULL && strlen (known) > KNOWN_MAX)
    {
      GError *error = NULL;

      ch_error_set (&error, CH_ERROR_LIMIT, _("The list of known hosts is larger than 1 MiB"));
      ch_call_answer (call, NULL, error);
      return;
    }

  ch_server_scan_async (call->bus->world, kind, settings, known, scanned_cb, call);
}

static void
describe_scan (const ChCall *call, ChDetails *details)
{
  const char *kind;
  g_autoptr(GHashTable) settings = ch_call_table (call, 1);

  g_variant_get_child (call->parameters, 0, "&s", &kind);
  ch_details_set (details, "kind", kind);
  ch_details_set (details, "name", g_hash_table_lookup (settings, "host"));
}

static void
describe (const ChCall *call,
          ChDetails    *details,
          ChPeerRole    role)
{
  const char *kind, *name;

  g_variant_get_child (call->parameters, 0, "&s", &kind);
  g_variant_get_child (call->parameters, 1, "&s", &name);
  ch_details_set (details, "kind", kind);
  ch_details_set (details, "name", name);
  ch_details_set (details, ch_nick (CH_TYPE_PEER_ROLE, role), name);
}

static void
describe_account (const ChCall *call, ChDetails *details)
{
  describe (call, details, CH_PEER_ROLE_ACCOUNT);
}

static void
describe_dns (const ChCall *call, ChDetails *details)
{
  describe (call, details, CH_PEER_ROLE_DNS);
}

static void
describe_server (const ChCall *call, ChDetails *details)
{
  describe (call, details, CH_PEER_ROLE_SERVER);
}

static void
describe_profile (const ChCall *call, ChDetails *details)
{
  describe (call, details, CH_PEER_ROLE_PROFILE);
}

const ChMethod ch_new_peer_methods[] = {
  { CH_IFACE_MANAGER, "AddAccount", CH_ACTION_ACCOUNT_CHANGE, add_account, describe_account },
  { CH_IFACE_MANAGER, "AddDnsAccount", CH_ACTION_DNS_CHANGE, add_dns, describe_dns },
  { CH_IFACE_MANAGER, "AddServer", CH_ACTION_SERVER_CHANGE, add_server, describe_server },
  { CH_IFACE_MANAGER, "ScanServer", CH_ACTION_SERVER_CHANGE, scan_server, describe_scan },
  { CH_IFACE_MANAGER, "AddProfile", CH_ACTION_PROFILE_CHANGE, add_profile, describe_profile },
  { NULL }
};
