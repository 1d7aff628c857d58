/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sigv4.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* AWS, "Signature Version 4 signing process". The steps carry the names of that text. */

#define ALGORITHM "AWS4-HMAC-SHA256"
#define SHA256_LENGTH 32

/* ---- canonical request ---- */

/* RFC 3986 unreserved characters stand for themselves, all others are encoded, octet by octet. */
static void
append_encoded (GString    *out,
                const char *text,
                gsize       length,
                const char *bare)
{
  for (gsize i = 0; i < length; i++)
    {
      guchar c = text[i];

      if (c != '\0' && (g_ascii_isalnum (c) || strchr ("-._~", c) != NULL || strchr (bare, c) != NULL))
        g_string_append_c (out, c);
      else
        g_string_append_printf (out, "%%%02X", c);
    }
}

/* Dot segments and doubled slashes go; a slash at the end stays. What is sent is encoded once more. */
static void
append_path (GString    *out,
             const char *path,
             gsize       length)
{
  g_autofree char *text = g_strndup (path, length);
  g_auto(GStrv) segments = g_strsplit (text, "/", -1);
  g_autoptr(GPtrArray) kept = g_ptr_array_new ();
  const char *last = "";

  for (gsize i = 0; segments[i] != NULL; i++)
    {
      last = segments[i];
      if (g_str_equal (last, "..") && kept->len > 0)
        g_ptr_array_set_size (kept, kept->len - 1);
      else if (*last != '\0' && !g_str_equal (last, ".") && !g_str_equal (last, ".."))
        g_ptr_array_add (kept, segments[i]);
    }

  for (guint i = 0; i < kept->len; i++)
    {
      g_string_append_c (out, '/');
      append_encoded (out, kept->pdata[i], strlen (kept->pdata[i]), "");
    }
  if (kept->len == 0 || *last == '\0' || g_str_equal (last, ".") || g_str_equal (last, ".."))
    g_string_append_c (out, '/');
}

/* Parameters arrive encoded, or half so: they are decoded and encoded anew. A "%" that begins no code
 * is itself. */
static char *
recode (const char *text,
        gsize       length)
{
  g_autoptr(GString) plain = g_string_new (NULL);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    if (text[i] == '%' && i + 2 < length && g_ascii_isxdigit (text[i + 1]) && g_ascii_isxdigit (text[i + 2]))
      {
        g_string_append_c (plain, g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]));
        i += 2;
      }
    else
      g_string_append_c (plain, text[i]);

  append_encoded (out, plain->str, plain->len, "");
  return g_string_free (out, FALSE);
}

/** Pair: a parameter or a header. */
typedef struct
{
  char *name;
  char *value;
} Pair;

static void
pair_free (Pair *pair)
{
  g_free (pair->name);
  g_free (pair->value);
  g_free (pair);
}

static void
add_pair (GPtrArray *pairs,
          char      *name,
          char      *value)
{
  Pair *pair = g_new (Pair, 1);

  *pair = (Pair) { name, value };
  g_ptr_array_add (pairs, pair);
}

/* By name first: of "a-b=" and "a=", joined texts would come in the wrong order. */
static int
compare_parameters (gconstpointer a,
                    gconstpointer b)
{
  const Pair *one = *(Pair *const *) a, *other = *(Pair *const *) b;
  int order = strcmp (one->name, other->name);

  return order != 0 ? order : strcmp (one->value, other->value);
}

static void
append_query (GString    *out,
              const char *query)
{
  g_auto(GStrv) parts = g_strsplit (query, "&", -1);
  g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) pair_free);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      gsize length = strcspn (parts[i], "=");
      const char *value = parts[i] + length + (parts[i][length] == '=');

      if (*parts[i] != '\0')
        add_pair (pairs, recode (parts[i], length), recode (value, strlen (value)));
    }

  g_ptr_array_sort (pairs, compare_parameters);
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = pairs->pdata[i];
      g_string_append_printf (out, "%s%s=%s", i > 0 ? "&" : "", pair->name, pair->value);
    }
}

/* trimmed, and runs of blanks inside are one */
static char *
fold_blanks (const char *value)
{
  GString *out = g_string_new (NULL);

  for (const char *c = value; *c != '\0'; c++)
    if (!g_ascii_isspace (*c))
      g_string_append_c (out, *c);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');

  return g_strchomp (g_string_free (out, FALSE));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp ((*(Pair *const *) a)->name, (*(Pair *const *) b)->name);
}

/* Sorted by lower-case name; repeated ones are joined in the order that they came in. */
static GPtrArray *
fold_headers (const char *const *headers)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) pair_free);

  for (gsize i = 0; headers[i] != NULL; i += 2)
    {
      g_autofree char *name = g_ascii_strdown (headers[i], -1);
      g_autofree char *value = fold_blanks (headers[i + 1]);
      Pair *before = NULL;

      for (guint n = 0; n < pairs->len && before == NULL; n++)
        if (g_str_equal (((Pair *) pairs->pdata[n])->name, name))
          before = pairs->pdata[n];

      if (before == NULL)
        add_pair (pairs, g_steal_pointer (&name), g_steal_pointer (&value));
      else
        {
          char *joined = g_strdup_printf ("%s,%s", before->value, value);
          g_free (before->value);
          before->value = joined;
        }
    }

  g_ptr_array_sort (pairs, compare_names);
  return pairs;
}

