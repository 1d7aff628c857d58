/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "site.h"

#include "lib/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static TestCert *before, *after;

/* For the tests in which nothing is served. */
static TestSite *
quiet_site (const char *folder)
{
  TestSite *site = test_site_new (folder, after, 0);

  test_write (folder, "c.pem", before->pem);
  test_write (folder, "k.pem", before->key);
  test_site_use_program (site, "true");
  return site;
}

static void
assert_fails (TestSite   *site,
              ChError     code,
              const char *notes,
              const char *word)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (test_site_install (site, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  g_assert_cmpstr (site->notes->str, ==, notes);
  if (strstr (error->message, word) == NULL)
    g_error ("no “%s” in: %s", word, error->message);
}

/* ---- with a server ---- */

static void
test_happy (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestNginx) nginx = test_site_start (folder, before);
  g_autoptr(GError) error = NULL;

  if (nginx == NULL)
    return;

  g_autoptr(TestSite) site = test_site_new (folder, after, nginx->port);
  test_site_install (site, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (site->notes->str, ==, "stage swap act prove settle");
  test_site_assert (site, folder, after);

  test_site_install (site, NULL, &error);
  g_assert_no_error (error);
  test_site_assert (site, folder, after);
}

static void
test_action_fails (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestNginx) nginx = test_site_start (folder, before);

  if (nginx == NULL)
    return;

  g_autoptr(TestSite) site = test_site_new (folder, after, nginx->port);
  test_site_use_program (site, "echo line 3 is wrong; exit 1");
  assert_fails (site, CH_ERROR_ACTION_FAILED, "stage swap act! restore act-again!", "line 3 is wrong");
  test_site_assert (site, folder, before);
}

/* The service has taken up what was installed, and takes up the old one again. */
static void
test_wrong_one_is_served (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestNginx) nginx = test_site_start (folder, before);

  if (nginx == NULL)
    return;

  g_autoptr(TestSite) site = test_site_new (folder, after, nginx->port);
  site->plan.fingerprint = "00";
  assert_fails (site, CH_ERROR_NOT_SERVED, "stage swap act prove! restore act-again",
                "CN=after.example.test");
  test_site_assert (site, folder, before);
}

/* The reload succeeds, but changes nothing. */
static void
test_old_is_still_served (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestNginx) nginx = test_site_start (folder, before);

  if (nginx == NULL)
    return;

  g_autoptr(TestSite) site = test_site_new (folder, after, nginx->port);
  test_site_use_program (site, "true");
  assert_fails (site, CH_ERROR_NOT_SERVED, "stage swap act prove! restore act-again",
                "CN=before.example.test");
  test_site_assert (site, folder, before);
}

/* nginx refuses a key that does not fit, tells nobody but its log, and goes on with what it has. */
static void
test_key_does_not_fit (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestNginx) nginx = test_site_start (folder, before);

  if (nginx == NULL)
    return;

  g_autoptr(TestSite) site = test_site_new (folder, after, nginx->port);
  g_bytes_unref (site->files[1].content);
  site->files[1].content = g_bytes_new (before->key, strlen (before->key));
  assert_fails (site, CH_ERROR_NOT_SERVED, "stage swap act prove! restore act-again",
                "The old certificate is back");
  test_site_assert (site, folder, before);
}

static void
test_unreachable (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);
  ChEndpoint nobody = { "127.0.0.1", test_free_port (), NULL };

  g_array_append_val (site->plan.endpoints, nobody);
  assert_fails (site, CH_ERROR_UNREACHABLE, "stage swap act prove! restore act-again", "cannot be reached");
  g_array_set_size (site->plan.endpoints, 0);
  test_site_assert (site, folder, before);
}

/* ---- without one ---- */

static void
test_no_endpoint (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);
  g_autoptr(GError) error = NULL;

  site->plan.action = (ChAction) { CH_ACTION_NONE };
  test_site_install (site, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (site->notes->str, ==, "stage swap act prove settle");
  test_site_assert (site, folder, after);
}

static void
test_stage_fails (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);

  site->files[1].owner = "nobody-of-that-name";
  assert_fails (site, CH_ERROR_INVALID, "stage!", "nobody-of-that-name");
  test_site_assert (site, folder, before);

  site->files[1].owner = NULL;
  site->files[1].path = "/nonexistent/folder/k.pem";
  assert_fails (site, CH_ERROR_FILE, "stage!", "/nonexistent/folder");
  test_site_assert (site, folder, before);
}

static void
test_wrong_plans (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);

  site->files[1].path = site->files[0].path;
  assert_fails (site, CH_ERROR_INVALID, "", "c.pem");
  site->files[1].path = "k.pem";
  assert_fails (site, CH_ERROR_INVALID, "", "absolute");
  site->files[1].path = site->paths[1];
  site->plan.action = (ChAction) { CH_ACTION_PROGRAM, .program = "not-configured" };
  assert_fails (site, CH_ERROR_INVALID, "", "not-configured");
  g_ptr_array_set_size (site->plan.files, 0);
  assert_fails (site, CH_ERROR_INVALID, "", "no files");
  test_site_assert (site, folder, before);
}

static void
test_new_files_go (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);

  g_unlink (site->paths[0]);
  g_unlink (site->paths[1]);
  test_site_use_program (site, "false");
  assert_fails (site, CH_ERROR_ACTION_FAILED, "stage swap act! restore act-again!", "did not take it up");
  test_assert_names (folder, "");
}

