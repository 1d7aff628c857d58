/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "args.h"

#include "lib/error.h"
#include "nearest.h"

#include <glib/gi18n.h>
#include <string.h>

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

ChArgs *
ch_args_new (void)
{
  ChArgs *args = g_new (ChArgs, 1);

  args->words = new_list ();
  args->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  args->extra_names = new_list ();
  args->extra_values = new_list ();
  return args;
}

void
ch_args_free (ChArgs *args)
{
  g_ptr_array_unref (args->words);
  g_hash_table_unref (args->options);
  g_ptr_array_unref (args->extra_names);
  g_ptr_array_unref (args->extra_values);
  g_free (args);
}

/* GOption passes the option as it was written: "--name", or "-x" for the one letter that there is. */
gboolean
ch_args_store (const char *option,
               const char *value,
               gpointer    data,
               GError    **error)
{
  ChArgs *args = data;
  const char *name = g_str_equal (option, "-h") ? "help" : option + 2;
  GPtrArray *values = g_hash_table_lookup (args->options, name);

  if (values == NULL)
    {
      values = new_list ();
      g_hash_table_insert (args->options, g_strdup (name), values);
    }

  g_ptr_array_add (values, g_strdup (value != NULL ? value : ""));
  return TRUE;
}

static gboolean
refuse_unknown (const char                *option,
                const GOptionEntry *const *known,
                GError                   **error)
{
  g_autoptr(GPtrArray) names = new_list ();
  g_autofree char *bare = g_strndup (option, strcspn (option, "="));
  const char *nearest;

  for (gsize i = 0; known[i] != NULL; i++)
    for (const GOptionEntry *entry = known[i]; entry->long_name != NULL; entry++)
      g_ptr_array_add (names, g_strconcat ("--", entry->long_name, NULL));

  nearest = ch_nearest (bare, names);
  if (nearest != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is no option “%s” here; did you mean “%s”?"), bare,
                         nearest);

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("There is no option “%s” here; “--help” after the command lists those that are"),
                       bare);
}

/* Takes "--name=value" or "--name value" from @line at @index. */
static gboolean
take_extra (ChArgs            *args,
            const char *const *line,
            gsize             *index,
            GError           **error)
{
  const char *option = line[*index] + 2;
  const char *equals = strchr (option, '=');

  if (equals == NULL && line[*index + 1] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“--%s” needs a value after it"), option);

  g_ptr_array_add (args->extra_names,
                   equals != NULL ? g_strndup (option, (gsize) (equals - option)) : g_strdup (option));
  g_ptr_array_add (args->extra_values, g_strdup (equals != NULL ? equals + 1 : line[++*index]));
  return TRUE;
}

/* What GOption left over: words, unknown options, and perhaps "--", after which all are words. */
static gboolean
take_rest (ChArgs                    *args,
           const GOptionEntry *const *known,
           ChExtras                   extras,
           const char *const         *line,
           GError                   **error)
{
  gboolean only_words = FALSE;

  for (gsize i = 0; line[i] != NULL; i++)
    {
      if (only_words || line[i][0] != '-' || line[i][1] == '\0')
        g_ptr_array_add (args->words, g_strdup (line[i]));
      else if (g_str_equal (line[i], "--"))
        only_words = TRUE;
      else if (extras == CH_EXTRAS_REFUSED || line[i][1] != '-')
        return refuse_unknown (line[i], known, error);
      else if (!take_extra (args, line, &i, error))
        return FALSE;
    }

  return TRUE;
}

/* GOption stops looking at "--"; it is given only what stands before, and gives back what it does not know.
 * The value after an unknown option may look like a known one, which no real value does. */
gboolean
ch_args_parse (ChArgs                    *args,
               GOptionContext            *context,
               const GOptionEntry *const *known,
               ChExtras                   extras,
               const char *const         *line,
               GError                   **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) rest = NULL;
  g_autoptr(GError) failure = NULL;

  g_strv_builder_add (builder, "chancery");
  g_strv_builder_addv (builder, (const char **) line);
  rest = g_strv_builder_end (builder);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  if (!g_option_context_parse_strv (context, &rest, &failure))
    return ch_error_set (error, CH_ERROR_INVALID, "%s", failure->message);

  return take_rest (args, known, extras, (const char *const *) rest + 1, error);
}

gboolean
ch_args_has (ChArgs     *args,
             const char *name)
{
  return g_hash_table_contains (args->options, name);
}

const char *
ch_args_get (ChArgs     *args,
             const char *name)
{
  GPtrArray *values = ch_args_all (args, name);

  return values == NULL ? NULL : g_ptr_array_index (values, values->len - 1);
}

GPtrArray *
ch_args_all (ChArgs     *args,
             const char *name)
{
  return g_hash_table_lookup (args->options, name);
}

gboolean
ch_args_number (ChArgs     *args,
                const char *name,
                guint       fallback,
                guint       min,
                guint       max,
                guint      *value,
                GError    **error)
{
  const char *text = ch_args_get (args, name);
  guint64 number = fallback;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--%s %s”: a number from %u to %u is needed"),
                         name, text, min, max);

  *value = (guint) number;
  return TRUE;
}

gboolean
ch_args_day (ChArgs     *args,
             const char *name,
             gint64     *day,
             GError    **error)
{
  const char *text = ch_args_get (args, name);
  g_autofree char *midnight = g_strconcat (text, "T00:00:00Z", NULL);
  g_autoptr(GDateTime) date = strlen (text) == 10 ? g_date_time_new_from_iso8601 (midnight, NULL) : NULL;

  if (date == NULL || text[4] != '-' || text[7] != '-')
    return ch_error_set (error, CH_ERROR_INVALID, _("“--%s %s”: a day is needed, such as 2027-03-15"), name, text);

  *day = g_date_time_to_unix (date);
  return TRUE;
}

const char *
ch_args_word (ChArgs *args,
              guint   index)
{
  return g_ptr_array_index (args->words, index);
}
