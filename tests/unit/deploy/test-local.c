/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/target.h"

#include "lib/error.h"
#include "stage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const ChTarget *target;
static ChServerAccess access_;
static gboolean may_mount;

static gboolean
stage_as (const char *path,
          const char *content,
          const char *owner,
          const char *group,
          int         mode,
          GError    **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (content, strlen (content));
  ChTargetFile file = { path, bytes, owner, group, mode };

  return target->stage (&access_, &file, NULL, error);
}

static void
must_stage (const char *path,
            const char *content)
{
  g_autoptr(GError) error = NULL;

  stage_as (path, content, NULL, NULL, -1, &error);
  g_assert_no_error (error);
}

static void
must (gboolean  (*what) (const ChServerAccess *, const char *, GCancellable *, GError **),
      const char *path)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (what (&access_, path, NULL, &error));
  g_assert_no_error (error);
}

static gboolean
is_pending (const char *path)
{
  g_autoptr(GError) error = NULL;
  gboolean pending;

  g_assert_true (target->pending (&access_, path, &pending, NULL, &error));
  return pending;
}

static struct stat
facts (const char *path)
{
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);
  return info;
}

static void
assert_looks (const char *path,
              uid_t       uid,
              gid_t       gid,
              mode_t      mode)
{
  struct stat info = facts (path);

  g_assert_cmpuint (info.st_uid, ==, uid);
  g_assert_cmpuint (info.st_gid, ==, gid);
  g_assert_cmphex (info.st_mode & 07777, ==, mode);
}

static gboolean
needs_root (void)
{
  if (geteuid () == 0)
    return TRUE;

  g_test_skip ("needs root to give files away");
  return FALSE;
}

/* ---- the transaction ---- */

static void
test_new_file (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "key.pem");

  must_stage (path, "new");
  test_assert_names (folder, "key.pem.chancery-new");
  must (target->swap, path);
  test_assert_names (folder, "key.pem key.pem.chancery-none");
  test_assert_holds (folder, "key.pem", "new");
  assert_looks (path, geteuid (), getegid (), 0600);
  g_assert_true (is_pending (path));

  must (target->settle, path);
  test_assert_names (folder, "key.pem");
  g_assert_false (is_pending (path));
  must (target->settle, path);
  must (target->restore, path);
  test_assert_holds (folder, "key.pem", "new");
}

static void
test_new_file_goes (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "key.pem");

  must_stage (path, "new");
  must (target->swap, path);
  must (target->restore, path);
  test_assert_names (folder, "");
  must (target->restore, path);
}

static void
test_replace_and_go_back (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");

  test_write (folder, "a", "old");
  must_stage (path, "new");
  test_assert_holds (folder, "a", "old");
  must (target->swap, path);
  test_assert_names (folder, "a a.chancery-old");
  test_assert_holds (folder, "a", "new");
  test_assert_holds (folder, "a.chancery-old", "old");
  must (target->swap, path);
  test_assert_holds (folder, "a.chancery-old", "old");

  must (target->restore, path);
  test_assert_names (folder, "a");
  test_assert_holds (folder, "a", "old");
}

/* A run that died leaves its backup, which is the older one. */
static void
test_first_backup_stays (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");

  test_write (folder, "a", "old");
  must_stage (path, "first");
  must (target->swap, path);
  must_stage (path, "second");
  must (target->swap, path);
  test_assert_holds (folder, "a", "second");
  must (target->restore, path);
  test_assert_names (folder, "a");
  test_assert_holds (folder, "a", "old");
}

