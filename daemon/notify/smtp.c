/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/smtp.h"

#include "lib/error.h"
#include "lib/text.h"

#include <curl/curl.h>
#include <glib/gi18n.h>
#include <string.h>

#define CONNECT_SECONDS 30L
#define WHOLE_SECONDS 120L
#define REPLY_MAX 300

/* One conversation. */
typedef struct
{
  const ChMailServer *server;   /* (not owned) */
  CURL *curl;                   /* (owned) */
  struct curl_slist *to;        /* (owned) */
  const char *rest;             /* of the message, still to be sent */
  char *reply;                  /* (owned) (nullable): the server's last line */
  char *refusal;                /* (owned) (nullable): its last line that said no, RFC 5321 §4.2.1 */
  char detail[CURL_ERROR_SIZE];
  GCancellable *cancellable;    /* (not owned) (nullable) */
  ChSmtpSay say;
  gpointer data;
} Talk;

static void
talk_clear (Talk *talk)
{
  g_clear_pointer (&talk->curl, curl_easy_cleanup);
  g_clear_pointer (&talk->to, curl_slist_free_all);
  g_clear_pointer (&talk->reply, g_free);
  g_clear_pointer (&talk->refusal, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

static void say (Talk *talk, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
say (Talk       *talk,
     const char *format,
     ...)
{
  va_list args;

  if (talk->say == NULL)
    return;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  talk->say (text, talk->data);
}

/* ---- what curl asks and tells ---- */

static size_t
read_cb (char   *buffer,
         size_t  size,
         size_t  n,
         void   *data)
{
  Talk *talk = data;
  gsize length = MIN (strlen (talk->rest), size * n);

  memcpy (buffer, talk->rest, length);
  talk->rest += length;
  return length;
}

/* What the server says. What we say is not looked at: the password is in it. */
static int
debug_cb (CURL          *curl,
          curl_infotype  type,
          char          *text,
          size_t         length,
          void          *data)
{
  Talk *talk = data;

  if (type != CURLINFO_HEADER_IN || length < 3)
    return 0;

  g_autofree char *line = ch_text_line (text, (gssize) MIN (length, REPLY_MAX));
  g_strstrip (line);
  if (*line == '4' || *line == '5')
    {
      g_free (talk->refusal);
      talk->refusal = g_strdup (line);
    }
  g_free (talk->reply);
  talk->reply = g_steal_pointer (&line);
  return 0;
}

static int
progress_cb (void       *data,
             curl_off_t  down_total,
             curl_off_t  down,
             curl_off_t  up_total,
             curl_off_t  up)
{
  const Talk *talk = data;

  return g_cancellable_is_cancelled (talk->cancellable);
}

/* ---- the conversation ---- */

static void
set_way (Talk *talk)
{
  const ChMailServer *server = talk->server;
  gboolean is_v6 = strchr (server->server, ':') != NULL;
  g_autofree char *url = g_strdup_printf ("%s://%s%s%s:%u", server->tls == CH_MAIL_TLS ? "smtps" : "smtp",
                                          is_v6 ? "[" : "", server->server, is_v6 ? "]" : "", server->port);

  curl_easy_setopt (talk->curl, CURLOPT_URL, url);
  curl_easy_setopt (talk->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (talk->curl, CURLOPT_PROXY, "");
  curl_easy_setopt (talk->curl, CURLOPT_USE_SSL, (long) (server->tls == CH_MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt (talk->curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (talk->curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (talk->curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (server->ca_certificate != NULL)
    curl_easy_setopt (talk->curl, CURLOPT_CAINFO, server->ca_certificate);
  curl_easy_setopt (talk->curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (talk->curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (talk->curl, CURLOPT_TIMEOUT, WHOLE_SECONDS);
}

static void
set_mail (Talk       *talk,
          const char *password)
{
  const ChMailServer *server = talk->server;
  g_autofree char *from = g_strdup_printf ("<%s>", server->from);

  for (gsize i = 0; server->to[i] != NULL; i++)
    {
      g_autofree char *to = g_strdup_printf ("<%s>", server->to[i]);
      talk->to = curl_slist_append (talk->to, to);
    }
  curl_easy_setopt (talk->curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (talk->curl, CURLOPT_MAIL_RCPT, talk->to);
  curl_easy_setopt (talk->curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  if (server->user != NULL)
    {
      curl_easy_setopt (talk->curl, CURLOPT_USERNAME, server->user);
      curl_easy_setopt (talk->curl, CURLOPT_PASSWORD, password != NULL ? password : "");
    }
  curl_easy_setopt (talk->curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (talk->curl, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (talk->curl, CURLOPT_READDATA, talk);
}

static void
set_ears (Talk *talk)
{
  curl_easy_setopt (talk->curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt (talk->curl, CURLOPT_DEBUGFUNCTION, debug_cb);
  curl_easy_setopt (talk->curl, CURLOPT_DEBUGDATA, talk);
  curl_easy_setopt (talk->curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (talk->curl, CURLOPT_XFERINFOFUNCTION, progress_cb);
  curl_easy_setopt (talk->curl, CURLOPT_XFERINFODATA, talk);
  curl_easy_setopt (talk->curl, CURLOPT_ERRORBUFFER, talk->detail);
}

static gboolean
refused (const Talk *talk,
         GError    **error)
{
  const char *reply = talk->refusal != NULL ? talk->refusal : talk->detail;

  if (*reply == '5')
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("The mail server %s refused: “%s”. Look at from, to and user under [mail], and whether it lets you send"),
                         talk->server->server, reply);

  return ch_error_set (error, CH_ERROR_TRANSIENT, _("The mail server %s did not take the mail: “%s”. Later it may"),
                       talk->server->server, reply);
}

static gboolean
tls_failed (const Talk *talk,
            CURLcode    code,
            GError    **error)
{
  const ChMailServer *server = talk->server;

  if (code == CURLE_USE_SSL_FAILED)
    return ch_error_set (error, CH_ERROR_TLS,
                         _("The mail server %s offers no encryption at port %u, so nothing was sent: try tls=tls with port 465 under [mail]"),
                         server->server, server->port);
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return ch_error_set (error, CH_ERROR_TLS,
                         _("The certificate of the mail server %s is not trusted, so nothing was sent (%s). If it is from a CA of your own, "
                           "name its file with ca-certificate under [mail]"), server->server, talk->detail);

  return ch_error_set (error, CH_ERROR_TLS,
                       _("No encrypted connection to the mail server %s port %u came about (%s): tls under [mail] must be starttls or tls, "
                         "as the port wants it"), server->server, server->port, talk->detail);
}

static gboolean
failed (const Talk *talk,
        CURLcode    code,
        GError    **error)
{
  const ChMailServer *server = talk->server;

  switch ((int) code)
    {
    case CURLE_COULDNT_RESOLVE_HOST:
      return ch_error_set (error, CH_ERROR_UNREACHABLE, _("The mail server %s was not found: look at server under [mail]"), server->server);
    case CURLE_COULDNT_CONNECT:
      return ch_error_set (error, CH_ERROR_UNREACHABLE, _("The mail server %s does not answer at port %u"), server->server, server->port);
    case CURLE_OPERATION_TIMEDOUT:
      return ch_error_set (error, *talk->rest == '\0' ? CH_ERROR_UNKNOWN_OUTCOME : CH_ERROR_UNREACHABLE,
                           _("The mail server %s took too long to answer at port %u; where it is tls=tls, starttls waits in vain"),
                           server->server, server->port);
    case CURLE_USE_SSL_FAILED:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
      return tls_failed (talk, code, error);
    case CURLE_SSL_CACERT_BADFILE:
      return ch_error_set (error, CH_ERROR_FILE, _("ca-certificate under [mail], “%s”, is not a file of certificates in PEM"),
                           server->ca_certificate);
    case CURLE_LOGIN_DENIED:
      return ch_error_set (error, CH_ERROR_CREDENTIALS,
                           _("The mail server %s does not take user “%s” with the password that is kept: “chancery notify set-password” sets another"),
                           server->server, server->user != NULL ? server->user : "");
    case CURLE_ABORTED_BY_CALLBACK:
      return ch_error_set (error, CH_ERROR_CANCELLED, _("Sending the mail was cancelled"));
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
      return ch_error_set (error, CH_ERROR_UNKNOWN_OUTCOME, _("The mail server %s broke off: %s"), server->server, talk->detail);
    default:
      return refused (talk, error);
    }
}

static void
tell_success (Talk *talk)
{
  const ChMailServer *server = talk->server;
  g_autofree char *to = g_strjoinv (", ", server->to);

  if (server->tls != CH_MAIL_PLAIN)
    say (talk, _("The connection is encrypted, and the server's certificate is trusted"));
  if (server->user != NULL)
    say (talk, _("The server knows user “%s” and the password"), server->user);
  say (talk, _("The server took the mail for %s: “%s”"), to, talk->reply != NULL ? talk->reply : "");
  if (talk->refusal != NULL)
    say (talk, _("But somebody may not get it; the server also said: “%s”"), talk->refusal);
}

gboolean
ch_smtp_send (const ChMailServer  *server,
              const char          *password,
              const char          *message,
              ChSmtpSay            hear,
              gpointer             data,
              char               **doubt,
              GCancellable        *cancellable,
              GError             **error)
{
  static const char *const ways[] = { "STARTTLS", "TLS", N_("without encryption") };
  g_auto(Talk) talk = { .server = server, .rest = message, .cancellable = cancellable, .say = hear, .data = data };

  talk.curl = curl_easy_init ();
  if (talk.curl == NULL)
    return ch_error_set (error, CH_ERROR_FAILED, _("The mail library cannot be used"));

  set_way (&talk);
  set_mail (&talk, password);
  set_ears (&talk);
  say (&talk, _("Connects to %s port %u, %s"), server->server, server->port, _(ways[server->tls]));

  CURLcode code = curl_easy_perform (talk.curl);
  if (code != CURLE_OK)
    return failed (&talk, code, error);

  tell_success (&talk);
  if (doubt != NULL)
    *doubt = g_steal_pointer (&talk.refusal);
  return TRUE;
}
