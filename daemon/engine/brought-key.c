/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/brought-key.h"

#include "deploy/files.h"
#include "deploy/target.h"
#include "engine/access.h"
#include "engine/alarm.h"
#include "engine/bin.h"
#include "engine/deployments-private.h"
#include "engine/effects.h"
#include "engine/plan.h"
#include "engine/replacer.h"
#include "engine/secrets.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"
#include "pki/key.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define PATHS_MAX 100

/* A key on its way to an order. */
typedef struct
{
  ChWorld *world;           /* (not owned) */
  ChOrder *order;           /* (owned) */
  GHashTable *wanted;       /* (element-type utf8) (owned): public halves that the order has no key to */
  ChBinKey *expected;       /* (owned): where the bin knows of it until it is attached */
  char *public_key;         /* (owned) (nullable): of the one that was kept in the vault */
  gint64 uid;
  char *authority;          /* (owned) */
  GError *error;            /* (owned) (nullable) */

  GTask *task;              /* (owned) (nullable): attach */
  GBytes *pem;              /* (owned) (nullable) */
  char *password;           /* (owned) (nullable) */

  ChPeer *server;           /* (owned) (nullable): find */
  ChAccess *access;         /* (owned) (nullable): to it */
  GPtrArray *paths;         /* (element-type utf8) (owned) (nullable) */
} Brought;

static void
brought_free (Brought *brought)
{
  g_clear_pointer (&brought->order, ch_order_free);
  g_clear_pointer (&brought->wanted, g_hash_table_unref);
  g_clear_pointer (&brought->expected, ch_bin_key_free);
  g_clear_pointer (&brought->access, ch_access_free);
  g_clear_pointer (&brought->server, ch_peer_free);
  g_clear_pointer (&brought->paths, g_ptr_array_unref);
  g_clear_pointer (&brought->pem, g_bytes_unref);
  g_clear_object (&brought->task);
  g_clear_error (&brought->error);
  ch_secret_free (brought->password);
  g_free (brought->public_key);
  g_free (brought->authority);
  g_free (brought);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Brought, brought_free)

/* ---- the beginning ---- */

static gboolean
find_wanted (Brought  *brought,
             GError  **error)
{
  const ChOrder *order = brought->order;
  g_autoptr(GPtrArray) certificates = ch_store_list_certificates (brought->world->store, order->id, error);

  brought->wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    {
      const ChCertificate *certificate = certificates->pdata[i];

      if (certificate->key_ref == NULL)
        g_hash_table_add (brought->wanted, g_strdup (certificate->public_key));
    }
  if (order->key_ref == NULL && order->public_key != NULL)
    g_hash_table_add (brought->wanted, g_strdup (order->public_key));

  return certificates != NULL
         && (g_hash_table_size (brought->wanted) > 0
             || ch_error_set (error, CH_ERROR_EXISTS, _("The keys of order %" PRId64 " are all here"), order->id));
}

static Brought *
brought_new (ChWorld        *world,
             gint64          order_id,
             const ChActor  *actor,
             GError        **error)
{
  g_autoptr(Brought) brought = g_new0 (Brought, 1);

  brought->world = world;
  brought->uid = actor->uid;
  brought->authority = g_strdup (actor->authority);
  brought->order = ch_store_get_order (world->store, order_id, error);
  return brought->order != NULL && find_wanted (brought, error) ? g_steal_pointer (&brought) : NULL;
}

static gboolean
expect (Brought  *brought,
        GError  **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *ref = g_strdup_printf ("key/%s", uuid);

  brought->expected = ch_bin_expect (brought->world, ref, brought->order, error);
  return brought->expected != NULL;
}

/* ---- on a worker ---- */

static gboolean
keep (Brought       *brought,
      GBytes        *pem,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(GBytes) key = ch_key_import (pem, brought->password, NULL, error);
  g_autofree char *hash = key != NULL ? ch_key_public_hash (key, error) : NULL;
  g_autofree char *label = g_strdup_printf (_("Private key of %s"), brought->order->names[0]);

  if (hash == NULL)
    return FALSE;
  if (!g_hash_table_contains (brought->wanted, hash))
    return ch_error_set (error, CH_ERROR_INVALID, _("This private key belongs to no certificate of order %" PRId64 " that lacks one"),
                         brought->order->id);
  if (!ch_vault_store (brought->world->vault, brought->expected->ref, label, key, cancellable, error))
    return FALSE;

  brought->public_key = g_steal_pointer (&hash);
  return TRUE;
}

static void
attach_perform (gpointer      data,
                GCancellable *cancellable)
{
  Brought *brought = data;

  keep (brought, brought->pem, cancellable, &brought->error);
}

