/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "engine/alarm.h"
#include "engine/deployment-gate.h"
#include "engine/plan.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define REASON_MAX 500
#define UNTIL_MOST (G_GINT64_CONSTANT (10) * 366 * 24 * 60 * 60)

/* ---- pause ---- */

static gboolean
check_pause (gint64       until,
             const char  *reason,
             gint64       now,
             GError     **error)
{
  if (until != 0 && (until <= now || until > now + UNTIL_MOST))
    return ch_error_set (error, CH_ERROR_INVALID, _("A pause ends at a time to come, within ten years"));
  if (strlen (reason) > REASON_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("The reason of a pause has at most %d bytes"), REASON_MAX);
  return TRUE;
}

void
ch_deployment_take_pause (ChDeployment *deployment,
                          gint64        until,
                          const char   *reason,
                          gint64        now)
{
  deployment->paused_until = until != 0 ? until : G_MAXINT64;
  g_free (deployment->pause_reason);
  deployment->pause_reason = reason != NULL && *reason != '\0' ? g_strdup (reason) : NULL;

  /* What was due is asked about again, and then says why it waits. */
  if (deployment->due > 0 || deployment->state == CH_DEPLOYMENT_STATE_PENDING)
    deployment->due = now;
  else if (until != 0 && deployment->enabled && deployment->state != CH_DEPLOYMENT_STATE_RUNNING)
    deployment->due = until;
}

gboolean
ch_deployment_pause (ChWorld        *world,
                     gint64          id,
                     gint64          until,
                     const char     *reason,
                     const ChActor  *actor,
                     GError        **error)
{
  gint64 now = ch_now ();
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL || !check_pause (until, reason, now, error))
    return FALSE;

  ch_deployment_take_pause (deployment, until, reason, now);
  if (!ch_store_update_deployment (world->store, deployment, error)
      || !ch_store_wake_waves (world->store, now, error))
    return FALSE;

  g_autofree char *text = *reason != '\0' ? g_strdup_printf (_("Paused: %s"), reason) : g_strdup (_("Paused"));
  ch_deployment_note (world, actor, deployment, "deployment.pause", text);
  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

/* ---- and on ---- */

/* The newest certificate may be another than the one that somebody went back to, or than was there before the pause. */
gboolean
ch_deployment_catch_up (ChWorld       *world,
                        ChDeployment  *deployment,
                        GError       **error)
{
  gint64 certificate_id = deployment->certificate_id;
  ChDeploymentState state = deployment->state;

  deployment->paused_until = 0;
  g_clear_pointer (&deployment->pause_reason, g_free);
  if (!deployment->enabled || state == CH_DEPLOYMENT_STATE_RUNNING)
    return TRUE;
  if (!ch_deployment_find_certificate (world, deployment, error))
    return FALSE;

  gboolean found = deployment->certificate_id != 0;
  if (found && (deployment->certificate_id != certificate_id || state != CH_DEPLOYMENT_STATE_DEPLOYED))
    return TRUE;

  /* What there was stays. */
  deployment->certificate_id = certificate_id;
  deployment->state = state;
  deployment->due = certificate_id != 0 && state != CH_DEPLOYMENT_STATE_DEPLOYED && state != CH_DEPLOYMENT_STATE_IDLE
    ? ch_now () : 0;
  return TRUE;
}

gboolean
ch_deployment_resume (ChWorld        *world,
                      gint64          id,
                      const ChActor  *actor,
                      GError        **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (world->store, id, error);

  if (deployment == NULL)
    return FALSE;
  if (deployment->paused_until == 0)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” is not paused"), deployment->name);

  if (!ch_deployment_catch_up (world, deployment, error)
      || !ch_store_update_deployment (world->store, deployment, error)
      || !ch_store_wake_waves (world->store, ch_now (), error))
    return FALSE;

  ch_deployment_note (world, actor, deployment, "deployment.resume", _("Goes on"));
  ch_deployment_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

/* ---- back ---- */

static gboolean
check_usable (ChWorld             *world,
              const ChDeployment  *deployment,
              const ChCertificate *certificate,
              GError             **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, certificate->order_id, error);
  g_autoptr(ChPlan) plan = order != NULL ? ch_plan_parse (deployment, error) : NULL;

  if (plan == NULL)
    return FALSE;
  if (order->state == CH_ORDER_STATE_REVOKED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("The certificate that “%s” had before, of order %" PRId64 ", is revoked: there is no way back to it"),
                         deployment->name, order->id);
  if (certificate->not_after <= ch_now ())
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("The certificate that “%s” had before, of order %" PRId64 ", has ended: there is no way back to it"),
                         deployment->name, order->id);
  if (certificate->key_ref == NULL && ch_plan_needs_key (plan))
    return ch_error_set (error, CH_ERROR_NOT_FOUND,
                         _("The private key of the certificate that “%s” had before, of order %" PRId64 ", is not here any more: "
                           "there is no way back to it"), deployment->name, order->id);
  return TRUE;
}

/* Once more, and it is back at the newer one of both. */
gint64
ch_deployment_find_before (ChWorld             *world,
                           const ChDeployment  *deployment,
                           GError             **error)
{
  g_autoptr(ChRun) present = NULL, before = NULL;
  g_autoptr(ChCertificate) certificate = NULL;

  if (!ch_store_find_deployed_run (world->store, deployment->id, 0, 0, &present, error)
      || (present != NULL && present->certificate_id != 0
          && !ch_store_find_deployed_run (world->store, deployment->id, present->id, present->certificate_id, &before, error)))
    return 0;

  if (before == NULL)
    ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” has installed no other certificate before that it could go back to"),
                  deployment->name);
  else if (before->certificate_id == 0)
    ch_error_set (error, CH_ERROR_NOT_FOUND,
                  _("The certificate that “%s” had before was deleted with its order: there is no way back to it"),
                  deployment->name);
  if (before == NULL || before->certificate_id == 0)
    return 0;

  certificate = ch_store_get_certificate (world->store, before->certificate_id, error);
  return certificate != NULL && check_usable (world, deployment, certificate, error) ? certificate->id : 0;
}
