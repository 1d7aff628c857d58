/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/** ch_proof_url: (transfer full) (nullable): where the file of a challenge must stand; %NULL: it is no file. */
char *ch_proof_url (const ChChallenge *challenge);

/** ch_proof_wanted: (transfer full): what the CA wants to see for a challenge: exactly where, and exactly what. */
char *ch_proof_wanted (const ChChallenge *challenge);

/** ch_proof_seen: what it means that a challenge's value stood everywhere, or that it was approved. */
const char *ch_proof_seen (const ChChallenge *challenge);

/** ch_proof_advice: (transfer full) (nullable): what a person can do so that the proof of control goes on. */
char *ch_proof_advice (ChWorld *world, const ChOrder *order);
