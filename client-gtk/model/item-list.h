/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/item.h"

/**
 * ChItemList:
 *
 * A sorted #GListModel of #ChItem, each with another path. Small: everything is in memory. What stays keeps
 * its item and, where the order lets it, its place.
 *
 * Signals:
 * - changed: an item came, went or has another row; comes after items-changed
 */
#define CH_TYPE_ITEM_LIST (ch_item_list_get_type ())
G_DECLARE_FINAL_TYPE (ChItemList, ch_item_list, CH, ITEM_LIST, GObject)

/** ch_item_list_new: (transfer full): an empty list that @compare, which is given two items, sorts. */
ChItemList *ch_item_list_new (GCompareFunc compare);

/** ch_item_list_by_name: for ch_item_list_new(): as people sort names. */
gint ch_item_list_by_name (gconstpointer a,
                           gconstpointer b);
/** ch_item_list_newest_first: for ch_item_list_new(): by "Id", falling. */
gint ch_item_list_newest_first (gconstpointer a,
                                gconstpointer b);

/** ch_item_list_find: (transfer none) (nullable): the item with that path. */
ChItem *ch_item_list_find (ChItemList *list,
                           const char *path);

/**
 * ch_item_list_replace:
 * @rows: (element-type utf8 GVariant): all that there is, by path
 */
void ch_item_list_replace (ChItemList *list,
                           GHashTable *rows);

/** ch_item_list_update: takes the new @row of the item with that path, if there is one. */
void ch_item_list_update (ChItemList *list,
                          const char *path,
                          GVariant   *row);
