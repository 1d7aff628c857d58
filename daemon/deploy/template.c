/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/template.h"

#include "deploy/fd.h"
#include "deploy/files.h"
#include "deploy/install.h"
#include "lib/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".conf"
#define SIZE_MAX_BYTES (64 * 1024)
#define FILE_PREFIX "file "

/* Set once, before any worker runs; (owned) (nullable) */
static char *shipped, *administrators;

void
ch_target_set_template_folders (const char *ours,
                                const char *theirs)
{
  g_free (shipped);
  g_free (administrators);
  shipped = g_strdup (ours);
  administrators = g_strdup (theirs);
}

static void
file_free (ChTemplateFile *file)
{
  g_free (file->part);
  g_free (file->format);
  g_free (file->alias);
  g_free (file->path);
  g_free (file->owner);
  g_free (file->group);
  g_free (file->mode);
  g_free (file);
}

void
ch_template_free (ChTemplate *template)
{
  g_free (template->name);
  g_free (template->source);
  g_free (template->title);
  g_ptr_array_unref (template->files);
  g_strfreev (template->test);
  g_strfreev (template->reload);
  g_free (template->unit);
  g_free (template->host);
  g_free (template->start_tls);
  g_free (template);
}

/* ---- names and paths ---- */

static gboolean
is_name (const char *name)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

  return *name != '\0' && strlen (name) <= 64 && name[strspn (name, allowed)] == '\0';
}

static void
collect (const char *folder,
         GPtrArray  *names)
{
  g_autoptr(GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = g_str_has_suffix (entry, SUFFIX) ? g_strndup (entry, strlen (entry) - strlen (SUFFIX)) : NULL;

      if (name != NULL && is_name (name) && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

GStrv
ch_template_names (void)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  collect (shipped, names);
  collect (administrators, names);
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

char *
ch_template_path (const char *pattern,
                  const char *name)
{
  g_autofree char *safe = g_str_has_prefix (name, "*.") ? g_strconcat ("wildcard", name + 1, NULL) : g_strdup (name);
  GString *path = g_string_new (pattern);

  g_strcanon (safe, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._", '_');
  g_string_replace (path, "%n", safe, 0);
  return g_string_free (path, FALSE);
}

/* ---- reading ---- */

static gboolean
check_trusted (const char        *path,
               const struct stat *info,
               GError           **error)
{
  if ((info->st_uid == 0 || info->st_uid == geteuid ()) && (info->st_mode & (S_IWGRP | S_IWOTH)) == 0)
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("Others could write %s, which says what the service runs, so it is not trusted: make root its owner and "
                         "take the right to write from group and others"), path);
}

static char *
read_text (const char *folder,
           const char *path,
           gboolean    check,
           GError    **error)
{
  struct stat info, around;
  ch_autofd int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &info) != 0 || stat (folder, &around) != 0)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("%s cannot be read: %s"), path, g_strerror (errno));
      return NULL;
    }
  if (check && (!check_trusted (folder, &around, error) || !check_trusted (path, &info, error)))
    return NULL;

  g_autofree char *text = g_malloc0 (SIZE_MAX_BYTES + 1);
  ssize_t length = S_ISREG (info.st_mode) && info.st_size <= SIZE_MAX_BYTES ? read (fd, text, SIZE_MAX_BYTES) : -1;
  if (length < 0)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("%s is not a plain file of at most %d KiB"), path, SIZE_MAX_BYTES / 1024);
      return NULL;
    }

  return g_steal_pointer (&text);
}

static char *
get (GKeyFile   *file,
     const char *group,
     const char *key)
{
  g_autofree char *value = g_key_file_get_string (file, group, key, NULL);

  return value != NULL && *value != '\0' ? g_steal_pointer (&value) : NULL;
}

/* @known: with blanks between */
static gboolean
check_keys (GKeyFile   *file,
            const char *group,
            const char *known,
            GError    **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
  g_auto(GStrv) words = g_strsplit (known, " ", -1);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) words, keys[i]))
      return ch_error_set (error, CH_ERROR_INVALID, _("[%s] knows no “%s”, only “%s”"), group, keys[i], known);

  return TRUE;
}

static gboolean
read_file (ChTemplate *template,
           GKeyFile   *key_file,
           const char *group,
           GError    **error)
{
  ChTemplateFile *file = g_new0 (ChTemplateFile, 1);

  g_ptr_array_add (template->files, file);
  file->part = get (key_file, group, "part");
  if (file->part == NULL)
    file->part = g_strdup (group + strlen (FILE_PREFIX));
  file->format = get (key_file, group, "format");
  file->alias = get (key_file, group, "alias");
  file->path = get (key_file, group, "path");
  file->owner = get (key_file, group, "owner");
  file->group = get (key_file, group, "group");
  file->mode = get (key_file, group, "mode");

  if (file->path == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("[%s] needs a path"), group);

  const ChPartForm form = { .part = file->part, .format = file->format, .alias = file->alias };
  g_autofree char *path = ch_template_path (file->path, "name");
  return check_keys (key_file, group, "part format alias path owner group mode", error)
         && ch_form_check (&form, error)
         && ch_target_check_path (path, error);
}

