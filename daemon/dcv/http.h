/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A file on the web server that proves control of a name: GlobalSign's “HTTP” (docs/globalsign.md, Ordering). */

/** CH_DCV_FILE_PATH: where GlobalSign looks, on every host. */
#define CH_DCV_FILE_PATH "/.well-known/pki-validation/gsdv.txt"

/**
 * ChFileSeen: what one address of a host answered.
 * @CH_FILE_VALUE: the file, with the right content
 * @CH_FILE_OTHER: another content
 * @CH_FILE_STATUS: a status outside of 2xx
 * @CH_FILE_REDIRECT: a redirection that the CA does not follow
 * @CH_FILE_SILENT: nothing that could be read
 * @CH_FILE_NO_ROUTE: it was not asked: this machine cannot reach such addresses
 */
typedef enum
{
  CH_FILE_VALUE,
  CH_FILE_OTHER,
  CH_FILE_STATUS,
  CH_FILE_REDIRECT,
  CH_FILE_SILENT,
  CH_FILE_NO_ROUTE,
} ChFileSeen;

/** ChFileObservation: one address by one scheme. */
typedef struct
{
  char *location;   /* "http://www.example.com" */
  char *address;    /* "192.0.2.1" */
  ChFileSeen seen;
  char *text;       /* in words: "shows the file", "answers 404 Not Found", … */
} ChFileObservation;

/** ChFileLook: what all addresses said. */
typedef struct
{
  GPtrArray *observations;  /* (element-type ChFileObservation) */
  char *location;           /* (nullable): what the CA is told: by which scheme the file stands at every address; %NULL: by none */
  char *summary;            /* one sentence */
} ChFileLook;

void ch_file_look_free (ChFileLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChFileLook, ch_file_look_free)

/** ChFileProof: what is looked for. */
typedef struct
{
  const char *host;         /* A-labels, or an address */
  const char *value;        /* what the file must hold; white space around it does not count */
  const char *resolver;     /* (nullable): "address[:port]" that finds the addresses; %NULL: the system's */
  guint16 http_port;        /* 80 and 443 but in tests: a redirection may lead to these and no others */
  guint16 https_port;
} ChFileProof;

/**
 * ch_dcv_http_look:
 *
 * Fetches the file from every address of the host, A and AAAA, by http, and by https if it does not stand everywhere
 * by http. Follows redirections as a CA may (BR 3.2.2.4.18): 301, 302, 307 and 308, to http or https on one of the two
 * ports. Whose certificate an https server has does not matter: who asks for its first has none yet. Never uses a
 * proxy, for the CA has none. Blocks for about a minute at most.
 *
 * Returns: (transfer full): what they said, or %NULL with %CH_ERROR_UNREACHABLE when the addresses could not be found
 *   out, or %CH_ERROR_CANCELLED
 */
ChFileLook *ch_dcv_http_look (const ChFileProof *proof,
                              GCancellable      *cancellable,
                              GError           **error);

/** ch_dcv_http_url: (transfer full): where the file of @host stands, for people: "http://www.example.com/.well-known/…". */
char *ch_dcv_http_url (const char *host);
