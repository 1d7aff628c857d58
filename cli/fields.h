/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/* What a kind of account, DNS account or server must be told. This program knows no kind by name: all
 * comes from Manager.ListKinds, so a new one needs nothing here. */

/** ChAnswers: what was told, in two heaps as the service wants it. */
typedef struct
{
  GHashTable *settings;     /* (element-type utf8 utf8) (owned) */
  GHashTable *secrets;      /* (element-type utf8 utf8) (owned): wiped */
} ChAnswers;

void ch_answers_free (ChAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChAnswers, ch_answers_free)

/** CH_SETTING_OPTIONS: those of what has no secrets. */
#define CH_SETTING_OPTIONS \
  CH_OPTION ("set", N_("Set a setting; “--NAME VALUE” is short for it"), N_("NAME=VALUE")), \
  CH_OPTION ("set-file", N_("Set a setting to the content of a file"), N_("NAME=FILE"))

/** CH_FIELD_OPTIONS: the entries that ch_fields_answer() reads. */
#define CH_FIELD_OPTIONS CH_SETTING_OPTIONS, \
  CH_OPTION ("secret-file", \
             N_("Read a secret from a file, “-” for standard input; “--NAME-file FILE” is short for it"), \
             N_("NAME=FILE"))

/**
 * ch_fields_kind:
 * @role: "account", "dns", "server" or "profile"
 * @kind: such as one of those that “types” shows
 *
 * Returns: (transfer full): its row of Manager.ListKinds, or %NULL with %CH_ERROR_INVALID that names
 *   those that are
 */
GVariant *ch_fields_kind (ChCli      *cli,
                          const char *role,
                          const char *kind,
                          GError    **error);

/** ch_fields_kinds: (transfer full) (element-type GVariant): all kinds of @role. */
GPtrArray *ch_fields_kinds (ChCli      *cli,
                            const char *role,
                            GError    **error);

/**
 * ch_fields_answer:
 * @kind: (transfer none): from ch_fields_kind()
 *
 * Collects --set, --set-file, --secret-file, and the options named after fields. A secret on the
 * command line is refused.
 *
 * Returns: (transfer full): the answers, or %NULL with %CH_ERROR_INVALID or %CH_ERROR_FILE
 */
ChAnswers *ch_fields_answer (ChCli    *cli,
                             GVariant *kind,
                             GError  **error);

/** ch_fields_ask_missing: refuses missing settings, and asks for missing secrets of one line. */
gboolean ch_fields_ask_missing (GVariant   *kind,
                                ChAnswers  *answers,
                                GError    **error);

/** ch_fields_option: (transfer full): the option that takes the field @row, such as "--server VALUE". */
char *ch_fields_option (GVariant *row);

/** ch_fields_pack: (transfer floating): @table as a{ss}. */
GVariant *ch_fields_pack (GHashTable *table);
