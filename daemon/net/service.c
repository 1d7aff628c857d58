/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/service.h"

#include "net/pause.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#define WORDS_MAX 200

gboolean
ch_service_throttle (const ChService *service,
                     gint64           seconds,
                     GError         **error)
{
  gint64 now = g_get_monotonic_time ();

  if (service->caller == NULL)
    return ch_error_set (error, CH_ERROR_THROTTLED, _("%s was asked too often; it is tried again later"),
                         service->name);

  /* at least one second, so that there is something to say */
  ch_pause_begin (service->caller, now, seconds < 0 ? seconds : MAX (seconds, 1));
  return ch_pause_check (service->caller, now, service->name, error);
}

/* RFC 9110, 10.2.3: seconds or a date; negative when there is none */
gint64
ch_service_retry_after (const ChHttpReply *reply)
{
  const char *text = g_hash_table_lookup (reply->headers, "retry-after");
  guint64 seconds = 0;

  if (text == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &seconds, NULL))
    return seconds;

  g_autoptr(GDateTime) time = soup_date_time_new_from_http_string (text);
  return time != NULL ? MAX (0, g_date_time_to_unix (time) - g_get_real_time () / G_USEC_PER_SEC) : -1;
}

static gint64
throttled_for (const ChService   *service,
               const ChHttpReply *reply)
{
  gint64 seconds = ch_service_retry_after (reply);

  return seconds < 0 && service->wait != NULL ? service->wait (reply) : seconds;
}

static gboolean
fail_page (const ChService   *service,
           const ChHttpReply *reply,
           GError           **error)
{
  return ch_error_set (error, CH_ERROR_TRANSIENT,
                       _("%s answers with a web page in place of data (HTTP %u): an outage, or a proxy in "
                         "between; it is tried again later"), service->name, reply->status);
}

static gboolean
check_reply (const ChService   *service,
             const ChHttpReply *reply,
             GError           **error)
{
  guint status = reply->status;

  if (status == 429)
    return ch_service_throttle (service, throttled_for (service, reply), error);

  if (status >= 500 || status == 408)
    {
      if (service->caller != NULL && ch_service_retry_after (reply) > 0)
        ch_pause_begin (service->caller, g_get_monotonic_time (), ch_service_retry_after (reply));
      return ch_error_set (error, CH_ERROR_TRANSIENT, _("%s has trouble (HTTP %u); it is tried again later"),
                           service->name, status);
    }

  if (g_strcmp0 (reply->content_type, "text/html") == 0)
    return fail_page (service, reply, error);

  if (status >= 300 && status < 400)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("%s wants to be asked elsewhere (HTTP %u), where credentials are not sent; check "
                           "“url”"),
                         service->name, status);

  if (service->caller != NULL && !service->ends_pauses)
    ch_pause_end (service->caller);
  return TRUE;
}

static const char **
join_headers (const char *const *one,
              const char *const *other)
{
  GPtrArray *all = g_ptr_array_new ();

  for (; one != NULL && *one != NULL; one++)
    g_ptr_array_add (all, (char *) *one);
  for (; other != NULL && *other != NULL; other++)
    g_ptr_array_add (all, (char *) *other);
  g_ptr_array_add (all, NULL);

  return (const char **) g_ptr_array_free (all, FALSE);
}

ChHttpReply *
ch_service_ask (const ChService     *service,
                const ChHttpRequest *request,
                GError             **error)
{
  g_autofree const char **headers = join_headers (service->headers, request->headers);
  g_autoptr(GError) cause = NULL;
  g_autoptr(ChHttpReply) reply = NULL;
  ChHttpRequest whole = *request;

  if (service->caller != NULL
      && !ch_pause_check (service->caller, g_get_monotonic_time (), service->name, error))
    return NULL;

  whole.headers = headers;
  reply = ch_http_send (&service->http, &whole, service->cancellable, &cause);
  if (reply != NULL && check_reply (service, reply, error))
    return g_steal_pointer (&reply);

  if (cause != NULL && (request->is_question || g_str_equal (request->method, "GET"))
      && g_error_matches (cause, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME))
    cause->code = CH_ERROR_UNREACHABLE;
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));

  return NULL;
}

gboolean
ch_service_is_doubtful (const GError *error)
{
  return g_error_matches (error, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME)
         || g_error_matches (error, CH_ERROR, CH_ERROR_TRANSIENT)
         || g_error_matches (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

static gboolean
looks_like_markup (GBytes *body)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);
  gsize i = 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;

  return i < length && text[i] == '<';
}

JsonNode *
ch_service_parse_json (const ChService   *service,
                       const ChHttpReply *reply,
                       GError           **error)
{
  if (g_bytes_get_size (reply->body) == 0)
    return json_node_new (JSON_NODE_NULL);

  if (looks_like_markup (reply->body))
    {
      fail_page (service, reply, error);
      return NULL;
    }

  JsonNode *root = ch_json_parse (reply->body, NULL);
  if (root == NULL)
    ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s answers with something that is no JSON (HTTP %u)"),
                  service->name, reply->status);
  return root;
}

char *
ch_service_words (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *words = g_string_new (NULL);
  guint count = 0;

  for (const char *p = g_strstrip (valid); *p != '\0' && count < WORDS_MAX; p = g_utf8_next_char (p), count++)
    {
      gunichar c = g_utf8_get_char (p);
      g_string_append_unichar (words, g_unichar_isprint (c) ? c : ' ');
    }

  if (count == WORDS_MAX)
    g_string_append (words, "…");
  return g_string_free (words, FALSE);
}
