/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/**
 * ch_order_proof_print:
 * @challenges: aa{sv}, as Order.GetChallenges() gives them
 *
 * What somebody has to put where so that control of the names is proven, each piece on a line of its own and as it is, to be copied.
 * Nothing where a DNS account does it.
 */
void ch_order_proof_print (GVariant *challenges);

/**
 * ch_order_proof_await:
 * @order: a{sv}, new
 *
 * Where a person has to do something for the proof of control: waits a moment until the CA has said what, and prints it.
 */
gboolean ch_order_proof_await (ChCli      *cli,
                               const char *path,
                               GVariant   *order,
                               GError    **error);

/** ch_order_proof_notice: prints what is to be known about @method (nullable): that it will end one day. */
void ch_order_proof_notice (ChCli             *cli,
                            const char *const *names,
                            const char        *method);

/** ch_order_proof_tell: ch_order_proof_print() for the order at @path, if it waits for what a person has to do. */
gboolean ch_order_proof_tell (ChCli      *cli,
                              const char *path,
                              GVariant   *order,
                              GError    **error);

/** ch_order_proof_is_by_hand: whether a person has something to do for @order (a{sv}) that its challenges tell. */
gboolean ch_order_proof_is_by_hand (GVariant *order);