/* The states that a kill between two calls of the system leaves. */
static void
test_states_after_a_kill (void)
{
  static const struct
  {
    const char *file, *fresh, *old, *none;
    const char *restored;
  } states[] = {
    { "old", NULL, NULL, NULL, "old" },
    { "old", "new", NULL, NULL, "old" },
    { "old", "new", "=", NULL, "old" },      /* "=": another name of the file */
    { NULL, "new", "old", NULL, "old" },
    { "new", NULL, "old", NULL, "old" },
    { "new", "newer", "old", NULL, "old" },
    { NULL, NULL, "old", NULL, "old" },
    { NULL, "new", NULL, NULL, NULL },
    { NULL, "new", NULL, "", NULL },
    { "new", NULL, NULL, "", NULL },
    { NULL, NULL, NULL, "", NULL },
    { "old", "=", "=", NULL, "old" },
  };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (states); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();
      g_autofree char *path = test_path (folder, "f");
      const char *texts[] = {
        states[i / 2].file, states[i / 2].fresh, states[i / 2].old, states[i / 2].none,
      };
      static const char *const names[] = { "f", "f.chancery-new", "f.chancery-old", "f.chancery-none" };

      g_test_message ("state %zu", i);
      for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
        {
          g_autofree char *other = test_path (folder, names[j]);
          if (g_strcmp0 (texts[j], "=") == 0)
            g_assert_cmpint (link (path, other), ==, 0);
          else if (texts[j] != NULL)
            test_write (folder, names[j], texts[j]);
        }

      /* Straight back, or forward and then back. */
      if (i % 2 == 1)
        {
          must_stage (path, "last");
          must (target->swap, path);
          test_assert_holds (folder, "f", "last");
        }
      must (target->restore, path);
      test_assert_holds (folder, "f", states[i / 2].restored);
      test_assert_names (folder, states[i / 2].restored != NULL ? "f" : "");
    }
}

static void
test_same_content_stays (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");

  test_write (folder, "a", "same");
  ino_t inode = facts (path).st_ino;

  for (int i = 0; i < 2; i++)
    {
      must_stage (path, "same");
      must (target->swap, path);
      must (i == 0 ? target->settle : target->restore, path);
      test_assert_names (folder, "a");
      test_assert_holds (folder, "a", "same");
      g_assert_cmpuint (facts (path).st_ino, ==, inode);
    }
}

