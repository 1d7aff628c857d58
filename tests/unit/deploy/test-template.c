/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/template.h"

#include "deploy/actions.h"
#include "lib/error.h"
#include "stage.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define WHOLE "[template]\ntitle=A service\n[file all]\nformat=pkcs12\nalias=a\npath=/etc/a/%n.p12\nowner=root\ngroup=a\nmode=0640\n" \
              "[test]\nargv=/bin/a;-t;two words\n[reload]\nargv=/bin/a;reload\n[check]\nport=25\nstarttls=smtp\npatience=90\n"

static const struct { const char *text, *says; } broken[] = {
  { "", "nothing to install" },
  { "[template]\ntitle=x\n", "nothing to install" },
  { "[file soul]\npath=/etc/a\n", "soul" },
  { "[file key]\nmode=0600\n", "path" },
  { "[file key]\npath=etc/a\n", "etc/a" },
  { "[file key]\npath=/etc/../a\n", ".." },
  { "[file key]\npath=/etc/a\ncolor=red\n", "color" },
  { "[file key]\npath=/etc/a\nformat=pkcs12\n", "pkcs12" },
  { "[file key]\npath=/etc/a\n[test]\nargv=nginx;-t\n", "argv=/path" },
  { "[file key]\npath=/etc/a\n[test]\nunit=nginx\n", "unit" },
  { "[file key]\npath=/etc/a\n[check]\nport=0\n", "port" },
  { "[file key]\npath=/etc/a\n[check]\nport=25\nstarttls=gopher\n", "gopher" },
  { "[file key]\npath=/etc/a\n[check]\nport=25\npatience=601\n", "patience" },
  { "[file key]\npath=/etc/a\n[hook]\n", "[hook]" },
  { "no key file", "x.conf" },
};

static void
test_shipped (void)
{
  ch_target_set_template_folders (TEMPLATES, NULL);

  g_auto(GStrv) names = ch_template_names ();
  g_autofree char *list = g_strjoinv (" ", names);
  g_assert_cmpstr (list, ==, "apache cockpit dovecot generic haproxy nginx postfix postgresql tomcat");

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChTemplate) template = ch_template_find (names[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (template->files->len, >, 0);
      g_assert_cmpuint (template->port, >, 0);
    }
}

