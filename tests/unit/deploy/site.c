/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "site.h"

#include <string.h>

TestSite *
test_site_new (const char     *folder,
               const TestCert *cert,
               guint16         port)
{
  TestSite *site = g_new0 (TestSite, 1);
  const char *texts[] = { cert->pem, cert->key };

  site->paths[0] = test_path (folder, "c.pem");
  site->paths[1] = test_path (folder, "k.pem");
  site->pid_file = test_path (folder, "nginx.pid");
  site->notes = g_string_new (NULL);

  site->plan.target = ch_target_find ("local", NULL);
  site->plan.files = g_ptr_array_new ();
  for (int i = 0; i < 2; i++)
    {
      GBytes *content = g_bytes_new (texts[i], strlen (texts[i]));
      site->files[i] = (ChTargetFile) { site->paths[i], content, NULL, NULL, -1 };
      g_ptr_array_add (site->plan.files, &site->files[i]);
    }

  site->plan.action = (ChAction) { CH_ACTION_SIGNAL, .pid_file = site->pid_file, .signal = "HUP" };
  site->plan.endpoints = g_array_new (FALSE, FALSE, sizeof (ChEndpoint));
  site->plan.fingerprint = cert->fingerprint;
  site->endpoint = (ChEndpoint) { "127.0.0.1", port, "www.example.test" };
  if (port != 0)
    g_array_append_val (site->plan.endpoints, site->endpoint);

  return site;
}

void
test_site_free (TestSite *site)
{
  for (int i = 0; i < 2; i++)
    {
      g_bytes_unref (site->files[i].content);
      g_free (site->paths[i]);
    }
  g_free (site->pid_file);
  g_string_free (site->notes, TRUE);
  g_ptr_array_unref (site->plan.files);
  g_array_unref (site->plan.endpoints);
  g_free (site);
}

TestNginx *
test_site_start (const char     *folder,
                 const TestCert *cert)
{
  g_autofree char *lines = g_strdup_printf ("ssl_certificate %1$s/c.pem; ssl_certificate_key %1$s/k.pem;",
                                            folder);

  test_write (folder, "c.pem", cert->pem);
  test_write (folder, "k.pem", cert->key);
  return test_nginx_new (folder, lines);
}

void
test_site_use_program (TestSite   *site,
                       const char *script)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(GHashTable) programs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                          (GDestroyNotify) g_strfreev);

  g_hash_table_insert (programs, (char *) "program", g_strdupv ((char **) argv));
  ch_target_set_programs (programs);
  site->plan.action = (ChAction) { CH_ACTION_PROGRAM, .program = "program" };
}

static void
note (const char *step,
      gboolean    ok,
      const char *text,
      gpointer    data)
{
  TestSite *site = data;

  g_test_message ("%s: %s", step, text);
  g_assert_nonnull (text);
  g_string_append_printf (site->notes, "%s%s%s", site->notes->len > 0 ? " " : "", step, ok ? "" : "!");
}

gboolean
test_site_install (TestSite      *site,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_string_truncate (site->notes, 0);
  return ch_install_run (&site->plan, note, site, cancellable, error);
}

void
test_site_assert (TestSite       *site,
                  const char     *folder,
                  const TestCert *cert)
{
  static const char *const beside[] = { ".chancery-new", ".chancery-old", ".chancery-none" };
  g_autoptr(GError) error = NULL;

  test_assert_holds (folder, "c.pem", cert->pem);
  test_assert_holds (folder, "k.pem", cert->key);
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *path = g_strconcat (site->paths[i % 2], beside[i / 2], NULL);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }

  if (site->plan.endpoints->len > 0)
    ch_prove (&site->endpoint, &(ChExpected) { cert->fingerprint, NULL }, NULL, NULL, &error);
  g_assert_no_error (error);
}
