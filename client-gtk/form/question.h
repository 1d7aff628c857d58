/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChQuestion: a question of a #ChForm that no service describes.
 *
 * @name: its key
 * @title: what stands at it, @help: what stands below it; translated
 * @choices: (nullable): what may be answered; the first is the usual, unless there is @unset; an empty list
 * may be filled later with ch_form_field_set_choices()
 * @titles: (nullable): how people call these
 * @unset: (nullable): how leaving the choice open is called; with it nothing is chosen at first
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *help;
  const char *const *choices;
  const char *const *titles;
  const char *unset;
  gboolean required;
  gboolean advanced;
  gboolean secret;
  gboolean multiline;
} ChQuestion;

/** ch_question_add: puts it at the end of @fields, an aa{sv} for ch_form_set_fields(). */
void ch_question_add (const ChQuestion *question,
                      GVariantBuilder  *fields);
