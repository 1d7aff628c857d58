/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "authority.h"
#include "csr.h"

#include <gio/gio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define DAY 86400
#define BROKEN_CSR "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----\n"
#define NOW 1795392000 /* 2026-11-23 */

typedef struct
{
  char *dir;
  SbAuthority *authority;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("chancery-sandbox-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->authority = sb_authority_open (fixture->dir, &error);
  g_assert_no_error (error);
}

static void
remove_tree (GFile *folder)
{
  g_autoptr(GFileEnumerator) children = g_file_enumerate_children (folder, "standard::*", 0, NULL, NULL);
  GFile *child = NULL;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child != NULL)
    remove_tree (child);
  g_file_delete (folder, NULL, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GFile) folder = g_file_new_for_path (fixture->dir);

  sb_authority_free (fixture->authority);
  remove_tree (folder);
  g_free (fixture->dir);
}

static gnutls_x509_privkey_t
make_key (gnutls_pk_algorithm_t algorithm,
          unsigned              bits)
{
  gnutls_x509_privkey_t key;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), >=, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (key, algorithm, bits, 0), >=, 0);
  return key;
}

static char *
make_csr (gnutls_x509_privkey_t  key,
          const char            *name)
{
  gnutls_x509_crq_t crq;
  gnutls_datum_t out = { NULL, 0 };

  g_assert_cmpint (gnutls_x509_crq_init (&crq), >=, 0);
  g_assert_cmpint (gnutls_x509_crq_set_version (crq, 1), >=, 0);
  g_assert_cmpint (gnutls_x509_crq_set_dn_by_oid (crq, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)),
                   >=, 0);
  g_assert_cmpint (gnutls_x509_crq_set_subject_alt_name (crq, GNUTLS_SAN_DNSNAME, "evil.test", 9, 0), >=, 0);
  g_assert_cmpint (gnutls_x509_crq_set_key (crq, key), >=, 0);
  g_assert_cmpint (gnutls_x509_crq_sign2 (crq, key, GNUTLS_DIG_SHA256, 0), >=, 0);
  g_assert_cmpint (gnutls_x509_crq_export2 (crq, GNUTLS_X509_FMT_PEM, &out), >=, 0);
  gnutls_x509_crq_deinit (crq);

  char *pem = g_strndup ((const char *) out.data, out.size);
  gnutls_free (out.data);
  return pem;
}

static gnutls_x509_crt_t
open_certificate (const char *pem)
{
  gnutls_x509_crt_t crt;
  gnutls_datum_t data = { (unsigned char *) pem, strlen (pem) };

  g_assert_cmpint (gnutls_x509_crt_init (&crt), >=, 0);
  g_assert_cmpint (gnutls_x509_crt_import (crt, &data, GNUTLS_X509_FMT_PEM), >=, 0);
  return crt;
}

static void
assert_chain (SbAuthority       *authority,
              gnutls_x509_crt_t  leaf,
              const char        *host,
              gnutls_certificate_status_t expected)
{
  gnutls_x509_trust_list_t trust;
  gnutls_x509_crt_t root = open_certificate (sb_authority_root (authority));
  gnutls_x509_crt_t chain[] = { leaf, open_certificate (sb_authority_intermediate (authority)) };
  gnutls_typed_vdata_st demands[] = {
    { GNUTLS_DT_DNS_HOSTNAME, (unsigned char *) host, 0 },
    { GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER, 0 },
  };
  unsigned status = ~0u;

  gnutls_x509_trust_list_init (&trust, 0);
  g_assert_cmpint (gnutls_x509_trust_list_add_cas (trust, &root, 1, 0), ==, 1);
  g_assert_cmpint (gnutls_x509_trust_list_verify_crt2 (trust, chain, 2, demands, 2, 0, &status, NULL), >=, 0);
  g_assert_cmphex (status, ==, expected);
  gnutls_x509_crt_deinit (chain[1]);
  gnutls_x509_trust_list_deinit (trust, 1);
}

static void
assert_same_key (gnutls_x509_crt_t     crt,
                 gnutls_x509_privkey_t key)
{
  guint8 one[32], other[32];
  size_t n = sizeof one, m = sizeof other;

  g_assert_cmpint (gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, one, &n), >=, 0);
  g_assert_cmpint (gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, other, &m), >=, 0);
  g_assert_cmpmem (one, n, other, m);
}

static const struct
{
  gnutls_pk_algorithm_t algorithm;
  unsigned bits;
} keys[] = {
  { GNUTLS_PK_RSA, 2048 },
  { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
  { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1) },
};

static void
test_issue (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const names[] = { "www.example.test", "example.test", NULL };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(GError) error = NULL;
      gnutls_x509_privkey_t key = make_key (keys[i].algorithm, keys[i].bits);
      g_autofree char *csr = make_csr (key, "www.example.test");
      g_autofree char *serial = NULL;
      g_autofree char *pem = sb_authority_issue (fixture->authority, csr, names, NULL, "2.23.140.1.2.1", now,
                                                 now + 199 * DAY - 1, &serial, &error);

      g_assert_no_error (error);
      gnutls_x509_crt_t leaf = open_certificate (pem);
      assert_chain (fixture->authority, leaf, "www.example.test", 0);
      assert_chain (fixture->authority, leaf, "example.test", 0);
      assert_chain (fixture->authority, leaf, "evil.test",
                    GNUTLS_CERT_INVALID | GNUTLS_CERT_UNEXPECTED_OWNER);
      assert_same_key (leaf, key);
      time_t from = gnutls_x509_crt_get_activation_time (leaf);
      g_assert_cmpint (gnutls_x509_crt_get_expiration_time (leaf) - from + 1, ==, 199 * DAY);
      g_assert_cmpuint (strlen (serial), ==, 32);
      gnutls_x509_crt_deinit (leaf);
      gnutls_x509_privkey_deinit (key);
    }
}

static void
test_reopened (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SbAuthority) again = sb_authority_open (fixture->dir, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sb_authority_root (again), ==, sb_authority_root (fixture->authority));
  g_assert_cmpstr (sb_authority_intermediate (again), ==, sb_authority_intermediate (fixture->authority));
}

static void
test_limits (void)
{
  static const struct { gint64 day; int days; } cases[] = {
    { NOW, 199 }, { 1804982399, 199 }, { 1804982400, 99 }, { 1868140799, 99 }, { 1868140800, 46 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sb_authority_limit (cases[i].day * 1000), ==, cases[i].days);
}

static void
test_csr (void)
{
  int code = 0;
  gnutls_x509_privkey_t key = make_key (GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1));
  g_autofree char *pem = make_csr (key, "WWW.Example.test");
  g_autoptr(SbCsr) csr = sb_csr_parse (pem, &code);

  g_assert_cmpint (code, ==, 0);
  g_assert_cmpstr (csr->common_name, ==, "www.example.test");
  g_assert_cmpuint (strlen (csr->key_id), ==, 64);
  g_assert_null (sb_csr_parse (BROKEN_CSR, &code));
  g_assert_cmpint (code, ==, -4007);
  gnutls_x509_privkey_deinit (key);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/authority/issue", Fixture, NULL, set_up, test_issue, tear_down);
  g_test_add ("/authority/reopened", Fixture, NULL, set_up, test_reopened, tear_down);
  g_test_add_func ("/authority/limits", test_limits);
  g_test_add_func ("/csr/parse", test_csr);
  return g_test_run ();
}
