/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/message.h"

#include <string.h>

static const char *const to[] = { "a@example.test", "b@example.test", NULL };

static char *
compose (const char *subject,
         const char *body)
{
  return ch_message_compose (&(ChMessage) { "chancery@example.test", to, subject, body, 1795000000, "id-1" });
}

static void
test_headers (void)
{
  g_autofree char *mail = compose ("plain", "one\n");

  g_assert_cmpstr (mail, ==,
                   "From: Chancery <chancery@example.test>\r\nTo: a@example.test,\r\n b@example.test\r\nSubject: plain\r\n"
                   "Date: Wed, 18 Nov 2026 11:06:40 +0000\r\nMessage-ID: <id-1@example.test>\r\n"
                   "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n\r\none\r\n\r\n");
}

/* Each header that comes out of a subject begins with one of ours, whatever is in the subject. */
static void
test_injection (void)
{
  static const char *const subjects[] = {
    "x\r\nBcc: evil@example.test", "x\nBcc: evil@example.test\n\nbody", "x\rBcc: evil@example.test",
    "\xc3\xa4\r\nBcc: evil@example.test", "x\xe2\x80\xa8" "Bcc: evil@example.test", "\xff\xfe\r\nBcc: evil@example.test",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autofree char *mail = compose (subjects[i], "body");
      g_autofree char *head = g_strndup (mail, (gsize) (strstr (mail, "\r\n\r\n") - mail));

      g_assert_null (strstr (head, "\nBcc"));
      g_assert_null (strstr (head, "\rBcc"));
      for (const char *c = head; *c != '\0'; c++)
        {
          g_assert_cmpint (*c, <, 0x7f);
          if (*c == '\r')
            g_assert_cmpint (c[1], ==, '\n');
          if (*c == '\n')
            g_assert_cmpint (c[-1], ==, '\r');
        }
    }
}

/* What was encoded comes back, and no line is longer than RFC 2047 and RFC 2045 let it be. */
static void
test_words (void)
{
  g_autoptr(GString) subject = g_string_new (NULL);
  g_autoptr(GString) back = g_string_new (NULL);

  for (int i = 0; i < 60; i++)
    g_string_append (subject, i % 2 == 0 ? "ä€" : "x😀");
  g_autofree char *mail = compose (subject->str, "ä = b\n\n.\ntrailing \n");
  g_auto(GStrv) lines = g_strsplit (mail, "\r\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *word = strstr (lines[i], "=?UTF-8?B?");

      g_assert_cmpuint (strlen (lines[i]), <=, 88);
      if (word == NULL)
        continue;
      g_assert_cmpuint (strlen (word), <=, 75);
      g_autofree char *text = g_strndup (word + 10, strlen (word) - 12);
      gsize length;
      g_autofree guchar *bytes = g_base64_decode (text, &length);
      g_assert_true (g_utf8_validate ((char *) bytes, (gssize) length, NULL));
      g_string_append_len (back, (char *) bytes, (gssize) length);
    }

  g_assert_cmpstr (back->str, ==, subject->str);
  g_assert_nonnull (strstr (mail, "\r\n\r\n=C3=A4 =3D b\r\n\r\n.\r\ntrailing=20\r\n"));
}

static void
test_long_lines (void)
{
  g_autofree char *body = g_strnfill (1000, 'x');
  g_autofree char *mail = compose ("s", body);
  g_auto(GStrv) lines = g_strsplit (mail, "\r\n", -1);
  gsize n = 0;

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 76);
      if (*lines[i] == 'x')
        n += strspn (lines[i], "x");
    }
  g_assert_cmpuint (n, ==, 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notify/message/headers", test_headers);
  g_test_add_func ("/notify/message/injection", test_injection);
  g_test_add_func ("/notify/message/words", test_words);
  g_test_add_func ("/notify/message/long-lines", test_long_lines);
  return g_test_run ();
}
