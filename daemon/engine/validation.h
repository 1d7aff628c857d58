/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/job.h"
#include "engine/world.h"

/* What persons do about the proof of control while an order waits for it. */

/** ChValidation: how control is to be proven from now on; %NULL: as before. */
typedef struct
{
  const char *method;         /* nick */
  const char *dns_account;    /* name; empty: a person makes the record */
  const char *approver;       /* whom the CA mails, with method "email" */
} ChValidation;

/**
 * ch_order_set_validation:
 *
 * Another DNS account counts at once: the old value is taken away, the new one put. Another method is another product to
 * GlobalSign, so what is placed is withdrawn, unpaid, and placed anew.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_WRONG_STATE, %CH_ERROR_INVALID or %CH_ERROR_NOT_FOUND
 */
gboolean ch_order_set_validation (ChWorld *world, gint64 id, const ChValidation *wish, const ChActor *actor, GError **error);

/** ch_order_renew_challenge: a fresh value: what is placed is withdrawn, unpaid, and placed anew. */
gboolean ch_order_renew_challenge (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/**
 * ch_order_verify:
 *
 * Returns: (transfer none): a job that looks for the value itself, and then asks the CA, whatever it saw; its lines tell of both. Its
 *   result has "seen" ("yes", "no", or empty where there is nothing to see), "status" ("waiting", "held", "issued", "ended") and
 *   "answer" (the CA's words)
 */
ChJob *ch_order_verify (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/* ---- approvers.c: callbacks come on the main loop ---- */

/**
 * ch_approvers_list_async:
 * @account: (nullable): name; may be left out when there is exactly one
 * @name: a host name
 */
void ch_approvers_list_async (ChWorld *world, const char *account, const char *name, GAsyncReadyCallback callback,
                              gpointer data);
/** ch_approvers_list_finish: (transfer full): whom the CA would mail about the name. */
char **ch_approvers_list_finish (GAsyncResult *result, GError **error);

/** ch_order_mail_async: @approver: (nullable): mails somebody else from now on; %NULL: the same person again */
void ch_order_mail_async (ChWorld *world, gint64 id, const char *approver, const ChActor *actor,
                          GAsyncReadyCallback callback, gpointer data);
gboolean ch_order_mail_finish (GAsyncResult *result, GError **error);
