/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/types.h"

/* Sets of states of an order, for what makes sense in which. */

#define CH_STATE_BIT(state) (1u << CH_ORDER_STATE_ ## state)
#define CH_STATES_IN_FORCE (CH_STATE_BIT (ISSUED) | CH_STATE_BIT (REISSUING) | CH_STATE_BIT (RENEWING))
#define CH_STATES_UNDER_WAY \
  (CH_STATE_BIT (QUEUED) | CH_STATE_BIT (SUBMITTING) | CH_STATE_BIT (VALIDATING) | CH_STATE_BIT (VETTING))
#define CH_STATES_OVER \
  (CH_STATE_BIT (REJECTED) | CH_STATE_BIT (CANCELLED) | CH_STATE_BIT (REVOKED) | CH_STATE_BIT (EXPIRED) \
   | CH_STATE_BIT (FAILED))
#define CH_STATES_TO_VERIFY (CH_STATE_BIT (VALIDATING) | CH_STATE_BIT (VETTING) | CH_STATE_BIT (REISSUING))
#define CH_STATES_TO_RETRY \
  (CH_STATES_UNDER_WAY | CH_STATE_BIT (REISSUING) | CH_STATE_BIT (RENEWING) | CH_STATE_BIT (FAILED) \
   | CH_STATE_BIT (REJECTED))

/** ch_state_in: whether the state with that nick is one of @states; one that is not known is in none. */
static inline gboolean
ch_state_in (const char *nick,
             guint       states)
{
  int state;

  return ch_from_nick (CH_TYPE_ORDER_STATE, nick, &state, NULL) && (states & (1u << state)) != 0;
}
