/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/server.h"

#include "lib/error.h"

#include <string.h>

#define PEOPLE "from=a@b.test\nto=c@d.test\n"

static const struct { const char *text; const char *says; int port; } rows[] = {
  { "server=m.test\n" PEOPLE, NULL, 587 },
  { "server=m.test\ntls=starttls\n" PEOPLE, NULL, 587 },
  { "server=m.test\ntls=tls\n" PEOPLE, NULL, 465 },
  { "server=m.test\ntls=tls\nport=2465\n" PEOPLE, NULL, 2465 },
  { "server=localhost\ntls=none\n" PEOPLE, NULL, 25 },
  { "server=127.0.0.1\ntls=none\n" PEOPLE, NULL, 25 },
  { "server=::1\ntls=none\n" PEOPLE, NULL, 25 },
  { "server=m.test\nfrom=a@b.test\nto=c@d.test; e@f.test\n", NULL, 587 },
  { PEOPLE, "needs server=HOST", 0 },
  { "server=smtp://m.test\n" PEOPLE, "needs server=HOST", 0 },
  { "server=m.test/x\n" PEOPLE, "needs server=HOST", 0 },
  { "server=m.test\ntls=none\n" PEOPLE, "only for a server on this machine", 0 },
  { "server=192.0.2.1\ntls=none\n" PEOPLE, "only for a server on this machine", 0 },
  { "server=localhost.evil.test\ntls=none\n" PEOPLE, "only for a server on this machine", 0 },
  { "server=m.test\ntls=ssl\n" PEOPLE, "starttls, tls or none", 0 },
  { "server=m.test\nport=0\n" PEOPLE, "port must be", 0 },
  { "server=m.test\nport=65536\n" PEOPLE, "port must be", 0 },
  { "server=m.test\nfrom=a@b.test\n", "needs from=", 0 },
  { "server=m.test\nto=a@b.test\n", "needs from=", 0 },
  { "server=m.test\nfrom=root\nto=a@b.test\n", "“root” is no address", 0 },
  { "server=m.test\nfrom=a@b.test\nto=c@d.test;e f@g.test\n", "is no address", 0 },
  { "server=m.test\nfrom=a@b.test>\\nRCPT\nto=c@d.test\n", "is no address", 0 },
  { "server=m.test\nfrom=a@b.test\nto=<c@d.test>\n", "is no address", 0 },
  { "server=m.test\nfrom=a@b@c.test\nto=c@d.test\n", "is no address", 0 },
  { "server=m.test\nfrom=@b.test\nto=c@d.test\n", "is no address", 0 },
  { "server=m.test\nfrom=a@\nto=c@d.test\n", "is no address", 0 },
  { "server=m.test\nuser=\n" PEOPLE, "user is empty", 0 },
  { "server=m.test\nca-certificate=ca.pem\n" PEOPLE, "absolute path", 0 },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GKeyFile) file = g_key_file_new ();
      g_autofree char *text = g_strconcat ("[mail]\n", rows[i].text, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &error));
      g_autoptr(ChMailServer) server = ch_mail_server_read (file, &error);
      if (rows[i].says == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpint (server->port, ==, rows[i].port);
          continue;
        }
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_null (server);
      g_assert_nonnull (strstr (error->message, rows[i].says));
      g_assert_nonnull (strstr (error->message, "[mail]"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notify/server", test_rows);
  return g_test_run ();
}
