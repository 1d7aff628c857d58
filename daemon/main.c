/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/bus.h"
#include "deploy/target.h"
#include "engine/job.h"
#include "engine/peers.h"
#include "engine/runner.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/text.h"
#include "net/http.h"
#include "store/shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the command line says. */
typedef struct
{
  gboolean system;
  gboolean session;
  gboolean verbose;
  gboolean version;
  char *address;
  char *state_dir;
  char *config;
} Options;

/* The service while it runs; wiring, and nothing else. */
typedef struct
{
  GMainLoop *loop;              /* (owned) */
  GDBusConnection *connection;  /* (owned) */
  ChConfig *config;             /* (owned) */
  ChPolicy *policy;             /* (owned) */
  ChWorld world;
  ChBus *bus;                   /* (owned) */
  int lock;
  int status;
} Service;

/* ---- options ---- */

static gboolean
read_options (Options  *options,
              int      *argc,
              char   ***argv,
              GError  **error)
{
  const GOptionEntry entries[] = {
    { "system", 0, 0, G_OPTION_ARG_NONE, &options->system, N_("Serve the machine on the system bus (default)"), NULL },
    { "session", 0, 0, G_OPTION_ARG_NONE, &options->session, N_("Serve only yourself: session bus, your own keyring, no polkit"), NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options->address, N_("Use the bus at this D-Bus address instead"), N_("ADDRESS") },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir, N_("Keep everything here (default /var/lib/chancery)"), N_("DIR") },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &options->config, N_("Read the configuration from here (default /etc/chancery/chanceryd.conf)"), N_("FILE") },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose, N_("Say more"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_("Print the version and exit"), NULL },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, _("Orders, validates, installs and renews TLS certificates."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an option; see chanceryd --help"), (*argv)[1]);
  if (options->system && options->session)
    return ch_error_set (error, CH_ERROR_INVALID, _("--system and --session exclude each other"));

  return TRUE;
}

static char *
choose_state_dir (const Options *options)
{
  const char *from_systemd = g_getenv ("STATE_DIRECTORY");

  if (options->state_dir != NULL)
    return g_strdup (options->state_dir);
  if (options->session)
    return g_build_filename (g_get_user_state_dir (), "chancery", NULL);

  return g_strdup (from_systemd != NULL ? from_systemd : CH_STATE_DIR);
}

static const char *
choose_config (const Options *options)
{
  if (options->config != NULL)
    return options->config;
  if (!options->session && g_file_test (CH_CONFIG_FILE, G_FILE_TEST_EXISTS))
    return CH_CONFIG_FILE;

  return NULL;
}

/* Where the service is run from its build tree, nothing is installed yet. */
static ChPolicy *
load_policy (GError **error)
{
  const char *dir = g_getenv ("CHANCERY_DATA_DIR");
  const char *own = g_getenv ("CHANCERY_POLICY_OVERRIDE");
  g_autofree char *shipped = dir != NULL ? g_build_filename (dir, "policy.json", NULL) : g_strdup (CH_POLICY_FILE);
  gboolean installed = dir != NULL || g_file_test (shipped, G_FILE_TEST_EXISTS);

  return ch_policy_load (installed ? shipped : CH_POLICY_SOURCE, own != NULL ? own : CH_POLICY_OVERRIDE, error);
}

/* Beside the policy: where the service is run from its build tree, the templates are those of the sources. */
static void
set_templates (void)
{
  const char *dir = g_getenv ("CHANCERY_DATA_DIR");
  const char *own = g_getenv ("CHANCERY_TEMPLATE_DIR");
  g_autofree char *shipped = dir != NULL ? g_build_filename (dir, "templates", NULL) : g_strdup (CH_TEMPLATES);
  gboolean installed = dir != NULL || g_file_test (shipped, G_FILE_TEST_IS_DIR);

  ch_target_set_template_folders (installed ? shipped : CH_TEMPLATES_SOURCE, own != NULL ? own : CH_TEMPLATES_OVERRIDE);
}

/* ---- safety ---- */

/* Keys and passwords are in this process's memory: no core file, no ptrace by others. */
static void
keep_memory_private (void)
{
  struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0);
  umask (077);

  /* Workers come and go: two arenas instead of one per core and thread keep a service that is idle small. */
  mallopt (M_ARENA_MAX, 2);
}

/* One service per state folder, also where two of them are on different buses. */
static gboolean
lock_state (Service  *service,
            GError  **error)
{
  const char *dir = service->config->state_dir;
  g_autofree char *path = g_build_filename (dir, "lock", NULL);

  if (g_mkdir_with_parents (dir, 0700) != 0)
    return ch_error_set (error, CH_ERROR_FILE, _("The state folder %s cannot be made: %s"), dir, g_strerror (errno));

  if (!ch_config_check_trusted (dir, error))
    return FALSE;

  service->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (service->lock < 0)
    return ch_error_set (error, CH_ERROR_FILE, _("The state folder %s cannot be written: %s"), dir, g_strerror (errno));

  if (flock (service->lock, LOCK_EX | LOCK_NB) != 0)
    return ch_error_set (error, CH_ERROR_IN_USE, _("Another chanceryd works in %s; stop it first"), dir);

  return TRUE;
}

/* ---- wiring ---- */

static ChVault *
open_vault (const ChConfig  *config,
            const char      *database,
            GError         **error)
{
  if (config->session)
    return ch_vault_open_session (error);

  ChVaultShelf *shelf = ch_shelf_new (database, error);
  return shelf != NULL ? ch_vault_open_system (shelf, config->state_dir, error) : NULL;
}

