/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "deploy/files.h"
#include "deploy/install.h"
#include "engine/access.h"
#include "engine/alarm.h"
#include "engine/drift.h"
#include "engine/effects.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/plan.h"
#include "engine/secrets.h"
#include "lib/error.h"
#include "pki/chain.h"
#include "pki/key.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <json-glib/json-glib.h>

#define RETRY_FIRST 30
#define RETRY_MOST (60 * 60)

struct _ChInstall
{
  ChWorld *world;             /* (not owned); a worker uses its vault and nothing else of it */
  ChDeployment *deployment;   /* (owned) */
  ChPeer *server;             /* (owned) */
  ChAccess *access;           /* (owned): to it */
  ChCertificate *certificate; /* (owned) */
  ChOrder *order;             /* (owned) */
  ChRun *run;                 /* (owned) */
  ChPlan *plan;               /* (owned) */
  JsonBuilder *steps;         /* (owned) (nullable): until it has ended */
  ChJob *job;                 /* (not owned) (nullable) */
  GError *failure;            /* (owned) (nullable): how it went */
  gboolean goes_back;         /* to an earlier certificate, as a person wants it */
  ChDeploymentState was;      /* before that */
  char *was_reason;           /* (owned) (nullable) */
};

void
ch_install_free (ChInstall *install)
{
  g_clear_pointer (&install->deployment, ch_deployment_free);
  g_clear_pointer (&install->access, ch_access_free);
  g_clear_pointer (&install->server, ch_peer_free);
  g_clear_pointer (&install->certificate, ch_certificate_free);
  g_clear_pointer (&install->order, ch_order_free);
  g_clear_pointer (&install->run, ch_run_free);
  g_clear_pointer (&install->plan, ch_plan_free);
  g_clear_object (&install->steps);
  g_clear_error (&install->failure);
  g_free (install->was_reason);
  g_free (install);
}

/* ---- begin ---- */

static gboolean
read_inputs (ChInstall *install,
             gint64     id,
             gint64     back_to,
             GError   **error)
{
  ChStore *store = install->world->store;

  install->deployment = ch_store_get_deployment (store, id, error);
  if (install->deployment == NULL)
    return FALSE;

  if (!ch_deployment_installs (install->deployment))
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” has no files to install: it only takes those that prove control of names"),
                         install->deployment->name);

  gint64 certificate_id = back_to != 0 ? back_to : install->deployment->certificate_id;
  if (certificate_id == 0)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("There is no certificate for %s yet; order one that covers its names"),
                         install->deployment->name);

  install->server = ch_store_get_peer (store, CH_PEER_ROLE_SERVER, install->deployment->server_id, error);
  if (install->server == NULL)
    return FALSE;

  if (install->server->state == CH_PEER_STATE_DISABLED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("The server “%s” is disabled; enable it to go on"), install->server->name);

  install->access = ch_access_new (store, install->server, error);
  if (install->access == NULL)
    return FALSE;

  install->certificate = ch_store_get_certificate (store, certificate_id, error);
  install->order = install->certificate != NULL ? ch_store_get_order (store, install->certificate->order_id, error) : NULL;
  if (install->order == NULL)
    return FALSE;

  install->plan = ch_plan_parse (install->deployment, error);
  return install->plan != NULL;
}

static gboolean
note_begin (ChInstall *install,
            GError   **error)
{
  ChStore *store = install->world->store;
  ChRun *run = install->run = g_new0 (ChRun, 1);

  install->was = install->deployment->state;
  install->was_reason = g_strdup (install->deployment->reason);
  g_clear_pointer (&install->deployment->reason, g_free);
  install->deployment->state = CH_DEPLOYMENT_STATE_RUNNING;
  install->deployment->due = 0;
  run->deployment_id = install->deployment->id;
  run->certificate_id = install->certificate->id;
  run->started_at = ch_now ();
  run->result = g_strdup ("running");
  run->steps = g_strdup ("[]");
  return ch_store_update_deployment (store, install->deployment, error)
         && ch_store_add_run (store, run, error);
}

