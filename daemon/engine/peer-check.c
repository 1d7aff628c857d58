/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/peers-private.h"

#include "ca/ca.h"
#include "deploy/target.h"
#include "dns/common.h"
#include "engine/handle.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* The kind's own fields and the role's common ones, as one table. */
static ChField *
all_fields (ChPeerRole   role,
            const char  *kind,
            GError     **error)
{
  const ChField *tables[3];
  GArray *fields = g_array_new (TRUE, TRUE, sizeof (ChField));

  if (!ch_peer_fields (role, kind, tables, error))
    {
      g_array_unref (fields);
      return NULL;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (tables) && tables[i] != NULL; i++)
    for (const ChField *field = tables[i]; field->name != NULL; field++)
      g_array_append_vals (fields, field, 1);

  return (ChField *) g_array_free (fields, FALSE);
}

/* What a kind can check or fill in only when it sees everything, such as a key file. */
static gboolean
prepare (const ChPeer *peer,
         GHashTable   *secrets,
         GError      **error)
{
  if (peer->role == CH_PEER_ROLE_SERVER)
    {
      const ChTarget *target = ch_target_find (peer->kind, error);

      return target != NULL && (target->prepare == NULL || target->prepare (peer->settings, secrets, error));
    }
  if (peer->role != CH_PEER_ROLE_DNS || g_hash_table_size (secrets) == 0)
    return TRUE;

  const ChDnsProvider *provider = ch_dns_find (peer->kind, error);

  return provider != NULL
         && (provider->prepare == NULL || provider->prepare (peer->settings, secrets, error));
}

/* @secrets are those that are given now; an edit need not name the ones that are kept. */
gboolean
ch_peer_check (const ChPeer *peer,
               GHashTable   *secrets,
               gboolean      all_secrets,
               GError      **error)
{
  g_autofree ChField *fields = all_fields (peer->role, peer->kind, error);

  if (fields == NULL || !ch_handle_check (peer->name, error) || !prepare (peer, secrets, error))
    return FALSE;

  if (!all_secrets)
    for (ChField *field = fields; field->name != NULL; field++)
      if (field->flags & CH_FIELD_SECRET)
        field->flags &= ~CH_FIELD_REQUIRED;

  return ch_fields_check (fields, peer->settings, secrets, error)
         && (peer->role != CH_PEER_ROLE_DNS || ch_dns_common_tidy (peer->settings, error))
         && (peer->role != CH_PEER_ROLE_PROFILE || ch_ca_profile_check (peer->kind, peer->settings, error));
}

/* Secrets can be written and never read: neither by sending those that are kept to a service of one's own. */
gboolean
ch_peer_check_kept_secrets (const ChPeer *peer,
                            GHashTable   *before,
                            GHashTable   *secrets,
                            GError      **error)
{
  g_autofree ChField *fields = all_fields (peer->role, peer->kind, error);
  const ChField *moved = fields != NULL ? ch_fields_find_moved (fields, before, peer->settings) : NULL;

  for (gsize i = 0; moved != NULL && peer->secrets != NULL && peer->secrets[i] != NULL; i++)
    if (!g_hash_table_contains (secrets, peer->secrets[i]))
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("“%s” says where the secrets of “%s” are sent: to change it, give “%s” again as well"),
                           moved->name, peer->name, peer->secrets[i]);

  return fields != NULL;
}
