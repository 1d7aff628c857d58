/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contract.h"
#include "crowd.h"
#include "fake.h"
#include "servers.h"

#include "dcv/dns.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <string.h>
#include <time.h>

/* The provider against BIND, Knot DNS and PowerDNS as they are, and against a fake for what no good server
 * does. */

#define WRONG_SECRET "d3JvbmcgLSB3cm9uZyAtIHdyb25nIC0gd3Jvbmc="

static const char *const labels[] = { "bind", "knot", "pdns" };
static Server *servers[3];

/* Signatures carry the time that libknot asks the C library for, and this one stands before that one.
 * faketime(1) would do it for the whole process, but neither the address sanitizer nor named stands it. */
static int clock_shift;

time_t
time (time_t *out)
{
  time_t now = g_get_real_time () / G_USEC_PER_SEC + clock_shift;

  if (out != NULL)
    *out = now;
  return now;
}

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("rfc2136", NULL);
}

static void
set (GHashTable *table,
     const char *name,
     const char *value)
{
  g_hash_table_replace (table, g_strdup (name), g_strdup (value));
}

static void
set_port (ChDnsAccess *access,
          guint16      port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);
  set (access->settings, "port", text);
}

static ChDnsAccess
access_new (Server *server)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                         ch_secret_table_new () };

  set (access.settings, "server", "127.0.0.1");
  set_port (&access, server->port);
  set (access.settings, "key-name", "good");
  set (access.secrets, "tsig-secret", server->secret);
  return access;
}

static gboolean
add_value (const ChDnsAccess *access,
           const char        *zone,
           const char        *name,
           GError           **error)
{
  ChTxt txt = { name, "value" };
  gboolean existed;

  return provider ()->add (access, zone, &txt, &existed, NULL, error);
}

/* ---- what servers refuse ---- */

typedef struct
{
  const char *label;
  const char *setting;      /* (nullable): changed to @value */
  const char *value;
  const char *zone;
  const char *name;
  struct { int code; const char *says; } expected[3];     /* BIND, Knot, PowerDNS; -1: not with this one */
} Refusal;

static const Refusal refusals[] = {
  { "wrong secret", "tsig-secret", WRONG_SECRET, "example.test", "_r.example.test",
    { { CH_ERROR_CREDENTIALS, "tsig-secret" }, { CH_ERROR_CREDENTIALS, "tsig-secret" },
      { CH_ERROR_CREDENTIALS, "tsig-secret" } } },
  { "unknown key", "key-name", "stranger", "example.test", "_r.example.test",
    { { CH_ERROR_CREDENTIALS, "key-name" }, { CH_ERROR_CREDENTIALS, "key-name" },
      { CH_ERROR_CREDENTIALS, "key-name" } } },
  { "other algorithm", "algorithm", "hmac-sha512", "example.test", "_r.example.test",
    { { CH_ERROR_CREDENTIALS, "algorithm" }, { CH_ERROR_CREDENTIALS, "algorithm" },
      { CH_ERROR_CREDENTIALS, "algorithm" } } },
  { "narrow key", "key-name", "narrow", "example.test", "_r.example.test",
    { { CH_ERROR_FORBIDDEN, "update-policy" }, { CH_ERROR_FORBIDDEN, "acl" }, { -1, NULL } } },
  { "zone not served", NULL, NULL, "other.test", "_r.other.test",
    { { CH_ERROR_ZONE_NOT_FOUND, "_r.other.test" }, { CH_ERROR_ZONE_NOT_FOUND, "_r.other.test" },
      { CH_ERROR_ZONE_NOT_FOUND, "_r.other.test" } } },
  { "zone not updatable", NULL, NULL, "static.test", "_r.static.test",
    { { CH_ERROR_FORBIDDEN, "_r.static.test" }, { CH_ERROR_CREDENTIALS, "right to the zone" },
      { CH_ERROR_FORBIDDEN, "_r.static.test" } } },
  { "wrong zone", NULL, NULL, "test", "_r.example.test",
    { { CH_ERROR_ZONE_NOT_FOUND, "zone “test”" }, { CH_ERROR_FORBIDDEN, "zone “test”" },
      { CH_ERROR_FORBIDDEN, "zone “test”" } } },
};

static void
test_refusals (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const Refusal *refusal = &refusals[i];
      g_auto(ChDnsAccess) access = access_new (server);
      g_autoptr(GError) error = NULL;

      if (refusal->expected[server->kind].code < 0)
        continue;

      g_test_message ("%s", refusal->label);
      if (refusal->setting != NULL)
        set (g_str_equal (refusal->setting, "tsig-secret") ? access.secrets : access.settings,
             refusal->setting, refusal->value);

      g_assert_false (add_value (&access, refusal->zone, refusal->name, &error));
      g_test_message ("  %s", error->message);
      g_assert_error (error, CH_ERROR, refusal->expected[server->kind].code);
      g_assert_nonnull (strstr (error->message, refusal->expected[server->kind].says));
      g_assert_null (strstr (error->message, server->secret));

      g_autofree char *shown = server_show (server, "_r.example.test");
      g_assert_cmpstr (shown, ==, "");
    }
}

