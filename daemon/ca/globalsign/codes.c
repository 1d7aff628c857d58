/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codes.h"

#include <glib/gi18n.h>

static const ChGsCode *
find_code (int code)
{
  for (const ChGsCode *entry = ch_gs_codes; entry->code != 0; entry++)
    if (entry->code == code)
      return entry;

  return NULL;
}

ChError
ch_gs_code_error (int code)
{
  const ChGsCode *entry = find_code (code);

  return entry != NULL ? entry->error : CH_ERROR_CA_REFUSED;
}

const char *
ch_gs_code_sentence (int code)
{
  const ChGsCode *entry = find_code (code);

  return entry != NULL ? _(entry->sentence) : _("GlobalSign refused the request; ask its support, and name the code");
}

gboolean
ch_gs_code_set (int          code,
                const char  *field,
                const char  *message,
                GError     **error)
{
  const char *sentence = ch_gs_code_sentence (code);
  ChError kind = ch_gs_code_error (code);

  if (field != NULL && message != NULL)
    return ch_error_set (error, kind, _("%s (GlobalSign: “%s”, field %s, code %d)"),
                         sentence, message, field, code);
  if (message != NULL)
    return ch_error_set (error, kind, _("%s (GlobalSign: “%s”, code %d)"), sentence, message, code);
  if (field != NULL)
    return ch_error_set (error, kind, _("%s (GlobalSign: field %s, code %d)"), sentence, field, code);

  return ch_error_set (error, kind, _("%s (GlobalSign: code %d)"), sentence, code);
}
