/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake.h"

#include "dns/propagation-private.h"
#include "dns/resolver.h"
#include "dns/transport.h"
#include "lib/error.h"

#include <string.h>

/* ---- addresses ---- */

static void
test_server_texts (void)
{
  static const struct { const char *text, *read; } cases[] = {
    { "192.0.2.1", "192.0.2.1" },
    { " 192.0.2.1:5301 ", "192.0.2.1:5301" },
    { "192.0.2.1:53", "192.0.2.1" },
    { "2001:db8::1", "2001:db8::1" },
    { "::1", "::1" },
    { "[2001:db8::1]", "2001:db8::1" },
    { "[2001:db8::1]:5301", "[2001:db8::1]:5301" },
    { "", NULL }, { ":53", NULL }, { "192.0.2.1:", NULL }, { "192.0.2.1:0", NULL },
    { "192.0.2.1:65536", NULL },
    { "192.0.2.1:+53", NULL }, { "192.0.2.1:53x", NULL }, { "192.0.2.256", NULL }, { "192.0.2", NULL },
    { "ns.example.test", NULL }, { "ns.example.test:53", NULL }, { "[", NULL }, { "[]", NULL },
    { "[::1", NULL },
    { "[::1]53", NULL }, { "[::1]:", NULL }, { "[::1]:x", NULL }, { "::1]:53", NULL },
    { "[192.0.2.1:53", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GInetSocketAddress) address = ch_dns_parse_server (cases[i].text, &error);
      g_autofree char *read = address != NULL ? ch_dns_server_text (address) : NULL;

      g_assert_cmpstr (read, ==, cases[i].read);
      if (address == NULL)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_server_lists (void)
{
  g_autofree char *many = g_strnfill (200, ',');
  const struct { const char *text; guint length; } cases[] = {
    { "192.0.2.1", 1 }, { "192.0.2.1, [::1]:5301 ,2001:db8::1", 3 },
    { "", 0 }, { ",", 0 }, { "192.0.2.1,", 0 }, { "192.0.2.1 192.0.2.2", 0 }, { many, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) servers = ch_dns_parse_servers (cases[i].text, NULL);
      g_assert_cmpuint (servers != NULL ? servers->len : 0, ==, cases[i].length);
    }
}

/* ---- conclusions ---- */

#define V CH_SEEN_VALUE
#define O CH_SEEN_OTHER
#define N CH_SEEN_NO_NAME
#define L CH_SEEN_NOT_AUTHORITATIVE
#define F CH_SEEN_SERVFAIL
#define S CH_SEEN_SILENT
#define END -1

static gboolean
has_any (const int *seen,
         int        what)
{
  while (*seen != END && *seen != what)
    seen++;

  return *seen == what;
}

static void
test_conclusions (void)
{
  /* servers with odd numbers have IPv4 addresses, those with even numbers IPv6 ones */
  static const struct { int seen[6]; gboolean complete; const char *summary; } cases[] = {
    { { V, END }, TRUE, "The only server shows the value" },
    { { V, V, END }, TRUE, "All 2 servers show the value" },
    { { S, END }, FALSE, "0 of 1 server shows the value; ns1 (192.0.2.1) is 5" },
    { { V, N, END }, FALSE, "1 of 2 servers show the value; ns2 (2001:db8::2) is 2" },
    { { V, V, O, END }, FALSE, "2 of 3 servers show the value; ns3 (192.0.2.3) is 1" },
    { { V, V, S, END }, TRUE, "2 of 3 servers show the value; ns3 (192.0.2.3) is 5" },
    { { V, V, L, F, END }, TRUE,
      "2 of 4 servers show the value; ns3 (192.0.2.3) is 3; ns4 (2001:db8::4) is 4" },
    { { V, S, V, END }, FALSE, "2 of 3 servers show the value; ns2 (2001:db8::2) is 5" },
    { { L, V, END }, FALSE, "1 of 2 servers show the value; ns1 (192.0.2.1) is 3" },
    { { S, S, S, END }, FALSE, NULL },
    /* those that say no are named first */
    { { S, S, S, O, N, END }, FALSE,
      "0 of 5 servers show the value; ns4 (2001:db8::4) is 1; ns5 (192.0.2.5) is 2; ns1 (192.0.2.1) is 5; "
      "and 2 more do not" },
    { { S, S, S, N, END }, FALSE,
      "0 of 4 servers show the value; ns4 (2001:db8::4) is 2; ns1 (192.0.2.1) is 5; ns2 (2001:db8::2) is 5; "
      "and 1 more does not" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChPropagation *propagation = g_new0 (ChPropagation, 1);

      propagation->observations = ch_observations_new ();
      for (int s = 0; cases[i].seen[s] != END; s++)
        {
          g_autofree char *server = g_strdup_printf ("ns%d", s + 1);
          g_autofree char *address = g_strdup_printf (s % 2 ? "2001:db8::%d" : "192.0.2.%d", s + 1);
          g_autofree char *text = g_strdup_printf ("is %d", cases[i].seen[s]);

          g_ptr_array_add (propagation->observations,
                           ch_observation_new (server, address, cases[i].seen[s], text));
        }

      ch_propagation_conclude (propagation);
      g_assert_cmpint (propagation->complete, ==, cases[i].complete);
      g_assert_cmpint (propagation->denied, ==, has_any (cases[i].seen, O) || has_any (cases[i].seen, N));
      g_assert_cmpint (propagation->doubtful, ==,
                       has_any (cases[i].seen, S) || has_any (cases[i].seen, L) || has_any (cases[i].seen, F));
      if (cases[i].summary != NULL)
        g_assert_cmpstr (propagation->summary, ==, cases[i].summary);
      ch_propagation_free (propagation);
    }
}

static void
test_nothing_seen_is_not_complete (void)
{
  ChPropagation *propagation = g_new0 (ChPropagation, 1);

  propagation->observations = ch_observations_new ();
  ch_propagation_conclude (propagation);
  g_assert_false (propagation->complete);
  ch_propagation_free (propagation);
}

/* ---- transport ---- */

static ChDnsAnswer *
ask (Fake          *fake,
     ChDnsTransport transport,
     GError       **error)
{
  g_autofree char *text = g_strdup_printf ("127.0.0.1:%u", fake_get_port (fake));
  g_autoptr(GInetSocketAddress) address = ch_dns_parse_server (text, NULL);
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY,
                                                      NULL, NULL);

  return ch_dns_exchange (G_SOCKET_CONNECTABLE (address), text, request, transport, ch_dns_deadline (0.6),
                          NULL, error);
}

static void
test_same_octets_three_times (void)
{
  g_autoptr(Fake) fake = fake_start (FAKE_SILENT, 0);
  g_autoptr(GError) error = NULL;
  gboolean alike;

  g_assert_null (ask (fake, CH_DNS_TRANSPORT_UDP, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_cmpuint (fake_get_datagrams (fake, &alike), ==, 3);
  g_assert_true (alike);
}

static void
test_late_duplicate_is_passed_over (void)
{
  g_autoptr(Fake) fake = fake_start (FAKE_LATE, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChDnsAnswer) answer = ask (fake, CH_DNS_TRANSPORT_UDP, &error);

  g_assert_no_error (error);
  g_assert_cmpint (answer->rcode, ==, CH_DNS_RCODE_NOERROR);
}

static void
test_truncated_goes_to_tcp (void)
{
  g_autoptr(Fake) fake = fake_start (FAKE_TRUNCATE, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChDnsAnswer) answer = ask (fake, CH_DNS_TRANSPORT_AUTO, &error);

  g_assert_no_error (error);
  g_assert_false (answer->truncated);
  g_assert_null (ask (fake, CH_DNS_TRANSPORT_UDP, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

static void
test_name_without_address (void)
{
  g_autoptr(GSocketConnectable) nowhere = g_network_address_new ("nowhere.invalid", 53);
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY,
                                                      NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_dns_exchange (nowhere, "nowhere.invalid", request, CH_DNS_TRANSPORT_TCP,
                                  ch_dns_deadline (1), NULL,
                                  &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "nowhere.invalid"));
}

/* ---- looking ---- */

static void
test_look_at_bad_servers (void)
{
  static const struct { FakeManner manner; ChSeen seen; const char *text; } cases[] = {
    { FAKE_ECHO, CH_SEEN_OTHER, "no TXT record" },
    { FAKE_REFUSE, CH_SEEN_NOT_AUTHORITATIVE, "REFUSED" },
    { FAKE_GARBAGE, CH_SEEN_SILENT, "does not answer" },
    { FAKE_TRUNCATE, CH_SEEN_OTHER, "no TXT record" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Fake) fake = fake_start (cases[i].manner, 0);
      g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", fake_get_port (fake));
      g_autoptr(GError) error = NULL;
      ChDnsView view = { .nameservers = address };
      g_autoptr(ChPropagation) seen = ch_propagation_look ("_x.test", "value", &view, NULL, &error);

      g_assert_no_error (error);
      g_assert_null (seen->zone);
      g_assert_false (seen->complete);
      g_assert_cmpuint (seen->observations->len, ==, 1);

      const ChObservation *observation = seen->observations->pdata[0];
      g_assert_cmpint (observation->seen, ==, cases[i].seen);
      g_assert_nonnull (strstr (observation->text, cases[i].text));
      g_assert_cmpstr (observation->server, ==, address);
      g_assert_nonnull (strstr (seen->summary, address));
    }
}

static void
test_look_fails (void)
{
  static const struct { const char *name, *nameservers, *resolver; int code; } cases[] = {
    { "_x.test", "ns.example.test", NULL, CH_ERROR_INVALID },
    { "_x.test", NULL, "not an address", CH_ERROR_INVALID },
    { "_x..test", "127.0.0.1:1", NULL, CH_ERROR_INVALID },
    { "", "127.0.0.1:1", NULL, CH_ERROR_INVALID },
    { "_x.test", NULL, "127.0.0.1:1", CH_ERROR_UNREACHABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_propagation_look (cases[i].name, "value",
                                          &(ChDnsView) { .nameservers = cases[i].nameservers, .resolver = cases[i].resolver },
                                          NULL, &error));
      g_assert_error (error, CH_ERROR, cases[i].code);
    }
}

static void
test_look_is_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (ch_propagation_look ("_x.test", "value", &(ChDnsView) { .nameservers = "127.0.0.1:1" }, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (ch_propagation_look ("_x.test", "value", &(ChDnsView) { .resolver = "127.0.0.1:1" }, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/server/text", test_server_texts);
  g_test_add_func ("/dns/server/list", test_server_lists);
  g_test_add_func ("/dns/transport/same-octets", test_same_octets_three_times);
  g_test_add_func ("/dns/transport/late-duplicate", test_late_duplicate_is_passed_over);
  g_test_add_func ("/dns/transport/truncated", test_truncated_goes_to_tcp);
  g_test_add_func ("/dns/transport/no-address", test_name_without_address);
  g_test_add_func ("/propagation/conclusions", test_conclusions);
  g_test_add_func ("/propagation/nothing-seen", test_nothing_seen_is_not_complete);
  g_test_add_func ("/propagation/bad-servers", test_look_at_bad_servers);
  g_test_add_func ("/propagation/fails", test_look_fails);
  g_test_add_func ("/propagation/cancelled", test_look_is_cancelled);
  return g_test_run ();
}