/* ---- the end ---- */

gboolean
ch_keys_attached (ChWorld  *world,
                  GArray   *ids,
                  GError  **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr(ChOrder) order = ch_store_get_order (world->store, g_array_index (ids, gint64, i), error);
      g_autoptr(ChCertificate) in_force = NULL;
      g_autoptr(ChOrder) renewal = NULL;

      if (order == NULL || !ch_store_find_renewal (world->store, order->id, &renewal, error))
        return FALSE;
      if (order->imported_at == 0 || order->state != CH_ORDER_STATE_ISSUED || order->step != CH_ORDER_STEP_NONE
          || order->key_ref == NULL || (renewal != NULL && renewal->issued_at != 0))
        continue;

      in_force = ch_store_find_certificate (world->store, order->id, error);
      if (in_force == NULL)
        return FALSE;

      order->auto_replace = TRUE;
      ch_replacer_issued (world, order, in_force, ch_now ());
      if (!ch_store_update_order (world->store, order, error))
        return FALSE;
    }

  return TRUE;
}

/* What could not be installed for want of the key is tried now. */
static gboolean
wake_deployments (ChWorld     *world,
                  const char  *public_key,
                  GError     **error)
{
  g_autoptr(GPtrArray) list = ch_store_list_deployments (world->store, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      ChDeployment *deployment = list->pdata[i];
      g_autoptr(ChCertificate) certificate = deployment->certificate_id != 0 && deployment->enabled
        ? ch_store_get_certificate (world->store, deployment->certificate_id, NULL) : NULL;

      if (certificate == NULL || !g_str_equal (certificate->public_key, public_key)
          || deployment->state == CH_DEPLOYMENT_STATE_DEPLOYED)
        continue;

      deployment->due = ch_now ();
      deployment->failures = 0;
      if (!ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
    }

  return list != NULL;
}

static GArray *
write_attached (Brought  *brought,
                GError  **error)
{
  ChWorld *world = brought->world;
  ChActor actor = { brought->uid, brought->authority };
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(GArray) ids = transaction != NULL
    ? ch_store_attach_key (world->store, brought->expected->ref, brought->public_key, error) : NULL;

  if (ids != NULL && ids->len == 0)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND, _("Order %" PRId64 " has gone, or has got its key meanwhile"), brought->order->id);
      return NULL;
    }
  if (ids == NULL || !ch_bin_forget (world, brought->expected, error) || !ch_keys_attached (world, ids, error)
      || !wake_deployments (world, brought->public_key, error))
    return NULL;

  ch_order_note (world, &actor, brought->order, "key.attach", _("Got the private key of its certificate"));
  return ch_store_transaction_commit (transaction, error) ? g_steal_pointer (&ids) : NULL;
}

/* What was kept and is not attached is removed again. */
static void
attach (Brought  *brought,
        GError  **error)
{
  g_autoptr(GArray) ids = brought->public_key != NULL ? write_attached (brought, error) : NULL;

  if (ids == NULL)
    ch_bin_hurry (brought->world, brought->expected);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    ch_order_tell (brought->world, g_array_index (ids, gint64, i), CH_CHANGE_CHANGED);
}

static void
attach_done (gpointer      data,
             GCancellable *cancellable)
{
  g_autoptr(Brought) brought = data;

  attach (brought, brought->error == NULL ? &brought->error : NULL);
  if (brought->error != NULL)
    g_task_return_error (brought->task, g_steal_pointer (&brought->error));
  else
    g_task_return_boolean (brought->task, TRUE);
}

