/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contract.h"
#include "folder.h"

#include "lib/error.h"

#include <string.h>

/* The contract, kept by a real GNOME Keyring on a session bus of its own. The program starts
 * itself again on that bus; the keyring goes away with it. */
#define INSIDE "CHANCERY_TEST_INSIDE"
#define EXIT_SKIP 77

/* No service is activated on this bus: what runs on it was started here. */
static const char bus_config[] =
  "<busconfig>"
  "  <type>session</type>"
  "  <listen>unix:tmpdir=/tmp</listen>"
  "  <policy context='default'>"
  "    <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/>"
  "  </policy>"
  "</busconfig>";

static gboolean
is_installed (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_print ("1..0 # SKIP %s is not installed\n", program);
  return path != NULL;
}

static int
run_on_own_bus (const char *self,
                const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  static const char *const variables[] = {
    "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    g_subprocess_launcher_setenv (launcher, variables[i], folder, TRUE);
  g_subprocess_launcher_setenv (launcher, INSIDE, folder, TRUE);
  /* What an environment says about backends must not matter. */
  g_subprocess_launcher_setenv (launcher, "SECRET_BACKEND", "file", TRUE);

  g_autofree char *config = g_build_filename (folder, "bus.conf", NULL);
  g_file_set_contents (config, bus_config, -1, &error);
  g_assert_no_error (error);
  g_autoptr(GSubprocess) session =
    g_subprocess_launcher_spawn (launcher, &error, "dbus-run-session", "--config-file", config, "--", self,
                                 NULL);
  g_assert_no_error (error);
  g_subprocess_wait (session, NULL, &error);
  g_assert_no_error (error);
  return g_subprocess_get_if_exited (session) ? g_subprocess_get_exit_status (session) : 1;
}

static void
start_keyring (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) keyring =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                      | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                      "gnome-keyring-daemon", "--unlock", "--components=secrets", NULL);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (keyring, "password", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (keyring));
}

static void
name_appeared_cb (GDBusConnection *bus,
                  const char      *name,
                  const char      *owner,
                  gpointer         loop)
{
  g_main_loop_quit (loop);
}

static void
await_keyring (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint watch = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets",
                                  G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  name_appeared_cb, NULL, loop, NULL);

  g_main_loop_run (loop);
  g_bus_unwatch_name (watch);
}

static void
assert_refused_without_keyring (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_vault_open_session (&error));
  g_assert_error (error, CH_ERROR, CH_ERROR_VAULT);
  g_assert_nonnull (strstr (error->message, "keyring"));
}

static int
run_inside (void)
{
  g_autoptr(GError) error = NULL;

  assert_refused_without_keyring ();
  start_keyring ();
  await_keyring ();
  g_autoptr(ChVault) vault = ch_vault_open_session (&error);
  g_assert_no_error (error);

  add_contract_tests (vault);
  return g_test_run ();
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  g_test_init (&argc, &argv, NULL);
  if (g_getenv (INSIDE) != NULL)
    return run_inside ();

  if (!is_installed ("dbus-run-session") || !is_installed ("gnome-keyring-daemon"))
    return EXIT_SKIP;

  g_autofree char *folder = g_dir_make_tmp ("chancery-vault-XXXXXX", &error);
  g_assert_no_error (error);
  int status = run_on_own_bus (self, folder);
  remove_folder (folder);
  return status;
}
