/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChTrack, INT64, id),
  CH_COLUMN (ChTrack, INT64, seen_to),
  CH_COLUMN (ChTrack, INT64, due),
  CH_COLUMN (ChTrack, UINT, quiet),
  { NULL },
};

const ChTable ch_table_tracks = {
  .name = "tracks",
  .noun = N_("account"),
  .size = sizeof (ChTrack),
  .columns = columns,
  .free = (GDestroyNotify) ch_track_free,
};

ChTrack *
ch_store_get_track (ChStore *store,
                    gint64   account_id,
                    GError **error)
{
  ChTrack *track;

  if (!ch_table_find (store, &ch_table_tracks, "WHERE id = ?1", CH_ARGS (CH_INT (account_id)), (gpointer *) &track, error))
    return NULL;

  if (track == NULL)
    track = g_new0 (ChTrack, 1);
  track->id = account_id;
  return track;
}

gboolean
ch_store_set_track (ChStore       *store,
                    const ChTrack *track,
                    GError       **error)
{
  return ch_store_run (store,
                       "INSERT INTO tracks VALUES (?1, ?2, ?3, ?4)"
                       " ON CONFLICT (id) DO UPDATE SET seen_to = excluded.seen_to, due = excluded.due, quiet = excluded.quiet",
                       CH_ARGS (CH_INT (track->id), CH_INT (track->seen_to), CH_INT (track->due), CH_INT (track->quiet)), error);
}

GPtrArray *
ch_store_list_due_tracks (ChStore *store,
                          gint64   now,
                          GError **error)
{
  return ch_table_list (store, &ch_table_tracks, "WHERE due > 0 AND due <= ?1 ORDER BY due, id", CH_ARGS (CH_INT (now)), error);
}

gint64
ch_store_oldest_followed (ChStore *store,
                          gint64   account_id,
                          GError **error)
{
  gint64 oldest = 0;

  ch_store_ask (store,
                "SELECT min (CASE WHEN placed_at > 0 THEN placed_at ELSE created_at END) FROM orders"
                " WHERE account_id = ?1 AND state IN ('validating', 'vetting', 'issued', 'reissuing', 'renewing')",
                CH_ARGS (CH_INT (account_id)), &oldest, error);
  return oldest;
}
