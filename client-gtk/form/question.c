/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/question.h"

static GVariant *
new_strings (const char *const *strings)
{
  static const char *const none[] = { NULL };

  return g_variant_new_strv (strings != NULL ? strings : none, -1);
}

void
ch_question_add (const ChQuestion *question,
                 GVariantBuilder  *fields)
{
  const char *usual = question->choices != NULL && question->unset == NULL ? question->choices[0] : NULL;
  GVariantDict row;

  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "name", "s", question->name);
  g_variant_dict_insert (&row, "title", "s", question->title);
  g_variant_dict_insert (&row, "help", "s", question->help != NULL ? question->help : "");
  g_variant_dict_insert (&row, "advanced", "b", question->advanced);
  g_variant_dict_insert (&row, "secret", "b", question->secret);
  g_variant_dict_insert (&row, "required", "b", question->required);
  g_variant_dict_insert (&row, "multiline", "b", question->multiline);
  g_variant_dict_insert (&row, "choice", "b", question->choices != NULL);
  g_variant_dict_insert (&row, "unset", "s", question->unset != NULL ? question->unset : "");
  g_variant_dict_insert (&row, "default", "s", usual != NULL ? usual : "");
  g_variant_dict_insert_value (&row, "choices", new_strings (question->choices));
  g_variant_dict_insert_value (&row, "titles", new_strings (question->titles));
  g_variant_builder_add_value (fields, g_variant_dict_end (&row));
}
