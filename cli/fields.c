/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fields.h"

#include "lib/error.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "nearest.h"
#include "secret-input.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  ChAnswers *answers;       /* (not owned) */
  GVariant *fields;         /* (not owned): aa{sv} */
  const char *title;        /* (not owned): of the kind */
} Form;

void
ch_answers_free (ChAnswers *answers)
{
  g_hash_table_unref (answers->settings);
  g_hash_table_unref (answers->secrets);
  g_free (answers);
}

/* kinds */

GPtrArray *
ch_fields_kinds (ChCli      *cli,
                 const char *role,
                 GError    **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariantIter) iter = NULL;
  g_autoptr(GPtrArray) kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  GVariant *kind;

  if (client == NULL)
    return NULL;

  reply = ch_client_call_manager (client, "ListKinds", g_variant_new ("(s)", role), "(aa{sv})", NULL, error);
  if (reply == NULL)
    return NULL;

  g_variant_get (reply, "(aa{sv})", &iter);
  while ((kind = g_variant_iter_next_value (iter)) != NULL)
    g_ptr_array_add (kinds, kind);

  return g_steal_pointer (&kinds);
}

GVariant *
ch_fields_kind (ChCli      *cli,
                const char *role,
                const char *kind,
                GError    **error)
{
  g_autoptr(GPtrArray) kinds = ch_fields_kinds (cli, role, error);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *all = NULL;

  if (kinds == NULL)
    return NULL;

  for (guint i = 0; i < kinds->len; i++)
    {
      GVariant *row = g_ptr_array_index (kinds, i);

      if (g_str_equal (ch_row_string (row, "kind"), kind))
        return g_variant_ref (row);
      g_ptr_array_add (names, (gpointer) ch_row_string (row, "kind"));
    }

  all = ch_join (names);
  ch_error_set (error, CH_ERROR_INVALID, _("There is no kind “%s”; these are: %s"), kind, all);
  return NULL;
}

/* fields and their options */

static gboolean
is_secret (GVariant *field)
{
  return ch_row_flag (field, "secret");
}

/* Nobody types several lines after an option. */
static gboolean
is_in_file (GVariant *field)
{
  return is_secret (field) || ch_row_flag (field, "multiline");
}

/* "password" is read by --password-file; "key-file" by --key-file, as nobody says --key-file-file. */
static char *
option_name (GVariant *field)
{
  const char *name = ch_row_string (field, "name");

  if (!is_in_file (field) || g_str_has_suffix (name, "-file"))
    return g_strdup (name);

  return g_strconcat (name, "-file", NULL);
}

char *
ch_fields_option (GVariant *field)
{
  g_autofree char *name = option_name (field);

  return g_strdup_printf ("--%s %s", name, is_in_file (field) ? _("FILE") : _("VALUE"));
}

static GVariant *
find_field (GVariant   *fields,
            const char *name)
{
  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);

      if (g_str_equal (ch_row_string (field, "name"), name))
        return g_steal_pointer (&field);
    }

  return NULL;
}

static GVariant *
find_by_option (GVariant   *fields,
                const char *option)
{
  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);
      g_autofree char *name = option_name (field);

      if (g_str_equal (name, option))
        return g_steal_pointer (&field);
    }

  return NULL;
}

static gboolean
refuse_name (Form       *form,
             const char *name,
             const char *dashes,
             GError    **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *all = NULL;
  const char *nearest;

  for (gsize i = 0; i < g_variant_n_children (form->fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (form->fields, i);

      g_ptr_array_add (names,
                       *dashes != '\0' ? option_name (field) : g_strdup (ch_row_string (field, "name")));
    }

  nearest = ch_nearest (name, names);
  if (nearest != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” has no setting “%s%s”; did you mean “%s%s”?"),
                         form->title, dashes, name, dashes, nearest);

  all = ch_join (names);
  return ch_error_set (error, CH_ERROR_INVALID, _("“%s” has no setting “%s%s”; these are: %s"),
                       form->title, dashes, name, all);
}

static gboolean
refuse_open_secret (GVariant *field,
                    GError  **error)
{
  g_autofree char *option = option_name (field);

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("“%s” is a secret and is not taken from the command line, which every user of this "
                         "machine can read: give the name of a file with “--%s FILE” "
                         "(“-” for standard input)"),
                       ch_row_string (field, "name"), option);
}

/* collecting */

static gboolean
store_setting (Form       *form,
               GVariant   *field,
               const char *value,
               GError    **error)
{
  if (is_secret (field))
    return refuse_open_secret (field, error);

  g_hash_table_insert (form->answers->settings, g_strdup (ch_row_string (field, "name")), g_strdup (value));
  return TRUE;
}

static gboolean
store_file (Form       *form,
            GVariant   *field,
            const char *file,
            GError    **error)
{
  const char *name = ch_row_string (field, "name");
  char *text = ch_row_flag (field, "multiline") ? ch_input_read (file, name, error)
                                                : ch_input_read_line (file, name, error);

  if (text == NULL)
    return FALSE;

  g_hash_table_insert (is_secret (field) ? form->answers->secrets : form->answers->settings, g_strdup (name),
                       text);
  return TRUE;
}