static void
test_swap_without_stage (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");
  g_autoptr(GError) error = NULL;

  test_write (folder, "a", "old");
  g_assert_false (target->swap (&access_, path, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  test_assert_names (folder, "a");
}

static void
test_cancelled (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr(GError) error = NULL;
  ChTargetFile file = { path, bytes, NULL, NULL, -1 };

  g_cancellable_cancel (cancellable);
  g_assert_false (target->stage (&access_, &file, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  test_assert_names (folder, "");
}

/* ---- owner, mode, label ---- */

static void
test_keeps_looks (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "key.pem");

  if (!needs_root ())
    return;

  test_write (folder, "key.pem", "old");
  g_assert_cmpint (chown (path, 1234, 2345), ==, 0);
  g_assert_cmpint (chmod (path, 0640), ==, 0);
  must_stage (path, "new");
  must (target->swap, path);
  assert_looks (path, 1234, 2345, 0640);

  must (target->restore, path);
  assert_looks (path, 1234, 2345, 0640);
  test_assert_holds (folder, "key.pem", "old");
}

/* A key that everybody could read is closed by its successor, and as it was after going back. */
static void
test_closes_a_key (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "key.pem");
  g_autoptr(GBytes) bytes = g_bytes_new_static ("new", 3);
  g_autoptr(GError) error = NULL;
  ChTargetFile file = { .path = path, .content = bytes, .mode = -1, .secret = TRUE };

  test_write (folder, "key.pem", "old");
  g_assert_cmpint (chmod (path, 0644), ==, 0);
  g_assert_true (target->stage (&access_, &file, NULL, &error));
  g_assert_no_error (error);
  must (target->swap, path);
  assert_looks (path, geteuid (), getegid (), 0640);

  must (target->restore, path);
  assert_looks (path, geteuid (), getegid (), 0644);
}

static void
test_sets_looks (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "key.pem");
  g_autofree char *fresh = test_path (folder, "key.pem.chancery-new");
  g_autoptr(GError) error = NULL;

  if (!needs_root ())
    return;

  test_write (folder, "key.pem", "same");
  stage_as (path, "same", "daemon", "4321", 0440, &error);
  g_assert_no_error (error);
  assert_looks (fresh, 1, 4321, 0440);
  must (target->swap, path);
  assert_looks (path, 1, 4321, 0440);

  must (target->restore, path);
  assert_looks (path, 0, 0, 0644);
}

static void
test_wrong_looks (void)
{
  static const struct { const char *owner, *group; int mode; } cases[] = {
    { "nobody-of-that-name", NULL, -1 }, { NULL, "no-such-group", -1 },
    { "4294967295", NULL, -1 }, { "-1", NULL, -1 },
    { "99999999999", NULL, -1 }, { NULL, NULL, 01777 }, { NULL, NULL, 04755 }, { NULL, NULL, -2 },
  };
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (stage_as (path, "x", cases[i].owner, cases[i].group, cases[i].mode, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      test_assert_names (folder, "");
    }
}

static void
test_keeps_attributes (void)
{
  static const char label[] = "system_u:object_r:cert_t:s0";
  /* POSIX ACL, version 2: user::rw-, user:1234:r--, group::---, mask::r--, other::--- */
  static const guint8 acl[] = {
    2, 0, 0, 0,
    1, 0, 6, 0, 255, 255, 255, 255,
    2, 0, 4, 0, 0xd2, 4, 0, 0,
    4, 0, 0, 0, 255, 255, 255, 255,
    16, 0, 4, 0, 255, 255, 255, 255,
    32, 0, 0, 0, 255, 255, 255, 255,
  };
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");
  char found[256];

  test_write (folder, "a", "old");
  if (setxattr (path, "security.selinux", label, sizeof label, 0) != 0
      || setxattr (path, "system.posix_acl_access", acl, sizeof acl, 0) != 0)
    {
      g_test_skip ("no attributes in the temporary folder");
      return;
    }

  must_stage (path, "new");
  must (target->swap, path);
  g_assert_cmpint (getxattr (path, "security.selinux", found, sizeof found), ==, sizeof label);
  g_assert_cmpstr (found, ==, label);
  ssize_t length = getxattr (path, "system.posix_acl_access", found, sizeof found);
  g_assert_cmpmem (found, length, acl, sizeof acl);
}

/* ---- what is refused ---- */

static void
refuse (const char *path,
        ChError     code,
        const char *word)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", path);
  g_assert_false (stage_as (path, "new", NULL, NULL, -1, &error));
  g_assert_error (error, CH_ERROR, (int) code);
  if (strstr (error->message, word) == NULL)
    g_error ("no “%s” in: %s", word, error->message);
}

static void
test_refused_paths (void)
{
  g_autofree char *long_name = g_strnfill (250, 'x');
  g_autofree char *long_path = g_strconcat ("/tmp/", long_name, NULL);

  refuse ("", CH_ERROR_INVALID, "absolute");
  refuse ("etc/key.pem", CH_ERROR_INVALID, "etc/key.pem");
  refuse ("/", CH_ERROR_INVALID, "plain path");
  refuse ("/tmp/", CH_ERROR_INVALID, "plain path");
  refuse ("/tmp/../etc/shadow", CH_ERROR_INVALID, "plain path");
  refuse ("/tmp//a", CH_ERROR_INVALID, "plain path");
  refuse ("/tmp/a.chancery-old", CH_ERROR_INVALID, "Chancery");
  refuse ("/tmp/a\nb", CH_ERROR_INVALID, "control");
  refuse (long_path, CH_ERROR_INVALID, "too long");
  refuse ("/nonexistent/folder/a", CH_ERROR_FILE, "/nonexistent/folder");
}

static void
test_refused_files (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *secret = test_path (folder, "secret");
  g_autofree char *link_ = test_path (folder, "link");
  g_autofree char *dangling = test_path (folder, "dangling");
  g_autofree char *directory = test_path (folder, "directory");
  g_autofree char *fifo = test_path (folder, "fifo");
  g_autofree char *alias = test_path (folder, "alias");
  g_autofree char *below = test_path (folder, "alias/a");
  g_autofree char *in_file = test_path (folder, "secret/a");

  test_write (folder, "secret", "untouched");
  g_assert_cmpint (symlink (secret, link_), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (mkdir (directory, 0700), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink (directory, alias), ==, 0);

  refuse (link_, CH_ERROR_FILE, "symbolic link");
  refuse (dangling, CH_ERROR_FILE, "symbolic link");
  refuse (directory, CH_ERROR_FILE, "a folder");
  refuse (fifo, CH_ERROR_FILE, "special file");
  refuse (below, CH_ERROR_FILE, "symbolic link");
  refuse (in_file, CH_ERROR_FILE, "not a folder");
  refuse ("/dev/null", CH_ERROR_FILE, "special file");
  test_assert_names (folder, "alias dangling directory fifo link secret");
  test_assert_holds (folder, "secret", "untouched");
}

static void
refuse_reading (const char *path,
                ChError     code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = target->read (&access_, path, NULL, &error);

  g_assert_null (content);
  g_assert_error (error, CH_ERROR, (int) code);
}

/* A plain file of root's or ours is read, and nothing else. */
static void
test_read (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *key = test_path (folder, "key");
  g_autofree char *link_ = test_path (folder, "link");
  g_autofree char *fifo = test_path (folder, "fifo");
  g_autofree char *large = test_path (folder, "large");
  g_autofree char *none = test_path (folder, "none");
  g_autofree char *much = g_strnfill (64 * 1024 + 1, 'x');
  g_autoptr(GError) error = NULL;

  test_write (folder, "key", "a key");
  test_write (folder, "large", much);
  g_assert_cmpint (symlink (key, link_), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  g_autoptr(GBytes) content = target->read (&access_, key, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), "a key", 5);
  refuse_reading (link_, CH_ERROR_FILE);
  refuse_reading (fifo, CH_ERROR_FILE);
  refuse_reading (large, CH_ERROR_FILE);
  refuse_reading (folder, CH_ERROR_FILE);
  refuse_reading (none, CH_ERROR_NOT_FOUND);
  refuse_reading ("key", CH_ERROR_INVALID);

  if (geteuid () == 0)
    {
      g_assert_cmpint (chown (key, 12345, 12345), ==, 0);
      refuse_reading (key, CH_ERROR_FILE);
    }
}

/* Somebody who may write to the folder puts links where the new, the old and the mark go. */
static void
test_planted_links (void)
{
  static const char *const names[] = { "a.chancery-new", "a.chancery-old", "a.chancery-none" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();
      g_autofree char *path = test_path (folder, "a");
      g_autofree char *victim = test_path (folder, "victim");
      g_autofree char *planted = test_path (folder, names[i]);
      g_autoptr(GError) error = NULL;

      test_write (folder, "victim", "untouched");
      test_write (folder, "a", "old");
      g_assert_cmpint (symlink (victim, planted), ==, 0);
      if (stage_as (path, "new", NULL, NULL, -1, &error) && target->swap (&access_, path, NULL, &error))
        test_assert_holds (folder, "a", "new");
      else
        g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
      test_assert_holds (folder, "victim", "untouched");
    }
}

/* A link above the folder leads anywhere, so only root and the daemon itself may have put it there. */
static void
test_links_on_the_way (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *real = test_path (folder, "real");
  g_autofree char *inner = test_path (folder, "real/site");
  g_autofree char *alias = test_path (folder, "alias");
  g_autofree char *round = test_path (folder, "round");
  g_autofree char *through = test_path (folder, "alias/site/a");
  g_autofree char *endless = test_path (folder, "round/site/a");

  if (!needs_root ())
    return;

  g_assert_cmpint (mkdir (real, 0755), ==, 0);
  g_assert_cmpint (mkdir (inner, 0755), ==, 0);
  g_assert_cmpint (symlink ("../real/./../real", alias), ==, 0);
  g_assert_cmpint (symlink ("round", round), ==, 0);
  refuse (endless, CH_ERROR_FILE, "symbolic link");
  refuse (through, CH_ERROR_FILE, "does not exist");

  g_assert_cmpint (unlink (alias), ==, 0);
  g_assert_cmpint (symlink ("./round/../real", alias), ==, 0);
  refuse (through, CH_ERROR_FILE, "symbolic link");

  g_assert_cmpint (unlink (alias), ==, 0);
  g_assert_cmpint (symlink (real, alias), ==, 0);
  must_stage (through, "new");
  test_assert_names (inner, "a.chancery-new");

  g_assert_cmpint (lchown (alias, 65534, 65534), ==, 0);
  refuse (through, CH_ERROR_FILE, "belongs to user 65534");
}

/* In a folder like /tmp anybody can put a file of his where a key will go, to have the key made his. */
static void
test_planted_looks (void)
{
  static const char *const names[] = { "a", "a.chancery-old" };

  if (!needs_root ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(TestFolder) folder = test_folder_new ();
      g_autofree char *path = test_path (folder, "a");
      g_autofree char *planted = test_path (folder, names[i]);
      g_autoptr(GError) error = NULL;

      test_write (folder, names[i], "bait");
      g_assert_cmpint (chown (planted, 65534, 65534), ==, 0);
      must_stage (path, "new");

      g_assert_cmpint (chmod (folder, 01777), ==, 0);
      refuse (path, CH_ERROR_FILE, "owner, group and mode");
      g_assert_false (stage_as (path, "new", "root", NULL, 0600, NULL));
      g_assert_true (stage_as (path, "new", "root", "root", 0600, &error));
      g_assert_no_error (error);
    }
}

/* ---- disks ---- */

static gboolean
mount_small (const char    *folder,
             unsigned long  flags)
{
  if (!may_mount)
    {
      g_test_skip ("needs a mount namespace of its own");
      return FALSE;
    }

  g_assert_cmpint (mount ("none", folder, "tmpfs", flags, "size=32k,mode=755"), ==, 0);
  return TRUE;
}

static void
test_disk_full (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");
  g_autofree char *large = g_strnfill (256 * 1024, 'x');
  g_autoptr(GError) error = NULL;

  if (!mount_small (folder, 0))
    return;

  test_write (folder, "a", "old");
  g_assert_false (stage_as (path, large, NULL, NULL, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, path));
  test_assert_names (folder, "a");
  test_assert_holds (folder, "a", "old");
  must_stage (path, "small enough");
  umount2 (folder, MNT_DETACH);
}

static void
test_read_only (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autofree char *path = test_path (folder, "a");
  g_autoptr(GError) error = NULL;

  if (!mount_small (folder, MS_RDONLY))
    return;

  g_assert_false (stage_as (path, "new", NULL, NULL, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "ReadWritePaths"));
  umount2 (folder, MNT_DETACH);
}

/* ---- the kind ---- */

static void
test_registry (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (target);
  g_assert_true (ch_target_list ()[0] == target);
  g_assert_null (ch_target_find ("mainframe", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "local"));
}

static void
test_probe (void)
{
  g_autoptr(TestFolder) folder = test_folder_new ();
  g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  ChServerAccess access = { settings, secrets };
  g_autoptr(GError) error = NULL;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_hash_table_insert (settings, (char *) "folder", folder);
  g_assert_true (ch_fields_check (target->fields, settings, secrets, &error));
  g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func (g_free);
  gboolean works = target->probe (&access, sentences, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (works);
  g_assert_cmpuint (sentences->len, ==, 3);
  g_assert_nonnull (strstr (g_ptr_array_index (sentences, 0), folder));
  g_assert_nonnull (strstr (g_ptr_array_index (sentences, 1), "does not answer"));
  test_assert_names (folder, "");

  g_hash_table_insert (settings, (char *) "folder", (char *) "/nonexistent/here");
  g_assert_false (target->probe (&access, sentences, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  may_mount = unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
  target = ch_target_find ("local", NULL);

  g_test_add_func ("/deploy/local/new-file", test_new_file);
  g_test_add_func ("/deploy/local/new-file-goes", test_new_file_goes);
  g_test_add_func ("/deploy/local/replace-and-go-back", test_replace_and_go_back);
  g_test_add_func ("/deploy/local/first-backup-stays", test_first_backup_stays);
  g_test_add_func ("/deploy/local/states-after-a-kill", test_states_after_a_kill);
  g_test_add_func ("/deploy/local/same-content-stays", test_same_content_stays);
  g_test_add_func ("/deploy/local/swap-without-stage", test_swap_without_stage);
  g_test_add_func ("/deploy/local/cancelled", test_cancelled);
  g_test_add_func ("/deploy/local/keeps-looks", test_keeps_looks);
  g_test_add_func ("/deploy/local/closes-a-key", test_closes_a_key);
  g_test_add_func ("/deploy/local/sets-looks", test_sets_looks);
  g_test_add_func ("/deploy/local/wrong-looks", test_wrong_looks);
  g_test_add_func ("/deploy/local/keeps-attributes", test_keeps_attributes);
  g_test_add_func ("/deploy/local/refused-paths", test_refused_paths);
  g_test_add_func ("/deploy/local/refused-files", test_refused_files);
  g_test_add_func ("/deploy/local/read", test_read);
  g_test_add_func ("/deploy/local/planted-links", test_planted_links);
  g_test_add_func ("/deploy/local/links-on-the-way", test_links_on_the_way);
  g_test_add_func ("/deploy/local/planted-looks", test_planted_looks);
  g_test_add_func ("/deploy/local/disk-full", test_disk_full);
  g_test_add_func ("/deploy/local/read-only", test_read_only);
  g_test_add_func ("/deploy/local/registry", test_registry);
  g_test_add_func ("/deploy/local/probe", test_probe);
  return g_test_run ();
}
