/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/watches.h"

#include "lib/text.h"
#include "lib/times.h"

#include <glib/gi18n.h>
#include <string.h>

#define DAY (24 * 60 * 60)
#define SHOWN_MAX 200
#define ACCEPTED_MAX 2000     /* bytes: some thirty fingerprints; a name has at most 16 addresses */

static char *
shown (const char *text)
{
  glong length = g_utf8_strlen (text, -1);
  g_autofree char *part = g_utf8_substring (text, 0, MIN (length, SHOWN_MAX));

  return ch_text_line (part, -1);
}

static const char *
name_of (const ChWatch *watch)
{
  return watch->sni != NULL ? watch->sni : watch->host;
}

static gboolean
is_accepted (const ChWatch *watch,
             const char    *fingerprint)
{
  g_auto(GStrv) all = watch->accepted != NULL && fingerprint != NULL ? g_strsplit (watch->accepted, " ", -1) : NULL;

  return all != NULL && g_strv_contains ((const char *const *) all, fingerprint);
}

/* Whether @leaf is what a renewal looks like. */
static gboolean
follows (const ChWatch *watch,
         const ChCert  *leaf)
{
  return is_accepted (watch, watch->fingerprint)
         && g_strcmp0 (watch->issuer, leaf->issuer) == 0
         && leaf->not_after > watch->not_after
         && ch_cert_covers ((const char *const *) leaf->names, name_of (watch));
}

static void
copy (ChWatch      *watch,
      const ChCert *leaf,
      gboolean      trusted)
{
  g_free (watch->fingerprint);
  watch->fingerprint = g_strdup (leaf->fingerprint);
  g_free (watch->subject);
  watch->subject = g_strdup (leaf->subject);
  g_free (watch->issuer);
  watch->issuer = g_strdup (leaf->issuer);
  g_strfreev (watch->names);
  watch->names = g_strdupv (leaf->names);
  watch->not_before = leaf->not_before;
  watch->not_after = leaf->not_after;
  watch->trusted = trusted;
}

/* A threshold that is a third of the certificate's life, or more, does not count: many are renewed just then. */
static gboolean
ends_soon (const ChCert *leaf,
           const guint  *days,
           gint64        now)
{
  for (; *days != 0; days++)
    if ((gint64) *days * DAY * 3 < leaf->not_after - leaf->not_before)
      return now >= leaf->not_after - (gint64) *days * DAY;

  return FALSE;
}

static ChWatchState
judge (const ChWatch *watch,
       const ChCert  *leaf,
       gboolean       right,
       const guint   *days,
       gint64         now)
{
  if (now >= leaf->not_after)
    return CH_WATCH_STATE_ENDED;
  if (!ch_cert_covers ((const char *const *) leaf->names, name_of (watch)))
    return CH_WATCH_STATE_MISMATCH;
  if (!right)
    return CH_WATCH_STATE_CHANGED;

  return ends_soon (leaf, days, now) ? CH_WATCH_STATE_ENDING : CH_WATCH_STATE_GOOD;
}

/* (transfer full) (nullable) */
static char *
describe (const ChWatch *watch,
          ChWatchState   state,
          gint64         now)
{
  g_autofree char *end = ch_time_day (watch->not_after);
  g_autofree char *subject = shown (watch->subject);
  g_autofree char *issuer = shown (watch->issuer);
  gint64 left = (watch->not_after - now) / DAY;

  switch (state)
    {
    case CH_WATCH_STATE_ENDED:
      return g_strdup_printf (_("The certificate “%s” has ended on %s"), subject, end);
    case CH_WATCH_STATE_MISMATCH:
      return g_strdup_printf (_("The certificate “%s” is not for %s"), subject, name_of (watch));
    case CH_WATCH_STATE_CHANGED:
      return g_strdup_printf (_("Another certificate than before: “%s” from “%s”, valid until %s; if that is right: "
                                "“chancery watch accept %s”"), subject, issuer, end, watch->name);
    case CH_WATCH_STATE_ENDING:
      return g_strdup_printf (ngettext ("The certificate “%s” ends in %d day, on %s", "The certificate “%s” ends in %d days, on %s",
                                        (gulong) left), subject, (int) left, end);
    default:
      return NULL;
    }
}

