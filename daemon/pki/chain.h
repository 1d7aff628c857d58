/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ChCert: the facts of one X.509 certificate. */
typedef struct
{
  char *serial;        /* lower hex */
  char *subject;       /* RFC 4514 */
  char *issuer;
  char **names;        /* dNSName and iPAddress SANs, lower case; the common name when there are none */
  gint64 not_before;   /* Unix seconds */
  gint64 not_after;
  char *fingerprint;   /* lower-hex SHA-256 of the DER */
  char *public_key;    /* lower-hex SHA-256 of the SubjectPublicKeyInfo */
  char *pem;           /* normalised: LF, one armour, trailing newline */
} ChCert;

/**
 * ch_cert_parse: (transfer full): the first certificate of @pem, or %NULL with %CH_ERROR_INVALID: none,
 *   damaged, above 64 KiB, more than 1000 names.
 */
ChCert *ch_cert_parse (const char *pem,
                       GError    **error);
void ch_cert_free (ChCert *cert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCert, ch_cert_free)

/** ChChain: a leaf with what leads to its root. */
typedef struct
{
  ChCert *leaf;
  char *intermediates; /* PEM, leaf's issuer first; may be empty */
  char *root;          /* (nullable) PEM */
} ChChain;

/**
 * ch_chain_order:
 * @leaf: PEM of the server's certificate
 * @others: PEM texts in any order, each with any number of certificates, doubles allowed, roots or not
 *
 * Puts them into the order that TLS servers send: each certificate is verified to be signed by the
 * next, a self-signed one last. What does not belong to the chain is left out, and so is what is damaged.
 * Of a root and its cross-certificate the latter is taken if its issuer was given too. The result does
 * not depend on the order of the input.
 *
 * Returns: (transfer full): the chain, or %NULL with %CH_ERROR_BAD_ANSWER when a link is missing:
 *   the last certificate found is neither self-signed nor was its issuer given — that is allowed only if
 *   at least one intermediate was found — or when the leaf is no certificate, a text is above 1 MiB, more
 *   than 256 certificates were given, or the chain has more than 10 above the leaf
 */
ChChain *ch_chain_order (const char        *leaf,
                         const char *const *others,
                         GError           **error);
void ch_chain_free (ChChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChChain, ch_chain_free)

/**
 * ch_cert_covers:
 * @names: the names of a certificate
 * @host: a host name or address as somebody wrote it, or a wildcard
 *
 * Whether the certificate serves @host by the rules of RFC 9525: "*" only as the whole leftmost label,
 * for exactly one label, with two more behind it; addresses and wildcards only by themselves.
 */
gboolean ch_cert_covers (const char *const *names,
                         const char        *host);
