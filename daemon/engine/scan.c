/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/scan.h"

#include "engine/access.h"
#include "engine/workers.h"
#include "lib/error.h"

#include <glib/gi18n.h>

typedef struct
{
  ChWorld *world;           /* (not owned) */
  const ChTarget *target;
  ChPeer *server;           /* (owned): it is in no store */
  ChAccess *access;         /* (owned) */
  char *known;              /* (owned) (nullable) */
  GTask *task;              /* (owned) */
  GPtrArray *keys;          /* (owned) (nullable) */
  GError *error;            /* (owned) (nullable) */
} Scan;

static void
scan_free (Scan *scan)
{
  g_clear_pointer (&scan->access, ch_access_free);
  g_clear_pointer (&scan->server, ch_peer_free);
  g_clear_pointer (&scan->keys, g_ptr_array_unref);
  g_clear_object (&scan->task);
  g_clear_error (&scan->error);
  g_free (scan->known);
  g_free (scan);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scan, scan_free)

/* What is there must be right; what is missing may come later. */
static gboolean
check (const ChTarget *target,
       GHashTable     *settings,
       GError        **error)
{
  for (const ChField *field = target->fields; field->name != NULL; field++)
    {
      const char *value = ch_fields_get (target->fields, settings, field->name);

      if (value != NULL && field->check != NULL && !field->check (value, error))
        return FALSE;
    }

  return TRUE;
}

static void
work (gpointer      data,
      GCancellable *cancellable)
{
  Scan *scan = data;
  const ChServerAccess *access = ch_access_load_with (scan->access, NULL, scan->world->vault, cancellable, &scan->error);

  if (access != NULL)
    scan->keys = scan->target->scan (access, scan->known, cancellable, &scan->error);
}

static void
work_done (gpointer      data,
           GCancellable *cancellable)
{
  g_autoptr(Scan) scan = data;

  if (scan->keys != NULL)
    g_task_return_pointer (scan->task, g_steal_pointer (&scan->keys), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (scan->task, g_steal_pointer (&scan->error));
}

static gboolean
begin (Scan        *scan,
       const char  *kind,
       GHashTable  *settings,
       GError     **error)
{
  scan->target = ch_target_find (kind, error);
  if (scan->target == NULL)
    return FALSE;
  if (scan->target->scan == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("A server of the kind “%s” has no key to be known by"), kind);

  scan->server = g_new0 (ChPeer, 1);
  scan->server->role = CH_PEER_ROLE_SERVER;
  scan->server->kind = g_strdup (kind);
  scan->server->name = g_strdup (_("the new server"));
  scan->server->settings = g_hash_table_ref (settings);
  return check (scan->target, settings, error)
         && (scan->access = ch_access_new (scan->world->store, scan->server, error)) != NULL;
}

void
ch_server_scan_async (ChWorld             *world,
                      const char          *kind,
                      GHashTable          *settings,
                      const char          *known,
                      GAsyncReadyCallback  callback,
                      gpointer             data)
{
  g_autoptr(Scan) scan = g_new0 (Scan, 1);
  GError *error = NULL;

  scan->world = world;
  scan->known = g_strdup (known);
  scan->task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (scan->task, ch_server_scan_async);
  if (begin (scan, kind, settings, &error))
    ch_workers_push (world->workers, work, work_done, g_steal_pointer (&scan), NULL);
  else
    g_task_return_error (scan->task, error);
}

GPtrArray *
ch_server_scan_finish (GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
