/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/install.h"
#include "stage.h"

/* A plan that puts folder/c.pem and folder/k.pem in place and reloads an nginx whose pid file is
 * folder/nginx.pid. */
typedef struct
{
  ChTargetFile files[2];
  ChEndpoint endpoint;
  ChInstallPlan plan;
  char *paths[2];     /* (owned) */
  char *pid_file;     /* (owned) */
  GString *notes;     /* (owned): "stage swap act! …", with an exclamation mark for what failed */
} TestSite;

TestSite *test_site_new (const char *folder, const TestCert *cert, guint16 port);
void test_site_free (TestSite *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestSite, test_site_free)

/** test_site_start: an nginx that serves @cert from @folder. */
TestNginx *test_site_start (const char *folder, const TestCert *cert);

/**
 * test_site_use_program: acts by running a program from now on; ch_target_set_programs() with %NULL ends
 * it.
 */
void test_site_use_program (TestSite *site, const char *script);

gboolean test_site_install (TestSite *site, GCancellable *cancellable, GError **error);

/**
 * test_site_assert: that the files are those of @cert with nothing beside them, and that @cert is what is
 * served.
 */
void test_site_assert (TestSite *site, const char *folder, const TestCert *cert);
