/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/text.h"

static void
test_line (void)
{
  static const struct { const char *text; gssize length; const char *line; } cases[] = {
    { "plain “ü” 漢字", -1, "plain “ü” 漢字" },
    { "one\ntwo\r\nthree\tfour", -1, "one two  three four" },
    { "\033[2Jwiped\007", -1, " [2Jwiped " },
    { "c1 \302\233 csi \177", -1, "c1   csi  " },
    { "turned \342\200\256 around", -1, "turned   around" },
    { "line \342\200\250 separator", -1, "line   separator" },
    { "bad \377 byte", -1, "bad \357\277\275 byte" },
    { "cut here", 3, "cut" },
    { "", -1, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = ch_text_line (cases[i].text, cases[i].length);

      g_assert_cmpstr (line, ==, cases[i].line);
    }
}

/* What a CA or a program said must not look like a message of ours. */
static void
test_log (void)
{
  if (g_test_subprocess ())
    {
      g_log_set_writer_func (ch_text_log_writer, NULL, NULL);
      g_message ("They said: no\nchancery-INFO: all is well\033[2J");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*They said: no chancery-INFO: all is well *2J\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lib/text/line", test_line);
  g_test_add_func ("/lib/text/log", test_log);

  return g_test_run ();
}
