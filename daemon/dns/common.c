/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/common.h"

#include "dns/patterns.h"
#include "dns/resolver.h"
#include "lib/error.h"

#include <glib/gi18n.h>

static gboolean
check_addresses (const char *value,
                 GError    **error)
{
  g_autoptr(GPtrArray) servers = ch_dns_parse_servers (value, error);

  return servers != NULL;
}

static gboolean
check_zones (const char *value,
             GError    **error)
{
  g_autofree char *tidy = ch_dns_patterns_tidy (value, error);

  return tidy != NULL;
}

static const ChField fields[] = {
  { "zones", N_("Zones"),
    N_("Domains that this account takes care of, separated by commas: orders that name no DNS account find it by "
       "them. example.com holds everything below it, too, and *.example.com only that"),
    CH_FIELD_NONE, NULL, NULL, check_zones },
  { "nameservers", N_("Name servers to ask"),
    N_("Addresses with optional ports, separated by commas, that are asked whether a record is visible, "
       "instead of the zone’s authoritative servers"),
    CH_FIELD_ADVANCED, NULL, NULL, check_addresses },
  { "resolver", N_("Resolver"),
    N_("Address with optional port of a resolver that finds the zone’s authoritative servers, instead of the "
       "system’s"),
    CH_FIELD_ADVANCED, NULL, NULL, check_addresses },
  { NULL },
};

const ChField *
ch_dns_common_fields (void)
{
  return fields;
}

const char *
ch_dns_common_get (GHashTable *settings,
                   const char *name)
{
  return ch_fields_get (fields, settings, name);
}

ChDnsView
ch_dns_common_view (GHashTable *settings,
                    const char *resolver)
{
  const char *own = settings != NULL ? ch_dns_common_get (settings, "resolver") : NULL;

  return (ChDnsView) {
    .nameservers = settings != NULL ? ch_dns_common_get (settings, "nameservers") : NULL,
    .resolver = own != NULL ? own : resolver,
  };
}

gboolean
ch_dns_common_tidy (GHashTable *settings,
                    GError    **error)
{
  const char *zones = ch_dns_common_get (settings, "zones");
  char *tidy = zones != NULL ? ch_dns_patterns_tidy (zones, error) : NULL;

  if (tidy != NULL)
    g_hash_table_insert (settings, g_strdup ("zones"), tidy);

  return tidy != NULL || zones == NULL;
}
