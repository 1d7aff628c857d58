/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/form.h"

#include <string.h>

static void
test_encode (void)
{
  static const struct { const char *pairs[7]; const char *expected; } cases[] = {
    { { NULL }, "" },
    { { "name", "value" }, "name=value" },
    { { "a", "1", "b", "2", "c", "3" }, "a=1&b=2&c=3" },
    { { "host", "", "type", "TXT" }, "host=&type=TXT" },
    { { "x", "-._~" }, "x=-._~" },
    { { "x", "a b&c=d+e%\"\r\n" }, "x=a%20b%26c%3Dd%2Be%25%22%0D%0A" },
    { { "grün", "ä" }, "gr%C3%BCn=%C3%A4" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) form = ch_form_encode (cases[i].pairs);
      gsize length = 0;
      const char *text = g_bytes_get_data (form, &length);

      g_assert_cmpmem (text, length, cases[i].expected, strlen (cases[i].expected));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/encode", test_encode);
  return g_test_run ();
}
