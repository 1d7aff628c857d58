/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/drift.h"

#include "deploy/install.h"
#include "engine/alarm.h"
#include "engine/deployments-private.h"
#include "engine/job.h"
#include "engine/machine.h"
#include "engine/mailer.h"
#include "engine/plan.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define HOUR (60 * 60)

/* One look at the checks of a deployment, by value. */
typedef struct
{
  ChWorld *world;             /* (not owned) */
  ChDeployment *deployment;   /* (owned) */
  ChCertificate *certificate; /* (owned) (nullable) */
  ChPlan *plan;               /* (owned) (nullable) */
  char *object;               /* (owned): the claim */
  GError *error;              /* (owned) (nullable): what was seen instead */
  char *other;                /* (owned) (nullable): the fingerprint of that */
} Drift;

static void
drift_free (Drift *drift)
{
  g_clear_pointer (&drift->deployment, ch_deployment_free);
  g_clear_pointer (&drift->certificate, ch_certificate_free);
  g_clear_pointer (&drift->plan, ch_plan_free);
  g_clear_error (&drift->error);
  g_free (drift->object);
  g_free (drift->other);
  g_free (drift);
}

/* ---- when ---- */

/* With up to a fifth more or less, so that not all are looked at in the same minute; what is wrong is looked at each
 * hour, to see when it is right again. */
gint64
ch_drift_next (ChWorld            *world,
               const ChDeployment *deployment,
               gint64              now)
{
  gint64 interval = (gint64) MAX (world->config->watch_hours, 1) * HOUR;

  if (deployment->drift != NULL)
    interval = MIN (interval, HOUR);

  return g_str_equal (deployment->checks, "[]") ? 0 : now + ch_backoff (1, interval, interval, (guint64) deployment->id);
}

/* ---- looking ---- */

static void
drift_perform (gpointer      data,
               GCancellable *cancellable)
{
  Drift *drift = data;
  ChExpected expected = { drift->certificate->fingerprint, drift->certificate->chain };

  for (guint i = 0; i < drift->plan->checks->len && drift->error == NULL; i++)
    {
      const ChPlanCheck *check = g_ptr_array_index (drift->plan->checks, i);
      ChEndpoint endpoint = { check->host, check->port, check->sni, check->start_tls };

      ch_prove_once (&endpoint, &expected, &drift->other, cancellable, &drift->error);
    }
}

/* A reissue ends when the one before ends, and may begin in the same second. */
static gboolean
is_older (const ChCertificate *one,
          const ChCertificate *than)
{
  return one->not_before != than->not_before ? one->not_before < than->not_before : one->id < than->id;
}

/* (transfer full): “ That is …”, when it is one of ours, or an empty text: an old backup, most often */
static char *
whose (const Drift *drift)
{
  ChCertificateFilter filter = { .serial = drift->other };
  g_autoptr(GPtrArray) found = drift->other != NULL
    ? ch_store_page_certificates (drift->world->store, &filter, 0, 1, NULL) : NULL;
  const ChCertificate *ours = found != NULL && found->len > 0 ? g_ptr_array_index (found, 0) : NULL;

  if (ours == NULL)
    return g_strdup ("");
  if (is_older (ours, drift->certificate))
    return g_strdup_printf (_(" That is an older certificate of ours (order %" PRId64 ")."), ours->order_id);

  return g_strdup_printf (_(" That is another certificate of ours (order %" PRId64 ")."), ours->order_id);
}

/* (transfer full) (nullable): what to tell; on the main loop */
static char *
sentence (const Drift *drift)
{
  const char *name = drift->deployment->name;
  g_autofree char *ours = whose (drift);

  if (drift->error == NULL)
    return NULL;
  if (g_error_matches (drift->error, CH_ERROR, CH_ERROR_NOT_SERVED))
    return g_strdup_printf (_("%s.%s If nobody wants that, “chancery deploy run %s” installs the right one again"),
                            drift->error->message, ours, name);

  return g_strdup_printf (_("%s. Is the service running? “chancery deploy run %s” installs and checks again"),
                          drift->error->message, name);
}

static void
tell (const Drift        *drift,
      const ChDeployment *fresh)
{
  ChWorld *world = drift->world;

  if (fresh->drift != NULL)
    ch_world_log (world, &ch_actor_daemon, "deployment.drift", drift->object, fresh->name, FALSE, "%s", fresh->drift);
  else
    ch_world_log (world, &ch_actor_daemon, "deployment.drift", drift->object, fresh->name, TRUE,
                  _("The right certificate is served again"));
  ch_mailer_hasten (world);
}

/* A run, an edit or a newer certificate may have come in meanwhile: then what was seen is about something else. */
static gboolean
drift_end (gpointer   data,
           GError   **error)
{
  Drift *drift = data;
  ChWorld *world = drift->world;
  gint64 now = ch_now ();
  g_autoptr(ChDeployment) fresh = ch_store_get_deployment (world->store, drift->deployment->id, error);

  if (fresh == NULL)
    return FALSE;
  if (fresh->state != CH_DEPLOYMENT_STATE_DEPLOYED || fresh->certificate_id != drift->deployment->certificate_id
      || !g_str_equal (fresh->checks, drift->deployment->checks))
    return TRUE;

  g_autofree char *text = sentence (drift);
  gboolean news = (text == NULL) != (fresh->drift == NULL);

  g_free (fresh->drift);
  fresh->drift = g_steal_pointer (&text);
  fresh->look_at = ch_drift_next (world, fresh, now);
  if (fresh->drift == NULL)
    fresh->deployed_at = now;
  if (!ch_store_update_deployment (world->store, fresh, error))
    return FALSE;

  if (news)
    tell (drift, fresh);
  ch_deployment_tell (world, fresh->id, CH_CHANGE_CHANGED);
  return TRUE;
}

