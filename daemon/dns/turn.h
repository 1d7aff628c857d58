/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChDnsTurn: the right to change one set of records.
 *
 * Where a service can only be told the whole set, changing it is reading, changing and writing back. Workers of
 * this process that change the same set do it one after the other, instead of meeting at the service. Other
 * writers are still to be reckoned with.
 */
typedef struct ChDnsTurn ChDnsTurn;

/**
 * ch_dns_turn_wait:
 * @set: names the set for all its writers: kind of service, account, zone and name
 *
 * Waits for our turn. Blocks; may be called on any thread. A thread takes one turn at a time.
 *
 * Returns: (transfer full): the turn, which ends with ch_dns_turn_end(), or %NULL with %CH_ERROR_CANCELLED
 */
ChDnsTurn *ch_dns_turn_wait (const char    *set,
                             GCancellable  *cancellable,
                             GError       **error);

/** ch_dns_turn_end: (transfer full): the next one may begin. */
void ch_dns_turn_end (ChDnsTurn *turn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDnsTurn, ch_dns_turn_end)

/**
 * ch_dns_pause:
 * @milliseconds: how long at least; up to twice that is waited, so that two who met do not meet again
 *
 * Returns: %TRUE when the time is over, or %FALSE with %CH_ERROR_CANCELLED
 */
gboolean ch_dns_pause (guint          milliseconds,
                       GCancellable  *cancellable,
                       GError       **error);
