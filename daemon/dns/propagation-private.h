/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/propagation.h"

/**
 * ch_propagation_conclude:
 * @propagation: with its observations
 *
 * Fills in "complete" and "summary". Pure.
 */
void ch_propagation_conclude (ChPropagation *propagation);

/** ch_observation_new: an observation with copies of the strings. */
ChObservation *ch_observation_new (const char *server,
                                   const char *address,
                                   ChSeen      seen,
                                   const char *text);

/** ch_observations_new: (transfer full): an empty list that frees its elements. */
GPtrArray *ch_observations_new (void);