static gboolean
open_world (Service  *service,
            GError  **error)
{
  ChWorld *world = &service->world;
  g_autofree char *database = g_build_filename (service->config->state_dir, "chancery.db", NULL);

  world->config = service->config;
  world->policy = service->policy;
  world->store = ch_store_open (database, error);
  world->vault = world->store != NULL ? open_vault (service->config, database, error) : NULL;
  if (world->vault == NULL)
    return FALSE;

  ch_target_set_programs (service->config->programs);
  set_templates ();
  world->workers = ch_workers_new (service->config->workers);
  world->jobs = ch_jobs_new (world);
  world->runner = ch_runner_new (world);
  return TRUE;
}

static GDBusConnection *
connect_bus (const Options  *options,
             GError        **error)
{
  if (options->address != NULL)
    return g_dbus_connection_new_for_address_sync (options->address,
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                   | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                   NULL, NULL, error);

  return g_bus_get_sync (options->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, error);
}

static void
stop (Service *service,
      int      status)
{
  service->status = status;
  g_main_loop_quit (service->loop);
}

static gboolean
signal_cb (gpointer data)
{
  stop (data, EXIT_SUCCESS);
  return G_SOURCE_REMOVE;
}

static void
bus_closed_cb (GDBusConnection *connection,
               gboolean         remote_peer_vanished,
               GError          *error,
               gpointer         data)
{
  g_message ("The bus is gone; stops");
  stop (data, EXIT_FAILURE);
}

/* Nothing is begun before the name is ours: so there is one service that acts. */
static void
name_acquired_cb (GDBusConnection *connection,
                  const char      *name,
                  gpointer         data)
{
  Service *service = data;
  g_autoptr(GError) error = NULL;

  if (!ch_peers_resume (&service->world, &error) || !ch_runner_start (service->world.runner, &error))
    {
      g_critical ("%s", error->message);
      stop (service, EXIT_FAILURE);
      return;
    }

  g_message ("Ready, state in %s", service->config->state_dir);
}

static void
name_lost_cb (GDBusConnection *connection,
              const char      *name,
              gpointer         data)
{
  g_printerr (_("chanceryd: the name %s is not to be had on this bus: another service has it, or the bus policy forbids it\n"), name);
  stop (data, EXIT_FAILURE);
}

static gboolean
open_service (Service        *service,
              const Options  *options,
              GError        **error)
{
  g_autofree char *state_dir = choose_state_dir (options);

  service->lock = -1;
  service->config = ch_config_load (choose_config (options), state_dir, options->session, error);
  service->policy = service->config != NULL ? load_policy (error) : NULL;
  if (service->policy == NULL || !lock_state (service, error) || !open_world (service, error))
    return FALSE;

  service->connection = connect_bus (options, error);
  if (service->connection == NULL)
    return FALSE;

  g_dbus_connection_set_exit_on_close (service->connection, FALSE);
  g_signal_connect (service->connection, "closed", G_CALLBACK (bus_closed_cb), service);
  service->bus = ch_bus_new (&service->world, service->connection, error);
  return service->bus != NULL;
}

static void
run_service (Service *service)
{
  guint name = g_bus_own_name_on_connection (service->connection, CH_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                             name_acquired_cb, name_lost_cb, service, NULL);
  guint term = g_unix_signal_add (SIGTERM, signal_cb, service);
  guint interrupt = g_unix_signal_add (SIGINT, signal_cb, service);

  g_main_loop_run (service->loop);
  if (service->status == EXIT_SUCCESS)
    g_message ("Stops");

  g_bus_unown_name (name);
  /* The signal that stopped us has removed its own source. */
  if (g_main_context_find_source_by_id (NULL, term) != NULL)
    g_source_remove (term);
  if (g_main_context_find_source_by_id (NULL, interrupt) != NULL)
    g_source_remove (interrupt);
}

static void
close_service (Service *service)
{
  ChWorld *world = &service->world;

  if (world->workers != NULL)
    {
      ch_runner_stop (world->runner);
      ch_workers_stop (world->workers);
    }
  g_clear_pointer (&service->bus, ch_bus_free);
  g_clear_pointer (&world->runner, ch_runner_free);
  g_clear_pointer (&world->jobs, ch_jobs_free);
  g_clear_pointer (&world->workers, ch_workers_free);
  ch_targets_close ();
  g_clear_pointer (&world->vault, ch_vault_close);
  g_clear_pointer (&world->store, ch_store_close);
  if (service->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (service->connection, service);
      g_dbus_connection_flush_sync (service->connection, NULL, NULL);
      g_clear_object (&service->connection);
    }
  g_clear_pointer (&service->policy, ch_policy_free);
  g_clear_pointer (&service->config, ch_config_free);
  if (service->lock >= 0)
    close (service->lock);
}

int
main (int   argc,
      char *argv[])
{
  Options options = { 0 };
  Service service = { .lock = -1 };
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CH_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("chanceryd");
  g_log_set_writer_func (ch_text_log_writer, NULL, NULL);
  keep_memory_private ();
  ch_http_prepare ();

  if (!read_options (&options, &argc, &argv, &error))
    {
      g_printerr ("chanceryd: %s\n", error->message);
      return 2;
    }

  if (options.version)
    {
      g_print ("chanceryd %s\n", CH_VERSION);
      return EXIT_SUCCESS;
    }

  g_log_set_debug_enabled (options.verbose);
  service.loop = g_main_loop_new (NULL, FALSE);
  if (open_service (&service, &options, &error))
    run_service (&service);
  else
    {
      g_printerr ("chanceryd: %s\n", error->message);
      service.status = EXIT_FAILURE;
    }

  close_service (&service);
  g_main_loop_unref (service.loop);
  g_free (options.address);
  g_free (options.state_dir);
  g_free (options.config);
  return service.status;
}
