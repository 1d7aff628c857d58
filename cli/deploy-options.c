/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy-options.h"

#include "lib/error.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "secret-input.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

static const char *const parts[] = { "certificate", "key", "chain", "fullchain", "all" };

/* "PATH,format=pkcs12,owner=root,mode=0640" */
static GVariant *
parse_file (const char *part,
            const char *text,
            GError    **error)
{
  static const char *const known[] = { "format", "alias", "owner", "group", "mode", NULL };
  g_auto(GStrv) pieces = g_strsplit (text, ",", -1);
  GVariantDict file;

  g_variant_dict_init (&file, NULL);
  g_variant_dict_insert (&file, "part", "s", part);
  g_variant_dict_insert (&file, "path", "s", pieces[0] != NULL ? pieces[0] : "");

  for (gsize i = 1; pieces[0] != NULL && pieces[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (pieces[i], "=", 2);

      if (pair[0] == NULL || pair[1] == NULL || !g_strv_contains (known, pair[0]))
        {
          ch_error_set (error, CH_ERROR_INVALID,
                        _("“--%s %s”: “%s” is none of format=pkcs12, alias=NAME, owner=USER, group=GROUP, mode=0640"),
                        part, text, pieces[i]);
          g_variant_dict_clear (&file);
          return NULL;
        }
      g_variant_dict_insert (&file, pair[0], "s", pair[1]);
    }

  return g_variant_dict_end (&file);
}

static gboolean
add_files (ChArgs       *args,
           GVariantDict *settings,
           GError      **error)
{
  g_autoptr(GVariantBuilder) files = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      GPtrArray *paths = ch_args_all (args, parts[i]);

      for (guint j = 0; paths != NULL && j < paths->len; j++)
        {
          GVariant *file = parse_file (parts[i], g_ptr_array_index (paths, j), error);

          if (file == NULL)
            return FALSE;
          g_variant_builder_add_value (files, file);
          n++;
        }
    }

  if (n > 0)
    g_variant_dict_insert_value (settings, "files", g_variant_builder_end (files));
  return TRUE;
}

static gboolean
parse_signal (const char   *text,
              GVariantDict *action,
              GError      **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *file = NULL;

  if (colon == NULL || colon == text || colon[1] == '\0')
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“--signal %s”: PIDFILE:SIGNAL is needed, such as /run/nginx.pid:HUP"),
                         text);

  file = g_strndup (text, (gsize) (colon - text));
  g_variant_dict_insert (action, "kind", "s", "signal");
  g_variant_dict_insert (action, "pid-file", "s", file);
  g_variant_dict_insert (action, "signal", "s", colon + 1);
  return TRUE;
}

/* In words as a shell would see them; no shell of ours sees them. */
static gboolean
parse_command (const char   *text,
               GVariantDict *action,
               GError      **error)
{
  g_auto(GStrv) words = NULL;

  if (!g_shell_parse_argv (text, NULL, &words, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--command %s”: a program and its arguments are needed, such as "
                         "'/usr/sbin/nginx -s reload'"), text);

  g_variant_dict_insert (action, "kind", "s", "command");
  g_variant_dict_insert_value (action, "command", g_variant_new_strv ((const char *const *) words, -1));
  return TRUE;
}

static void
insert_program (GVariantDict *settings,
                const char   *key,
                const char   *name)
{
  g_auto(GVariantDict) action = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&action, "kind", "s", "program");
  g_variant_dict_insert (&action, "program", "s", name);
  g_variant_dict_insert_value (settings, key, g_variant_dict_end (&action));
}

static gboolean
add_action (ChArgs       *args,
            GVariantDict *settings,
            GError      **error)
{
  const char *unit = ch_args_get (args, "reload-unit");
  const char *signal = ch_args_get (args, "signal");
  const char *program = ch_args_get (args, "program");
  const char *command = ch_args_get (args, "command");
  gboolean none = ch_args_has (args, "no-action");
  g_auto(GVariantDict) action = G_VARIANT_DICT_INIT (NULL);

  if ((unit != NULL) + (signal != NULL) + (program != NULL) + (command != NULL) + none > 1)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Only one of “--reload-unit”, “--signal”, “--program”, “--command” and "
                                                    "“--no-action” can be given"));
  if (unit == NULL && signal == NULL && program == NULL && command == NULL && !none)
    return TRUE;

  if ((signal != NULL && !parse_signal (signal, &action, error))
      || (command != NULL && !parse_command (command, &action, error)))
    return FALSE;
  if (none)
    g_variant_dict_insert (&action, "kind", "s", "none");
  if (unit != NULL)
    {
      g_variant_dict_insert (&action, "kind", "s", "reload-unit");
      g_variant_dict_insert (&action, "unit", "s", unit);
    }
  if (program != NULL)
    {
      g_variant_dict_insert (&action, "kind", "s", "program");
      g_variant_dict_insert (&action, "program", "s", program);
    }

  g_variant_dict_insert_value (settings, "action", g_variant_dict_end (&action));
  return TRUE;
}

