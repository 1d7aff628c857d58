/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/windows.h"

/* All orders of a time, whole, window by window (docs/globalsign.md, Queries). */

#define FIRST_WIDTH (30 * 24 * 60 * 60)

typedef struct
{
  const ChCaAccess *access;
  GCancellable *cancellable;
  const ChCaStatus *status;   /* (nullable): only those */
  ChCaFound found;
  gpointer data;
  GHashTable *before;         /* (element-type utf8): numbers of the window before; a list may tell one twice */
} Import;

/* ---- in the order of time ---- */

typedef struct
{
  gint64 time;
  const xmlNode *detail;
} Entry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *one = a;
  const Entry *other = b;

  return (one->time > other->time) - (one->time < other->time);
}

static GArray *
sort_entries (const xmlNode *list)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (const xmlNode *detail = NULL; (detail = ch_soap_next (list, detail, "OrderDetail")) != NULL;)
    {
      Entry entry = { ch_soap_time (detail, "OrderInfo/OrderDate"), detail };
      g_array_append_val (entries, entry);
    }

  g_array_sort (entries, compare_entries);
  return entries;
}

/* ---- one of them ---- */

static gboolean
is_passing (const GError *error)
{
  return ch_error_is_retryable (error) && !g_error_matches (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

/* A list that does not carry certificates costs a question for each that there must be. One order that cannot be read
 * by itself does not stop the others. */
static gboolean
complete (const Import  *import,
          ChCaOrder    **order,
          GError       **error)
{
  g_autoptr(GError) cause = NULL;

  if ((*order)->status != CH_CA_ISSUED || (*order)->certificate != NULL || !(*order)->known)
    return TRUE;

  ChCaOrder *whole = ch_gs_fetch (import->access, (*order)->ca_order, import->cancellable, &cause);
  if (whole != NULL)
    {
      ch_ca_order_free (*order);
      *order = whole;
    }
  else if (is_passing (cause) || g_cancellable_is_cancelled (import->cancellable))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }

  return TRUE;
}

/* @order: (out) (nullable): the order, unless it is of no interest */
static gboolean
read_entry (const Import   *import,
            const xmlNode  *detail,
            GHashTable     *numbers,
            ChCaOrder     **order,
            GError        **error)
{
  g_autoptr(ChCaOrder) read = ch_gs_read_detail (detail, TRUE);

  *order = NULL;
  if (read == NULL || g_hash_table_contains (import->before, read->ca_order)
      || !g_hash_table_add (numbers, g_strdup (read->ca_order)))
    return TRUE;
  if (import->status != NULL && *import->status != read->status)
    return TRUE;
  if (!complete (import, &read, error))
    return FALSE;

  *order = g_steal_pointer (&read);
  return TRUE;
}

/* ---- all of a window ---- */

/* A #ChGsTake. Only with its last order has a window been told; an import that was interrupted before takes it up
 * from the start. */
static gboolean
take_window (const xmlNode *list,
             gint64         from,
             gint64         to,
             gpointer       data,
             GError       **error)
{
  Import *import = data;
  g_autoptr(GArray) entries = sort_entries (list);
  g_autoptr(GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(ChCaOrder) waiting = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      ChCaOrder *order;

      if (!read_entry (import, g_array_index (entries, Entry, i).detail, numbers, &order, error))
        return FALSE;
      if (order == NULL)
        continue;
      if (waiting != NULL && !import->found (g_steal_pointer (&waiting), from, import->data, error))
        {
          ch_ca_order_free (order);
          return FALSE;
        }
      waiting = order;
    }

  g_hash_table_unref (import->before);
  import->before = g_steal_pointer (&numbers);
  return waiting == NULL || import->found (g_steal_pointer (&waiting), to + 1, import->data, error);
}

/* 0 when the status has several codes, or none that a query takes */
static int
status_code (const ChCaStatus *status)
{
  if (status == NULL)
    return 0;

  return *status == CH_CA_WAITING ? 1 : *status == CH_CA_ISSUED ? 4 : 0;
}

gboolean
ch_gs_list_placed (const ChCaAccess  *access,
                   gint64             from,
                   gint64             to,
                   const ChCaStatus  *status,
                   ChCaFound          found,
                   gpointer           data,
                   GCancellable      *cancellable,
                   GError           **error)
{
  Import import = {
    .access = access, .cancellable = cancellable, .status = status, .found = found, .data = data,
    .before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };
  ChGsQuery query = {
    .access = access, .cancellable = cancellable, .operation = "GetOrderByDateRange",
    .list = "OrderDetails", .entry = "OrderDetail", .detail = CH_GS_DETAIL_WHOLE, .order_status = status_code (status),
    .width = FIRST_WIDTH, .strict = TRUE, .splits_unreadable = TRUE, .take = take_window, .data = &import,
  };
  gboolean done = ch_gs_walk (&query, MAX (from, 0), to, error);

  g_hash_table_unref (import.before);
  return done;
}