static char *
signed_names (GPtrArray *headers)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < headers->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ";" : "", ((Pair *) headers->pdata[i])->name);

  return g_string_free (names, FALSE);
}

static char *
hash_of (GBytes *body)
{
  return body != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body)
                      : g_compute_checksum_for_string (G_CHECKSUM_SHA256, "", 0);
}

char *
ch_sigv4_canonical (const ChSigv4Message *message)
{
  GString *out = g_string_new (NULL);
  g_autoptr(GPtrArray) headers = fold_headers (message->headers);
  g_autofree char *names = signed_names (headers);
  g_autofree char *hash = hash_of (message->body);
  gsize length = strcspn (message->path, "?");

  g_string_append_printf (out, "%s\n", message->method);
  append_path (out, message->path, length);
  g_string_append_c (out, '\n');
  if (message->path[length] == '?')
    append_query (out, message->path + length + 1);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < headers->len; i++)
    {
      const Pair *header = headers->pdata[i];
      g_string_append_printf (out, "%s:%s\n", header->name, header->value);
    }
  g_string_append_printf (out, "\n%s\n%s", names, hash);

  return g_string_free (out, FALSE);
}

/* ---- string to sign ---- */

static char *
format_time (gint64      now,
             const char *format)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (now);
  return time != NULL ? g_date_time_format (time, format) : g_strdup ("");
}

static char *
scope_of (const ChSigv4Key *key,
          gint64            now)
{
  g_autofree char *date = format_time (now, "%Y%m%d");
  return g_strdup_printf ("%s/%s/%s/aws4_request", date, key->region, key->service);
}

char *
ch_sigv4_to_sign (const ChSigv4Key *key,
                  const char       *canonical,
                  gint64            now)
{
  g_autofree char *time = format_time (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *scope = scope_of (key, now);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical, -1);

  return g_strdup_printf (ALGORITHM "\n%s\n%s\n%s", time, scope, hash);
}

/* ---- signature ---- */

/* @out may be @key */
static void
hmac (const guint8 *key,
      gsize         key_length,
      const char   *text,
      guint8       *out)
{
  g_autoptr(GHmac) context = g_hmac_new (G_CHECKSUM_SHA256, key, key_length);
  gsize length = SHA256_LENGTH;

  g_hmac_update (context, (const guint8 *) text, strlen (text));
  g_hmac_get_digest (context, out, &length);
}

static char *
sign (const ChSigv4Key *key,
      const char       *to_sign,
      gint64            now)
{
  g_autofree char *date = format_time (now, "%Y%m%d");
  const char *const steps[] = { date, key->region, key->service, "aws4_request", to_sign };
  char *first = g_strconcat ("AWS4", key->secret, NULL);
  guint8 digest[SHA256_LENGTH];
  GString *hex = g_string_new (NULL);

  hmac ((const guint8 *) first, strlen (first), steps[0], digest);
  explicit_bzero (first, strlen (first));
  g_free (first);
  for (gsize i = 1; i < G_N_ELEMENTS (steps); i++)
    hmac (digest, sizeof digest, steps[i], digest);

  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  return g_string_free (hex, FALSE);
}

char *
ch_sigv4_authorization (const ChSigv4Key     *key,
                        const ChSigv4Message *message,
                        gint64                now)
{
  g_autofree char *canonical = ch_sigv4_canonical (message);
  g_autofree char *to_sign = ch_sigv4_to_sign (key, canonical, now);
  g_autofree char *scope = scope_of (key, now);
  g_autofree char *signature = sign (key, to_sign, now);
  g_autoptr(GPtrArray) headers = fold_headers (message->headers);
  g_autofree char *names = signed_names (headers);

  return g_strdup_printf (ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                          key->access_key, scope, names, signature);
}

/* ---- a request ---- */

/* as an HTTP client writes it: the port only when it is not the scheme's own */
static char *
host_header (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  gboolean is_v6 = strchr (host, ':') != NULL;
  gboolean is_https = g_str_equal (g_uri_get_scheme (uri), "https");
  int port = g_uri_get_port (uri);

  if (port <= 0 || port == (is_https ? 443 : 80))
    return g_strdup_printf (is_v6 ? "[%s]" : "%s", host);

  return g_strdup_printf (is_v6 ? "[%s]:%d" : "%s:%d", host, port);
}

char **
ch_sigv4_sign (const ChSigv4Key    *key,
               const char          *base_url,
               const ChHttpRequest *request,
               gint64               now,
               GError             **error)
{
  g_autoptr(GUri) uri = g_uri_parse (base_url, G_URI_FLAGS_ENCODED, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a URL that can be asked"), base_url);
      return NULL;
    }

  g_autofree char *host = host_header (uri);
  g_autofree char *time = format_time (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *path = g_strconcat (g_uri_get_path (uri), request->path, NULL);
  const char *const headers[] = { "Host", host, "X-Amz-Date", time,
                                  key->session_token != NULL ? "X-Amz-Security-Token" : NULL,
                                  key->session_token, NULL };
  ChSigv4Message message = { request->method, path, headers, request->body };
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *authorization = ch_sigv4_authorization (key, &message, now);

  for (gsize i = 0; headers[i] != NULL; i++)
    g_strv_builder_add (builder, headers[i]);
  g_strv_builder_add_many (builder, "Authorization", authorization, NULL);
  return g_strv_builder_end (builder);
}
