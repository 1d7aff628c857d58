/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"

/** ChStartTls: what is said before TLS begins. */
typedef enum
{
  CH_START_TLS_NONE,        /* TLS from the first byte on */
  CH_START_TLS_SMTP,        /* RFC 3207 */
  CH_START_TLS_IMAP,        /* RFC 9051, 6.2.1 */
  CH_START_TLS_POP3,        /* RFC 2595, 4 */
  CH_START_TLS_LDAP,        /* RFC 4511, 4.14 */
  CH_START_TLS_POSTGRESQL,  /* SSLRequest */
} ChStartTls;

/** ChEndpoint: where the new certificate must be seen. */
typedef struct
{
  const char *host;     /* where to connect */
  guint16 port;
  const char *sni;      /* (nullable): host */
  ChStartTls start_tls;
} ChEndpoint;

/** ch_start_tls_parse: whether @word is "smtp", "imap", …; if not, %CH_ERROR_INVALID lists the right ones. */
gboolean ch_start_tls_parse (const char *word,
                             ChStartTls *start_tls,
                             GError    **error);

/** ChInstallPlan: one run of a deployment. */
typedef struct
{
  const ChTarget *target;
  const ChServerAccess *access;
  GPtrArray *files;         /* (element-type ChTargetFile) */
  ChAction test;            /* the service's own look at its configuration; none: it is not asked */
  ChAction action;
  GArray *endpoints;        /* (element-type ChEndpoint); may be empty */
  const char *fingerprint;  /* lower-hex SHA-256 of the leaf that must be served */
} ChInstallPlan;

/**
 * ChInstallNote: told after each step of a run; called on the worker.
 * @step: "stage", "test", "swap", "test-new", "act", "prove", "settle", "restore", "act-again"
 * @text: what happened, a sentence
 */
typedef void (*ChInstallNote) (const char *step, gboolean ok, const char *text, gpointer data);

/**
 * ch_install_run:
 *
 * stage all → test → swap all → test again → act → prove → settle all; on failure of any of them restore all → act
 * again. The first test tells whether the service would take any reload as it is, the second whether it takes the new
 * files; where the service has seen none of them yet, it is not told to act again.
 * Safe to call again after the daemon died in the middle of it. Passes ch_checkpoint() before and after each
 * step: "stage:before", "stage:after", "swap:before", …
 *
 * @cancellable stops the steps that go forward; going back and settling are always brought to their end. When
 * the new certificate was seen and an old file cannot be removed, the "settle" note says so and the run still
 * counts as done.
 *
 * Returns: %TRUE when the new certificate was seen at every endpoint; %FALSE with the first error, after which
 *   everything is as it was before; when that itself fails, the message says so and names the files
 */
gboolean ch_install_run (const ChInstallPlan *plan,
                         ChInstallNote        note,
                         gpointer             data,
                         GCancellable        *cancellable,
                         GError             **error);

/** ChServed: what an endpoint serves. */
typedef struct
{
  char *fingerprint;    /* lower-hex SHA-256 of the leaf's DER */
  char *subject;
  gint64 not_after;
  guint n_certificates;
} ChServed;
void ch_served_free (ChServed *served);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChServed, ch_served_free)

/**
 * ch_prove_look:
 * @endpoint: where
 *
 * Connects with TLS to one address of the endpoint and tells the leaf that is served. The chain is not
 * verified here: the question is *which* certificate is served.
 */
ChServed *ch_prove_look (const ChEndpoint *endpoint,
                         GCancellable     *cancellable,
                         GError          **error);

/**
 * ch_prove:
 *
 * Looks at @endpoint until it steadily serves @fingerprint, for at most about ten seconds (graceful reloads
 * take a moment, and serve old and new side by side meanwhile). A server that has one certificate with an
 * RSA key and one with an EC key is asked for both.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_NOT_SERVED (says what is served instead) or %CH_ERROR_UNREACHABLE
 */
gboolean ch_prove (const ChEndpoint *endpoint,
                   const char       *fingerprint,
                   GCancellable     *cancellable,
                   GError          **error);
