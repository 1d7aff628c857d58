/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "site.h"

#include "lib/error.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A run is killed at every point between two effects, in a process of its own; the next run then has to end
 * with the new certificate being served, or, when it fails too, with the files of one certificate.
 */

static const char *self;
static TestCert *before, *after;

static const char *const forward[] = {
  "stage:before", "stage:dressed", "stage:written", "stage:after",
  "swap:before", "swap:kept", "swap:renamed", "swap:after",
  "act:before", "act:after", "prove:before", "prove:after",
  "settle:before", "settle:one", "settle:after",
};

static const char *const back[] = {
  "restore:before", "restore:back", "restore:after", "act-again:before", "act-again:after",
};

/* From here on the run's certificate was proven, and the way back ends there. */
static gboolean
is_proven (const char *point)
{
  return g_str_equal (point, "settle:one") || g_str_equal (point, "settle:after");
}

static void
run_and_die (const char *folder,
             guint16     port,
             const char *script,
             const char *point)
{
  g_autofree char *number = g_strdup_printf ("%u", port);
  GSubprocessFlags quiet = G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE;
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (quiet);
  g_autoptr(GError) error = NULL;

  g_test_message ("killed at %s", point);
  g_subprocess_launcher_setenv (launcher, "CHANCERY_KILL_AT", point, TRUE);
  g_autoptr(GSubprocess) child =
    g_subprocess_launcher_spawn (launcher, &error, self, "--run", folder, number, script, NULL);
  g_assert_no_error (error);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);
}

/* The child's side: what it installs lies in the folder. */
static int
run (char **argv)
{
  TestCert cert = { NULL };
  char **texts[] = { &cert.pem, &cert.key, &cert.fingerprint };
  static const char *const names[] = { "new.pem", "new.key", "new.fingerprint" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_path (argv[0], names[i]);
      g_file_get_contents (path, texts[i], NULL, NULL);
    }

  TestSite *site = test_site_new (argv[0], &cert, atoi (argv[1]));
  if (*argv[2] != '\0')
    test_site_use_program (site, argv[2]);
  test_site_install (site, NULL, NULL);
  return 0;
}

static void
lay_out (const char *folder)
{
  test_write (folder, "new.pem", after->pem);
  test_write (folder, "new.key", after->key);
  test_write (folder, "new.fingerprint", after->fingerprint);
  test_write (folder, "c.pem", before->pem);
  test_write (folder, "k.pem", before->key);
}

static void
must_end_well (const char *folder,
               guint16     port)
{
  g_autoptr(TestSite) site = test_site_new (folder, after, port);
  g_autoptr(GError) error = NULL;

  if (port == 0)
    test_site_use_program (site, "true");
  test_site_install (site, NULL, &error);
  g_assert_no_error (error);
  test_site_assert (site, folder, after);
}

static void
must_end_as (const char     *folder,
             const TestCert *cert)
{
  g_autoptr(TestSite) site = test_site_new (folder, after, 0);
  g_autoptr(GError) error = NULL;

  test_site_use_program (site, "false");
  g_assert_false (test_site_install (site, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACTION_FAILED);
  test_site_assert (site, folder, cert);
}

static void
test_forward_then_forward (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forward); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();
      g_autoptr(TestNginx) nginx = test_site_start (folder, before);

      if (nginx == NULL)
        return;
      lay_out (folder);
      run_and_die (folder, nginx->port, "", forward[i]);
      must_end_well (folder, nginx->port);
    }
}

static void
test_forward_then_back (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forward); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();

      lay_out (folder);
      run_and_die (folder, 0, "true", forward[i]);
      must_end_as (folder, is_proven (forward[i]) ? after : before);
    }
}

static void
test_back_then_forward (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (back); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();

      lay_out (folder);
      run_and_die (folder, 0, "false", back[i]);
      must_end_well (folder, 0);
    }
}

static void
test_back_then_back (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (back); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();

      lay_out (folder);
      run_and_die (folder, 0, "false", back[i]);
      must_end_as (folder, before);
    }
}

/* Two kills in a row, at any two points, and a third run that fails. */
static void
test_twice (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forward); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (forward); j++)
      {
        g_autoptr(TestFolder) folder = test_folder_new ();

        /* What is in place already is not written again. */
        if (is_proven (forward[i])
            && (g_str_equal (forward[j], "stage:dressed") || g_str_equal (forward[j], "stage:written")))
          continue;

        lay_out (folder);
        run_and_die (folder, 0, "true", forward[i]);
        run_and_die (folder, 0, "true", forward[j]);
        must_end_as (folder, is_proven (forward[i]) || is_proven (forward[j]) ? after : before);
      }
}

/* The file has its owner and mode when it is still empty. */
static void
test_key_is_never_open (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *key = test_path (folder, "k.pem");
  g_autofree char *certificate = test_path (folder, "c.pem");
  g_autofree char *fresh = test_path (folder, "c.pem.chancery-new");
  struct stat info;

  if (geteuid () != 0)
    {
      g_test_skip ("needs root to give files away");
      return;
    }

  lay_out (folder);
  g_assert_cmpint (chmod (certificate, 0640), ==, 0);
  g_assert_cmpint (chown (certificate, 1234, 2345), ==, 0);
  run_and_die (folder, 0, "true", "stage:dressed");
  g_assert_cmpint (stat (fresh, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0);
  g_assert_cmphex (info.st_mode & 07777, ==, 0640);
  g_assert_cmpuint (info.st_uid, ==, 1234);
  g_assert_cmpuint (info.st_gid, ==, 2345);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--run") == 0)
    return run (argv + 2);

  g_test_init (&argc, &argv, NULL);
  self = "/proc/self/exe";
  before = test_cert_new ("before.example.test", GNUTLS_PK_ECDSA);
  after = test_cert_new ("after.example.test", GNUTLS_PK_ECDSA);

  g_test_add_func ("/deploy/kill/forward-then-forward", test_forward_then_forward);
  g_test_add_func ("/deploy/kill/forward-then-back", test_forward_then_back);
  g_test_add_func ("/deploy/kill/back-then-forward", test_back_then_forward);
  g_test_add_func ("/deploy/kill/back-then-back", test_back_then_back);
  g_test_add_func ("/deploy/kill/twice", test_twice);
  g_test_add_func ("/deploy/kill/key-is-never-open", test_key_is_never_open);

  int result = g_test_run ();
  ch_target_set_programs (NULL);
  test_cert_free (before);
  test_cert_free (after);
  return result;
}
