/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order-model.h"

#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <string.h>

/* Manager.GetOrders takes no more at a time. */
#define BLOCK 500

/* Right after a frame was drawn: rows that it brought into sight are asked for together. */
#define AFTER_FRAME (G_PRIORITY_HIGH_IDLE + 30)

struct _ChOrderModel
{
  GObject parent_instance;

  ChClient *client;           /* (owned) (nullable) */
  GArray *ids;                /* (owned) (element-type guint64): the list */
  GHashTable *rows;           /* (owned) (element-type guint64 ChOrderRow): rows that live; not owned */
  GArray *wanted;             /* (owned) (element-type guint64): to ask for, the latest last */
  char *search;               /* (owned) */
  char *sort;                 /* (owned) */
  GVariant *filter;           /* (owned): a{sv}, besides the search */
  GError *error;              /* (owned) (nullable) */
  GCancellable *listing;      /* (owned) (nullable): while ListOrderIds is under way */
  GCancellable *fetching;     /* (owned) (nullable): while GetOrders is under way */
  guint64 generation;         /* of the list */
  guint fetch_source;

  ChOrderModelState state;
  gboolean again;             /* the list that is under way will be old already */
  gboolean filtered;          /* the list that is shown is that of a search */
  gboolean was_away;          /* the service was seen to be away */
};

enum
{
  REPLACING,
  UPDATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChOrderModel, ch_order_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* state */

static void
set_state (ChOrderModel     *self,
           ChOrderModelState state,
           const GError     *error)
{
  g_autoptr(GError) old = g_steal_pointer (&self->error);

  self->state = state;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_signal_emit (self, signals[UPDATED], 0);
}

/* rows */

static void fetch (ChOrderModel *self);

static gboolean
fetch_cb (gpointer data)
{
  ChOrderModel *self = data;

  self->fetch_source = 0;
  fetch (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_fetch (ChOrderModel *self)
{
  if (self->fetch_source == 0 && self->fetching == NULL && self->client != NULL && self->wanted->len > 0)
    self->fetch_source = g_idle_add_full (AFTER_FRAME, fetch_cb, self, NULL);
}

static void
want (ChOrderModel *self,
      ChOrderRow   *row)
{
  guint64 id = ch_order_row_get_id (row);

  ch_order_row_set_stale (row, TRUE);
  g_array_append_val (self->wanted, id);
  schedule_fetch (self);
}

static void
want_id (ChOrderModel *self,
         guint64       id)
{
  ChOrderRow *row = g_hash_table_lookup (self->rows, &id);

  if (row != NULL)
    want (self, row);
}

static void
want_all_held (ChOrderModel *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    want (self, row);
}

/* Takes the latest wishes, which are what is on the screen now; rows that nobody holds any more are
 * not asked for. */
static GVariant *
take_block (ChOrderModel *self)
{
  GVariantBuilder block = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("at"));
  guint n = 0;

  while (self->wanted->len > 0 && n < BLOCK)
    {
      guint64 id = g_array_index (self->wanted, guint64, self->wanted->len - 1);
      ChOrderRow *row = g_hash_table_lookup (self->rows, &id);

      g_array_set_size (self->wanted, self->wanted->len - 1);
      if (row == NULL || !ch_order_row_is_stale (row))
        continue;

      ch_order_row_set_stale (row, FALSE);
      g_variant_builder_add (&block, "t", id);
      n++;
    }

  return g_variant_ref_sink (g_variant_builder_end (&block));
}

static void
fill_rows (ChOrderModel *self,
           GVariant     *reply)
{
  g_autoptr(GVariantIter) iter = NULL;
  GVariant *facts;

  g_variant_get (reply, "(aa{sv})", &iter);
  while ((facts = g_variant_iter_next_value (iter)) != NULL)
    {
      g_autoptr(GVariant) kept = facts;
      guint64 id = 0;
      ChOrderRow *row;

      g_variant_lookup (facts, "Id", "t", &id);
      row = g_hash_table_lookup (self->rows, &id);
      if (row != NULL)
        ch_order_row_fill (row, facts);
    }
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChOrderModel) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  /* Of a client that we had before. */
  if (g_task_get_cancellable (G_TASK (result)) != self->fetching)
    return;

  g_clear_object (&self->fetching);
  if (reply == NULL)
    {
      set_state (self, CH_ORDER_MODEL_FAILED, error);
      return;
    }

  fill_rows (self, reply);
  schedule_fetch (self);
}

static void
fetch (ChOrderModel *self)
{
  g_autoptr(GVariant) block = take_block (self);

  if (g_variant_n_children (block) == 0)
    return;

  self->fetching = g_cancellable_new ();
  ch_client_call_async (self->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetOrders",
                        g_variant_new ("(@at^as)", block, ch_order_row_columns), "(aa{sv})", self->fetching,
                        fetched_cb, g_object_ref (self));
}

/* the list */

static guint64
id_at (GArray *ids,
       guint   position)
{
  return g_array_index (ids, guint64, position);
}

/* What both lists begin and end with was not changed, so that what is on the screen stays. */
static void
replace_ids (ChOrderModel *self,
             GArray       *ids)
{
  g_autoptr(GArray) old = self->ids;
  gboolean is_other;
  guint shorter = MIN (old->len, ids->len);
  guint head = 0, tail = 0;

  while (head < shorter && id_at (old, head) == id_at (ids, head))
    head++;
  while (tail < shorter - head && id_at (old, old->len - 1 - tail) == id_at (ids, ids->len - 1 - tail))
    tail++;

  is_other = old->len != ids->len || head < ids->len;
  if (is_other)
    g_signal_emit (self, signals[REPLACING], 0);
  self->ids = ids;
  if (is_other)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail, ids->len - head - tail);
}

