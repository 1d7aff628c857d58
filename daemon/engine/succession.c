/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/succession.h"

#define DAY G_GINT64_CONSTANT (86400)
/* Nobody should be surprised in the last week; and a reissue that wins less than that is not worth the change. */
#define LAST_WEEK (7 * DAY)
/* With the shortest lifetimes and the longest terms a plan has some twenty steps. */
#define MOST_STEPS 100

/* A multiplicative hash (Knuth), so that what was issued together is not replaced together. */
static gint64
spread (guint64 salt,
        gint64  most)
{
  guint64 hash = (salt * G_GUINT64_CONSTANT (11400714819323198485)) >> 32;

  return most > 0 ? (gint64) (hash % (guint64) (most + 1)) : 0;
}

gint64
ch_succession_moment (ChLife  life,
                      guint64 salt)
{
  gint64 length = MAX (life.until - life.from, 0);
  gint64 left = length / 3 + spread (salt, length / 30);

  return life.until - MIN (MAX (left, LAST_WEEK), length / 2);
}

gint64
ch_succession_renewable_from (const ChPolicy *policy,
                              const ChOrder  *order)
{
  /* The window's length is that of the day on which it would be used. */
  return order->term_end - ch_policy_renewal_window_days (policy, order->product, order->term_end) * DAY;
}

static gint64
longest (const ChPolicy *policy,
         const ChOrder  *order,
         gint64          at)
{
  return at + ch_policy_max_days (policy, order->product, at) * DAY;
}

static gint64
add_months (gint64 time,
            int    months)
{
  g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc (time);
  g_autoptr(GDateTime) to = from != NULL ? g_date_time_add_months (from, months) : NULL;

  return to != NULL ? g_date_time_to_unix (to) : time;
}

static ChNext
renewal_at (const ChPolicy *policy,
            const ChOrder  *order,
            gint64          at)
{
  return (ChNext) { CH_SUCCESSOR_RENEWAL, at, MIN (longest (policy, order, at), add_months (at, order->term_months)) };
}

ChNext
ch_succession_now (const ChPolicy *policy,
                   const ChOrder  *order,
                   ChLife          life,
                   gint64          now)
{
  gint64 reissued = MIN (longest (policy, order, now), order->term_end);
  gboolean renewable = now >= ch_succession_renewable_from (policy, order);

  if (now < order->term_end && (reissued - MAX (life.until, now) >= LAST_WEEK || !renewable))
    return (ChNext) { CH_SUCCESSOR_REISSUE, now, reissued };

  return renewal_at (policy, order, now);
}

static ChNext
reissue_at (const ChPolicy *policy,
            const ChOrder  *order,
            gint64          at)
{
  return (ChNext) { CH_SUCCESSOR_REISSUE, at, MIN (longest (policy, order, at), order->term_end) };
}

/* Whether a reissue at @at lasts at least @least seconds longer than what is in force then. */
static gboolean
reissue_wins (const ChPolicy *policy,
              const ChOrder  *order,
              ChLife          life,
              gint64          at,
              gint64          least)
{
  return at < order->term_end && reissue_at (policy, order, at).until - MAX (life.until, at) >= least;
}

ChNext
ch_succession_next (const ChPolicy *policy,
                    const ChOrder  *order,
                    ChLife          life,
                    gint64          now)
{
  if (life.until <= 0 || order->term_end <= 0)
    return (ChNext) { .kind = CH_SUCCESSOR_NONE };

  gint64 at = MAX (ch_succession_moment (life, (guint64) order->id), now);

  if (reissue_wins (policy, order, life, at, LAST_WEEK))
    return reissue_at (policy, order, at);

  gint64 renewable = MAX (at, ch_succession_renewable_from (policy, order));
  gint64 last = MAX (at, life.until - MIN (LAST_WEEK, (life.until - life.from) / 2));
  if (renewable > last && reissue_wins (policy, order, life, last, 1))
    return reissue_at (policy, order, last);

  return renewal_at (policy, order, renewable);
}

GArray *
ch_succession_plan (const ChPolicy *policy,
                    const ChOrder  *order,
                    ChLife          life,
                    gint64          now)
{
  GArray *plan = g_array_new (FALSE, FALSE, sizeof (ChNext));
  ChNext next = { .kind = CH_SUCCESSOR_REISSUE };

  while (next.kind == CH_SUCCESSOR_REISSUE && plan->len < MOST_STEPS)
    {
      next = ch_succession_next (policy, order, life, now);
      if (next.kind != CH_SUCCESSOR_NONE)
        g_array_append_val (plan, next);
      life = (ChLife) { next.at, next.until };
      now = next.at;
    }

  return plan;
}