typedef gboolean (*Store) (Form *form, GVariant *field, const char *value, GError **error);

/* "NAME=VALUE" of --set and its like. */
static gboolean
take_pair (Form       *form,
           const char *option,
           const char *pair,
           Store       store,
           GError    **error)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *name = NULL;
  g_autoptr(GVariant) field = NULL;

  if (equals == NULL || equals == pair)
    return ch_error_set (error, CH_ERROR_INVALID, _("“--%s” wants NAME=%s after it"), option,
                         store == store_setting ? "VALUE" : "FILE");

  name = g_strndup (pair, (gsize) (equals - pair));
  field = find_field (form->fields, name);
  if (field == NULL)
    return refuse_name (form, name, "", error);

  return store (form, field, equals + 1, error);
}

static gboolean
take_pairs (Form       *form,
            ChArgs     *args,
            const char *option,
            Store       store,
            GError    **error)
{
  GPtrArray *pairs = ch_args_all (args, option);

  for (guint i = 0; pairs != NULL && i < pairs->len; i++)
    if (!take_pair (form, option, g_ptr_array_index (pairs, i), store, error))
      return FALSE;

  return TRUE;
}

/* "--NAME VALUE" and "--NAME-file FILE". */
static gboolean
take_extra (Form       *form,
            const char *option,
            const char *value,
            GError    **error)
{
  g_autoptr(GVariant) field = find_by_option (form->fields, option);
  g_autoptr(GVariant) bare = NULL;

  if (field != NULL)
    return is_in_file (field) ? store_file (form, field, value, error)
                              : store_setting (form, field, value, error);

  bare = find_field (form->fields, option);
  if (bare != NULL)
    return store_setting (form, bare, value, error);

  return refuse_name (form, option, "--", error);
}

static gboolean
take_all (Form   *form,
          ChArgs *args,
          GError **error)
{
  for (guint i = 0; i < args->extra_names->len; i++)
    if (!take_extra (form, g_ptr_array_index (args->extra_names, i),
                     g_ptr_array_index (args->extra_values, i), error))
      return FALSE;

  return take_pairs (form, args, "set", store_setting, error)
         && take_pairs (form, args, "set-file", store_file, error)
         && take_pairs (form, args, "secret-file", store_file, error);
}

/* A key file cannot be typed, so only secrets of one line are asked for. */
static gboolean
ask_one (Form     *form,
         GVariant *field,
         GError  **error)
{
  const char *name = ch_row_string (field, "name");
  g_autofree char *option = ch_fields_option (field);
  g_autofree char *question = NULL;
  char *typed;

  if (!ch_input_can_ask () || ch_row_flag (field, "multiline"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” (%s) is missing: give it with “%s”"),
                         name, ch_row_string (field, "title"), option);

  question = g_strdup_printf ("%s (%s)", ch_row_string (field, "title"), name);
  typed = ch_input_ask (question, error);
  if (typed == NULL)
    return FALSE;

  g_hash_table_insert (form->answers->secrets, g_strdup (name), typed);
  return TRUE;
}

/* Settings are asked for first in the sense that what is missing there is said before a secret is typed. */
static gboolean
check_settings (Form    *form,
                GError **error)
{
  for (gsize i = 0; i < g_variant_n_children (form->fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (form->fields, i);
      const char *name = ch_row_string (field, "name");

      if (!is_secret (field) && ch_row_flag (field, "required") && *ch_row_string (field, "default") == '\0'
          && !g_hash_table_contains (form->answers->settings, name))
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("“%s” (%s) is missing: give it with “--%s VALUE”. %s"),
                             name, ch_row_string (field, "title"), name, ch_row_string (field, "help"));
    }

  return TRUE;
}

static gboolean
ask_missing_of (Form    *form,
                GError **error)
{
  if (!check_settings (form, error))
    return FALSE;

  for (gsize i = 0; i < g_variant_n_children (form->fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (form->fields, i);

      if (is_secret (field) && ch_row_flag (field, "required")
          && !g_hash_table_contains (form->answers->secrets, ch_row_string (field, "name"))
          && !ask_one (form, field, error))
        return FALSE;
    }

  return TRUE;
}

ChAnswers *
ch_fields_answer (ChCli    *cli,
                  GVariant *kind,
                  GError  **error)
{
  g_autoptr(ChAnswers) answers = g_new (ChAnswers, 1);
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  Form form = { answers, fields, ch_row_string (kind, "kind") };

  answers->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  answers->secrets = ch_secret_table_new ();

  if (!take_all (&form, cli->args, error))
    return NULL;

  return g_steal_pointer (&answers);
}

gboolean
ch_fields_ask_missing (GVariant   *kind,
                       ChAnswers  *answers,
                       GError    **error)
{
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  Form form = { answers, fields, ch_row_string (kind, "kind") };

  return ask_missing_of (&form, error);
}

GVariant *
ch_fields_pack (GHashTable *table)
{
  g_autoptr(GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE ("a{ss}"));
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_variant_builder_add (builder, "{ss}", (char *) name, (char *) value);

  return g_variant_builder_end (builder);
}
