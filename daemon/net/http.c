/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http.h"

#include "net/anchors.h"
#include "net/pinned.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#define TIMEOUT 120
#define HTTP_PORT 80
#define HTTPS_PORT 443
#define MAX_BODY (4 * 1024 * 1024)

/* A whole answer may take this many time-outs: a server that drips a byte a minute holds a worker. */
#define PATIENCE 5

/* One request on its way. */
typedef struct
{
  const char *host;         /* (not owned) */
  guint timeout;            /* seconds */
  gsize max_body;           /* bytes */
  GCancellable *cancellable; /* (not owned) (nullable) */
  gboolean sent;            /* from the moment before the first byte goes out */
  gboolean any_certificate;
  GTlsCertificateFlags wrong; /* with the server's certificate */
} Call;

void
ch_http_reply_free (ChHttpReply *reply)
{
  if (reply == NULL)
    return;

  g_free (reply->content_type);
  g_clear_pointer (&reply->headers, g_hash_table_unref);
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_free (reply);
}

gint64
ch_http_reply_time (const ChHttpReply *reply)
{
  const char *date = g_hash_table_lookup (reply->headers, "date");
  g_autoptr(GDateTime) time = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static gboolean
is_one_of (const char *text,
           const char *one,
           const char *other)
{
  return g_str_equal (text, one) || g_str_equal (text, other);
}

gboolean
ch_http_check_proxy (const char *value,
                     GError    **error)
{
  g_autoptr(GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "http") || g_uri_get_port (uri) <= 0
      || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL
      || !is_one_of (g_uri_get_path (uri), "", "/"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a proxy such as http://proxy.example:3128"),
                         value);

  return TRUE;
}

void
ch_http_prepare (void)
{
  g_setenv ("GIO_USE_NETWORK_MONITOR", "base", TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
}

/* ---- trouble ---- */

static gboolean
tls_trouble (const char           *host,
             GTlsCertificateFlags  wrong,
             const char           *otherwise,
             GError              **error)
{
  if (wrong & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return ch_error_set (error, CH_ERROR_TLS,
                         _("The certificate of “%s” comes from a CA that is not trusted here; if it is the "
                           "right one, give its certificate as an extra CA certificate"), host);
  if (wrong & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return ch_error_set (error, CH_ERROR_TLS,
                         _("The certificate of “%s” is for another name; check the address"), host);
  if (wrong & G_TLS_CERTIFICATE_EXPIRED)
    return ch_error_set (error, CH_ERROR_TLS,
                         _("The certificate of “%s” has expired; if that cannot be, check this machine's "
                           "clock"), host);
  if (wrong & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return ch_error_set (error, CH_ERROR_TLS,
                         _("The certificate of “%s” is not valid yet; check this machine's clock"), host);

  return ch_error_set (error, CH_ERROR_TLS, _("The certificate of “%s” cannot be trusted: %s"),
                       host, otherwise);
}

/* Says what @cause means for the caller: above all, whether anything can have happened there. */
static gboolean
trouble (const Call   *call,
         const GError *cause,
         GError      **error)
{
  if (g_cancellable_is_cancelled (call->cancellable))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("The request to “%s” was cancelled"), call->host);

  if (call->sent)
    return ch_error_set (error, CH_ERROR_UNKNOWN_OUTCOME,
                         _("“%s” was asked, but no whole answer came: %s"), call->host, cause->message);

  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return tls_trouble (call->host, call->wrong, cause->message, error);

  return ch_error_set (error, CH_ERROR_UNREACHABLE, _("“%s” cannot be reached: %s"),
                       call->host, cause->message);
}

/* ---- the way there ---- */

/* A system service has no desktop to ask: a proxy that is not in the settings comes from the environment, as
 * for curl. */
static GProxyResolver *
proxy_resolver_new (const ChHttp *http)
{
  const char *variable = g_str_has_prefix (http->base_url, "https:") ? "https_proxy" : "http_proxy";
  const char *proxy = http->proxy != NULL ? http->proxy : g_getenv (variable);
  const char *spared = http->proxy != NULL ? NULL : g_getenv ("no_proxy");
  g_auto(GStrv) hosts = spared != NULL ? g_strsplit_set (spared, ", ", -1) : NULL;

  return g_simple_proxy_resolver_new (proxy != NULL && *proxy != '\0' ? proxy : NULL, hosts);
}

static GSocketConnectable *
pinned_new (const ChHttp *http,
            GUri         *uri)
{
  gboolean secure = g_str_equal (g_uri_get_scheme (uri), "https");
  int port = g_uri_get_port (uri);

  if (http->address == NULL)
    return NULL;

  return ch_pinned_new (g_uri_get_host (uri), port > 0 ? (guint16) port : secure ? HTTPS_PORT : HTTP_PORT, http->address);
}

static SoupSession *
session_new (const ChHttp *http,
             const Call   *call,
             GUri         *uri,
             GError      **error)
{
  g_autoptr(GProxyResolver) resolver = proxy_resolver_new (http);
  g_autoptr(GSocketConnectable) pinned = pinned_new (http, uri);
  g_autoptr(SoupSession) session = soup_session_new_with_options ("user-agent", "Chancery/" CH_VERSION,
                                                                  "timeout", call->timeout,
                                                                  "proxy-resolver", resolver,
                                                                  "remote-connectable", pinned,
                                                                  NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);

  if (http->ca_pem != NULL)
    {
      g_autoptr(GTlsDatabase) anchors = ch_anchors_new (http->ca_pem, error);

      if (anchors == NULL)
        return NULL;
      soup_session_set_tls_database (session, anchors);
    }

  return g_steal_pointer (&session);
}

static SoupMessage *
message_new (const ChHttp        *http,
             const ChHttpRequest *request,
             GError             **error)
{
  g_autofree char *url = g_strconcat (http->base_url, request->path, NULL);
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || !is_one_of (g_uri_get_scheme (uri), "http", "https")
      || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a URL that can be asked"), http->base_url);
      return NULL;
    }

  SoupMessage *message = soup_message_new_from_uri (request->method, uri);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i += 2)
    soup_message_headers_append (soup_message_get_request_headers (message),
                                 request->headers[i], request->headers[i + 1]);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->content_type, request->body);

  return message;
}

/* "starting" comes once a connection (with TLS) stands, right before the first byte of the request. */
static void
starting_cb (SoupMessage *message,
             Call        *call)
{
  call->sent = TRUE;
}

/* Only looks: the verdict stays what it is, unless it is all the same who answers. */
static gboolean
accept_certificate_cb (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  wrong,
                       Call                 *call)
{
  call->wrong = wrong;
  return call->any_certificate;
}

/* ---- the way back ---- */

static GBytes *
read_body (const Call   *call,
           GInputStream *stream,
           GError      **error)
{
  g_autoptr(GByteArray) body = g_byte_array_new ();
  gint64 end = g_get_monotonic_time () + (gint64) call->timeout * PATIENCE * G_USEC_PER_SEC;
  guint8 chunk[16 * 1024];
  gssize n;

  while ((n = g_input_stream_read (stream, chunk, sizeof chunk, call->cancellable, error)) > 0)
    {
      if (body->len + (gsize) n > call->max_body)
        {
          ch_error_set (error, CH_ERROR_BAD_ANSWER, _("The answer of “%s” is longer than %u KiB"),
                        call->host, (guint) (call->max_body / 1024));
          return NULL;
        }
      if (g_get_monotonic_time () > end)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("it takes too long"));
          return NULL;
        }
      g_byte_array_append (body, chunk, n);
    }

  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&body)) : NULL;
}

