/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/**
 * ChFormField: one question of a form, built from a field of Manager.ListKinds(): a line, a secret, a choice
 * or several lines, with the field's help below it, and an error where there is one.
 *
 * Signals:
 * - changed: a person changed the value; the error is gone then
 */
#define CH_TYPE_FORM_FIELD (ch_form_field_get_type ())
G_DECLARE_FINAL_TYPE (ChFormField, ch_form_field, CH, FORM_FIELD, AdwBin)

/** ch_form_field_new: @field is a row with "name", "title", "help", "required", "secret", "multiline",
 * "default" and "choices", and if wanted "titles" (as: of the choices), "unset" (s: what leaving a
 * choice open is called) and "choice" (b: it is one, even if there is nothing to choose yet). */
ChFormField *ch_form_field_new (GVariant *field);

/** ch_form_field_new_line: a line that no service described; @name and @help may be "". */
ChFormField *ch_form_field_new_line (const char *name,
                                     const char *title,
                                     const char *help);

/** ch_form_field_get_name: (transfer none): its key in settings or secrets. */
const char *ch_form_field_get_name (ChFormField *field);
gboolean ch_form_field_is_secret (ChFormField *field);
gboolean ch_form_field_is_required (ChFormField *field);

/** ch_form_field_get_value: (transfer full): what stands there; "" for nothing, and for a choice that was not
 * made. */
char *ch_form_field_get_value (ChFormField *field);
/** ch_form_field_set_value: not for secrets, which would be read out by assistive technology. */
void ch_form_field_set_value (ChFormField *field,
                              const char  *value);
/** ch_form_field_set_choices: other @values to choose from, shown as @titles; the same stays chosen if it
 * can. */
void ch_form_field_set_choices (ChFormField       *field,
                                const char *const *values,
                                const char *const *titles);
/** ch_form_field_set_kept: says that a secret is set and stays if nothing is typed; it is not required
 * then. */
void ch_form_field_set_kept (ChFormField *field);

/** ch_form_field_set_error: @text is (nullable): what is wrong with the value. */
void ch_form_field_set_error (ChFormField *field,
                              const char  *text);
/** ch_form_field_focus: puts the cursor there. */
void ch_form_field_focus (ChFormField *field);
/** ch_form_field_add_suffix: puts @widget, such as a button, at the end of the line. */
void ch_form_field_add_suffix (ChFormField *field,
                               GtkWidget   *widget);
