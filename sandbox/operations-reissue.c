/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "csr.h"
#include "draft.h"
#include "mails.h"
#include "place.h"
#include "reservations.h"
#include "sans.h"

#include <string.h>

#define VETTING_LIFE (398 * 24 * 3600 * (gint64) 1000)
#define CSR_FIELD "OrderParameter.CSR"

static gboolean
can_be_followed (SbCall        *call,
                 const SbOrder *target)
{
  switch (target->status)
    {
    case SB_STATUS_ISSUED:
      break;
    case SB_STATUS_CANCELLED:
    case SB_STATUS_CANCELLED_AFTER_ISSUE:
      return sb_call_fail (call, -9915, "TargetOrderID");
    default:
      return sb_call_fail (call, -9938, "TargetOrderID");
    }

  if (sb_state_reissue (call->world->state, target->id) != NULL)
    return sb_call_fail (call, call->world->settings.reissued_code, "TargetOrderID");
  if (call->now >= target->term_end)
    return sb_call_fail (call, -4005, "TargetOrderID");

  return TRUE;
}

/* The order that takes the place of @target: the same names, people and paid term. */
static SbOrder *
follow (const SbOrder *target)
{
  SbOrder *order = sb_order_copy (target);

  g_clear_pointer (&order->id, g_free);
  g_clear_pointer (&order->renewal_of, g_free);
  g_clear_pointer (&order->token, g_free);
  g_clear_pointer (&order->page, g_free);
  g_clear_pointer (&order->serial, g_free);
  g_clear_pointer (&order->certificate, g_free);
  g_clear_pointer (&order->names, g_strfreev);
  g_clear_pointer (&order->proofs, g_strfreev);
  g_clear_pointer (&order->events, g_strfreev);
  g_clear_pointer (&order->mails, g_strfreev);
  g_free (order->reissue_of);
  order->reissue_of = g_strdup (target->id);

  order->price = order->verified = order->issue_due = order->issued = order->cancelled = 0;
  order->notified = order->confirmed = 0;
  order->wanted_from = order->wanted_until = order->not_before = order->not_after = 0;
  return order;
}

/* What is known of an organisation is good for 398 days (Baseline Requirements 4.2.1). */
static void
reuse_vetting (SbCall  *call,
               SbOrder *order)
{
  if (call->now - order->vetted > VETTING_LIFE)
    order->vetted = 0;
}

/* The answer to ReIssue has no place for a new value. */
static gboolean
prepare_proof (SbCall        *call,
               SbOrder       *order,
               const SbOrder *target)
{
  reuse_vetting (call, order);
  /* Also where it is not needed: the next one of the chain is proven by it, and nobody was told another. */
  if (call->world->settings.follow == SB_FOLLOW_SAME)
    order->token = g_strdup (target->token);
  if (sb_reuse_proofs (call, order))
    {
      order->verified = call->now;
      return TRUE;
    }

  switch (call->world->settings.follow)
    {
    case SB_FOLLOW_REFUSE:
      return sb_call_fail (call, -3012, NULL);
    case SB_FOLLOW_SAME:
      return TRUE;
    case SB_FOLLOW_PAGE:
    default:
      if (order->approver == NULL) /* else there is the mail */
        order->page = sb_new_secret ();
      return TRUE;
    }
}

static SbOrder *
find_target (SbCall *call)
{
  g_autofree char *id = sb_text (call->request, "TargetOrderID");
  SbOrder *target = sb_call_order_named (call, id, "TargetOrderID");

  return target != NULL && can_be_followed (call, target) ? target : NULL;
}

static gboolean
place (SbCall        *call,
       SbOrder       *order,
       const SbOrder *target)
{
  g_autoptr(SbOrder) owned = order;
  g_autofree char *before = g_strdup (target->id);

  if (!prepare_proof (call, order, target))
    return FALSE;

  SbOrder *placed = sb_place (call, g_steal_pointer (&owned));
  if (placed == NULL)
    return FALSE;

  sb_add_text (call->response, "OrderID", placed->id);
  sb_add_text (call->response, "TargetOrderID", before);
  return TRUE;
}

