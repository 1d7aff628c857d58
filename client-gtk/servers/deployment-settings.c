/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-settings.h"

#include "lib/row.h"
#include "servers/deployment-fields.h"
#include "servers/endpoint.h"

#include <string.h>

/* Settings that are one text in the form and on the bus. */
static const struct
{
  const char *name;
  const char *key;
} texts[] = {
  { "server", "ServerName" },
  { "template", "Template" },
  { "web-root", "WebRoot" },
  { "challenge-folder", "ChallengeFolder" },
};

static const char *const details[] = { "unit", "pid-file", "signal", "program", "command", NULL };

/* showing */

static gboolean
is_like (GVariant               *file,
         const ChDeploymentFile *wanted)
{
  const char *format = ch_row_string (file, "format");

  return g_str_equal (ch_row_string (file, "part"), wanted->part)
         && g_str_equal (*format != '\0' ? format : "pem", wanted->format);
}

/* Whether it is one that the form shows: the first of its part and format. */
static gboolean
is_shown_file (GVariant               *files,
               gsize                   position,
               const ChDeploymentFile *wanted)
{
  for (gsize i = 0; i <= position; i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);

      if (is_like (file, wanted))
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

      for (const ChDeploymentFile *wanted = ch_deployment_files; wanted->part != NULL; wanted++)
        if (is_shown_file (files, i, wanted))
          ch_form_set_value (form, wanted->name, ch_row_string (file, "path"));
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
      g_autofree char *word = ch_endpoint_write (check);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", word);
    }
  ch_form_set_value (form, "checks", text->str);
}

/* An action or a test; a command is written as a shell would read it. */
static void
fill_act (ChForm     *form,
          const char *prefix,
          const char *name,
          GVariant   *act)
{
  g_auto(GStrv) words = ch_row_strings (act, "command");
  g_autoptr(GString) command = g_string_new (NULL);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_autofree char *quoted = g_shell_quote (words[i]);
      gboolean is_plain = *words[i] != '\0' && strpbrk (words[i], " \t\n'\"\\$`#&|;<>*?") == NULL;

      g_string_append_printf (command, "%s%s", i > 0 ? " " : "", is_plain ? words[i] : quoted);
    }

  ch_form_set_value (form, name, ch_row_string (act, "kind"));
  for (gsize i = 0; details[i] != NULL; i++)
    {
      g_autofree char *field = ch_deployment_field (prefix, details[i]);

      ch_form_set_value (form, field, g_str_equal (details[i], "command") ? command->str
                                                                          : ch_row_string (act, details[i]));
    }
}

static void
fill_texts (ChForm   *form,
            GVariant *row)
{
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_auto(GStrv) windows = ch_row_strings (row, "Windows");
  g_autofree char *all_names = g_strjoinv (", ", names);
  g_autofree char *all_windows = g_strjoinv ("; ", windows);
  gint64 wave = ch_row_number (row, "Wave");
  g_autofree char *number = wave != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, wave) : g_strdup ("");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    ch_form_set_value (form, texts[i].name, ch_row_string (row, texts[i].key));
  ch_form_set_value (form, "names", all_names);
  ch_form_set_value (form, "windows", all_windows);
  ch_form_set_value (form, "wave", number);
}

void
ch_deployment_fill (ChForm   *form,
                    GVariant *row)
{
  g_autoptr(GVariant) files = ch_row_list (row, "Files", "aa{sv}");
  g_autoptr(GVariant) checks = ch_row_list (row, "Checks", "aa{sv}");
  g_autoptr(GVariant) action = ch_row_list (row, "Action", "a{sv}");
  g_autoptr(GVariant) test = ch_row_list (row, "Test", "a{sv}");
  g_auto(GStrv) secrets = ch_row_strings (row, "Secrets");

  fill_texts (form, row);
  fill_files (form, files);
  fill_checks (form, checks);
  fill_act (form, "", "action", action);
  fill_act (form, "test-", "test", test);
  if (g_strv_contains ((const char *const *) secrets, "password"))
    ch_form_field_set_kept (ch_form_get_field (form, "password"));
}

/* collecting */

