/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/preview.h"
#include "engine/replace.h"

#include <string.h>

/* What a reissue would come to, looked at before it is asked for. */

static const struct
{
  const char *path;
  ChReissueWish wish;
  const char *names;          /* (nullable): with blanks between */
  const char *about;          /* (nullable): of the only problem */
} cases[] = {
  { "usual", { FALSE }, NULL, NULL },
  { "kept-key", { .keep_key = TRUE }, NULL, NULL },
  { "same-names", { FALSE }, "www.example.com", NULL },
  { "no-such-key", { .key_algorithm = "rsa-1024" }, NULL, "key" },
  { "no-request", { .csr = "hello" }, NULL, "csr" },
  { "no-name", { FALSE }, "www.example.com a..b", "names" },
  { "another-common-name", { FALSE }, "mail.example.com", "names" },
  { "public-suffix", { FALSE }, "www.example.com com", "names" },
};

static void
test_reissue (Fixture       *fixture,
              gconstpointer  data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  gint64 id = fixture_issue (fixture, "www.example.com");
  g_auto(GStrv) names = cases[i].names != NULL ? g_strsplit (cases[i].names, " ", -1) : NULL;
  g_autoptr(ChOrder) before = world_order (fixture->world, id);
  g_autofree char *called = g_strdup (fakes.calls->str);
  g_autoptr(GError) error = NULL;
  ChReissueWish wish = cases[i].wish;

  wish.names = (const char *const *) names;
  g_autoptr(ChOrderPreview) preview = ch_order_preview_reissue (&fixture->world->world, id, &wish, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (preview->problems->len, ==, cases[i].about != NULL ? 1 : 0);
  if (cases[i].about != NULL)
    g_assert_cmpstr (preview->fields->pdata[0], ==, cases[i].about);
  g_assert_cmpint (preview->term_end, ==, before->term_end);
  g_assert_cmpint (preview->not_after, <=, preview->term_end);
  g_assert_cmpuint (preview->certificates, ==, 1);

  /* Looking changes nothing and asks nobody. */
  g_autoptr(ChOrder) after = world_order (fixture->world, id);
  g_assert_cmpint (after->state, ==, before->state);
  g_assert_cmpstr (after->public_key, ==, before->public_key);
  g_assert_cmpstr (fakes.calls->str, ==, called);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  const ChReissueWish usual = { FALSE };
  gint64 waiting = fixture_add_order (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_order_preview_reissue (&fixture->world->world, waiting, &usual, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_null (ch_order_preview_reissue (&fixture->world->world, 4711, &usual, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/preview/reissue/%s", cases[i].path);

      fixture_test (path, GSIZE_TO_POINTER (i), test_reissue);
    }
  fixture_test ("/engine/preview/reissue/refused", NULL, test_refused);
  return g_test_run ();
}
