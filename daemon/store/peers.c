/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChPeer, INT64, id),
  CH_COLUMN_NICK (ChPeer, role, ch_peer_role_get_type),
  CH_COLUMN (ChPeer, TEXT, kind),
  CH_COLUMN (ChPeer, TEXT, name),
  CH_COLUMN (ChPeer, TABLE, settings),
  CH_COLUMN (ChPeer, STRV, secrets),
  CH_COLUMN_NICK (ChPeer, state, ch_peer_state_get_type),
  CH_COLUMN (ChPeer, TEXT, reason),
  CH_COLUMN (ChPeer, UINT, failures),
  CH_COLUMN (ChPeer, INT64, checked_at),
  CH_COLUMN (ChPeer, INT64, created_at),
  { NULL },
};

const ChTable ch_table_peers = {
  .name = "peers",
  .noun = N_("account or server"),
  .size = sizeof (ChPeer),
  .columns = columns,
  .free = (GDestroyNotify) ch_peer_free,
};

/* Whole sentences, because languages differ in more than the noun. */
static const struct
{
  const char *taken;      /* with its name */
  const char *missing;    /* with its id */
  const char *unknown;    /* with its name */
} sentences[] = {
  [CH_PEER_ROLE_ACCOUNT] = {
    N_("There is an account named “%s” already: choose another name"),
    N_("There is no account %" PRId64),
    N_("There is no account named “%s”"),
  },
  [CH_PEER_ROLE_DNS] = {
    N_("There is a DNS account named “%s” already: choose another name"),
    N_("There is no DNS account %" PRId64),
    N_("There is no DNS account named “%s”"),
  },
  [CH_PEER_ROLE_SERVER] = {
    N_("There is a server named “%s” already: choose another name"),
    N_("There is no server %" PRId64),
    N_("There is no server named “%s”"),
  },
  [CH_PEER_ROLE_PROFILE] = {
    N_("There is a profile named “%s” already: choose another name"),
    N_("There is no profile %" PRId64),
    N_("There is no profile named “%s”"),
  },
};

static gboolean
name_taken (const ChPeer *peer,
            GError      **error)
{
  return ch_store_reword (error, CH_ERROR_EXISTS, CH_ERROR_EXISTS, _(sentences[peer->role].taken),
                          peer->name);
}

gboolean
ch_store_add_peer (ChStore *store,
                   ChPeer  *peer,
                   GError **error)
{
  return ch_table_insert (store, &ch_table_peers, peer, error) || name_taken (peer, error);
}

gboolean
ch_store_update_peer (ChStore      *store,
                      const ChPeer *peer,
                      GError      **error)
{
  return ch_table_update (store, &ch_table_peers, peer, error) || name_taken (peer, error);
}

/** Holder: what may still need a peer, and the sentence about it: with the name of the latest, and how many there are. */
typedef struct
{
  const char *sql;      /* selects names */
  const char *sentence;
} Holder;

/* A value in the DNS is said first: it goes by itself, and its order may be kept. */
static const Holder holders[] = {
  { "SELECT name FROM txt_records WHERE dns_account_id = ?1 AND state = 'removing' ORDER BY id DESC",
    N_("The TXT value at “%s” must still be removed through it (values: %u); see what is left over, and remove that first") },
  { "SELECT name FROM orders WHERE account_id = ?1 OR dns_account_id = ?1"
    "  OR id IN (SELECT order_id FROM challenges WHERE dns_account_id = ?1) ORDER BY id DESC",
    N_("The order for “%s” still needs it (orders: %u); wait for its end, cancel it, or delete it when it has ended") },
  { "SELECT path AS name FROM challenge_files WHERE server_id = ?1 ORDER BY id DESC",
    N_("The file “%s”, which proves control of a name, must still be removed from it (files: %u); see what is left over") },
  { "SELECT name FROM deployments WHERE server_id = ?1 ORDER BY id DESC",
    N_("The deployment “%s” still needs it (deployments: %u); remove that first") },
};

static gboolean
is_held_by (ChStore      *store,
            gint64        id,
            const Holder *holder,
            GError      **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT name, count (*) OVER () FROM (%s)", holder->sql);
  g_autoptr(sqlite3_stmt) statement = ch_statement_new (store, sql, CH_ARGS (CH_INT (id)), NULL);

  if (statement == NULL || ch_statement_step (store, statement, NULL) != SQLITE_ROW)
    return FALSE;

  ch_store_reword (error, CH_ERROR_IN_USE, CH_ERROR_IN_USE, _(holder->sentence),
                   (const char *) sqlite3_column_text (statement, 0), (guint) sqlite3_column_int (statement, 1));
  return TRUE;
}

gboolean
ch_store_remove_peer (ChStore *store,
                      gint64   id,
                      GError **error)
{
  g_autoptr(GError) failure = NULL;

  if (ch_table_remove (store, &ch_table_peers, id, &failure))
    return TRUE;

  for (gsize i = 0; g_error_matches (failure, CH_ERROR, CH_ERROR_IN_USE) && i < G_N_ELEMENTS (holders); i++)
    if (is_held_by (store, id, &holders[i], &failure))
      break;

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

ChPeer *
ch_store_get_peer (ChStore   *store,
                   ChPeerRole role,
                   gint64     id,
                   GError   **error)
{
  ChPeer *peer;

  if (ch_table_find (store, &ch_table_peers, "WHERE id = ?1 AND role = ?2",
                     CH_ARGS (CH_INT (id), CH_TEXT (ch_nick (CH_TYPE_PEER_ROLE, (int) role))), (gpointer *) &peer, error)
      && peer == NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _(sentences[role].missing), id);

  return peer;
}

ChPeer *
ch_store_find_peer (ChStore    *store,
                    ChPeerRole  role,
                    const char *name,
                    GError    **error)
{
  ChPeer *peer;

  if (ch_table_find (store, &ch_table_peers, "WHERE role = ?1 AND name = ?2",
                     CH_ARGS (CH_TEXT (ch_nick (CH_TYPE_PEER_ROLE, (int) role)), CH_TEXT (name)), (gpointer *) &peer, error)
      && peer == NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _(sentences[role].unknown), name);

  return peer;
}

GPtrArray *
ch_store_list_peers (ChStore   *store,
                     ChPeerRole role,
                     GError   **error)
{
  return ch_table_list (store, &ch_table_peers, "WHERE role = ?1 ORDER BY name",
                        CH_ARGS (CH_TEXT (ch_nick (CH_TYPE_PEER_ROLE, (int) role))), error);
}
