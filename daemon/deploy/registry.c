/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/target.h"

#include "lib/error.h"

#include <glib/gi18n.h>

#define X(kind) extern const ChTarget ch_target_##kind;
#include "deploy/targets.h"
#undef X

static const ChTarget *const targets[] = {
#define X(kind) &ch_target_##kind,
#include "deploy/targets.h"
#undef X
  NULL,
};

void
ch_scanned_free (ChScanned *scanned)
{
  g_free (scanned->type);
  g_free (scanned->fingerprint);
  g_free (scanned->value);
  g_free (scanned);
}

static char *
list_kinds (void)
{
  g_autoptr(GPtrArray) kinds = g_ptr_array_new ();

  for (gsize i = 0; targets[i] != NULL; i++)
    g_ptr_array_add (kinds, (char *) targets[i]->kind);
  g_ptr_array_add (kinds, NULL);

  return g_strjoinv (", ", (char **) kinds->pdata);
}

const ChTarget *
ch_target_find (const char *kind,
                GError    **error)
{
  for (gsize i = 0; targets[i] != NULL; i++)
    if (g_strcmp0 (targets[i]->kind, kind) == 0)
      return targets[i];

  g_autofree char *kinds = list_kinds ();
  ch_error_set (error, CH_ERROR_INVALID, _("There is no kind of server “%s”; these are: %s"),
                kind != NULL ? kind : "", kinds);
  return NULL;
}

const ChTarget *const *
ch_target_list (void)
{
  return targets;
}

void
ch_targets_close (void)
{
  for (gsize i = 0; targets[i] != NULL; i++)
    if (targets[i]->close != NULL)
      targets[i]->close ();
}
