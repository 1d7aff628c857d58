/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/names.h"

#include "lib/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <libpsl.h>
#include <string.h>

/* The most names of one order; public CAs stop at about as many. */
#define MAX_NAMES 100

/* Domains that no public CA certifies names below. What stands here is so by a standard; that the list
 * of public suffixes does not know a domain is looked at besides. */
static const struct
{
  const char *domain;
  gboolean private_ok; /* a private CA may certify names below it */
} reserved[] = {
  { "test", TRUE },         /* RFC 6761 */
  { "example", TRUE },      /* RFC 6761 */
  { "invalid", TRUE },      /* RFC 6761 */
  { "localhost", TRUE },    /* RFC 6761 */
  { "local", TRUE },        /* RFC 6762 */
  { "onion", TRUE },        /* RFC 7686 */
  { "home.arpa", TRUE },    /* RFC 8375 */
  { "alt", TRUE },          /* RFC 9476 */
  { "internal", TRUE },     /* ICANN's board, 29 July 2024 */
  { "lan", TRUE },          /* RFC 6762 appendix G, with the next ones */
  { "corp", TRUE },
  { "home", TRUE },
  { "intranet", TRUE },
  { "private", TRUE },
  { "localdomain", TRUE },  /* what resolvers are often set up with */
  { "in-addr.arpa", FALSE }, /* ballot SC-086, since 2026-03-15 */
  { "ip6.arpa", FALSE },
};

/* The blocks of IANA's two registries of special-purpose addresses, and multicast. A public certificate
 * may hold none of them (BR 1.6.1, “Reserved IP Address”). Of IPv6 only 2000::/3 is in public use. */
static const char *const reserved_addresses[] = {
  "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
  "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
  "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
};

static gboolean
is_in_block (GInetAddress *address,
             const char   *block)
{
  g_autoptr(GInetAddressMask) mask = g_inet_address_mask_new_from_string (block, NULL);

  return mask != NULL && g_inet_address_mask_matches (mask, address);
}

static gboolean
check_address (GInetAddress *address,
               const char   *name,
               GError      **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reserved_addresses); i++)
    if (is_in_block (address, reserved_addresses[i]))
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("“%s” is a private or reserved address (%s), which no public certificate may "
                             "hold. Use a host name or a public address"), name, reserved_addresses[i]);

  return TRUE;
}

static gpointer
load_suffixes (gpointer data)
{
  /* The newer of the system's list (package publicsuffix) and the one built into libpsl. */
  psl_ctx_t *suffixes = psl_latest (NULL);

  if (suffixes == NULL)
    g_warning ("There is no list of public suffixes. Names are checked without it until package publicsuffix "
               "is installed and the service restarted");
  return suffixes;
}

/* Returns: (nullable): the list, which lives as long as the process */
static const psl_ctx_t *
get_suffixes (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_suffixes, NULL);
}

/* BR 3.2.2.6 wants the section of ICANN's domains only: whoever runs github.io may well order for it. */
static gboolean
is_public_suffix (const char *domain)
{
  const psl_ctx_t *suffixes = get_suffixes ();

  if (strchr (domain, '.') == NULL)
    return TRUE;

  return suffixes != NULL && psl_is_public_suffix2 (suffixes, domain, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

static gboolean
is_known_top_level (const char *name)
{
  const psl_ctx_t *suffixes = get_suffixes ();

  return suffixes == NULL
         || psl_is_public_suffix2 (suffixes, strrchr (name, '.') + 1, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

static gboolean
check_reserved (const char *name,
                const char *host,
                gboolean    private_ca,
                GError    **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reserved); i++)
    if (ch_name_is_below (host, reserved[i].domain) && !(private_ca && reserved[i].private_ok))
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("“%s” is below “%s”, which is not part of the public DNS. Public certificates "
                             "are only for names that everybody can look up"), name, reserved[i].domain);

  if (!private_ca && !is_known_top_level (host))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” ends in “%s”, which is no top-level domain. If it is a new one, update the "
                           "package publicsuffix"), name, strrchr (host, '.'));

  return TRUE;
}

static gboolean
check_suffix (const char *name,
              const char *host,
              gboolean    wildcard,
              GError    **error)
{
  if (!is_public_suffix (host))
    return TRUE;
  if (wildcard)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” would cover everybody's domains below “%s”. Put the “*” in front of a "
                           "domain of your own"),
                         name, host);

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("“%s” is a public suffix, below which domains are registered. Name a domain of "
                         "your own"), name);
}

static gboolean
check_host (const char *name,
            gboolean    private_ca,
            GError    **error)
{
  gboolean wildcard = g_str_has_prefix (name, "*.");
  const char *host = wildcard ? name + 2 : name;

  if (strchr (host, '_') != NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” has an underscore, which no name in a public certificate may. Rename the "
                           "host"), name);
  if (!wildcard && strchr (host, '.') == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is an internal name of a single label. Write the full name, such as "
                           "“%s.example.com”"),
                         name, name);

  return check_suffix (name, host, wildcard, error) && check_reserved (name, host, private_ca, error);
}

static gboolean
check_name (const char *name,
            gboolean    private_ca,
            GError    **error)
{
  g_autofree char *normal = ch_name_normalise (name, error);

  if (normal == NULL)
    return FALSE;
  if (strcmp (normal, name) != 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A name is not in its normal form, which is “%s”"), normal);

  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);
  return address != NULL ? check_address (address, name, error) : check_host (name, private_ca, error);
}

gboolean
ch_names_check (const char *const *names,
                gboolean           private_ca,
                GError           **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n = names != NULL ? g_strv_length ((char **) names) : 0;

  if (n == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("An order needs at least one name"));
  if (n > MAX_NAMES)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("%u names are too many for one certificate: %d are allowed. Make several orders"),
                         (guint) n, MAX_NAMES);

  for (gsize i = 0; i < n; i++)
    {
      if (!check_name (names[i], private_ca, error))
        return FALSE;
      if (!g_hash_table_add (seen, (char *) names[i]))
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is there twice. Remove one"), names[i]);
    }

  return TRUE;
}
