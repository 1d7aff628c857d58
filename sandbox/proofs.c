/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proofs.h"

#include "names.h"

#include <string.h>

#define DAY_MS (24 * 3600 * (gint64) 1000)
#define END_OF_MAIL (1836691200 * (gint64) 1000) /* 2028-03-15 */

struct _SbProofs
{
  GHashTable *times; /* (element-type utf8 gint64): “user method domain” → milliseconds */
};

/* From (seconds since 1970), and days. */
static const struct
{
  gint64 from;
  int days;
} periods[] = {
  { 1868227200, 10 },  /* 2029-03-15 */
  { 1805068800, 100 }, /* 2027-03-15 */
  { 0, 200 },
};

int
sb_proof_reuse (gint64 now)
{
  gsize i = 0;

  while (now / 1000 < periods[i].from)
    i++;

  return periods[i].days;
}

static gboolean
shows (const char *method,
       const char *domain,
       const char *name)
{
  return strcmp (method, SB_PROVEN_BY_URL) == 0 ? strcmp (name, domain) == 0 : sb_name_is_covered (name, domain);
}

gboolean
sb_order_is_proven (const SbOrder *order,
                    const char    *name)
{
  for (gsize i = 0; order->proofs != NULL && order->proofs[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (order->proofs[i], " ", 3);

      if (shows (words[0], words[2], name))
        return TRUE;
    }

  return FALSE;
}

gboolean
sb_order_all_proven (const SbOrder *order)
{
  gboolean all = sb_order_is_proven (order, order->common_name);

  for (gsize i = 0; all && order->sans[i] != NULL; i++)
    all = sb_order_is_proven (order, sb_san_name (order->sans[i]));

  return all;
}

void
sb_order_prove (SbOrder    *order,
                const char *method,
                const char *domain,
                gint64      time)
{
  g_autofree char *line = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", method, time, domain);

  sb_order_append (&order->proofs, line);
}

SbProofs *
sb_proofs_new (void)
{
  SbProofs *proofs = g_new0 (SbProofs, 1);

  proofs->times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return proofs;
}

void
sb_proofs_free (SbProofs *proofs)
{
  g_hash_table_unref (proofs->times);
  g_free (proofs);
}

void
sb_proofs_take (SbProofs      *proofs,
                const SbOrder *order)
{
  for (gsize i = 0; order->proofs != NULL && order->proofs[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (order->proofs[i], " ", 3);
      g_autofree char *key = g_strjoin (" ", order->user, words[0], words[2], NULL);
      gint64 time = g_ascii_strtoll (words[1], NULL, 10);
      gint64 *known = g_hash_table_lookup (proofs->times, key);

      if (known == NULL)
        g_hash_table_insert (proofs->times, g_steal_pointer (&key), g_memdup2 (&time, sizeof time));
      else
        *known = MAX (*known, time);
    }
}

static char *
look_up (SbProofs   *proofs,
         const char *user,
         const char *method,
         const char *domain,
         gint64      now)
{
  g_autofree char *key = g_strjoin (" ", user, method, domain, NULL);
  gint64 *time = g_hash_table_lookup (proofs->times, key);

  if (time == NULL || now - *time > sb_proof_reuse (now) * DAY_MS
      || (strcmp (method, SB_PROVEN_BY_MAIL) == 0 && now >= END_OF_MAIL))
    return NULL;

  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", method, *time, domain);
}

char *
sb_proofs_reuse (SbProofs   *proofs,
                 const char *user,
                 const char *name,
                 gint64      now)
{
  static const char *const wide[] = { SB_PROVEN_BY_DNS, SB_PROVEN_BY_MAIL, SB_PROVEN_BY_STAFF };
  g_autoptr(GPtrArray) domains = sb_name_approvers (name);
  char *line = look_up (proofs, user, SB_PROVEN_BY_URL, name, now); /* none for “*.”: no proof is noted so */

  for (guint i = 0; line == NULL && i < domains->len; i++)
    for (gsize n = 0; line == NULL && n < G_N_ELEMENTS (wide); n++)
      line = look_up (proofs, user, wide[n], g_ptr_array_index (domains, i), now);

  return line;
}
