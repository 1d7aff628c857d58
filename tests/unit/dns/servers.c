/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers.h"

#include "dns/resolver.h"
#include "dns/transport.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define START_SECONDS 30

static const char zone_text[] =
  "$TTL 300\n"
  "@ IN SOA ns.example.test. hostmaster.example.test. 1 3600 600 86400 60\n"
  "@ IN NS ns.example.test.\n"
  "ns.example.test. IN A 127.0.0.1\n"
  "spf.example.test. IN TXT \"v=spf1 -all\"\n"
  "alias.example.test. IN CNAME ns.example.test.\n"
  "sub.example.test. IN NS ns.other.test.\n";

static const char static_zone_text[] =
  "$TTL 300\n"
  "@ IN SOA ns.example.test. hostmaster.example.test. 1 3600 600 86400 60\n"
  "@ IN NS ns.example.test.\n";

void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_unlink (path);
    }

  g_rmdir (folder);
}

void
write_file (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static GSocket *
bind_socket (GSocketType type,
             guint16     port)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return g_socket_bind (socket, address, TRUE, NULL) ? g_steal_pointer (&socket) : NULL;
}

guint16
server_free_port (void)
{
  while (TRUE)
    {
      g_autoptr(GSocket) tcp = bind_socket (G_SOCKET_TYPE_STREAM, 0);
      g_autoptr(GSocketAddress) address = g_socket_get_local_address (tcp, NULL);
      guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
      g_autoptr(GSocket) udp = bind_socket (G_SOCKET_TYPE_DATAGRAM, port);

      if (udp != NULL)
        return port;
    }
}

static const char *
program_of (ServerKind kind)
{
  static const char *const programs[] = { "named", "knotd", "pdns_server" };
  return programs[kind];
}

static char *
find_program (const char *name)
{
  char *found = g_find_program_in_path (name);

  if (found == NULL)
    {
      g_autofree char *path = g_build_filename ("/usr/sbin", name, NULL);
      found = g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path) : NULL;
    }

  return found;
}

gboolean
server_is_installed (ServerKind kind)
{
  g_autofree char *program = find_program (program_of (kind));
  return program != NULL;
}

static char *
random_secret (void)
{
  guint32 words[8];

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    words[i] = g_random_int ();

  return g_base64_encode ((const guchar *) words, sizeof words);
}

/* ---- configurations ---- */

static void
configure_bind (Server *server)
{
  static const char *const keys[] = { "good", "narrow", "hmac-sha1", "hmac-sha224", "hmac-sha256",
                                      "hmac-sha384",
                                      "hmac-sha512" };
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_printf (text,
                   "options { directory \"%s\"; pid-file \"named.pid\"; session-keyfile none; lock-file "
                   "none;\n"
                   "  listen-on port %u { 127.0.0.1; }; listen-on-v6 { none; };\n"
                   "  recursion no; dnssec-validation no; notify no; max-records-per-type 1000; };\n"
                   "controls { };\n", server->folder, server->port);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_string_append_printf (text, "key \"%s\" { algorithm %s; secret \"%s\"; };\n", keys[i],
                            i < 2 ? "hmac-sha256" : keys[i], server->secret);

  g_string_append (text,
                   "zone \"example.test\" { type primary; file \"example.test.zone\"; update-policy {\n");
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_string_append_printf (text, "  grant %s %s;\n", keys[i],
                            i == 1 ? "name _only.example.test. TXT" : "zonesub TXT");
  g_string_append (text, "}; };\nzone \"static.test\" { type primary; file \"static.test.zone\"; };\n");

  write_file (server->folder, "named.conf", text->str);
}

