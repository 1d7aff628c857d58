/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/deployment-gate.h"
#include "engine/expiry.h"
#include "lib/paths.h"
#include "lib/times.h"

#include <glib/gi18n.h>

#define MAX_ATTENTION 50

/* The service itself: what it can do and how it stands. */

static gboolean
put_next_due (GVariantBuilder *row,
              ChStore         *store,
              GError         **error)
{
  g_autoptr(GError) local = NULL;
  gint64 due = ch_store_next_due (store, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  g_variant_builder_add (row, "{sv}", "NextDue", g_variant_new_int64 (due));
  return TRUE;
}

GVariant *
ch_manager_properties (ChBus   *bus,
                       GError **error)
{
  g_auto(GVariantBuilder) row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (!put_next_due (&row, bus->world->store, error))
    return NULL;

  ch_row_put_text (&row, "Version", CH_VERSION);
  g_variant_builder_add (&row, "{sv}", "Generation", g_variant_new_uint64 (bus->feed.generation));
  return g_variant_builder_end (&row);
}

static void
list_kinds (ChCall *call)
{
  g_auto(GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  GError *error = NULL;
  const char *word;
  int role;

  g_variant_get_child (call->parameters, 0, "&s", &word);
  if (!ch_from_nick (CH_TYPE_PEER_ROLE, word, &role, &error))
    {
      ch_call_answer (call, NULL, error);
      return;
    }

  g_autoptr(GArray) kinds = ch_kinds_list (role);
  for (guint i = 0; i < kinds->len; i++)
    g_variant_builder_add_value (&rows, ch_row_kind (&g_array_index (kinds, ChKind, i)));

  ch_call_answer (call, g_variant_new ("(aa{sv})", &rows), NULL);
}

/* ---- status ---- */

/* What GetStatus collects. */
typedef struct
{
  ChStore *store;
  GVariantBuilder row;
  GVariantBuilder attention;
  guint n_attention;
  gboolean critical;
} Status;

static void
status_clear (Status *status)
{
  g_variant_builder_clear (&status->row);
  g_variant_builder_clear (&status->attention);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Status, status_clear)

static void
attend (Status     *status,
        const char *folder,
        gint64      id,
        const char *name,
        const char *text)
{
  GVariantBuilder entry;

  if (status->n_attention++ >= MAX_ATTENTION)
    return;

  g_variant_builder_init (&entry, G_VARIANT_TYPE_VARDICT);
  ch_row_put_path (&entry, "Object", folder, id);
  ch_row_put_text (&entry, "Name", name);
  ch_row_put_text (&entry, "Text", text);
  g_variant_builder_add_value (&status->attention, g_variant_builder_end (&entry));
}

/* @counts: (element-type utf8 → guint as pointer) */
static void
put_counts (Status     *status,
            const char *key,
            GHashTable *counts)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{su}"));
  GHashTableIter iter;
  gpointer state, count;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &state, &count))
    g_variant_builder_add (&list, "{su}", state, GPOINTER_TO_UINT (count));

  g_variant_builder_add (&status->row, "{sv}", key, g_variant_builder_end (&list));
}

static void
count (GHashTable *counts,
       const char *state)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, state));

  g_hash_table_replace (counts, (gpointer) state, GUINT_TO_POINTER (n + 1));
}