static void
test_values (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(GError) error = NULL;

  test_write (folder, "x.conf", WHOLE);
  ch_target_set_template_folders (folder, NULL);

  g_autoptr(ChTemplate) template = ch_template_find ("x", &error);
  g_assert_no_error (error);
  const ChTemplateFile *file = g_ptr_array_index (template->files, 0);
  g_assert_cmpstr (template->title, ==, "A service");
  g_assert_cmpstr (file->part, ==, "all");
  g_assert_cmpstr (file->format, ==, "pkcs12");
  g_assert_cmpstr (file->mode, ==, "0640");
  g_assert_cmpstr (template->start_tls, ==, "smtp");
  g_assert_cmpuint (template->port, ==, 25);
  g_assert_cmpuint (template->patience, ==, 90);

  g_auto(GStrv) test = ch_programs_find ("template:x/test", &error);
  g_auto(GStrv) reload = ch_programs_find ("template:x/reload", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (test[2], ==, "two words");
  g_assert_cmpstr (reload[1], ==, "reload");

  static const char *const none[] = { "template:x", "template:x/rm", "template:x/test/", "template:y/test", "template:../x/test" };
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr(GError) refused = NULL;

      g_assert_null (ch_programs_find (none[i], &refused));
      g_assert_error (refused, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_paths (void)
{
  static const struct { const char *name, *path; } cases[] = {
    { "www.example.com", "/etc/www.example.com.pem" },
    { "*.example.com", "/etc/wildcard.example.com.pem" },
    { "../../shadow", "/etc/.._.._shadow.pem" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = ch_template_path ("/etc/%n.pem", cases[i].name);

      g_assert_cmpstr (path, ==, cases[i].path);
    }
}

static void
test_broken (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "x.conf");

  ch_target_set_template_folders (folder, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("case %zu", i);
      g_remove (path);
      test_write (folder, "x.conf", broken[i].text);
      g_autoptr(ChTemplate) template = ch_template_find ("x", &error);
      g_assert_null (template);
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, broken[i].says));
      g_assert_nonnull (strstr (error->message, "x.conf"));
    }
}

/* The administrator's comes first; one that others could write is refused, and ours is not taken in its place. */
static void
test_administrators (void)
{
  g_autoptr(TestFolder) ours = test_folder_new (), theirs = test_folder_new ();
  g_autofree char *path = test_path (theirs, "x.conf");
  g_autoptr(GError) error = NULL;

  test_write (ours, "x.conf", WHOLE);
  test_write (theirs, "x.conf", "[template]\ntitle=Mine\n[file key]\npath=/etc/k\n");
  test_write (theirs, "y.conf", "[file key]\npath=/etc/y\n");
  g_chmod (theirs, 0755);
  g_chmod (path, 0644);
  ch_target_set_template_folders (ours, theirs);

  g_auto(GStrv) names = ch_template_names ();
  g_autofree char *list = g_strjoinv (" ", names);
  g_autoptr(ChTemplate) template = ch_template_find ("x", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (list, ==, "x y");
  g_assert_cmpstr (template->title, ==, "Mine");

  static const struct { gboolean folder; int mode; } modes[] = { { FALSE, 0664 }, { FALSE, 0646 }, { TRUE, 0777 } };
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr(GError) refused = NULL;

      g_chmod (modes[i].folder ? theirs : path, modes[i].mode);
      g_assert_null (ch_template_find ("x", &refused));
      g_assert_error (refused, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (refused->message, "trusted"));
      g_chmod (path, 0644);
      g_chmod (theirs, 0755);
    }
}

/* ---- where the daemon is a unit of systemd ---- */

#define FAKE "#!/bin/sh\n" \
             "while [ \"$1\" != -- ]; do printf '%s ' \"$1\"; shift; done\n" \
             "shift\n" \
             "exec \"$@\"\n"

static gboolean
can_mount (void)
{
  int status = 1;

  return geteuid () == 0
         && g_spawn_command_line_sync ("unshare --mount --propagation private mount -t tmpfs tmpfs /run", NULL, NULL, &status, NULL)
         && status == 0;
}

/* A machine where systemd runs, as far as this process and its children can see: /run is empty but for its mark, and
 * @program stands in systemd-run's place. */
static void
enter_systemd (const char *program)
{
  g_assert_cmpint (unshare (CLONE_NEWNS), ==, 0);
  g_assert_cmpint (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
  g_assert_cmpint (mount (program, "/usr/bin/systemd-run", NULL, MS_BIND, NULL), ==, 0);
  g_assert_cmpint (mount ("tmpfs", "/run", "tmpfs", 0, "mode=755"), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents ("/run/systemd/system", 0755), ==, 0);
}

static char *
run_template (const char *which,
              GError    **error)
{
  g_autofree char *program = g_strconcat (CH_TEMPLATE_PROGRAM "x/", which, NULL);
  ChAction action = { .kind = CH_ACTION_PROGRAM, .program = program };

  return ch_act (NULL, &action, NULL, error);
}

/* Its words come through as they are, its output and its end come back, and only a unit does that. */
static void
play_systemd (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *fake = test_path (folder, "systemd-run");
  g_autoptr(GError) error = NULL;

  test_write (folder, "systemd-run", FAKE);
  g_assert_cmpint (g_chmod (fake, 0755), ==, 0);
  test_write (folder, "x.conf", "[file key]\npath=/etc/a\n[test]\nargv=/bin/sh;-c;echo \"<$1>\";sh;two $words\n"
                                "[reload]\nargv=/bin/sh;-c;echo refused >&2\\; exit 3\n");
  ch_target_set_template_folders (folder, NULL);
  enter_systemd (fake);

  g_unsetenv ("INVOCATION_ID");
  g_autofree char *inside = run_template ("test", &error);
  g_assert_no_error (error);
  g_assert_null (strstr (inside, "--wait"));
  g_assert_nonnull (strstr (inside, "<two $words>"));

  g_setenv ("INVOCATION_ID", "1234", TRUE);
  g_autofree char *outside = run_template ("test", &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (outside, "--quiet --wait --pipe --collect --property=RuntimeMaxSec=60 <two $words>"));

  g_assert_null (run_template ("reload", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACTION_FAILED);
  g_assert_nonnull (strstr (error->message, "status 3"));
  g_assert_nonnull (strstr (error->message, "refused"));
}

static void
test_outside (void)
{
  if (g_test_subprocess ())
    {
      play_systemd ();
      return;
    }
  if (!can_mount () || !g_file_test ("/usr/bin/systemd-run", G_FILE_TEST_IS_EXECUTABLE))
    {
      g_test_skip ("systemd-run is not installed, or no mounts of one's own are allowed here");
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deploy/template/shipped", test_shipped);
  g_test_add_func ("/deploy/template/values", test_values);
  g_test_add_func ("/deploy/template/paths", test_paths);
  g_test_add_func ("/deploy/template/broken", test_broken);
  g_test_add_func ("/deploy/template/administrators", test_administrators);
  g_test_add_func ("/deploy/template/outside", test_outside);

  int status = g_test_run ();
  ch_target_set_template_folders (NULL, NULL);
  return status;
}