static void
configure_knot (Server *server)
{
  g_autofree char *db = g_build_filename (server->folder, "db", NULL);
  g_autofree char *text = g_strdup_printf (
    "server:\n    rundir: \"%s\"\n    listen: 127.0.0.1@%u\n"
    "database:\n    storage: \"%s\"\n    journal-db-max-size: 20M\n"
    "log:\n  - target: stderr\n    any: warning\n"
    "key:\n"
    "  - id: good\n    algorithm: hmac-sha256\n    secret: %s\n"
    "  - id: narrow\n    algorithm: hmac-sha256\n    secret: %s\n"
    "acl:\n"
    "  - id: good\n    address: 127.0.0.1\n    key: good\n    action: update\n    update-type: [TXT]\n"
    "    update-owner: zone\n    update-owner-match: sub-or-equal\n"
    "  - id: narrow\n    address: 127.0.0.1\n    key: narrow\n    action: update\n    update-type: [TXT]\n"
    "    update-owner: name\n    update-owner-match: equal\n    update-owner-name: [_only]\n"
    "zone:\n"
    "  - domain: example.test\n    storage: \"%s\"\n    file: example.test.zone\n    acl: [good, narrow]\n"
    "    zonefile-sync: -1\n    zonefile-load: whole\n    journal-content: changes\n"
    "  - domain: static.test\n    storage: \"%s\"\n    file: static.test.zone\n",
    server->folder, server->port, db, server->secret, server->secret, server->folder, server->folder);

  g_mkdir (db, 0700);
  write_file (server->folder, "knot.conf", text);
}

static void
run (const char *const *argv,
     const char        *input)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE
                                                            | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                            | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
}

/* keys and metadata as "pdnsutil import-tsig-key" and "pdnsutil set-meta" write them */
static void
fill_pdns (Server *server)
{
  g_autofree char *config = g_strconcat ("--config-dir=", server->folder, NULL);
  g_autofree char *database = g_build_filename (server->folder, "pdns.sqlite3", NULL);
  g_autofree char *schema = NULL;
  g_autofree char *good = g_strdup_printf (
    "INSERT INTO tsigkeys (name, algorithm, secret) VALUES ('good', 'hmac-sha256', '%s');"
    "INSERT INTO domainmetadata (domain_id, kind, content) SELECT id, column1, column2 FROM domains, (VALUES"
    "  ('TSIG-ALLOW-DNSUPDATE', 'good'), ('ALLOW-DNSUPDATE-FROM', '127.0.0.0/8'), ('SOA-EDIT-DNSUPDATE', "
    "'INCREASE'))"
    "  WHERE name = 'example.test';",
    server->secret);

  g_file_get_contents ("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql", &schema, NULL, NULL);
  g_assert_nonnull (schema);
  run ((const char *[]) { "sqlite3", database, NULL }, schema);
  run ((const char *[]) { "pdnsutil", config, "load-zone", "example.test", "example.test.zone", NULL }, NULL);
  run ((const char *[]) { "pdnsutil", config, "load-zone", "static.test", "static.test.zone", NULL }, NULL);
  run ((const char *[]) { "sqlite3", database, NULL }, good);
}

static void
configure_pdns (Server *server)
{
  g_autofree char *text = g_strdup_printf (
    "launch=gsqlite3\ngsqlite3-database=%s/pdns.sqlite3\ngsqlite3-dnssec=yes\n"
    "local-address=127.0.0.1\nlocal-port=%u\nsocket-dir=%s\nsetuid=\nsetgid=\ndaemon=no\nguardian=no\n"
    "dnsupdate=yes\nallow-dnsupdate-from=\ncache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\n"
    "zone-cache-refresh-interval=0\nloglevel=3\n", server->folder, server->port, server->folder);
  g_autofree char *before = g_get_current_dir ();

  write_file (server->folder, "pdns.conf", text);
  g_assert_cmpint (g_chdir (server->folder), ==, 0);
  fill_pdns (server);
  g_assert_cmpint (g_chdir (before), ==, 0);
}

/* ---- life ---- */

/* a test that aborts must not leave servers behind */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
await_answer (Server     *server,
              const char *address)
{
  g_autofree char *text = g_strdup_printf (strchr (address, ':') ? "[%s]:%u" : "%s:%u", address,
                                           server->port);
  g_autoptr(GInetSocketAddress) where = ch_dns_parse_server (text, NULL);
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("example.test", CH_DNS_TYPE_SOA,
                                                      CH_DNS_ASKING_AUTHORITY, NULL, NULL);
  gint64 until = g_get_monotonic_time () + START_SECONDS * G_USEC_PER_SEC;

  while (TRUE)
    {
      g_autoptr(ChDnsAnswer) answer = ch_dns_exchange (G_SOCKET_CONNECTABLE (where), text, request,
                                                       CH_DNS_TRANSPORT_TCP,
                                                       ch_dns_deadline (2), NULL, NULL);

      if (answer != NULL && answer->rcode != CH_DNS_RCODE_SERVFAIL)
        return;

      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (20000);
    }
}

