/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "deploy/ssh-private.h"
#include "lib/sudoers.h"

#include <string.h>

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

/* A list of known hosts, a pinned key, /etc/passwd of a server, and words of a command: what comes out of quoting them is read
 * by GLib's idea of a POSIX shell as the same words. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto(GStrv) words = g_strsplit (text, "\n", 64);
  g_auto(GStrv) back = NULL;
  g_autoptr(GError) error = NULL;
  ssh_key key = NULL;
  guint id = 0;

  g_assert_cmpint (ssh_pki_import_pubkey_base64 (KEY, SSH_KEYTYPE_ED25519, &key), ==, SSH_OK);
  (void) ch_ssh_is_known (text, "www.example.test", 22, key);
  (void) ch_ssh_is_known (text, "192.0.2.1", 2222, key);
  ssh_key_free (key);

  g_assert_true (ch_ssh_key_check_pinned (text, &error) == (error == NULL));
  (void) ch_ssh_parse_id (text, "root", &id);

  if (words[0] == NULL)
    return 0;
  g_autofree char *line = ch_ssh_quote ((const char *const *) words);
  g_autofree char *sudoers = ch_sudoers_line ("deploy", (const char *const *) words);
  g_assert_true (g_shell_parse_argv (line, NULL, &back, NULL));
  g_assert_true (g_strv_equal ((const char *const *) words, (const char *const *) back));
  return 0;
}
