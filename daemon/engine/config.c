/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/config.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORKERS_DEFAULT 8
#define WORKERS_MAX 64
#define WATCH_HOURS_DEFAULT 24
#define WATCH_HOURS_MAX (7 * 24)

static const guint expiry_days_default[] = { 60, 30, 14, 7, 3, 1, 0 };
#define HTTP_PORT 80
#define HTTPS_PORT 443

gboolean
ch_config_check_trusted (const char *path,
                         GError    **error)
{
  struct stat info;

  if (geteuid () != 0 || stat (path, &info) != 0
      || (info.st_uid == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0))
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("The service is root and others may write %s, so it is not trusted: make root its owner and take the "
                         "right to write from group and others"), path);
}

static gboolean
read_engine (ChConfig *config,
             GKeyFile *file,
             GError  **error)
{
  g_autoptr(GError) local = NULL;

  if (!g_key_file_has_key (file, "engine", "workers", NULL))
    return TRUE;

  int workers = g_key_file_get_integer (file, "engine", "workers", &local);
  if (local != NULL || workers < 1 || workers > WORKERS_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("[engine] workers must be a number from 1 to %d"), WORKERS_MAX);

  config->workers = (guint) workers;
  return TRUE;
}

static int
compare_falling (const void *a,
                 const void *b)
{
  int one = *(const int *) a, other = *(const int *) b;

  return one > other ? -1 : one < other;
}

/* [expiry] days=60;30;… */
static gboolean
read_expiry (ChConfig *config,
             GKeyFile *file,
             GError  **error)
{
  gsize n = 0;
  g_autofree int *days = g_key_file_get_integer_list (file, "expiry", "days", &n, NULL);

  if (n == 0 || n >= G_N_ELEMENTS (config->expiry_days))
    return ch_error_set (error, CH_ERROR_INVALID, _("[expiry] days must be one to %d numbers with semicolons between"),
                         (int) G_N_ELEMENTS (config->expiry_days) - 1);

  qsort (days, n, sizeof *days, compare_falling);
  memset (config->expiry_days, 0, sizeof config->expiry_days);
  for (gsize i = 0; i < n; i++)
    {
      if (days[i] < 1 || days[i] > 365)
        return ch_error_set (error, CH_ERROR_INVALID, _("[expiry] days must be numbers from 1 to 365, not %d"), days[i]);
      config->expiry_days[i] = (guint) days[i];
    }

  return TRUE;
}

static gboolean
read_watch (ChConfig *config,
            GKeyFile *file,
            GError  **error)
{
  g_autofree char *text = g_key_file_get_string (file, "watch", "hours", NULL);
  guint64 hours;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, WATCH_HOURS_MAX, &hours, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("[watch] hours must be a number from 1 to %d"), WATCH_HOURS_MAX);

  config->watch_hours = (guint) hours;
  return TRUE;
}

/* [program NAME] argv=/usr/sbin/thing;argument;… */
static gboolean
read_program (ChConfig   *config,
              GKeyFile   *file,
              const char *group,
              GError    **error)
{
  const char *name = group + strlen ("program ");
  g_auto(GStrv) argv = g_key_file_get_string_list (file, group, "argv", NULL, NULL);

  if (*name == '\0' || argv == NULL || argv[0] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("[%s] needs argv=/path/to/program;argument;…"), group);

  if (!g_path_is_absolute (argv[0]))
    return ch_error_set (error, CH_ERROR_INVALID, _("[%s] argv must begin with an absolute path, not “%s”"),
                         group, argv[0]);

  g_hash_table_insert (config->programs, g_strdup (name), g_steal_pointer (&argv));
  return TRUE;
}

static gboolean
read_port (GKeyFile   *file,
           const char *key,
           guint16    *port,
           GError    **error)
{
  g_autofree char *text = g_key_file_get_string (file, "validation", key, NULL);
  guint64 value;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("[validation] %s must be a number from 1 to %d"), key, G_MAXUINT16);

  *port = (guint16) value;
  return TRUE;
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
read_group (ChConfig   *config,
            GKeyFile   *file,
            const char *group,
            GError    **error)
{
  if (g_str_has_prefix (group, "program "))
    return check_keys (file, group, "argv", error) && read_program (config, file, group, error);

  if (g_str_equal (group, "engine"))
    return check_keys (file, group, "workers", error) && read_engine (config, file, error);

  if (g_str_equal (group, "expiry"))
    return check_keys (file, group, "days", error) && read_expiry (config, file, error);

  if (g_str_equal (group, "watch"))
    return check_keys (file, group, "hours", error) && read_watch (config, file, error);

  if (g_str_equal (group, "dns"))
    {
      if (!check_keys (file, group, "resolver", error))
        return FALSE;

      config->resolver = g_key_file_get_string (file, "dns", "resolver", NULL);
      return TRUE;
    }

  if (g_str_equal (group, "validation"))
    return check_keys (file, group, "http-port https-port", error)
           && read_port (file, "http-port", &config->http_port, error)
           && read_port (file, "https-port", &config->https_port, error);

  if (g_str_equal (group, "mail"))
    {
      if (!check_keys (file, group, CH_MAIL_KEYS, error))
        return FALSE;

      config->mail = ch_mail_server_read (file, error);
      return config->mail != NULL;
    }

  return ch_error_set (error, CH_ERROR_INVALID, _("There is no group [%s]; known are [engine], [dns], [validation], [expiry], [watch], [mail] and [program NAME]"),
                       group);
}

static gboolean
read_file (ChConfig   *config,
           const char *path,
           GError    **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) local = NULL;

  if (!ch_config_check_trusted (path, error))
    return FALSE;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &local))
    return ch_error_set (error, CH_ERROR_INVALID, _("The configuration %s cannot be read: %s"), path, local->message);

  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    if (!read_group (config, file, groups[i], error))
      {
        g_prefix_error (error, "%s: ", path);
        return FALSE;
      }

  return TRUE;
}

ChConfig *
ch_config_load (const char *path,
                const char *state_dir,
                gboolean    session,
                GError    **error)
{
  g_autoptr(ChConfig) config = g_new0 (ChConfig, 1);

  config->state_dir = g_canonicalize_filename (state_dir, NULL);
  config->session = session;
  config->workers = WORKERS_DEFAULT;
  config->watch_hours = WATCH_HOURS_DEFAULT;
  memcpy (config->expiry_days, expiry_days_default, sizeof expiry_days_default);
  config->http_port = HTTP_PORT;
  config->https_port = HTTPS_PORT;
  config->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);

  if (path != NULL && !read_file (config, path, error))
    return NULL;

  return g_steal_pointer (&config);
}

void
ch_config_free (ChConfig *config)
{
  g_free (config->state_dir);
  g_free (config->resolver);
  g_clear_pointer (&config->mail, ch_mail_server_free);
  g_hash_table_unref (config->programs);
  g_free (config);
}
