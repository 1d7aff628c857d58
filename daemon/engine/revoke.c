/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/revoke.h"

#include "engine/effects.h"
#include "engine/orders.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <json-glib/json-glib.h>

/* ---- what it would break ---- */

static gboolean
serves (ChStore            *store,
        const ChDeployment *deployment,
        gint64              order_id)
{
  g_autoptr(ChCertificate) certificate = deployment->certificate_id == 0 ? NULL
    : ch_store_get_certificate (store, deployment->certificate_id, NULL);

  return certificate != NULL && certificate->order_id == order_id && deployment->deployed_at != 0;
}

/* "127.0.0.1:443, [::1]:443" */
static char *
endpoints (const char *checks)
{
  g_autoptr(JsonNode) node = checks != NULL ? json_from_string (checks, NULL) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *check = json_array_get_object_element (array, i);
      const char *host = json_object_get_string_member_with_default (check, "host", "?");
      gint64 port = json_object_get_int_member_with_default (check, "port", 443);

      g_string_append_printf (text, strchr (host, ':') != NULL ? "%s[%s]:%" G_GINT64_FORMAT : "%s%s:%" G_GINT64_FORMAT,
                              i > 0 ? ", " : "", host, port);
    }

  return g_string_free (text, FALSE);
}

char *
ch_order_uses (ChWorld  *world,
               gint64    id,
               GError  **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (!serves (world->store, deployment, id))
        continue;

      g_autofree char *where = endpoints (deployment->checks);
      g_string_append_printf (text, *where != '\0' ? "%s“%s” (%s)" : "%s“%s”", text->len > 0 ? ", " : "", deployment->name, where);
    }

  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* ---- the wish ---- */

static gboolean
may_revoke (const ChOrder *order,
            GError       **error)
{
  const char *state = ch_nick (CH_TYPE_ORDER_STATE, (int) order->state);

  if (ch_order_state_is_final (order->state))
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " has ended: it is %s"), order->id, state);
  if (order->step == CH_ORDER_STEP_REVOKE)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is being revoked already"), order->id);
  if (order->issued_at == 0)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("Order %" PRId64 " is %s: there is no certificate to revoke. “chancery order cancel %" PRId64 "” ends it"),
                         order->id, state, order->id);
  if (order->step != CH_ORDER_STEP_NONE)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("Order %" PRId64 " is %s. End that first with “chancery order cancel %" PRId64 "”, then revoke"),
                         order->id, state, order->id);

  return TRUE;
}

static gboolean
check_uses (ChWorld   *world,
            gint64     id,
            GError   **error)
{
  g_autoptr(GError) local = NULL;
  g_autofree char *uses = ch_order_uses (world, id, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return uses == NULL
         || ch_error_set (error, CH_ERROR_IN_USE,
                          _("The certificate of order %" PRId64 " is served by %s; whoever looks whether it is revoked will be turned away "
                            "there. Force it if that is meant"), id, uses);
}

gboolean
ch_order_revoke (ChWorld        *world,
                 gint64          id,
                 gboolean        force,
                 const ChActor  *actor,
                 GError        **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);
  ChFact fact = { .kind = CH_FACT_REVOKE_ASKED };

  if (order == NULL || !may_revoke (order, error) || (!force && !check_uses (world, id, error)))
    return FALSE;

  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  if (transaction == NULL)
    return FALSE;

  ch_order_note (world, actor, order, "order.revoke", _("Asked to revoke"));
  if (!ch_order_apply_fact (world, order, &fact, NULL, actor, error)
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  ch_order_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}
