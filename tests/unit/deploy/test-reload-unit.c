/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/actions.h"

#include "lib/error.h"

#include <string.h>

/* A systemd whose units do what their names say, on a thread and a bus of its own. */
typedef struct
{
  GThread *thread;
  GMainLoop *loop;
  GCancellable *cancel;     /* cancelled when “hangs.service” is asked for */
  gboolean subscribed;
  GMutex lock;
  GCond ready;
} Systemd;

static const char xml[] =
  "<node><interface name='org.freedesktop.systemd1.Manager'>"
  "<method name='Subscribe'/>"
  "<method name='ReloadOrRestartUnit'>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<signal name='JobRemoved'><arg type='u'/><arg type='o'/><arg type='s'/><arg type='s'/></signal>"
  "</interface></node>";

#define OUR_JOB "/org/freedesktop/systemd1/job/42"
#define OTHER_JOB "/org/freedesktop/systemd1/job/41"

static void
end_job (GDBusConnection *bus,
         const char      *job,
         const char      *unit,
         const char      *result)
{
  g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
                                 "JobRemoved",
                                 g_variant_new ("(uoss)", 42, job, unit, result), NULL);
}

static void
reload (Systemd               *self,
        GDBusConnection       *bus,
        const char            *unit,
        GDBusMethodInvocation *call)
{
  if (g_str_equal (unit, "missing.service"))
    return g_dbus_method_invocation_return_dbus_error (call, "org.freedesktop.systemd1.NoSuchUnit",
                                                       "Unit missing.service not found.");
  if (g_str_equal (unit, "denied.service"))
    return g_dbus_method_invocation_return_dbus_error (call, "org.freedesktop.DBus.Error.AccessDenied",
                                                       "No.");

  if (g_str_equal (unit, "early.service"))
    end_job (bus, OUR_JOB, unit, "done");
  if (g_str_equal (unit, "others.service"))
    end_job (bus, OTHER_JOB, unit, "failed");

  g_dbus_method_invocation_return_value (call, g_variant_new ("(o)", OUR_JOB));

  if (g_str_equal (unit, "good.service") || g_str_equal (unit, "others.service"))
    end_job (bus, OUR_JOB, unit, "done");
  if (g_str_equal (unit, "bad.service"))
    end_job (bus, OUR_JOB, unit, "failed");
  if (g_str_equal (unit, "hangs.service"))
    g_cancellable_cancel (self->cancel);
}

static void
method_call (GDBusConnection       *bus,
             const char            *sender,
             const char            *path,
             const char            *interface,
             const char            *method,
             GVariant              *arguments,
             GDBusMethodInvocation *call,
             gpointer               data)
{
  Systemd *self = data;
  const char *unit, *mode;

  if (g_str_equal (method, "Subscribe"))
    {
      self->subscribed = TRUE;
      return g_dbus_method_invocation_return_value (call, NULL);
    }

  g_assert_true (self->subscribed);
  g_variant_get (arguments, "(&s&s)", &unit, &mode);
  g_assert_cmpstr (mode, ==, "replace");
  reload (self, bus, unit, call);
}

static void
own (GDBusConnection *bus,
     Systemd         *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call };
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr(GVariant) reply = NULL;

  g_dbus_connection_register_object (bus, "/org/freedesktop/systemd1", info->interfaces[0], &vtable, self,
                                     NULL, NULL);
  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                       "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.systemd1",
                                                      4), NULL, 0, -1, NULL, NULL);
  g_assert_nonnull (reply);
}

static gpointer
run_systemd (gpointer data)
{
  Systemd *self = data;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GError) error = NULL;

  g_main_context_push_thread_default (context);
  g_autoptr(GDBusConnection) bus = g_dbus_connection_new_for_address_sync (
    g_getenv ("DBUS_SYSTEM_BUS_ADDRESS"),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  own (bus, self);

  g_mutex_lock (&self->lock);
  self->loop = g_main_loop_new (context, FALSE);
  g_cond_signal (&self->ready);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);

  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
systemd_start (Systemd *self)
{
  self->cancel = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->ready);
  self->thread = g_thread_new ("systemd", run_systemd, self);

  g_mutex_lock (&self->lock);
  while (self->loop == NULL)
    g_cond_wait (&self->ready, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* In the loop: it may not run yet, and quitting before that is lost. */
static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
systemd_stop (Systemd *self)
{
  g_autoptr(GSource) quit = g_idle_source_new ();

  g_source_set_callback (quit, quit_cb, self->loop, NULL);
  g_source_attach (quit, g_main_loop_get_context (self->loop));
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_object_unref (self->cancel);
}

typedef struct
{
  GTestDBus *bus;
  Systemd systemd;
  gboolean has_systemd;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  has_systemd)
{
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (fixture->bus), TRUE);
  fixture->has_systemd = GPOINTER_TO_INT (has_systemd);
  if (fixture->has_systemd)
    systemd_start (&fixture->systemd);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  has_systemd)
{
  if (fixture->has_systemd)
    systemd_stop (&fixture->systemd);
  g_test_dbus_stop (fixture->bus);
  g_object_unref (fixture->bus);
}

static void
test_good (Fixture       *fixture,
           gconstpointer  data)
{
  static const char *const units[] = { "good.service", "early.service", "others.service" };

  g_assert_true (ch_systemd_is_reachable (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *words = ch_act_reload_unit (units[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (strstr (words, units[i]));
    }
}

static void
test_bad (Fixture       *fixture,
          gconstpointer  data)
{
  static const struct { const char *unit; ChError code; const char *word; } cases[] = {
    { "bad.service", CH_ERROR_ACTION_FAILED, "ended as “failed”" },
    { "missing.service", CH_ERROR_ACTION_FAILED, "Unit missing.service not found." },
    { "denied.service", CH_ERROR_FORBIDDEN, "polkit" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_act_reload_unit (cases[i].unit, NULL, &error));
      g_assert_error (error, CH_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].unit));
      g_assert_nonnull (strstr (error->message, cases[i].word));
      g_assert_null (strstr (error->message, "GDBus.Error"));
    }
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_act_reload_unit ("hangs.service", fixture->systemd.cancel, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

static void
test_no_systemd (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (ch_systemd_is_reachable (NULL));
  g_assert_null (ch_act_reload_unit ("good.service", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
}

static void
test_no_bus (void)
{
  g_autoptr(GError) error = NULL;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_assert_null (ch_act_reload_unit ("good.service", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/deploy/reload-unit/good", Fixture, GINT_TO_POINTER (TRUE), set_up, test_good, tear_down);
  g_test_add ("/deploy/reload-unit/bad", Fixture, GINT_TO_POINTER (TRUE), set_up, test_bad, tear_down);
  g_test_add ("/deploy/reload-unit/cancelled", Fixture, GINT_TO_POINTER (TRUE), set_up, test_cancelled,
              tear_down);
  g_test_add ("/deploy/reload-unit/no-systemd", Fixture, NULL, set_up, test_no_systemd, tear_down);
  g_test_add_func ("/deploy/reload-unit/no-bus", test_no_bus);
  return g_test_run ();
}
