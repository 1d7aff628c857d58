/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/watches.h"

#include "lib/text.h"
#include "lib/times.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)
#define SHOWN_MAX 200

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
covers (const ChWatch *watch)
{
  return ch_cert_covers ((const char *const *) watch->names, name_of (watch));
}

/* Whether @leaf is what a renewal looks like. */
static gboolean
follows (const ChWatch *watch,
         const ChCert  *leaf)
{
  return g_strcmp0 (watch->fingerprint, watch->accepted) == 0
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
ends_soon (const ChWatch *watch,
           const guint   *days,
           gint64         now)
{
  for (; *days != 0; days++)
    if ((gint64) *days * DAY * 3 < watch->not_after - watch->not_before)
      return now >= watch->not_after - (gint64) *days * DAY;

  return FALSE;
}

/* @reason: (transfer full) */
static void
set (ChWatch      *watch,
     ChWatchState  state,
     char         *reason)
{
  watch->state = state;
  g_free (watch->reason);
  watch->reason = reason;
}

static void
judge (ChWatch     *watch,
       const guint *days,
       gint64       now)
{
  g_autofree char *end = ch_time_day (watch->not_after);
  g_autofree char *subject = shown (watch->subject);
  g_autofree char *issuer = shown (watch->issuer);
  gint64 left = (watch->not_after - now) / DAY;

  if (now >= watch->not_after)
    set (watch, CH_WATCH_STATE_ENDED, g_strdup_printf (_("The certificate “%s” has ended on %s"), subject, end));
  else if (!covers (watch))
    set (watch, CH_WATCH_STATE_MISMATCH, g_strdup_printf (_("The certificate “%s” is not for %s"), subject, name_of (watch)));
  else if (g_strcmp0 (watch->fingerprint, watch->accepted) != 0)
    set (watch, CH_WATCH_STATE_CHANGED,
         g_strdup_printf (_("Another certificate than before: “%s” from “%s”, valid until %s; if that is right: "
                            "“chancery watch accept %s”"), subject, issuer, end, watch->name));
  else if (ends_soon (watch, days, now))
    set (watch, CH_WATCH_STATE_ENDING,
         g_strdup_printf (ngettext ("The certificate “%s” ends in %d day, on %s", "The certificate “%s” ends in %d days, on %s",
                                    (gulong) left), subject, (int) left, end));
  else
    set (watch, CH_WATCH_STATE_GOOD, NULL);
}

void
ch_watch_take (ChWatch      *watch,
               const ChCert *leaf,
               gboolean      trusted,
               const guint  *days,
               gint64        now)
{
  if (watch->accepted == NULL || follows (watch, leaf))
    {
      g_free (watch->accepted);
      watch->accepted = g_strdup (leaf->fingerprint);
    }

  copy (watch, leaf, trusted);
  watch->failures = 0;
  watch->looked_at = now;
  judge (watch, days, now);
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
