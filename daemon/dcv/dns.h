/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"

/**
 * ch_dcv_dns_publish:
 * @provider: the DNS account's kind
 * @access: the DNS account
 * @txt: what to put
 * @zone: (inout): the zone that holds it; found and filled in when it is %NULL
 * @existed: (out): it was there before, so it is not ours to remove
 * @token: (out) (optional) (transfer full) (nullable): see #ChDnsProvider.begin_add
 *
 * Puts one value. The caller has noted it durably before, so that a crash leaves something that can be
 * cleaned up. Blocks. Errors as in #ChDnsProvider.
 */
gboolean ch_dcv_dns_publish (const ChDnsProvider *provider,
                             const ChDnsAccess   *access,
                             const ChTxt         *txt,
                             char               **zone,
                             gboolean            *existed,
                             char               **token,
                             GCancellable        *cancellable,
                             GError             **error);

/**
 * ch_dcv_dns_withdraw:
 * @zone: (nullable): as publishing gave it; %NULL after a crash in between: it is found again
 *
 * Takes one value away. Succeeds when it is gone already. Blocks.
 */
gboolean ch_dcv_dns_withdraw (const ChDnsProvider *provider,
                              const ChDnsAccess   *access,
                              const ChTxt         *txt,
                              const char          *zone,
                              GCancellable        *cancellable,
                              GError             **error);

/** ch_dcv_dns_test_name: (transfer full): where a test of @zone writes: "_chancery-test.ZONE". */
char *ch_dcv_dns_test_name (const char *zone);

/** ch_dcv_dns_test_value: (transfer full): a random value for a test. */
char *ch_dcv_dns_test_value (void);

/**
 * ChDcvSay:
 * @text: one sentence about what was just done or seen
 *
 * Progress of a test. Called on the thread of the test.
 */
typedef void (*ChDcvSay) (const char *text,
                          gpointer    data);

/**
 * ch_dcv_dns_verify:
 * @zone: (nullable): a domain that the account shall have; %NULL: those of its setting "zones"
 * @say: (nullable): is told what was found
 *
 * Whether an account can work, as far as can be learnt without changing anything: whether its credentials are good, and
 * whether it has a zone for the domains. Blocks.
 *
 * Returns: %TRUE, or %FALSE with an error as in #ChDnsProvider
 */
gboolean ch_dcv_dns_verify (const ChDnsProvider *provider,
                            const ChDnsAccess   *access,
                            const char          *zone,
                            ChDcvSay             say,
                            gpointer             data,
                            GCancellable        *cancellable,
                            GError             **error);

/**
 * ch_dcv_dns_test:
 * @txt: from ch_dcv_dns_test_name() and ch_dcv_dns_test_value(), noted durably by the caller
 * @zone: (inout): as in ch_dcv_dns_publish()
 * @say: (nullable): is told each step
 *
 * Writes the value, waits for at most a minute until the zone's servers show it, and takes it away again,
 * also when one of the steps failed or was cancelled. Blocks.
 *
 * Returns: %TRUE when it was seen and is gone again; else %FALSE with the first thing that failed:
 *   an error as in #ChDnsProvider or of ch_propagation_look(), or %CH_ERROR_NOT_YET when it was never seen
 *   by all.
 *   When the value could not be removed, the message says so, and the caller goes on trying.
 */
gboolean ch_dcv_dns_test (const ChDnsProvider *provider,
                          const ChDnsAccess   *access,
                          const ChTxt         *txt,
                          char               **zone,
                          ChDcvSay             say,
                          gpointer             data,
                          GCancellable        *cancellable,
                          GError             **error);