static GVariant *
with_path (GVariant               *file,
           const ChDeploymentFile *wanted,
           const char             *path)
{
  GVariantDict changed;

  g_variant_dict_init (&changed, file);
  g_variant_dict_insert (&changed, "part", "s", wanted->part);
  g_variant_dict_insert (&changed, "format", "s", wanted->format);
  g_variant_dict_insert (&changed, "path", "s", path);
  return g_variant_dict_end (&changed);
}

static const ChDeploymentFile *
find_shown (GVariant *files,
            gsize     position)
{
  for (const ChDeploymentFile *wanted = ch_deployment_files; wanted->part != NULL; wanted++)
    if (is_shown_file (files, position, wanted))
      return wanted;

  return NULL;
}

static gboolean
has_file (GVariant               *files,
          const ChDeploymentFile *wanted)
{
  for (gsize i = 0; i < g_variant_n_children (files); i++)
    if (is_shown_file (files, i, wanted))
      return TRUE;

  return FALSE;
}

/* Those that were there keep what the form has no line for; what a template gives by itself is not
 * repeated. */
static GVariant *
collect_files (ChForm     *form,
               GVariant   *before,
               GHashTable *prefilled)
{
  GVariantBuilder files = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; i < g_variant_n_children (before); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (before, i);
      const ChDeploymentFile *wanted = find_shown (before, i);
      g_autofree char *path = wanted != NULL ? ch_form_get_value (form, wanted->name) : NULL;

      if (wanted == NULL)
        g_variant_builder_add_value (&files, file);
      else if (*g_strstrip (path) != '\0')
        g_variant_builder_add_value (&files, with_path (file, wanted, path));
    }

  for (const ChDeploymentFile *wanted = ch_deployment_files; wanted->part != NULL; wanted++)
    {
      g_autofree char *path = ch_form_get_value (form, wanted->name);

      if (!has_file (before, wanted) && *g_strstrip (path) != '\0'
          && g_strcmp0 (path, g_hash_table_lookup (prefilled, wanted->name)) != 0)
        g_variant_builder_add_value (&files, with_path (NULL, wanted, path));
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
      g_autofree char *text = ch_endpoint_write (check);

      if (g_str_equal (text, word))
        return g_steal_pointer (&check);
    }

  return g_variant_ref_sink (ch_endpoint_read (word));
}

static GVariant *
collect_checks (ChForm   *form,
                GVariant *before)
{
  GVariantBuilder checks = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autofree char *text = ch_form_get_value (form, "checks");
  g_auto(GStrv) words = ch_endpoint_split (text);

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr(GVariant) check = find_check (before, *word);

      g_variant_builder_add_value (&checks, check);
    }
  return g_variant_builder_end (&checks);
}

static void
insert_command (GVariantDict *act,
                const char   *text)
{
  g_auto(GStrv) words = NULL;
  const char *whole[] = { text, NULL };

  /* What no shell could read is refused by the service, which says why. */
  if (!g_shell_parse_argv (text, NULL, &words, NULL))
    g_variant_dict_insert_value (act, "command", g_variant_new_strv (whole, -1));
  else
    g_variant_dict_insert_value (act, "command", g_variant_new_strv ((const char *const *) words, -1));
}

static GVariant *
collect_act (ChForm     *form,
             const char *prefix,
             const char *kind)
{
  GVariantDict act;

  g_variant_dict_init (&act, NULL);
  g_variant_dict_insert (&act, "kind", "s", kind);
  for (const ChDeploymentAct *known = ch_deployment_acts; known->kind != NULL; known++)
    for (gsize i = 0; g_str_equal (known->kind, kind) && known->keys[i] != NULL; i++)
      {
        g_autofree char *field = ch_deployment_field (prefix, known->keys[i]);
        g_autofree char *value = ch_form_get_value (form, field);

        g_strstrip (value);
        if (g_str_equal (known->keys[i], "command"))
          insert_command (&act, value);
        else
          g_variant_dict_insert (&act, known->keys[i], "s", value);
      }
  return g_variant_dict_end (&act);
}