static gboolean
read_csr (SbCall        *call,
          SbOrder       *order,
          const SbOrder *target)
{
  g_autofree char *pem = sb_text (call->request, "OrderParameter/CSR");
  int code = -4007;
  const SbProduct *product = sb_product_find (target->product);
  g_autoptr(SbCsr) csr = pem != NULL ? sb_csr_parse (pem, &code) : NULL;

  if (csr == NULL)
    return sb_call_fail (call, code, CSR_FIELD);
  if (strcmp (csr->common_name, target->common_name) != 0)
    return sb_call_fail (call, -4006, CSR_FIELD);
  if (product != NULL && product->is_ecc && !csr->is_ecc)
    return sb_call_fail (call, -9964, CSR_FIELD);

  g_free (order->csr);
  order->csr = g_steal_pointer (&pem);
  g_free (order->key_id);
  order->key_id = g_strdup (csr->key_id);
  return sb_check_key (call, order, CSR_FIELD);
}

static gboolean
reissue (SbCall *call)
{
  SbOrder *target = find_target (call);
  g_autoptr(SbOrder) order = target != NULL ? follow (target) : NULL;
  g_autofree char *names = sb_text (call->request, "OrderParameter/DNSNames");
  g_autofree char *hash = sb_text (call->request, "HashAlgorithm");

  if (order == NULL || !read_csr (call, order, target))
    return FALSE;
  if (g_strcmp0 (hash, "SHA1") == 0) /* over since 2017 */
    return sb_call_fail (call, -101, "HashAlgorithm");
  if (names != NULL && !sb_pick_sans (call, order, names))
    return FALSE;

  return place (call, g_steal_pointer (&order), target);
}

void
sb_reissue (SbCall *call)
{
  reissue (call);
  sb_call_done (call);
}

/* What the new names cost more than the old ones for the whole term; nothing is given back. */
static gint64
difference (const SbOrder   *order,
            const SbOrder   *target,
            const SbProduct *product)
{
  gint64 now = sb_product_price (product, order->months, FALSE, (const char *const *) order->sans);
  gint64 before = sb_product_price (product, target->months, FALSE, (const char *const *) target->sans);

  return MAX (now - before, 0);
}

/* GetDVApproverList gives the OrderID, and the addresses to choose from. */
static gboolean
read_approver (SbCall          *call,
               SbOrder         *order,
               const SbProduct *product)
{
  g_autofree char *id = sb_text (call->request, "OrderID");
  g_autofree char *address = sb_text (call->request, "ApproverEmail");

  if (id != NULL && sb_reservation_name (call, id) == NULL)
    return FALSE;
  if (address != NULL && product->method != SB_METHOD_EMAIL)
    return sb_call_fail (call, -105, "ApproverEmail");
  if (address != NULL && !sb_mail_is_allowed (order->common_name, address))
    return sb_call_fail (call, -4009, "ApproverEmail");

  if (address != NULL)
    {
      g_free (order->approver);
      order->approver = g_steal_pointer (&address);
    }
  order->id = g_steal_pointer (&id);
  return TRUE;
}

static gboolean
change_names (SbCall *call)
{
  g_autofree char *id = sb_text (call->request, "TargetOrderID");

  if (id == NULL)
    return sb_call_fail (call, -102, "TargetOrderID");

  SbOrder *target = find_target (call);
  g_autoptr(SbOrder) order = target != NULL ? follow (target) : NULL;
  const SbProduct *product = target != NULL ? sb_product_find (target->product) : NULL;
  if (order == NULL || !sb_read_sans (call, order, product))
    return FALSE;

  if (!read_approver (call, order, product) || !sb_check_key (call, order, "TargetOrderID"))
    return FALSE;

  order->price = difference (order, target, product);
  return place (call, g_steal_pointer (&order), target);
}

void
sb_change_subject_alt_name (SbCall *call)
{
  change_names (call);
  sb_call_done (call);
}
