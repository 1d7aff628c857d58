/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/orders.h"

#include "bus/contract.h"
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

#define COLLECT_MS 150      /* the contract promises 200 */
#define DEFAULT_LIMIT 100
#define MAX_ROWS 500

/* ---- changes ---- */

void
ch_order_feed_init (ChOrderFeed *feed)
{
  feed->pending = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

void
ch_order_feed_clear (ChOrderFeed *feed)
{
  g_clear_handle_id (&feed->timer, g_source_remove);
  g_clear_pointer (&feed->pending, g_hash_table_unref);
}

static gboolean
tell_changes (gpointer data)
{
  ChBus *bus = data;
  ChOrderFeed *feed = &bus->feed;
  GVariantBuilder ids = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("at"));
  GHashTableIter iter;
  gpointer id;

  if (g_hash_table_size (feed->pending) <= CH_ORDERS_CHANGED_MAX)
    {
      g_hash_table_iter_init (&iter, feed->pending);
      while (g_hash_table_iter_next (&iter, &id, NULL))
        g_variant_builder_add (&ids, "t", (guint64) *(gint64 *) id);
    }

  feed->timer = 0;
  feed->generation++;
  g_hash_table_remove_all (feed->pending);
  ch_bus_emit (bus, CH_ROOT_PATH, CH_IFACE_MANAGER, "OrdersChanged",
               g_variant_new ("(tat)", feed->generation, &ids));
  return G_SOURCE_REMOVE;
}

void
ch_order_feed_note (ChBus *bus,
                    gint64 id)
{
  ChOrderFeed *feed = &bus->feed;

  if (g_hash_table_size (feed->pending) <= CH_ORDERS_CHANGED_MAX)
    g_hash_table_add (feed->pending, g_memdup2 (&id, sizeof id));
  if (feed->timer == 0)
    feed->timer = g_timeout_add (COLLECT_MS, tell_changes, bus);
}

/* ---- filter ---- */

static const ChOption filter_options[] = {
  { "states", "as" },
  { "account", "s" },
  { "search", "s" },
  { "tag", "s" },
  { "ends-before", "x" },
  { "within", "(xx)" },
  { "open", "b" },
  { NULL }
};

static void
filter_clear (ChOrderFilter *filter)
{
  g_strfreev (filter->states);
  g_free (filter->search);
  g_free (filter->tag);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChOrderFilter, filter_clear)

static gboolean
check_states (char   **states,
              GError **error)
{
  int ignored;

  for (gsize i = 0; states != NULL && states[i] != NULL; i++)
    if (!ch_from_nick (CH_TYPE_ORDER_STATE, states[i], &ignored, error))
      return FALSE;

  return TRUE;
}

static gboolean
find_account (ChStore    *store,
              const char *name,
              gint64     *id,
              GError    **error)
{
  g_autoptr(ChPeer) account = ch_store_find_peer (store, CH_PEER_ROLE_ACCOUNT, name, error);

  if (account == NULL)
    return FALSE;

  *id = account->id;
  return TRUE;
}

static gboolean
read_filter (ChStore       *store,
             GVariant      *options,
             ChOrderFilter *filter,
             GError       **error)
{
  g_autofree char *account = NULL;

  if (!ch_options_check (options, filter_options, "filter", error))
    return FALSE;

  g_variant_lookup (options, "states", "^as", &filter->states);
  g_variant_lookup (options, "account", "s", &account);
  g_variant_lookup (options, "search", "s", &filter->search);
  g_variant_lookup (options, "tag", "s", &filter->tag);
  g_variant_lookup (options, "ends-before", "x", &filter->ends_before);
  g_variant_lookup (options, "within", "(xx)", &filter->from, &filter->until);
  g_variant_lookup (options, "open", "b", &filter->open_only);

  /* No states at all would match nothing; a client that says so means "any". */
  if (filter->states != NULL && filter->states[0] == NULL)
    g_clear_pointer (&filter->states, g_strfreev);

  return check_states (filter->states, error)
         && (account == NULL || find_account (store, account, &filter->account_id, error));
}

/* ---- methods ---- */

static GVariant *
rows_of (ChStore           *store,
         GPtrArray         *orders,
         const char *const *columns)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(ChRows) rows = ch_rows_new (store);

  for (guint i = 0; i < orders->len; i++)
    g_variant_builder_add_value (&builder, ch_row_order (rows, g_ptr_array_index (orders, i), columns));

  return g_variant_builder_end (&builder);
}

