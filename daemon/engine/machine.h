/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "store/records.h"

/* What happens to an order, as a pure function. Nothing here does I/O or reads a clock; so every
 * transition, on any day, can be tested as a row of a table. */

/** ChFactKind: what has become known about an order. */
typedef enum
{
  CH_FACT_STARTED,        /* the daemon started; what was under way may or may not have happened */
  CH_FACT_KEY_MADE,       /* key and CSR are durable */
  CH_FACT_PLACED,         /* the CA took the order; @ca */
  CH_FACT_FOUND,          /* the CA has an order with our own key; @ca */
  CH_FACT_FOUND_OTHERS,   /* it has a reissue, but for a key that is not ours: somebody made it elsewhere; @ca */
  CH_FACT_NOT_FOUND,      /* it has none */
  CH_FACT_WITHDRAWN,      /* the CA cancelled the adopted order */
  CH_FACT_FOLLOWED,       /* it is known where the challenges lead to */
  CH_FACT_PUBLISHED,      /* the value was put into DNS */
  CH_FACT_SHOWN,          /* all servers show it */
  CH_FACT_NOT_SHOWN,      /* not all do; @text says who does not */
  CH_FACT_STATUS,         /* the CA told how the order stands; @ca */
  CH_FACT_UNCHANGED,      /* the CA's bulk answer does not mention it */
  CH_FACT_MENTIONED,      /* it mentions it although the order does not wait for that; @ca */
  CH_FACT_CANCELLED,      /* the CA cancelled it as we asked */
  CH_FACT_FAILED,         /* the step failed; @error */
  CH_FACT_CANCEL_ASKED,   /* a person wants it cancelled */
  CH_FACT_RETRY_ASKED,    /* a person wants it tried now */
  CH_FACT_REVOKE_ASKED,   /* a person wants it revoked */
  CH_FACT_REVOKED,        /* the CA revoked it as we asked */
  CH_FACT_ENDED,          /* the certificate in force and the term are over */
  CH_FACT_ANEW_ASKED,     /* a person wants it placed anew: proven in another way, or by a fresh value */
  CH_FACT_PROVE_ASKED,    /* a person wants the value put elsewhere */
  CH_FACT_TAKEN,          /* another order uses the place of its file; @text */
  CH_FACT_TURN_OVER,      /* it had its turn with the place of its file, and another order waits; @text */
  CH_FACT_VERIFIED,       /* the CA was asked beside the steps; @ca */
} ChFactKind;

/** ChFact: a fact with what came with it. */
typedef struct
{
  ChFactKind kind;
  const ChCaOrder *ca;          /* (nullable) */
  const GError *error;          /* (nullable) */
  const char *text;             /* (nullable) */
  gint64 due;                   /* NOT_SHOWN: when to look at the latest; 0: not known */
  gboolean overdue;             /* NOT_SHOWN: it was waited for long enough */
  gboolean doubtful;            /* SHOWN: but not by all; @text names the others */
  gboolean has_challenge;       /* a value is known, or came with the fact, and where it proves a name of the order */
  gboolean is_ours;             /* a file that we have put ourselves proves every name */
  gboolean is_stale;            /* and the CA may not take it any more */
} ChFact;

/** ChMove: where the order goes from here. */
typedef struct
{
  ChOrderState state;
  ChOrderStep step;
  gint64 due;               /* 0: nothing is due */
  guint failures;
  char *reason;             /* (nullable) (owned) */
  gboolean cancel_wanted;
  gboolean anew;            /* what is placed is to be withdrawn, and placed anew */
  gboolean new_attempt;     /* the next placement gets a fresh own key */
  gboolean ends_reissue;    /* there will be no new certificate: the one in force stays what it was */
  gboolean clean;           /* what we published is no longer needed */
  const char *event;        /* (nullable): audit action to log, with the reason as its text */
} ChMove;

void ch_move_clear (ChMove *move);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChMove, ch_move_clear)

/**
 * ch_machine_next:
 * @order: how it stands
 * @fact: what has become known
 * @now: Unix seconds
 *
 * Returns: (transfer full): the move; the same state and step when the fact changes nothing
 */
ChMove ch_machine_next (const ChOrder *order,
                        const ChFact  *fact,
                        gint64         now);

/**
 * ch_backoff:
 * @failures: how often in a row, from 1
 * @first: seconds after the first failure
 * @most: seconds at most
 * @salt: spreads those that failed together; the same salt gives the same answer
 *
 * Returns: seconds to wait: doubling, with up to a fifth more or less
 */
gint64 ch_backoff (guint   failures,
                   gint64  first,
                   gint64  most,
                   guint64 salt);
