/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stand-in.h"

/**
 * CrowdRules:
 * @CROWD_NO_CONDITIONS: the service takes a change whatever the state that it was made from has become. What an outsider
 *   writes while a worker takes a value away may be lost with it, as everybody knows who writes there: the outsiders then
 *   look after their values once more when the workers are done.
 * @CROWD_BRIEF: the service has room for a few values at a name only. Each worker takes its value away before the next.
 */
typedef enum
{
  CROWD_USUAL = 0,
  CROWD_NO_CONDITIONS = 1 << 0,
  CROWD_BRIEF = 1 << 1,
} CrowdRules;

/**
 * crowd_run:
 * @server: holds the zone that the service changes, see #ServerKind
 *
 * Eight workers put a hundred values at one name at once, while two outsiders write there by dynamic
 * updates, past the service; then they take theirs away, while the outsiders write on. Nothing is lost, of
 * anybody's, and nothing of ours is left. What is to be tried again by its error is tried again.
 */
void crowd_run (Server              *server,
                const ChDnsProvider *provider,
                const ChDnsAccess   *access,
                CrowdRules           rules);
