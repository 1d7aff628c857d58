/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"

#include "engine/mailer.h"
#include "lib/paths.h"
#include "lib/secret.h"

/* What people can do about e-mail; where it goes is in the configuration, which no client may write. */

static void
test_mail (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  ChJob *job = ch_mailer_test (call->bus->world, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_mailer_set_password_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

static void
set_password (ChCall *call)
{
  ch_autosecret char *password = NULL;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_variant_get_child (call->parameters, 0, "s", &password);
  ch_mailer_set_password_async (call->bus->world, password, &call->actor, set_cb, call);
}

const ChMethod ch_mail_methods[] = {
  { CH_IFACE_MANAGER, "TestMail", CH_ACTION_TEST, test_mail },
  { CH_IFACE_MANAGER, "SetMailPassword", CH_ACTION_MAIL_CHANGE, set_password },
  { NULL }
};
