/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-settings.h"

#include "lib/row.h"

#include <glib/gi18n.h>
#include <string.h>

/* Files that the form has a line for: one of each part, as PEM. */
static const struct
{
  const char *part;
  const char *name;
  const char *title;
  const char *help;
  gboolean advanced;
} parts[] = {
  { "fullchain", "file-fullchain", N_("Certificate with its chain"),
    N_("Path on the server, such as /etc/nginx/tls/www.pem"), FALSE },
  { "key", "file-key", N_("Private key"), N_("Path on the server, such as /etc/nginx/tls/www.key"), FALSE },
  { "certificate", "file-certificate", N_("Certificate alone"),
    N_("Path on the server, for programs that want it by itself"), TRUE },
  { "chain", "file-chain", N_("Chain alone"), N_("Path on the server, for programs that want it by itself"),
    TRUE },
  { "all", "file-all", N_("Key, certificate and chain in one file"),
    N_("Path on the server, for programs such as HAProxy"), TRUE },
};

/* What each kind of action must be told; "command", which is a list, is left to the command line. */
static const struct
{
  const char *kind;
  const char *keys[3];
} actions[] = {
  { "none", { NULL } },
  { "reload-unit", { "unit" } },
  { "signal", { "pid-file", "signal" } },
  { "program", { "program" } },
};

static const char *const action_names[] = { "action", "unit", "pid-file", "signal", "program", NULL };

/* fields */

static void
add_field (GVariantBuilder   *fields,
           const char        *name,
           const char        *title,
           const char        *help,
           gboolean           advanced,
           const char *const *choices)
{
  static const char *const none[] = { NULL };
  GVariantDict row;

  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "name", "s", name);
  g_variant_dict_insert (&row, "title", "s", title);
  g_variant_dict_insert (&row, "help", "s", help);
  g_variant_dict_insert (&row, "advanced", "b", advanced);
  g_variant_dict_insert (&row, "required", "b", g_str_equal (name, "names"));
  g_variant_dict_insert (&row, "default", "s", choices != NULL && choices[0] != NULL ? choices[0] : "");
  g_variant_dict_insert_value (&row, "choices", g_variant_new_strv (choices != NULL ? choices : none, -1));
  g_variant_builder_add_value (fields, g_variant_dict_end (&row));
}