static void
test_narrow_key_may_do_its_own (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  set (access.settings, "key-name", "narrow");
  g_assert_true (add_value (&access, "example.test", "_only.example.test", &error));
  g_assert_no_error (error);
}

static void
test_clock (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  gboolean is_silent = server->kind == SERVER_PDNS;     /* it does not say that it was the time */
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  clock_shift = 3600;
  g_assert_false (add_value (&access, "example.test", "_c.example.test", &error));
  clock_shift = 0;

  g_test_message ("%s", error->message);
  g_assert_error (error, CH_ERROR, (is_silent ? CH_ERROR_CREDENTIALS : CH_ERROR_CLOCK));
  g_assert_nonnull (strstr (error->message, is_silent ? "clocks" : "UTC at"));
}

static void
test_transports (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  static const char *const transports[] = { "udp", "tcp", "auto" };

  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_auto(ChDnsAccess) access = access_new (server);
      ChTxt txt = { "_transport.example.test", "value" };
      g_autoptr(GError) error = NULL;

      set (access.settings, "transport", transports[i]);
      g_assert_true (add_value (&access, "example.test", txt.name, &error));
      g_assert_no_error (error);
      g_autofree char *shown = server_show (server, txt.name);
      g_assert_cmpstr (shown, ==, "60 \"value\"");
      g_assert_true (provider ()->remove (&access, "example.test", &txt, NULL, &error));
      g_assert_no_error (error);
    }
}

/* more values than fit into a datagram */
static void
test_many_values (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *value = g_strdup_printf ("%0200d", i);
      ChTxt txt = { "_many.example.test", value };
      gboolean existed;

      set (access.settings, "transport", i % 2 ? "auto" : "tcp");
      g_assert_true (provider ()->add (&access, "example.test", &txt, &existed, NULL, &error));
      g_assert_no_error (error);
      g_assert_false (existed);
    }

  set (access.settings, "transport", "udp");
  g_assert_false (add_value (&access, "example.test", "_many.example.test", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (error->message, "transport"));
}

/* An update changes one value, and needs no condition. */
static void
test_crowd (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  g_auto(ChDnsAccess) access = access_new (server);

  crowd_run (server, provider (), &access, CROWD_USUAL);
}

static void
test_delegated_name (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  g_auto(ChDnsAccess) access = access_new (server);
  g_autoptr(GError) error = NULL;

  g_assert_null (provider ()->find_zone (&access, "_x.sub.example.test", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "ns.other.test"));
}

