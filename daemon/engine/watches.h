/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"
#include "pki/chain.h"

/* Endpoints whose certificates are somebody else's, and are looked at. */

/** ChWatchDraft: what a caller asks for. */
typedef struct
{
  char *host;
  guint port;
  char *sni;        /* (nullable) */
  char *start_tls;  /* (nullable) */
  guint every;      /* seconds; 0: as the configuration says */
} ChWatchDraft;
void ch_watch_draft_free (ChWatchDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWatchDraft, ch_watch_draft_free)

/** ch_watch_add: Returns: the new id, or 0 with an error that names what is wrong. */
gint64 ch_watch_add (ChWorld *world, const ChWatchDraft *draft, const ChActor *actor, GError **error);
/** ch_watch_accept: what was seen last is right. */
gboolean ch_watch_accept (ChWorld *world, gint64 id, const ChActor *actor, GError **error);
/** ch_watch_set_interval: @every: seconds, 0: as the configuration says */
gboolean ch_watch_set_interval (ChWorld *world, gint64 id, guint every, const ChActor *actor, GError **error);
gboolean ch_watch_remove (ChWorld *world, gint64 id, const ChActor *actor, GError **error);
/** ch_watch_look: (transfer none): a job that looks now. */
ChJob *ch_watch_look (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/** ch_watches_run: looks at what is due. */
void ch_watches_run (ChWorld *world, gint64 now);

/* ---- watch-judge.c: pure ---- */

/** ChWatchSeen: what one address of it serves. */
typedef struct
{
  const char *place;      /* (not owned): the address, for people */
  const ChCert *leaf;     /* (not owned) */
  gboolean trusted;
} ChWatchSeen;

/**
 * ch_watch_take:
 * @seen: (array length=n_seen): at least one
 * @days: (array zero-terminated=1): the thresholds of #ChConfig, falling
 *
 * Writes what was seen into @watch, and what that means. The first certificates are taken as right, and so is one that
 * follows them from the same issuer, with the right name and a later end; any other waits until a person accepts it.
 * Where addresses serve different ones, the watch is about the worst of them, or the one that ends first.
 *
 * Returns: whether one was seen that follows those known before
 */
gboolean ch_watch_take (ChWatch           *watch,
                        const ChWatchSeen *seen,
                        guint              n_seen,
                        const guint       *days,
                        gint64             now);

/** ch_watch_add_accepted: that certificate is right, too. */
void ch_watch_add_accepted (ChWatch    *watch,
                            const char *fingerprint);

/** ch_watch_miss: nothing was seen. @at_once: told at once, not only when it has failed twice. */
void ch_watch_miss (ChWatch *watch, const char *why, gboolean at_once, gint64 now);

/** ch_watch_needs_you: whether a person is told of its state. */
gboolean ch_watch_needs_you (const ChWatch *watch);
