/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"

#include <gio/gio.h>

/** TestSshd: a real sshd of Debian on the loopback, with keys of its own, and how to get there. */
typedef struct
{
  char *folder;         /* everything is in there; test_folder_free()d with it */
  GSubprocess *process;
  guint16 port;
  char *host_key;       /* "ssh-ed25519 AAAA…" */
  char *log;            /* path */
  GHashTable *settings, *secrets;
  ChServerAccess access;
} TestSshd;

/**
 * test_sshd_new:
 * @host_key_type: for ssh-keygen
 * @lines: (nullable): more of sshd_config(5)
 * @before: (nullable): shell commands that run before it, as root, in a mount namespace that it is alone with; “$F” is
 *   its folder
 *
 * Returns: (nullable): it, ready; %NULL after g_test_skip() when sshd is not installed, or @before needs root
 */
TestSshd *test_sshd_new (const char *host_key_type, const char *lines, const char *before);
void test_sshd_stop (TestSshd *sshd);
void test_sshd_free (TestSshd *sshd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestSshd, test_sshd_free)

void test_sshd_set (TestSshd *sshd, const char *name, const char *value);
void test_sshd_set_secret (TestSshd *sshd, const char *name, const char *value);

/** test_sshd_count: how often its log says @text. */
guint test_sshd_count (TestSshd *sshd, const char *text);

/** test_sshd_keygen: a new key pair at @folder/@name; returns its public line without the comment. */
char *test_sshd_keygen (const char *folder, const char *name, const char *type, const char *passphrase);

/** TestProxy: hands everything on to a port of the loopback, and dies after a number of bytes. */
typedef struct _TestProxy TestProxy;
TestProxy *test_proxy_new (guint16 to, gsize n_bytes);
guint16 test_proxy_port (TestProxy *proxy);
void test_proxy_free (TestProxy *proxy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestProxy, test_proxy_free)
