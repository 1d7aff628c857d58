/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/contract.h"
#include "bus/objects.h"
#include "bus/rows.h"

#include "engine/job.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* Long work that a client started. */

static ChJob *
find (ChBus   *bus,
      gint64   id,
      GError **error)
{
  ChJob *job = ch_jobs_get (bus->world->jobs, id);

  if (job == NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND,
                  _("There is no job %" PRId64 "; jobs are gone an hour after their end"), id);
  return job;
}

static GVariant *
properties (ChBus          *bus,
            const ChFolder *folder,
            gint64          id,
            GError        **error)
{
  ChJob *job = find (bus, id, error);

  return job != NULL ? ch_row_job (job) : NULL;
}

static GArray *
list (ChBus          *bus,
      const ChFolder *folder,
      GError        **error)
{
  return ch_objects_ids (ch_jobs_list (bus->world->jobs));
}

static void
describe (const ChCall *call,
          ChDetails    *details)
{
  const ChJob *job = ch_jobs_get (call->bus->world->jobs, call->id);

  if (job == NULL)
    return;

  ch_details_set (details, "name", job->title);
  ch_details_set (details, "kind", job->kind);
}

const ChFolder ch_folder_jobs = {
  .name = CH_FOLDER_JOBS,
  .interface = &org_chancery_chancery1_job_interface,
  .properties = properties,
  .list = list,
  .describe = describe,
};

/* Who may start such work may stop it. */
static const char *
cancel_action (const ChCall *call)
{
  const ChJob *job = ch_jobs_get (call->bus->world->jobs, call->id);

  if (job != NULL && g_str_equal (job->kind, "deployment.run"))
    return CH_ACTION_DEPLOYMENT_RUN;
  if (job != NULL && g_str_equal (job->kind, "dns.clean"))
    return CH_ACTION_DNS_CHANGE;

  return CH_ACTION_TEST;
}

static void
cancel (ChCall *call)
{
  GError *error = NULL;
  ChJob *job = find (call->bus, call->id, &error);

  if (job != NULL)
    ch_job_cancel (job);
  ch_call_answer_done (call, job != NULL, error);
}

const ChMethod ch_job_methods[] = {
  { CH_IFACE_JOB, "Cancel", CH_ACTION_TEST, cancel, .pick_action = cancel_action },
  { NULL }
};
