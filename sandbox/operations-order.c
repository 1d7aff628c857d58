/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "draft.h"
#include "names.h"

#include <gnutls/crypto.h>
#include <string.h>

#define TOKEN_LENGTH 42
#define REFUND_TIME (7 * 24 * 3600 * (gint64) 1000)

/* The tokens of the live service have 41 or 42 characters of this alphabet. */
static char *
new_token (void)
{
  static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint8 random[TOKEN_LENGTH];
  char token[TOKEN_LENGTH + 1] = { 0 };

  gnutls_rnd (GNUTLS_RND_RANDOM, random, sizeof random);
  for (gsize i = 0; i < TOKEN_LENGTH; i++)
    token[i] = alphabet[random[i] % 64];
  if (random[0] % 2)
    token[TOKEN_LENGTH - 1] = '\0';

  return g_strdup (token);
}

static gboolean
is_listed (GPtrArray  *list,
           const char *name)
{
  return g_ptr_array_find_with_equal_func (list, name, g_str_equal, NULL);
}

/* The CN and its parents; of the SANs only what lies in other domains than the CN. */
static GStrv
list_approvers (SbOrder *order)
{
  g_autoptr(GPtrArray) list = sb_name_approvers (order->common_name);

  for (gsize i = 0; order->sans[i] != NULL; i++)
    {
      const char *name = sb_san_name (order->sans[i]);
      g_autoptr(GPtrArray) more = NULL;

      if (is_listed (list, sb_name_registrable (sb_name_base (name))))
        continue;
      more = sb_name_approvers (name);
      for (guint n = 0; n < more->len; n++)
        g_ptr_array_add (list, g_strdup (g_ptr_array_index (more, n)));
    }

  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

static gboolean
is_high_risk (SbCall  *call,
              SbOrder *order)
{
  gboolean found = g_hash_table_contains (call->world->high_risk, order->common_name);

  for (gsize i = 0; !found && order->sans[i] != NULL; i++)
    found = g_hash_table_contains (call->world->high_risk, sb_san_name (order->sans[i]));

  return found;
}

static void
answer_order (SbCall        *call,
              const SbOrder *order)
{
  g_autofree char *text = g_strconcat ("_globalsign-domain-verification=", order->token, NULL);

  sb_add_text (call->response, "OrderID", order->id);
  sb_add_text (call->response, "DNSTXT", text);
  xmlNode *list = sb_add (call->response, "VerificationFQDNList");
  for (gsize i = 0; order->approvers[i] != NULL; i++)
    sb_add_text (list, "VerificationFQDN", order->approvers[i]);

  if (order->status == SB_STATUS_PHISHING_CHECK)
    {
      sb_call_fail (call, -5001, NULL);
      call->success = 1; /* a warning: the order was accepted */
    }
}

static gboolean
place_order (SbCall *call)
{
  g_autoptr(SbOrder) order = sb_draft_order (call, SB_METHOD_DNS);
  g_autoptr(GError) error = NULL;

  if (order == NULL)
    return FALSE;
  if (order->price > call->account->balance)
    return sb_call_fail (call, -6101, NULL);

  sb_state_new_id (call->world->state, order, call->now);
  order->token = new_token ();
  order->approvers = list_approvers (order);
  order->ordered = call->now;
  order->status = is_high_risk (call, order) ? SB_STATUS_PHISHING_CHECK : SB_STATUS_INITIAL;
  sb_order_note (order, "ORDER_REQUEST", call->now);
  sb_order_note (order, "ORDER_VALIDATE_REGISTER", call->now);

  call->order_id = g_strdup (order->id);
  gint64 price = order->price;
  if (!sb_state_commit (call->world->state, g_steal_pointer (&order), price, &error))
    return sb_call_fail_internally (call, error);

  answer_order (call, sb_state_order (call->world->state, call->order_id));
  return TRUE;
}

void
sb_dv_dns_order (SbCall *call)
{
  place_order (call);
  sb_call_done (call);
}

static gboolean
cancel_order (SbCall  *call,
              SbOrder *order)
{
  gboolean is_issued = order->status == SB_STATUS_ISSUED;

  if (is_issued && call->now - order->issued > REFUND_TIME)
    return sb_call_fail (call, -4005, "ModifyOrderOperation");

  order->status = is_issued ? SB_STATUS_CANCELLED_AFTER_ISSUE : SB_STATUS_CANCELLED;
  order->issue_due = 0;
  sb_order_note (order, "ORDER_CANCELLED", call->now);
  return TRUE;
}

static gboolean
revoke_order (SbCall  *call,
              SbOrder *order)
{
  if (order->status != SB_STATUS_ISSUED)
    return sb_call_fail (call, -4005, "ModifyOrderOperation");

  order->status = SB_STATUS_REVOKED;
  sb_order_note (order, "CERTIFICATE_REVOKED", call->now);
  return TRUE;
}

static gboolean
modify (SbCall  *call,
        SbOrder *order)
{
  g_autofree char *operation = sb_text (call->request, "ModifyOrderOperation");

  if (strcmp (operation, "CANCEL") == 0)
    return cancel_order (call, order);
  if (strcmp (operation, "REVOKE") == 0)
    return revoke_order (call, order);

  return sb_call_fail (call, -9200, "ModifyOrderOperation"); /* APPROVE is for others than resellers */
}

static gboolean
modify_order (SbCall *call)
{
  SbOrder *order = sb_call_order (call);
  g_autoptr(SbOrder) next = order != NULL ? sb_order_copy (order) : NULL;
  g_autoptr(GError) error = NULL;

  if (order == NULL)
    return FALSE;
  if (order->status != SB_STATUS_INITIAL && order->status != SB_STATUS_PHISHING_CHECK
      && order->status != SB_STATUS_ISSUED)
    return sb_call_fail (call, -9915, "OrderID");
  if (!modify (call, next))
    return FALSE;

  gint64 refund = next->status == SB_STATUS_REVOKED ? 0 : next->price;
  next->cancelled = call->now;
  next->price -= refund;
  if (!sb_state_commit (call->world->state, g_steal_pointer (&next), -refund, &error))
    return sb_call_fail_internally (call, error);

  sb_add_text (call->response, "OrderID", call->order_id);
  return TRUE;
}

void
sb_modify_order (SbCall *call)
{
  modify_order (call);
  sb_call_done (call);
}
