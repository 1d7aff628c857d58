/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/names.h"
#include "net/http.h"

#include <glib/gi18n.h>

#define CONTACT_HELP N_("The contact of orders that name no other")

const ChField ch_gs_fields[] = {
  { "environment", N_("Environment"),
    N_("“production” orders and pays; “test” is GlobalSign's test system with its own users; “url” is "
       "another place"),
    CH_FIELD_NONE, "production", "production|test|url", NULL },
  { "url", N_("URL"), N_("For the environment “url”: the address up to /kb/ws/v1"),
    CH_FIELD_WHERE, NULL, NULL, ch_field_check_url },
  { "user", N_("User name"), N_("The API user of the GlobalSign account, such as PAR12345_name"),
    CH_FIELD_REQUIRED, NULL, NULL, NULL },
  { "password", N_("Password"), N_("The password of that user"),
    CH_FIELD_REQUIRED | CH_FIELD_SECRET, NULL, NULL, NULL },
  { "contact-first-name", N_("First name"), CONTACT_HELP, CH_FIELD_NONE, NULL, NULL, NULL },
  { "contact-last-name", N_("Last name"), CONTACT_HELP, CH_FIELD_NONE, NULL, NULL, NULL },
  { "contact-phone", N_("Phone"), CONTACT_HELP, CH_FIELD_NONE, NULL, NULL, NULL },
  { "contact-email", N_("E-mail"), CONTACT_HELP, CH_FIELD_NONE, NULL, NULL, NULL },
  { "ca-certificate", N_("Extra CA certificate"),
    N_("Trusted for this account beside those of the system: for a proxy that looks into TLS, or a server of "
       "your own (PEM)"),
    CH_FIELD_MULTILINE | CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_pem },
  { "proxy", N_("Proxy"), N_("A way out of your network, such as http://proxy.example:3128"),
    CH_FIELD_ADVANCED, NULL, NULL, ch_http_check_proxy },
  { NULL },
};

const ChCa ch_ca_globalsign = {
  .kind = "globalsign",
  .title = N_("GlobalSign"),
  .fields = ch_gs_fields,
  .describe_names = ch_gs_names_describe,
  .may_order = ch_gs_may_order,
  .may_name = ch_gs_may_name,
  .verify = ch_gs_verify,
  .submit = ch_gs_submit,
  .find = ch_gs_find,
  .check = ch_gs_check_order,
  .fetch = ch_gs_fetch,
  .list_changed = ch_gs_list_changed,
  .cancel = ch_gs_cancel,
  .preview = ch_gs_preview,
  .list_placed = ch_gs_list_placed,
  .list_approvers = ch_gs_list_approvers,
  .change_approver = ch_gs_change_approver,
  .resend_mail = ch_gs_resend_mail,
  .reissue = ch_gs_reissue,
  .find_reissue = ch_gs_find_reissue,
  .revoke = ch_gs_revoke,
};
