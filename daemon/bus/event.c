/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "lib/paths.h"

#define DEFAULT_LIMIT 100
#define MAX_ROWS 500

/* The audit log. */

static const ChOption filter_options[] = {
  { "object", "s" },
  { NULL }
};

static GVariant *
rows (ChStore  *store,
      GVariant *parameters,
      GError  **error)
{
  g_autoptr(GVariant) filter = NULL;
  const char *object = NULL;
  guint64 before;
  guint32 limit;

  g_variant_get (parameters, "(@a{sv}tu)", &filter, &before, &limit);
  g_variant_lookup (filter, "object", "&s", &object);
  limit = limit == 0 ? DEFAULT_LIMIT : MIN (limit, MAX_ROWS);

  before = MIN (before, G_MAXINT64);
  g_autoptr(GPtrArray) events = ch_store_list_events (store, object, (gint64) before, limit, error);
  if (events == NULL)
    return NULL;

  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < events->len; i++)
    g_variant_builder_add_value (&list, ch_row_event (g_ptr_array_index (events, i)));

  return g_variant_new ("(aa{sv})", &list);
}

static void
list_events (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, filter_options, "filter"))
    return;

  GVariant *reply = rows (call->bus->world->store, call->parameters, &error);
  ch_call_answer (call, reply, error);
}

const ChMethod ch_event_methods[] = {
  { CH_IFACE_MANAGER, "ListEvents", CH_ACTION_VIEW, list_events },
  { NULL }
};
