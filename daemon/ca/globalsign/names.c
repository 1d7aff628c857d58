/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include "ca/globalsign/soap.h"

#include <glib/gi18n.h>
#include <libpsl.h>
#include <string.h>

/* SANOptionType (docs/globalsign.md, Products and names) */
#define SAN_UNIFIED "1"
#define SAN_SUBDOMAIN "2"
#define SAN_ADDRESS "3"
#define SAN_OTHER "7"
#define SAN_WILDCARD "13"

static const char *
without (const char *name,
         const char *prefix)
{
  return g_str_has_prefix (name, prefix) ? name + strlen (prefix) : name;
}

/* The domain that the common name is about. */
static const char *
domain_of (const char *common_name)
{
  return without (without (common_name, "*."), "www.");
}

static gboolean
is_registrable (const char *name)
{
  const char *registrable = psl_registrable_domain (psl_builtin (), name);

  return registrable != NULL && g_str_equal (registrable, name);
}

/* The common name and its twin are in the certificate anyway and may not be listed (docs/globalsign.md, Products). The twin is
 * the domain without "www." or "*."; or "www." before it when it is a domain that can be registered: a
 * sub-domain's "www." is a name like any other. */
static gboolean
is_implied (const char *name,
            const char *common_name)
{
  if (g_str_equal (name, common_name) || g_str_equal (name, domain_of (common_name)))
    return TRUE;

  return is_registrable (common_name)
         && g_str_has_prefix (name, "www.") && g_str_equal (without (name, "www."), common_name);
}

static const char *
san_type (const char *name,
          const char *common_name)
{
  static const char *const unified[] = { "mail", "owa", "autodiscover", "www", NULL };
  const char *domain = domain_of (common_name);

  if (g_str_has_prefix (name, "*."))
    return SAN_WILDCARD;
  if (g_hostname_is_ip_address (name))
    return SAN_ADDRESS;

  g_autofree char *tail = g_strconcat (".", domain, NULL);
  if (!g_str_has_suffix (name, tail))
    return SAN_OTHER;

  g_autofree char *label = g_strndup (name, strlen (name) - strlen (tail));
  return g_strv_contains (unified, label) ? SAN_UNIFIED : SAN_SUBDOMAIN;
}

gboolean
ch_gs_names_are_several (const char *const *names)
{
  for (gsize i = 1; names[i] != NULL; i++)
    if (!is_implied (names[i], names[0]))
      return TRUE;

  return FALSE;
}

gboolean
ch_gs_name_is_wildcard (const char *name)
{
  return g_str_has_prefix (name, "*.");
}

const char *
ch_gs_name_base (const char *name)
{
  return without (name, "*.");
}

const char *
ch_gs_names_base_option (const char *common_name)
{
  if (ch_gs_name_is_wildcard (common_name))
    return "wildcard";

  return g_hostname_is_ip_address (common_name) ? "GIP" : NULL;
}

void
ch_gs_names_write (xmlNode           *parent,
                   const char *const *names)
{
  xmlNode *entries = ch_soap_open (parent, "SANEntries");

  for (gsize i = 1; names[i] != NULL; i++)
    if (!is_implied (names[i], names[0]))
      {
        xmlNode *entry = ch_soap_open (entries, "SANEntry");

        ch_soap_add (entry, "SANOptionType", san_type (names[i], names[0]));
        ch_soap_add (entry, "SubjectAltName", names[i]);
      }
}

static char *
describe_common_name (const char *name)
{
  const char *option = ch_gs_names_base_option (name);

  return option == NULL ? g_strdup (_("common name"))
         : g_str_equal (option, "wildcard") ? g_strdup (_("common name, with the base option for a wildcard"))
                                            : g_strdup (_("common name, with the base option for a public address"));
}

static const char *
describe_type (const char *type)
{
  static const struct { const char *type; const char *words; } types[] = {
    { SAN_UNIFIED, N_("mail or web host of the domain (unified communication)") },
    { SAN_SUBDOMAIN, N_("name below the common name") },
    { SAN_ADDRESS, N_("public address") },
    { SAN_OTHER, N_("name of another domain") },
    { SAN_WILDCARD, N_("wildcard") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].type, type))
      return _(types[i].words);

  return "";
}

char **
ch_gs_names_describe (const char *const *names)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (words, i == 0 ? describe_common_name (names[i])
                            : is_implied (names[i], names[0]) ? g_strdup (_("comes with the common name"))
                                                              : g_strdup (describe_type (san_type (names[i], names[0]))));

  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}