ChInstall *
ch_install_begin (ChWorld  *world,
                  gint64    deployment_id,
                  gint64    back_to,
                  GError  **error)
{
  g_autoptr(ChInstall) install = g_new0 (ChInstall, 1);
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  install->world = world;
  install->goes_back = back_to != 0;
  install->steps = json_builder_new ();
  json_builder_begin_array (install->steps);
  if (transaction == NULL || !read_inputs (install, deployment_id, back_to, error)
      || !note_begin (install, error)
      || !ch_store_transaction_commit (transaction, error))
    return NULL;

  return g_steal_pointer (&install);
}

/* ---- perform ---- */

static void
note_cb (const char *step,
         gboolean    ok,
         const char *text,
         gpointer    data)
{
  ChInstall *install = data;

  json_builder_begin_object (install->steps);
  json_builder_set_member_name (install->steps, "at");
  json_builder_add_int_value (install->steps, ch_now ());
  json_builder_set_member_name (install->steps, "step");
  json_builder_add_string_value (install->steps, step);
  json_builder_set_member_name (install->steps, "ok");
  json_builder_add_boolean_value (install->steps, ok);
  json_builder_set_member_name (install->steps, "text");
  json_builder_add_string_value (install->steps, text);
  json_builder_end_object (install->steps);

  /* What failed is told by the job's error. */
  if (install->job != NULL && ok)
    ch_job_say (install->job, -1, "%s", text);
}

static GBytes *
load_key (ChInstall     *install,
          GCancellable  *cancellable,
          GError       **error)
{
  if (install->certificate->key_ref == NULL)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND,
                    _("The private key of order %" PRId64 " is not here; it stayed with whoever made the certificate request. "
                      "Bring it with “chancery key attach %" PRId64 "”, look for it on a server with “chancery key find %" PRId64 "”, or get a "
                      "certificate with a new key, free inside the term, by “chancery order reissue %" PRId64 "”"),
                    install->order->id, install->order->id, install->order->id, install->order->id);
      return NULL;
    }

  return ch_vault_lookup (install->world->vault, install->certificate->key_ref, cancellable, error);
}

/* Not every service tells by its own test that the two do not belong together: Apache ends at the reload, and Postfix
 * turns visitors away. */
static gboolean
check_key (const ChInstall  *install,
           GBytes           *key,
           GError          **error)
{
  g_autoptr(ChCert) leaf = ch_cert_parse (install->certificate->pem, error);
  g_autofree char *hash = leaf != NULL ? ch_key_public_hash (key, error) : NULL;

  if (hash == NULL)
    return FALSE;
  if (g_str_equal (hash, leaf->public_key))
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("The private key that is kept for order %" PRId64 " belongs to another certificate, so nothing was touched. "
                         "Bring the right one with “chancery key attach %" PRId64 "”, or get a certificate with a new key, free "
                         "inside the term, by “chancery order reissue %" PRId64 "”"),
                       install->order->id, install->order->id, install->order->id);
}

static void
target_file_free (ChTargetFile *file)
{
  g_clear_pointer (&file->content, g_bytes_unref);
  g_free (file);
}

static GPtrArray *
make_files (ChInstall     *install,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) target_file_free);
  g_autoptr(GBytes) key = NULL;
  g_autoptr(GHashTable) secrets = ch_deployment_secrets_load (install->world->vault, install->deployment, cancellable, error);

  if (secrets == NULL
      || (ch_plan_needs_key (install->plan)
          && ((key = load_key (install, cancellable, error)) == NULL || !check_key (install, key, error))))
    return NULL;

  ChPartSource source = {
    .leaf = install->certificate->pem,
    .chain = install->certificate->chain,
    .root = install->certificate->root,
    .key = key,
  };
  for (guint i = 0; i < install->plan->files->len; i++)
    {
      const ChPlanFile *planned = g_ptr_array_index (install->plan->files, i);
      ChTargetFile *file = g_new0 (ChTargetFile, 1);
      const ChPartForm form = {
        .part = planned->part, .format = planned->format, .alias = planned->alias,
        .password = g_hash_table_lookup (secrets, CH_DEPLOYMENT_PASSWORD),
      };

      g_ptr_array_add (files, file);
      file->path = planned->path;
      file->owner = planned->owner;
      file->group = planned->group;
      file->mode = planned->mode;
      file->secret = ch_part_is_secret (planned->part);
      file->content = ch_part_content (&source, &form, cancellable, error);
      if (file->content == NULL)
        return NULL;
    }

  return g_steal_pointer (&files);
}

