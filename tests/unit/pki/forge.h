/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pki/gnutls-auto.h"

/** load: (transfer full): the text of a file in data/. */
char *load (const char *name);

/** mutate: changes some bytes of @text at random places and by @seed only; the first 27 stay. */
void mutate (char  *text,
             guint  seed);

/** Forged: a certificate with its key, to sign more with. */
typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t crt;
  char *pem;
} Forged;

/**
 * forge:
 * @subject: its common name
 * @like: (nullable): whose key it gets; %NULL for a new one
 * @issuer: (nullable): who signs; %NULL for itself
 * @is_ca: whether it may sign
 * @days: how long it is valid
 *
 * Returns: (transfer full): a certificate on P-256
 */
Forged *forge (const char   *subject,
               const Forged *like,
               const Forged *issuer,
               gboolean      is_ca,
               int           days);
void forged_free (Forged *forged);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Forged, forged_free)
