/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pki/chain.h"

#include <gio/gio.h>

/* What an endpoint serves, and whether it is what it should be. All block, on a worker. */

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

/** ChEndpoint: where a certificate must be seen. */
typedef struct
{
  const char *host;     /* where to connect */
  guint16 port;
  const char *sni;      /* (nullable): host */
  ChStartTls start_tls;
  guint patience;       /* seconds that ch_prove() waits for what is expected; 0: ten */
} ChEndpoint;

/** CH_PATIENCE_MAX: the most of it. */
#define CH_PATIENCE_MAX 600

/** ch_start_tls_parse: whether @word is "smtp", "imap", …; if not, %CH_ERROR_INVALID lists the right ones. */
gboolean ch_start_tls_parse (const char *word,
                             ChStartTls *start_tls,
                             GError    **error);

/** ch_endpoint_name: (transfer full): such as "[::1]:443 (as www.example.test)". */
char *ch_endpoint_name (const ChEndpoint *endpoint);
/** ch_endpoint_place: (transfer full): likewise, and which address of it, if it may have several. */
char *ch_endpoint_place (const ChEndpoint *endpoint,
                         GInetAddress     *address);

/** ChServed: what an endpoint sends. */
typedef struct
{
  const ChCert *leaf;         /* (not owned): the first */
  GPtrArray *certificates;    /* (element-type ChCert): as they came; what cannot be read behind the leaf is left out */
} ChServed;
void ch_served_free (ChServed *served);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChServed, ch_served_free)

/** ch_served_is_trusted: whether this machine would trust its chain, whatever the time and the name. */
gboolean ch_served_is_trusted (const ChServed *served);

/** ch_endpoint_addresses: (transfer full) (element-type GInetAddress): all of its host, at most 16, or
 * %CH_ERROR_UNREACHABLE. */
GPtrArray *ch_endpoint_addresses (const ChEndpoint *endpoint,
                                  GCancellable     *cancellable,
                                  GError          **error);

/** ChKeyKind: which of its certificates a server is to show, where it has several. */
typedef enum
{
  CH_KEY_KIND_ANY,
  CH_KEY_KIND_RSA,
  CH_KEY_KIND_EC,
} ChKeyKind;

/**
 * ch_served_look:
 * @address: one of the endpoint's
 *
 * Connects, says what is said before TLS, and takes the certificates that come with it; five seconds at most. The
 * chain is not verified here: the question is *which* certificate is served.
 *
 * Returns: (transfer full): %NULL with %CH_ERROR_UNREACHABLE, %CH_ERROR_BAD_ANSWER or %CH_ERROR_CANCELLED, which
 *   names the endpoint and the address
 */
ChServed *ch_served_look (const ChEndpoint *endpoint,
                          GInetAddress     *address,
                          ChKeyKind         kind,
                          GCancellable     *cancellable,
                          GError          **error);

/** ChSeen: what one address of an endpoint serves. */
typedef struct
{
  char *place;        /* as ch_endpoint_place() */
  ChServed *served;
} ChSeen;

/**
 * ch_prove_look:
 * @told: (nullable): gets a sentence for each address that could not be asked, as long as another could
 *
 * ch_served_look() at each address of @endpoint.
 *
 * Returns: (transfer full) (element-type ChSeen): in the order of the addresses, at least one; %NULL with the error of
 *   the first when none answers
 */
GPtrArray *ch_prove_look (const ChEndpoint *endpoint,
                          GString          *told,
                          GCancellable     *cancellable,
                          GError          **error);

/** ChExpected: what must be served. */
typedef struct
{
  const char *fingerprint;  /* lower-hex SHA-256 of the leaf */
  const char *chain;        /* (nullable): PEM: exactly these must come with it, in any order; a root may, too.
                               %NULL: whatever comes */
} ChExpected;

/**
 * ch_prove:
 * @told: (nullable): gets a sentence for each address that could not be asked
 *
 * Looks at each address of @endpoint until it steadily serves what is @expected, as long as its patience lasts
 * (graceful reloads take a moment, and serve old and new side by side meanwhile). A server that has one certificate
 * with an RSA key and one with an EC key is asked for both. Addresses without a route from here are told and do not
 * count; neither does one of “localhost” where nothing listens, as long as another shows the certificate.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_NOT_SERVED (says where, and what is served instead) or
 *   %CH_ERROR_UNREACHABLE
 */
gboolean ch_prove (const ChEndpoint *endpoint,
                   const ChExpected *expected,
                   GString          *told,
                   GCancellable     *cancellable,
                   GError          **error);

/**
 * ch_prove_once:
 * @other: (out) (optional) (nullable): the fingerprint of what is served instead, with %CH_ERROR_NOT_SERVED
 *
 * Like ch_prove(), for endpoints that we have not changed just now: one look at each address does where it is served.
 * If not, somebody else may have reloaded this moment, so it looks on for two seconds. An address that does not answer
 * at all counts for nothing here, as long as another does.
 */
gboolean ch_prove_once (const ChEndpoint *endpoint,
                        const ChExpected *expected,
                        char            **other,
                        GCancellable     *cancellable,
                        GError          **error);
