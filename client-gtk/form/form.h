/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/field.h"

/**
 * ChForm: the questions that a kind of account, DNS account, server or profile has, as Manager.ListKinds()
 * describes them. What is rarely needed is folded away. Secrets are written and never shown.
 *
 * Signals:
 * - changed: a person changed something
 */
#define CH_TYPE_FORM (ch_form_get_type ())
G_DECLARE_FINAL_TYPE (ChForm, ch_form, CH, FORM, AdwBin)

ChForm *ch_form_new (void);

/**
 * ch_form_set_fields:
 * @fields: aa{sv}, the "fields" of a kind
 *
 * Asks these questions from now on. What was typed for a field that is still there stays.
 */
void ch_form_set_fields (ChForm   *form,
                         GVariant *fields);

/**
 * ch_form_fill:
 * @settings: a{ss}, what is set
 * @secrets: names of the secrets that are set
 *
 * Begins from there: ch_form_get_settings() then gives only what a person changed.
 */
void ch_form_fill (ChForm            *form,
                   GVariant          *settings,
                   const char *const *secrets);

/** ch_form_get_settings: (transfer full): a{ss}: what was changed; "" for what was taken away. */
GVariant *ch_form_get_settings (ChForm *form);
/** ch_form_get_secrets: (transfer full): a{ss}: what was typed. */
GVariant *ch_form_get_secrets (ChForm *form);

/** ch_form_check: whether all that is required and not hidden is there; shows at the fields what is not. */
gboolean ch_form_check (ChForm *form);

/**
 * ch_form_show_error:
 * @error: what the service said to what the form gave
 *
 * Shows it at the field that it is about.
 *
 * Returns: whether there is one
 */
gboolean ch_form_show_error (ChForm       *form,
                             const GError *error);

/** ch_form_show_problem: shows @text at that field; returns whether there is one, and it can be seen. */
gboolean ch_form_show_problem (ChForm     *form,
                               const char *name,
                               const char *text);

/** ch_form_get_value: (transfer full): what stands in that field; "" if there is none. */
char *ch_form_get_value (ChForm     *form,
                         const char *name);
/** ch_form_set_value: puts @value there, from where changes count. */
void ch_form_set_value (ChForm     *form,
                        const char *name,
                        const char *value);
/** ch_form_enter: puts @value there as if a person had. */
void ch_form_enter (ChForm     *form,
                    const char *name,
                    const char *value);
/** ch_form_get_all: (transfer full): a{ss}: whatever stands in the form and is no secret. */
GVariant *ch_form_get_all (ChForm *form);
/** ch_form_get_field: (transfer none) (nullable): the field with that name. */
ChFormField *ch_form_get_field (ChForm     *form,
                                const char *name);
/** ch_form_is_changed: whether a person changed one of @names, which ends with %NULL. */
gboolean ch_form_is_changed (ChForm            *form,
                             const char *const *names);
/** ch_form_show_field: hides what does not matter as things stand, and shows it again. */
void ch_form_show_field (ChForm     *form,
                         const char *name,
                         gboolean    visible);
