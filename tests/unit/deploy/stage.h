/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gnutls/x509.h>

/* What the tests of this folder are played on: a folder of their own, throw-away certificates, a real
 * nginx. */

/** test_folder_new: (transfer full): a new folder, removed by test_folder_free() with all that is in it. */
char *test_folder_new (void);
void test_folder_free (char *folder);
typedef char TestFolder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFolder, test_folder_free)

char *test_path (const char *folder, const char *name);
void test_write (const char *folder, const char *name, const char *text);
void test_assert_holds (const char *folder, const char *name, const char *text);

/** test_assert_names: that @folder holds exactly these, sorted, separated by blanks. */
void test_assert_names (const char *folder, const char *names);

/** TestCert: a certificate with its key. */
typedef struct
{
  char *pem;
  char *key;
  char *fingerprint;
} TestCert;

TestCert *test_cert_new (const char *name, gnutls_pk_algorithm_t algorithm);
/** test_cert_issue: likewise, of EC, by @issuer (%NULL: by itself) which must be a CA. */
TestCert *test_cert_issue (const char *name, const TestCert *issuer, gboolean is_ca);
void test_cert_free (TestCert *cert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestCert, test_cert_free)

guint16 test_free_port (void);

/**
 * TestNginx: a running nginx whose pid file is @folder/nginx.pid; %NULL after g_test_skip() when it is not
 * installed.
 */
typedef struct
{
  GSubprocess *process;
  guint16 port;
} TestNginx;

TestNginx *test_nginx_new (const char *folder, const char *tls_lines);
void test_nginx_free (TestNginx *nginx);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestNginx, test_nginx_free)
