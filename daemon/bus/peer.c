/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/contract.h"
#include "bus/objects.h"
#include "bus/rows.h"

#include "engine/peers.h"
#include "lib/paths.h"
#include "lib/secret.h"

/* Accounts, DNS accounts, servers and profiles: one implementation, four interfaces. */

static GVariant *
properties (ChBus          *bus,
            const ChFolder *folder,
            gint64          id,
            GError        **error)
{
  g_autoptr(ChPeer) peer = ch_store_get_peer (bus->world->store, folder->role, id, error);

  return peer != NULL ? ch_row_peer (peer) : NULL;
}

static GArray *
list (ChBus          *bus,
      const ChFolder *folder,
      GError        **error)
{
  return ch_objects_ids (ch_store_list_peers (bus->world->store, folder->role, error));
}

static void
describe (const ChCall *call,
          ChDetails    *details)
{
  ChPeerRole role = call->folder->role;
  g_autoptr(ChPeer) peer = ch_store_get_peer (call->bus->world->store, role, call->id, NULL);

  if (peer == NULL)
    return;

  ch_details_set (details, "name", peer->name);
  ch_details_set (details, ch_nick (CH_TYPE_PEER_ROLE, role), peer->name);
  ch_details_set (details, "kind", peer->kind);
}

const ChFolder ch_folder_accounts = {
  .name = CH_FOLDER_ACCOUNTS,
  .interface = &org_chancery_chancery1_account_interface,
  .role = CH_PEER_ROLE_ACCOUNT,
  .properties = properties,
  .list = list,
  .describe = describe,
};

const ChFolder ch_folder_dns = {
  .name = CH_FOLDER_DNS,
  .interface = &org_chancery_chancery1_dns_account_interface,
  .role = CH_PEER_ROLE_DNS,
  .properties = properties,
  .list = list,
  .describe = describe,
};

const ChFolder ch_folder_servers = {
  .name = CH_FOLDER_SERVERS,
  .interface = &org_chancery_chancery1_server_interface,
  .role = CH_PEER_ROLE_SERVER,
  .properties = properties,
  .list = list,
  .describe = describe,
};

const ChFolder ch_folder_profiles = {
  .name = CH_FOLDER_PROFILES,
  .interface = &org_chancery_chancery1_profile_interface,
  .role = CH_PEER_ROLE_PROFILE,
  .properties = properties,
  .list = list,
  .describe = describe,
};

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_peer_edit_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

/* A profile has no secrets, so that its options come earlier. */
static void
edit (ChCall *call)
{
  static const ChOption known[] = { { "name", "s" }, { NULL } };
  gboolean is_profile = call->folder->role == CH_PEER_ROLE_PROFILE;
  guint last = is_profile ? 1 : 2;
  g_autofree char *name = NULL;

  if (!ch_call_check_options (call, last, known, "options"))
    return;

  g_autoptr(GHashTable) settings = ch_call_table (call, 0);
  g_autoptr(GHashTable) secrets = is_profile ? ch_secret_table_new () : ch_call_table (call, 1);
  g_autoptr(GVariant) options = ch_call_argument (call, last);
  g_variant_lookup (options, "name", "s", &name);
  ch_peer_edit_async (call->bus->world, call->folder->role, call->id, name, settings, secrets,
                      &call->actor, edited_cb, call);
}

static void
set_enabled (ChCall *call)
{
  GError *error = NULL;
  gboolean enabled;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_variant_get_child (call->parameters, 0, "b", &enabled);
  gboolean ok = ch_peer_set_enabled (call->bus->world, call->folder->role, call->id, enabled,
                                     &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_peer_remove_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

static void
remove_peer (ChCall *call)
{
  if (ch_call_check_options (call, 0, ch_options_none, "options"))
    ch_peer_remove_async (call->bus->world, call->folder->role, call->id, &call->actor, removed_cb, call);
}

static void
test (ChCall     *call,
      const char *zone,
      gboolean    read_only)
{
  GError *error = NULL;
  ChJob *job = ch_peer_test (call->bus->world, call->folder->role, call->id, zone, read_only, &call->actor, &error);

  ch_call_answer_job (call, job, error);
}

static void
test_peer (ChCall *call)
{
  if (ch_call_check_options (call, 0, ch_options_none, "options"))
    test (call, NULL, FALSE);
}

static void
test_zone (ChCall *call)
{
  static const ChOption known[] = { { "read-only", "b" }, { NULL } };
  g_autofree char *zone = NULL;
  gboolean read_only = FALSE;

  if (!ch_call_check_options (call, 1, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 1);
  g_variant_get_child (call->parameters, 0, "s", &zone);
  g_variant_lookup (options, "read-only", "b", &read_only);
  test (call, zone, read_only);
}

static void
describe_zone (const ChCall *call,
               ChDetails    *details)
{
  const char *names[] = { NULL, NULL };

  g_variant_get_child (call->parameters, 0, "&s", &names[0]);
  ch_details_set_names (details, names);
}

const ChMethod ch_peer_methods[] = {
  { CH_IFACE_ACCOUNT, "Edit", CH_ACTION_ACCOUNT_CHANGE, edit },
  { CH_IFACE_ACCOUNT, "SetEnabled", CH_ACTION_ACCOUNT_CHANGE, set_enabled },
  { CH_IFACE_ACCOUNT, "Remove", CH_ACTION_ACCOUNT_CHANGE, remove_peer },
  { CH_IFACE_ACCOUNT, "Verify", CH_ACTION_TEST, test_peer },
  { CH_IFACE_DNS_ACCOUNT, "Edit", CH_ACTION_DNS_CHANGE, edit },
  { CH_IFACE_DNS_ACCOUNT, "SetEnabled", CH_ACTION_DNS_CHANGE, set_enabled },
  { CH_IFACE_DNS_ACCOUNT, "Remove", CH_ACTION_DNS_CHANGE, remove_peer },
  { CH_IFACE_DNS_ACCOUNT, "Test", CH_ACTION_TEST, test_zone, describe_zone },
  { CH_IFACE_SERVER, "Edit", CH_ACTION_SERVER_CHANGE, edit },
  { CH_IFACE_SERVER, "SetEnabled", CH_ACTION_SERVER_CHANGE, set_enabled },
  { CH_IFACE_SERVER, "Remove", CH_ACTION_SERVER_CHANGE, remove_peer },
  { CH_IFACE_SERVER, "Test", CH_ACTION_TEST, test_peer },
  { CH_IFACE_PROFILE, "Edit", CH_ACTION_PROFILE_CHANGE, edit },
  { CH_IFACE_PROFILE, "Remove", CH_ACTION_PROFILE_CHANGE, remove_peer },
  { NULL }
};
