/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "issue.h"

#include "engine/alarm.h"

#include <gnutls/x509.h>
#include <string.h>


static gnutls_x509_privkey_t root_key;
static gnutls_x509_crt_t root;
static char *root_pem;
static guint32 last_serial;

static gint64
for_199_days (gint64 from)
{
  return from + 199 * 24 * 60 * 60;
}

gint64 (*issue_until) (gint64 from) = for_199_days;

static char *
export (gnutls_x509_crt_t crt)
{
  gnutls_datum_t pem;

  g_assert_cmpint (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  char *text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

static gnutls_x509_crt_t
begin (const char *subject)
{
  gnutls_x509_crt_t crt;
  guint32 serial = GUINT32_TO_BE (++last_serial);

  gnutls_x509_crt_init (&crt);
  gnutls_x509_crt_set_version (crt, 3);
  gnutls_x509_crt_set_serial (crt, &serial, sizeof serial);
  gnutls_x509_crt_set_activation_time (crt, ch_now ());
  gnutls_x509_crt_set_expiration_time (crt, issue_until (ch_now ()));
  gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, subject, strlen (subject));
  return crt;
}

static void
make_root (void)
{
  gnutls_x509_privkey_init (&root_key);
  gnutls_x509_privkey_generate (root_key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  root = begin ("Throw-away root");
  gnutls_x509_crt_set_key (root, root_key);
  gnutls_x509_crt_set_basic_constraints (root, 1, -1);
  g_assert_cmpint (gnutls_x509_crt_sign2 (root, root, root_key, GNUTLS_DIG_SHA256, 0), ==, 0);
  root_pem = export (root);
}

const char *
issue_root (void)
{
  if (root == NULL)
    make_root ();

  return root_pem;
}

char *
issue (const char *csr,
       const char *name)
{
  gnutls_datum_t pem = { (unsigned char *) csr, strlen (csr) };
  gnutls_x509_crq_t request;

  issue_root ();
  gnutls_x509_crq_init (&request);
  g_assert_cmpint (gnutls_x509_crq_import (request, &pem, GNUTLS_X509_FMT_PEM), ==, 0);

  gnutls_x509_crt_t crt = begin (name);
  gnutls_x509_crt_set_crq (crt, request);
  gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, name, strlen (name), GNUTLS_FSAN_SET);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, root, root_key, GNUTLS_DIG_SHA256, 0), ==, 0);

  char *text = export (crt);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_crq_deinit (request);
  return text;
}

char *
issue_for_somebody (const char *name)
{
  gnutls_x509_privkey_t key;

  issue_root ();
  gnutls_x509_privkey_init (&key);
  gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);

  gnutls_x509_crt_t crt = begin (name);
  gnutls_x509_crt_set_key (crt, key);
  gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, name, strlen (name), GNUTLS_FSAN_SET);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, root, root_key, GNUTLS_DIG_SHA256, 0), ==, 0);

  char *text = export (crt);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);
  return text;
}

void
issue_forget (void)
{
  if (root == NULL)
    return;

  gnutls_x509_crt_deinit (g_steal_pointer (&root));
  gnutls_x509_privkey_deinit (g_steal_pointer (&root_key));
  g_clear_pointer (&root_pem, g_free);
}
