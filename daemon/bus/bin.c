/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/bin.h"
#include "lib/paths.h"

/* The bin: private keys of deleted orders, rows with numbers. */

static GVariant *
row_of (const ChBinKey *key)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&row, "{sv}", "Id", g_variant_new_uint64 ((guint64) key->id));
  ch_row_put_text (&row, "Name", key->name);
  g_variant_builder_add (&row, "{sv}", "OrderId", g_variant_new_uint64 ((guint64) key->order_id));
  ch_row_put_text (&row, "CaOrder", key->ca_order);
  ch_row_put_text (&row, "PublicKey", key->public_key);
  g_variant_builder_add (&row, "{sv}", "PutAt", g_variant_new_int64 (key->put_at));
  g_variant_builder_add (&row, "{sv}", "RemovedAt", g_variant_new_int64 (key->due));
  return g_variant_builder_end (&row);
}

/* One without a public half is a note of ours, and nothing that a person could want back. */
static GVariant *
rows (ChStore  *store,
      GError  **error)
{
  g_autoptr(GPtrArray) keys = ch_store_list_bin_keys (store, error);
  g_auto(GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    if (((const ChBinKey *) g_ptr_array_index (keys, i))->public_key != NULL)
      g_variant_builder_add_value (&list, row_of (g_ptr_array_index (keys, i)));

  return keys != NULL ? g_variant_new ("(aa{sv})", &list) : NULL;
}

static void
list_bin (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  GVariant *reply = rows (call->bus->world->store, &error);
  ch_call_answer (call, reply, error);
}

static gint64
id_of (const ChCall *call)
{
  guint64 id;

  g_variant_get_child (call->parameters, 0, "t", &id);
  return (gint64) MIN (id, G_MAXINT64);
}

static void
restore_key (ChCall *call)
{
  GVariantBuilder paths = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_OBJECT_PATH_ARRAY);
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    {
      g_variant_builder_clear (&paths);
      return;
    }

  g_autoptr(GArray) ids = ch_bin_restore (call->bus->world, id_of (call), &call->actor, &error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autofree char *path = ch_path_new (CH_FOLDER_ORDERS, g_array_index (ids, gint64, i));
      g_variant_builder_add (&paths, "o", path);
    }

  GVariant *list = g_variant_ref_sink (g_variant_builder_end (&paths));
  ch_call_answer (call, ids != NULL ? g_variant_new ("(@ao)", list) : NULL, error);
  g_variant_unref (list);
}

static void
purge_key (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  gboolean ok = ch_bin_purge (call->bus->world, id_of (call), &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

const ChMethod ch_bin_methods[] = {
  { CH_IFACE_MANAGER, "ListBin", CH_ACTION_VIEW, list_bin },
  { CH_IFACE_MANAGER, "RestoreKey", CH_ACTION_ORDER_CHANGE, restore_key },
  { CH_IFACE_MANAGER, "PurgeKey", CH_ACTION_ORDER_DELETE, purge_key },
  { NULL }
};
