/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/target.h"

#include "lib/error.h"
#include "sshd.h"
#include "stage.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files that prove control of names: one behaviour, whatever the kind of server. */

#define OURS "<meta name=\"proof\" content=\"ours\" />\n"
#define FOREIGN "<meta name=\"proof\" content=\"them\" />\n"
#define FOLDERS ".well-known/pki-validation"
#define FILE_NAME FOLDERS "/gsdv.txt"

/* A web root on a server of the kind. */
typedef struct
{
  const ChTarget *target;
  TestSshd *sshd;         /* (owned) (nullable) */
  char *folder;           /* (owned) */
  char *root;             /* (owned) */
  ChServerAccess access;
  ChTargetProof proof;
} Scene;

static void
set_up (Scene         *scene,
        gconstpointer  kind)
{
  /* Nobody but the daemon could read what is made without further ado. */
  umask (077);
  scene->target = ch_target_find (kind, NULL);
  scene->sshd = g_str_equal (kind, "ssh") ? test_sshd_new ("ed25519", "ForceCommand internal-sftp -u 077", NULL) : NULL;
  if (scene->sshd != NULL)
    scene->access = scene->sshd->access;
  scene->folder = test_folder_new ();
  scene->root = test_path (scene->folder, "www");
  g_assert_cmpint (g_mkdir (scene->root, 0755), ==, 0);
  scene->proof = (ChTargetProof) { .root = scene->root, .below = FILE_NAME, .content = OURS };
}

static void
tear_down (Scene         *scene,
           gconstpointer  kind)
{
  g_clear_pointer (&scene->sshd, test_sshd_free);
  test_folder_free (scene->folder);
  g_free (scene->root);
}

static void
survey (Scene *scene,
        guint  missing)
{
  g_autoptr(GError) error = NULL;
  guint found = 77;

  scene->target->survey (&scene->access, &scene->proof, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found, ==, missing);
}

static void
publish (Scene    *scene,
         gboolean  existed)
{
  g_autoptr(GError) error = NULL;
  gboolean found = !existed;

  scene->target->publish (&scene->access, &scene->proof, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found, ==, existed);
  test_assert_holds (scene->root, scene->proof.below, OURS);
}