GVariant *
ch_deployment_fields (const char *const *servers)
{
  static const char *const kinds[] = { "none", "reload-unit", "signal", "program", NULL };
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  add_field (&fields, "server", _("Server"), _("On which the files are put"), FALSE, servers);
  add_field (&fields, "names", _("Names"),
             _("It wants certificates that cover all of these; with blanks or commas between them"), FALSE,
             NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    add_field (&fields, parts[i].name, _(parts[i].title), _(parts[i].help), parts[i].advanced, NULL);
  add_field (&fields, "action", _("Action"), _("What makes the service take new files"), FALSE, kinds);
  add_field (&fields, "unit", _("Unit"), _("That is reloaded, such as nginx.service"), FALSE, NULL);
  add_field (&fields, "pid-file", _("PID file"), _("Of the service that gets a signal"), FALSE, NULL);
  add_field (&fields, "signal", _("Signal"), _("Such as HUP"), FALSE, NULL);
  add_field (&fields, "program", _("Program"), _("Its name in the configuration of the service chanceryd"),
             FALSE, NULL);
  add_field (&fields, "checks", _("Checks"),
             _("Where the new certificate must be seen: HOST, HOST:PORT or HOST:PORT/NAME, with blanks or "
               "commas between them"), FALSE, NULL);
  return g_variant_builder_end (&fields);
}

void
ch_deployment_show_needed (ChForm *form)
{
  g_autofree char *kind = ch_form_get_value (form, "action");

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    for (gsize j = 0; actions[i].keys[j] != NULL; j++)
      ch_form_show_field (form, actions[i].keys[j], g_str_equal (actions[i].kind, kind));
}

/* lists of words */

static GStrv
split_words (const char *text)
{
  g_auto(GStrv) pieces = g_strsplit_set (text, " ,;\t\n", -1);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (char **piece = pieces; *piece != NULL; piece++)
    if (**piece != '\0')
      g_strv_builder_add (words, *piece);
  return g_strv_builder_end (words);
}

/* "[2001:db8::1]:8443/www.example.test"; the port that is usual, and the name that is the host, are left
 * out. */
static char *
write_check (GVariant *check)
{
  const char *host = ch_row_string (check, "host");
  const char *sni = ch_row_string (check, "sni");
  gint64 port = ch_row_number (check, "port");
  gboolean is_v6 = strchr (host, ':') != NULL;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s%s%s", is_v6 ? "[" : "", host, is_v6 ? "]" : "");
  if (port != 0 && port != 443)
    g_string_append_printf (text, ":%" G_GINT64_FORMAT, port);
  if (*sni != '\0')
    g_string_append_printf (text, "/%s", sni);
  return g_string_free (text, FALSE);
}

/* The service says what is wrong with it: a port that is none becomes 0. */
static GVariant *
read_check (const char *text)
{
  g_auto(GStrv) halves = g_strsplit (text, "/", 2);
  char *host = halves[0];
  char *colon = *host == '[' ? strchr (host, ']') : strchr (host, ':');
  GVariantDict check;

  g_variant_dict_init (&check, NULL);
  if (*host == '[' && colon != NULL)
    {
      host++;
      *colon++ = '\0';
    }
  if (colon != NULL && *colon == ':')
    {
      g_variant_dict_insert (&check, "port", "u", (guint32) g_ascii_strtoull (colon + 1, NULL, 10));
      *colon = '\0';
    }
  g_variant_dict_insert (&check, "host", "s", host);
  if (halves[1] != NULL)
    g_variant_dict_insert (&check, "sni", "s", halves[1]);
  return g_variant_dict_end (&check);
}

/* showing */

/* Whether it is one that the form shows: the first of its part that is PEM. */
static gboolean
is_shown_file (GVariant   *files,
               gsize       position,
               const char *part)
{
  for (gsize i = 0; i <= position; i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);
      const char *format = ch_row_string (file, "format");

      if (g_str_equal (ch_row_string (file, "part"), part)
          && (*format == '\0' || g_str_equal (format, "pem")))
        return i == position;
    }

  return FALSE;
}

static void
fill_files (ChForm   *form,
            GVariant *files)
{
  for (gsize i = 0; i < g_variant_n_children (files); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);

      for (gsize j = 0; j < G_N_ELEMENTS (parts); j++)
        if (is_shown_file (files, i, parts[j].part))
          ch_form_set_value (form, parts[j].name, ch_row_string (file, "path"));
    }
}

static void
fill_checks (ChForm   *form,
             GVariant *checks)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (checks); i++)
    {
      g_autoptr(GVariant) check = g_variant_get_child_value (checks, i);
      g_autofree char *word = write_check (check);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", word);
    }
  ch_form_set_value (form, "checks", text->str);
}

void
ch_deployment_fill (ChForm   *form,
                    GVariant *row)
{
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *text = g_strjoinv (", ", names);
  g_autoptr(GVariant) files = ch_row_list (row, "Files", "aa{sv}");
  g_autoptr(GVariant) checks = ch_row_list (row, "Checks", "aa{sv}");
  g_autoptr(GVariant) action = ch_row_list (row, "Action", "a{sv}");

  ch_form_set_value (form, "server", ch_row_string (row, "ServerName"));
  ch_form_set_value (form, "names", text);
  fill_files (form, files);
  fill_checks (form, checks);
  ch_form_set_value (form, "action", ch_row_string (action, "kind"));
  for (gsize i = 1; action_names[i] != NULL; i++)
    ch_form_set_value (form, action_names[i], ch_row_string (action, action_names[i]));
}

/* collecting */

static GVariant *
with_path (GVariant   *file,
           const char *part,
           const char *path)
{
  GVariantDict changed;

  g_variant_dict_init (&changed, file);
  g_variant_dict_insert (&changed, "part", "s", part);
  g_variant_dict_insert (&changed, "path", "s", path);
  return g_variant_dict_end (&changed);
}

