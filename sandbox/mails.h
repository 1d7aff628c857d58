/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

/**
 * sb_mail_addresses:
 * @name: a name of an order
 *
 * Returns: (transfer full) (element-type utf8): who may approve it by mail: five mailboxes at the name and at
 *   each of its parents (BR 3.2.2.4.4)
 */
GPtrArray *sb_mail_addresses (const char *name);

/* Whether @address may approve @name. */
gboolean sb_mail_is_allowed (const char *name,
                             const char *address);

/* Approval by mail ends for good on 2028-03-15 (ballot SC-090). */
gboolean sb_mail_has_ended (gint64 now);

/**
 * sb_mails_send:
 * @order: a copy, not committed yet, with its `approver`
 *
 * “Sends” a mail for each domain of the order that is not proven: to the approver, and to the mailbox of the same
 * name at other domains. The links of earlier mails are dead from then on.
 */
void sb_mails_send (SbOrder *order,
                    gint64   now);

/**
 * sb_mails_list:
 *
 * Returns: (transfer full): all mails, oldest order first, with their links
 */
JsonArray *sb_mails_list (SbWorld *world);

/**
 * sb_mails_answer:
 * @mail: (nullable): the secret end of a link
 * @order_id: (nullable): in its place: an order, all of whose open mails are answered
 * @approve: %FALSE rejects: the order is cancelled and the money goes back
 * @why: (out) (transfer full): on failure: why the link does not work
 */
gboolean sb_mails_answer (SbWorld     *world,
                          const char  *mail,
                          const char  *order_id,
                          gboolean     approve,
                          char       **why);
