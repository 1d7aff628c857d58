/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers.h"

#include "dns/alias.h"
#include "dns/propagation.h"
#include "dns/provider.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

/* Propagation over real name servers on port 53. That port is free in a network namespace of our own, where
 * only the loopback device is:
 *
 *   127.0.0.1, ::1   the primary of all zones; also on port 5301
 *   127.0.0.2        the secondary of good.test alone, which hears of no change until it starts again
 *   127.0.0.3        nobody
 *   127.0.0.4        a port that takes everything and says nothing
 */

#define SECRET "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="

static char *primary_folder;
static char *secondary_folder;
static Server *primary;
static Server *secondary;
static gboolean has_own_resolv_conf;

static const struct { const char *zone, *servers; } zones[] = {
  { "good.test",
    "@ NS a\n@ NS b\n@ NS c\na A 127.0.0.1\na AAAA ::1\nb A 127.0.0.2\n"
    "c AAAA 2001:db8::53\n" },                                            /* no route leads there */
  { "dead.test", "@ NS a\n@ NS b\n@ NS c\na A 127.0.0.1\nb A 127.0.0.3\nc A 127.0.0.4\n" },
  { "alone.test", "@ NS b\n@ NS c\nb A 127.0.0.3\nc A 127.0.0.4\n" },
  { "lame.test", "@ NS a\n@ NS b\na A 127.0.0.1\nb A 127.0.0.2\n" },
  { "nowhere.test", "@ NS b.elsewhere.invalid.\n" },
  { "unrouted.test", "@ NS a\na AAAA 2001:db8::53\n" },
  { "alias.test", "@ NS a\na A 127.0.0.1\n_x CNAME _y\n_y TXT \"value\"\n_z TXT \"other\"\n_z TXT "
                  "\"value\"\n_o TXT \"other\"\n"
    "h A 127.0.0.1\n" },
  { "chain.test",
    "@ NS a\na A 127.0.0.1\none CNAME two\ntwo CNAME t.good.test.\n*.wild CNAME t.good.test.\nd DNAME good.test.\n"
    "cut NS a.cut\na.cut A 127.0.0.1\nodd CNAME we\\\\032ird.test.\ntxt TXT \"value\"\n" },
};

/* ---- the world ---- */

static gboolean
write_proc (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return done;
}

/* before any thread is started */
static gboolean
enter_namespace (void)
{
  g_autofree char *map = g_strdup_printf ("0 %u 1", getuid ());

  if (getuid () == 0)
    return unshare (CLONE_NEWNET | CLONE_NEWNS) == 0;

  return unshare (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 && write_proc ("/proc/self/uid_map", map);
}

static gboolean
raise_loopback (void)
{
  struct ifreq up = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING };
  struct ifreq second = { .ifr_name = "lo:1" };
  struct sockaddr_in *address = (struct sockaddr_in *) &second.ifr_addr;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  /* all of 127.0.0.0/8 is ours, but BIND listens on addresses only that a device has */
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl (INADDR_LOOPBACK + 1);
  gboolean done = ioctl (fd, SIOCSIFFLAGS, &up) == 0 && ioctl (fd, SIOCSIFADDR, &second) == 0;

  close (fd);
  return done;
}

/* a dead resolver first: the next one is asked */
static gboolean
cover_resolv_conf (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "resolv.conf", NULL);

  write_file (folder, "resolv.conf",
              "# ours\nsearch invalid\n  nameserver 127.0.0.3\nnameserver\t127.0.0.1 # here\n"
                                     "nameserver nonsense\noptions ndots:5\n");
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount (path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
}

static void
write_zones (GString *config)
{
  for (gsize i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autofree char *text = g_strdup_printf ("$TTL 300\n@ SOA a hostmaster 1 3600 600 86400 60\n%s",
                                               zones[i].servers);

      write_file (primary_folder, zones[i].zone, text);
      g_string_append_printf (config,
                              "zone \"%s\" { type primary; file \"%s\"; check-integrity no;\n"
                              "  update-policy { grant good zonesub TXT; }; };\n",
                              zones[i].zone, zones[i].zone);
    }
}

