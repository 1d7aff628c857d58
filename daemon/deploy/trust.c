/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/prove.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define CERTIFICATES_MAX 16

/* The time is left out: when it ends is told apart. */
static gboolean
verify (gnutls_x509_crt_t *certificates,
        guint              n)
{
  gnutls_x509_trust_list_t anchors;
  guint status = ~0u;

  gnutls_x509_trust_list_init (&anchors, 0);
  gboolean done = gnutls_x509_trust_list_add_system_trust (anchors, 0, 0) > 0
                  && gnutls_x509_trust_list_verify_crt (anchors, certificates, n, GNUTLS_VERIFY_DISABLE_TIME_CHECKS
                                                        | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS, &status, NULL) == 0;
  gnutls_x509_trust_list_deinit (anchors, 1);
  return done && status == 0;
}

gboolean
ch_served_is_trusted (const ChServed *served)
{
  gnutls_x509_crt_t certificates[CERTIFICATES_MAX];
  guint n = 0;

  for (guint i = 0; i < served->certificates->len && n < CERTIFICATES_MAX; i++)
    {
      const ChCert *certificate = g_ptr_array_index (served->certificates, i);
      gnutls_datum_t pem = { (guint8 *) certificate->pem, strlen (certificate->pem) };

      gnutls_x509_crt_init (&certificates[n]);
      if (gnutls_x509_crt_import (certificates[n], &pem, GNUTLS_X509_FMT_PEM) == 0)
        n++;
      else
        gnutls_x509_crt_deinit (certificates[n]);
    }

  gboolean trusted = n > 0 && verify (certificates, n);
  for (guint i = 0; i < n; i++)
    gnutls_x509_crt_deinit (certificates[i]);
  return trusted;
}
