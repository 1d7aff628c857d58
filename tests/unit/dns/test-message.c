/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/message.h"

#include "dns/name.h"
#include "dns/rfc2136-verdict.h"
#include "lib/error.h"

#include <libknot/libknot.h>
#include <string.h>

#define SECRET "c2VjcmV0IHNlY3JldCBzZWNyZXQ="

static const guint8 *
wire_of (const ChDnsRequest *request,
         gsize              *length)
{
  return g_bytes_get_data (ch_dns_request_get_wire (request), length);
}

/* ---- names ---- */

static void
test_names (void)
{
  static const struct { const char *name, *zone; gboolean inside; } cases[] = {
    { "example.test", "example.test", TRUE },
    { "www.example.test", "example.test", TRUE },
    { "_a.b.EXAMPLE.test.", "example.TEST", TRUE },
    { "badexample.test", "example.test", FALSE },
    { "example.test", "www.example.test", FALSE },
    { "example.test", "", FALSE },
    { "example.test", "test", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (ch_dns_name_is_inside (cases[i].name, cases[i].zone), ==, cases[i].inside);

  g_assert_cmpstr (ch_dns_name_parent ("a.b.c"), ==, "b.c");
  g_assert_null (ch_dns_name_parent ("c"));
  g_assert_null (ch_dns_name_parent ("c."));
  g_assert_null (ch_dns_name_parent (""));
}

static void
test_name_check (void)
{
  g_autofree char *label63 = g_strnfill (63, 'a');
  g_autofree char *label64 = g_strnfill (64, 'a');
  g_autofree char *name253 = g_strdup_printf ("%s.%s.%s.%.61s", label63, label63, label63, label63);
  g_autofree char *name254 = g_strdup_printf ("%s.%s.%s.%.62s", label63, label63, label63, label63);
  const struct { const char *name; gboolean good; } cases[] = {
    { "a", TRUE }, { "_dnsauth.xn--bcher-kva.test.", TRUE }, { label63, TRUE }, { name253, TRUE },
    { "", FALSE }, { ".", FALSE }, { "a..b", FALSE }, { ".a", FALSE }, { label64, FALSE }, { name254, FALSE },
    { "a b", FALSE }, { "a\\046b", FALSE }, { "b\xc3\xbc" "cher.test", FALSE }, { "*.example.test", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (ch_dns_check_name (cases[i].name, &error), ==, cases[i].good);
      if (!cases[i].good)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

/* ---- requests ---- */

static void
test_query_on_the_wire (void)
{
  static const guint8 expected[] = {
    0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1,                     /* header with RD, one question, one OPT */
    2, '_', 'x', 4, 't', 'e', 's', 't', 0, 0, 16, 0, 1,     /* TXT IN */
    0, 0, 41, 1232 >> 8, 1232 & 255, 0, 0, 0, 0, 0, 0,      /* OPT */
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("_X.test.", CH_DNS_TYPE_TXT, CH_DNS_ASKING_RESOLVER,
                                                      NULL, &error);
  gsize length;

  g_assert_no_error (error);
  const guint8 *wire = wire_of (request, &length);
  g_assert_cmpmem (wire + 2, length - 2, expected + 2, sizeof expected - 2);
  g_assert_false (ch_dns_request_is_update (request));
}

/* the update section of an update that is not signed, after header and zone */
static void
expect_update (ChDnsChange   change,
               const guint8 *expected,
               gsize         size)
{
  ChTxt txt = { "_x.test", "v" };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChDnsRequest) request = ch_dns_update_new ("test", change, &txt, 60, NULL, &error);
  static const guint8 head[] = { 5 << 3, 0, 0, 1, 0, 0, 0, 1, 0, 0, 4, 't', 'e', 's', 't', 0, 0, 6, 0, 1 };
  gsize length;

  g_assert_no_error (error);
  const guint8 *wire = wire_of (request, &length);
  g_assert_true (ch_dns_request_is_update (request));
  g_assert_cmpmem (wire + 2, sizeof head, head, sizeof head);
  g_assert_cmpmem (wire + 2 + sizeof head, length - 2 - sizeof head, expected, size);
}

static void
test_update_on_the_wire (void)
{
  /* the owner's "test" is a pointer to the zone at octet 12 */
  static const guint8 add[] = { 2, '_', 'x', 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 2, 1, 'v' };
  static const guint8 remove[] = { 2, '_', 'x', 0xc0, 12, 0, 16, 0, 254, 0, 0, 0, 0, 0, 2, 1, 'v' };

  expect_update (CH_DNS_CHANGE_ADD, add, sizeof add);
  expect_update (CH_DNS_CHANGE_REMOVE, remove, sizeof remove);
}

static void
test_update_refuses (void)
{
  g_autofree char *long_value = g_strnfill (5000, 'a');
  const struct { const char *zone, *name, *value; } cases[] = {
    { "example.test", "_x.other.test", "v" },
    { "example.test", "_x.badexample.test", "v" },
    { "example.test", "_x..example.test", "v" },
    { "example.test", "a\\.b.example.test", "v" },
    { "exam ple.test", "_x.exam ple.test", "v" },
    { "", "_x.example.test", "v" },
    { "example.test", "_x.example.test", "" },
    { "example.test", "_x.example.test", "a\"b" },
    { "example.test", "_x.example.test", "a\\b" },
    { "example.test", "_x.example.test", "a\nb" },
    { "example.test", "_x.example.test", long_value },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChTxt txt = { cases[i].name, cases[i].value };
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_dns_update_new (cases[i].zone, CH_DNS_CHANGE_ADD, &txt, 60, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

/* ---- answers ---- */

/* Writes answers as a server would, by libknot itself. */
static knot_pkt_t *
answer_new (const ChDnsRequest *request)
{
  gsize length;
  const guint8 *wire = wire_of (request, &length);
  knot_pkt_t *question = knot_pkt_new (NULL, length, NULL);
  knot_pkt_t *answer = knot_pkt_new (NULL, 65535, NULL);

  memcpy (question->wire, wire, length);
  question->size = length;
  g_assert_cmpint (knot_pkt_parse (question, 0), ==, KNOT_EOK);
  g_assert_cmpint (knot_pkt_init_response (answer, question), ==, KNOT_EOK);
  knot_wire_set_aa (answer->wire);
  knot_pkt_free (question);
  return answer;
}

static void
put (knot_pkt_t   *packet,
     const char   *owner,
     guint16       type,
     const void   *data,
     gsize         length)
{
  knot_rrset_t rrset;

  knot_rrset_init (&rrset, knot_dname_from_str_alloc (owner), type, KNOT_CLASS_IN, 300);
  knot_rrset_add_rdata (&rrset, data, length, NULL);
  g_assert_cmpint (knot_pkt_put (packet, KNOT_COMPR_HINT_NONE, &rrset, 0), ==, KNOT_EOK);
  knot_rrset_clear (&rrset, NULL);
}

static void
sign (knot_pkt_t         *answer,
      const ChDnsRequest *request,
      const char         *secret,
      guint16             tsig_error)
{
  gsize length;
  const guint8 *wire = wire_of (request, &length);
  knot_pkt_t *question = knot_pkt_new ((guint8 *) wire, length, NULL);
  g_autofree guint8 *copy = g_memdup2 (wire, length);
  knot_tsig_key_t key;
  guint8 mac[64];
  gsize mac_length = sizeof mac;

  question->wire = copy;
  g_assert_cmpint (knot_pkt_parse (question, 0), ==, KNOT_EOK);
  knot_tsig_key_init (&key, "hmac-sha256", "k", secret);
  const knot_rrset_t *tsig = question->tsig_rr;
  g_assert_cmpint (knot_tsig_sign (answer->wire, &answer->size, answer->max_size, knot_tsig_rdata_mac (tsig),
                                   knot_tsig_rdata_mac_length (tsig), mac, &mac_length, &key, tsig_error,
                                   knot_tsig_rdata_time_signed (tsig)), ==, KNOT_EOK);
  knot_tsig_key_deinit (&key);
  knot_pkt_free (question);
}

static void
test_answer_records (void)
{
  static const guint8 two_strings[] = { 3, 'a', 'b', 'c', 3, 'd', 'e', 'f' };
  static const guint8 lying_length[] = { 200, 'a', 'b' };
  static const guint8 with_zero[] = { 3, 'a', 0, 'b' };
  static const guint8 ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY,
                                                      NULL, NULL);
  g_autoptr(GError) error = NULL;
  knot_pkt_t *packet = answer_new (request);

  knot_pkt_begin (packet, KNOT_ANSWER);
  put (packet, "X.test.", KNOT_RRTYPE_TXT, two_strings, sizeof two_strings);
  put (packet, "x.test.", KNOT_RRTYPE_TXT, lying_length, sizeof lying_length);
  put (packet, "x.test.", KNOT_RRTYPE_TXT, with_zero, sizeof with_zero);
  put (packet, "x.test.", KNOT_RRTYPE_A, "\x7f\0\0\1", 4);
  put (packet, "x.test.", KNOT_RRTYPE_AAAA, ipv6, sizeof ipv6);
  put (packet, "alias.test.", KNOT_RRTYPE_CNAME, "\3a\nb\4Test", 10);
  put (packet, "x.test.", KNOT_RRTYPE_MX, "\0\1\4test", 8);

  g_assert_true (ch_dns_request_is_answered_by (request, packet->wire, packet->size));
  g_autoptr(ChDnsAnswer) answer = ch_dns_answer_parse (request, packet->wire, packet->size, &error);
  knot_pkt_free (packet);

  g_assert_no_error (error);
  g_assert_true (answer->authoritative);
  g_assert_cmpuint (answer->records->len, ==, 6);
  g_assert_true (ch_dns_answer_has_txt (answer, "x.test", "abcdef"));
  g_assert_true (ch_dns_answer_has_txt (answer, "X.TEST.", "ab"));
  g_assert_false (ch_dns_answer_has_txt (answer, "x.test", "a"));
  g_assert_false (ch_dns_answer_has_txt (answer, "y.test", "abcdef"));
  g_assert_cmpstr (ch_dns_answer_find (answer, "x.test", CH_DNS_TYPE_A)->text, ==, "127.0.0.1");
  g_assert_cmpstr (ch_dns_answer_find (answer, "x.test", CH_DNS_TYPE_AAAA)->text, ==, "2001:db8::1");
  g_assert_cmpuint (ch_dns_answer_find (answer, "x.test", CH_DNS_TYPE_TXT)->ttl, ==, 300);
  g_assert_cmpstr (ch_dns_answer_find (answer, NULL, CH_DNS_TYPE_CNAME)->text, ==, "a\\010b.test");
}

static void
test_answered_by (void)
{
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY,
                                                      NULL, NULL);
  knot_pkt_t *packet = answer_new (request);
  static const struct { guint at; guint8 change; gboolean answers; } cases[] = {
    { 0, 0x00, TRUE },
    { 0, 0x01, FALSE },         /* ID */
    { 1, 0x80, FALSE },
    { 2, 0x80, FALSE },         /* a question */
    { 2, 0x28, FALSE },         /* another opcode */
    { 3, 0x03, TRUE },          /* rcode */
    { 13, 0x20, TRUE },         /* the other case */
    { 13, 0x01, FALSE },        /* another name */
    { 19, 0x01, FALSE },        /* another type */
    { 5, 0x01, FALSE },         /* no question, though NOERROR */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      packet->wire[cases[i].at] ^= cases[i].change;
      g_assert_cmpint (ch_dns_request_is_answered_by (request, packet->wire, packet->size), ==,
                       cases[i].answers);
      packet->wire[cases[i].at] ^= cases[i].change;
    }

  for (gsize cut = 0; cut < packet->size; cut++)
    ch_dns_request_is_answered_by (request, packet->wire, cut);

  knot_pkt_free (packet);
}

static void
test_signatures (void)
{
  g_autoptr(ChTsigKey) key = ch_tsig_key_new ("K.", "hmac-sha256", SECRET, NULL);
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY, key,
                                                      NULL);
  static const struct
  {
    const char *secret;
    guint tsig_error;
    gboolean tamper;
    ChDnsSignature signature;
  } cases[] = {
    { SECRET, 0, FALSE, CH_DNS_SIGNATURE_GOOD },
    { SECRET, 0, TRUE, CH_DNS_SIGNATURE_BAD },
    { "b3RoZXI=", 0, FALSE, CH_DNS_SIGNATURE_BAD },
    { "b3RoZXI=", CH_TSIG_BADTIME, FALSE, CH_DNS_SIGNATURE_ERROR },
    { NULL, 0, FALSE, CH_DNS_SIGNATURE_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      knot_pkt_t *packet = answer_new (request);
      g_autoptr(GError) error = NULL;

      if (cases[i].secret != NULL)
        sign (packet, request, cases[i].secret, cases[i].tsig_error);
      if (cases[i].tamper)
        knot_wire_set_rcode (packet->wire, KNOT_RCODE_NXDOMAIN);

      g_autoptr(ChDnsAnswer) answer = ch_dns_answer_parse (request, packet->wire, packet->size, &error);
      g_assert_no_error (error);
      g_assert_cmpint (answer->signature, ==, cases[i].signature);
      g_assert_cmpuint (answer->tsig_error, ==, cases[i].tsig_error);
      knot_pkt_free (packet);
    }
}

/* the octets of a good answer, cut and changed everywhere: read or refused, and never believed as signed */
static void
test_damaged_answers (void)
{
  g_autoptr(ChTsigKey) key = ch_tsig_key_new ("k", "hmac-sha256", SECRET, NULL);
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY, key,
                                                      NULL);
  knot_pkt_t *packet = answer_new (request);
  static const guint8 changes[] = { 0x01, 0x3f, 0x80, 0xc0, 0xff };

  knot_pkt_begin (packet, KNOT_ANSWER);
  put (packet, "x.test.", KNOT_RRTYPE_TXT, "\3abc", 4);
  put (packet, "x.test.", KNOT_RRTYPE_CNAME, "\1y\4test", 8);
  sign (packet, request, SECRET, 0);

  for (gsize cut = 0; cut < packet->size; cut++)
    {
      g_autoptr(ChDnsAnswer) answer = ch_dns_answer_parse (request, packet->wire, cut, NULL);
      g_assert_true (answer == NULL || answer->signature != CH_DNS_SIGNATURE_GOOD);
    }

  for (gsize at = 0; at < packet->size; at++)
    for (gsize i = 0; i < sizeof changes; i++)
      {
        packet->wire[at] ^= changes[i];
        g_autoptr(ChDnsAnswer) answer = ch_dns_answer_parse (request, packet->wire, packet->size, NULL);
        packet->wire[at] ^= changes[i];

        /* the ID is not signed: the original one inside the TSIG record is (RFC 8945, 4.2) */
        g_assert_true (at < 2 || answer == NULL || answer->signature != CH_DNS_SIGNATURE_GOOD);
      }

  knot_pkt_free (packet);
}

static void
test_no_message (void)
{
  g_autoptr(ChDnsRequest) request = ch_dns_query_new ("x.test", CH_DNS_TYPE_TXT, CH_DNS_ASKING_AUTHORITY,
                                                      NULL, NULL);
  g_autofree guint8 *zeros = g_malloc0 (100000);
  static const gsize lengths[] = { 0, 1, 11, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_dns_answer_parse (request, zeros, lengths[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
    }
}

/* ---- verdicts ---- */

static const ChUpdatePeer peer = { "ns.test", "k", "hmac-sha256" };

static void
test_verdicts (void)
{
  static const struct
  {
    ChDnsRcode rcode;
    ChDnsSignature signature;
    guint16 tsig_error;
    int query, update;      /* the verdicts; -1: good */
  } cases[] = {
    { CH_DNS_RCODE_NOERROR, CH_DNS_SIGNATURE_GOOD, 0, -1, -1 },
    { CH_DNS_RCODE_NXDOMAIN, CH_DNS_SIGNATURE_GOOD, 0, -1, CH_ERROR_BAD_ANSWER },
    { CH_DNS_RCODE_NOERROR, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_BAD_ANSWER },
    { CH_DNS_RCODE_NOERROR, CH_DNS_SIGNATURE_BAD, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_BAD_ANSWER },
    { CH_DNS_RCODE_NXDOMAIN, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_BAD_ANSWER },
    { CH_DNS_RCODE_NOTAUTH, CH_DNS_SIGNATURE_ERROR, CH_TSIG_BADSIG, CH_ERROR_CREDENTIALS,
      CH_ERROR_CREDENTIALS },
    { CH_DNS_RCODE_NOTAUTH, CH_DNS_SIGNATURE_ERROR, CH_TSIG_BADKEY, CH_ERROR_CREDENTIALS,
      CH_ERROR_FORBIDDEN },
    { CH_DNS_RCODE_NOTAUTH, CH_DNS_SIGNATURE_GOOD, CH_TSIG_BADTIME, CH_ERROR_CLOCK, CH_ERROR_CLOCK },
    { CH_DNS_RCODE_NOTAUTH, CH_DNS_SIGNATURE_ERROR, 22, CH_ERROR_CREDENTIALS, CH_ERROR_CREDENTIALS },
    { CH_DNS_RCODE_NOTAUTH, CH_DNS_SIGNATURE_GOOD, 0, CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_ZONE_NOT_FOUND },
    { CH_DNS_RCODE_NOTAUTH, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN },
    { CH_DNS_RCODE_REFUSED, CH_DNS_SIGNATURE_GOOD, 0, CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_FORBIDDEN },
    { CH_DNS_RCODE_REFUSED, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_FORBIDDEN },
    { CH_DNS_RCODE_NOTZONE, CH_DNS_SIGNATURE_GOOD, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_ZONE_NOT_FOUND },
    { CH_DNS_RCODE_SERVFAIL, CH_DNS_SIGNATURE_GOOD, 0, CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT },
    { CH_DNS_RCODE_SERVFAIL, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_TRANSIENT, CH_ERROR_TRANSIENT },
    { CH_DNS_RCODE_NOTIMP, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_FORBIDDEN },
    { CH_DNS_RCODE_YXRRSET, CH_DNS_SIGNATURE_GOOD, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_CONFLICT },
    { CH_DNS_RCODE_FORMERR, CH_DNS_SIGNATURE_NONE, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_BAD_ANSWER },
    { 15, CH_DNS_SIGNATURE_GOOD, 0, CH_ERROR_BAD_ANSWER, CH_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChDnsAnswer answer = { .rcode = cases[i].rcode, .signature = cases[i].signature,
                             .tsig_error = cases[i].tsig_error };
      g_autoptr(GError) query = NULL;
      g_autoptr(GError) update = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (ch_rfc2136_judge_query (&peer, "x.test", &answer, &query), ==, cases[i].query < 0);
      g_assert_cmpint (query != NULL ? query->code : -1, ==, cases[i].query);
      g_assert_cmpint (ch_rfc2136_judge_update (&peer, "test", "x.test", &answer, &update), ==,
                       cases[i].update < 0);
      g_assert_cmpint (update != NULL ? update->code : -1, ==, cases[i].update);
    }
}

static void
test_clock_verdict_tells_both_times (void)
{
  ChDnsAnswer answer = { .rcode = CH_DNS_RCODE_NOTAUTH, .tsig_error = CH_TSIG_BADTIME, .server_time = 86400 };
  g_autoptr(GError) error = NULL;

  g_assert_false (ch_rfc2136_judge_query (&peer, "x.test", &answer, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CLOCK);
  g_assert_nonnull (strstr (error->message, "1970-01-02 00:00:00 UTC at “ns.test”"));

  /* 48 bits reach further than calendars */
  g_clear_error (&error);
  answer.server_time = G_GINT64_CONSTANT (0xffffffffffff);
  g_assert_false (ch_rfc2136_judge_query (&peer, "x.test", &answer, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CLOCK);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns/name/inside", test_names);
  g_test_add_func ("/dns/name/check", test_name_check);
  g_test_add_func ("/dns/request/query", test_query_on_the_wire);
  g_test_add_func ("/dns/request/update", test_update_on_the_wire);
  g_test_add_func ("/dns/request/update-refuses", test_update_refuses);
  g_test_add_func ("/dns/answer/records", test_answer_records);
  g_test_add_func ("/dns/answer/belongs", test_answered_by);
  g_test_add_func ("/dns/answer/signatures", test_signatures);
  g_test_add_func ("/dns/answer/damaged", test_damaged_answers);
  g_test_add_func ("/dns/answer/no-message", test_no_message);
  g_test_add_func ("/dns/verdict/table", test_verdicts);
  g_test_add_func ("/dns/verdict/clock", test_clock_verdict_tells_both_times);
  return g_test_run ();
}
