/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider.h"

#include "lib/error.h"

#include <glib/gi18n.h>

#define X(kind) extern const ChDnsProvider ch_dns_##kind;
#include "dns/providers.h"
#undef X

static const ChDnsProvider *const providers[] = {
#define X(kind) &ch_dns_##kind,
#include "dns/providers.h"
#undef X
  NULL
};

const ChDnsProvider *const *
ch_dns_list (void)
{
  return providers;
}

static char *
list_kinds (void)
{
  g_autoptr(GString) kinds = g_string_new (NULL);

  for (gsize i = 0; providers[i] != NULL; i++)
    g_string_append_printf (kinds, "%s%s", i > 0 ? ", " : "", providers[i]->kind);

  return g_string_free (g_steal_pointer (&kinds), FALSE);
}

const ChDnsProvider *
ch_dns_find (const char *kind,
             GError    **error)
{
  for (gsize i = 0; providers[i] != NULL; i++)
    if (g_str_equal (providers[i]->kind, kind))
      return providers[i];

  g_autofree char *kinds = list_kinds ();
  ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a kind of DNS account; these are: %s"), kind, kinds);
  return NULL;
}