static void
cancel_after_swap (const char *step,
                   gboolean    ok,
                   const char *text,
                   gpointer    data)
{
  if (g_str_equal (step, "swap"))
    g_cancellable_cancel (data);
}

/* Going back is not cancelled. */
static void
test_cancelled (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *witness = test_path (folder, "witness");
  g_autofree char *script = g_strdup_printf ("cmp %s %s && echo x >>%s", site->paths[0], site->paths[0],
                                             witness);
  g_autoptr(GError) error = NULL;

  test_site_use_program (site, script);
  g_assert_false (ch_install_run (&site->plan, cancel_after_swap, cancellable, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  test_site_assert (site, folder, before);
  test_assert_holds (folder, "witness", "x\n");
}

/* ---- what earlier runs have left ---- */

/* Died after the swap: what the next run goes back to is what was there before both. */
static void
test_goes_back_beyond_a_dead_run (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);

  test_write (folder, "c.pem.chancery-old", before->pem);
  test_write (folder, "k.pem.chancery-old", before->key);
  test_write (folder, "c.pem", "unproven");
  test_write (folder, "k.pem", "unproven");
  site->files[1].owner = "nobody-of-that-name";
  assert_fails (site, CH_ERROR_INVALID, "stage! restore act-again", "The old certificate is back");
  test_site_assert (site, folder, before);
}

/* Died while settling: its certificate was proven, and what is left of the one before it is no way back. */
static void
test_does_not_go_back_beyond_a_proven_run (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);

  test_write (folder, "k.pem.chancery-old", "ancient");
  test_site_use_program (site, "false");
  assert_fails (site, CH_ERROR_ACTION_FAILED, "settle stage swap act! restore act-again!", "status 1");
  test_site_assert (site, folder, before);
}

/* ---- going back fails ---- */

static const char *stubborn;

static gboolean
restore_not_all (const ChServerAccess  *access,
                 const char            *path,
                 GCancellable          *cancellable,
                 GError               **error)
{
  if (g_strcmp0 (path, stubborn) == 0)
    return ch_error_set (error, CH_ERROR_FILE, "“%s” is stubborn", path);

  return ch_target_find ("local", NULL)->restore (access, path, cancellable, error);
}

static void
test_cannot_go_back (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);
  ChTarget target = *site->plan.target;

  target.restore = restore_not_all;
  stubborn = site->paths[1];
  site->plan.target = &target;
  test_site_use_program (site, "false");
  assert_fails (site, CH_ERROR_ACTION_FAILED, "stage swap act! restore! act-again!", stubborn);
  test_assert_holds (folder, "c.pem.chancery-old", before->pem);
  test_assert_holds (folder, "k.pem.chancery-old", before->key);

  /* Once it works again, the next run that fails goes back to where all began. */
  stubborn = NULL;
  assert_fails (site, CH_ERROR_ACTION_FAILED, "stage swap act! restore act-again!", "status 1");
  test_site_assert (site, folder, before);
}

static gboolean
settle_nothing (const ChServerAccess  *access,
                const char            *path,
                GCancellable          *cancellable,
                GError               **error)
{
  return ch_error_set (error, CH_ERROR_FILE, "“%s” is stubborn", path);
}

static void
test_cannot_settle (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(TestSite) site = quiet_site (folder);
  ChTarget target = *site->plan.target;
  g_autoptr(GError) error = NULL;

  target.settle = settle_nothing;
  site->plan.target = &target;
  g_assert_true (test_site_install (site, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (site->notes->str, ==, "stage swap act prove settle!");
  test_assert_holds (folder, "c.pem", after->pem);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  before = test_cert_new ("before.example.test", GNUTLS_PK_ECDSA);
  after = test_cert_new ("after.example.test", GNUTLS_PK_ECDSA);

  g_test_add_func ("/deploy/install/happy", test_happy);
  g_test_add_func ("/deploy/install/action-fails", test_action_fails);
  g_test_add_func ("/deploy/install/wrong-one-is-served", test_wrong_one_is_served);
  g_test_add_func ("/deploy/install/old-is-still-served", test_old_is_still_served);
  g_test_add_func ("/deploy/install/key-does-not-fit", test_key_does_not_fit);
  g_test_add_func ("/deploy/install/unreachable", test_unreachable);
  g_test_add_func ("/deploy/install/no-endpoint", test_no_endpoint);
  g_test_add_func ("/deploy/install/stage-fails", test_stage_fails);
  g_test_add_func ("/deploy/install/wrong-plans", test_wrong_plans);
  g_test_add_func ("/deploy/install/new-files-go", test_new_files_go);
  g_test_add_func ("/deploy/install/cancelled", test_cancelled);
  g_test_add_func ("/deploy/install/goes-back-beyond-a-dead-run", test_goes_back_beyond_a_dead_run);
  g_test_add_func ("/deploy/install/does-not-go-back-beyond-a-proven-run",
                   test_does_not_go_back_beyond_a_proven_run);
  g_test_add_func ("/deploy/install/cannot-go-back", test_cannot_go_back);
  g_test_add_func ("/deploy/install/cannot-settle", test_cannot_settle);

  int result = g_test_run ();
  ch_target_set_programs (NULL);
  test_cert_free (before);
  test_cert_free (after);
  return result;
}
