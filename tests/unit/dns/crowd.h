/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stand-in.h"

/**
 * crowd_run:
 *
 * Eight workers put a hundred values at one name at once, while two outsiders write there by dynamic
 * updates, past the service; then they take theirs away, while the outsiders write on. Nothing is lost, of
 * anybody's, and nothing of ours is left. What is to be tried again by its error is tried again.
 */
void crowd_run (StandIn             *stand_in,
                const ChDnsProvider *provider,
                const ChDnsAccess   *access);
