/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/machine.h"

/* The rules of the machine, one function a row of its table. */
typedef ChMove (*ChRule) (const ChOrder *order, const ChFact *fact, gint64 now);

/* ---- machine.c: ways to write a move ---- */
ChMove ch_move_stay (const ChOrder *order);
/* @reason: (transfer full) (nullable) */
ChMove ch_move_to (const ChOrder *order, ChOrderState state, ChOrderStep step, gint64 due, char *reason);

/** ch_order_is_others: whether somebody else placed what is under way: it is never withdrawn, and proven where it was placed. */
gboolean ch_order_is_others (const ChOrder *order);

/* ---- rules-place.c: from the wish to the CA's order number ---- */
ChMove ch_rule_key_made (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_key_failed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_submit_interrupted (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_placed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_submit_failed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_found (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_found_others (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_not_found (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_withdrawn (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_withdraw_failed (const ChOrder *order, const ChFact *fact, gint64 now);

/* ---- rules-prove.c: from the order number to the certificate ---- */
ChMove ch_move_to_prove (const ChOrder *order, gint64 now);
/** ch_move_to_await: until the CA's staff, or whom it mailed, have done their part; @ca (nullable): what it tells. */
ChMove ch_move_to_await (const ChOrder *order, const ChCaOrder *ca, gint64 now);
ChMove ch_rule_followed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_publish_failed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_taken (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_turn_over (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_published (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_shown (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_not_shown (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_check_interrupted (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_check_failed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_status (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_tracked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_prove_asked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_verified (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_unchanged (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_try_again (const ChOrder *order, const ChFact *fact, gint64 now);

/* ---- rules-end.c: what persons ask for, and ends ---- */
ChMove ch_move_to_cancel (const ChOrder *order, gint64 now);
ChMove ch_move_to_cancelled (const ChOrder *order);
/* @reason: (transfer full) */
ChMove ch_move_to_failed (const ChOrder *order, char *reason);
ChMove ch_move_to_status (const ChOrder *order, ChCaStatus status, const char *text);
ChMove ch_rule_cancel_asked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_retry_asked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_mentioned (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_anew_asked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_cancelled (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_cancel_failed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_revoke_asked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_revoked (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_revoke_failed (const ChOrder *order, const ChFact *fact, gint64 now);
ChMove ch_rule_ended (const ChOrder *order, const ChFact *fact, gint64 now);
