/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/error.h"
#include "lib/json.h"

#include <string.h>

#define OPEN8 "[[[[[[[["
#define OPEN64 OPEN8 OPEN8 OPEN8 OPEN8 OPEN8 OPEN8 OPEN8 OPEN8
#define MIXED8 "[{\"a\":[{\"a\":[{\"a\":[{\"a\":"
#define MIXED64 MIXED8 MIXED8 MIXED8 MIXED8 MIXED8 MIXED8 MIXED8 MIXED8

static void
test_depth (void)
{
  static const struct { const char *text; gboolean good; } cases[] = {
    { "", TRUE }, /* no JSON, but no danger; the parser says so */
    { "{ \"a\": [ -1.5E+3, true, false, null, \"ä\\u00e4\" ] }\r\n\t", TRUE },
    { OPEN64, TRUE },
    { OPEN64 "[", FALSE },
    { MIXED64 "1", TRUE },
    { MIXED64 "[", FALSE },
    { OPEN64 "],[", TRUE },
    { OPEN64 "],[[", FALSE },
    { "[\"" OPEN64 OPEN64 "\"]", TRUE },
    { "[\"\\\"" OPEN64 OPEN64 "\"]", TRUE },
    { "[\"\\\\\"," OPEN64 OPEN64 "]", FALSE },
    { "\"]]]]]]]]\"" OPEN64 "[", FALSE },
    { "[\"" OPEN64 OPEN64, TRUE }, /* a text without end */
    { "[\"a\\", TRUE },
    { "]]]]", TRUE },
    { "// \"\n" OPEN64, FALSE },
    { "/* \" */ []", FALSE },
    { "['\"']", FALSE },
    { "# \"\n[]", FALSE },
    { "[\x01]", FALSE },
    { "[\xc3\xa4]", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (ch_json_check_depth (cases[i].text, strlen (cases[i].text), &error), ==, cases[i].good);
      if (!cases[i].good)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_zero_byte (void)
{
  g_assert_false (ch_json_check_depth ("[\0]", 3, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/zero-byte", test_zero_byte);
  return g_test_run ();
}
