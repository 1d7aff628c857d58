/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/challenges.h"

#include "engine/dns-choice.h"
#include "engine/proof.h"
#include "pki/names.h"

#include <string.h>

#define DAY (24 * 60 * 60)

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

/* ---- who puts it where ---- */

static const ChPeer *
find_account (GPtrArray *accounts,
              gint64     id)
{
  for (guint i = 0; i < accounts->len; i++)
    if (((const ChPeer *) accounts->pdata[i])->id == id)
      return accounts->pdata[i];

  return NULL;
}

/* Who takes care of @name; @usual where nobody is closer, or where it cannot be said any more. */
static gint64
owner_of (const ChOrder *order,
          GPtrArray     *accounts,
          const char    *name,
          gint64         usual)
{
  const ChPeer *chosen = NULL;

  if (order->dns_named || usual == 0)
    return usual;

  ch_dns_choose (accounts, name, find_account (accounts, usual), &chosen, NULL);
  return chosen != NULL ? chosen->id : usual;
}

const char *
ch_challenge_place (const ChChallenge *challenge)
{
  guint n = challenge->aliases != NULL ? g_strv_length (challenge->aliases) : 0;

  return n > 0 ? challenge->aliases[n - 1] : challenge->location;
}

gint64
ch_challenge_owner (const ChOrder *order,
                    GPtrArray     *accounts,
                    const char    *location)
{
  gint64 usual = order->dns_account_id;

  for (gsize i = 0; order->names[i] != NULL; i++)
    if (ch_name_is_below (without_wildcard (order->names[i]), location))
      {
        usual = owner_of (order, accounts, order->names[i], usual);
        break;
      }

  return owner_of (order, accounts, location, usual);
}

static char **
filter_names (const ChOrder *order,
              GPtrArray     *accounts,
              gint64         owner)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; order->names[i] != NULL; i++)
    if (owner_of (order, accounts, order->names[i], order->dns_account_id) == owner)
      g_strv_builder_add (names, order->names[i]);

  return g_strv_builder_end (names);
}

static char **
filter_locations (const ChOrder *order,
                  GPtrArray     *accounts,
                  char         **locations,
                  gint64         owner)
{
  g_autoptr(GStrvBuilder) own = g_strv_builder_new ();

  for (gsize i = 0; locations[i] != NULL; i++)
    if (owner_of (order, accounts, locations[i], owner) == owner)
      g_strv_builder_add (own, locations[i]);

  return g_strv_builder_end (own);
}

static gboolean
is_taken (GPtrArray  *challenges,
          const char *location)
{
  for (guint i = 0; i < challenges->len; i++)
    if (g_str_equal (((const ChChallenge *) challenges->pdata[i])->location, location))
      return TRUE;

  return FALSE;
}

static gboolean
all_proven (char **names,
            char **locations)
{
  g_autoptr(GPtrArray) open = g_ptr_array_new ();

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (open, (gpointer) without_wildcard (names[i]));
  for (gsize i = 0; locations[i] != NULL; i++)
    drop_proven (open, locations[i]);

  return open->len == 0;
}

static void
add_challenge (GPtrArray       *challenges,
               const ChOrder   *order,
               const ChCaOrder *ca,
               const char      *location,
               gint64           owner,
               gint64           now)
{
  ChChallenge *challenge = g_new0 (ChChallenge, 1);

  challenge->order_id = order->id;
  challenge->method = order->method;
  challenge->name = g_strdup (order->names[0]);
  challenge->location = g_strdup (location);
  challenge->value = g_strdup (ca->value);
  challenge->dns_account_id = order->method == CH_DCV_METHOD_DNS ? owner : 0;
  challenge->value_at = now;
  g_ptr_array_add (challenges, challenge);
}

/* The names of one account are proven at places that are its own, as far as the CA offers such. */
static void
add_for_owner (GPtrArray       *challenges,
               const ChOrder   *order,
               const ChCaOrder *ca,
               GPtrArray       *accounts,
               gint64           owner,
               gint64           now)
{
  g_auto(GStrv) names = filter_names (order, accounts, owner);
  g_auto(GStrv) own = filter_locations (order, accounts, ca->locations, owner);
  char **offered = all_proven (names, own) ? own : ca->locations;
  g_auto(GStrv) chosen = ch_challenges_choose ((const char *const *) names, (const char *const *) offered);

  for (gsize i = 0; chosen[i] != NULL; i++)
    if (!is_taken (challenges, chosen[i]))
      add_challenge (challenges, order, ca, chosen[i], owner_of (order, accounts, chosen[i], owner), now);
}

/* A file proves the very host that shows it, and nothing below (docs/globalsign.md, Ordering). */
static void
add_files (GPtrArray       *challenges,
           const ChOrder   *order,
           const ChCaOrder *ca,
           gint64           now)
{
  for (gsize i = 0; order->names[i] != NULL; i++)
    if (!is_taken (challenges, order->names[i]))
      {
        add_challenge (challenges, order, ca, order->names[i], 0, now);

        ChChallenge *added = challenges->pdata[challenges->len - 1];
        g_free (added->name);
        added->name = g_strdup (order->names[i]);
      }
}

GPtrArray *
ch_challenges_from_ca (const ChOrder   *order,
                       const ChCaOrder *ca,
                       GPtrArray       *accounts,
                       gint64           now)
{
  if (!ch_order_shows_proof (order)
      || ca == NULL || ca->value == NULL || ca->locations == NULL || ca->locations[0] == NULL)
    return NULL;

  GPtrArray *challenges = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_challenge_free);
  if (ch_order_proof (order) == CH_PROOF_FILE)
    {
      add_files (challenges, order, ca, now);
      return challenges;
    }

  g_autoptr(GArray) done = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gsize i = 0; order->names[i] != NULL; i++)
    {
      gint64 owner = owner_of (order, accounts, order->names[i], order->dns_account_id);
      gboolean again = FALSE;

      for (guint j = 0; j < done->len; j++)
        again |= g_array_index (done, gint64, j) == owner;
      if (!again)
        add_for_owner (challenges, order, ca, accounts, owner, now);
      g_array_append_val (done, owner);
    }

  return challenges;
}

gboolean
ch_challenges_are_ours (const ChOrder *order,
                        GPtrArray     *challenges)
{
  if (ch_order_proof (order) != CH_PROOF_FILE)
    return ch_order_proves_itself (order);

  for (guint i = 0; i < challenges->len; i++)
    if (((const ChChallenge *) challenges->pdata[i])->published_at == 0)
      return FALSE;

  return challenges->len > 0;
}

gboolean
ch_challenges_are_stale (const ChPolicy *policy,
                         const ChOrder  *order,
                         GPtrArray      *challenges,
                         gint64          now)
{
  gint64 life = (gint64) ch_policy_challenge_days (policy, order->product, now) * DAY;

  for (guint i = 0; i < challenges->len; i++)
    {
      const ChChallenge *challenge = challenges->pdata[i];

      if (challenge->method != CH_DCV_METHOD_EMAIL && challenge->value_at != 0 && now > challenge->value_at + life)
        return TRUE;
    }

  return FALSE;
}
