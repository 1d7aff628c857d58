/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChEvent, INT64, id),
  CH_COLUMN (ChEvent, INT64, at),
  CH_COLUMN (ChEvent, INT64, uid),
  CH_COLUMN (ChEvent, TEXT, authority),
  CH_COLUMN (ChEvent, TEXT, action),
  CH_COLUMN (ChEvent, TEXT, object),
  CH_COLUMN (ChEvent, TEXT, name),
  CH_COLUMN (ChEvent, INT, ok),
  CH_COLUMN (ChEvent, TEXT, text),
  { NULL },
};

const ChTable ch_table_events = {
  .name = "events",
  .noun = N_("event"),
  .size = sizeof (ChEvent),
  .columns = columns,
  .free = (GDestroyNotify) ch_event_free,
};

gboolean
ch_store_add_event (ChStore *store,
                    ChEvent *event,
                    GError **error)
{
  return ch_table_insert (store, &ch_table_events, event, error);
}

GPtrArray *
ch_store_list_events (ChStore    *store,
                      const char *object,
                      gint64      before,
                      guint       limit,
                      GError    **error)
{
  gint64 below = before > 0 ? before : G_MAXINT64;

  if (object == NULL)
    return ch_table_list (store, &ch_table_events, "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
                          CH_ARGS (CH_INT (below), CH_INT (limit)), error);

  return ch_table_list (store, &ch_table_events, "WHERE object = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2",
                        CH_ARGS (CH_INT (below), CH_INT (limit), CH_TEXT (object)), error);
}
