/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChHttp: how to reach one service.
 *
 * TLS verification cannot be switched off where anything is told or believed; @ca_pem adds anchors to those of the system.
 */
typedef struct
{
  const char *base_url;    /* "https://host:port/path", no final slash */
  const char *ca_pem;      /* (nullable): further trust anchors, PEM */
  const char *proxy;       /* (nullable): "http://host:port"; NULL: $https_proxy or $http_proxy, $no_proxy */
  guint timeout;           /* seconds without any byte; 0 means 120 */
  gsize max_body;          /* bytes; 0 means 4 MiB */
  GInetAddress *address;   /* (nullable): connect to this address of the host, and never by a proxy */
  gboolean any_certificate; /* read what is public anyway from whoever answers there; with @address only */
} ChHttp;

/** ChHttpRequest: one request; the body is sent as it is. */
typedef struct
{
  const char *method;
  const char *path;              /* begins with '/', with its query as it is to be sent */
  const char *const *headers;    /* (nullable): name, value, …, NULL */
  const char *content_type;      /* (nullable) */
  GBytes *body;                  /* (nullable) */
  gboolean is_question;          /* changes nothing there, though it is no GET */
} ChHttpRequest;

/** ChHttpReply: an answer of any status. */
typedef struct
{
  guint status;
  char *content_type;     /* (nullable): without parameters, lower case */
  GHashTable *headers;    /* (element-type utf8 utf8), lower-case names */
  GBytes *body;
} ChHttpReply;

/** ch_http_reply_time: the server's clock by the header Date, in Unix seconds; 0 when it does not say. */
gint64 ch_http_reply_time (const ChHttpReply *reply);

void ch_http_reply_free (ChHttpReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChHttpReply, ch_http_reply_free)

/**
 * ch_http_prepare:
 *
 * To be called by main() before any thread runs, because it sets environment variables for GIO: no
 * GNetworkMonitor on netlink (it reads whole route tables), and none of the desktop's proxy resolvers
 * (GIO asks each for its opinion even if a proxy is given, which starts dconf and its threads).
 */
void ch_http_prepare (void);

/**
 * ch_http_send:
 * @http: the service
 * @request: what to ask
 *
 * Blocks; call it on a worker. Redirects are not followed. Nothing of the request is ever logged.
 *
 * No cookies, no automatic log-in, no compression, and never a second try.
 *
 * Returns: (transfer full): the reply, whatever its status; or %NULL with %CH_ERROR_UNREACHABLE (nothing
 *   was sent), %CH_ERROR_UNKNOWN_OUTCOME (the request was sent, perhaps in part, and no whole answer came),
 *   %CH_ERROR_TLS (nothing was sent), %CH_ERROR_BAD_ANSWER (larger than allowed), %CH_ERROR_INVALID (URL or
 *   anchors cannot be read; nothing was sent) or %CH_ERROR_CANCELLED (before or after sending)
 */
ChHttpReply *ch_http_send (const ChHttp        *http,
                           const ChHttpRequest *request,
                           GCancellable        *cancellable,
                           GError             **error);

/** ch_http_check_proxy: a #ChField check: "http://host:port" and nothing more. */
gboolean ch_http_check_proxy (const char *value, GError **error);
