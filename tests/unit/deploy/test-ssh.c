/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"
#include "lib/sudoers.h"
#include "sshd.h"
#include "stage.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const ChTarget *target;

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
put (TestSshd   *sshd,
     const char *name,
     const char *text,
     int         mode)
{
  g_autofree char *path = test_path (sshd->folder, name);
  g_autoptr(GBytes) content = bytes_of (text);
  ChTargetFile file = { .path = path, .content = content, .mode = mode, .secret = mode < 0 };
  g_autoptr(GError) error = NULL;

  g_assert_true (target->stage (&sshd->access, &file, NULL, &error));
  g_assert_no_error (error);
}

typedef gboolean (*Step) (const ChServerAccess *access, const char *path, GCancellable *cancellable, GError **error);

static void
step (TestSshd   *sshd,
      Step        function,
      const char *name)
{
  g_autofree char *path = test_path (sshd->folder, name);
  g_autoptr(GError) error = NULL;

  g_assert_true (function (&sshd->access, path, NULL, &error));
  g_assert_no_error (error);
}

static gboolean
is_pending (TestSshd   *sshd,
            const char *name)
{
  g_autofree char *path = test_path (sshd->folder, name);
  g_autoptr(GError) error = NULL;
  gboolean pending = FALSE;

  g_assert_true (target->pending (&sshd->access, path, &pending, NULL, &error));
  g_assert_no_error (error);
  return pending;
}

