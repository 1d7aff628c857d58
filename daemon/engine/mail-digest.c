/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployment-gate.h"
#include "engine/mailer.h"

#include "engine/watches.h"

#include <inttypes.h>

/* Of each kind; a mail is no list of everything. */
#define MOST 50

/* @key, @command: (transfer full) */
static ChDigestItem *
add (GPtrArray    *items,
     ChDigestKind  kind,
     char         *key,
     const char   *name,
     const char   *text,
     char         *command)
{
  ChDigestItem *item = g_new0 (ChDigestItem, 1);

  item->kind = kind;
  item->key = key;
  item->name = g_strdup (name);
  item->text = g_strdup (text);
  item->command = command;
  g_ptr_array_add (items, item);
  return item;
}

static gboolean
add_ends (ChStore    *store,
          GPtrArray  *items,
          GError    **error)
{
  g_autoptr(GPtrArray) warnings = ch_store_list_warnings (store, MOST, error);

  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    {
      const ChWarning *warning = g_ptr_array_index (warnings, i);
      g_autoptr(ChOrder) order = ch_store_get_order (store, warning->id, NULL);

      if (order == NULL)
        continue;
      add (items, CH_DIGEST_ENDS,
           g_strdup_printf ("order/%" PRId64 ":ends:%" PRId64 ":%d", order->id, warning->not_after, warning->days),
           order->names[0], NULL, g_strdup_printf ("order explain %" PRId64, order->id))->not_after = warning->not_after;
    }

  return warnings != NULL;
}

static gboolean
add_orders (ChStore    *store,
            GPtrArray  *items,
            gint64      now,
            GError    **error)
{
  g_autoptr(GPtrArray) orders = ch_store_list_needy_orders (store, MOST, error);

  for (guint i = 0; orders != NULL && i < orders->len; i++)
    {
      const ChOrder *order = g_ptr_array_index (orders, i);
      gboolean in_force = order->not_after > now;

      add (items, in_force ? CH_DIGEST_NOT_REPLACED : CH_DIGEST_NEEDS_YOU,
           g_strdup_printf ("order/%" PRId64 ":%s", order->id, in_force ? "not-replaced" : "needy"),
           order->names[0], order->reason, g_strdup_printf ("order explain %" PRId64, order->id));
    }

  return orders != NULL;
}

static gboolean
add_peers (ChStore     *store,
           GPtrArray   *items,
           ChPeerRole   role,
           GError     **error)
{
  g_autoptr(GPtrArray) peers = ch_store_list_peers (store, role, error);
  const char *noun = ch_nick (CH_TYPE_PEER_ROLE, (int) role);

  for (guint i = 0; peers != NULL && i < peers->len; i++)
    {
      const ChPeer *peer = g_ptr_array_index (peers, i);

      if (peer->state == CH_PEER_STATE_FAILING)
        add (items, CH_DIGEST_NEEDS_YOU, g_strdup_printf ("peer/%" PRId64, peer->id), peer->name, peer->reason,
             g_strdup_printf ("%s show %s", noun, peer->name));
    }

  return peers != NULL;
}

static gboolean
add_deployments (ChStore    *store,
                 GPtrArray  *items,
                 gint64      now,
                 GError    **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->state == CH_DEPLOYMENT_STATE_FAILED || ch_deployment_waits_too_long (store, deployment, now))
        add (items, CH_DIGEST_NEEDS_YOU, g_strdup_printf ("deployment/%" PRId64, deployment->id), deployment->name,
             deployment->reason, g_strdup_printf ("deploy show %s", deployment->name));
      else if (deployment->drift != NULL)
        add (items, CH_DIGEST_NEEDS_YOU, g_strdup_printf ("deployment/%" PRId64 ":drift", deployment->id), deployment->name,
             deployment->drift, g_strdup_printf ("deploy show %s", deployment->name));
    }

  return deployments != NULL;
}

static gboolean
add_watches (ChStore    *store,
             GPtrArray  *items,
             GError    **error)
{
  g_autoptr(GPtrArray) watches = ch_store_list_watches (store, error);

  for (guint i = 0, n = 0; watches != NULL && i < watches->len && n < MOST; i++)
    {
      const ChWatch *watch = g_ptr_array_index (watches, i);

      if (!ch_watch_needs_you (watch))
        continue;
      add (items, CH_DIGEST_NEEDS_YOU,
           g_strdup_printf ("watch/%" PRId64 ":%s:%" PRId64, watch->id, ch_nick (CH_TYPE_WATCH_STATE, (int) watch->state),
                            watch->not_after),
           watch->name, watch->reason, g_strdup_printf ("watch show %s", watch->name));
      n++;
    }

  return watches != NULL;
}

GPtrArray *
ch_mail_gather (ChStore  *store,
                gint64    now,
                GError  **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_digest_item_free);

  if (!add_ends (store, items, error)
      || !add_orders (store, items, now, error)
      || !add_peers (store, items, CH_PEER_ROLE_ACCOUNT, error)
      || !add_peers (store, items, CH_PEER_ROLE_DNS, error)
      || !add_peers (store, items, CH_PEER_ROLE_SERVER, error)
      || !add_deployments (store, items, now, error)
      || !add_watches (store, items, error))
    return NULL;

  ch_digest_sort (items);
  return g_steal_pointer (&items);
}
