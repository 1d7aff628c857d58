/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "authority.h"
#include "server.h"

#include "dcv/http.h"

#include "lib/error.h"

#include <string.h>

/* The file that proves control, as web servers show it or do not. */

#define VALUE "<meta name=\"_globalsign-domain-verification\" content=\"a-b_c\" />"

/* What the two servers answer, each with a status line and headers before it. */
typedef struct
{
  const char *name;
  const char *plain;        /* raw answer by http; %PLAIN% and %TLS% become ports; NULL: right */
  const char *moved;        /* the same for every other path than the file's */
  const char *secure;       /* by https */
  ChFileSeen seen;          /* of the first observation */
  const char *says;         /* in its text */
  const char *location;     /* what comes out; NULL: it stands nowhere */
} Case;

#define OK(body) "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" body
#define STATUS(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define MOVED(status, to) "HTTP/1.1 " status " Moved\r\nLocation: " to "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static const Case cases[] = {
  { "right", OK (VALUE), NULL, NULL, CH_FILE_VALUE, "shows the file", "http://127.0.0.1" },
  { "white-space", OK ("\n " VALUE " \r\n"), NULL, NULL, CH_FILE_VALUE, "shows the file", "http://127.0.0.1" },
  { "created", "HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" VALUE, NULL, NULL, CH_FILE_VALUE, "shows", "http://127.0.0.1" },
  { "other", OK ("hello"), NULL, STATUS ("404 Not Found"), CH_FILE_OTHER, "another content", NULL },
  { "empty", OK (""), NULL, STATUS ("404 Not Found"), CH_FILE_OTHER, "another content", NULL },
  { "more", OK ("<html>" VALUE "</html>"), NULL, STATUS ("404 Not Found"), CH_FILE_OTHER, "beside it", NULL },
  { "missing", STATUS ("404 Not Found"), NULL, STATUS ("404 Not Found"), CH_FILE_STATUS, "status 404", NULL },
  { "not-modified", STATUS ("304 Not Modified"), NULL, STATUS ("500 Oops"), CH_FILE_STATUS, "status 304", NULL },
  { "https-only", STATUS ("403 Forbidden"), NULL, OK (VALUE), CH_FILE_STATUS, "status 403", "https://127.0.0.1" },
  { "to-https", MOVED ("301", "https://127.0.0.1:%TLS%/.well-known/pki-validation/gsdv.txt"), NULL, OK (VALUE), CH_FILE_VALUE,
    "shows the file", "http://127.0.0.1" },
  { "relative", MOVED ("302", "/elsewhere?x=y"), OK (VALUE), NULL, CH_FILE_VALUE, "shows the file", "http://127.0.0.1" },
  { "kept-method", MOVED ("307", "/elsewhere"), OK (VALUE), NULL, CH_FILE_VALUE, "shows the file", "http://127.0.0.1" },
  { "permanent", MOVED ("308", "/elsewhere"), OK (VALUE), NULL, CH_FILE_VALUE, "shows the file", "http://127.0.0.1" },
  { "see-other", MOVED ("303", "/elsewhere"), OK (VALUE), STATUS ("404 Not Found"), CH_FILE_STATUS, "status 303", NULL },
  { "other-port", MOVED ("301", "http://127.0.0.1:8/x"), NULL, STATUS ("404 Not Found"), CH_FILE_REDIRECT, "http://127.0.0.1:8/x", NULL },
  { "ftp", MOVED ("301", "ftp://127.0.0.1/x"), NULL, STATUS ("404 Not Found"), CH_FILE_REDIRECT, "ftp://", NULL },
  { "log-in", MOVED ("301", "http://user@127.0.0.1/x"), NULL, STATUS ("404 Not Found"), CH_FILE_REDIRECT, "user@", NULL },
  { "nowhere", "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", NULL, STATUS ("404 Not Found"), CH_FILE_REDIRECT,
    "where a CA does not follow", NULL },
  { "circle", MOVED ("301", "/.well-known/pki-validation/gsdv.txt"), NULL, STATUS ("404 Not Found"), CH_FILE_REDIRECT, "no end", NULL },
  { "dead", "", NULL, "", CH_FILE_SILENT, "no whole answer", NULL },
};

typedef struct
{
  TestServer *plain, *secure;
  const Case *now;
} World;

