/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChItem:
 *
 * One account, DNS account, server, profile, deployment or job, one event, or one thing that needs a person:
 * a row a{sv} of the service, and where it is. The same object stays the same item as long as it is there.
 *
 * Properties, all of which may change together: path, row (a #GVariant a{sv}), and for bindings the texts
 * name, kind, state and reason of the row ("" where it has none).
 */
#define CH_TYPE_ITEM (ch_item_get_type ())
G_DECLARE_FINAL_TYPE (ChItem, ch_item, CH, ITEM, GObject)

/** ch_item_new: (transfer full): @path is "" where there is none; a floating @row is taken. */
ChItem *ch_item_new (const char *path,
                     GVariant   *row);

/** ch_item_get_path: (transfer none): its object path. */
const char *ch_item_get_path (ChItem *item);

/** ch_item_get_row: (transfer none): read it with ch_row_string() and its like. */
GVariant *ch_item_get_row (ChItem *item);

/** ch_item_get_text: (transfer none): ch_row_string() of its row. */
const char *ch_item_get_text (ChItem     *item,
                              const char *key);

/** ch_item_get_number: ch_row_number() of its row. */
gint64 ch_item_get_number (ChItem     *item,
                           const char *key);

/**
 * ch_item_set_row:
 * @row: what is known now; a floating one is taken
 *
 * Returns: whether that is something else than before; the properties were notified then
 */
gboolean ch_item_set_row (ChItem   *item,
                          GVariant *row);