static gboolean
read_argv (GKeyFile   *file,
           const char *group,
           char     ***argv,
           GError    **error)
{
  g_auto(GStrv) words = g_key_file_get_string_list (file, group, "argv", NULL, NULL);

  if (words == NULL)
    return TRUE;
  if (words[0] == NULL || !g_path_is_absolute (words[0]))
    return ch_error_set (error, CH_ERROR_INVALID, _("[%s] needs argv=/path/to/program;argument;…"), group);

  g_strfreev (*argv);
  *argv = g_steal_pointer (&words);
  return TRUE;
}

static gboolean
read_check (ChTemplate *template,
            GKeyFile   *file,
            const char *group,
            GError    **error)
{
  g_autofree char *port = get (file, group, "port");
  g_autofree char *patience = get (file, group, "patience");
  ChStartTls start_tls;
  guint64 number = 0;

  template->start_tls = get (file, group, "starttls");
  template->host = get (file, group, "host");
  if (port == NULL || !g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("[%s] needs a port from 1 to 65535"), group);

  template->port = (guint16) number;
  if (patience != NULL && !g_ascii_string_to_unsigned (patience, 10, 1, CH_PATIENCE_MAX, &number, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("The patience in [%s] is from 1 to %d seconds"), group, CH_PATIENCE_MAX);

  template->patience = patience != NULL ? (guint) number : 0;
  return template->start_tls == NULL || ch_start_tls_parse (template->start_tls, &start_tls, error);
}

static gboolean
read_group (ChTemplate *template,
            GKeyFile   *file,
            const char *group,
            GError    **error)
{
  if (g_str_has_prefix (group, FILE_PREFIX))
    return read_file (template, file, group, error);

  if (g_str_equal (group, "template"))
    {
      template->title = get (file, group, "title");
      return check_keys (file, group, "title", error);
    }

  if (g_str_equal (group, "test"))
    return check_keys (file, group, "argv", error) && read_argv (file, group, &template->test, error);

  if (g_str_equal (group, "reload"))
    {
      template->unit = get (file, group, "unit");
      return check_keys (file, group, "unit argv", error) && read_argv (file, group, &template->reload, error);
    }

  if (g_str_equal (group, "check"))
    return check_keys (file, group, "host port starttls patience", error) && read_check (template, file, group, error);

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("There is no group [%s]; known are [template], [file PART], [test], [reload] and [check]"), group);
}

static gboolean
read_groups (ChTemplate *template,
             const char *text,
             GError    **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) local = NULL;

  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &local))
    return ch_error_set (error, CH_ERROR_INVALID, "%s", local->message);

  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    if (!read_group (template, file, groups[i], error))
      return FALSE;

  if (template->files->len == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is no group [file PART], so there is nothing to install"));
  if (template->title == NULL)
    template->title = g_strdup (template->name);
  return TRUE;
}

static ChTemplate *
load (const char *name,
      const char *folder,
      gboolean    check,
      GError    **error)
{
  g_autoptr(ChTemplate) template = g_new0 (ChTemplate, 1);
  g_autofree char *base = g_strconcat (name, SUFFIX, NULL);

  template->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  template->name = g_strdup (name);
  template->source = g_build_filename (folder, base, NULL);

  g_autofree char *text = read_text (folder, template->source, check, error);
  if (text == NULL)
    return NULL;
  if (read_groups (template, text, error))
    return g_steal_pointer (&template);

  g_prefix_error (error, "%s: ", template->source);
  return NULL;
}

static gboolean
is_in (const char *folder,
       const char *name)
{
  g_autofree char *base = g_strconcat (name, SUFFIX, NULL);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, base, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);
}

ChTemplate *
ch_template_find (const char *name,
                  GError    **error)
{
  if (is_name (name) && is_in (administrators, name))
    return load (name, administrators, TRUE, error);
  if (is_name (name) && is_in (shipped, name))
    return load (name, shipped, FALSE, error);

  g_auto(GStrv) names = ch_template_names ();
  g_autofree char *list = g_strjoinv (", ", names);
  ch_error_set (error, CH_ERROR_INVALID, _("There is no template “%.60s”; these are: %s"), name, list);
  return NULL;
}

GStrv
ch_template_program (const char *program,
                     GError    **error)
{
  g_autofree char *name = g_strdup (program + strlen (CH_TEMPLATE_PROGRAM));
  char *slash = strchr (name, '/');

  if (slash != NULL)
    *slash = '\0';

  g_autoptr(ChTemplate) template = ch_template_find (name, error);
  if (template == NULL)
    return NULL;

  char **argv = g_strcmp0 (slash != NULL ? slash + 1 : NULL, "test") == 0 ? template->test
              : g_strcmp0 (slash != NULL ? slash + 1 : NULL, "reload") == 0 ? template->reload : NULL;
  if (argv == NULL)
    ch_error_set (error, CH_ERROR_INVALID, _("The template “%s” has no such program: “%.80s”"), name, program);
  return g_strdupv (argv);
}
