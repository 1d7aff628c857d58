/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Certificates in the forms that other programs want. */

/** ChExportFormat: nicks as people know them; see ch_export_format_parse(). */
typedef enum
{
  CH_EXPORT_PEM,        /* the server's certificate */
  CH_EXPORT_CHAIN,      /* the intermediates, PEM */
  CH_EXPORT_FULLCHAIN,  /* both, in the order that servers send them, PEM */
  CH_EXPORT_DER,        /* the server's certificate */
  CH_EXPORT_PKCS7,      /* both, PEM armour: what Windows calls p7b */
  CH_EXPORT_PKCS12,     /* both, and perhaps the key */
} ChExportFormat;

/** ch_export_format_parse: @format: "pem", "chain", "fullchain", "der", "pkcs7" or "pkcs12"; else %CH_ERROR_INVALID. */
gboolean ch_export_format_parse (const char     *text,
                                 ChExportFormat *format,
                                 GError        **error);

/** ChExport: what is written. */
typedef struct
{
  ChExportFormat format;
  const char *leaf;       /* PEM */
  const char *chain;      /* PEM of any number of intermediates; may be empty */
  GBytes *key;            /* (nullable): PKCS#8 PEM without password; for PEM, FULLCHAIN and PKCS12 */
  const char *password;   /* (nullable): of the PKCS#12 file, and of the key in PEM */
  const char *name;       /* what a key store calls the entry */
  gboolean legacy;        /* PKCS#12 with 3DES and SHA-1, for programs of before 2019; else AES-256 and SHA-256 */
} ChExport;

/**
 * ch_export:
 *
 * Blocks for a second or so where a password is turned into a key (600 000 rounds). Call it on a worker.
 *
 * Returns: (transfer full): the file, in wiped memory, or %NULL with %CH_ERROR_INVALID: the key does not belong to
 *   the certificate, a PKCS#12 file with a key and without a password, a form that holds no key
 */
GBytes *ch_export (const ChExport *what,
                   GError        **error);

/** ChCertLook: what a person wants to know of a certificate on top of #ChCert. */
typedef struct
{
  char *subject;
  char *issuer;
  gint64 not_before;
  gint64 not_after;
  char *key;              /* "EC/ECDSA (secp256r1, 256 bits)" */
  char *signature;        /* "RSA-SHA256" */
  char *sha1;             /* lower hex, of the DER */
  char *fingerprint;      /* lower hex, SHA-256 of the DER */
} ChCertLook;

void ch_cert_look_free (ChCertLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCertLook, ch_cert_look_free)

/** ch_cert_look_all: (transfer full) (element-type ChCertLook): each certificate of @pem (nullable); damaged ones are left out. */
GPtrArray *ch_cert_look_all (const char *pem);