void
ch_key_attach_async (ChWorld              *world,
                     gint64                order_id,
                     GBytes               *pem,
                     const char           *password,
                     const ChActor        *actor,
                     GAsyncReadyCallback   callback,
                     gpointer              data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);
  GError *error = NULL;
  g_autoptr(Brought) brought = brought_new (world, order_id, actor, &error);

  g_task_set_source_tag (task, ch_key_attach_async);
  if (brought == NULL || !expect (brought, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  brought->task = g_steal_pointer (&task);
  brought->pem = g_bytes_ref (pem);
  brought->password = g_strdup (password);
  ch_workers_push (world->workers, attach_perform, attach_done, g_steal_pointer (&brought), NULL);
}

gboolean
ch_key_attach_finish (GAsyncResult  *result,
                      GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- looking for it on a server ---- */

static gboolean
try_file (Brought               *brought,
          ChJob                 *job,
          const ChTarget        *target,
          const ChServerAccess  *access,
          const char            *path,
          GCancellable          *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = target->read (access, path, cancellable, &error);

  if (content != NULL && keep (brought, content, cancellable, &error))
    {
      ch_job_say (job, 1, _("The key in “%s” belongs to the order"), path);
      return TRUE;
    }

  if (!g_error_matches (error, CH_ERROR, CH_ERROR_NOT_FOUND))
    ch_job_say (job, -1, "“%s”: %s", path, error->message);
  else
    ch_job_say (job, -1, _("There is no file “%s”"), path);
  return FALSE;
}

/* A file may hold certificates beside the key: of the others nothing is told. */
static GHashTable *
find_work (ChJob         *job,
           gpointer       data,
           GCancellable  *cancellable,
           GError       **error)
{
  Brought *brought = data;
  const ChTarget *target = ch_target_find (brought->server->kind, error);
  const ChServerAccess *access = target != NULL ? ch_access_load (brought->access, brought->world->vault, cancellable, error) : NULL;

  for (guint i = 0; access != NULL && i < brought->paths->len; i++)
    {
      const char *path = brought->paths->pdata[i];

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (!try_file (brought, job, target, access, path, cancellable))
        continue;

      GHashTable *result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (result, g_strdup ("path"), g_strdup (path));
      return result;
    }

  if (access != NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _("None of the files on “%s” holds a key of order %" PRId64 "; name one with --path, attach it with "
                                               "“chancery key attach”, or get a certificate with a new key by “chancery order reissue "
                                               "%" PRId64 "”"), brought->server->name, brought->order->id, brought->order->id);
  return NULL;
}

static void
find_done (ChWorld  *world,
           ChJob    *job,
           gpointer  data)
{
  attach (data, job->error == NULL ? &job->error : NULL);
  if (job->error != NULL && job->state == CH_JOB_STATE_DONE)
    job->state = CH_JOB_STATE_FAILED;
}

static void
add_path (Brought     *brought,
          const char  *path)
{
  if (brought->paths->len < PATHS_MAX && !g_ptr_array_find_with_equal_func (brought->paths, path, g_str_equal, NULL))
    g_ptr_array_add (brought->paths, g_strdup (path));
}

/* Where deployments for these names would put it. */
static gboolean
add_deployed (Brought  *brought,
              GError  **error)
{
  g_autoptr(GPtrArray) list = ch_store_list_deployments (brought->world->store, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const ChDeployment *deployment = list->pdata[i];
      g_autoptr(ChPlan) plan = deployment->server_id == brought->server->id
                               && ch_deployment_wants (deployment, (const char *const *) brought->order->names)
        ? ch_plan_parse (deployment, NULL) : NULL;

      for (guint k = 0; plan != NULL && k < plan->files->len; k++)
        {
          const ChPlanFile *file = plan->files->pdata[k];

          if (ch_part_is_secret (file->part))
            add_path (brought, file->path);
        }
    }

  return list != NULL;
}

static gboolean
collect_paths (Brought            *brought,
               const char *const  *paths,
               GError            **error)
{
  const ChTarget *target = ch_target_find (brought->server->kind, error);

  if (target == NULL)
    return FALSE;
  if (target->read == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Keys cannot be looked for on a server of the kind “%s”"), target->kind);

  brought->paths = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      if (!ch_target_check_path (paths[i], error))
        return FALSE;
      add_path (brought, paths[i]);
    }

  return add_deployed (brought, error)
         && (brought->paths->len > 0
             || ch_error_set (error, CH_ERROR_INVALID, _("No deployment on “%s” is for the names of order %" PRId64 "; say in which file its key "
                                                         "is"), brought->server->name, brought->order->id));
}

ChJob *
ch_key_find (ChWorld            *world,
             gint64              order_id,
             const char         *server,
             const char *const  *paths,
             const ChActor      *actor,
             GError            **error)
{
  g_autoptr(Brought) brought = brought_new (world, order_id, actor, error);

  if (brought == NULL)
    return NULL;

  brought->server = ch_store_find_peer (world->store, CH_PEER_ROLE_SERVER, server, error);
  if (brought->server == NULL || (brought->access = ch_access_new (world->store, brought->server, error)) == NULL
      || !collect_paths (brought, paths, error) || !ch_jobs_have_room (world->jobs, actor, error)
      || !expect (brought, error))
    return NULL;

  g_autofree char *title = g_strdup_printf (_("Look for the key of order %" PRId64 " on %s"), order_id, brought->server->name);
  g_autofree char *path = ch_path_new (CH_FOLDER_ORDERS, order_id);
  return ch_job_start (world, "key.find", title, path, actor, find_work, find_done, g_steal_pointer (&brought),
                       (GDestroyNotify) brought_free, error);
}
