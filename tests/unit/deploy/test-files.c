/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/files.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <string.h>

#define LEAF "leaf\n"
#define CHAIN "one\ntwo\n"
#define ROOT "root\n"
#define KEY "key\n"

static const struct
{
  const char *part;
  const char *leaf, *chain, *root, *key;
  const char *want;     /* NULL: refused */
} cases[] = {
  { "certificate", LEAF, CHAIN, ROOT, KEY, "leaf\n" },
  { "certificate", "leaf", CHAIN, ROOT, NULL, "leaf\n" },
  { "certificate", "", CHAIN, ROOT, KEY, NULL },
  { "certificate", NULL, CHAIN, ROOT, KEY, NULL },
  { "key", LEAF, CHAIN, ROOT, KEY, "key\n" },
  { "key", LEAF, CHAIN, ROOT, "key", "key\n" },
  { "key", LEAF, CHAIN, ROOT, NULL, NULL },
  { "key", LEAF, CHAIN, ROOT, "", NULL },
  { "chain", LEAF, CHAIN, ROOT, KEY, "one\ntwo\n" },
  { "chain", LEAF, CHAIN, NULL, KEY, "one\ntwo\n" },
  { "chain", LEAF, "", ROOT, KEY, "root\n" },
  { "chain", LEAF, NULL, ROOT, KEY, "root\n" },
  { "chain", LEAF, "", NULL, KEY, NULL },
  { "fullchain", LEAF, CHAIN, ROOT, KEY, "leaf\none\ntwo\n" },
  { "fullchain", "leaf", "one\ntwo", NULL, NULL, "leaf\none\ntwo\n" },
  { "fullchain", LEAF, "", ROOT, NULL, "leaf\n" },
  { "fullchain", LEAF, NULL, NULL, NULL, "leaf\n" },
  { "all", LEAF, CHAIN, ROOT, KEY, "key\nleaf\none\ntwo\n" },
  { "all", "leaf", "one", ROOT, "key", "key\nleaf\none\n" },
  { "all", LEAF, NULL, NULL, KEY, "key\nleaf\n" },
  { "all", LEAF, CHAIN, ROOT, NULL, NULL },
  { "Key", LEAF, CHAIN, ROOT, KEY, NULL },
  { "", LEAF, CHAIN, ROOT, KEY, NULL },
  { NULL, LEAF, CHAIN, ROOT, KEY, NULL },
};

static GBytes *
content_of (const ChPartSource *source,
            const char         *part,
            GError            **error)
{
  const ChPartForm form = { .part = part };

  return ch_part_content (source, &form, NULL, error);
}

static void
test_content (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) key = cases[i].key != NULL ? ch_secret_new (cases[i].key) : NULL;
      ChPartSource source = { cases[i].leaf, cases[i].chain, cases[i].root, key };
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) content = content_of (&source, cases[i].part, &error);

      g_test_message ("case %zu: %s", i, cases[i].part);
      if (cases[i].want == NULL)
        {
          g_assert_null (content);
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                       cases[i].want, strlen (cases[i].want));
    }
}

static void
test_words (void)
{
  static const struct { const char *part; gboolean known, secret; } words[] = {
    { "certificate", TRUE, FALSE }, { "key", TRUE, TRUE }, { "chain", TRUE, FALSE },
    { "fullchain", TRUE, FALSE }, { "all", TRUE, TRUE }, { "pfx", FALSE, FALSE }, { NULL, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (ch_part_check (words[i].part, &error), ==, words[i].known);
      g_assert_cmpint (error == NULL, ==, words[i].known);
      g_assert_cmpint (ch_part_is_secret (words[i].part), ==, words[i].secret);
      if (error != NULL)
        g_assert_nonnull (strstr (error->message, "certificate, key, chain, fullchain, all"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deploy/files/content", test_content);
  g_test_add_func ("/deploy/files/words", test_words);
  return g_test_run ();
}