static GArray *
make_endpoints (const ChPlan *plan)
{
  GArray *endpoints = g_array_new (FALSE, TRUE, sizeof (ChEndpoint));

  for (guint i = 0; i < plan->checks->len; i++)
    {
      const ChPlanCheck *check = g_ptr_array_index (plan->checks, i);
      ChEndpoint endpoint = { .host = check->host, .port = check->port, .sni = check->sni,
                              .start_tls = check->start_tls, .patience = check->patience };

      g_array_append_val (endpoints, endpoint);
    }

  return endpoints;
}

static gboolean
perform (ChInstall     *install,
         GCancellable  *cancellable,
         GError       **error)
{
  if (install->goes_back)
    note_cb ("go-back", TRUE, _("A person wants the certificate that was installed before."), install);

  const ChTarget *target = ch_target_find (install->server->kind, error);
  const ChServerAccess *access = target != NULL ? ch_access_load (install->access, install->world->vault, cancellable, error) : NULL;
  g_autoptr(GPtrArray) files = access != NULL ? make_files (install, cancellable, error) : NULL;
  g_autoptr(GArray) endpoints = make_endpoints (install->plan);

  if (files == NULL)
    return FALSE;

  ChInstallPlan plan = {
    .target = target,
    .access = access,
    .files = files,
    .test = ch_plan_action (&install->plan->test),
    .action = ch_plan_action (&install->plan->action),
    .endpoints = endpoints,
    .fingerprint = install->certificate->fingerprint,
    .chain = install->certificate->chain,
  };
  return ch_install_run (&plan, note_cb, install, cancellable, error);
}

gboolean
ch_install_perform (ChInstall     *install,
                    ChJob         *job,
                    GCancellable  *cancellable,
                    GError       **error)
{
  install->job = job;
  if (perform (install, cancellable, &install->failure))
    return TRUE;

  ch_effect_mend_error (&install->failure, cancellable);
  if (error != NULL)
    *error = g_error_copy (install->failure);
  return FALSE;
}

/* ---- end ---- */

/* The certificate may have been deleted with its order. */
static void
end_run (ChInstall          *install,
         const ChDeployment *fresh,
         gint64              now)
{
  ChRun *run = install->run;

  if (install->steps != NULL)
    {
      json_builder_end_array (install->steps);
      g_autoptr(JsonNode) steps = json_builder_get_root (install->steps);

      g_free (run->steps);
      run->steps = json_to_string (steps, FALSE);
      g_clear_object (&install->steps);
    }

  if (fresh->certificate_id == 0)
    run->certificate_id = 0;
  run->finished_at = now;
  g_free (run->result);
  run->result = g_strdup (install->failure == NULL ? "deployed" : "failed");
  g_free (run->error);
  run->error = install->failure != NULL ? g_strdup (install->failure->message) : NULL;
}

