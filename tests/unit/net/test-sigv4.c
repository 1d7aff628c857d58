/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/sigv4.h"

#include "lib/error.h"

#include <string.h>

/* Amazon's published vectors (the "aws4_testsuite", Apache-2.0): some as literals here, all of them from the
 * folder $CHANCERY_SIGV4_VECTORS when it is there. */

#define ACCESS_KEY "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define NOW 1440938160    /* 2015-08-30T12:36:00Z */

#define HOST "Host", "example.amazonaws.com"
#define DATE "X-Amz-Date", "20150830T123600Z"
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const ChSigv4Key key = { ACCESS_KEY, SECRET, NULL, "us-east-1", "service" };

/* ---- literals ---- */

typedef struct
{
  const char *method;
  const char *path;
  const char *headers[16];
  const char *body;         /* (nullable) */
  const char *canonical;
} Case;

static const Case cases[] = {
  { "GET", "/", { HOST, DATE }, NULL,
    "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" NOTHING },
  { "GET", "", { HOST }, NULL, "GET\n/\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "/\xe1\x88\xb4", { HOST }, NULL, "GET\n/%E1%88%B4\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "/a b/", { HOST }, NULL, "GET\n/a%20b/\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  /* what is sent is encoded once more */
  { "GET", "/a%20b", { HOST }, NULL, "GET\n/a%2520b\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "//a/./b/../c//", { HOST }, NULL, "GET\n/a/c/\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "/a/..", { HOST }, NULL, "GET\n/\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "/../../a", { HOST }, NULL, "GET\n/a\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  /* by name before value, and not as joined texts */
  { "GET", "/?b-c=1&b=2&b=1&a", { HOST }, NULL,
    "GET\n/\na=&b=1&b=2&b-c=1\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "/?name=%2a.x.&q=a/b+c d%zz%4&t=%e1%88%b4~", { HOST }, NULL,
    "GET\n/\nname=%2A.x.&q=a%2Fb%2Bc%20d%25zz%254&t=%E1%88%B4~\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "GET", "/?", { HOST }, NULL, "GET\n/\n\nhost:example.amazonaws.com\n\nhost\n" NOTHING },
  { "POST", "/", { "My-Header", "v2", HOST, "MY-HEADER", "v1", "Other", "  \"a   b\tc\" " }, "Param1=value1",
    "POST\n/\n\nhost:example.amazonaws.com\nmy-header:v2,v1\nother:\"a b c\"\n\nhost;my-header;other\n"
    "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e" },
};

static void
test_canonical (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *at = &cases[i];
      g_autoptr(GBytes) body = at->body != NULL ? g_bytes_new_static (at->body, strlen (at->body)) : NULL;
      ChSigv4Message message = { at->method, at->path, at->headers, body };
      g_autofree char *canonical = ch_sigv4_canonical (&message);

      g_assert_cmpstr (canonical, ==, at->canonical);
    }
}

static void
test_signature (void)
{
  ChSigv4Message message = { "GET", "/", cases[0].headers, NULL };
  g_autofree char *to_sign = ch_sigv4_to_sign (&key, cases[0].canonical, NOW);
  g_autofree char *authorization = ch_sigv4_authorization (&key, &message, NOW);

  g_assert_cmpstr (to_sign, ==,
                   "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
                   "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
  g_assert_cmpstr (authorization, ==,
                   "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                   "SignedHeaders=host;x-amz-date, "
                   "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

/* ---- the vectors ---- */

static char *
read_vector (const char *stem,
             const char *suffix)
{
  g_autofree char *path = g_strconcat (stem, suffix, NULL);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s cannot be read", path);

  g_auto(GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_free (text);
  return g_strjoinv ("\n", lines);
}

/** Vector: a request as the suite writes it. */
typedef struct
{
  char *text;
  char *method;             /* into @text, as all of them */
  char *path;
  GPtrArray *headers;       /* (element-type utf8) */
  GBytes *body;
} Vector;

static void
vector_clear (Vector *vector)
{
  g_ptr_array_unref (vector->headers);
  g_bytes_unref (vector->body);
  g_free (vector->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Vector, vector_clear)

static void
parse_vector (Vector *vector,
              char   *text)
{
  char *body = strstr (text, "\n\n");
  char *rest, *line;

  vector->text = text;
  vector->headers = g_ptr_array_new ();
  vector->body = body != NULL ? g_bytes_new (body + 2, strlen (body + 2)) : g_bytes_new (NULL, 0);
  if (body != NULL)
    *body = '\0';

  line = strtok_r (text, "\n", &rest);
  vector->method = line;
  vector->path = strchr (line, ' ') + 1;
  vector->path[-1] = '\0';
  *strrchr (vector->path, ' ') = '\0';
  while ((line = strtok_r (NULL, "\n", &rest)) != NULL)
    {
      char *colon = strchr (line, ':');

      *colon = '\0';
      g_ptr_array_add (vector->headers, line);
      g_ptr_array_add (vector->headers, colon + 1);
    }
  g_ptr_array_add (vector->headers, NULL);
}

/* the suite's signer adds the token by itself in one case: there the signed request tells it */
static void
add_token (Vector     *vector,
           const char *signed_request,
           char      **token)
{
  static const char header[] = "\nX-Amz-Security-Token:";
  const char *at = strstr (signed_request, header);

  *token = at != NULL ? g_strndup (at + strlen (header), strcspn (at + strlen (header), "\n")) : NULL;
  if (*token == NULL)
    return;

  g_ptr_array_set_size (vector->headers, vector->headers->len - 1);
  g_ptr_array_add (vector->headers, (gpointer) "X-Amz-Security-Token");
  g_ptr_array_add (vector->headers, *token);
  g_ptr_array_add (vector->headers, NULL);
}

static void
check_vector (const char *stem)
{
  g_auto(Vector) vector = { 0 };
  g_autofree char *canonical = read_vector (stem, ".creq");
  g_autofree char *to_sign = read_vector (stem, ".sts");
  g_autofree char *authorization = read_vector (stem, ".authz");
  g_autofree char *signed_request = read_vector (stem, ".sreq");
  g_autofree char *token = NULL;

  g_test_message ("%s", stem);
  parse_vector (&vector, read_vector (stem, ".req"));
  if (strstr (canonical, "security-token") != NULL)
    {
      gboolean there = FALSE;

      for (guint i = 0; i + 1 < vector.headers->len; i += 2)
        there |= g_ascii_strcasecmp (vector.headers->pdata[i], "X-Amz-Security-Token") == 0;
      if (!there)
        add_token (&vector, signed_request, &token);
    }

  ChSigv4Message message = { vector.method, vector.path, (const char *const *) vector.headers->pdata,
                             vector.body };
  g_autofree char *our_canonical = ch_sigv4_canonical (&message);
  g_autofree char *our_to_sign = ch_sigv4_to_sign (&key, our_canonical, NOW);
  g_autofree char *our_authorization = ch_sigv4_authorization (&key, &message, NOW);

  g_assert_cmpstr (our_canonical, ==, canonical);
  g_assert_cmpstr (our_to_sign, ==, to_sign);
  g_assert_cmpstr (our_authorization, ==, authorization);
}

static guint
check_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n += check_folder (path);
      else if (g_str_has_suffix (name, ".req"))
        {
          path[strlen (path) - strlen (".req")] = '\0';
          check_vector (path);
          n++;
        }
    }

  return n;
}

static void
test_vectors (void)
{
  const char *folder = g_getenv ("CHANCERY_SIGV4_VECTORS");

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("the published vectors are not here; CHANCERY_SIGV4_VECTORS would name their folder");
      return;
    }

  g_assert_cmpuint (check_folder (folder), >=, 18);
}

/* ---- a request ---- */

static void
test_sign (void)
{
  static const struct { const char *url, *host; } urls[] = {
    { "https://route53.amazonaws.com", "route53.amazonaws.com" },
    { "https://127.0.0.1:8443/dns/route53", "127.0.0.1:8443" },
    { "https://host.test:443", "host.test" },
    { "http://host.test:443", "host.test:443" },
    { "http://[::1]:8080/x", "[::1]:8080" },
  };
  ChHttpRequest request = { .method = "GET", .path = "/2013-04-01/hostedzone?maxitems=1" };
  ChSigv4Key with_token = key;

  with_token.session_token = "token";
  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(GError) error = NULL;
      g_auto(GStrv) headers = ch_sigv4_sign (i % 2 ? &with_token : &key, urls[i].url, &request, NOW, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (headers), ==, i % 2 ? 8 : 6);
      g_assert_cmpstr (headers[0], ==, "Host");
      g_assert_cmpstr (headers[1], ==, urls[i].host);
      g_assert_cmpstr (headers[3], ==, "20150830T123600Z");
      if (i % 2)
        g_assert_cmpstr (headers[5], ==, "token");
      g_assert_cmpstr (headers[i % 2 ? 6 : 4], ==, "Authorization");
      g_assert_nonnull (strstr (headers[i % 2 ? 7 : 5], i % 2 ? "host;x-amz-date;x-amz-security-token"
                                                              : "SignedHeaders=host;x-amz-date,"));
    }

  g_autoptr(GError) error = NULL;
  g_assert_null (ch_sigv4_sign (&key, "no url", &request, NOW, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sigv4/canonical", test_canonical);
  g_test_add_func ("/sigv4/signature", test_signature);
  g_test_add_func ("/sigv4/vectors", test_vectors);
  g_test_add_func ("/sigv4/sign", test_sign);

  return g_test_run ();
}
