/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/challenges.h"

#include "pki/names.h"

#include <string.h>

static const char *
without_wildcard (const char *name)
{
  return g_str_has_prefix (name, "*.") ? name + 2 : name;
}

static guint
count_proven (const char *location,
              GPtrArray  *names)
{
  guint proven = 0;

  for (guint i = 0; i < names->len; i++)
    proven += ch_name_is_below (g_ptr_array_index (names, i), location);

  return proven;
}

static const char *
best_location (const char *const *locations,
               GPtrArray         *open)
{
  const char *best = NULL;
  guint most = 0;

  for (gsize i = 0; locations[i] != NULL; i++)
    {
      guint proven = count_proven (locations[i], open);

      if (proven > most || (proven == most && best != NULL && strlen (locations[i]) > strlen (best)))
        {
          best = locations[i];
          most = proven;
        }
    }

  return best;
}

static void
drop_proven (GPtrArray  *open,
             const char *location)
{
  for (guint i = open->len; i > 0; i--)
    if (ch_name_is_below (g_ptr_array_index (open, i - 1), location))
      g_ptr_array_remove_index (open, i - 1);
}

char **
ch_challenges_choose (const char *const *names,
                      const char *const *locations)
{
  g_autoptr(GPtrArray) open = g_ptr_array_new ();
  g_autoptr(GStrvBuilder) chosen = g_strv_builder_new ();
  const char *next;

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (open, (gpointer) without_wildcard (names[i]));

  while ((next = best_location (locations, open)) != NULL)
    {
      g_strv_builder_add (chosen, next);
      drop_proven (open, next);
    }

  /* Names that no place lies above are the CA's affair. A place above none of them gets nothing: a value there
   * would prove to somebody that we control a name which was not ordered. */
  return g_strv_builder_end (chosen);
}

GPtrArray *
ch_challenges_from_ca (const ChOrder   *order,
                       const ChCaOrder *ca,
                       gint64           now)
{
  if (ca == NULL || ca->value == NULL || ca->locations == NULL || ca->locations[0] == NULL)
    return NULL;

  GPtrArray *challenges = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_challenge_free);
  g_auto(GStrv) locations = ch_challenges_choose ((const char *const *) order->names, (const char *const *) ca->locations);

  for (gsize i = 0; locations[i] != NULL; i++)
    {
      ChChallenge *challenge = g_new0 (ChChallenge, 1);

      challenge->order_id = order->id;
      challenge->method = order->method;
      challenge->name = g_strdup (order->names[0]);
      challenge->location = g_strdup (locations[i]);
      challenge->value = g_strdup (ca->value);
      challenge->value_at = now;
      g_ptr_array_add (challenges, challenge);
    }

  return challenges;
}
