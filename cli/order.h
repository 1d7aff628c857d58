/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"
#include "print.h"
#include "table.h"

/** ChOrderPick: what to do when several orders have the name that was given. */
typedef enum
{
  CH_ORDER_PICK_NEWEST,     /* the newest that has not ended */
  CH_ORDER_PICK_ONLY,       /* refuse: what follows cannot be undone */
} ChOrderPick;

/**
 * ch_order_find:
 * @reference: an id, or a host name
 *
 * Returns: (transfer full): the order, or %NULL with %CH_ERROR_NOT_FOUND, or with %CH_ERROR_INVALID that
 *   lists the candidates
 */
ChObject *ch_order_find (ChCli       *cli,
                         const char  *reference,
                         ChOrderPick  pick,
                         GError     **error);

/** ch_order_find_first: ch_order_find() for the first word of the command line. */
ChObject *ch_order_find_first (ChCli       *cli,
                               ChOrderPick  pick,
                               GError     **error);

/** ch_order_search_text: (transfer full): @text as the service keeps names: with A-labels where it is not ASCII. */
char *ch_order_search_text (const char *text);

/** ch_order_rows: (transfer full): the answer aa{sv} of @method, which takes no arguments. */
GVariant *ch_order_rows (ChCli      *cli,
                         const char *path,
                         const char *method,
                         GError    **error);

/** ch_order_expiry_colour: how an end at @not_after is to be seen. */
ChColour ch_order_expiry_colour (gint64 not_after);

/** ch_order_add_values: @property of @row, an a{ss}, as “name=value” in the order of the names. */
void ch_order_add_values (ChTable    *facts,
                          const char *label,
                          GVariant   *row,
                          const char *property);

/* Verbs in files of their own. */
gboolean ch_order_new (ChCli *cli, GError **error);
gboolean ch_order_list (ChCli *cli, GError **error);
gboolean ch_order_show (ChCli *cli, GError **error);
gboolean ch_order_explain (ChCli *cli, GError **error);
gboolean ch_order_watch (ChCli *cli, GError **error);
gboolean ch_order_validate (ChCli *cli, GError **error);
gboolean ch_order_verify (ChCli *cli, GError **error);
gboolean ch_order_approvers (ChCli *cli, GError **error);
gboolean ch_order_approver (ChCli *cli, GError **error);
gboolean ch_order_resend_mail (ChCli *cli, GError **error);
/** ch_order_ask_approver: (transfer full): at the terminal: whom of those that the CA may mail about @name. */
char *ch_order_ask_approver (ChCli *cli, const char *account, const char *name, GError **error);
/** ch_order_renew_challenge: "retry --fresh". */
gboolean ch_order_renew_challenge (ChCli *cli, GError **error);
gboolean ch_order_revoke (ChCli *cli, GError **error);
gboolean ch_order_edit (ChCli *cli, GError **error);
gboolean ch_order_note (ChCli *cli, GError **error);
gboolean ch_order_tag (ChCli *cli, GError **error);
extern const GOptionEntry ch_order_edit_options[];

gboolean ch_order_reissue (ChCli *cli, GError **error);
gboolean ch_order_renew (ChCli *cli, GError **error);
gboolean ch_order_replace (ChCli *cli, GError **error);
gboolean ch_order_plan (ChCli *cli, GError **error);

/**
 * ch_order_follow:
 * @path: an order
 *
 * Shows how it goes on until it is issued and every deployment of its names serves its certificate, or until
 * it has ended or a deployment failed. On a terminal the view is renewed in place; in a pipe and with --json
 * there is a line for each change. Ctrl-C ends the watching, not the order.
 *
 * Returns: %TRUE if it is issued and deployed, else %FALSE with an error
 */
gboolean ch_order_follow (ChCli      *cli,
                          const char *path,
                          GError    **error);

/** ch_order_check: prints what would come of an order of the words on the line with @settings. */
gboolean ch_order_check (ChCli    *cli,
                         GVariant *settings,
                         GError  **error);

gboolean ch_order_import (ChCli *cli, GError **error);
extern const GOptionEntry ch_order_import_options[];
extern const GOptionEntry ch_order_new_options[];
extern const GOptionEntry ch_order_list_options[];
extern const GOptionEntry ch_order_validate_options[];
extern const GOptionEntry ch_order_approvers_options[];
extern const GOptionEntry ch_order_reissue_options[];
extern const GOptionEntry ch_order_renew_options[];
extern const GOptionEntry ch_order_replace_options[];
