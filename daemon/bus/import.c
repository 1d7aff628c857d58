/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/brought-key.h"
#include "engine/import.h"
#include "lib/paths.h"
#include "lib/secret.h"

/* Orders that were placed elsewhere, and the private keys that stayed there. Who may order for some names is not thereby
 * one who may take over all that an account has, or have files of root looked into. */

static void
import_orders (ChCall *call)
{
  static const ChOption known[] = {
    { "from", "x" }, { "to", "x" }, { "states", "as" }, { "name", "s" }, { "restart", "b" }, { NULL }
  };
  g_auto(GStrv) states = NULL;
  g_autofree char *name = NULL;
  ChImportWish wish = { 0 };
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  g_variant_lookup (options, "from", "x", &wish.from);
  g_variant_lookup (options, "to", "x", &wish.to);
  g_variant_lookup (options, "states", "^as", &states);
  g_variant_lookup (options, "name", "s", &name);
  g_variant_lookup (options, "restart", "b", &wish.restart);
  wish.states = states;
  wish.name = name;
  ChJob *job = ch_account_import (call->bus->world, call->id, &wish, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
attached_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_key_attach_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

static void
attach_key (ChCall *call)
{
  static const ChOption known[] = { { "password", "s" }, { NULL } };
  ch_autosecret char *password = NULL, *pem = NULL;

  if (!ch_call_check_options (call, 1, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 1);
  g_variant_lookup (options, "password", "s", &password);
  g_variant_get_child (call->parameters, 0, "s", &pem);
  g_autoptr(GBytes) key = ch_secret_new (pem);
  ch_key_attach_async (call->bus->world, call->id, key, password, &call->actor, attached_cb, call);
}

static void
find_key (ChCall *call)
{
  static const ChOption known[] = { { "paths", "as" }, { NULL } };
  g_autofree char *server = NULL;
  g_auto(GStrv) paths = NULL;
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, known, "options"))
    return;

  g_variant_get_child (call->parameters, 0, "s", &server);
  g_autoptr(GVariant) options = ch_call_argument (call, 1);
  g_variant_lookup (options, "paths", "^as", &paths);
  ChJob *job = ch_key_find (call->bus->world, call->id, server, (const char *const *) paths, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

const ChMethod ch_import_methods[] = {
  { CH_IFACE_ACCOUNT, "Import", CH_ACTION_ACCOUNT_CHANGE, import_orders },
  { CH_IFACE_ORDER, "AttachKey", CH_ACTION_ORDER_CHANGE, attach_key },
  { CH_IFACE_ORDER, "FindKey", CH_ACTION_SERVER_CHANGE, find_key },
  { NULL }
};
