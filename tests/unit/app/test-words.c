/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/words.h"

static void
test_without_commands (void)
{
  static const struct { const char *text, *rest; } cases[] = {
    { "", "" },
    { "The name server ns1.example.com: 5353 does not answer.", "The name server ns1.example.com: 5353 does not answer." },
    { "The certificate ends on 2027-03-01. A renewal costs money: order it with “chancery order renew 12”",
      "The certificate ends on 2027-03-01. A renewal costs money" },
    { "Order 3 is reissuing already; “chancery order explain 3” tells how far it is", "Order 3 is reissuing already" },
    { "The server serves another. Is the service running? “chancery deploy run web” installs and checks again",
      "The server serves another. Is the service running?" },
    { "Its key is not here. Bring it with “chancery key attach 3”, or make one by “chancery order reissue 3”. It waits.",
      "Its key is not here. It waits." },
    { "Das Zertifikat endet am 01.03.2027. Eine Verlängerung kostet Geld: „chancery order renew 12“ bestellt sie",
      "Das Zertifikat endet am 01.03.2027. Eine Verlängerung kostet Geld" },
    { "証明書は別のものです。「chancery watch accept www」で承認します", "証明書は別のものです。" },
    /* better than nothing */
    { "“chancery order renew 12” does it", "“chancery order renew 12” does it" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rest = ch_words_without_commands (cases[i].text);

      g_assert_cmpstr (rest, ==, cases[i].rest);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/words/without-commands", test_without_commands);
  return g_test_run ();
}
