/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "dates.h"
#include "detail.h"
#include "dns.h"
#include "issue.h"
#include "names.h"

#include <string.h>

/* A random value of a CA lives 30 days at most (Baseline Requirements 3.2.2.4.7). */
#define TOKEN_LIFE (30 * 24 * 3600 * (gint64) 1000)

static SbOrder *
open_order (SbCall *call)
{
  SbOrder *order = sb_call_order (call);

  if (order == NULL)
    return NULL;

  switch (order->status)
    {
    case SB_STATUS_INITIAL:
    case SB_STATUS_PHISHING_CHECK:
      return order;
    case SB_STATUS_ISSUED:
      sb_call_fail (call, -4004, "OrderID");
      return NULL;
    default:
      sb_call_fail (call, -9915, "OrderID");
      return NULL;
    }
}

static void
answer (SbCall        *call,
        const SbOrder *order)
{
  if (order->status == SB_STATUS_PHISHING_CHECK)
    {
      sb_call_fail (call, -5001, NULL);
      call->success = 1;
    }

  xmlNode *payload = sb_add (call->response, "URLVerificationForIssue");
  sb_add_certificate_info (call, payload, order);
  sb_add_fulfillment (call, payload, order, SB_DETAIL_FULFILLMENT | SB_DETAIL_CA_CERTS);
}

/* The proof was seen: issue now, or when the phishing check or the vetting delay is over. */
static gboolean
accept_proof (SbCall        *call,
              const SbOrder *order)
{
  SbWorld *world = call->world;
  g_autoptr(SbOrder) next = sb_order_copy (order);
  g_autoptr(GError) error = NULL;

  next->proven = sb_text (call->request, "ApproverFQDN");
  next->verified = call->now;
  sb_order_note (next, "DOMAIN_VERIFIED", call->now);

  if (next->status == SB_STATUS_INITIAL && world->vetting_delay > 0)
    next->issue_due = call->now + world->vetting_delay;
  else if (next->status == SB_STATUS_INITIAL && !sb_issue (world, next, call->now, &error))
    return sb_call_fail_internally (call, error);

  if (!sb_state_commit (world->state, g_steal_pointer (&next), 0, &error))
    return sb_call_fail_internally (call, error);
  return TRUE;
}

static void
dns_proved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  SbCall *call = user_data;
  int code = sb_dns_prove_finish (result);
  SbOrder *order = open_order (call); /* it may have been cancelled meanwhile */

  call->now = sb_now ();
  if (order != NULL && code != 0)
    sb_call_fail (call, code, NULL);
  else if (order != NULL && accept_proof (call, order))
    answer (call, sb_state_order (call->world->state, call->order_id));

  sb_call_done (call);
}

static void
add_place (SbProof    *proof,
           const char *name,
           const char *domain)
{
  if (sb_name_is_covered (name, domain))
    return;

  g_autoptr(GPtrArray) places = sb_name_approvers (name);
  g_ptr_array_add (places, NULL);
  sb_proof_add (proof, (GStrv) g_ptr_array_free (g_steal_pointer (&places), FALSE));
}

/* The domain that the client names, and one place for every name that is not below it. */
static SbProof *
proof_for (SbCall        *call,
           const SbOrder *order,
           const char    *domain)
{
  g_autofree char *value = g_strconcat ("_globalsign-domain-verification=", order->token, NULL);
  SbProof *proof = sb_proof_new (call->world->servers, value);
  const char *first[] = { domain, NULL };

  sb_proof_add (proof, g_strdupv ((GStrv) first));
  add_place (proof, order->common_name, domain);
  for (gsize i = 0; order->sans[i] != NULL; i++)
    add_place (proof, sb_san_name (order->sans[i]), domain);

  return proof;
}

void
sb_dv_dns_verification_for_issue (SbCall *call)
{
  g_autofree char *domain = sb_text (call->request, "ApproverFQDN");
  SbOrder *order = open_order (call);

  if (order != NULL && order->verified != 0)
    answer (call, order);
  else if (order != NULL && !g_strv_contains ((const char *const *) order->approvers, domain))
    sb_call_fail (call, -101, "ApproverFQDN");
  else if (order != NULL && call->now - order->ordered > TOKEN_LIFE)
    sb_call_fail (call, -3012, NULL);
  else if (order != NULL)
    {
      sb_dns_prove_async (proof_for (call, order, domain), dns_proved_cb, call);
      return;
    }

  sb_call_done (call);
}
