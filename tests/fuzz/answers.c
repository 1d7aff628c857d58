/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answers.h"

#include "lib/error.h"
#include "net/http.h"

#include <string.h>

static const guint8 *input;
static gsize left;
static gboolean is_paused;
static gboolean knows_secret;     /* the fuzzer has guessed it: then it may well come back */

void
answers_begin (const guint8 *data,
               gsize         size)
{
  input = data;
  left = size;
  is_paused = FALSE;
  knows_secret = memmem (data, size, ANSWERS_SECRET, strlen (ANSWERS_SECRET)) != NULL;
}

static int
take_byte (void)
{
  if (left == 0)
    return -1;

  left--;
  return *input++;
}

/* up to @end, which is taken too */
static GBytes *
take_until (guint8 end)
{
  const guint8 *at = left > 0 ? memchr (input, end, left) : NULL;
  gsize length = at != NULL ? (gsize) (at - input) : left;
  GBytes *bytes = g_bytes_new (input, length);

  input += length;
  left -= length;
  take_byte ();
  return bytes;
}

static char *
take_text (guint8 end)
{
  g_autoptr(GBytes) bytes = take_until (end);
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);

  return length > 0 ? g_strndup (text, length) : g_strdup ("");
}

char *
answers_text (void)
{
  return take_text ('\0');
}

void
answers_check (gboolean  done,
               GError  **error)
{
  g_assert_true (done == (*error == NULL));
  if (*error == NULL)
    return;

  g_assert_true ((*error)->domain == CH_ERROR);
  g_assert_true (g_utf8_validate ((*error)->message, -1, NULL));
  g_assert_true (knows_secret || strstr ((*error)->message, ANSWERS_SECRET) == NULL);
  g_clear_error (error);
}

/* Whatever was answered before, what is sent must be a request and no more: no second header or request hides in a
 * path or a header. */
static void
check_request (const ChHttpRequest *request)
{
  g_assert_true (*request->path == '/');
  g_assert_true (knows_secret || strstr (request->path, ANSWERS_SECRET) == NULL);
  for (const char *p = request->path; *p != '\0'; p++)
    g_assert_true (g_ascii_isgraph (*p));

  for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
    for (const char *p = request->headers[i]; *p != '\0'; p++)
      g_assert_true (g_ascii_isprint (*p));
}

/* the headers that somebody looks at, all with the same value */
static GHashTable *
make_headers (const char *value)
{
  static const char *const names[] = { "retry-after", "etag", "ratelimit", "date", "www-authenticate" };
  GHashTable *headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; *value != '\0' && i < G_N_ELEMENTS (names); i++)
    g_hash_table_insert (headers, g_strdup (names[i]), g_strdup (value));

  return headers;
}

ChHttpReply *__wrap_ch_http_send (const ChHttp        *http,
                                  const ChHttpRequest *request,
                                  GCancellable        *cancellable,
                                  GError             **error);

ChHttpReply *
__wrap_ch_http_send (const ChHttp        *http,
                     const ChHttpRequest *request,
                     GCancellable        *cancellable,
                     GError             **error)
{
  static const guint statuses[] = { 200, 200, 201, 204, 301, 400, 401, 403, 404, 409, 412, 422, 429, 500, 503 };
  static const char *const types[] = { "application/json", "text/xml", "text/html", NULL };
  int kind = take_byte ();

  check_request (request);
  if (kind < 0 || kind == 0xff)
    {
      ch_error_set (error, kind < 0 ? CH_ERROR_UNREACHABLE : CH_ERROR_UNKNOWN_OUTCOME, "No answer");
      return NULL;
    }

  g_autofree char *bare = take_text ('\n');
  g_autofree char *value = g_utf8_make_valid (bare, -1);
  ChHttpReply *reply = g_new0 (ChHttpReply, 1);

  reply->status = statuses[(kind & 0x1f) % G_N_ELEMENTS (statuses)];
  reply->content_type = g_strdup (types[(kind >> 5) % G_N_ELEMENTS (types)]);
  reply->headers = make_headers (value);
  reply->body = take_until ('\0');
  return reply;
}

gboolean __wrap_ch_dns_pause (guint milliseconds, GCancellable *cancellable, GError **error);

gboolean
__wrap_ch_dns_pause (guint          milliseconds,
                     GCancellable  *cancellable,
                     GError       **error)
{
  return TRUE;
}

void __wrap_ch_pause_begin (const char *caller, gint64 now, gint64 seconds);

/* a pause lasts to the end of its input, and no longer */
void
__wrap_ch_pause_begin (const char *caller,
                       gint64      now,
                       gint64      seconds)
{
  is_paused = TRUE;
}

gboolean __wrap_ch_pause_check (const char *caller, gint64 now, const char *service, GError **error);

gboolean
__wrap_ch_pause_check (const char *caller,
                       gint64      now,
                       const char *service,
                       GError    **error)
{
  return !is_paused || ch_error_set (error, CH_ERROR_THROTTLED, "Paused");
}

int __wrap_ch_dns_find_delegated (const char *zone, GPtrArray *candidates, const char *resolver,
                                  GCancellable *cancellable);

int
__wrap_ch_dns_find_delegated (const char   *zone,
                              GPtrArray    *candidates,
                              const char   *resolver,
                              GCancellable *cancellable)
{
  return take_byte () % (int) (candidates->len + 1) - 1;
}
