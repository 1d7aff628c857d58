/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stand-in.h"

/**
 * crowd_run:
 *
 * Eight workers put a hundred values at one name at once, while two outsiders write there by dynamic
 * updates, past the service; then they take theirs away, while the outsiders write on. Nothing is lost, of
 * anybody's, and nothing of ours is left. What is to be tried again by its error is tried again.
 *
 * @has_conditions: the service takes a change only as one of the state that it was made from. Where it does
 *   not, what an outsider writes while a worker takes a value away may be lost with it, as everybody knows who
 *   writes there: the outsiders then look after their values once more when the workers are done.
 */
void crowd_run (StandIn             *stand_in,
                const ChDnsProvider *provider,
                const ChDnsAccess   *access,
                gboolean             has_conditions);
