/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sans.h"

#include "names.h"

#include <string.h>

#define MOST_SANS 100
#define ENTRY "SANEntries.SANEntry"

/* One of four labels before the CN or its domain. */
static gboolean
is_service (const char *name,
            const char *common_name,
            const char *domain)
{
  static const char *const services[] = { "mail.", "owa.", "autodiscover.", "www." };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (g_str_has_prefix (name, services[i]))
      {
        const char *rest = name + strlen (services[i]);
        return strcmp (rest, domain) == 0 || strcmp (rest, sb_name_base (common_name)) == 0;
      }

  return FALSE;
}

/* 1: one of four labels before the CN or its domain; 2: below the CN's domain; 3: a public IP address; 4:
 * internal, which no public CA may issue; 7: any other name; 13: a wildcard. */
static gboolean
type_fits (const char *type,
           const char *name,
           const char *common_name)
{
  const char *domain = sb_name_registrable (sb_name_base (common_name));

  if (sb_name_is_address (name))
    return strcmp (type, "3") == 0;
  if (sb_name_is_wildcard (name))
    return strcmp (type, "13") == 0;
  if (strcmp (type, "2") == 0)
    return domain != NULL && sb_name_is_covered (name, domain) && strcmp (name, domain) != 0;
  if (strcmp (type, "1") == 0)
    return domain != NULL && is_service (name, common_name, domain);

  return strcmp (type, "7") == 0;
}

/* Neither DNS nor mail can show control of an address, and a file shows none of a wildcard (BR 3.2.2.4.18,
 * 3.2.2.5). */
static gboolean
method_fits (const SbProduct *product,
             const char      *name)
{
  if (sb_name_is_address (name))
    return product->method == SB_METHOD_URL || sb_product_is_vetted (product);
  if (sb_name_is_wildcard (name))
    return product->method != SB_METHOD_URL && product->wildcard > 0;

  return TRUE;
}

/* The CN and its twin are in the certificate anyway. */
static gboolean
is_superfluous (const char *name,
                SbOrder    *order,
                GPtrArray  *sans)
{
  g_autofree char *twin = sb_name_twin (order->common_name);

  for (guint i = 0; i < sans->len; i++)
    if (strcmp (sb_san_name (g_ptr_array_index (sans, i)), name) == 0)
      return TRUE;

  return strcmp (name, order->common_name) == 0 || g_strcmp0 (name, twin) == 0;
}

static gboolean
read_san (SbCall          *call,
          SbOrder         *order,
          const SbProduct *product,
          xmlNode         *entry,
          GPtrArray       *sans)
{
  g_autofree char *type = sb_text (entry, "SANOptionType");
  g_autofree char *text = sb_text (entry, "SubjectAltName");

  if (type == NULL || text == NULL) /* a nil entry */
    return TRUE;

  g_autofree char *name = g_ascii_strdown (text, -1);
  int code = sb_name_judge (name, -6018);
  if (code != 0)
    return sb_call_fail (call, code, ENTRY ".SubjectAltName");
  if (!type_fits (type, name, order->common_name) || !method_fits (product, name))
    return sb_call_fail (call, -9101, ENTRY ".SANOptionType");
  if (is_superfluous (name, order, sans))
    return sb_call_fail (call, -6018, ENTRY ".SubjectAltName");

  g_ptr_array_add (sans, g_strdup_printf ("%s %s", type, name));
  return TRUE;
}

static void
set_sans (SbOrder   *order,
          GPtrArray *sans)
{
  g_strfreev (order->sans);
  g_ptr_array_add (sans, NULL);
  order->sans = (GStrv) g_ptr_array_free (sans, FALSE);
}

gboolean
sb_read_sans (SbCall          *call,
              SbOrder         *order,
              const SbProduct *product)
{
  g_autoptr(GPtrArray) sans = g_ptr_array_new_with_free_func (g_free);
  xmlNode *entries = sb_find (call->request, "SANEntries");

  for (xmlNode *node = entries != NULL ? entries->children : NULL; node != NULL; node = node->next)
    if (sb_is_named (node, "SANEntry") && !read_san (call, order, product, node, sans))
      return FALSE;

  if (sans->len > MOST_SANS)
    return sb_call_fail (call, -6017, "SANEntries");
  if (sans->len > 0 && !product->takes_sans)
    return sb_call_fail (call, -9101, "SANEntries");

  set_sans (order, g_steal_pointer (&sans));
  return TRUE;
}

static const char *
find_san (const SbOrder *order,
          const char    *name)
{
  for (gsize i = 0; order->sans[i] != NULL; i++)
    if (strcmp (sb_san_name (order->sans[i]), name) == 0)
      return order->sans[i];

  return NULL;
}

gboolean
sb_pick_sans (SbCall     *call,
              SbOrder    *order,
              const char *names)
{
  g_autoptr(GPtrArray) sans = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *twin = sb_name_twin (order->common_name);
  g_auto(GStrv) words = g_strsplit (names, ",", -1);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_autofree char *name = g_ascii_strdown (g_strstrip (words[i]), -1);
      const char *san = find_san (order, name);

      if (san != NULL)
        g_ptr_array_add (sans, g_strdup (san));
      else if (strcmp (name, order->common_name) != 0 && g_strcmp0 (name, twin) != 0)
        return sb_call_fail (call, -6018, "OrderParameter.DNSNames");
    }

  set_sans (order, g_steal_pointer (&sans));
  return TRUE;
}
