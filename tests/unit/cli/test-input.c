/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/error.h"
#include "lib/secret.h"
#include "secret-input.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  char *folder;
  char *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("chancery-input-XXXXXX", NULL);
  fixture->file = g_build_filename (fixture->folder, "secret", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_unlink (fixture->file);
  g_rmdir (fixture->folder);
  g_free (fixture->file);
  g_free (fixture->folder);
}

static void
test_line_ends (Fixture       *fixture,
                gconstpointer  data)
{
  static const struct { const char *content, *want; } cases[] = {
    { "secret", "secret" }, { "secret\n", "secret" }, { "secret\r\n", "secret" },
        { " secret \n", " secret " },
    { "secret\n\n", NULL }, { "a\nb", NULL }, { "\n", NULL }, { "\r\n", NULL }, { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ch_autosecret char *line = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (fixture->file, cases[i].content, -1, NULL));
      line = ch_input_read_line (fixture->file, "password", &error);
      g_assert_cmpstr (line, ==, cases[i].want);
      if (cases[i].want == NULL)
        g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_whole_file (Fixture       *fixture,
                 gconstpointer  data)
{
  ch_autosecret char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->file, "one\ntwo\n", -1, NULL));
  text = ch_input_read (fixture->file, "key-file", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "one\ntwo\n");
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct { gsize length; gboolean ok; } cases[] = {
    { CH_INPUT_MAX - 1, TRUE }, { CH_INPUT_MAX, TRUE }, { CH_INPUT_MAX + 1, FALSE },
        { 2 * CH_INPUT_MAX, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *content = g_strnfill (cases[i].length, 'x');
      ch_autosecret char *text = NULL;

      g_assert_true (g_file_set_contents (fixture->file, content, -1, NULL));
      text = ch_input_read (fixture->file, "key-file", NULL);
      g_assert_cmpint (text != NULL, ==, cases[i].ok);
    }
}

/* No message tells what was read. */
static void
test_messages (Fixture       *fixture,
               gconstpointer  data)
{
  static const char content[] = "hush\nhush\0hush";
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->file, content, sizeof content, NULL));
  g_assert_null (ch_input_read (fixture->file, "password", &error));
  g_assert_null (strstr (error->message, "hush"));
  g_assert_nonnull (strstr (error->message, "password"));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (fixture->file, "hush\nhush", -1, NULL));
  g_assert_null (ch_input_read_line (fixture->file, "password", &error));
  g_assert_null (strstr (error->message, "hush"));
}

static void
test_no_core_dumps (Fixture       *fixture,
                    gconstpointer  data)
{
  ch_autosecret char *text = NULL;
  struct rlimit limit;

  g_assert_true (g_file_set_contents (fixture->file, "secret", -1, NULL));
  text = ch_input_read (fixture->file, "password", NULL);
  g_assert_nonnull (text);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_max, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/input/line-ends", Fixture, NULL, set_up, test_line_ends, tear_down);
  g_test_add ("/input/whole-file", Fixture, NULL, set_up, test_whole_file, tear_down);
  g_test_add ("/input/limits", Fixture, NULL, set_up, test_limits, tear_down);
  g_test_add ("/input/messages", Fixture, NULL, set_up, test_messages, tear_down);
  g_test_add ("/input/no-core-dumps", Fixture, NULL, set_up, test_no_core_dumps, tear_down);
  return g_test_run ();
}