static GVariant *
page (ChStore  *store,
      GVariant *parameters,
      GError  **error)
{
  g_auto(ChOrderFilter) filter = { NULL };
  g_autoptr(GVariant) options = NULL;
  g_autofree char *next = NULL;
  const char *sort, *cursor;
  guint32 limit;

  g_variant_get (parameters, "(@a{sv}&s&su)", &options, &sort, &cursor, &limit);
  if (!read_filter (store, options, &filter, error))
    return NULL;

  limit = limit == 0 ? DEFAULT_LIMIT : MIN (limit, MAX_ROWS);
  g_autoptr(GPtrArray) orders = ch_store_page_orders (store, &filter, *sort != '\0' ? sort : "id",
                                                      *cursor != '\0' ? cursor : NULL, limit, &next, error);
  if (orders == NULL)
    return NULL;

  return g_variant_new ("(@aa{sv}s)", rows_of (store, orders, NULL), next != NULL ? next : "");
}

static void
list_orders (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = page (call->bus->world->store, call->parameters, &error);

  ch_call_answer (call, reply, error);
}

static GVariant *
ids (ChBus    *bus,
     GVariant *parameters,
     GError  **error)
{
  ChStore *store = bus->world->store;
  g_auto(ChOrderFilter) filter = { NULL };
  g_autoptr(GVariant) options = NULL;
  const char *sort;

  g_variant_get (parameters, "(@a{sv}&s)", &options, &sort);
  if (!read_filter (store, options, &filter, error))
    return NULL;

  g_autoptr(GArray) found = ch_store_list_order_ids (store, &filter, *sort != '\0' ? sort : "id", error);
  if (found == NULL)
    return NULL;

  /* Ids are above 0, so int64 and uint64 have the same bytes. */
  GVariant *list = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, found->data, found->len,
                                              sizeof (gint64));
  return g_variant_new ("(@att)", list, bus->feed.generation);
}

static void
list_order_ids (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = ids (call->bus, call->parameters, &error);

  ch_call_answer (call, reply, error);
}

static gboolean
check_columns (const char **columns,
               GError     **error)
{
  GDBusInterfaceInfo *order = (GDBusInterfaceInfo *) &org_chancery_chancery1_order_interface;

  for (gsize i = 0; columns[i] != NULL; i++)
    if (g_dbus_interface_info_lookup_property (order, columns[i]) == NULL)
      return ch_error_set (error, CH_ERROR_INVALID,
                           _("“%.64s” is no column; columns are the properties of interface Order"),
                           columns[i]);

  return TRUE;
}

/* (element-type ChOrder): those of @list that are there */
static GPtrArray *
read_orders (ChStore  *store,
             GVariant *list,
             GError  **error)
{
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_order_free);
  gsize n;
  const guint64 *wanted = g_variant_get_fixed_array (list, &n, sizeof (guint64));

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GError) local = NULL;
      ChOrder *order = ch_store_get_order (store, (gint64) MIN (wanted[i], G_MAXINT64), &local);

      if (order != NULL)
        g_ptr_array_add (orders, order);
      else if (!g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }

  return g_steal_pointer (&orders);
}

static GVariant *
some (ChStore  *store,
      GVariant *parameters,
      GError  **error)
{
  g_autoptr(GVariant) list = NULL;
  g_autofree const char **columns = NULL;

  g_variant_get (parameters, "(@at^a&s)", &list, &columns);
  if (g_variant_n_children (list) > MAX_ROWS)
    {
      ch_error_set (error, CH_ERROR_LIMIT, _("At most %d orders can be asked for at a time"), MAX_ROWS);
      return NULL;
    }
  if (!check_columns (columns, error))
    return NULL;

  g_autoptr(GPtrArray) orders = read_orders (store, list, error);
  if (orders == NULL)
    return NULL;

  return g_variant_new ("(@aa{sv})", rows_of (store, orders, columns[0] != NULL ? columns : NULL));
}

static void
get_orders (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = some (call->bus->world->store, call->parameters, &error);

  ch_call_answer (call, reply, error);
}

const ChMethod ch_orders_methods[] = {
  { CH_IFACE_MANAGER, "ListOrders", CH_ACTION_VIEW, list_orders },
  { CH_IFACE_MANAGER, "ListOrderIds", CH_ACTION_VIEW, list_order_ids },
  { CH_IFACE_MANAGER, "GetOrders", CH_ACTION_VIEW, get_orders },
  { NULL }
};
