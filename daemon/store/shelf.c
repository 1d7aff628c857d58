/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/shelf.h"

#include "store/store-private.h"

typedef struct
{
  ChVaultShelf face;
  GMutex lock;
  ChStore *store;         /* (owned): a connection of its own, used under the lock */
} Shelf;

static gboolean
put (gpointer    data,
     const char *ref,
     GBytes     *sealed,
     GError    **error)
{
  Shelf *self = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return ch_store_run (self->store,
                       "INSERT INTO secrets VALUES (?1, ?2)"
                       " ON CONFLICT (ref) DO UPDATE SET sealed = excluded.sealed",
                       CH_ARGS (CH_TEXT (ref), CH_BLOB (sealed)), error);
}

static GBytes *
get (gpointer    data,
     const char *ref,
     GError    **error)
{
  Shelf *self = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (self->store, "SELECT sealed FROM secrets WHERE ref = ?1", CH_ARGS (CH_TEXT (ref)),
                      error);

  if (statement == NULL || ch_statement_step (self->store, statement, error) != SQLITE_ROW)
    return NULL;

  return g_bytes_new (sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0));
}

static gboolean
remove_ref (gpointer    data,
            const char *ref,
            GError    **error)
{
  Shelf *self = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return ch_store_run (self->store, "DELETE FROM secrets WHERE ref = ?1", CH_ARGS (CH_TEXT (ref)), error);
}

static GStrv
list (gpointer    data,
      const char *prefix,
      GError    **error)
{
  Shelf *self = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr(sqlite3_stmt) statement =
    ch_statement_new (self->store,
                      "SELECT ref FROM secrets"
                      " WHERE ref >= ?1 AND substr (ref, 1, length (?1)) = ?1 ORDER BY ref",
                      CH_ARGS (CH_TEXT (prefix)), error);
  g_autoptr(GStrvBuilder) refs = g_strv_builder_new ();
  int result = SQLITE_ERROR;

  while (statement != NULL && (result = ch_statement_step (self->store, statement, error)) == SQLITE_ROW)
    g_strv_builder_add (refs, (const char *) sqlite3_column_text (statement, 0));

  return result == SQLITE_DONE ? g_strv_builder_end (refs) : NULL;
}

static void
free_shelf (gpointer data)
{
  Shelf *self = data;

  ch_store_close (self->store);
  g_mutex_clear (&self->lock);
  g_free (self);
}

ChVaultShelf *
ch_shelf_new (const char *path,
              GError    **error)
{
  g_autoptr(ChStore) store = ch_store_connect (path, error);
  if (store == NULL)
    return NULL;

  Shelf *self = g_new0 (Shelf, 1);
  g_mutex_init (&self->lock);
  self->store = g_steal_pointer (&store);
  self->face = (ChVaultShelf) {
    .data = self, .put = put, .get = get, .remove = remove_ref, .list = list, .free = free_shelf,
  };
  return &self->face;
}
