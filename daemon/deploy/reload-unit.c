/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/actions.h"

#include "deploy/wait.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* org.freedesktop.systemd1(5), the manager object. */
#define SYSTEMD_NAME "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER "org.freedesktop.systemd1.Manager"

#define CALL_TIMEOUT (25 * 1000)
#define JOB_TIMEOUT (120 * 1000)    /* above DefaultTimeoutStartSec=, which ends most jobs that hang */

/* A connection of our own: its signals come to this thread, and losing it harms nobody else. */
static GDBusConnection *
connect_to_bus (GCancellable *cancellable,
                GError      **error)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, cancellable, error);

  if (address == NULL)
    return NULL;

  return g_dbus_connection_new_for_address_sync (address,
                                                 G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                 | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                 NULL, cancellable, error);
}

/* Returns: (nullable): systemd's unique name, by which nobody else's signals pass for its own. */
static char *
find_systemd (GDBusConnection *bus,
              GCancellable    *cancellable,
              GError         **error)
{
  char *owner;
  g_autoptr(GVariant) reply =
    g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                 "GetNameOwner", g_variant_new ("(s)", SYSTEMD_NAME), G_VARIANT_TYPE ("(s)"),
                                 G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT, cancellable, error);

  if (reply == NULL)
    return NULL;

  g_variant_get (reply, "(s)", &owner);
  return owner;
}

static GVariant *
call (GDBusConnection *bus,
      const char      *systemd,
      const char      *method,
      GVariant        *arguments,
      const char      *type,
      GCancellable    *cancellable,
      GError         **error)
{
  return g_dbus_connection_call_sync (bus, systemd, SYSTEMD_PATH, SYSTEMD_MANAGER, method, arguments,
                                      G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT,
                                      cancellable, error);
}

/* Jobs that end are all noted: ours may end before the answer comes that tells which one is ours. */
static void
job_removed_cb (GDBusConnection *bus,
                const char      *sender,
                const char      *path,
                const char      *interface,
                const char      *signal,
                GVariant        *arguments,
                gpointer         data)
{
  GHashTable *results = data;
  char *job, *result;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(uoss)")))
    return;

  g_variant_get (arguments, "(uos&s)", NULL, &job, NULL, &result);
  g_hash_table_replace (results, job, g_strdup (result));
}

static gboolean
fail_to_ask (GError     **error,
             const char  *unit,
             GError      *reason)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (reason);

  g_dbus_error_strip_remote_error (reason);
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Reloading “%s” was cancelled"), unit);

  if (g_strcmp0 (remote, "org.freedesktop.DBus.Error.AccessDenied") == 0
      || g_strcmp0 (remote, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired") == 0)
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("systemd does not let the daemon reload “%s”: allow its user the polkit action "
                           "org.freedesktop.systemd1.manage-units for that unit"), unit);

  return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("systemd did not reload “%s”: %s"), unit,
                       reason->message);
}

static gboolean
wait_for_job (ChWait          *wait,
              GDBusConnection *bus,
              GHashTable      *results,
              const char      *job,
              const char      *unit,
              GError         **error)
{
  ChWaitResult turn = CH_WAIT_WOKEN;

  while (turn == CH_WAIT_WOKEN && !g_hash_table_contains (results, job) && !g_dbus_connection_is_closed (bus))
    turn = ch_wait_turn (wait);

  const char *result = g_hash_table_lookup (results, job);

  if (g_strcmp0 (result, "done") == 0)
    return TRUE;
  if (result != NULL)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                         _("Reloading “%s” ended as “%s”: “systemctl status %s” tells why"),
                         unit, result, unit);
  if (turn == CH_WAIT_CANCELLED)
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Reloading “%s” was cancelled"), unit);
  if (turn == CH_WAIT_TIMED_OUT)
    return ch_error_set (error, CH_ERROR_ACTION_FAILED, _("Reloading “%s” did not end within two minutes"),
                         unit);

  return ch_error_set (error, CH_ERROR_ACTION_FAILED,
                       _("The system bus was lost while “%s” was being reloaded"), unit);
}

static gboolean
reload (ChWait          *wait,
        GDBusConnection *bus,
        const char      *systemd,
        const char      *unit,
        GHashTable      *results,
        GError         **error)
{
  const char *job;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GVariant) subscribed = call (bus, systemd, "Subscribe", NULL, "()", wait->cancellable, &reason);

  if (subscribed == NULL)
    return fail_to_ask (error, unit, reason);

  g_autoptr(GVariant) reply = call (bus, systemd, "ReloadOrRestartUnit",
                                    g_variant_new ("(ss)", unit, "replace"), "(o)",
                                    wait->cancellable, &reason);
  if (reply == NULL)
    return fail_to_ask (error, unit, reason);

  g_variant_get (reply, "(&o)", &job);
  return wait_for_job (wait, bus, results, job, unit, error);
}

static GDBusConnection *
reach_systemd (char        **systemd,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(GDBusConnection) bus = connect_to_bus (cancellable, error);

  if (bus == NULL)
    return NULL;

  *systemd = find_systemd (bus, cancellable, error);
  if (*systemd != NULL)
    return g_steal_pointer (&bus);

  g_dbus_connection_close_sync (bus, NULL, NULL);
  return NULL;
}

char *
ch_act_reload_unit (const char   *unit,
                    GCancellable *cancellable,
                    GError      **error)
{
  g_auto(ChWait) wait;
  g_autofree char *systemd = NULL;
  g_autoptr(GError) reason = NULL;
  g_autoptr(GHashTable) results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  ch_wait_init (&wait, JOB_TIMEOUT, cancellable);
  g_autoptr(GDBusConnection) bus = reach_systemd (&systemd, cancellable, &reason);

  if (bus == NULL)
    {
      gboolean cancelled = g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      ch_error_set (error, cancelled ? CH_ERROR_CANCELLED : CH_ERROR_UNREACHABLE,
                    _("“%s” cannot be reloaded, because systemd was not reached on the system bus: %s"),
                    unit, reason->message);
      return NULL;
    }

  guint id = g_dbus_connection_signal_subscribe (bus, systemd, SYSTEMD_MANAGER, "JobRemoved", SYSTEMD_PATH,
                                                 NULL,
                                                 G_DBUS_SIGNAL_FLAGS_NONE, job_removed_cb,
                                                 g_hash_table_ref (results),
                                                 (GDestroyNotify) g_hash_table_unref);
  gboolean done = reload (&wait, bus, systemd, unit, results, error);

  g_dbus_connection_signal_unsubscribe (bus, id);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  return done ? g_strdup_printf (_("systemd reloaded “%s”."), unit) : NULL;
}

gboolean
ch_systemd_is_reachable (GCancellable *cancellable)
{
  g_auto(ChWait) wait;
  g_autofree char *systemd = NULL;

  ch_wait_init (&wait, CALL_TIMEOUT, cancellable);
  g_autoptr(GDBusConnection) bus = reach_systemd (&systemd, cancellable, NULL);

  if (bus == NULL)
    return FALSE;

  g_dbus_connection_close_sync (bus, NULL, NULL);
  return TRUE;
}