static void
refuses (Scene   *scene,
         ChError  code)
{
  g_autoptr(GError) error = NULL;
  gboolean existed;

  g_assert_false (scene->target->publish (&scene->access, &scene->proof, &existed, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

static void
withdraw (Scene *scene,
          guint  made)
{
  g_autoptr(GError) error = NULL;

  scene->proof.made = made;
  g_assert_true (scene->target->withdraw (&scene->access, &scene->proof, NULL, &error));
  g_assert_no_error (error);
}

static void
make (Scene      *scene,
      const char *name)
{
  g_autofree char *path = test_path (scene->root, name);

  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
}

static void
assert_mode (Scene      *scene,
             const char *name,
             guint       mode)
{
  g_autofree char *path = test_path (scene->root, name);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, mode);
}

static void
assert_holds_names (Scene      *scene,
                    const char *folder,
                    const char *names)
{
  g_autofree char *path = test_path (scene->root, folder);

  test_assert_names (path, names);
}

/* ---- put and taken away ---- */

static void
test_all_of_it (Scene         *scene,
                gconstpointer  kind)
{
  survey (scene, 2);
  assert_holds_names (scene, ".", "");
  publish (scene, FALSE);
  assert_mode (scene, ".well-known", 0755);
  assert_mode (scene, FOLDERS, 0755);
  assert_mode (scene, FILE_NAME, 0644);
  assert_holds_names (scene, FOLDERS, "gsdv.txt");
  survey (scene, 0);

  /* each again, as after a crash */
  publish (scene, TRUE);
  withdraw (scene, 2);
  assert_holds_names (scene, ".", "");
  withdraw (scene, 2);
}

static void
test_folders_of_others (Scene         *scene,
                        gconstpointer  kind)
{
  make (scene, ".well-known");
  survey (scene, 1);
  publish (scene, FALSE);
  withdraw (scene, 1);
  assert_holds_names (scene, ".", ".well-known");
  assert_holds_names (scene, ".well-known", "");

  /* made by us, but used by somebody else since then */
  publish (scene, FALSE);
  test_write (scene->root, ".well-known/security.txt", "theirs");
  withdraw (scene, 2);
  assert_holds_names (scene, ".well-known", "security.txt");

  publish (scene, FALSE);
  test_write (scene->root, FOLDERS "/theirs.txt", "theirs");
  withdraw (scene, 2);
  assert_holds_names (scene, FOLDERS, "theirs.txt");
}

static void
test_exact_folder (Scene         *scene,
                   gconstpointer  kind)
{
  scene->proof.below = "gsdv.txt";
  survey (scene, 0);
  publish (scene, FALSE);
  assert_holds_names (scene, ".", "gsdv.txt");
  withdraw (scene, 9);
  assert_holds_names (scene, ".", "");
}

static void
test_left_by_a_crash (Scene         *scene,
                      gconstpointer  kind)
{
  make (scene, FOLDERS);
  test_write (scene->root, FILE_NAME ".chancery-new", "half of i");
  publish (scene, FALSE);
  assert_holds_names (scene, FOLDERS, "gsdv.txt");

  test_write (scene->root, FILE_NAME ".chancery-new", OURS);
  withdraw (scene, 0);
  assert_holds_names (scene, FOLDERS, "");
}

static void
test_root_gone (Scene         *scene,
                gconstpointer  kind)
{
  g_autoptr(GError) error = NULL;
  guint missing;

  g_assert_cmpint (g_rmdir (scene->root), ==, 0);
  g_assert_false (scene->target->survey (&scene->access, &scene->proof, &missing, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, scene->root));
  refuses (scene, CH_ERROR_FILE);
  withdraw (scene, 2);
}

/* ---- somebody else's ---- */

static void
test_foreign (Scene         *scene,
              gconstpointer  kind)
{
  static const char *const contents[] = { FOREIGN, "", OURS "\n", "x" };

  g_autofree char *path = test_path (scene->root, FILE_NAME);

  make (scene, FOLDERS);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_unlink (path);
      test_write (scene->root, FILE_NAME, contents[i]);
      refuses (scene, CH_ERROR_EXISTS);
      withdraw (scene, 2);
      test_assert_holds (scene->root, FILE_NAME, contents[i]);
      assert_holds_names (scene, FOLDERS, "gsdv.txt");
    }
}

/* What is at the file's name, but is no file: also a link to what we would have put there. */
static void
test_no_file (Scene         *scene,
              gconstpointer  kind)
{
  g_autofree char *path = test_path (scene->root, FILE_NAME);

  make (scene, FOLDERS);
  test_write (scene->root, "elsewhere", OURS);
  g_assert_cmpint (symlink ("../../elsewhere", path), ==, 0);
  refuses (scene, CH_ERROR_EXISTS);
  withdraw (scene, 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_unlink (path), ==, 0);

  make (scene, FILE_NAME);
  refuses (scene, CH_ERROR_EXISTS);
  withdraw (scene, 0);
  g_assert_cmpint (g_rmdir (path), ==, 0);

  g_assert_cmpint (mkfifo (path, 0644), ==, 0);
  refuses (scene, CH_ERROR_EXISTS);
}

static void
test_no_folder (Scene         *scene,
                gconstpointer  kind)
{
  g_autofree char *on_the_way = test_path (scene->root, ".well-known");
  g_autofree char *elsewhere = test_path (scene->folder, "elsewhere");
  g_autoptr(GError) error = NULL;
  guint missing;

  g_assert_cmpint (g_mkdir (elsewhere, 0755), ==, 0);
  g_assert_cmpint (symlink (elsewhere, on_the_way), ==, 0);
  refuses (scene, CH_ERROR_FILE);
  g_assert_false (scene->target->survey (&scene->access, &scene->proof, &missing, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, on_the_way));
  test_assert_names (elsewhere, "");
  g_assert_cmpint (g_unlink (on_the_way), ==, 0);

  test_write (scene->root, ".well-known", "a file");
  refuses (scene, CH_ERROR_FILE);
}

static void
test_wrong_paths (Scene         *scene,
                  gconstpointer  kind)
{
  static const char *const below[] = { "../gsdv.txt", "a//gsdv.txt", "a/", "a/b/c/d/e/f/g/h/i/gsdv.txt", "x.chancery-new" };

  for (gsize i = 0; i < G_N_ELEMENTS (below); i++)
    {
      scene->proof.below = below[i];
      refuses (scene, CH_ERROR_INVALID);
    }
  test_assert_names (scene->folder, "www");
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (Scene *, gconstpointer); } tests[] = {
    { "all-of-it", test_all_of_it }, { "folders-of-others", test_folders_of_others }, { "exact-folder", test_exact_folder },
    { "left-by-a-crash", test_left_by_a_crash }, { "root-gone", test_root_gone }, { "foreign", test_foreign },
    { "no-file", test_no_file }, { "no-folder", test_no_folder }, { "wrong-paths", test_wrong_paths },
  };
  static const char *const kinds[] = { "local", "ssh" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        g_autofree char *path = g_strdup_printf ("/deploy/proof/%s/%s", kinds[k], tests[i].name);

        if (g_str_equal (kinds[k], "local") || g_file_test ("/usr/sbin/sshd", G_FILE_TEST_IS_EXECUTABLE))
          g_test_add (path, Scene, kinds[k], set_up, tests[i].test, tear_down);
      }

  int result = g_test_run ();
  ch_targets_close ();
  return result;
}
