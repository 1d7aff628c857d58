/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/install.h"

#include "lib/error.h"

#include <glib/gi18n.h>

static const char *const words[] = {
  [CH_START_TLS_NONE] = "none",
  [CH_START_TLS_SMTP] = "smtp",
  [CH_START_TLS_IMAP] = "imap",
  [CH_START_TLS_POP3] = "pop3",
  [CH_START_TLS_LDAP] = "ldap",
  [CH_START_TLS_POSTGRESQL] = "postgresql",
  NULL,
};

gboolean
ch_start_tls_parse (const char *word,
                    ChStartTls *start_tls,
                    GError    **error)
{
  for (gsize i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], word))
      {
        *start_tls = (ChStartTls) i;
        return TRUE;
      }

  g_autofree char *known = g_strjoinv (", ", (char **) words);
  return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no protocol that TLS is started in; these are: %s"), word, known);
}
