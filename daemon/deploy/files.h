/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/** ChPartSource: what the files of a deployment are made of. */
typedef struct
{
  const char *leaf;   /* PEM */
  const char *chain;  /* (nullable): PEM of the intermediates, the leaf's issuer first; may be empty */
  const char *root;   /* (nullable): PEM */
  GBytes *key;        /* (nullable): PEM; %NULL when somebody else has it */
} ChPartSource;

/** ChPartForm: what one file is to hold, and how. */
typedef struct
{
  const char *part;       /* "certificate" (the leaf), "key", "chain" (the intermediates, or the root where there are none),
                             "fullchain" (leaf and intermediates, as TLS servers send them) or "all" (key, leaf and
                             intermediates, as HAProxy wants it) */
  const char *format;     /* (nullable): "pem", which it is if not given, "der", "pkcs12" or "jks" */
  const char *alias;      /* (nullable): what the entry of a key store is called; "tls" if not given */
  const char *password;   /* (nullable): of a key store */
} ChPartForm;

/** ch_part_check: whether @part is a word for a part; if not, %CH_ERROR_INVALID lists the right ones. */
gboolean ch_part_check (const char *part,
                        GError    **error);

/** ch_part_is_secret: whether a file with @part in it holds the private key. */
gboolean ch_part_is_secret (const char *part);

/**
 * ch_form_check: whether there is such a part and format, and whether they fit: DER holds one certificate or one key,
 * and a key store a certificate at least. If not, %CH_ERROR_INVALID.
 */
gboolean ch_form_check (const ChPartForm *form,
                        GError          **error);

/** ch_form_needs_password: whether files of @format (nullable) have one. */
gboolean ch_form_needs_password (const char *format);

/** ch_form_check_password: what no program could use as the password of a key store is %CH_ERROR_INVALID. */
gboolean ch_form_check_password (const char *format,
                                 const char *password,
                                 GError    **error);

/**
 * ch_part_content:
 * @source: certificates and key
 * @form: what is wanted of them
 *
 * Blocks, for a second or so for a key store: on a worker.
 *
 * Returns: (transfer full): the file's content, in memory that is wiped when the key is in it, or %NULL with
 *   %CH_ERROR_INVALID: no such part or format, or the part is not at hand; %CH_ERROR_FILE: no keytool for a Java key
 *   store; %CH_ERROR_ACTION_FAILED: what keytool said
 */
GBytes *ch_part_content (const ChPartSource *source,
                         const ChPartForm   *form,
                         GCancellable       *cancellable,
                         GError            **error);