static void
launch (Server            *server,
        const char *const *argv,
        const char        *address)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                                       | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *program = find_program (argv[0]);
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  g_ptr_array_add (words, program);
  for (gsize i = 1; argv[i] != NULL; i++)
    g_ptr_array_add (words, (char *) argv[i]);
  g_ptr_array_add (words, NULL);

  server->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &error);
  g_assert_no_error (error);
  await_answer (server, address);
}

static Server *
server_new (ServerKind kind)
{
  g_autoptr(GError) error = NULL;
  Server *server = g_new0 (Server, 1);

  server->kind = kind;
  server->folder = g_dir_make_tmp ("chancery-dns-XXXXXX", &error);
  g_assert_no_error (error);
  server->secret = random_secret ();
  server->port = server_free_port ();
  return server;
}

Server *
server_start (ServerKind kind)
{
  Server *server = server_new (kind);
  g_autofree char *named = g_build_filename (server->folder, "named.conf", NULL);
  g_autofree char *knot = g_build_filename (server->folder, "knot.conf", NULL);
  g_autofree char *pdns = g_strconcat ("--config-dir=", server->folder, NULL);
  const char *const commands[][6] = {
    { "named", "-f", "-n1", "-c", named, NULL },
    { "knotd", "-c", knot, NULL },
    { "pdns_server", pdns, NULL },
  };
  void (*const configure[]) (Server *) = { configure_bind, configure_knot, configure_pdns };

  write_file (server->folder, "example.test.zone", zone_text);
  write_file (server->folder, "static.test.zone", static_zone_text);
  configure[kind] (server);
  launch (server, commands[kind], "127.0.0.1");
  return server;
}

Server *
server_start_named (const char *folder,
                    const char *address,
                    guint16     port)
{
  Server *server = g_new0 (Server, 1);
  g_autofree char *config = g_build_filename (folder, "named.conf", NULL);

  server->kind = SERVER_BIND;
  server->folder = g_strdup (folder);
  server->port = port;
  launch (server, (const char *[]) { "named", "-f", "-n1", "-c", config, NULL }, address);
  return server;
}

void
server_halt (Server *server)
{
  g_subprocess_send_signal (server->process, SIGKILL);
  g_subprocess_wait (server->process, NULL, NULL);
  g_object_unref (server->process);
  g_free (server->folder);
  g_free (server->secret);
  g_free (server);
}

void
server_stop (Server *server)
{
  g_autofree char *folder = g_strdup (server->folder);

  server_halt (server);
  remove_folder (folder);
}

/* ---- a second witness ---- */

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
server_update (Server     *server,
               const char *lines)
{
  g_autofree char *key = g_strconcat ("hmac-sha256:good:", server->secret, NULL);
  g_autofree char *script = g_strdup_printf ("server 127.0.0.1 %u\n%s\nsend\n", server->port, lines);
  const char *const command[] = { "nsupdate", "-y", key, NULL };

  run (command, script);
}

char *
server_show (Server     *server,
             const char *name)
{
  g_autofree char *port = g_strdup_printf ("%u", server->port);
  g_autofree char *output = NULL;
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GSubprocess) dig = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "dig", "@127.0.0.1",
                                                 "-p", port,
                                                 "+tcp", "+norecurse", "+noall", "+answer", name, "TXT",
                                                 NULL);

  g_assert_nonnull (dig);
  g_subprocess_communicate_utf8 (dig, NULL, NULL, &output, NULL, NULL);
  g_assert_true (g_subprocess_get_successful (dig));

  g_auto(GStrv) lines = g_strsplit (output, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(GRegex) regex = g_regex_new ("^\\S+\\s+(\\d+)\\s+IN\\s+TXT\\s+(.*)$", 0, 0, NULL);
      g_autoptr(GMatchInfo) match = NULL;

      if (g_regex_match (regex, lines[i], 0, &match))
        {
          g_autofree char *ttl = g_match_info_fetch (match, 1);
          g_autofree char *value = g_match_info_fetch (match, 2);
          g_ptr_array_add (shown, g_strdup_printf ("%s %s", ttl, value));
        }
    }

  g_ptr_array_sort (shown, compare_lines);
  g_ptr_array_add (shown, NULL);
  return g_strjoinv ("\n", (char **) shown->pdata);
}
