/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/records.h"

/**
 * ChProof: who shows that the names of an order are controlled, and how.
 * @CH_PROOF_RECORD: a TXT record, put by us or by a person
 * @CH_PROOF_FILE: a file on the web servers, put by a person
 * @CH_PROOF_MAIL: whoever the CA mails says yes
 * @CH_PROOF_STAFF: the CA's staff verify the organisation and its names
 */
typedef enum
{
  CH_PROOF_RECORD,
  CH_PROOF_FILE,
  CH_PROOF_MAIL,
  CH_PROOF_STAFF,
} ChProof;

ChProof ch_order_proof (const ChOrder *order);

/** ch_order_shows_proof: whether something has to stand somewhere, which is looked for before the CA is asked. */
gboolean ch_order_shows_proof (const ChOrder *order);

/** ch_order_proves_itself: whether nobody but a DNS account has to do anything for it. */
gboolean ch_order_proves_itself (const ChOrder *order);
