/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/leftovers.h"
#include "lib/paths.h"

#define DEFAULT_LIMIT 100
#define MAX_ROWS 500

/* TXT values that nobody needs any more and that are still in somebody's DNS. */

static GVariant *
row_of (ChRows            *rows,
        const ChTxtRecord *record)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&row, "{sv}", "Id", g_variant_new_uint64 ((guint64) record->id));
  ch_row_put_path (&row, "DnsAccount", CH_FOLDER_DNS, record->dns_account_id);
  ch_row_put_text (&row, "DnsAccountName", ch_rows_peer_name (rows, CH_PEER_ROLE_DNS, record->dns_account_id));
  ch_row_put_text (&row, "Zone", record->zone);
  ch_row_put_text (&row, "Name", record->name);
  ch_row_put_text (&row, "Value", record->value);
  ch_row_put_path (&row, "Order", CH_FOLDER_ORDERS, record->order_id);
  g_variant_builder_add (&row, "{sv}", "Since", g_variant_new_int64 (record->created_at));
  g_variant_builder_add (&row, "{sv}", "Failures", g_variant_new_uint32 (record->failures));
  ch_row_put_text (&row, "Reason", record->reason);
  g_variant_builder_add (&row, "{sv}", "NextTry", g_variant_new_int64 (record->due));
  return g_variant_builder_end (&row);
}

static GVariant *
list_rows (ChStore  *store,
           GVariant *parameters,
           GError  **error)
{
  guint64 after;
  guint32 limit;

  g_variant_get (parameters, "(tu)", &after, &limit);
  after = MIN (after, G_MAXINT64);
  limit = limit == 0 ? DEFAULT_LIMIT : MIN (limit, MAX_ROWS);

  g_autoptr(GPtrArray) records = ch_store_list_leftovers (store, (gint64) after, limit, error);
  if (records == NULL)
    return NULL;

  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(ChRows) rows = ch_rows_new (store);
  for (guint i = 0; i < records->len; i++)
    g_variant_builder_add_value (&list, row_of (rows, g_ptr_array_index (records, i)));

  return g_variant_new ("(aa{sv})", &list);
}

static void
list_leftovers (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = list_rows (call->bus->world->store, call->parameters, &error);

  ch_call_answer (call, reply, error);
}

static void
remove_leftovers (ChCall *call)
{
  GError *error = NULL;
  gsize n_ids;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) list = ch_call_argument (call, 0);
  const guint64 *ids = g_variant_get_fixed_array (list, &n_ids, sizeof (guint64));
  ChJob *job = ch_leftovers_remove (call->bus->world, ids, n_ids, &call->actor, &error);

  ch_call_answer_job (call, job, error);
}

/* The account and the names, if all that is asked for has them; of "all" nobody knows now what it will be. */
static void
describe_removal (const ChCall *call,
                  ChDetails    *details)
{
  ChStore *store = call->bus->world->store;
  g_autoptr(GVariant) list = ch_call_argument (call, 0);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_txt_record_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  gboolean one_account = TRUE;
  gsize n_ids;
  const guint64 *ids = g_variant_get_fixed_array (list, &n_ids, sizeof (guint64));

  for (gsize i = 0; i < n_ids; i++)
    {
      ChTxtRecord *record = ch_store_get_txt_record (store, (gint64) MIN (ids[i], G_MAXINT64), NULL);
      if (record == NULL)
        return;

      g_ptr_array_add (records, record);
      g_ptr_array_add (names, record->name);
      one_account &= record->dns_account_id == ((const ChTxtRecord *) records->pdata[0])->dns_account_id;
    }

  if (n_ids == 0)
    return;

  g_ptr_array_add (names, NULL);
  ch_details_set_names (details, (const char *const *) names->pdata);
  if (one_account)
    {
      g_autoptr(ChRows) rows = ch_rows_new (store);
      const ChTxtRecord *first = records->pdata[0];
      const char *account = ch_rows_peer_name (rows, CH_PEER_ROLE_DNS, first->dns_account_id);

      ch_details_set (details, "name", account);
      ch_details_set (details, "dns", account);
    }
}

const ChMethod ch_leftovers_methods[] = {
  { CH_IFACE_MANAGER, "ListLeftovers", CH_ACTION_VIEW, list_leftovers },
  { CH_IFACE_MANAGER, "RemoveLeftovers", CH_ACTION_DNS_CHANGE, remove_leftovers, describe_removal },
  { NULL }
};
