/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/prove.h"

#include "lib/error.h"
#include "talker.h"

#include <string.h>

#define LDAP_REQUEST "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" "1.3.6.1.4.1.1466.20037"
#define LDAP_HEARS .hears = LDAP_REQUEST, .n_hears = sizeof LDAP_REQUEST - 1
#define POSTGRESQL_HEARS .hears = "\0\0\0\x08\x04\xd2\x16\x2f", .n_hears = 8
#define BYTES(text) .says = text, .n_says = sizeof text - 1

/* ---- those that do it ---- */

static const struct
{
  ChStartTls start_tls;
  const char *what;
  TestLine lines[6];
} good[] = {
  { CH_START_TLS_SMTP, "smtp, as Postfix",
    { { "220 mail.example.test ESMTP Postfix (Debian)\r\n", .hears = "EHLO [127.0.0.1]\r\n" },
      { "250-mail.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 CHUNKING\r\n",
        .hears = "STARTTLS\r\n" },
      { "220 2.0.0 Ready to start TLS\r\n" } } },
  { CH_START_TLS_SMTP, "smtp, with a long greeting and a last line that has no text",
    { { "220-mail.example.test\r\n220-no spam\r\n220\r\n", .hears = "EHLO " },
      { "250-mail\r\n250 starttls\r\n", .hears = "STARTTLS\r\n" },
      { "220 go\r\n" } } },
  { CH_START_TLS_IMAP, "imap, as Dovecot",
    { { "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\r\n", .hears = "c1 STARTTLS\r\n" },
      { "c1 OK Begin TLS negotiation now.\r\n" } } },
  { CH_START_TLS_IMAP, "imap, with something to tell between",
    { { "* OK hello\r\n", .hears = "c1 STARTTLS\r\n" },
      { "* CAPABILITY IMAP4rev1\r\nc1 ok go\r\n" } } },
  { CH_START_TLS_POP3, "pop3",
    { { "+OK Dovecot ready.\r\n", .hears = "STLS\r\n" },
      { "+OK Begin TLS negotiation now.\r\n" } } },
  { CH_START_TLS_LDAP, "ldap, as OpenLDAP",
    { { LDAP_HEARS },
      { BYTES ("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00") } } },
  { CH_START_TLS_LDAP, "ldap, as Active Directory, whose lengths are long",
    { { LDAP_HEARS },
      { BYTES ("\x30\x84\x00\x00\x00\x28\x02\x01\x01\x78\x84\x00\x00\x00\x1f\x0a\x01\x00\x04\x00\x04\x00"
               "\x8a\x16" "1.3.6.1.4.1.1466.20037") } } },
  { CH_START_TLS_POSTGRESQL, "postgresql",
    { { POSTGRESQL_HEARS },
      { "S" } } },
};

static void
test_good (void)
{
  g_autoptr(TestCert) cert = test_cert_new ("mail.example.test", GNUTLS_PK_ECDSA);

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(TestTalker) talker = test_talker_new ("127.0.0.1", 0, good[i].lines, TEST_LAST_TLS, cert->pem, cert->key);
      ChEndpoint endpoint = { "127.0.0.1", test_talker_port (talker), NULL, good[i].start_tls };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", good[i].what);
      g_autoptr(GPtrArray) seen = ch_prove_look (&endpoint, NULL, NULL, &error);
      g_assert_no_error (error);
      const ChServed *served = ((const ChSeen *) g_ptr_array_index (seen, 0))->served;
      g_assert_cmpstr (served->leaf->fingerprint, ==, cert->fingerprint);
      g_assert_cmpuint (test_talker_n_heard (talker), ==, 1);
    }
}

/* ---- those that do not ---- */

