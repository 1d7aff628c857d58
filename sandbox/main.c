/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control.h"
#include "dns-service.h"
#include "lib/error.h"
#include "reservations.h"
#include "server.h"
#include "vouchers.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>

#define EXIT_USAGE 2

typedef struct
{
  char *state_dir;
  char *users;
  char **servers;
  char **zones;
  char *update_server;
  char *update_key;
  int port;
  int control_port;
  int http_port;
  int https_port;
  gboolean lenient;
} Options;

static GOptionContext *
new_context (Options *options)
{
  GOptionContext *context = g_option_context_new (NULL);
  const GOptionEntry entries[] = {
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir,
      N_("Folder for orders, keys and certificates"), N_("DIR") },
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port,
      N_("Port on 127.0.0.1 (default: any)"), N_("N") },
    { "control", 0, 0, G_OPTION_ARG_INT, &options->control_port,
      N_("Port of the control interface on 127.0.0.1 (default: any)"), N_("N") },
    { "dns", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->servers,
      N_("Server that the DNS checks ask; may be given several times"), N_("ADDRESS:PORT") },
    { "zone", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->zones,
      N_("Zone that the DNS services hold; may be given several times"), N_("NAME") },
    { "update-server", 0, 0, G_OPTION_ARG_STRING, &options->update_server,
      N_("Primary name server of these zones"), N_("ADDRESS:PORT") },
    { "update-key", 0, 0, G_OPTION_ARG_FILENAME, &options->update_key,
      N_("BIND key file with the key that may change TXT records there"), N_("FILE") },
    { "http-port", 0, 0, G_OPTION_ARG_INT, &options->http_port,
      N_("Port that the HTTP checks use in place of 80"), N_("N") },
    { "https-port", 0, 0, G_OPTION_ARG_INT, &options->https_port,
      N_("Port that the HTTP checks use in place of 443"), N_("N") },
    { "users", 0, 0, G_OPTION_ARG_FILENAME, &options->users,
      N_("JSON file of accounts (default: one, PAR00000_sandbox)"), N_("FILE") },
    { "lenient", 0, 0, G_OPTION_ARG_NONE, &options->lenient,
      N_("Take elements in any order"), NULL },
    { NULL }
  };

  g_option_context_set_summary (context, _("Stands in for GlobalSign’s SOAP API and for DNS services, "
                                             "for trying and testing."));
  g_option_context_set_description (context, _("Example:\n"
                                               "  chancery-sandbox --state-dir /tmp/sandbox --dns 127.0.0.1:5353\n"));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return context;
}

static gboolean
is_port (int number)
{
  return number >= 0 && number <= G_MAXUINT16;
}

static gboolean
check_options (const Options  *options,
               int             left,
               GError        **error)
{
  if (left > 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is an argument too many; see --help."));
  if (options->state_dir == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Say with --state-dir DIR where to keep orders and keys."));
  if (!is_port (options->port) || !is_port (options->control_port) || !is_port (options->http_port)
      || !is_port (options->https_port))
    return ch_error_set (error, CH_ERROR_INVALID, _("A port must be between 0 and 65535."));

  return TRUE;
}

/* “127.0.0.1:5353”, “[::1]:5353”; 53 when there is no port */
static GSocketAddress *
parse_server (const char  *text,
              GError     **error)
{
  g_autoptr(GSocketConnectable) host = g_network_address_parse (text, 53, error);

  if (host == NULL)
    return NULL;

  GNetworkAddress *network = G_NETWORK_ADDRESS (host);
  GSocketAddress *address = g_inet_socket_address_new_from_string (g_network_address_get_hostname (network),
                                                                   g_network_address_get_port (network));
  if (address == NULL)
    ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an IP address with a port, such as 127.0.0.1:5353."),
                  text);
  return address;
}

static GPtrArray *
parse_servers (char   **texts,
               GError **error)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      GSocketAddress *server = parse_server (texts[i], error);

      if (server == NULL)
        return NULL;
      g_ptr_array_add (servers, server);
    }

  return g_steal_pointer (&servers);
}

