/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ChArgs:
 *
 * The words of one command line. Options are described by constant #GOptionEntry tables made with
 * CH_OPTION() and CH_SWITCH(), and land here by name. Options that the table does not know are kept
 * as "extra" when the command takes such (--FIELD VALUE), else refused with the nearest that exists.
 */
typedef struct
{
  GPtrArray *words;         /* (element-type utf8) (owned): what is no option */
  GHashTable *options;      /* (element-type utf8 GPtrArray(utf8)) (owned): name → values, in order */
  GPtrArray *extra_names;   /* (element-type utf8) (owned): without dashes */
  GPtrArray *extra_values;  /* (element-type utf8) (owned): as many */
} ChArgs;

/** CH_OPTION: an entry that takes a value; may be given several times. Values are UTF-8 in every locale. */
#define CH_OPTION(name, help, value) \
  { name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) ch_args_store, help, value }

/** CH_SWITCH: an entry without a value. */
#define CH_SWITCH(name, help) \
  { name, 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) ch_args_store, help, NULL }

/** CH_SHORT_SWITCH: the same with one letter beside. */
#define CH_SHORT_SWITCH(name, letter, help) \
  { name, letter, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) ch_args_store, help, NULL }

/** ch_args_store: what the entries above refer to. */
gboolean ch_args_store (const char *option,
                        const char *value,
                        gpointer    data,
                        GError    **error);

/**
 * ch_args_new:
 *
 * Returns: (transfer full): no words and no options
 */
ChArgs *ch_args_new (void);
void ch_args_free (ChArgs *args);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChArgs, ch_args_free)

/**
 * ChExtras: whether a command takes options that its table does not know.
 */
typedef enum
{
  CH_EXTRAS_REFUSED,
  CH_EXTRAS_TAKEN,
} ChExtras;

/**
 * ch_args_parse:
 * @args: where to put what is found
 * @context: (transfer none): has its groups, whose data is @args
 * @known: (array zero-terminated=1): the entries of @context, for finding the nearest
 * @extras: whether unknown options are kept
 * @line: what came from the shell, without the program's name
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID, which says what would be right
 */
gboolean ch_args_parse (ChArgs                    *args,
                        GOptionContext            *context,
                        const GOptionEntry *const *known,
                        ChExtras                   extras,
                        const char *const         *line,
                        GError                   **error);

/** ch_args_has: whether --@name was given. */
gboolean ch_args_has (ChArgs     *args,
                      const char *name);

/** ch_args_get: (transfer none) (nullable): the last value of --@name */
const char *ch_args_get (ChArgs     *args,
                         const char *name);

/** ch_args_all: (transfer none) (nullable) (element-type utf8): all values of --@name */
GPtrArray *ch_args_all (ChArgs     *args,
                        const char *name);

/**
 * ch_args_number:
 * @fallback: what counts when it was not given
 * @value: (out): a number from @min to @max
 */
gboolean ch_args_number (ChArgs     *args,
                         const char *name,
                         guint       fallback,
                         guint       min,
                         guint       max,
                         guint      *value,
                         GError    **error);

/** ch_args_day: the first second in UTC of the day that --@name, which was given, names as 2027-03-15; @day: (out). */
gboolean ch_args_day (ChArgs     *args,
                      const char *name,
                      gint64     *day,
                      GError    **error);

/** ch_args_word: (transfer none): word @index; the caller has checked their number. */
const char *ch_args_word (ChArgs *args,
                          guint   index);