/* "starttls=smtp" or "patience=90" behind a comma; what is allowed is the service's to say */
static gboolean
parse_check_option (const char   *text,
                    const char   *option,
                    GVariantDict *check,
                    GError      **error)
{
  guint64 seconds;

  if (g_str_has_prefix (option, "patience=")
      && g_ascii_string_to_unsigned (option + strlen ("patience="), 10, 1, G_MAXUINT32, &seconds, NULL))
    g_variant_dict_insert (check, "patience", "u", (guint32) seconds);
  else if (g_str_has_prefix (option, "starttls=") && strlen (option) > strlen ("starttls="))
    g_variant_dict_insert (check, "starttls", "s", option + strlen ("starttls="));
  else
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“--check %s”: only “starttls=PROTOCOL” and “patience=SECONDS” can stand behind a comma, such as "
                           "starttls=smtp"), text);

  return TRUE;
}

gboolean
ch_deploy_parse_endpoint (const char   *text,
                          GVariantDict *endpoint)
{
  g_auto(GStrv) pieces = g_strsplit (text, "/", 2);
  g_autoptr(GSocketConnectable) address = pieces[0] != NULL ? g_network_address_parse (pieces[0], 0, NULL) : NULL;

  if (address == NULL || g_network_address_get_port (G_NETWORK_ADDRESS (address)) == 0
      || (pieces[1] != NULL && *pieces[1] == '\0'))
    return FALSE;

  g_variant_dict_insert (endpoint, "host", "s", g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
  g_variant_dict_insert (endpoint, "port", "u", (guint32) g_network_address_get_port (G_NETWORK_ADDRESS (address)));
  if (pieces[1] != NULL)
    g_variant_dict_insert (endpoint, "sni", "s", pieces[1]);
  return TRUE;
}

/* "HOST:PORT/NAME", "[ADDRESS]:PORT", with ",starttls=smtp" or ",patience=90" behind it */
static GVariant *
parse_check (const char *text,
             GError    **error)
{
  g_auto(GStrv) pieces = g_strsplit (text, ",", -1);
  g_auto(GVariantDict) check = G_VARIANT_DICT_INIT (NULL);

  if (pieces[0] == NULL || !ch_deploy_parse_endpoint (pieces[0], &check))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“--check %s”: HOST:PORT or HOST:PORT/NAME is needed, such as "
                                               "127.0.0.1:443/www.example.test"), text);
      return NULL;
    }

  for (gsize i = 1; pieces[i] != NULL; i++)
    if (!parse_check_option (text, pieces[i], &check, error))
      return NULL;

  return g_variant_dict_end (&check);
}

static gboolean
add_checks (ChArgs       *args,
            GVariantDict *settings,
            GError      **error)
{
  g_autoptr(GVariantBuilder) checks = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  GPtrArray *texts = ch_args_all (args, "check");

  if (texts == NULL && !ch_args_has (args, "no-check"))
    return TRUE;
  if (texts != NULL && ch_args_has (args, "no-check"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--check” and “--no-check” exclude each other"));

  for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
      GVariant *check = parse_check (g_ptr_array_index (texts, i), error);

      if (check == NULL)
        return FALSE;
      g_variant_builder_add_value (checks, check);
    }

  g_variant_dict_insert_value (settings, "checks", g_variant_builder_end (checks));
  return TRUE;
}

static gboolean
has_key_store (GVariantDict *settings)
{
  g_autoptr(GVariant) files = g_variant_dict_lookup_value (settings, "files", G_VARIANT_TYPE ("aa{sv}"));
  const char *format;

  for (gsize i = 0; files != NULL && i < g_variant_n_children (files); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);

      if (g_variant_lookup (file, "format", "&s", &format)
          && (g_str_equal (format, "pkcs12") || g_str_equal (format, "jks")))
        return TRUE;
    }

  return FALSE;
}

static gboolean
template_needs_password (ChCli *cli)
{
  const char *name = ch_args_get (cli->args, "template");
  g_autoptr(GVariant) template = name != NULL ? ch_deploy_find_template (cli, name, NULL) : NULL;

  return template != NULL && ch_row_flag (template, "NeedsPassword");
}

