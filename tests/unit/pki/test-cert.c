/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/chain.h"

#include "forge.h"
#include "lib/error.h"

#include <string.h>

static const char *const file_names[] = {
  "www.example.com", "*.example.com", "192.0.2.1", "2001:db8::1", NULL,
};

static void
assert_facts (const ChCert *cert)
{
  g_assert_cmpstr (cert->serial, ==, "f1e2d3c4b5a6978899");
  g_assert_cmpstr (cert->subject, ==, "CN=www.example.com,O=Ex\\, Ample,C=BE");
  g_assert_cmpstr (cert->issuer, ==, cert->subject);
  g_assert_cmpint (cert->not_before, ==, 1795447410); /* 2026-11-23 15:23:30Z */
  g_assert_cmpint (cert->not_after - cert->not_before, ==, 200 * 86400);
  g_assert_cmpstr (cert->fingerprint, ==, "730e91a0251edb6939a913bfb2203081507f44704c7f63cf66e09ca85f7c21bf");
  g_assert_cmpstr (cert->public_key, ==, "94ac5f058bc41419a647beab8e98049a089dd31de8e35a8e965a3364874b56af");
  g_assert_true (g_strv_equal ((const char *const *) cert->names, file_names));
}

static char *
with_crlf (const char *pem)
{
  g_auto(GStrv) lines = g_strsplit (pem, "\n", -1);
  return g_strjoinv ("\r\n", lines);
}

/* The same facts and the same text, however it was wrapped. */
static void
test_parse (void)
{
  g_autofree char *pem = load ("cert.pem");
  g_autofree char *crlf = with_crlf (pem);
  g_autofree char *talk = g_strconcat ("Certificate:\n  Data: …\n", pem, "and more", NULL);
  g_autofree char *twice = g_strconcat (pem, pem, NULL);
  const char *const texts[] = { pem, crlf, talk, twice };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChCert) cert = ch_cert_parse (texts[i], &error);

      g_assert_no_error (error);
      assert_facts (cert);
      g_assert_cmpstr (cert->pem, ==, pem);
    }
}

static void
test_common_name_counts_without_sans (void)
{
  g_autoptr(Forged) forged = forge ("WWW.Example.com", NULL, NULL, FALSE, 1);
  g_autoptr(ChCert) cert = ch_cert_parse (forged->pem, NULL);
  static const char *const names[] = { "www.example.com", NULL };

  g_assert_true (g_strv_equal ((const char *const *) cert->names, names));
}

static void
test_common_name_that_is_no_name (void)
{
  g_autoptr(Forged) forged = forge ("Example Root", NULL, NULL, TRUE, 1);
  g_autoptr(ChCert) cert = ch_cert_parse (forged->pem, NULL);

  g_assert_null (cert->names[0]);
}

/* A certificate with @name as only DNS name, byte by byte. GnuTLS would not write some of them, so they
 * are put into the finished certificate; its signature is of no matter here. */
static char *
forge_alt_name (const void *name,
                gsize       size)
{
  g_autoptr(Forged) forged = forge ("x", NULL, NULL, FALSE, 1);
  g_autofree char *stand_in = g_strnfill (size, 'Z');
  g_auto(gnutls_datum_t) der = { NULL, 0 };
  g_auto(gnutls_datum_t) pem = { NULL, 0 };

  gnutls_x509_crt_set_subject_alt_name (forged->crt, GNUTLS_SAN_DNSNAME, stand_in, size, GNUTLS_FSAN_SET);
  g_assert_cmpint (gnutls_x509_crt_sign2 (forged->crt, forged->crt, forged->key, GNUTLS_DIG_SHA256, 0),
                   ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (forged->crt, GNUTLS_X509_FMT_DER, &der), ==, 0);
  memcpy (memmem (der.data, der.size, stand_in, size), name, size);
  g_assert_cmpint (gnutls_pem_base64_encode2 ("CERTIFICATE", &der, &pem), ==, 0);
  return g_strndup ((const char *) pem.data, pem.size);
}