static const struct
{
  ChStartTls start_tls;
  TestLine lines[6];
  TestLast last;
  ChError code;
  const char *says;
} bad[] = {
  { CH_START_TLS_SMTP, { { "220 a\r\n", .hears = "EHLO" }, { "250-a\r\n250 SIZE 1\r\n" } }, TEST_LAST_SILENCE,
    CH_ERROR_BAD_ANSWER, "does not offer STARTTLS" },
  { CH_START_TLS_SMTP, { { "220 a\r\n", .hears = "EHLO" }, { "250-a\r\n250 XSTARTTLS\r\n" } }, TEST_LAST_SILENCE,
    CH_ERROR_BAD_ANSWER, "does not offer STARTTLS" },
  { CH_START_TLS_SMTP, { { "554 go away\r\n" } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "“554 go away”" },
  { CH_START_TLS_SMTP, { { "220 a\r\n", .hears = "EHLO" }, { "250 STARTTLS\r\n", .hears = "STARTTLS" }, { "454 no\r\n" } },
    TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "“454 no”" },
  { CH_START_TLS_SMTP, { { "22\r\n" } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "“22”" },
  { CH_START_TLS_SMTP, { { BYTES ("220 a\0b\x1b[2J\r\n"), .hears = "EHLO" }, { BYTES ("\x1b]0;x\x07\xff\xfe\r\n") } },
    TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "does not start TLS by SMTP" },
  { CH_START_TLS_SMTP, { { "SSH-2.0-OpenSSH_9.2p1\r\n" } }, TEST_LAST_SILENCE, CH_ERROR_BAD_ANSWER, "SSH-2.0" },
  { CH_START_TLS_SMTP, { { "220 a\r\n" } }, TEST_LAST_CLOSE, CH_ERROR_UNREACHABLE, "lost" },
  { CH_START_TLS_SMTP, { { NULL } }, TEST_LAST_CLOSE, CH_ERROR_UNREACHABLE, "lost" },
  { CH_START_TLS_SMTP, { { NULL } }, TEST_LAST_FLOOD, CH_ERROR_BAD_ANSWER, "a line without an end" },
  { CH_START_TLS_SMTP, { { NULL } }, TEST_LAST_SILENCE, CH_ERROR_UNREACHABLE, "no answer in time" },
  /* what is said before TLS and read after it would be believed */
  { CH_START_TLS_SMTP, { { "220 a\r\n", .hears = "EHLO" }, { "250 STARTTLS\r\n", .hears = "STARTTLS" },
                         { "220 go\r\n250 injected\r\n" } }, TEST_LAST_TLS, CH_ERROR_BAD_ANSWER, "does not speak TLS" },
  { CH_START_TLS_IMAP, { { "* BYE full\r\n" } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "“* BYE full”" },
  { CH_START_TLS_IMAP, { { "* PREAUTH hi\r\n" } }, TEST_LAST_SILENCE, CH_ERROR_BAD_ANSWER, "PREAUTH" },
  { CH_START_TLS_IMAP, { { "* OK\r\n", .hears = "c1" }, { "c1 BAD TLS is off\r\n" } }, TEST_LAST_SILENCE,
    CH_ERROR_BAD_ANSWER, "TLS is off" },
  { CH_START_TLS_IMAP, { { "* OK\r\n", .hears = "c1" } }, TEST_LAST_FLOOD, CH_ERROR_BAD_ANSWER, "a line without an end" },
  { CH_START_TLS_POP3, { { "-ERR busy\r\n" } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "-ERR busy" },
  { CH_START_TLS_POP3, { { "+OK\r\n", .hears = "STLS" }, { "-ERR no\r\n" } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "-ERR no" },
  /* protocolError: what OpenLDAP without TLS says; unavailable */
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00") } },
    TEST_LAST_SILENCE, CH_ERROR_BAD_ANSWER, "result code 2" },
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x84\xff\xff\xff\xff") } }, TEST_LAST_FLOOD, CH_ERROR_BAD_ANSWER,
    "does not speak LDAP" },
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x80\x02\x01\x01") } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "LDAP" },
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x00") } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "LDAP" },
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x0c\x02\x01\x01\x78\x7f\x0a\x01\x00\x04\x00\x04\x00") } },
    TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "LDAP" },
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x05\x02\x01\x01\x78\x84") } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER, "LDAP" },
  { CH_START_TLS_LDAP, { { LDAP_HEARS }, { BYTES ("\x30\x0c\x02\x01\x01") } }, TEST_LAST_CLOSE, CH_ERROR_UNREACHABLE, "lost" },
  { CH_START_TLS_LDAP, { { "220 not LDAP\r\n" } }, TEST_LAST_SILENCE, CH_ERROR_BAD_ANSWER, "LDAP" },
  { CH_START_TLS_POSTGRESQL, { { POSTGRESQL_HEARS }, { "N" } }, TEST_LAST_SILENCE, CH_ERROR_BAD_ANSWER, "“ssl” is off" },
  { CH_START_TLS_POSTGRESQL, { { POSTGRESQL_HEARS }, { "E\0\0\0\x10" } }, TEST_LAST_CLOSE, CH_ERROR_BAD_ANSWER,
    "does not answer as PostgreSQL" },
  { CH_START_TLS_POSTGRESQL, { { POSTGRESQL_HEARS } }, TEST_LAST_CLOSE, CH_ERROR_UNREACHABLE, "lost" },
  { CH_START_TLS_NONE, { { "220 this is SMTP\r\n" } }, TEST_LAST_SILENCE, CH_ERROR_BAD_ANSWER, "does not speak TLS" },
};

static void
test_bad (void)
{
  g_autoptr(TestCert) cert = test_cert_new ("mail.example.test", GNUTLS_PK_ECDSA);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(TestTalker) talker = test_talker_new ("127.0.0.1", 0, bad[i].lines, bad[i].last, cert->pem, cert->key);
      ChEndpoint endpoint = { "127.0.0.1", test_talker_port (talker), NULL, bad[i].start_tls };
      g_autofree char *name = ch_endpoint_name (&endpoint);
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_prove_look (&endpoint, NULL, NULL, &error));
      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, error->message);
      g_assert_error (error, CH_ERROR, (int) bad[i].code);
      g_assert_true (g_str_has_prefix (error->message, name));
      g_assert_nonnull (strstr (error->message, bad[i].says));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\x1b'));
    }
}

static void
test_parse (void)
{
  ChStartTls start_tls = CH_START_TLS_NONE;
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_start_tls_parse ("postgresql", &start_tls, &error));
  g_assert_cmpint (start_tls, ==, CH_START_TLS_POSTGRESQL);
  g_assert_false (ch_start_tls_parse ("SMTP", &start_tls, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "none, smtp, imap, pop3, ldap, postgresql"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deploy/start-tls/good", test_good);
  g_test_add_func ("/deploy/start-tls/bad", test_bad);
  g_test_add_func ("/deploy/start-tls/parse", test_parse);
  return g_test_run ();
}