static gboolean
open_world (SbWorld        *world,
            const Options  *options,
            GError        **error)
{
  if (g_mkdir_with_parents (options->state_dir, 0700) < 0)
    return ch_error_set (error, CH_ERROR_FILE, _("The folder “%s” cannot be made: %s."), options->state_dir,
                         g_strerror (errno));

  SbZones *zones = sb_zones_open (options->zones, options->update_server, options->update_key, error);
  if (zones == NULL)
    return FALSE;

  world->dns = sb_dns_new (zones);
  world->servers = parse_servers (options->servers, error);
  GPtrArray *accounts = world->servers != NULL ? sb_accounts_load (options->users, error) : NULL;
  if (accounts == NULL)
    return FALSE;

  world->state = sb_state_open (options->state_dir, accounts, error);
  world->authority = world->state != NULL ? sb_authority_open (options->state_dir, error) : NULL;
  world->faults = sb_faults_new ();
  world->requests = sb_requests_new ();
  world->reservations = sb_reservations_new ();
  world->vouchers = sb_vouchers_new ();
  world->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  world->high_risk = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sb_settings_init (&world->start);
  if (options->http_port > 0)
    world->start.http_port = options->http_port;
  if (options->https_port > 0)
    world->start.https_port = options->https_port;
  world->settings = world->start;
  world->check = options->lenient ? SB_CHECK_ANY_ORDER : SB_CHECK_STRICT;
  return world->authority != NULL;
}

static void
close_world (SbWorld *world)
{
  g_clear_pointer (&world->dns, sb_dns_free);
  g_clear_pointer (&world->state, sb_state_free);
  g_clear_pointer (&world->authority, sb_authority_free);
  g_clear_pointer (&world->faults, sb_faults_free);
  g_clear_pointer (&world->requests, sb_requests_free);
  g_clear_pointer (&world->reservations, sb_reservations_free);
  g_clear_pointer (&world->vouchers, sb_vouchers_free);
  g_clear_pointer (&world->addresses, g_hash_table_unref);
  g_clear_pointer (&world->high_risk, g_hash_table_unref);
  g_clear_pointer (&world->servers, g_ptr_array_unref);
  g_clear_pointer (&world->base, g_free);
}

/* One line of JSON that tells whoever started us where everything is. */
static void
announce (SbWorld    *world,
          const char *dir,
          guint       port,
          guint       control_port)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *full = g_canonicalize_filename (dir, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u" SB_BASE_PATH, port);
  g_autofree char *control = g_strdup_printf ("http://127.0.0.1:%u" SB_CONTROL_PATH, control_port);
  g_autofree char *root = g_build_filename (full, "root.pem", NULL);
  g_autofree char *issuing = g_build_filename (full, "issuing-root.pem", NULL);
  SbAccount *account = g_ptr_array_index (sb_state_accounts (world->state), 0);
  const char *pairs[] = {
    "url", url, "control", control, "ca-file", root, "issuing-root", issuing, "user", account->user,
  };

  json_builder_begin_object (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i += 2)
    {
      json_builder_set_member_name (builder, pairs[i]);
      json_builder_add_string_value (builder, pairs[i + 1]);
    }
  json_builder_set_member_name (builder, "dns");
  json_builder_add_value (builder, sb_json_take_object (sb_dns_to_json (world->dns, port)));
  json_builder_end_object (builder);

  g_autoptr(JsonNode) node = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (node, FALSE);
  g_print ("%s\n", line);
  fflush (stdout);
}

static gboolean
signalled_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
serve (SbWorld        *world,
       const Options  *options,
       GError        **error)
{
  g_autoptr(SoupServer) server = sb_server_new (world, options->port, error);
  g_autoptr(SoupServer) control = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (server == NULL)
    return FALSE;
  control = sb_control_new (world, options->control_port, error);
  if (control == NULL)
    return FALSE;

  world->base = g_strdup_printf ("https://127.0.0.1:%u", sb_server_port (server));
  g_unix_signal_add (SIGTERM, signalled_cb, loop);
  g_unix_signal_add (SIGINT, signalled_cb, loop);
  announce (world, options->state_dir, sb_server_port (server), sb_server_port (control));
  g_main_loop_run (loop);
  soup_server_disconnect (server);
  soup_server_disconnect (control);
  return TRUE;
}

static void
options_clear (Options *options)
{
  g_free (options->state_dir);
  g_free (options->users);
  g_strfreev (options->servers);
  g_strfreev (options->zones);
  g_free (options->update_server);
  g_free (options->update_key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

int
main (int   argc,
      char *argv[])
{
  g_auto(Options) options = { 0 };
  g_autoptr(GOptionContext) context = new_context (&options);
  g_autoptr(GError) error = NULL;
  SbWorld world = { 0 };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CH_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_log_writer_default_set_use_stderr (TRUE); /* standard output is for the one line of JSON */
  if (!g_option_context_parse (context, &argc, &argv, &error) || !check_options (&options, argc, &error))
    {
      g_printerr ("chancery-sandbox: %s\n", error->message);
      return EXIT_USAGE;
    }

  gboolean served = open_world (&world, &options, &error) && serve (&world, &options, &error);
  close_world (&world);
  if (!served)
    g_printerr ("chancery-sandbox: %s\n", error->message);

  return served ? EXIT_SUCCESS : EXIT_FAILURE;
}
