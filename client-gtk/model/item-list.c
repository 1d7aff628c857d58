/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/item-list.h"

#include <string.h>

struct _ChItemList
{
  GObject parent_instance;

  GPtrArray *items;           /* (owned) (element-type ChItem) */
  GCompareFunc compare;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChItemList, ch_item_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* orders */

gint
ch_item_list_newest_first (gconstpointer a,
                           gconstpointer b)
{
  gint64 left = ch_item_get_number ((gpointer) a, "Id");
  gint64 right = ch_item_get_number ((gpointer) b, "Id");

  return (left < right) - (left > right);
}

gint
ch_item_list_by_name (gconstpointer a,
                      gconstpointer b)
{
  gint order = g_utf8_collate (ch_item_get_text ((gpointer) a, "Name"),
                               ch_item_get_text ((gpointer) b, "Name"));

  return order != 0 ? order : g_strcmp0 (ch_item_get_path ((gpointer) a), ch_item_get_path ((gpointer) b));
}

static gint
compare_cb (gconstpointer a,
            gconstpointer b,
            gpointer      self)
{
  return CH_ITEM_LIST (self)->compare (*(gconstpointer *) a, *(gconstpointer *) b);
}

/* changes */

/* What both lists begin and end with was not changed, so that what is on the screen stays. */
static void
take_items (ChItemList *self,
            GPtrArray  *items)
{
  g_autoptr(GPtrArray) old = self->items;
  guint shorter = MIN (old->len, items->len);
  guint head = 0, tail = 0;

  while (head < shorter && old->pdata[head] == items->pdata[head])
    head++;
  while (tail < shorter - head && old->pdata[old->len - 1 - tail] == items->pdata[items->len - 1 - tail])
    tail++;

  self->items = items;
  if (old->len != items->len || head < items->len)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail, items->len - head - tail);
}

static void
sort (ChItemList *self,
      GPtrArray  *items)
{
  g_ptr_array_sort_with_data (items, compare_cb, self);
  take_items (self, items);
}

ChItem *
ch_item_list_find (ChItemList *self,
                   const char *path)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_str_equal (ch_item_get_path (self->items->pdata[i]), path))
      return self->items->pdata[i];

  return NULL;
}

void
ch_item_list_replace (ChItemList *self,
                      GHashTable *rows)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean changed = g_hash_table_size (rows) != self->items->len;
  GHashTableIter iter;
  gpointer path, row;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &path, &row))
    {
      ChItem *known = ch_item_list_find (self, path);

      if (known == NULL || ch_item_set_row (known, row))
        changed = TRUE;
      g_ptr_array_add (items, known != NULL ? g_object_ref (known) : ch_item_new (path, row));
    }

  sort (self, items);
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

static gpointer
ref_cb (gconstpointer item,
        gpointer      data)
{
  return g_object_ref ((gpointer) item);
}

void
ch_item_list_update (ChItemList *self,
                     const char *path,
                     GVariant   *row)
{
  ChItem *item = ch_item_list_find (self, path);

  if (item == NULL || !ch_item_set_row (item, row))
    return;

  sort (self, g_ptr_array_copy (self->items, ref_cb, NULL));
  g_signal_emit (self, signals[CHANGED], 0);
}

ChItemList *
ch_item_list_new (GCompareFunc compare)
{
  ChItemList *self = g_object_new (CH_TYPE_ITEM_LIST, NULL);

  self->compare = compare;
  return self;
}

/* list model */

static GType
get_item_type (GListModel *list)
{
  return CH_TYPE_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return CH_ITEM_LIST (list)->items->len;
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  ChItemList *self = CH_ITEM_LIST (list);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
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
ch_item_list_finalize (GObject *object)
{
  g_ptr_array_unref (CH_ITEM_LIST (object)->items);
  G_OBJECT_CLASS (ch_item_list_parent_class)->finalize (object);
}

static void
ch_item_list_class_init (ChItemListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_item_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", CH_TYPE_ITEM_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
ch_item_list_init (ChItemList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}