static void
take_list (ChOrderModel *self,
           GVariant     *reply)
{
  g_autoptr(GVariant) list = NULL;
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  gconstpointer numbers;
  gsize n;

  g_variant_get (reply, "(@att)", &list, &self->generation);
  numbers = g_variant_get_fixed_array (list, &n, sizeof (guint64));
  if (n > 0)
    g_array_append_vals (ids, numbers, (guint) n);
  replace_ids (self, ids);
}

static void list_ids (ChOrderModel *self);

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChOrderModel) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->listing)
    return;

  g_clear_object (&self->listing);
  if (self->again)
    {
      list_ids (self);
      return;
    }
  if (reply == NULL)
    {
      set_state (self, CH_ORDER_MODEL_FAILED, error);
      return;
    }

  self->filtered = *self->search != '\0' || g_variant_n_children (self->filter) > 0;
  take_list (self, reply);
  set_state (self, CH_ORDER_MODEL_READY, NULL);
}

/* One at a time: who types fast does not make the service search for each letter. */
static void
list_ids (ChOrderModel *self)
{
  g_auto(GVariantDict) filter = G_VARIANT_DICT_INIT (self->filter);

  self->again = self->listing != NULL;
  if (self->client == NULL || self->listing != NULL)
    return;

  if (*self->search != '\0')
    g_variant_dict_insert (&filter, "search", "s", self->search);

  self->listing = g_cancellable_new ();
  ch_client_call_async (self->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListOrderIds",
                        g_variant_new ("(@a{sv}s)", g_variant_dict_end (&filter), self->sort), "(att)",
                        self->listing, listed_cb, g_object_ref (self));
}

/* following the service */

static void
orders_changed_cb (ChOrderModel *self,
                   guint64       generation,
                   GVariant     *ids)
{
  const guint64 *numbers;
  gsize n;

  numbers = g_variant_get_fixed_array (ids, &n, sizeof (guint64));
  if (n == 0 || generation != self->generation + 1)
    want_all_held (self);
  for (gsize i = 0; i < n; i++)
    want_id (self, numbers[i]);

  self->generation = generation;
  list_ids (self);
}

static void
changed_cb (ChOrderModel *self,
            const char   *path,
            const char   *interface)
{
  const char *last = strrchr (path, '/');
  gint64 id;

  if (g_str_equal (interface, CH_IFACE_ORDER) && last != NULL && ch_path_parse_id (last + 1, &id))
    want_id (self, (guint64) id);
}

static void
service_changed_cb (ChOrderModel *self,
                    gboolean      present)
{
  g_autoptr(GError) error = NULL;

  /* While the list is asked for, which may start the service, its answer tells. */
  if (!present && self->listing == NULL)
    {
      error = g_error_new_literal (CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE,
                                   _("The service chanceryd has ended."));
      set_state (self, CH_ORDER_MODEL_FAILED, error);
    }
  if (present && self->was_away)
    ch_order_model_reload (self);

  self->was_away = !present;
}

/* public */

ChOrderModel *
ch_order_model_new (void)
{
  return g_object_new (CH_TYPE_ORDER_MODEL, NULL);
}

static void
drop_client (ChOrderModel *self)
{
  g_clear_handle_id (&self->fetch_source, g_source_remove);
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  if (self->fetching != NULL)
    g_cancellable_cancel (self->fetching);
  g_clear_object (&self->listing);
  g_clear_object (&self->fetching);

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  self->was_away = FALSE;
}