static gboolean
add_peers (Status     *status,
           ChPeerRole  role,
           const char *key,
           GError    **error)
{
  g_autoptr(GPtrArray) peers = ch_store_list_peers (status->store, role, error);
  g_autoptr(GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  if (peers == NULL)
    return FALSE;

  for (guint i = 0; i < peers->len; i++)
    {
      const ChPeer *peer = g_ptr_array_index (peers, i);
      count (counts, ch_nick (CH_TYPE_PEER_STATE, peer->state));
      if (peer->state == CH_PEER_STATE_FAILING)
        attend (status, ch_peer_folder (role), peer->id, peer->name, peer->reason);
    }

  put_counts (status, key, counts);
  return TRUE;
}

static gboolean
add_deployments (Status  *status,
                 GError **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (status->store, error);
  g_autoptr(GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  if (deployments == NULL)
    return FALSE;

  for (guint i = 0; i < deployments->len; i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (deployments, i);
      count (counts, ch_nick (CH_TYPE_DEPLOYMENT_STATE, deployment->state));
      if (deployment->state == CH_DEPLOYMENT_STATE_FAILED
          || ch_deployment_waits_too_long (status->store, deployment, ch_time_now ()))
        attend (status, CH_FOLDER_DEPLOYMENTS, deployment->id, deployment->name, deployment->reason);
      else if (deployment->drift != NULL)
        attend (status, CH_FOLDER_DEPLOYMENTS, deployment->id, deployment->name, deployment->drift);
    }

  put_counts (status, "Deployments", counts);
  return TRUE;
}

static gboolean
add_watches (Status  *status,
             GError **error)
{
  g_autoptr(GPtrArray) watches = ch_store_list_watches (status->store, error);
  g_autoptr(GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  if (watches == NULL)
    return FALSE;

  for (guint i = 0; i < watches->len; i++)
    {
      const ChWatch *watch = g_ptr_array_index (watches, i);

      count (counts, ch_nick (CH_TYPE_WATCH_STATE, watch->state));
      if (watch->state != CH_WATCH_STATE_NEW && watch->state != CH_WATCH_STATE_GOOD)
        attend (status, CH_FOLDER_WATCHES, watch->id, watch->name, watch->reason);
    }

  put_counts (status, "Watches", counts);
  return TRUE;
}

static gboolean
add_orders (Status  *status,
            GError **error)
{
  g_autoptr(GHashTable) counts = ch_store_count_orders (status->store, error);
  g_autoptr(GPtrArray) needy = counts != NULL ? ch_store_list_needy_orders (status->store, MAX_ATTENTION, error) : NULL;

  if (needy == NULL)
    return FALSE;

  put_counts (status, "Orders", counts);
  for (guint i = 0; i < needy->len; i++)
    {
      const ChOrder *order = g_ptr_array_index (needy, i);
      attend (status, CH_FOLDER_ORDERS, order->id, order->names[0], order->reason);
    }

  return TRUE;
}

/* The certificate in force that ends first. */
static gboolean
add_next_expiry (Status  *status,
                 GError **error)
{
  char *in_force[] = { (char *) "issued", (char *) "reissuing", (char *) "renewing", NULL };
  const ChOrderFilter filter = { .states = in_force };
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) orders = ch_store_page_orders (status->store, &filter, "not-after", NULL, 1,
                                                      &next, error);

  if (orders == NULL)
    return FALSE;

  gint64 expiry = orders->len > 0 ? ((const ChOrder *) g_ptr_array_index (orders, 0))->not_after : 0;
  g_variant_builder_add (&status->row, "{sv}", "NextExpiry", g_variant_new_int64 (expiry));
  return TRUE;
}

static gboolean
add_expiring (Status  *status,
              GError **error)
{
  g_autoptr(GPtrArray) warnings = ch_store_list_warnings (status->store, MAX_ATTENTION, error);
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    {
      const ChWarning *warning = g_ptr_array_index (warnings, i);
      g_autoptr(ChOrder) order = ch_store_get_order (status->store, warning->id, NULL);
      GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      const char *name = order != NULL ? order->names[0] : NULL;

      ch_row_put_path (&row, "Order", CH_FOLDER_ORDERS, warning->id);
      ch_row_put_text (&row, "Name", name);
      g_variant_builder_add (&row, "{sv}", "NotAfter", g_variant_new_int64 (warning->not_after));
      g_variant_builder_add (&row, "{sv}", "Days", g_variant_new_int32 (warning->days));
      g_variant_builder_add_value (&list, g_variant_builder_end (&row));
      attend (status, CH_FOLDER_ORDERS, warning->id, name,
              warning->days == 0 ? _("The certificate has ended") : _("The certificate ends soon and was not replaced"));
      status->critical |= warning->not_after <= ch_time_now () + CH_EXPIRY_LAST_DAYS * 24 * 60 * 60;
    }

  g_variant_builder_add (&status->row, "{sv}", "Expiring", g_variant_builder_end (&list));
  return warnings != NULL;
}

/* Whom nobody can tell must at least be told here. */
static gboolean
add_mail (Status  *status,
          GError **error)
{
  g_autoptr(ChMail) mail = ch_store_get_mail (status->store, error);

  if (mail != NULL && mail->failures > 0)
    {
      GVariantBuilder entry = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

      status->n_attention++;
      g_variant_builder_add (&entry, "{sv}", "Object", g_variant_new_object_path (CH_ROOT_PATH));
      ch_row_put_text (&entry, "Name", _("E-mail"));
      ch_row_put_text (&entry, "Text", mail->reason);
      g_variant_builder_add_value (&status->attention, g_variant_builder_end (&entry));
    }

  return mail != NULL;
}

static gboolean
add_leftovers (Status  *status,
               GError **error)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (status->store, 0, error);
  guint32 n = 0;

  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    n += ((const ChTxtRecord *) g_ptr_array_index (records, i))->state == CH_TXT_STATE_REMOVING;

  g_variant_builder_add (&status->row, "{sv}", "Leftovers", g_variant_new_uint32 (n));
  return TRUE;
}

static GVariant *
status_row (ChBus   *bus,
            GError **error)
{
  g_auto(Status) status = { .store = bus->world->store };

  g_variant_builder_init (&status.row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&status.attention, G_VARIANT_TYPE ("aa{sv}"));

  if (!add_peers (&status, CH_PEER_ROLE_ACCOUNT, "Accounts", error)
      || !add_peers (&status, CH_PEER_ROLE_DNS, "DnsAccounts", error)
      || !add_peers (&status, CH_PEER_ROLE_SERVER, "Servers", error)
      || !add_deployments (&status, error)
      || !add_watches (&status, error)
      || !add_expiring (&status, error)
      || !add_orders (&status, error)
      || !add_next_expiry (&status, error)
      || !add_mail (&status, error)
      || !add_leftovers (&status, error)
      || !put_next_due (&status.row, status.store, error))
    return NULL;

  ch_row_put_text (&status.row, "Version", CH_VERSION);
  ch_row_put_text (&status.row, "Health", status.critical ? "critical" : status.n_attention > 0 ? "warning" : "ok");
  g_variant_builder_add (&status.row, "{sv}", "Attention", g_variant_builder_end (&status.attention));
  return g_variant_builder_end (&status.row);
}

static void
get_status (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  GVariant *status = status_row (call->bus, &error);
  ch_call_answer (call, status != NULL ? g_variant_new ("(@a{sv})", status) : NULL, error);
}

const ChMethod ch_manager_methods[] = {
  { CH_IFACE_MANAGER, "ListKinds", CH_ACTION_VIEW, list_kinds },
  { CH_IFACE_MANAGER, "GetStatus", CH_ACTION_VIEW, get_status },
  { NULL }
};
