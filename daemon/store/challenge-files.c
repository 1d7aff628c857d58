/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChChallengeFile, INT64, id),
  CH_COLUMN (ChChallengeFile, ID, server_id),
  CH_COLUMN (ChChallengeFile, ID, order_id),
  CH_COLUMN (ChChallengeFile, TEXT, root),
  CH_COLUMN (ChChallengeFile, TEXT, path),
  CH_COLUMN (ChChallengeFile, TEXT, content),
  CH_COLUMN (ChChallengeFile, UINT, made),
  CH_COLUMN (ChChallengeFile, INT, ours),
  CH_COLUMN_NICK (ChChallengeFile, state, ch_txt_state_get_type),
  CH_COLUMN (ChChallengeFile, INT64, due),
  CH_COLUMN (ChChallengeFile, UINT, failures),
  CH_COLUMN (ChChallengeFile, TEXT, reason),
  CH_COLUMN (ChChallengeFile, INT64, created_at),
  { NULL },
};

const ChTable ch_table_challenge_files = {
  .name = "challenge_files",
  .noun = N_("challenge file"),
  .size = sizeof (ChChallengeFile),
  .columns = columns,
  .free = (GDestroyNotify) ch_challenge_file_free,
};

gboolean
ch_store_add_challenge_file (ChStore          *store,
                             ChChallengeFile  *file,
                             GError          **error)
{
  return ch_table_insert (store, &ch_table_challenge_files, file, error);
}

gboolean
ch_store_update_challenge_file (ChStore                *store,
                                const ChChallengeFile  *file,
                                GError                **error)
{
  return ch_table_update (store, &ch_table_challenge_files, file, error);
}

gboolean
ch_store_note_challenge_folders (ChStore  *store,
                                 gint64    id,
                                 guint     made,
                                 GError  **error)
{
  return ch_store_run (store, "UPDATE challenge_files SET made = ?2 WHERE id = ?1", CH_ARGS (CH_INT (id), CH_INT (made)), error);
}

gboolean
ch_store_remove_challenge_file (ChStore  *store,
                                gint64    id,
                                GError  **error)
{
  return ch_table_remove (store, &ch_table_challenge_files, id, error);
}

ChChallengeFile *
ch_store_get_challenge_file (ChStore  *store,
                             gint64    id,
                             GError  **error)
{
  return ch_table_get (store, &ch_table_challenge_files, id, error);
}

gboolean
ch_store_find_challenge_file (ChStore          *store,
                              gint64            server_id,
                              const char       *path,
                              ChChallengeFile **file,
                              GError          **error)
{
  return ch_table_find (store, &ch_table_challenge_files, "WHERE server_id = ?1 AND path = ?2",
                        CH_ARGS (CH_INT (server_id), CH_TEXT (path)), (gpointer *) file, error);
}

GPtrArray *
ch_store_list_challenge_files (ChStore  *store,
                               gint64    order_id,
                               GError  **error)
{
  if (order_id == 0)
    return ch_table_list (store, &ch_table_challenge_files, "ORDER BY id", NULL, error);

  return ch_table_list (store, &ch_table_challenge_files, "WHERE order_id = ?1 ORDER BY id",
                        CH_ARGS (CH_INT (order_id)), error);
}

GPtrArray *
ch_store_list_due_challenge_files (ChStore  *store,
                                   gint64    now,
                                   GError  **error)
{
  return ch_table_list (store, &ch_table_challenge_files,
                        "WHERE due > 0 AND due <= ?1 AND state = 'removing' ORDER BY due, id",
                        CH_ARGS (CH_INT (now)), error);
}