/* @drift: (transfer full) */
static void
release (Drift *drift)
{
  ch_runner_release (drift->world->runner, drift->object);
  drift_free (drift);
}

static void
drift_done (gpointer      data,
            GCancellable *cancellable)
{
  Drift *drift = data;
  g_autofree char *object = g_strdup (drift->object);

  /* Nothing was seen by a service that stops. */
  if (g_error_matches (drift->error, CH_ERROR, CH_ERROR_CANCELLED))
    release (drift);
  else
    ch_runner_finish (drift->world->runner, object, drift_end, drift, (GDestroyNotify) drift_free);
}

/* ---- what is due ---- */

/* Without a certificate or a plan there is nothing to be seen: not until the next run. */
static gboolean
stop_looking (ChWorld      *world,
              ChDeployment *deployment,
              GError      **error)
{
  deployment->look_at = 0;
  return ch_store_update_deployment (world->store, deployment, error);
}

/* (transfer full) (nullable): with the claim; %NULL: somebody else has it. Without its deployment there is an error. */
static Drift *
drift_new (ChWorld *world,
           gint64   id,
           GError **error)
{
  g_autofree char *object = ch_object_name ("deployment", id);

  if (!ch_runner_claim (world->runner, object))
    return NULL;

  Drift *drift = g_new0 (Drift, 1);
  drift->world = world;
  drift->object = g_steal_pointer (&object);
  drift->deployment = ch_store_get_deployment (world->store, id, error);
  if (drift->deployment != NULL)
    {
      drift->certificate = ch_store_get_certificate (world->store, drift->deployment->certificate_id, NULL);
      drift->plan = ch_plan_parse (drift->deployment, NULL);
    }
  return drift;
}

static gboolean
begin (ChWorld *world,
       gint64   id,
       GError **error)
{
  Drift *drift = drift_new (world, id, error);

  if (drift == NULL)
    return TRUE;
  if (drift->certificate != NULL && drift->plan != NULL)
    {
      ch_workers_push (world->workers, drift_perform, drift_done, drift, NULL);
      return TRUE;
    }

  gboolean ok = drift->deployment != NULL && stop_looking (world, drift->deployment, error);
  release (drift);
  return ok;
}

void
ch_drift_run (ChWorld *world,
              gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_deployments_to_look_at (world->store, now, &error);
  gboolean ok = due != NULL;

  for (guint i = 0; ok && i < due->len && ch_runner_has_room (world->runner); i++)
    ok = begin (world, ((const ChDeployment *) g_ptr_array_index (due, i))->id, &error);

  if (!ok)
    ch_runner_hold (world->runner, error);
}

gboolean
ch_drift_resume (ChWorld *world,
                 GError **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->state != CH_DEPLOYMENT_STATE_DEPLOYED || deployment->look_at != 0)
        continue;
      deployment->look_at = ch_drift_next (world, deployment, ch_now ());
      if (deployment->look_at != 0 && !ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
    }

  return deployments != NULL;
}

/* ---- the job of a person who wants to know now ---- */

static gboolean
check (const Drift  *drift,
       GError      **error)
{
  const ChDeployment *deployment = drift->deployment;

  if (deployment == NULL)
    return FALSE;
  if (deployment->state != CH_DEPLOYMENT_STATE_DEPLOYED || drift->certificate == NULL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("“%s” is not deployed just now; “chancery deploy status %s” tells how it stands"),
                         deployment->name, deployment->name);
  if (drift->plan == NULL || drift->plan->checks->len == 0)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("“%s” names no endpoint to look at; “chancery deploy edit %s --check HOST:PORT” gives it one"),
                         deployment->name, deployment->name);
  return TRUE;
}

static GHashTable *
job_perform (ChJob         *job,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Drift *drift = *(Drift **) data;

  drift_perform (drift, cancellable);
  if (drift->error != NULL)
    {
      *error = g_error_copy (drift->error);
      return NULL;
    }

  ch_job_say (job, 1, _("Its certificate is served, as it should be"));
  return g_hash_table_new (g_str_hash, g_str_equal);
}

static void
job_done (ChWorld  *world,
          ChJob    *job,
          gpointer  data)
{
  Drift *drift = g_steal_pointer ((Drift **) data);
  g_autofree char *text = sentence (drift);

  if (text != NULL && job->error != NULL && job->state == CH_JOB_STATE_FAILED)
    {
      g_free (job->error->message);
      job->error->message = g_steal_pointer (&text);
    }
  drift_done (drift, NULL);
}

static void
job_free (gpointer data)
{
  Drift **drift = data;

  g_clear_pointer (drift, release);
  g_free (drift);
}

ChJob *
ch_deployment_look (ChWorld        *world,
                    gint64          id,
                    const ChActor  *actor,
                    GError        **error)
{
  if (!ch_jobs_have_room (world->jobs, actor, error))
    return NULL;

  Drift *drift = drift_new (world, id, error);
  if (drift == NULL)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("It is being run or looked at just now"));
      return NULL;
    }
  if (!check (drift, error))
    {
      release (drift);
      return NULL;
    }

  Drift **data = g_new (Drift *, 1);
  *data = drift;

  g_autofree char *path = ch_path_new (CH_FOLDER_DEPLOYMENTS, id);
  g_autofree char *title = g_strdup_printf (_("Look at what “%s” has installed"), drift->deployment->name);
  return ch_job_start (world, "deployment.look", title, path, actor, job_perform, job_done, data, job_free, error);
}
