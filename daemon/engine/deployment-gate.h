/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* What a deployment that is due may still have to wait for: its pause, its maintenance windows, its wave. */

/** ChGate: why it may not run now. */
typedef struct
{
  char *reason;       /* (owned) (nullable): a sentence; %NULL: it may */
  gint64 until;       /* when to look again; 0: when something else has changed */
} ChGate;

void ch_gate_clear (ChGate *gate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChGate, ch_gate_clear)

/**
 * ch_gate_ask:
 * @deployment: enabled and due
 * @gate: (out caller-allocates): why not
 *
 * A run that was interrupted is brought to its end whatever there is to wait for: its files are half changed.
 *
 * Returns: %FALSE when the database cannot be read
 */
gboolean ch_gate_ask (ChWorld            *world,
                      const ChDeployment *deployment,
                      gint64              now,
                      ChGate             *gate,
                      GError            **error);

/** ch_gate_ask_person: as ch_gate_ask(), for a person who wants it now: waves do not count. */
gboolean ch_gate_ask_person (ChWorld            *world,
                             const ChDeployment *deployment,
                             gint64              now,
                             ChGate             *gate,
                             GError            **error);

/** ch_deployment_is_paused: */
gboolean ch_deployment_is_paused (const ChDeployment *deployment, gint64 now);

/**
 * ch_deployment_waits_too_long:
 *
 * Returns: whether @deployment waits for something, and the certificate that it has installed has ended, ends before it
 *   goes on, or ends within three days
 */
gboolean ch_deployment_waits_too_long (ChStore            *store,
                                       const ChDeployment *deployment,
                                       gint64              now);
