/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/validation.h"
#include "lib/paths.h"

/* What persons do about the proof of control. */

static void
set_validation (ChCall *call)
{
  static const ChOption known[] = { { "method", "s" }, { "dns-account", "s" }, { "approver", "s" }, { NULL } };
  ChValidation wish = { NULL };
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, known, "settings") || !ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  g_variant_lookup (settings, "method", "&s", &wish.method);
  g_variant_lookup (settings, "dns-account", "&s", &wish.dns_account);
  g_variant_lookup (settings, "approver", "&s", &wish.approver);

  gboolean ok = ch_order_set_validation (call->bus->world, call->id, &wish, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
renew_challenge (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  gboolean ok = ch_order_renew_challenge (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
verify (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  ChJob *job = ch_order_verify (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
mailed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_order_mail_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

static void
resend_mail (ChCall *call)
{
  if (ch_call_check_options (call, 0, ch_options_none, "options"))
    ch_order_mail_async (call->bus->world, call->id, NULL, &call->actor, mailed_cb, call);
}

static void
change_approver (ChCall *call)
{
  const char *approver;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_variant_get_child (call->parameters, 0, "&s", &approver);
  ch_order_mail_async (call->bus->world, call->id, approver, &call->actor, mailed_cb, call);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  GError *error = NULL;
  g_auto(GStrv) list = ch_approvers_list_finish (result, &error);

  ch_call_answer (data, list != NULL ? g_variant_new ("(^as)", list) : NULL, error);
}

static void
list_approvers (ChCall *call)
{
  const char *account, *name;

  g_variant_get (call->parameters, "(&s&s)", &account, &name);
  ch_approvers_list_async (call->bus->world, account, name, listed_cb, call);
}

const ChMethod ch_order_validate_methods[] = {
  { CH_IFACE_ORDER, "SetValidation", CH_ACTION_ORDER_CHANGE, set_validation },
  { CH_IFACE_ORDER, "RenewChallenge", CH_ACTION_ORDER_CHANGE, renew_challenge },
  { CH_IFACE_ORDER, "Verify", CH_ACTION_ORDER_CHANGE, verify },
  { CH_IFACE_ORDER, "ResendMail", CH_ACTION_ORDER_CHANGE, resend_mail },
  { CH_IFACE_ORDER, "ChangeApprover", CH_ACTION_ORDER_CHANGE, change_approver },
  { CH_IFACE_MANAGER, "ListApprovers", CH_ACTION_VIEW, list_approvers },
  { NULL }
};