static void
start_primary (void)
{
  g_autoptr(GString) config = g_string_new (NULL);

  g_string_printf (config,
                   "options { directory \"%s\"; pid-file none; session-keyfile none; lock-file none;\n"
                   "  listen-on port 53 { 127.0.0.1; }; listen-on port 5301 { 127.0.0.1; };\n"
                   "  listen-on-v6 port 53 { ::1; }; listen-on-v6 port 5301 { ::1; };\n"
                   "  recursion no; dnssec-validation no; notify no; allow-transfer { any; }; };\n"
                   "controls { };\n"
                   "key good { algorithm hmac-sha256; secret \"" SECRET "\"; };\n", primary_folder);
  write_zones (config);
  write_file (primary_folder, "named.conf", config->str);
  primary = server_start_named (primary_folder, "127.0.0.1", 53);
}

static void
start_secondary (void)
{
  g_autofree char *config = g_strdup_printf (
    "options { directory \"%s\"; pid-file none; session-keyfile none; lock-file none;\n"
    "  listen-on { 127.0.0.2; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no; };\n"
    "controls { };\n"
    "zone \"good.test\" { type secondary; primaries { 127.0.0.1; }; };\n", secondary_folder);

  write_file (secondary_folder, "named.conf", config);
  secondary = server_start_named (secondary_folder, "127.0.0.2", 53);
}

/* ---- looking ---- */

static ChPropagation *
look (const char *name,
      const char *nameservers,
      const char *resolver)
{
  g_autoptr(GError) error = NULL;
  ChPropagation *seen = ch_propagation_look (name, "value", &(ChDnsView) { nameservers, resolver }, NULL, &error);

  g_assert_no_error (error);
  g_test_message ("%s", seen->summary);
  return seen;
}

static void
expect (ChPropagation *propagation,
        const char    *address,
        ChSeen         seen)
{
  for (guint i = 0; i < propagation->observations->len; i++)
    {
      const ChObservation *observation = propagation->observations->pdata[i];

      if (g_str_equal (observation->address, address))
        {
          g_assert_cmpint (observation->seen, ==, seen);
          return;
        }
    }

  g_error ("%s was not asked", address);
}

static void
change (const char *zone,
        gboolean    add)
{
  g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *name = g_strconcat ("_x.", zone, NULL);
  const ChDnsProvider *provider = ch_dns_find ("rfc2136", NULL);
  ChDnsAccess access = { settings, secrets };
  ChTxt txt = { name, "value" };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  g_hash_table_insert (settings, (char *) "server", (char *) "127.0.0.1");
  g_hash_table_insert (settings, (char *) "key-name", (char *) "good");
  g_hash_table_insert (secrets, (char *) "tsig-secret", (char *) SECRET);
  if (add)
    provider->add (&access, zone, &txt, &existed, NULL, &error);
  else
    provider->remove (&access, zone, &txt, NULL, &error);
  g_assert_no_error (error);
}

static void
await_secondary (ChSeen wanted)
{
  gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (TRUE)
    {
      g_autoptr(ChPropagation) seen = look ("_x.good.test", "127.0.0.2", NULL);
      const ChObservation *observation = seen->observations->pdata[0];

      if (observation->seen == wanted)
        return;

      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (50000);
    }
}

static void
test_secondary_lags (void)
{
  await_secondary (CH_SEEN_NO_NAME);
  change ("good.test", TRUE);

  g_autoptr(ChPropagation) before = look ("_X.good.test.", NULL, "127.0.0.1");
  g_assert_cmpstr (before->zone, ==, "good.test");
  g_assert_false (before->complete);
  g_assert_cmpuint (before->observations->len, ==, 3);
  expect (before, "127.0.0.1", CH_SEEN_VALUE);
  expect (before, "::1", CH_SEEN_VALUE);
  expect (before, "127.0.0.2", CH_SEEN_NO_NAME);
  g_assert_cmpstr (before->summary, ==,
                   "2 of 3 servers show the value; b.good.test (127.0.0.2) still answers NXDOMAIN");

  server_halt (secondary);
  start_secondary ();
  await_secondary (CH_SEEN_VALUE);

  g_autoptr(ChPropagation) after = look ("_x.good.test", NULL, "127.0.0.1");
  g_assert_true (after->complete);
  g_assert_cmpstr (after->summary, ==, "All 3 servers show the value");
  change ("good.test", FALSE);

  g_autoptr(ChPropagation) gone = look ("_x.good.test", NULL, "127.0.0.1");
  g_assert_false (gone->complete);
  expect (gone, "127.0.0.1", CH_SEEN_NO_NAME);
  expect (gone, "127.0.0.2", CH_SEEN_VALUE);
}

