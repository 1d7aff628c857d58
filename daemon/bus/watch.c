/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/contract.h"
#include "bus/objects.h"
#include "bus/rows.h"

#include "engine/watches.h"
#include "lib/paths.h"

#define PORT_DEFAULT 443

/* Endpoints that are only looked at. */

static GVariant *
properties (ChBus          *bus,
            const ChFolder *folder,
            gint64          id,
            GError        **error)
{
  g_autoptr(ChWatch) watch = ch_store_get_watch (bus->world->store, id, error);

  return watch != NULL ? ch_row_watch (watch) : NULL;
}

static GArray *
list (ChBus          *bus,
      const ChFolder *folder,
      GError        **error)
{
  return ch_objects_ids (ch_store_list_watches (bus->world->store, error));
}

static void
describe (const ChCall *call,
          ChDetails    *details)
{
  g_autoptr(ChWatch) watch = ch_store_get_watch (call->bus->world->store, call->id, NULL);

  if (watch != NULL)
    ch_details_set (details, "name", watch->name);
}

const ChFolder ch_folder_watches = {
  .name = CH_FOLDER_WATCHES,
  .interface = &org_chancery_chancery1_watch_interface,
  .properties = properties,
  .list = list,
  .describe = describe,
};

/* ---- methods ---- */

static void
add (ChCall *call)
{
  static const ChOption known[] = { { "port", "u" }, { "sni", "s" }, { "starttls", "s" }, { "interval", "u" }, { NULL } };
  g_autoptr(ChWatchDraft) draft = g_new0 (ChWatchDraft, 1);
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, known, "settings") || !ch_call_check_options (call, 2, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 1);
  g_variant_get_child (call->parameters, 0, "s", &draft->host);
  draft->port = PORT_DEFAULT;
  g_variant_lookup (settings, "port", "u", &draft->port);
  g_variant_lookup (settings, "sni", "s", &draft->sni);
  g_variant_lookup (settings, "starttls", "s", &draft->start_tls);
  g_variant_lookup (settings, "interval", "u", &draft->every);

  gint64 id = ch_watch_add (call->bus->world, draft, &call->actor, &error);
  ch_call_answer_id (call, CH_FOLDER_WATCHES, id, error);
}

static void
describe_add (const ChCall *call,
              ChDetails    *details)
{
  const char *host;

  g_variant_get_child (call->parameters, 0, "&s", &host);
  ch_details_set (details, "name", host);
}

static void
look (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  ChJob *job = ch_watch_look (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
change (ChCall     *call,
        gboolean  (*command) (ChWorld *, gint64, const ChActor *, GError **))
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  gboolean ok = command (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
edit (ChCall *call)
{
  static const ChOption known[] = { { "interval", "u" }, { NULL } };
  guint every;
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, known, "settings") || !ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  gboolean ok = !g_variant_lookup (settings, "interval", "u", &every)
                || ch_watch_set_interval (call->bus->world, call->id, every, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
accept_certificate (ChCall *call)
{
  change (call, ch_watch_accept);
}

static void
remove_watch (ChCall *call)
{
  change (call, ch_watch_remove);
}

const ChMethod ch_watch_methods[] = {
  { CH_IFACE_MANAGER, "AddWatch", CH_ACTION_WATCH_CHANGE, add, describe_add },
  { CH_IFACE_WATCH, "Look", CH_ACTION_WATCH_CHANGE, look },
  { CH_IFACE_WATCH, "Edit", CH_ACTION_WATCH_CHANGE, edit },
  { CH_IFACE_WATCH, "Accept", CH_ACTION_WATCH_CHANGE, accept_certificate },
  { CH_IFACE_WATCH, "Remove", CH_ACTION_WATCH_CHANGE, remove_watch },
  { NULL }
};