static void
test_pinned_zone (void)
{
  g_auto(ChDnsAccess) access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                                 ch_secret_table_new () };
  g_autoptr(GError) error = NULL;

  set (access.settings, "zone", "Example.test.");
  g_autofree char *zone = provider ()->find_zone (&access, "_x.EXAMPLE.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
  g_assert_null (provider ()->find_zone (&access, "badexample.test", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
}

static void
test_algorithms (void)
{
  static const char *const algorithms[] = { "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384",
                                            "hmac-sha512" };

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
      g_autofree char *name = g_strdup_printf ("_%s.example.test", algorithms[i]);
      g_autoptr(GError) error = NULL;

      set (access.settings, "key-name", algorithms[i]);
      set (access.settings, "algorithm", algorithms[i]);
      g_assert_true (add_value (&access, "example.test", name, &error));
      g_assert_no_error (error);
      g_autofree char *shown = server_show (servers[SERVER_BIND], name);
      g_assert_cmpstr (shown, ==, "60 \"value\"");
    }
}

/* ---- what no good server does ---- */

static void
test_bad_servers (void)
{
  static const struct { FakeManner manner; const char *transport; int code; const char *says; } cases[] = {
    { FAKE_SILENT, "tcp", CH_ERROR_UNREACHABLE, "did not answer" },
    { FAKE_SILENT, "udp", CH_ERROR_UNREACHABLE, "did not answer" },
    { FAKE_GARBAGE, "tcp", CH_ERROR_BAD_ANSWER, "is it a DNS server" },
    { FAKE_GARBAGE, "udp", CH_ERROR_UNREACHABLE, "did not answer" },
    { FAKE_WRONG_ID, "tcp", CH_ERROR_BAD_ANSWER, "not an answer to our question" },
    { FAKE_WRONG_ID, "udp", CH_ERROR_UNREACHABLE, "did not answer" },
    { FAKE_ECHO, "tcp", CH_ERROR_BAD_ANSWER, "not signed" },
    { FAKE_FORGE, "tcp", CH_ERROR_BAD_ANSWER, "wrong signature" },
    { FAKE_CUT, "tcp", CH_ERROR_UNREACHABLE, "closed the connection" },
    { FAKE_CLOSE, "tcp", CH_ERROR_UNREACHABLE, "closed the connection" },
    { FAKE_HUGE, "tcp", CH_ERROR_BAD_ANSWER, "" },
    { FAKE_TRUNCATE, "udp", CH_ERROR_BAD_ANSWER, "transport" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Fake) fake = fake_start (cases[i].manner, 0);
      g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
      g_autoptr(GError) error = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      set_port (&access, fake_get_port (fake));
      set (access.settings, "transport", cases[i].transport);
      set (access.settings, "timeout", "1");
      g_assert_false (add_value (&access, "example.test", "_x.example.test", &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, CH_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
test_nobody_listens (void)
{
  static const char *const transports[] = { "udp", "tcp", "auto" };

  for (gsize i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
      g_autoptr(GError) error = NULL;

      set_port (&access, server_free_port ());
      set (access.settings, "transport", transports[i]);
      g_assert_false (add_value (&access, "example.test", "_x.example.test", &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
      g_assert_nonnull (strstr (error->message, "cannot be reached"));
    }
}

/* "server" may carry a port, which then counts */
static void
test_server_with_port (void)
{
  g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", servers[SERVER_BIND]->port);
  g_autoptr(GError) error = NULL;

  set (access.settings, "server", text);
  set (access.settings, "port", "1");
  g_assert_true (add_value (&access, "example.test", "_port.example.test", &error));
  g_assert_no_error (error);
}

static void
test_lost_answers (void)
{
  static const struct { FakeManner manner; int code; const char *shown; } cases[] = {
    /* done, and seen to be done */
    { FAKE_DROP_UPDATES, -1, "60 \"value\"" },
    /* done, and nobody can tell */
    { FAKE_DIE_AT_UPDATE, CH_ERROR_UNKNOWN_OUTCOME, "60 \"value\"" },
    /* not done, and seen not to be done */
    { FAKE_SWALLOW_UPDATES, CH_ERROR_TRANSIENT, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Fake) fake = fake_start (cases[i].manner, servers[SERVER_BIND]->port);
      g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
      g_autofree char *name = g_strdup_printf ("_lost%" G_GSIZE_FORMAT ".example.test", i);
      g_autoptr(GError) error = NULL;

      set_port (&access, fake_get_port (fake));
      set (access.settings, "timeout", "2");
      gboolean done = add_value (&access, "example.test", name, &error);
      if (error != NULL)
        g_test_message ("%s", error->message);

      g_assert_cmpint (done, ==, cases[i].code < 0);
      if (!done)
        g_assert_error (error, CH_ERROR, cases[i].code);
      g_autofree char *shown = server_show (servers[SERVER_BIND], name);
      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (100000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel_while_waiting (void)
{
  g_autoptr(Fake) fake = fake_start (FAKE_SILENT, 0);
  g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  ChTxt txt = { "_x.example.test", "value" };
  gboolean existed;

  set_port (&access, fake_get_port (fake));
  set (access.settings, "timeout", "60");
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (provider ()->add (&access, "example.test", &txt, &existed, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* ---- the test of an account ---- */

static void
collect (const char *text,
         gpointer    data)
{
  g_string_append_printf (data, "%s\n", text);
}

static void
test_account_test (gconstpointer data)
{
  Server *server = servers[GPOINTER_TO_INT (data)];
  g_auto(ChDnsAccess) access = access_new (server);
  g_autofree char *name = ch_dcv_dns_test_name ("example.test");
  g_autofree char *value = ch_dcv_dns_test_value ();
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", server->port);
  g_autofree char *zone = NULL;
  g_autoptr(GString) said = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  ChTxt txt = { name, value };

  set (access.settings, "nameservers", address);
  g_assert_true (ch_dcv_dns_test (provider (), &access, &txt, &zone, collect, said, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, "example.test");
  g_assert_nonnull (strstr (said->str, "Wrote"));
  g_assert_nonnull (strstr (said->str, "The only server shows the value"));
  g_assert_nonnull (strstr (said->str, "Removed"));
  g_autofree char *shown = server_show (server, name);
  g_assert_cmpstr (shown, ==, "");
}

/* it cancels the test as soon as the value has been written */
static void
cancel_when_written (const char *text,
                     gpointer    cancellable)
{
  if (g_str_has_prefix (text, "Wrote"))
    g_cancellable_cancel (cancellable);
}

static void
test_account_test_cancelled (void)
{
  g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *value = ch_dcv_dns_test_value ();
  g_autofree char *zone = NULL;
  g_autoptr(GError) error = NULL;
  ChTxt txt = { "_chancery-test.example.test", value };

  set (access.settings, "nameservers", "127.0.0.1:1");
  g_assert_false (ch_dcv_dns_test (provider (), &access, &txt, &zone, cancel_when_written, cancellable,
                                   cancellable,
                                   &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_autofree char *shown = server_show (servers[SERVER_BIND], txt.name);
  g_assert_cmpstr (shown, ==, "");
}

static void
test_account_test_fails (void)
{
  g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
  g_autofree char *value = ch_dcv_dns_test_value ();
  g_autofree char *zone = NULL;
  g_autoptr(GError) error = NULL;
  ChTxt txt = { "_chancery-test.example.test", value };

  set (access.secrets, "tsig-secret", WRONG_SECRET);
  g_assert_false (ch_dcv_dns_test (provider (), &access, &txt, &zone, NULL, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CREDENTIALS);
  g_assert_null (zone);
}

static void
test_withdraw_finds_the_zone (void)
{
  g_auto(ChDnsAccess) access = access_new (servers[SERVER_BIND]);
  g_autoptr(GError) error = NULL;
  ChTxt txt = { "_withdraw.example.test", "value" };

  g_assert_true (add_value (&access, "example.test", txt.name, &error));
  g_assert_true (ch_dcv_dns_withdraw (provider (), &access, &txt, NULL, NULL, &error));
  g_assert_no_error (error);
  g_autofree char *shown = server_show (servers[SERVER_BIND], txt.name);
  g_assert_cmpstr (shown, ==, "");
}

/* ---- */

static char *
show (gpointer    service,
      const char *name)
{
  return server_show (service, name);
}

static void
add_data_test (ServerKind    kind,
               const char   *name,
               GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/rfc2136/%s/%s", labels[kind], name);
  g_test_add_data_func (path, GINT_TO_POINTER (kind), test);
}

static void
add_server_tests (ServerKind kind,
                  Contract  *contract)
{
  *contract = (Contract) { labels[kind], provider (), access_new (servers[kind]), "example.test", show,
                           servers[kind] };
  contract_add_tests (contract);
  add_data_test (kind, "refusals", test_refusals);
  add_data_test (kind, "clock", test_clock);
  add_data_test (kind, "transports", test_transports);
  add_data_test (kind, "many-values", test_many_values);
  add_data_test (kind, "crowd", test_crowd);
  add_data_test (kind, "delegated-name", test_delegated_name);
  add_data_test (kind, "account-test", test_account_test);
  if (kind != SERVER_PDNS)
    add_data_test (kind, "narrow-key", test_narrow_key_may_do_its_own);
}

static void
add_fake_tests (void)
{
  g_test_add_func ("/rfc2136/algorithms", test_algorithms);
  g_test_add_func ("/rfc2136/bad-servers", test_bad_servers);
  g_test_add_func ("/rfc2136/nobody-listens", test_nobody_listens);
  g_test_add_func ("/rfc2136/server-with-port", test_server_with_port);
  g_test_add_func ("/rfc2136/lost-answers", test_lost_answers);
  g_test_add_func ("/rfc2136/cancel-while-waiting", test_cancel_while_waiting);
  g_test_add_func ("/rfc2136/account-test/cancelled", test_account_test_cancelled);
  g_test_add_func ("/rfc2136/account-test/fails", test_account_test_fails);
  g_test_add_func ("/rfc2136/withdraw", test_withdraw_finds_the_zone);
}

static void
skip (void)
{
  g_test_skip ("this DNS server is not installed");
}

int
main (int   argc,
      char *argv[])
{
  Contract contracts[3] = { 0 };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rfc2136/pinned-zone", test_pinned_zone);
  for (ServerKind kind = SERVER_BIND; kind <= SERVER_PDNS; kind++)
    {
      g_autofree char *path = g_strdup_printf ("/rfc2136/%s", labels[kind]);

      servers[kind] = server_is_installed (kind) ? server_start (kind) : NULL;
      if (servers[kind] != NULL)
        add_server_tests (kind, &contracts[kind]);
      else
        g_test_add_func (path, skip);
    }
  if (servers[SERVER_BIND] != NULL)
    add_fake_tests ();

  int status = g_test_run ();

  for (ServerKind kind = SERVER_BIND; kind <= SERVER_PDNS; kind++)
    if (servers[kind] != NULL)
      {
        access_clear (&contracts[kind].access);
        server_stop (servers[kind]);
      }

  return status;
}