void
ch_order_model_set_client (ChOrderModel *self,
                           ChClient     *client)
{
  g_autoptr(ChClient) kept = client != NULL ? g_object_ref (client) : NULL;

  drop_client (self);
  set_state (self, CH_ORDER_MODEL_LOADING, NULL);
  if (kept == NULL)
    return;

  self->client = g_steal_pointer (&kept);
  g_signal_connect_object (client, "orders-changed", G_CALLBACK (orders_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "service-changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
  ch_client_subscribe (client);
  ch_order_model_reload (self);
}

static void
set_text (ChOrderModel *self,
          char        **field,
          const char   *text)
{
  if (g_str_equal (*field, text))
    return;

  g_free (*field);
  *field = g_strdup (text);
  list_ids (self);
}

void
ch_order_model_set_search (ChOrderModel *self,
                           const char   *search)
{
  set_text (self, &self->search, search);
}

void
ch_order_model_set_filter (ChOrderModel *self,
                           GVariant     *filter)
{
  g_autoptr(GVariant) wanted = g_variant_ref_sink (filter);

  if (g_variant_equal (wanted, self->filter))
    return;

  g_variant_unref (self->filter);
  self->filter = g_steal_pointer (&wanted);
  list_ids (self);
}

void
ch_order_model_set_sort (ChOrderModel *self,
                         const char   *sort)
{
  set_text (self, &self->sort, sort);
}

void
ch_order_model_reload (ChOrderModel *self)
{
  want_all_held (self);
  list_ids (self);
}

ChOrderModelState
ch_order_model_get_state (ChOrderModel *self)
{
  return self->state;
}

const GError *
ch_order_model_get_error (ChOrderModel *self)
{
  return self->error;
}

gboolean
ch_order_model_is_filtered (ChOrderModel *self)
{
  return self->filtered;
}

gboolean
ch_order_model_find (ChOrderModel *self,
                     guint64       id,
                     guint        *position)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (id_at (self->ids, i) == id)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

guint64
ch_order_model_get_id (ChOrderModel *self,
                       guint         position)
{
  return id_at (self->ids, position);
}

/* list model */

static GType
get_item_type (GListModel *list)
{
  return CH_TYPE_ORDER_ROW;
}

static guint
get_n_items (GListModel *list)
{
  return CH_ORDER_MODEL (list)->ids->len;
}

typedef struct
{
  GHashTable *rows;           /* (owned) */
  guint64 id;
} Life;

static void
row_gone_cb (gpointer data,
             GObject *where_it_was)
{
  Life *life = data;

  g_hash_table_remove (life->rows, &life->id);
  g_hash_table_unref (life->rows);
  g_free (life);
}

static ChOrderRow *
new_row (ChOrderModel *self,
         guint64       id)
{
  ChOrderRow *row = ch_order_row_new (id);
  Life *life = g_new (Life, 1);

  life->rows = g_hash_table_ref (self->rows);
  life->id = id;
  g_object_weak_ref (G_OBJECT (row), row_gone_cb, life);
  g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), row);
  want (self, row);
  return row;
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  ChOrderModel *self = CH_ORDER_MODEL (list);
  guint64 id;
  ChOrderRow *row;

  if (position >= self->ids->len)
    return NULL;

  id = id_at (self->ids, position);
  row = g_hash_table_lookup (self->rows, &id);
  return row != NULL ? g_object_ref (row) : new_row (self, id);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

/* class */

static void
ch_order_model_dispose (GObject *object)
{
  drop_client (CH_ORDER_MODEL (object));
  G_OBJECT_CLASS (ch_order_model_parent_class)->dispose (object);
}

static void
ch_order_model_finalize (GObject *object)
{
  ChOrderModel *self = CH_ORDER_MODEL (object);

  g_array_unref (self->ids);
  g_array_unref (self->wanted);
  g_hash_table_unref (self->rows);
  g_free (self->search);
  g_free (self->sort);
  g_variant_unref (self->filter);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ch_order_model_parent_class)->finalize (object);
}

static void
ch_order_model_class_init (ChOrderModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_order_model_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_order_model_finalize;

  signals[REPLACING] = g_signal_new ("replacing", CH_TYPE_ORDER_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
  signals[UPDATED] = g_signal_new ("updated", CH_TYPE_ORDER_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
ch_order_model_init (ChOrderModel *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->search = g_strdup ("");
  self->sort = g_strdup ("");
  self->filter = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
}
