/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "draft.h"
#include "place.h"

static SbOrder *
place (SbCall   *call,
       SbMethod  method)
{
  g_autoptr(SbOrder) order = sb_draft_order (call, method);

  return order != NULL ? sb_place (call, g_steal_pointer (&order)) : NULL;
}

static void
add_list (SbCall        *call,
          const SbOrder *order,
          const char    *name,
          const char    *item)
{
  xmlNode *list = sb_add (call->response, name);

  for (gsize i = 0; order->approvers[i] != NULL; i++)
    sb_add_text (list, item, order->approvers[i]);
}

void
sb_dv_dns_order (SbCall *call)
{
  SbOrder *order = place (call, SB_METHOD_DNS);

  if (order != NULL)
    {
      g_autofree char *text = sb_dns_text (order);

      sb_add_text (call->response, "OrderID", order->id);
      sb_add_text (call->response, "DNSTXT", text);
      add_list (call, order, "VerificationFQDNList", "VerificationFQDN");
    }

  sb_call_done (call);
}

void
sb_url_verification (SbCall *call)
{
  SbOrder *order = place (call, SB_METHOD_URL);

  if (order != NULL)
    {
      g_autofree char *tag = sb_meta_tag (order);

      sb_add_text (call->response, "OrderID", order->id);
      sb_add_text (call->response, "MetaTag", tag);
      add_list (call, order, "VerificationURLList", "VerificationURL");
    }

  sb_call_done (call);
}

static void
place_for_vetting (SbCall     *call,
                   SbMethod    method,
                   const char *answer)
{
  SbOrder *order = place (call, method);

  if (order != NULL)
    sb_add_text (call->response, answer, order->id);
  sb_call_done (call);
}

void
sb_ov_order (SbCall *call)
{
  place_for_vetting (call, SB_METHOD_OV, "OrderID");
}

void
sb_ev_order (SbCall *call)
{
  place_for_vetting (call, SB_METHOD_EV, "OrderId"); /* spelled so */
}
