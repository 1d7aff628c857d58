/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/details.h"

#include "lib/text.h"
#include "pki/names.h"

#include <string.h>

ChDetails *
ch_details_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

void
ch_details_set (ChDetails  *details,
                const char *key,
                const char *value)
{
  if (value != NULL)
    g_hash_table_replace (details, (gpointer) key, ch_text_line (value, -1));
}

void
ch_details_set_id (ChDetails  *details,
                   const char *key,
                   gint64      id)
{
  g_hash_table_replace (details, (gpointer) key, g_strdup_printf ("%" G_GINT64_FORMAT, id));
}

/* (nullable): what both end in, whole labels only */
static char *
common_end (const char *a,
            const char *b)
{
  const char *i = a + strlen (a);
  const char *j = b + strlen (b);
  const char *end = NULL;

  while (i > a && j > b && i[-1] == j[-1])
    {
      i--;
      j--;
      gboolean label_a = i == a || i[-1] == '.';
      gboolean label_b = j == b || j[-1] == '.';
      if (label_a && label_b)
        end = i;
    }

  return g_strdup (end);
}

void
ch_details_set_names (ChDetails         *details,
                      const char *const *names)
{
  g_autoptr(GPtrArray) normal = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *domain = NULL;

  for (gsize i = 0; names[i] != NULL; i++)
    {
      /* As the engine will read it, so that nobody slips through in another spelling. */
      char *name = ch_name_normalise (names[i], NULL);
      if (name == NULL)
        return;

      g_ptr_array_add (normal, name);
      g_autofree char *shared = i == 0 ? g_strdup (name) : domain != NULL ? common_end (domain, name) : NULL;
      g_free (domain);
      domain = g_steal_pointer (&shared);
    }

  g_ptr_array_add (normal, NULL);
  g_autofree char *all = g_strjoinv (" ", (char **) normal->pdata);
  ch_details_set (details, "names", all);
  ch_details_set (details, "domain", domain);
}

GVariant *
ch_details_to_variant (ChDetails *details)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, details);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add (&builder, "{ss}", key, value);

  return g_variant_builder_end (&builder);
}