/* Of key stores. Where there is a terminal it is asked for; where there is none, the service says that it is missing. */
static gboolean
add_password (ChCli        *cli,
              GVariantDict *settings,
              GError      **error)
{
  const char *file = ch_args_get (cli->args, "password-file");
  ch_autosecret char *password = NULL;

  if (file == NULL && !(ch_input_can_ask () && (has_key_store (settings) || template_needs_password (cli))))
    return TRUE;

  password = file != NULL ? ch_input_read_line (file, "password", error) : ch_input_ask (_("Password of the key store"), error);
  if (password == NULL)
    return FALSE;

  g_autoptr(GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (builder, "{ss}", "password", password);
  g_variant_dict_insert_value (settings, "secrets", g_variant_builder_end (builder));
  return TRUE;
}

static gboolean
add_times (ChArgs       *args,
           GVariantDict *settings,
           GError      **error)
{
  GPtrArray *windows = ch_args_all (args, "window");
  guint wave;

  if (windows != NULL && ch_args_has (args, "no-window"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--window” and “--no-window” exclude each other"));
  if (!ch_args_number (args, "wave", 0, 0, 1000, &wave, error))
    return FALSE;

  if (ch_args_has (args, "wave"))
    g_variant_dict_insert (settings, "wave", "u", (guint32) wave);
  if (windows != NULL || ch_args_has (args, "no-window"))
    g_variant_dict_insert_value (settings, "windows",
                                 g_variant_new_strv (windows != NULL ? (const char *const *) windows->pdata : NULL,
                                                     windows != NULL ? windows->len : 0));
  return TRUE;
}

static void
add_place (ChArgs       *args,
           GVariantDict *settings,
           const char   *option)
{
  if (ch_args_get (args, option) != NULL)
    g_variant_dict_insert (settings, option, "s", ch_args_get (args, option));
}

GVariant *
ch_deploy_settings (ChCli   *cli,
                    GError **error)
{
  ChArgs *args = cli->args;
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  const char *server = ch_args_get (args, "server");
  GPtrArray *names = ch_args_all (args, "name");

  const char *template = ch_args_get (args, "template");
  const char *test = ch_args_get (args, "test-program");

  if (template != NULL)
    g_variant_dict_insert (&settings, "template", "s", template);
  if (test != NULL)
    insert_program (&settings, "test", test);
  if (server != NULL)
    g_variant_dict_insert (&settings, "server", "s", server);
  if (names != NULL)
    g_variant_dict_insert_value (&settings, "names",
                                 g_variant_new_strv ((const char *const *) names->pdata, names->len));

  add_place (args, &settings, "web-root");
  add_place (args, &settings, "challenge-folder");
  if (!add_files (args, &settings, error) || !add_action (args, &settings, error)
      || !add_checks (args, &settings, error) || !add_times (args, &settings, error)
      || !add_password (cli, &settings, error))
    return NULL;

  return g_variant_ref_sink (g_variant_dict_end (&settings));
}

char *
ch_deploy_describe_file (GVariant *file)
{
  static const char *const keys[] = { "format", "alias", "owner", "group", "mode" };
  GString *text = g_string_new (ch_row_string (file, "path"));

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (*ch_row_string (file, keys[i]) != '\0')
      g_string_append_printf (text, ",%s=%s", keys[i], ch_row_string (file, keys[i]));

  return g_string_free (text, FALSE);
}

char *
ch_deploy_describe_action (GVariant *action)
{
  const char *kind = ch_row_string (action, "kind");

  if (g_str_equal (kind, "reload-unit"))
    return g_strdup_printf (_("reload %s"), ch_row_string (action, "unit"));
  if (g_str_equal (kind, "signal"))
    return g_strdup_printf (_("send %s to %s"), ch_row_string (action, "signal"),
                            ch_row_string (action, "pid-file"));
  if (g_str_equal (kind, "program"))
    return g_strdup_printf (_("run “%s”"), ch_row_string (action, "program"));
  if (g_str_equal (kind, "command"))
    {
      g_auto(GStrv) words = ch_row_strings (action, "command");
      g_autofree char *line = g_strjoinv (" ", words);

      return g_strdup_printf (_("run “%s” there"), line);
    }

  return g_strdup (_("nothing"));
}

char *
ch_deploy_describe_check (GVariant *check)
{
  const char *host = ch_row_string (check, "host");
  const char *name = ch_row_string (check, "sni");
  gboolean is_v6 = strchr (host, ':') != NULL;

  const char *start_tls = ch_row_string (check, "starttls");
  gint64 seconds = ch_row_number (check, "patience");
  g_autofree char *patience = seconds > 0 ? g_strdup_printf (",patience=%d", (int) seconds) : g_strdup ("");

  return g_strdup_printf ("%s%s%s:%d%s%s%s%s%s", is_v6 ? "[" : "", host, is_v6 ? "]" : "",
                          (int) ch_row_number (check, "port"), *name != '\0' ? "/" : "", name,
                          *start_tls != '\0' ? ",starttls=" : "", start_tls, patience);
}