static void
add_header (const char *name,
            const char *value,
            gpointer    data)
{
  GHashTable *headers = data;
  char *key = g_ascii_strdown (name, -1);
  const char *before = g_hash_table_lookup (headers, key);

  g_hash_table_insert (headers, key, before ? g_strjoin (", ", before, value, NULL) : g_strdup (value));
}

static ChHttpReply *
reply_new (SoupMessage *message,
           GBytes      *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  ChHttpReply *reply = g_new0 (ChHttpReply, 1);

  reply->status = soup_message_get_status (message);
  reply->content_type = type != NULL ? g_ascii_strdown (type, -1) : NULL;
  reply->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reply->body = g_bytes_ref (body);
  soup_message_headers_foreach (headers, add_header, reply->headers);

  return reply;
}

static ChHttpReply *
converse (Call        *call,
          SoupSession *session,
          SoupMessage *message,
          GError     **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GInputStream) stream = soup_session_send (session, message, call->cancellable, &cause);
  g_autoptr(GBytes) body = stream != NULL ? read_body (call, stream, &cause) : NULL;

  if (body != NULL && call->sent)
    return reply_new (message, body);

  if (cause == NULL)
    /* libsoup hands on as an answer what a proxy says when it opens no tunnel */
    ch_error_set (error, CH_ERROR_UNREACHABLE, _("The proxy refuses to connect to “%s”: %u %s"), call->host,
                  soup_message_get_status (message), soup_message_get_reason_phrase (message));
  else if (cause->domain == CH_ERROR)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    trouble (call, cause, error);

  return NULL;
}

static ChHttpReply *
send_in_context (const ChHttp        *http,
                 const ChHttpRequest *request,
                 GCancellable        *cancellable,
                 GError             **error)
{
  Call call = {
    .timeout = http->timeout ? http->timeout : TIMEOUT,
    .max_body = http->max_body ? http->max_body : MAX_BODY,
    .cancellable = cancellable,
    .any_certificate = http->any_certificate && http->address != NULL,
  };
  g_autoptr(SoupMessage) message = message_new (http, request, error);
  g_autoptr(SoupSession) session = message != NULL ? session_new (http, &call, soup_message_get_uri (message), error) : NULL;

  if (session == NULL)
    return NULL;

  call.host = g_uri_get_host (soup_message_get_uri (message));
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), &call);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), &call);
  ChHttpReply *reply = converse (&call, session, message, error);
  soup_session_abort (session);

  return reply;
}

/* libsoup leaves sources on the thread's default context. A worker has none, and so they would land
 * on the main loop's: each call brings its own. */
ChHttpReply *
ch_http_send (const ChHttp        *http,
              const ChHttpRequest *request,
              GCancellable        *cancellable,
              GError             **error)
{
  g_autoptr(GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  ChHttpReply *reply = send_in_context (http, request, cancellable, error);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);

  return reply;
}
