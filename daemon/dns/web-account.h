/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"
#include "net/http.h"
#include "net/service.h"

/* What the accounts at all web services have in common. */

/** CH_WEB_ACCOUNT_FIELDS: rows for a provider's table: where it is and how to get there. */
#define CH_WEB_ACCOUNT_FIELDS(default_url) \
  { "url", N_("URL"), N_("Where its interface is, for another one than the usual"), \
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, default_url, NULL, ch_field_check_url }, \
  CH_WEB_ACCOUNT_WAY_FIELDS

/** CH_WEB_ACCOUNT_WAY_FIELDS: the same without "url", for services with a choice of places. */
#define CH_WEB_ACCOUNT_WAY_FIELDS \
  { "ca-certificate", N_("Extra CA certificate"), \
    N_("Trusted for this account beside those of the system: for a proxy that looks into TLS, or a server " \
       "of your own (PEM)"), \
    CH_FIELD_MULTILINE | CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_pem }, \
  { "proxy", N_("Proxy"), N_("A way out of your network, such as http://proxy.example:3128"), \
    CH_FIELD_ADVANCED, NULL, NULL, ch_http_check_proxy }

/**
 * ChWebAccount: the service behind an account.
 * @service: its headers are the provider's to set; it points into the rest and into the account's settings
 */
typedef struct
{
  ChService service;
  char *url;
  char *caller;
} ChWebAccount;

/**
 * ch_web_account_open:
 * @account: (out caller-allocates): zeroed before
 * @name: the service's, for messages
 * @fields: the provider's
 * @access: lives longer
 * @usual_url: where it is when the account's "url" says nothing
 * @credential: what the service counts requests by: a key, a user
 */
void ch_web_account_open (ChWebAccount      *account,
                          const char        *name,
                          const ChField     *fields,
                          const ChDnsAccess *access,
                          const char        *usual_url,
                          const char        *credential,
                          GCancellable      *cancellable);

void ch_web_account_clear (ChWebAccount *account);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChWebAccount, ch_web_account_clear)

/**
 * ch_web_account_is_header:
 *
 * Whether a credential may stand in a header of a request: graphic ASCII, and not empty.
 */
gboolean ch_web_account_is_header (const char *text);
