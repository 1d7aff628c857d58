/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "net/sigv4.h"

#include <string.h>

/* What is signed for Amazon: a base URL, a path with its query, and two headers, each in a line; then the body. */

#define SECRET "hunter2-the-secret"

static void
sign (const char *base_url,
      const char *path,
      GBytes     *body)
{
  const ChSigv4Key key = { "AKIAIOSFODNN7EXAMPLE", SECRET, "token", "us-east-1", "route53" };
  const ChHttpRequest request = { .method = "GET", .path = path, .body = body };
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) headers = ch_sigv4_sign (&key, base_url, &request, 1800000000, &error);

  g_assert_true ((headers == NULL) == (error != NULL));
  for (gsize i = 0; headers != NULL && headers[i] != NULL; i++)
    g_assert_true (strstr (headers[i], SECRET) == NULL || strstr (base_url, SECRET) != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto(GStrv) parts = g_strsplit (text, "\n", 5);
  guint n = g_strv_length (parts);

  if (n < 4)
    return 0;

  const char *const headers[] = { "Host", parts[2], "X-Odd", parts[3], NULL };
  g_autoptr(GBytes) body = n > 4 ? g_bytes_new_static (parts[4], strlen (parts[4])) : NULL;
  const ChSigv4Message message = { "GET", parts[1], headers, body };
  g_autofree char *canonical = ch_sigv4_canonical (&message);

  /* the method, the path, the query, two headers, the end of headers, their names, the hash */
  g_auto(GStrv) lines = g_strsplit (canonical, "\n", -1);
  g_assert_true (g_strv_length (lines) >= 8);
  g_assert_cmpstr (lines[0], ==, "GET");
  g_assert_cmpuint (strlen (lines[g_strv_length (lines) - 1]), ==, 64);
  sign (parts[0], parts[1], body);
  return 0;
}