/* takes datagrams and connections, and keeps them */
static void
open_silent_port (GSocket *sockets[2])
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.4", 53);

  sockets[0] = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  sockets[1] = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (sockets[0], address, TRUE, NULL));
  g_assert_true (g_socket_bind (sockets[1], address, TRUE, NULL));
  g_assert_true (g_socket_listen (sockets[1], NULL));
}

static void
test_dead_servers (void)
{
  GSocket *sockets[2];

  open_silent_port (sockets);
  change ("dead.test", TRUE);

  g_autoptr(ChPropagation) some = look ("_x.dead.test", NULL, "127.0.0.1");
  g_assert_true (some->complete);
  expect (some, "127.0.0.1", CH_SEEN_VALUE);
  expect (some, "127.0.0.3", CH_SEEN_SILENT);
  expect (some, "127.0.0.4", CH_SEEN_SILENT);

  g_autoptr(ChPropagation) all = look ("_x.alone.test", NULL, "127.0.0.1");
  g_assert_false (all->complete);
  g_assert_cmpuint (all->observations->len, ==, 2);

  g_object_unref (sockets[0]);
  g_object_unref (sockets[1]);
}

static void
test_lame_server (void)
{
  change ("lame.test", TRUE);

  g_autoptr(ChPropagation) seen = look ("_x.lame.test", NULL, "127.0.0.1");
  g_assert_true (seen->complete);
  expect (seen, "127.0.0.1", CH_SEEN_VALUE);
  expect (seen, "127.0.0.2", CH_SEEN_NOT_AUTHORITATIVE);
  g_assert_nonnull (strstr (seen->summary, "REFUSED"));
}

static void
test_other_records (void)
{
  static const struct { const char *name; ChSeen seen; const char *text; } cases[] = {
    { "_z.alias.test", CH_SEEN_VALUE, "shows the value" },
    { "_x.alias.test", CH_SEEN_OTHER, "“_y.alias.test”" },
    { "_o.alias.test", CH_SEEN_OTHER, "other TXT values" },
    { "h.alias.test", CH_SEEN_OTHER, "no TXT record" },
    { "_n.alias.test", CH_SEEN_NO_NAME, "NXDOMAIN" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ChPropagation) seen = look (cases[i].name, NULL, "127.0.0.1");
      const ChObservation *observation = seen->observations->pdata[0];

      g_assert_cmpstr (seen->zone, ==, "alias.test");
      g_assert_cmpint (observation->seen, ==, cases[i].seen);
      g_assert_nonnull (strstr (observation->text, cases[i].text));
    }
}

/* A resolver that is listed counts, although it is in charge of nothing; to know where an alias leads, too. */
static void
test_listed_resolver (void)
{
  g_autofree char *folder = g_dir_make_tmp ("chancery-dns-XXXXXX", NULL);
  g_autofree char *config = g_strdup_printf (
    "options { directory \"%s\"; pid-file none; session-keyfile none; lock-file none;\n"
    "  listen-on port 5302 { 127.0.0.1; }; listen-on-v6 { none; }; recursion yes; dnssec-validation no; notify no;\n"
    "  empty-zones-enable no; };\n"
    "controls { };\n"
    "zone \"alias.test\" { type static-stub; server-addresses { 127.0.0.1; }; };\n"
    "zone \"chain.test\" { type static-stub; server-addresses { 127.0.0.1; }; };\n", folder);
  ChDnsView view = { .nameservers = "127.0.0.1:5302" };
  g_autoptr(GError) error = NULL;
  g_autofree char *target = NULL;

  write_file (folder, "named.conf", config);
  Server *resolver = server_start_named (folder, "127.0.0.1", 5302);
  g_autoptr(ChPropagation) shown = look ("_z.alias.test", view.nameservers, NULL);
  g_autoptr(ChPropagation) other = look ("_o.alias.test", view.nameservers, NULL);
  ch_dns_find_alias ("one.chain.test", &view, &target, NULL, &error);
  server_stop (resolver);

  expect (shown, view.nameservers, CH_SEEN_VALUE);
  expect (other, view.nameservers, CH_SEEN_OTHER);
  g_assert_no_error (error);
  g_assert_cmpstr (target, ==, "two.chain.test");
}

