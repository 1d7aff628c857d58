/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target-cert.h"

#include <gnutls/x509.h>
#include <string.h>

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)

int
sb_target_cert_judge (const char *pem,
                      const char *common_name,
                      gint64      now)
{
  g_auto(gnutls_x509_crt_t) crt = NULL;
  gnutls_datum_t data = { (unsigned char *) pem, strlen (pem) };
  char name[256] = { 0 };
  size_t size = sizeof name - 1;

  if (gnutls_x509_crt_init (&crt) < 0 || gnutls_x509_crt_import (crt, &data, GNUTLS_X509_FMT_PEM) < 0)
    return -6002;
  if (gnutls_x509_crt_get_expiration_time (crt) <= now / 1000
      || gnutls_x509_crt_get_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size) < 0
      || g_ascii_strcasecmp (name, common_name) != 0)
    return -4008;

  return 0;
}
