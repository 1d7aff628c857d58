/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/draft-private.h"

#include "engine/dns-choice.h"
#include "lib/error.h"

#include <glib/gi18n.h>

static char *
list_names (GPtrArray *peers)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < peers->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const ChPeer *) g_ptr_array_index (peers, i))->name);

  return g_string_free (names, FALSE);
}

static GPtrArray *
list_enabled (ChWorld  *world,
              GError  **error)
{
  GPtrArray *peers = ch_store_list_peers (world->store, CH_PEER_ROLE_ACCOUNT, error);

  for (guint i = peers != NULL ? peers->len : 0; i > 0; i--)
    if (((const ChPeer *) g_ptr_array_index (peers, i - 1))->state == CH_PEER_STATE_DISABLED)
      g_ptr_array_remove_index (peers, i - 1);

  return peers;
}

static ChPeer *
find_enabled (ChWorld     *world,
              ChPeerRole   role,
              const char  *name,
              GError     **error)
{
  g_autoptr(ChPeer) peer = ch_store_find_peer (world->store, role, name, error);

  if (peer != NULL && peer->state == CH_PEER_STATE_DISABLED)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” is disabled; enable it first"), name);
      return NULL;
    }

  return g_steal_pointer (&peer);
}

/* The one that is named, or the only one there is. */
ChPeer *
ch_draft_choose_account (ChWorld     *world,
                         const char  *name,
                         GError     **error)
{
  if (name != NULL && *name != '\0')
    return find_enabled (world, CH_PEER_ROLE_ACCOUNT, name, error);

  g_autoptr(GPtrArray) peers = list_enabled (world, error);
  if (peers == NULL)
    return NULL;
  if (peers->len == 1)
    return g_ptr_array_steal_index (peers, 0);

  if (peers->len == 0)
    ch_error_set (error, CH_ERROR_INVALID, _("There is no account at a certificate authority yet; add one first"));
  else
    {
      g_autofree char *names = list_names (peers);
      ch_error_set (error, CH_ERROR_INVALID, _("Say which account to use: %s"), names);
    }
  return NULL;
}

void
ch_drafting_take_account (ChDrafting *drafting)
{
  GError *error = NULL;

  drafting->about = "account";
  drafting->account = ch_draft_choose_account (drafting->world, drafting->draft->account, &error);
  ch_drafting_note (drafting, error);
  if (drafting->account != NULL)
    drafting->order->account_id = drafting->account->id;
}

ChPeer *
ch_draft_find_dns_account (ChWorld     *world,
                           const char  *name,
                           GError     **error)
{
  return find_enabled (world, CH_PEER_ROLE_DNS, name, error);
}

/* Without a DNS account at all, a person makes the record. */
static void
find_dns_accounts (ChDrafting *drafting)
{
  GError *error = NULL;
  const char *const *names = (const char *const *) drafting->order->names;
  g_autoptr(GPtrArray) accounts = ch_dns_choose_names (drafting->world->store, names, &error);

  if (accounts != NULL && accounts->len > 0)
    drafting->order->dns_account_id = ((const ChPeer *) accounts->pdata[0])->id;
  ch_drafting_note (drafting, error);
}

void
ch_drafting_take_dns_account (ChDrafting *drafting)
{
  const char *name = drafting->draft->dns_account;
  GError *error = NULL;

  drafting->about = "dns-account";
  if (ch_drafting_proves_itself (drafting))
    return;

  if (name == NULL || *name == '\0')
    {
      if (drafting->order->method == CH_DCV_METHOD_DNS)
        find_dns_accounts (drafting);
      return;
    }

  g_autoptr(ChPeer) named = ch_draft_find_dns_account (drafting->world, name, &error);
  if (named != NULL)
    {
      drafting->order->dns_named = TRUE;
      drafting->order->dns_account_id = named->id;
    }
  ch_drafting_note (drafting, error);
}
