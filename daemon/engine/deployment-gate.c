/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployment-gate.h"

#include "engine/expiry.h"
#include "engine/windows.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

void
ch_gate_clear (ChGate *gate)
{
  g_clear_pointer (&gate->reason, g_free);
}

static char *
local_time (gint64 when)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_local (when);

  /* Translators: a day and a time, as in "Sat 2027-06-12 02:00" */
  return at != NULL ? g_date_time_format (at, _("%a %Y-%m-%d %H:%M")) : g_strdup ("?");
}

/* ---- pause ---- */

gboolean
ch_deployment_is_paused (const ChDeployment *deployment,
                         gint64              now)
{
  return deployment->paused_until > now;
}

static void
ask_pause (const ChDeployment *deployment,
           gint64              now,
           ChGate             *gate)
{
  const char *why = deployment->pause_reason;

  if (!ch_deployment_is_paused (deployment, now))
    return;

  if (deployment->paused_until == G_MAXINT64)
    gate->reason = g_strdup_printf (_("It is paused%s%s; “chancery deploy resume %s” lets it go on"),
                                    why != NULL ? ": " : "", why != NULL ? why : "", deployment->name);
  else
    {
      g_autofree char *until = local_time (deployment->paused_until);

      gate->reason = g_strdup_printf (_("It is paused until %s%s%s; “chancery deploy resume %s” lets it go on"),
                                      until, why != NULL ? ": " : "", why != NULL ? why : "", deployment->name);
      gate->until = deployment->paused_until;
    }
}

/* ---- windows ---- */

/* An older service, or a hand in the database, may have left what this one does not understand. */
static gboolean
are_readable (const ChDeployment *deployment,
              ChGate             *gate)
{
  g_autoptr(GError) error = NULL;

  if (ch_windows_check ((const char *const *) deployment->windows, &error))
    return TRUE;

  gate->reason = g_strdup_printf (_("It waits, since it is not known when it may run: %s; “chancery deploy edit %s --window …” "
                                    "mends that"), error->message, deployment->name);
  return FALSE;
}

/* What ends before the window opens is told, but the administrator's word counts. */
static gboolean
ask_windows (ChWorld             *world,
             const ChDeployment  *deployment,
             gint64               now,
             ChGate              *gate,
             GError             **error)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(ChCertificate) installed = NULL;

  if (!are_readable (deployment, gate))
    return TRUE;

  gint64 next = ch_windows_next ((const char *const *) deployment->windows, zone, now);
  if (next <= now)
    return TRUE;
  if (!ch_store_find_installed (world->store, deployment->id, &installed, error))
    return FALSE;

  g_autofree char *opens = local_time (next);
  gate->until = next;
  if (installed == NULL || installed->not_after > next)
    gate->reason = g_strdup_printf (_("It waits for its maintenance window, which opens on %s"), opens);
  else
    {
      g_autofree char *ends = local_time (installed->not_after);

      gate->reason = g_strdup_printf (_("It waits for its maintenance window, which opens on %s, but the certificate that is "
                                        "installed ends before, on %s: “chancery deploy run %s --now” does not wait"),
                                      opens, ends, deployment->name);
    }
  return TRUE;
}

/* ---- waves ---- */

static gboolean
ask_wave (ChWorld             *world,
          const ChDeployment  *deployment,
          ChGate              *gate,
          GError             **error)
{
  g_autoptr(ChDeployment) ahead = NULL;

  if (deployment->wave == 0)
    return TRUE;
  if (!ch_store_find_ahead (world->store, deployment, &ahead, error))
    return FALSE;

  if (ahead != NULL && ahead->state == CH_DEPLOYMENT_STATE_FAILED)
    gate->reason = g_strdup_printf (_("“%s” of wave %u has failed, so wave %u is not touched until that is mended; "
                                      "“chancery deploy run %s” installs it all the same"),
                                    ahead->name, ahead->wave, deployment->wave, deployment->name);
  else if (ahead != NULL)
    gate->reason = g_strdup_printf (_("It waits for “%s” of wave %u to be deployed"), ahead->name, ahead->wave);
  return TRUE;
}

/* ---- all ---- */

static gboolean
is_interrupted (ChWorld             *world,
                const ChDeployment  *deployment,
                gboolean            *interrupted,
                GError             **error)
{
  g_autoptr(GPtrArray) runs = ch_store_list_runs (world->store, deployment->id, 1, error);

  if (runs == NULL)
    return FALSE;

  *interrupted = runs->len > 0 && g_str_equal (((const ChRun *) g_ptr_array_index (runs, 0))->result, "interrupted");
  return TRUE;
}

gboolean
ch_gate_ask_person (ChWorld             *world,
                    const ChDeployment  *deployment,
                    gint64               now,
                    ChGate              *gate,
                    GError             **error)
{
  gboolean interrupted;

  *gate = (ChGate) { NULL, 0 };
  if (!is_interrupted (world, deployment, &interrupted, error))
    return FALSE;
  if (interrupted)
    return TRUE;

  ask_pause (deployment, now, gate);
  return gate->reason != NULL || ask_windows (world, deployment, now, gate, error);
}

gboolean
ch_gate_ask (ChWorld             *world,
             const ChDeployment  *deployment,
             gint64               now,
             ChGate              *gate,
             GError             **error)
{
  gboolean interrupted;

  if (!ch_gate_ask_person (world, deployment, now, gate, error))
    return FALSE;
  if (gate->reason != NULL)
    return TRUE;

  return is_interrupted (world, deployment, &interrupted, error)
         && (interrupted || ask_wave (world, deployment, gate, error));
}

gboolean
ch_deployment_waits_too_long (ChStore            *store,
                              const ChDeployment *deployment,
                              gint64              now)
{
  g_autoptr(ChCertificate) installed = NULL;

  if (deployment->state != CH_DEPLOYMENT_STATE_PENDING || deployment->reason == NULL
      || !ch_store_find_installed (store, deployment->id, &installed, NULL) || installed == NULL)
    return FALSE;

  return installed->not_after < MAX (deployment->due, now + CH_EXPIRY_LAST_DAYS * DAY);
}
