/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "delegation.h"

#include "dns/name.h"
#include "dns/resolver.h"
#include "dns/transport.h"

#define SECONDS 10

static gboolean
has_server (GStrv      names,
            GPtrArray *servers)
{
  for (guint i = 0; i < servers->len; i++)
    {
      const ChNameServer *server = servers->pdata[i];
      g_autofree char *seen = ch_dns_name_tidy (server->name);

      for (gsize j = 0; names[j] != NULL; j++)
        {
          g_autofree char *own = ch_dns_name_tidy (names[j]);

          if (g_str_equal (own, seen))
            return TRUE;
        }
    }

  return FALSE;
}

int
ch_dns_find_delegated (const char   *zone,
                       GPtrArray    *candidates,
                       const char   *resolver,
                       GCancellable *cancellable)
{
  g_autofree char *cut = NULL;
  g_autoptr(GPtrArray) servers = ch_dns_find_servers (zone, resolver, ch_dns_deadline (SECONDS), &cut,
                                                      cancellable, NULL);
  int found = -1;

  if (servers == NULL || !ch_dns_name_is_inside (cut, zone))
    return -1;

  for (guint i = 0; i < candidates->len; i++)
    if (has_server (candidates->pdata[i], servers))
      {
        if (found >= 0)
          return -1;
        found = i;
      }

  return found;
}