static World world;

static char *
fill_in (const char *text)
{
  g_autofree char *port = g_strdup_printf ("%u", test_server_port (world.secure));
  g_autoptr(GString) filled = g_string_new (text);

  g_string_replace (filled, "%TLS%", port, 0);
  return g_strdup (filled->str);
}

static void
answer_plain (const TestRequest *request,
              gpointer           data)
{
  gboolean file = strstr (request->head, "GET " CH_DCV_FILE_PATH " ") == request->head;
  g_autofree char *bytes = fill_in (file || world.now->moved == NULL ? world.now->plain : world.now->moved);

  test_send (request, bytes);
}

static void
answer_secure (const TestRequest *request,
               gpointer           data)
{
  test_send (request, world.now->secure != NULL ? world.now->secure : "");
}

static ChFileLook *
look_at (const char *host)
{
  ChFileProof proof = { host, VALUE, NULL, test_server_port (world.plain), test_server_port (world.secure) };
  g_autoptr(GError) error = NULL;
  ChFileLook *look = ch_dcv_http_look (&proof, NULL, &error);

  g_assert_no_error (error);
  return look;
}

static void
test_case (gconstpointer data)
{
  const Case *row = world.now = data;
  g_autoptr(ChFileLook) look = look_at ("127.0.0.1");
  const ChFileObservation *first = look->observations->pdata[0];

  g_test_message ("%s: %s", first->text, look->summary);
  g_assert_cmpstr (first->location, ==, "http://127.0.0.1");
  g_assert_cmpstr (first->address, ==, "127.0.0.1");
  g_assert_cmpint (first->seen, ==, row->seen);
  g_assert_nonnull (strstr (first->text, row->says));
  g_assert_cmpstr (look->location, ==, row->location);
  g_assert_cmpuint (look->observations->len, ==, g_strcmp0 (row->location, first->location) == 0 ? 1 : 2);
  if (row->location == NULL)
    g_assert_nonnull (strstr (look->summary, "http://127.0.0.1 (127.0.0.1)"));
}

static void
test_huge (void)
{
  g_autofree char *body = g_strnfill (100 * 1024, 'x');
  g_autofree char *bytes = g_strconcat (OK (""), body, NULL);
  Case row = { "huge", bytes, NULL, STATUS ("404 Not Found"), CH_FILE_SILENT, "longer", NULL };

  test_case (&row);
}

/* Nobody listens at the other end of the loopback. */
static void
test_refused (void)
{
  world.now = &cases[0];
  g_autoptr(ChFileLook) look = look_at ("127.0.0.2");
  const ChFileObservation *first = look->observations->pdata[0];

  g_assert_cmpint (first->seen, ==, CH_FILE_SILENT);
  g_assert_null (look->location);
  g_assert_nonnull (strstr (look->summary, "127.0.0.2"));
}

static void
test_cancelled (void)
{
  ChFileProof proof = { "127.0.0.1", VALUE, NULL, test_server_port (world.plain), test_server_port (world.secure) };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  world.now = &cases[0];
  g_cancellable_cancel (cancellable);
  g_assert_null (ch_dcv_http_look (&proof, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

static void
test_url (void)
{
  g_autofree char *name = ch_dcv_http_url ("www.example.test");
  g_autofree char *address = ch_dcv_http_url ("2001:db8::1");

  g_assert_cmpstr (name, ==, "http://www.example.test/.well-known/pki-validation/gsdv.txt");
  g_assert_cmpstr (address, ==, "http://[2001:db8::1]/.well-known/pki-validation/gsdv.txt");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_autoptr(TestAuthority) authority = test_authority_new ();
  g_autoptr(GTlsCertificate) expired = test_authority_issue (authority, "old.invalid", -20, -10);
  world.plain = test_server_new (NULL, answer_plain, NULL);
  world.secure = test_server_new (expired, answer_secure, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/dcv/http/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/dcv/http/huge", test_huge);
  g_test_add_func ("/dcv/http/refused", test_refused);
  g_test_add_func ("/dcv/http/cancelled", test_cancelled);
  g_test_add_func ("/dcv/http/url", test_url);

  int status = g_test_run ();
  test_server_free (world.plain);
  test_server_free (world.secure);
  return status;
}