static guint
mode_of (TestSshd   *sshd,
         const char *name)
{
  g_autofree char *path = test_path (sshd->folder, name);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static gboolean
is_there (TestSshd   *sshd,
          const char *name)
{
  g_autofree char *path = test_path (sshd->folder, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* That connecting fails like this; the message is handed back. */
static char *
refused (TestSshd *sshd,
         ChError   code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_assert_false (target->probe (&sshd->access, lines, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  return g_strdup (error->message);
}

static void
works (TestSshd *sshd)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (target->probe (&sshd->access, lines, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, >=, 4);
}

/* ---- files ---- */

static void
test_files (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL)
    return;

  test_write (sshd->folder, "a", "old");
  put (sshd, "a", "new", -1);
  test_assert_holds (sshd->folder, "a", "old");
  test_assert_holds (sshd->folder, "a.chancery-new", "new");
  g_assert_cmpuint (mode_of (sshd, "a.chancery-new"), ==, 0640);
  g_assert_false (is_pending (sshd, "a"));

  step (sshd, target->swap, "a");
  test_assert_holds (sshd->folder, "a", "new");
  test_assert_holds (sshd->folder, "a.chancery-old", "old");
  g_assert_true (is_pending (sshd, "a"));
  step (sshd, target->swap, "a");

  step (sshd, target->restore, "a");
  test_assert_holds (sshd->folder, "a", "old");
  g_assert_false (is_pending (sshd, "a"));
  g_assert_false (is_there (sshd, "a.chancery-new"));

  put (sshd, "a", "newer", 0604);
  step (sshd, target->swap, "a");
  step (sshd, target->settle, "a");
  test_assert_holds (sshd->folder, "a", "newer");
  g_assert_cmpuint (mode_of (sshd, "a"), ==, 0604);
  g_assert_false (is_there (sshd, "a.chancery-old"));
}

static void
test_new_file (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autofree char *big = g_strnfill (200000, 'x');

  if (sshd == NULL)
    return;

  put (sshd, "b", big, -1);
  g_assert_cmpuint (mode_of (sshd, "b.chancery-new"), ==, 0600);
  step (sshd, target->swap, "b");
  g_assert_true (is_there (sshd, "b.chancery-none"));
  test_assert_holds (sshd->folder, "b", big);
  step (sshd, target->restore, "b");
  g_assert_false (is_there (sshd, "b"));
  g_assert_false (is_there (sshd, "b.chancery-none"));
}

/* A run that died after the old file got its second name: going back must not lose it. */
static void
test_half_kept (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL)
    return;

  g_autofree char *path = test_path (sshd->folder, "c"), *old = test_path (sshd->folder, "c.chancery-old");
  test_write (sshd->folder, "c", "old");
  g_assert_cmpint (link (path, old), ==, 0);
  step (sshd, target->restore, "c");
  test_assert_holds (sshd->folder, "c", "old");
  g_assert_false (is_there (sshd, "c.chancery-old"));
}

static void
refuses_file (TestSshd   *sshd,
              const char *name,
              ChError     code)
{
  g_autofree char *path = test_path (sshd->folder, name);
  g_autoptr(GBytes) content = bytes_of ("x");
  ChTargetFile file = { .path = path, .content = content, .mode = 0600 };
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", name);
  g_assert_false (target->stage (&sshd->access, &file, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
}

static void
test_refused_files (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL)
    return;

  g_autofree char *link_path = test_path (sshd->folder, "link"), *folder = test_path (sshd->folder, "folder");
  g_autofree char *folder_link = test_path (sshd->folder, "folder-link");
  test_write (sshd->folder, "real", "real");
  g_assert_cmpint (symlink ("real", link_path), ==, 0);
  g_assert_cmpint (mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("folder", folder_link), ==, 0);

  refuses_file (sshd, "link", CH_ERROR_FILE);
  refuses_file (sshd, "folder", CH_ERROR_FILE);
  refuses_file (sshd, "folder-link/x", CH_ERROR_FILE);
  refuses_file (sshd, "missing/x", CH_ERROR_FILE);
  refuses_file (sshd, "real/x", CH_ERROR_FILE);
  test_assert_holds (sshd->folder, "real", "real");
  g_assert_false (is_there (sshd, "link.chancery-new"));
}

static void
test_owners (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autoptr(GBytes) content = bytes_of ("x");
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;
  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  g_autofree char *path = test_path (sshd->folder, "owned"), *fresh = test_path (sshd->folder, "owned.chancery-new");
  ChTargetFile file = { .path = path, .content = content, .mode = 0640, .owner = "daemon", .group = "12345" };
  struct stat info;

  g_assert_true (target->stage (&sshd->access, &file, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (fresh, &info), ==, 0);
  g_assert_cmpuint (info.st_uid, ==, 1);
  g_assert_cmpuint (info.st_gid, ==, 12345);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0640);

  file.owner = "no-such-user";
  g_assert_false (target->stage (&sshd->access, &file, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_false (is_there (sshd, "owned.chancery-new"));
}

/* ---- trouble on the target ---- */

static char *
stage_fails (TestSshd   *sshd,
             const char *name,
             gsize       size,
             ChError     code)
{
  g_autofree char *path = test_path (sshd->folder, name);
  g_autofree char *text = g_strnfill (size, 'k');
  g_autoptr(GBytes) content = bytes_of (text);
  ChTargetFile file = { .path = path, .content = content, .mode = 0600 };
  g_autoptr(GError) error = NULL;

  g_assert_false (target->stage (&sshd->access, &file, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  return g_strdup (error->message);
}

/* What a server may say in place of SFTP (draft-ietf-secsh-filexfer-02), as a shell prints it. */
static const struct
{
  const char *path;
  const char *program;
} hostile[] = {
  { "gone", "exit 0" },
  { "noise", "printf 'Welcome to this machine! Have a lot of fun.\\r\\n'" },
  { "huge-packet", "printf '\\377\\377\\377\\377\\002'" },
  { "empty-packet", "printf '\\0\\0\\0\\0'" },
  { "cut-version", "printf '\\0\\0\\0\\5\\2\\0'" },
  { "another-kind", "printf '\\0\\0\\0\\5\\150\\0\\0\\0\\3'" },
  { "nonsense-later", "printf '\\0\\0\\0\\5\\2\\0\\0\\0\\3\\0\\0\\0\\1\\377'" },
  { "cut-later", "printf '\\0\\0\\0\\5\\2\\0\\0\\0\\3\\0\\0\\1\\0\\145'" },
};

/* Each ends in an error that names the server, and nothing is put there. */
static void
test_hostile (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *script = test_path (folder, "sftp");
  g_autofree char *lines = g_strdup_printf ("Subsystem sftp sh %s", script);

  test_write (folder, "sftp", hostile[i].program);
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", lines, NULL);

  if (sshd == NULL)
    return;

  g_autofree char *path = test_path (sshd->folder, "key");
  g_autoptr(GBytes) content = bytes_of ("content");
  ChTargetFile file = { .path = path, .content = content, .mode = 0600 };
  g_autoptr(GError) error = NULL;

  g_assert_false (target->stage (&sshd->access, &file, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_cmpint (error->domain, ==, CH_ERROR);
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_full (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, "mkdir $F/disk; mount -t tmpfs -o size=64k tmpfs $F/disk");

  if (sshd == NULL)
    return;

  g_autofree char *message = stage_fails (sshd, "disk/key", 200000, CH_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (message, "disk/key"));
  put (sshd, "disk/key", "small", -1);
  step (sshd, target->swap, "disk/key");
  g_autofree char *again = stage_fails (sshd, "disk/key", 200000, CH_ERROR_NO_SPACE);
  step (sshd, target->restore, "disk/key");
}

static void
test_read_only (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, "mkdir $F/disk; mount -t tmpfs -o ro tmpfs $F/disk");

  if (sshd == NULL)
    return;

  g_autofree char *message = stage_fails (sshd, "disk/key", 10, CH_ERROR_FILE);
  g_assert_nonnull (strstr (message, "read-only"));
}

static void
test_cut (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL)
    return;

  g_autoptr(TestProxy) proxy = test_proxy_new (sshd->port, 100 * 1000);
  g_autofree char *through = g_strdup_printf ("%u", test_proxy_port (proxy));
  g_autofree char *directly = g_strdup_printf ("%u", sshd->port);

  test_write (sshd->folder, "key", "old");
  test_sshd_set (sshd, "port", through);
  g_autofree char *message = stage_fails (sshd, "key", 500000, CH_ERROR_TRANSIENT);
  g_assert_nonnull (strstr (message, "cut"));
  test_assert_holds (sshd->folder, "key", "old");
  g_assert_true (is_there (sshd, "key.chancery-new"));

  test_sshd_set (sshd, "port", directly);
  step (sshd, target->restore, "key");
  test_assert_holds (sshd->folder, "key", "old");
  g_assert_false (is_there (sshd, "key.chancery-new"));
}

/* ---- connecting ---- */

static void
test_host_keys (void)
{
  static const char *const types[] = { "ed25519", "ecdsa", "rsa" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(TestSshd) sshd = test_sshd_new (types[i], NULL, NULL);
      g_autoptr(GError) error = NULL;

      if (sshd == NULL)
        return;

      g_test_message ("%s", types[i]);
      g_assert_true (ch_ssh_key_check_pinned (sshd->host_key, &error));
      g_assert_no_error (error);
      works (sshd);

      g_auto(GStrv) words = g_strsplit (sshd->host_key, " ", 2);
      ssh_key key = NULL;
      g_assert_cmpint (ssh_pki_import_pubkey_base64 (words[1], ssh_key_type_from_name (words[0]), &key), ==, SSH_OK);
      g_autofree char *fingerprint = ch_ssh_key_fingerprint (key);
      ssh_key_free (key);
      g_assert_true (ch_ssh_key_check_pinned (fingerprint, &error));
      test_sshd_set (sshd, "host-key", fingerprint);
      works (sshd);
      ch_ssh_forget (&sshd->access);
    }
}

static void
test_changed_host_key (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL)
    return;

  g_autofree char *other = test_sshd_keygen (sshd->folder, "other", "ed25519", "");
  test_sshd_set (sshd, "host-key", other);
  g_autofree char *message = refused (sshd, CH_ERROR_TLS);
  g_assert_nonnull (strstr (strstr (message, "SHA256:") + 1, "SHA256:"));
  g_assert_cmpuint (test_sshd_count (sshd, "Accepted"), ==, 0);

  test_sshd_set (sshd, "host-key", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  g_autofree char *again = refused (sshd, CH_ERROR_TLS);

  /* One of another type is no key of that server either. */
  g_autofree char *rsa = test_sshd_keygen (sshd->folder, "rsa", "rsa", "");
  test_sshd_set (sshd, "host-key", rsa);
  g_autofree char *third = refused (sshd, CH_ERROR_BAD_ANSWER);
  g_assert_cmpuint (test_sshd_count (sshd, "Accepted"), ==, 0);
}

/* With the name as it is, hashed, and for another port. */
static void
test_scan (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ecdsa", NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  g_autofree char *hosts = test_path (sshd->folder, "hosts");
  g_autofree char *line = g_strdup_printf ("# mine\n[127.0.0.1]:%u %s\n", sshd->port, sshd->host_key);
  g_autofree char *other = g_strdup_printf ("127.0.0.1 %s\n[127.0.0.1]:%u ssh-ed25519 !!\n", sshd->host_key, sshd->port);
  g_autofree char *revoked = g_strdup_printf ("%s@revoked * %s\n", line, sshd->host_key);
  g_autofree char *authority = g_strdup_printf ("@cert-authority * %s\n", sshd->host_key);
  g_autofree char *hashed = NULL;
  test_write (sshd->folder, "hosts", line);
  g_autoptr(GSubprocess) keygen = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL,
                                                    "ssh-keygen", "-H", "-f", hosts, NULL);
  g_assert_true (g_subprocess_wait_check (keygen, NULL, NULL));
  g_assert_true (g_file_get_contents (hosts, &hashed, NULL, NULL));
  g_assert_nonnull (strstr (hashed, "|1|"));

  const struct { const char *known; gboolean is; } rows[] = {
    { NULL, FALSE }, { "", FALSE }, { line, TRUE }, { hashed, TRUE }, { other, FALSE }, { revoked, FALSE }, { authority, FALSE },
    { "\n\n|1|x|y ssh-rsa\n* \n", FALSE },
  };
  g_hash_table_remove (sshd->settings, "host-key");
  g_hash_table_remove (sshd->settings, "user");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].known);
      g_autoptr(GPtrArray) keys = target->scan (&sshd->access, rows[i].known, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (keys->len, ==, 1);

      const ChScanned *key = keys->pdata[0];
      g_assert_cmpstr (key->type, ==, "ecdsa-sha2-nistp256");
      g_assert_cmpstr (key->value, ==, sshd->host_key);
      g_assert_true (g_str_has_prefix (key->fingerprint, "SHA256:"));
      g_assert_true (key->known == rows[i].is);
    }

  test_sshd_stop (sshd);
  g_assert_null (target->scan (&sshd->access, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
}

static void
use_key (TestSshd   *sshd,
         const char *name,
         const char *passphrase)
{
  g_autofree char *path = test_path (sshd->folder, name);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  test_sshd_set_secret (sshd, "private-key", text);
  test_sshd_set_secret (sshd, "passphrase", passphrase);
}

static void
test_login_keys (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  static const struct { const char *type, *passphrase; } keys[] = {
    { "ed25519", "" }, { "ed25519", "pass phrase" }, { "ecdsa", "x" }, { "rsa", "" }, { "rsa", "secret" },
  };

  if (sshd == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *name = g_strdup_printf ("key-%zu", i);
      g_autofree char *line = test_sshd_keygen (sshd->folder, name, keys[i].type, keys[i].passphrase);

      g_test_message ("%s %s", keys[i].type, keys[i].passphrase);
      use_key (sshd, name, keys[i].passphrase);
      g_autofree char *message = refused (sshd, CH_ERROR_CREDENTIALS);
      g_assert_nonnull (strstr (message, line));

      test_write (sshd->folder, "authorized_keys", line);
      works (sshd);
    }

  use_key (sshd, "key-4", "wrong");
  g_autofree char *message = refused (sshd, CH_ERROR_INVALID);
  g_assert_null (strstr (message, "wrong"));
  use_key (sshd, "key-4", "");
  g_autofree char *again = refused (sshd, CH_ERROR_INVALID);
}

static void
test_generated (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  g_hash_table_remove_all (sshd->secrets);
  test_sshd_set (sshd, "auth", "generated");
  g_assert_true (target->prepare (sshd->settings, sshd->secrets, &error));
  g_assert_no_error (error);
  const char *line = g_hash_table_lookup (sshd->settings, "public-key");
  g_assert_true (g_str_has_prefix (line, "ssh-ed25519 AAAA"));
  g_assert_nonnull (strstr (g_hash_table_lookup (sshd->secrets, "private-key"), "PRIVATE KEY"));

  test_write (sshd->folder, "authorized_keys", line);
  works (sshd);

  /* An edit of something else leaves the key alone; one that takes the public half away makes a new one. */
  g_autofree char *before = g_strdup (line);
  g_autoptr(GHashTable) none = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_assert_true (target->prepare (sshd->settings, none, &error));
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
  g_hash_table_remove (sshd->settings, "public-key");
  g_assert_true (target->prepare (sshd->settings, none, &error));
  g_assert_cmpstr (g_hash_table_lookup (sshd->settings, "public-key"), !=, before);
  g_assert_true (g_hash_table_contains (none, "private-key"));
}

/* Whoever gives a password or a key means it, also without saying so; what is said counts more. */
static void
test_meant (void)
{
  static const struct { const char *said, *secret, *public_key, *auth; } cases[] = {
    { NULL, "password", NULL, "password" },
    { "generated", "password", NULL, "generated" },
    { NULL, "password", "ssh-ed25519 AAAA", NULL },
    { NULL, NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr(GHashTable) secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr(GError) error = NULL;

      if (cases[i].said != NULL)
        g_hash_table_insert (settings, g_strdup ("auth"), g_strdup (cases[i].said));
      if (cases[i].public_key != NULL)
        g_hash_table_insert (settings, g_strdup ("public-key"), g_strdup (cases[i].public_key));
      if (cases[i].secret != NULL)
        g_hash_table_insert (secrets, g_strdup (cases[i].secret), g_strdup ("open sesame"));
      g_assert_true (target->prepare (settings, secrets, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (g_hash_table_lookup (settings, "auth"), ==, cases[i].auth);
      if (g_strcmp0 (cases[i].auth, "password") == 0)
        g_assert_false (g_hash_table_contains (secrets, "private-key"));
    }
}

/* A user with a password, known only inside the sshd's own namespace. */
#define VISITOR \
  "cp /etc/passwd $F/passwd; echo \"visitor:x:45678:45678::$F:/bin/sh\" >> $F/passwd; cp /etc/shadow $F/shadow;" \
  "echo \"visitor:$(openssl passwd -6 'right one'):19000:0:99999:7:::\" >> $F/shadow; chmod 755 $F;" \
  "mount --bind $F/passwd /etc/passwd; mount --bind $F/shadow /etc/shadow"

static const struct
{
  const char *path;
  const char *lines;
  const char *before;
} password_ways[] = {
  { "password", "PasswordAuthentication yes\nKbdInteractiveAuthentication no", VISITOR },
  { "asked", "UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes",
    VISITOR "; printf 'auth required pam_unix.so\\naccount required pam_permit.so\\nsession required pam_permit.so\\n' > $F/pam;"
    "mount --bind $F/pam /etc/pam.d/sshd" },
};

/* Sent as a password, or as the answer to what PAM asks (RFC 4256). */
static void
test_password (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", password_ways[i].lines, password_ways[i].before);

  if (sshd == NULL)
    return;

  test_sshd_set (sshd, "user", "visitor");
  test_sshd_set (sshd, "auth", "password");
  test_sshd_set_secret (sshd, "password", "wrong one");
  g_autofree char *message = refused (sshd, CH_ERROR_CREDENTIALS);
  g_assert_null (strstr (message, "wrong one"));

  test_sshd_set_secret (sshd, "password", "right one");
  works (sshd);

  /* Not root: what it may not write, it is told. */
  g_autofree char *denied = stage_fails (sshd, "denied", 10, CH_ERROR_FILE);
  g_assert_nonnull (strstr (denied, "may not change"));
}

static void
test_unreachable (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL)
    return;

  test_sshd_stop (sshd);
  g_autofree char *message = refused (sshd, CH_ERROR_UNREACHABLE);
}

static void
test_jump (void)
{
  g_autoptr(TestSshd) gate = test_sshd_new ("ecdsa", NULL, NULL);
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);

  if (sshd == NULL || gate == NULL)
    return;

  sshd->access.via = &gate->access;
  works (sshd);
  g_assert_cmpuint (test_sshd_count (gate, "Accepted publickey"), ==, 1);
  g_autofree char *big = g_strnfill (300000, 'y');
  put (sshd, "through", big, 0600);
  step (sshd, target->swap, "through");
  test_assert_holds (sshd->folder, "through", big);
  g_assert_cmpuint (test_sshd_count (gate, "Accepted publickey"), ==, 1);
  ch_ssh_forget (&sshd->access);

  /* Where the gate does not lead there. */
  g_autoptr(TestSshd) shut = test_sshd_new ("ed25519", "AllowTcpForwarding no", NULL);
  sshd->access.via = &shut->access;
  g_autofree char *message = refused (sshd, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (message, "forwarding"));

  /* A gate whose key has changed is told as such. */
  test_sshd_set (gate, "host-key", sshd->host_key);
  sshd->access.via = &gate->access;
  g_autofree char *changed = refused (sshd, CH_ERROR_BAD_ANSWER);
}

/* ---- the pool ---- */

static void
test_pool (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  for (guint i = 0; i < 5; i++)
    put (sshd, "a", "text", 0600);
  g_assert_cmpuint (test_sshd_count (sshd, "Accepted publickey"), ==, 1);

  ChSsh *one = ch_ssh_take (&sshd->access, NULL, &error);
  ChSsh *two = ch_ssh_take (&sshd->access, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (one != two);
  ch_ssh_give_back (one);
  ch_ssh_give_back (two);
  g_assert_cmpuint (test_sshd_count (sshd, "Accepted publickey"), ==, 2);

  /* Other secrets: another connection, which here does not come about. */
  g_autofree char *kept = g_strdup (g_hash_table_lookup (sshd->secrets, "private-key"));
  g_autofree char *line = test_sshd_keygen (sshd->folder, "foreign", "ed25519", "");
  use_key (sshd, "foreign", "");
  g_assert_null (ch_ssh_take (&sshd->access, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CREDENTIALS);
  g_clear_error (&error);
  test_sshd_set_secret (sshd, "private-key", kept);
  g_hash_table_remove (sshd->secrets, "passphrase");
  ch_ssh_forget (&sshd->access);

  /* Ones that are not kept. */
  ch_ssh_pool_set_patience (0);
  put (sshd, "a", "text", 0600);
  put (sshd, "a", "text", 0600);
  g_assert_cmpuint (test_sshd_count (sshd, "Accepted publickey"), ==, 4);
  ch_ssh_pool_set_patience (60 * 1000);
}

/* ---- commands ---- */

static void
run_shell (ChSsh        *ssh,
           const char   *script,
           ChSshOutcome *outcome)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_ssh_run (ssh, argv, 20, outcome, &error));
  g_assert_no_error (error);
}

static void
test_commands (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  static const struct { const char *script; int status; const char *output; } rows[] = {
    { "echo out; exit 0", 0, "out" },
    { "echo err >&2; exit 3", 3, "err" },
    { "exit 255", 255, "" },
    { "printf 'a\\377b'", 0, "a\357\277\275b" },
    { "sleep 600 & echo started", 0, "started" },
  };
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  g_autoptr(ChSsh) ssh = ch_ssh_take (&sshd->access, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto(ChSshOutcome) outcome = { 0 };

      g_test_message ("%s", rows[i].script);
      run_shell (ssh, rows[i].script, &outcome);
      g_assert_cmpint (outcome.status, ==, rows[i].status);
      g_assert_cmpstr (outcome.output, ==, rows[i].output);
    }

  g_auto(ChSshOutcome) killed = { 0 };
  run_shell (ssh, "kill -TERM $$", &killed);
  g_assert_cmpstr (killed.signal, ==, "TERM");

  g_auto(ChSshOutcome) noisy = { 0 };
  run_shell (ssh, "head -c 1000000 /dev/zero | tr '\\0' x", &noisy);
  g_assert_cmpuint (strlen (noisy.output), ==, 8192);

  const char *slow[] = { "/bin/sleep", "60", NULL };
  g_auto(ChSshOutcome) late = { 0 };
  g_assert_false (ch_ssh_run (ssh, slow, 1, &late, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ACTION_FAILED);
}

static void
test_quoting (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  static const char *const words[] = {
    "plain", "", "two words", "it's", "'", "''", "$HOME", "`id`", "$(id)", "a;b", "a&&b", "*", "~", "~root", "\\", "\\n", "#",
    "!", "\"", "a=b", "-n", "ü", "|", "<>", "{a,b}", "[a]", "?", "&",
  };
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_auto(ChSshOutcome) outcome = { 0 };

  if (sshd == NULL)
    return;

  g_ptr_array_add (argv, (char *) "/usr/bin/printf");
  g_ptr_array_add (argv, (char *) "<%s>");
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_ptr_array_add (argv, (char *) words[i]);
      g_string_append_printf (expected, "<%s>", words[i]);
    }
  g_ptr_array_add (argv, NULL);

  g_autoptr(ChSsh) ssh = ch_ssh_take (&sshd->access, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ch_ssh_run (ssh, (const char *const *) argv->pdata, 20, &outcome, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (outcome.output, ==, expected->str);
}

static gboolean
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static gpointer
cancel_when_it_runs (gpointer data)
{
  gpointer *both = data;

  while (!g_file_test (both[0], G_FILE_TEST_EXISTS))
    g_usleep (10 * 1000);
  cancel_cb (both[1]);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  g_autofree char *mark = test_path (sshd->folder, "runs");
  g_autofree char *script = g_strdup_printf ("touch %s; exec sleep 60", mark);
  gpointer both[] = { mark, cancellable };
  const char *command[] = { "/bin/sh", "-c", script, NULL };
  ChAction action = { .kind = CH_ACTION_COMMAND, .command = command };
  GThread *thread = g_thread_new ("cancel", cancel_when_it_runs, both);

  g_assert_null (target->act (&sshd->access, &action, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_thread_join (thread);
  works (sshd);
}

static char *
act_fails (TestSshd       *sshd,
           const ChAction *action,
           ChError         code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (target->act (&sshd->access, action, NULL, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  return g_strdup (error->message);
}

static void
test_actions (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  const char *good[] = { "/bin/echo", "reloaded it", NULL }, *bad[] = { "/bin/false", NULL };
  const char *missing[] = { "/nonexistent/program", NULL }, *odd[] = { "/bin/echo", "two\nlines", NULL };
  ChAction action = { .kind = CH_ACTION_COMMAND, .command = good };
  g_autofree char *text = target->act (&sshd->access, &action, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "reloaded it"));

  action.command = bad;
  g_autofree char *failed = act_fails (sshd, &action, CH_ERROR_ACTION_FAILED);
  action.command = missing;
  g_autofree char *none = act_fails (sshd, &action, CH_ERROR_ACTION_FAILED);
  g_assert_nonnull (strstr (none, "no “/nonexistent/program”"));
  action.command = odd;
  g_autofree char *refused_text = act_fails (sshd, &action, CH_ERROR_INVALID);

  ChAction program = { .kind = CH_ACTION_PROGRAM, .program = "x" };
  g_assert_false (target->check_action (&program, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_signal (void)
{
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  g_autoptr(GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sleep", "60", NULL);
  g_autofree char *number = g_strdup_printf ("%s\n", g_subprocess_get_identifier (process));
  g_autofree char *pid_file = test_path (sshd->folder, "pid");
  ChAction action = { .kind = CH_ACTION_SIGNAL, .pid_file = pid_file, .signal = "HUP" };

  g_assert_no_error (error);
  g_autofree char *missing = act_fails (sshd, &action, CH_ERROR_ACTION_FAILED);
  test_write (sshd->folder, "pid", "not a number\n");
  g_assert_cmpint (chmod (pid_file, 0644), ==, 0);
  g_autofree char *odd = act_fails (sshd, &action, CH_ERROR_ACTION_FAILED);
  g_assert_cmpint (g_remove (pid_file), ==, 0);
  test_write (sshd->folder, "pid", number);
  g_assert_cmpint (chmod (pid_file, 0666), ==, 0);
  g_autofree char *open = act_fails (sshd, &action, CH_ERROR_ACTION_FAILED);

  g_assert_cmpint (chmod (pid_file, 0644), ==, 0);
  g_autofree char *text = target->act (&sshd->access, &action, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (text);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (process));
}

static void
test_sudo (void)
{
  g_autoptr(TestFolder) programs = test_folder_new ();
  g_autofree char *lines = g_strdup_printf ("SetEnv PATH=%s:/usr/bin:/bin", programs);
  g_autoptr(TestSshd) sshd = test_sshd_new ("ed25519", lines, NULL);
  g_autoptr(GError) error = NULL;

  if (sshd == NULL)
    return;

  g_autofree char *sudo = test_path (programs, "sudo");
  test_write (programs, "sudo", "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n");
  g_assert_cmpint (chmod (sudo, 0755), ==, 0);
  test_sshd_set (sshd, "sudo", "yes");

  ChAction action = { .kind = CH_ACTION_RELOAD_UNIT, .unit = "nginx.service" };
  g_autofree char *message = act_fails (sshd, &action, CH_ERROR_ACTION_FAILED);
  g_assert_nonnull (strstr (message, "ALL=(root) NOPASSWD: /usr/bin/systemctl reload-or-restart nginx.service"));
  g_autofree char *probed = refused (sshd, CH_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (probed, "NOPASSWD:"));

  g_assert_cmpint (g_remove (sudo), ==, 0);
  test_write (programs, "sudo", "#!/bin/sh\nprintf '%s ' \"$@\"\n");
  g_assert_cmpint (chmod (sudo, 0755), ==, 0);
  g_autofree char *text = target->act (&sshd->access, &action, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "-n -- /usr/bin/systemctl reload-or-restart nginx.service"));
}

/* ---- without a server ---- */

static void
test_sudoers (void)
{
  const char *plain[] = { "/usr/sbin/nginx", NULL };
  const char *odd[] = { "/usr/bin/x", "a b", "*", "k=v,w", "\\", NULL };
  g_autofree char *one = ch_sudoers_line ("deploy", plain);
  g_autofree char *two = ch_sudoers_line ("deploy", odd);

  g_assert_cmpstr (one, ==, "deploy ALL=(root) NOPASSWD: /usr/sbin/nginx \"\"");
  g_assert_cmpstr (two, ==, "deploy ALL=(root) NOPASSWD: /usr/bin/x a\\ b \\* k\\=v\\,w \\\\");
}

static void
test_pinned (void)
{
  static const char *const wrong[] = {
    "", "SHA256:", "SHA256:short", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "MD5:aa", "ssh-ed25519", "ssh-ed25519 !!!",
    "ssh-dss AAAAB3NzaC1kc3MAAACBAA==", "host ssh-ed25519 AAAA",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", wrong[i]);
      g_assert_false (ch_ssh_key_check_pinned (wrong[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_ids (void)
{
  static const char list[] = "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/:/bin/sh\nodd:x\nbad:x:nan:1:::\n\nend:x:7:8";
  static const struct { const char *name; gboolean found; guint id; } rows[] = {
    { "root", TRUE, 0 }, { "www-data", TRUE, 33 }, { "end", TRUE, 7 }, { "www", FALSE, 0 }, { "odd", FALSE, 0 }, { "bad", FALSE, 0 },
    { "", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint id = 0;

      g_test_message ("%s", rows[i].name);
      g_assert_true (ch_ssh_parse_id (list, rows[i].name, &id) == rows[i].found);
      g_assert_cmpuint (id, ==, rows[i].id);
    }
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (void); } tests[] = {
    { "sudoers", test_sudoers }, { "pinned", test_pinned }, { "ids", test_ids },
    { "files", test_files }, { "new-file", test_new_file }, { "half-kept", test_half_kept },
    { "refused-files", test_refused_files }, { "owners", test_owners },
    { "full", test_full }, { "read-only", test_read_only }, { "cut", test_cut },
    { "host-keys", test_host_keys }, { "changed-host-key", test_changed_host_key }, { "scan", test_scan },
    { "login-keys", test_login_keys },
    { "generated", test_generated }, { "meant", test_meant }, { "unreachable", test_unreachable },
    { "jump", test_jump }, { "pool", test_pool }, { "commands", test_commands }, { "quoting", test_quoting },
    { "cancel", test_cancel }, { "actions", test_actions }, { "signal", test_signal }, { "sudo", test_sudo },
  };

  g_test_init (&argc, &argv, NULL);
  target = ch_target_find ("ssh", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/deploy/ssh/", tests[i].name, NULL);
      g_test_add_func (path, tests[i].test);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (password_ways); i++)
    {
      g_autofree char *path = g_strconcat ("/deploy/ssh/", password_ways[i].path, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_password);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/deploy/ssh/hostile/", hostile[i].path, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_hostile);
    }

  int result = g_test_run ();
  ch_targets_close ();
  return result;
}