static void
take_result (ChDeployment *fresh,
             const GError *failure,
             gint64        now)
{
  g_clear_pointer (&fresh->reason, g_free);
  if (failure == NULL)
    {
      fresh->state = CH_DEPLOYMENT_STATE_DEPLOYED;
      fresh->failures = 0;
      fresh->due = 0;
      fresh->deployed_at = now;
      g_clear_pointer (&fresh->drift, g_free);
    }
  else if (g_error_matches (failure, CH_ERROR, CH_ERROR_CANCELLED))
    {
      fresh->state = CH_DEPLOYMENT_STATE_PENDING;
      fresh->due = now + RETRY_FIRST;
    }
  else
    {
      fresh->state = CH_DEPLOYMENT_STATE_FAILED;
      fresh->failures++;
      fresh->due = now + ch_backoff (fresh->failures, RETRY_FIRST, RETRY_MOST, (guint64) fresh->id);
      fresh->reason = g_strdup (failure->message);
    }
}

/* Going back is not tried again: it was a person's wish of that moment. What is there then is what was there before. */
static void
end_going_back (ChInstall    *install,
                ChDeployment *fresh,
                gint64        now)
{
  if (install->failure == NULL)
    ch_deployment_take_pause (fresh, 0, _("a person went back to an earlier certificate"), now);
  if (fresh->state != CH_DEPLOYMENT_STATE_RUNNING)
    return;

  if (install->failure == NULL)
    {
      fresh->certificate_id = install->certificate->id;
      take_result (fresh, NULL, now);
      fresh->look_at = ch_drift_next (install->world, fresh, now);
      return;
    }

  fresh->state = install->was;
  fresh->due = install->was == CH_DEPLOYMENT_STATE_PENDING || install->was == CH_DEPLOYMENT_STATE_FAILED ? now : 0;
  g_free (fresh->reason);
  fresh->reason = g_strdup (install->was_reason);
}

/* A newer certificate, an edit or a stop may have come in meanwhile: they win. */
static gboolean
end_deployment (ChInstall     *install,
                ChDeployment  *fresh,
                gint64         now,
                GError       **error)
{
  if (install->goes_back)
    end_going_back (install, fresh, now);
  else if (fresh->state != CH_DEPLOYMENT_STATE_RUNNING)
    return TRUE;
  else if (fresh->certificate_id == install->certificate->id)
    {
      take_result (fresh, install->failure, now);
      fresh->look_at = fresh->state == CH_DEPLOYMENT_STATE_DEPLOYED ? ch_drift_next (install->world, fresh, now) : 0;
    }
  else
    fresh->state = CH_DEPLOYMENT_STATE_IDLE;

  if (!fresh->enabled)
    {
      fresh->state = CH_DEPLOYMENT_STATE_STOPPED;
      fresh->due = 0;
    }
  return ch_store_update_deployment (install->world->store, fresh, error);
}

static void
log_end (ChInstall *install)
{
  g_autofree char *object = ch_object_name ("deployment", install->deployment->id);
  const GError *failure = install->failure;

  if (failure == NULL && install->plan->checks->len == 0)
    ch_world_log (install->world, &ch_actor_daemon, "deployment.deployed", object, install->deployment->name, TRUE,
                  _("Installed on %s; no check is set up that would see it being served"), install->server->name);
  else if (failure == NULL)
    ch_world_log (install->world, &ch_actor_daemon, "deployment.deployed", object, install->deployment->name, TRUE,
                  _("Installed on %s and seen being served"), install->server->name);
  else
    ch_world_log (install->world, &ch_actor_daemon, "deployment.failed", object, install->deployment->name, FALSE,
                  "%s", failure->message);
}

gboolean
ch_install_end (gpointer   data,
                GError   **error)
{
  ChInstall *install = data;
  ChWorld *world = install->world;
  gint64 now = ch_now ();
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChDeployment) fresh = transaction != NULL
    ? ch_store_get_deployment (world->store, install->deployment->id, error) : NULL;

  if (fresh == NULL)
    return FALSE;

  end_run (install, fresh, now);
  if (!ch_store_update_run (world->store, install->run, error)
      || !end_deployment (install, fresh, now, error)
      || !ch_store_wake_waves (world->store, now, error)
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  log_end (install);
  ch_deployment_tell (world, install->deployment->id, CH_CHANGE_CHANGED);
  return TRUE;
}
