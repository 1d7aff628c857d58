/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "ca/ca.h"
#include "dns/common.h"
#include "dns/provider.h"
#include "dns/resolver.h"
#include "lib/secret.h"

#include <string.h>

/* What somebody gives as settings of an account: lines "name=value", secrets with a '*' before the name. The first
 * byte chooses the kind of account. */

static void
take_error (gboolean  done,
            GError  **error)
{
  g_assert_true (done == (*error == NULL));
  if (*error != NULL)
    g_assert_true (g_utf8_validate ((*error)->message, -1, NULL));
  g_clear_error (error);
}

static void
read_pairs (const char *text,
            GHashTable *settings,
            GHashTable *secrets)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", 64);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *value = strchr (lines[i], '=');

      if (value == NULL)
        continue;
      *value++ = '\0';
      if (*lines[i] == '*')
        g_hash_table_replace (secrets, g_strdup (lines[i] + 1), g_strdup (value));
      else
        g_hash_table_replace (settings, g_strdup (lines[i]), g_strdup (value));
    }
}

static void
check (const ChField       *fields,
       const ChDnsProvider *provider,
       GHashTable          *settings,
       GHashTable          *secrets)
{
  g_autoptr(GError) error = NULL;
  gboolean done = ch_fields_check (fields, settings, secrets, &error);

  take_error (done, &error);
  if (!done || provider == NULL || provider->prepare == NULL)
    return;

  done = provider->prepare (settings, secrets, &error);
  take_error (done, &error);
}

/* "zones", "nameservers" and the like, which the bus gives as text of any kind */
static void
check_common (GHashTable *settings)
{
  const char *servers = g_hash_table_lookup (settings, "nameservers");
  g_autoptr(GError) error = NULL;

  if (ch_fields_check (ch_dns_common_fields (), settings, NULL, &error))
    {
      gboolean done = ch_dns_common_tidy (settings, &error);

      take_error (done, &error);
    }
  g_clear_error (&error);

  GPtrArray *list = servers != NULL ? ch_dns_parse_servers (servers, &error) : NULL;
  take_error (servers == NULL || list != NULL, &error);
  g_clear_pointer (&list, g_ptr_array_unref);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size < 1)
    return 0;

  g_autofree char *text = g_strndup ((const char *) data + 1, size - 1);
  g_autofree char *valid = g_utf8_make_valid (text, -1);     /* D-Bus lets nothing else in */
  g_autoptr(GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) secrets = ch_secret_table_new ();
  const ChDnsProvider *const *providers = ch_dns_list ();
  guint n = 0;

  while (providers[n] != NULL)
    n++;

  read_pairs (valid, settings, secrets);
  guint chosen = data[0] % (n + 3);
  if (chosen < n)
    check (providers[chosen]->fields, providers[chosen], settings, secrets);
  else if (chosen == n)
    check (ch_ca_list ()[0]->fields, NULL, settings, secrets);
  else if (chosen == n + 1)
    check (ch_ca_organization_fields, NULL, settings, secrets);
  else
    check_common (settings);
  return 0;
}
