/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/web-account.h"

#include "net/pause.h"

#include <string.h>

/* seconds without a byte: these services answer in less than one, and a worker is held meanwhile */
#define TIMEOUT 30

void
ch_web_account_open (ChWebAccount      *account,
                     const char        *name,
                     const ChField     *fields,
                     const ChDnsAccess *access,
                     const char        *usual_url,
                     const char        *credential,
                     GCancellable      *cancellable)
{
  const char *url = ch_fields_get (fields, access->settings, "url");

  if (url == NULL)
    url = usual_url;
  account->url = g_strndup (url, strlen (url) - g_str_has_suffix (url, "/"));
  account->caller = ch_pause_caller (account->url, credential);
  account->service = (ChService) {
    .name = name,
    .http = {
      .base_url = account->url,
      .ca_pem = ch_fields_get (fields, access->settings, "ca-certificate"),
      .proxy = ch_fields_get (fields, access->settings, "proxy"),
      .timeout = TIMEOUT,
    },
    .caller = account->caller,
    .cancellable = cancellable,
  };
}

void
ch_web_account_clear (ChWebAccount *account)
{
  g_free (account->url);
  g_free (account->caller);
}

gboolean
ch_web_account_is_header (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;

  return *text != '\0';
}
