/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include <gio/gio.h>
#include <libpsl.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* Not delegated, or set aside by RFC 2606, 6761, 6762 and ICANN. .test stays usable here. */
static const char *const internal[] = {
  "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "invalid",
  "example", NULL
};
/* The live list is not public; these stand for it. */
static const char *const banned[] = { "arpa", "onion", "kp", NULL };
static const char *const forbidden[] = { "cu", "ir", "sy", NULL };

gboolean
sb_name_is_address (const char *name)
{
  return g_hostname_is_ip_address (name);
}

gboolean
sb_name_is_wildcard (const char *name)
{
  return g_str_has_prefix (name, "*.");
}

const char *
sb_name_base (const char *name)
{
  return sb_name_is_wildcard (name) ? name + 2 : name;
}

static gboolean
is_label (const char *label)
{
  gsize length = strlen (label);

  return length > 0 && length <= 63 && strspn (label, LETTERS DIGITS "-") == length
         && label[0] != '-' && label[length - 1] != '-';
}

static gboolean
is_host_name (const char *name)
{
  if (strlen (name) > 253)
    return FALSE;

  g_auto(GStrv) labels = g_strsplit (name, ".", -1);
  for (gsize i = 0; labels[i] != NULL; i++)
    if (!is_label (labels[i]))
      return FALSE;

  return labels[0] != NULL;
}

static const psl_ctx_t *
suffixes (void)
{
  static gsize once;
  static psl_ctx_t *list;

  if (g_once_init_enter (&once))
    {
      list = psl_latest (NULL);
      g_once_init_leave (&once, 1);
    }

  return list != NULL ? list : psl_builtin ();
}

static gboolean
is_known_tld (const char *tld)
{
  return strcmp (tld, "test") == 0
         || psl_is_public_suffix2 (suffixes (), tld, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

/* The addresses of RFC 5737 and 3849 stay usable here, as .test does. */
static gboolean
is_public_address (const char *name)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);
  const guint8 *bytes = g_inet_address_to_bytes (address);
  gboolean is_unique_local = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
                             && (bytes[0] & 0xfe) == 0xfc;

  return !g_inet_address_get_is_any (address) && !g_inet_address_get_is_loopback (address)
         && !g_inet_address_get_is_link_local (address) && !g_inet_address_get_is_site_local (address)
         && !g_inet_address_get_is_multicast (address) && !is_unique_local;
}

int
sb_name_judge (const char *name,
               int         malformed)
{
  const char *base = sb_name_base (name);

  if (sb_name_is_address (name))
    return is_public_address (name) ? 0 : -9971;
  if (!is_host_name (base))
    return malformed;

  const char *dot = strrchr (base, '.');
  if (dot == NULL || g_strv_contains (internal, dot + 1))
    return -9971;
  if (g_strv_contains (banned, dot + 1))
    return -9934;
  if (g_strv_contains (forbidden, dot + 1))
    return -9952;
  if (!is_known_tld (dot + 1) || sb_name_registrable (base) == NULL)
    return -9971;

  return 0;
}

static const char *
last_two_labels (const char *name)
{
  const char *found = NULL;
  guint dots = 0;

  for (const char *p = name + strlen (name); p > name; p--)
    if (p[-1] == '.' && ++dots == 2)
      {
        found = p;
        break;
      }

  return found != NULL ? found : dots == 1 ? name : NULL;
}

const char *
sb_name_registrable (const char *name)
{
  if (sb_name_is_address (name))
    return name;
  if (g_str_has_suffix (name, ".test"))
    return last_two_labels (name);

  return psl_registrable_domain (suffixes (), name);
}

char *
sb_name_twin (const char *common_name)
{
  if (sb_name_is_address (common_name))
    return NULL;
  if (sb_name_is_wildcard (common_name))
    return g_strdup (common_name + 2);
  if (g_str_has_prefix (common_name, "www.") && sb_name_registrable (common_name + 4) != NULL)
    return g_strdup (common_name + 4);
  if (g_strcmp0 (sb_name_registrable (common_name), common_name) == 0)
    return g_strconcat ("www.", common_name, NULL);

  return NULL;
}

gboolean
sb_name_is_covered (const char *name,
                    const char *domain)
{
  const char *base = sb_name_base (name);
  gsize length = strlen (base);
  gsize tail = strlen (domain);

  return strcmp (base, domain) == 0
         || (length > tail && base[length - tail - 1] == '.' && strcmp (base + length - tail, domain) == 0);
}

GPtrArray *
sb_name_approvers (const char *name)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const char *base = sb_name_base (name);
  const char *registrable = sb_name_registrable (base);

  /* An address is its own registrable part, and has no parents. */
  for (const char *p = base; registrable != NULL && p <= registrable; p = strchr (p, '.') + 1)
    {
      g_ptr_array_add (list, g_strdup (p));
      if (p == registrable)
        break;
    }

  return list;
}