/* Nothing is said where the template is to say it. */
static void
add_act (ChForm       *form,
         const char   *prefix,
         const char   *name,
         GVariantDict *settings)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) fields = NULL;
  g_autofree char *kind = ch_form_get_value (form, name);

  g_strv_builder_add (builder, name);
  for (gsize i = 0; details[i] != NULL; i++)
    {
      g_autofree char *field = ch_deployment_field (prefix, details[i]);

      g_strv_builder_add (builder, field);
    }
  fields = g_strv_builder_end (builder);
  if (*kind != '\0' && ch_form_is_changed (form, (const char *const *) fields))
    g_variant_dict_insert_value (settings, name, collect_act (form, prefix, kind));
}

static gboolean
is_changed (ChForm     *form,
            GVariant   *row,
            const char *name)
{
  return row == NULL || ch_form_is_changed (form, (const char *[]) { name, NULL });
}

static void
add_texts (ChForm       *form,
           GVariant     *row,
           GVariantDict *settings)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *value = ch_form_get_value (form, texts[i].name);

      g_strstrip (value);
      if (is_changed (form, row, texts[i].name) && (row != NULL || *value != '\0'))
        g_variant_dict_insert (settings, texts[i].name, "s", value);
    }
}

static void
add_plan (ChForm       *form,
          GVariantDict *settings)
{
  g_autofree char *wave = ch_form_get_value (form, "wave");
  g_autofree char *text = ch_form_get_value (form, "windows");
  g_auto(GStrv) pieces = g_strsplit_set (text, ";\n", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) windows = NULL;

  /* A number that is none becomes one that is refused with the reason. */
  if (ch_form_is_changed (form, (const char *[]) { "wave", NULL }))
    {
      guint64 number = 0;
      gboolean ok = *g_strstrip (wave) == '\0'
                    || g_ascii_string_to_unsigned (wave, 10, 0, G_MAXUINT32, &number, NULL);

      g_variant_dict_insert (settings, "wave", "u", ok ? (guint32) number : G_MAXUINT32);
    }
  for (char **piece = pieces; *piece != NULL; piece++)
    if (*g_strstrip (*piece) != '\0')
      g_strv_builder_add (builder, *piece);
  windows = g_strv_builder_end (builder);
  if (ch_form_is_changed (form, (const char *[]) { "windows", NULL }))
    g_variant_dict_insert_value (settings, "windows", g_variant_new_strv ((const char *const *) windows, -1));
}

static gboolean
are_files_changed (ChForm   *form,
                   GVariant *row)
{
  for (const ChDeploymentFile *file = ch_deployment_files; file->part != NULL; file++)
    if (is_changed (form, row, file->name))
      return TRUE;

  return FALSE;
}

GVariant *
ch_deployment_collect (ChForm     *form,
                       GVariant   *row,
                       GHashTable *prefilled)
{
  g_autoptr(GVariant) nothing = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  GVariant *known = row != NULL ? row : nothing;
  g_autoptr(GVariant) files = ch_row_list (known, "Files", "aa{sv}");
  g_autoptr(GVariant) checks = ch_row_list (known, "Checks", "aa{sv}");
  g_autoptr(GVariant) secrets = ch_form_get_secrets (form);
  g_autofree char *endpoints = ch_form_get_value (form, "checks");
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  add_texts (form, row, &settings);
  add_plan (form, &settings);
  if (is_changed (form, row, "names"))
    {
      g_autofree char *text = ch_form_get_value (form, "names");
      g_auto(GStrv) names = ch_endpoint_split (text);

      g_variant_dict_insert_value (&settings, "names", g_variant_new_strv ((const char *const *) names, -1));
    }
  if (are_files_changed (form, row))
    g_variant_dict_insert_value (&settings, "files", collect_files (form, files, prefilled));
  add_act (form, "", "action", &settings);
  add_act (form, "test-", "test", &settings);
  if (is_changed (form, row, "checks") && (row != NULL || *g_strstrip (endpoints) != '\0'))
    g_variant_dict_insert_value (&settings, "checks", collect_checks (form, checks));
  if (g_variant_n_children (secrets) > 0)
    g_variant_dict_insert_value (&settings, "secrets", secrets);
  return g_variant_ref_sink (g_variant_dict_end (&settings));
}
