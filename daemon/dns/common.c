/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/common.h"

#include "dns/patterns.h"
#include "dns/resolver.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#define MINIMUM_MAX 3600
#define MAXIMUM_MIN 10
#define MAXIMUM_MAX 86400

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

static gboolean
check_minimum (const char *value,
               GError    **error)
{
  return ch_field_check_range (value, 0, MINIMUM_MAX, error);
}

static gboolean
check_maximum (const char *value,
               GError    **error)
{
  return ch_field_check_range (value, MAXIMUM_MIN, MAXIMUM_MAX, error);
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
  { "minimum-wait", N_("Wait at least"),
    N_("Seconds between putting a value there and asking the CA, also when all servers show it: for services "
       "whose servers stand in many places behind one address"),
    CH_FIELD_ADVANCED, "0", NULL, check_minimum },
  { "maximum-wait", N_("Wait at most"),
    N_("Seconds that name servers are waited for. Then the CA is asked without those that do not answer, and "
       "where one answers without the value, the value is put there once more"),
    CH_FIELD_ADVANCED, "300", NULL, check_maximum },
  { "address-family", N_("Address family"),
    N_("Look over IPv4 only (4), IPv6 only (6), or both (any)"),
    CH_FIELD_ADVANCED, "any", "any|4|6", NULL },
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

static GSocketFamily
family_of (GHashTable *settings)
{
  const char *family = ch_dns_common_get (settings, "address-family");

  return g_str_equal (family, "4") ? G_SOCKET_FAMILY_IPV4
         : g_str_equal (family, "6") ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_INVALID;
}

ChDnsView
ch_dns_common_view (GHashTable *settings,
                    const char *resolver)
{
  const char *own = settings != NULL ? ch_dns_common_get (settings, "resolver") : NULL;

  return (ChDnsView) {
    .nameservers = settings != NULL ? ch_dns_common_get (settings, "nameservers") : NULL,
    .resolver = own != NULL ? own : resolver,
    .family = settings != NULL ? family_of (settings) : G_SOCKET_FAMILY_INVALID,
  };
}

guint
ch_dns_common_number (GHashTable *settings,
                      const char *name)
{
  return strtoul (ch_dns_common_get (settings, name), NULL, 10);
}

static gboolean
check_waits (GHashTable *settings,
             GError    **error)
{
  guint least = ch_dns_common_number (settings, "minimum-wait");
  guint most = ch_dns_common_number (settings, "maximum-wait");

  return least <= most
         || ch_error_set (error, CH_ERROR_INVALID,
                          _("minimum-wait: %u seconds are more than “maximum-wait”, which is %u"), least, most);
}

static gboolean
check_listed (GHashTable *settings,
              GError    **error)
{
  const char *family = ch_dns_common_get (settings, "address-family");
  const char *listed = ch_dns_common_get (settings, "nameservers");
  g_autoptr(GPtrArray) servers = listed != NULL ? ch_name_servers_listed (listed, error) : NULL;

  if (servers == NULL)
    return listed == NULL;

  ch_name_servers_keep_family (servers, family_of (settings));
  return servers->len > 0
         || ch_error_set (error, CH_ERROR_INVALID,
                          _("nameservers: none of them has an IPv%s address, and “address-family” wants no others"),
                          family);
}

gboolean
ch_dns_common_tidy (GHashTable *settings,
                    GError    **error)
{
  if (!check_waits (settings, error) || !check_listed (settings, error))
    return FALSE;

  const char *zones = ch_dns_common_get (settings, "zones");
  char *tidy = zones != NULL ? ch_dns_patterns_tidy (zones, error) : NULL;

  if (tidy != NULL)
    g_hash_table_insert (settings, g_strdup ("zones"), tidy);

  return tidy != NULL || zones == NULL;
}