static GVariant *
collect_files (ChForm   *form,
               GVariant *before)
{
  GVariantBuilder files = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  gboolean placed[G_N_ELEMENTS (parts)] = { FALSE };

  for (gsize i = 0; i < g_variant_n_children (before); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (before, i);
      gsize j = 0;

      while (j < G_N_ELEMENTS (parts) && !is_shown_file (before, i, parts[j].part))
        j++;
      if (j == G_N_ELEMENTS (parts))
        {
          g_variant_builder_add_value (&files, file);
          continue;
        }

      g_autofree char *path = ch_form_get_value (form, parts[j].name);
      placed[j] = TRUE;
      if (*g_strstrip (path) != '\0')
        g_variant_builder_add_value (&files, with_path (file, parts[j].part, path));
    }

  for (gsize j = 0; j < G_N_ELEMENTS (parts); j++)
    {
      g_autofree char *path = ch_form_get_value (form, parts[j].name);

      if (!placed[j] && *g_strstrip (path) != '\0')
        g_variant_builder_add_value (&files, with_path (NULL, parts[j].part, path));
    }
  return g_variant_builder_end (&files);
}

/* A check that stands there as before stays what it was, with what cannot be written in the line. */
static GVariant *
find_check (GVariant   *before,
            const char *word)
{
  for (gsize i = 0; i < g_variant_n_children (before); i++)
    {
      g_autoptr(GVariant) check = g_variant_get_child_value (before, i);
      g_autofree char *text = write_check (check);

      if (g_str_equal (text, word))
        return g_steal_pointer (&check);
    }

  return g_variant_ref_sink (read_check (word));
}

static GVariant *
collect_checks (ChForm   *form,
                GVariant *before)
{
  GVariantBuilder checks = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autofree char *text = ch_form_get_value (form, "checks");
  g_auto(GStrv) words = split_words (text);

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr(GVariant) check = find_check (before, *word);

      g_variant_builder_add_value (&checks, check);
    }
  return g_variant_builder_end (&checks);
}

static GVariant *
collect_action (ChForm *form)
{
  g_autofree char *kind = ch_form_get_value (form, "action");
  GVariantDict action;

  g_variant_dict_init (&action, NULL);
  g_variant_dict_insert (&action, "kind", "s", kind);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    for (gsize j = 0; g_str_equal (actions[i].kind, kind) && actions[i].keys[j] != NULL; j++)
      {
        g_autofree char *value = ch_form_get_value (form, actions[i].keys[j]);

        g_variant_dict_insert (&action, actions[i].keys[j], "s", g_strstrip (value));
      }
  return g_variant_dict_end (&action);
}

static gboolean
is_changed (ChForm     *form,
            GVariant   *row,
            const char *name)
{
  return row == NULL || ch_form_is_changed (form, (const char *[]) { name, NULL });
}

GVariant *
ch_deployment_collect (ChForm   *form,
                       GVariant *row)
{
  g_autoptr(GVariant) nothing = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  GVariant *known = row != NULL ? row : nothing;
  g_autoptr(GVariant) files = ch_row_list (known, "Files", "aa{sv}");
  g_autoptr(GVariant) checks = ch_row_list (known, "Checks", "aa{sv}");
  gboolean files_changed = row == NULL;
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    files_changed = files_changed || is_changed (form, row, parts[i].name);
  if (is_changed (form, row, "server"))
    {
      g_autofree char *server = ch_form_get_value (form, "server");

      g_variant_dict_insert (&settings, "server", "s", server);
    }
  if (is_changed (form, row, "names"))
    {
      g_autofree char *text = ch_form_get_value (form, "names");
      g_auto(GStrv) names = split_words (text);

      g_variant_dict_insert_value (&settings, "names", g_variant_new_strv ((const char *const *) names, -1));
    }
  if (files_changed)
    g_variant_dict_insert_value (&settings, "files", collect_files (form, files));
  if (row == NULL || ch_form_is_changed (form, action_names))
    g_variant_dict_insert_value (&settings, "action", collect_action (form));
  if (is_changed (form, row, "checks"))
    g_variant_dict_insert_value (&settings, "checks", collect_checks (form, checks));
  return g_variant_ref_sink (g_variant_dict_end (&settings));
}
