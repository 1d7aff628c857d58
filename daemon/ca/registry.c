/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca.h"

#include "lib/error.h"

#include <glib/gi18n.h>

#define X(kind) extern const ChCa ch_ca_##kind;
#include "ca/connectors.h"
#undef X

static const ChCa *const connectors[] = {
#define X(kind) &ch_ca_##kind,
#include "ca/connectors.h"
#undef X
  NULL
};

const ChCa *const *
ch_ca_list (void)
{
  return connectors;
}

const ChCa *
ch_ca_find (const char *kind,
            GError    **error)
{
  g_autoptr(GPtrArray) kinds = g_ptr_array_new_null_terminated (0, NULL, TRUE);

  for (gsize i = 0; connectors[i] != NULL; i++)
    {
      if (g_strcmp0 (connectors[i]->kind, kind) == 0)
        return connectors[i];
      g_ptr_array_add (kinds, (gpointer) connectors[i]->kind);
    }

  g_autofree char *known = g_strjoinv (", ", (char **) kinds->pdata);
  ch_error_set (error, CH_ERROR_INVALID, _("There is no CA of the kind “%s”; these are known: %s"),
                kind, known);
  return NULL;
}