static void
test_family (void)
{
  static const struct { GSocketFamily family; const char *first; guint servers; } cases[] = {
    { G_SOCKET_FAMILY_IPV6, "::1", 1 },
    { G_SOCKET_FAMILY_IPV4, "127.0.0.1", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChDnsView view = { .resolver = "127.0.0.1", .family = cases[i].family };
      g_autoptr(GError) error = NULL;
      g_autoptr(ChPropagation) seen = ch_propagation_look ("_y.good.test", "value", &view, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (seen->observations->len, ==, cases[i].servers);
      g_assert_cmpstr (((const ChObservation *) seen->observations->pdata[0])->address, ==, cases[i].first);
    }

  ChDnsView view = { .resolver = "127.0.0.1", .family = G_SOCKET_FAMILY_IPV6 };
  g_autoptr(GError) error = NULL;
  g_assert_null (ch_propagation_look ("_x.alone.test", "value", &view, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "IPv6"));
}

static void
test_given_servers (void)
{
  g_autoptr(ChPropagation) seen = look ("_z.alias.test", "127.0.0.1:5301, [::1]:5301,127.0.0.1,::1", NULL);

  g_assert_true (seen->complete);
  g_assert_null (seen->zone);
  g_assert_cmpuint (seen->observations->len, ==, 4);
  expect (seen, "127.0.0.1:5301", CH_SEEN_VALUE);
  expect (seen, "[::1]:5301", CH_SEEN_VALUE);
  expect (seen, "127.0.0.1", CH_SEEN_VALUE);
  expect (seen, "::1", CH_SEEN_VALUE);
}

static void
test_resolver_with_port (void)
{
  static const char *const resolvers[] = { "127.0.0.1:5301", "[::1]:5301", "::1" };

  for (gsize i = 0; i < G_N_ELEMENTS (resolvers); i++)
    {
      g_autoptr(ChPropagation) seen = look ("_z.alias.test", NULL, resolvers[i]);
      g_assert_true (seen->complete);
    }
}

static void
test_system_resolver (void)
{
  if (!has_own_resolv_conf)
    {
      g_test_skip ("/etc/resolv.conf cannot be covered here");
      return;
    }

  g_autoptr(ChPropagation) seen = look ("_z.alias.test", NULL, NULL);
  g_assert_cmpstr (seen->zone, ==, "alias.test");
  g_assert_true (seen->complete);
}

static void
test_no_servers (void)
{
  static const struct { const char *name, *resolver; int code; } cases[] = {
    { "_x.nowhere.test", "127.0.0.1", CH_ERROR_UNREACHABLE },     /* the resolver refuses the other zone */
    { "_x.unrouted.test", "127.0.0.1", CH_ERROR_UNREACHABLE },
    { "_x.elsewhere.invalid", "127.0.0.1", CH_ERROR_UNREACHABLE },
    { "_x.good.test", "127.0.0.3", CH_ERROR_UNREACHABLE },
    { "_x.good.test", "192.0.2.1", CH_ERROR_UNREACHABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_propagation_look (cases[i].name, "value", &(ChDnsView) { .resolver = cases[i].resolver }, NULL,
                                          &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, CH_ERROR, cases[i].code);
    }
}

/* ---- aliases ---- */

static void
test_aliases (void)
{
  static const struct { const char *name, *target; int code; } cases[] = {
    { "one.chain.test", "two.chain.test", -1 },
    { "One.CHAIN.test.", "two.chain.test", -1 },
    { "two.chain.test", "t.good.test", -1 },
    { "any.wild.chain.test", "t.good.test", -1 },
    { "x.d.chain.test", "x.good.test", -1 },
    { "cut.chain.test", NULL, -1 },             /* the top of a zone of its own: refers to others */
    { "a.chain.test", NULL, -1 },
    { "txt.chain.test", NULL, -1 },
    { "nothing.chain.test", NULL, -1 },
    { "not.even.near.chain.test", NULL, -1 },
    { "x.dead.test", NULL, -1 },                /* two of three are dead */
    { "odd.chain.test", NULL, CH_ERROR_INVALID },
    { "x.alone.test", NULL, CH_ERROR_UNREACHABLE },
    { "x.nowhere.test", NULL, CH_ERROR_UNREACHABLE },
  };
  static const ChDnsView views[] = {
    { NULL, "127.0.0.1", G_SOCKET_FAMILY_INVALID },
    { "127.0.0.1:5301", "127.0.0.3", G_SOCKET_FAMILY_INVALID },       /* listed servers are asked as they are */
    { "127.0.0.2", "127.0.0.1", G_SOCKET_FAMILY_INVALID },            /* this one does not know: the others are asked */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (views); j++)
      {
        g_autoptr(GError) error = NULL;
        g_autofree char *target = NULL;
        gboolean known = ch_dns_find_alias (cases[i].name, &views[j], &target, NULL, &error);

        /* The primary knows what stands there, whoever else is dead. */
        if (cases[i].code == CH_ERROR_UNREACHABLE && j == 1)
          continue;

        g_test_message ("%s: %s", cases[i].name, error != NULL ? error->message : target);
        g_assert_cmpint (known, ==, cases[i].code == -1);
        if (cases[i].code != -1)
          g_assert_error (error, CH_ERROR, cases[i].code);
        g_assert_cmpstr (target, ==, cases[i].target);
      }
}

/* ---- */

static const char *skip_reason;

static void
skip (void)
{
  g_test_skip (skip_reason);
}

static int
skip_all (const char *reason)
{
  skip_reason = reason;
  g_test_add_func ("/name-servers", skip);
  return g_test_run ();
}

static int
run_all (void)
{
  primary_folder = g_dir_make_tmp ("chancery-dns-XXXXXX", NULL);
  secondary_folder = g_dir_make_tmp ("chancery-dns-XXXXXX", NULL);
  has_own_resolv_conf = cover_resolv_conf (primary_folder);
  start_primary ();
  start_secondary ();

  g_test_add_func ("/name-servers/secondary-lags", test_secondary_lags);
  g_test_add_func ("/name-servers/dead", test_dead_servers);
  g_test_add_func ("/name-servers/lame", test_lame_server);
  g_test_add_func ("/name-servers/other-records", test_other_records);
  g_test_add_func ("/name-servers/given", test_given_servers);
  g_test_add_func ("/name-servers/listed-resolver", test_listed_resolver);
  g_test_add_func ("/name-servers/family", test_family);
  g_test_add_func ("/name-servers/resolver-with-port", test_resolver_with_port);
  g_test_add_func ("/name-servers/system-resolver", test_system_resolver);
  g_test_add_func ("/name-servers/none", test_no_servers);
  g_test_add_func ("/name-servers/aliases", test_aliases);
  int status = g_test_run ();

  server_stop (primary);
  server_stop (secondary);
  g_free (primary_folder);
  g_free (secondary_folder);
  return status;
}

int
main (int   argc,
      char *argv[])
{
  gboolean inside = enter_namespace () && raise_loopback ();

  g_test_init (&argc, &argv, NULL);
  if (!inside)
    return skip_all ("no network namespace can be made here");
  if (!server_is_installed (SERVER_BIND))
    return skip_all ("BIND is not installed");
  if (!g_file_test ("/proc/net/if_inet6", G_FILE_TEST_EXISTS))
    return skip_all ("there is no IPv6 here");

  return run_all ();
}