static void
test_names_that_fool (void)
{
  static const struct { const char *name; gsize size; } names[] = {
    { "www.bank.example\0.evil.example", 30 }, { "www.bank.example\n", 17 }, { "b\xfc" "cher.example", 14 },
    { "www bank.example", 16 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *pem = forge_alt_name (names[i].name, names[i].size);
      g_autoptr(GError) error = NULL;
      g_autoptr(ChCert) cert = ch_cert_parse (pem, &error);

      g_assert_no_error (error);
      g_assert_false (ch_cert_covers ((const char *const *) cert->names, "www.bank.example"));
      for (gsize j = 0; cert->names[j] != NULL; j++)
        g_assert_cmpstr (cert->names[j], ==, "x");
    }
}

static void
test_garbage (void)
{
  g_autofree char *filling = g_strnfill (64 * 1024, 'A');
  g_autofree char *huge = g_strconcat ("-----BEGIN CERTIFICATE-----\n", filling,
                                       "\n-----END CERTIFICATE-----\n", NULL);
  g_autofree char *request = load ("csr.pem");
  const char *const texts[] = {
    "", "hello", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", filling, huge, request,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ch_cert_parse (texts[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_damaged (void)
{
  g_autofree char *pem = load ("cert.pem");

  for (guint seed = 0; seed < 2000; seed++)
    {
      g_autofree char *damaged = g_strdup (pem);
      g_autoptr(GError) error = NULL;

      mutate (damaged, seed);
      g_autoptr(ChCert) cert = ch_cert_parse (damaged, &error);
      if (cert == NULL)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      else
        g_assert_true (g_utf8_validate (cert->subject, -1, NULL));
    }
}

static void
test_covers (void)
{
  static const struct { const char *name, *host; gboolean covers; } cases[] = {
    { "www.example.com", "www.example.com", TRUE },
    { "www.example.com", "WWW.EXAMPLE.COM", TRUE },
    { "www.example.com", "www.example.com.", TRUE },
    { "www.example.com", "example.com", FALSE },
    { "www.example.com", "www.example.com.evil.org", FALSE },
    { "example.com", "www.example.com", FALSE },
    { "*.example.com", "www.example.com", TRUE },
    { "*.EXAMPLE.com", "www.example.com", TRUE },
    { "*.example.com", "xn--bcher-kva.example.com", TRUE },
    { "*.example.com", "bücher.example.com", TRUE },
    { "xn--bcher-kva.example", "bücher.example", TRUE },
    { "*.example.com", "example.com", FALSE },
    { "*.example.com", ".example.com", FALSE },
    { "*.example.com", "a.b.example.com", FALSE },
    { "*.example.com", "*.example.com", TRUE },
    { "*.example.com", "*.b.example.com", FALSE },
    { "*.b.example.com", "*.example.com", FALSE },
    { "www.example.com", "*.example.com", FALSE },
    { "*.*.example.com", "a.b.example.com", FALSE },
    { "w*.example.com", "www.example.com", FALSE },
    { "*w.example.com", "www.example.com", FALSE },
    { "www.*.com", "www.example.com", FALSE },
    { "*", "localhost", FALSE },
    { "*", "www.example.com", FALSE },
    { "*.com", "example.com", FALSE },
    { "*.", "example.", FALSE },
    { "*.example.com", "wwwexample.com", FALSE },
    { "192.0.2.1", "192.0.2.1", TRUE },
    { "192.0.2.1", "192.0.2.10", FALSE },
    { "*.0.2.1", "192.0.2.1", FALSE },
    { "*.2.1", "192.0.2.1", FALSE },
    { "2001:db8::1", "2001:DB8:0::1", TRUE },
    { "2001:db8::1", "2001:db8::2", FALSE },
    { "192.0.2.1", "::ffff:192.0.2.1", FALSE },
    { "www.example.com", "", FALSE },
    { "www.example.com", "www example com", FALSE },
    { "", "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *names[] = { "other.example.org", cases[i].name, NULL };

      g_test_message ("%s covers %s", cases[i].name, cases[i].host);
      g_assert_cmpint (ch_cert_covers (names, cases[i].host), ==, cases[i].covers);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cert/parse", test_parse);
  g_test_add_func ("/cert/common-name", test_common_name_counts_without_sans);
  g_test_add_func ("/cert/common-name-that-is-no-name", test_common_name_that_is_no_name);
  g_test_add_func ("/cert/names-that-fool", test_names_that_fool);
  g_test_add_func ("/cert/garbage", test_garbage);
  g_test_add_func ("/cert/damaged", test_damaged);
  g_test_add_func ("/cert/covers", test_covers);
  return g_test_run ();
}