static void
set (ChWatch      *watch,
     ChWatchState  state,
     char         *reason)
{
  watch->state = state;
  g_free (watch->reason);
  watch->reason = reason;
}

/* What needs a person most comes first, then what ends first. */
static gboolean
is_worse (ChWatchState  state,
          const ChCert *leaf,
          ChWatchState  than,
          const ChCert *other)
{
  static const guint8 weights[] = {
    [CH_WATCH_STATE_GOOD] = 1, [CH_WATCH_STATE_ENDING] = 2, [CH_WATCH_STATE_CHANGED] = 3,
    [CH_WATCH_STATE_MISMATCH] = 4, [CH_WATCH_STATE_ENDED] = 5,
  };

  return weights[state] != weights[than] ? weights[state] > weights[than] : leaf->not_after < other->not_after;
}

static gboolean
differ (const ChWatchSeen *seen,
        guint              n_seen)
{
  for (guint i = 1; i < n_seen; i++)
    if (!g_str_equal (seen[i].leaf->fingerprint, seen[0].leaf->fingerprint))
      return TRUE;

  return FALSE;
}

static void
accept_all (ChWatch           *watch,
            const ChWatchSeen *seen,
            guint              n_seen)
{
  g_clear_pointer (&watch->accepted, g_free);
  for (guint i = 0; i < n_seen; i++)
    if (!is_accepted (watch, seen[i].leaf->fingerprint))
      ch_watch_add_accepted (watch, seen[i].leaf->fingerprint);
}

void
ch_watch_add_accepted (ChWatch    *watch,
                       const char *fingerprint)
{
  g_autofree char *before = watch->accepted;

  if (before != NULL && strlen (before) < ACCEPTED_MAX)
    watch->accepted = g_strjoin (" ", before, fingerprint, NULL);
  else
    watch->accepted = g_strdup (fingerprint);
}

gboolean
ch_watch_take (ChWatch           *watch,
               const ChWatchSeen *seen,
               guint              n_seen,
               const guint       *days,
               gint64             now)
{
  gboolean first = watch->accepted == NULL, all_right = TRUE, renewed = FALSE;
  ChWatchState state = CH_WATCH_STATE_NEW;
  guint worst = 0;

  for (guint i = 0; i < n_seen; i++)
    {
      const ChCert *leaf = seen[i].leaf;
      gboolean known = first || is_accepted (watch, leaf->fingerprint);
      gboolean right = known || follows (watch, leaf);
      ChWatchState one = judge (watch, leaf, right, days, now);

      all_right = all_right && right;
      renewed = renewed || (right && !known);
      if (i == 0 || is_worse (one, leaf, state, seen[worst].leaf))
        {
          state = one;
          worst = i;
        }
    }

  if (all_right)
    accept_all (watch, seen, n_seen);
  copy (watch, seen[worst].leaf, seen[worst].trusted);
  watch->failures = 0;
  watch->looked_at = now;

  g_autofree char *reason = describe (watch, state, now);
  if (reason != NULL && differ (seen, n_seen))
    set (watch, state, g_strdup_printf ("%s: %s", seen[worst].place, reason));
  else
    set (watch, state, g_steal_pointer (&reason));
  return all_right && renewed;
}

void
ch_watch_miss (ChWatch    *watch,
               const char *why,
               gboolean    at_once,
               gint64      now)
{
  watch->failures++;
  watch->looked_at = now;
  if (at_once || watch->failures > 1 || watch->state == CH_WATCH_STATE_NEW)
    set (watch, CH_WATCH_STATE_UNREACHABLE, g_strdup (why));
}

gboolean
ch_watch_needs_you (const ChWatch *watch)
{
  return watch->state != CH_WATCH_STATE_NEW && watch->state != CH_WATCH_STATE_GOOD;
}
