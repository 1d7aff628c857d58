/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/handle.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define LENGTH_MAX 64

gboolean
ch_handle_check (const char *name,
                 GError    **error)
{
  gsize length = name != NULL ? strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") : 0;

  if (length == 0 || name[length] != '\0' || length > LENGTH_MAX)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A name is 1 to %d of the characters a–z, A–Z, 0–9, “.”, “_” and “-”"), LENGTH_MAX);

  /* A name of digits only could not be told from an id on the command line. */
  if (strspn (name, "0123456789") == length)
    return ch_error_set (error, CH_ERROR_INVALID, _("A name needs at least one character that is no digit"));

  return TRUE;
}
