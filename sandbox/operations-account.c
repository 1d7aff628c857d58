/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "csr.h"
#include "draft.h"

#include <string.h>

/* The live payload is unknown; a client has to show whatever leaves it finds. */
void
sb_account_snapshot (SbCall *call)
{
  g_autofree char *balance = sb_money (call->account->balance);
  guint open = 0;
  GPtrArray *orders = sb_state_orders (call->world->state);

  for (guint i = 0; i < orders->len; i++)
    {
      SbOrder *order = g_ptr_array_index (orders, i);
      open += strcmp (order->user, call->account->user) == 0 && order->status < SB_STATUS_CANCELLED;
    }

  xmlNode *snapshot = sb_add (call->response, "AccountSnapshot");
  sb_add_text (snapshot, "Balance", balance);
  sb_add_text (snapshot, "Currency", call->account->currency);
  sb_add_int (snapshot, "OpenOrders", open);
  sb_call_done (call);
}

static void
add_csr (xmlNode     *parent,
         const SbCsr *csr,
         gboolean     is_dv)
{
  sb_add_any (parent, "CommonName", csr->common_name);
  sb_add_any (parent, "Organization", is_dv ? NULL : csr->organization);
  sb_add_any (parent, "OrganizationUnit", is_dv ? NULL : csr->unit);
  sb_add_any (parent, "Locality", is_dv ? NULL : csr->locality);
  sb_add_any (parent, "State", is_dv ? NULL : csr->state);
  sb_add_any (parent, "Country", is_dv ? NULL : csr->country);
}

void
sb_decode_csr (SbCall *call)
{
  g_autofree char *pem = sb_text (call->request, "CSR");
  g_autofree char *type = sb_text (call->request, "ProductType");
  int code = 0;
  g_autoptr(SbCsr) csr = sb_csr_parse (pem, &code);

  if (csr == NULL)
    sb_call_fail (call, code, "CSR");
  else
    {
      xmlNode *data = sb_add (call->response, "CSRData");
      add_csr (data, csr, FALSE);
      sb_add_any (data, "EmailAddress", csr->email);
      sb_add_int (data, "KeyLength", csr->bits);

      xmlNode *preview = sb_add (call->response, "CertificatePreview");
      add_csr (preview, csr, g_str_has_prefix (type, "DV"));
      sb_add_int (preview, "KeyLength", csr->bits);
    }

  sb_call_done (call);
}

static void
add_parsed_csr (xmlNode     *parent,
                const SbCsr *csr)
{
  xmlNode *parsed = sb_add (parent, "ParsedCSR");
  g_autofree char *subject = g_strconcat ("CN=", csr->common_name, NULL);

  sb_add_text (parsed, "Subject", subject);
  sb_add_text (parsed, "DomainName", csr->common_name);
  sb_add_text (parsed, "Country", csr->country);
  sb_add_text (parsed, "Email", csr->email);
  sb_add_text (parsed, "Locality", csr->locality);
  sb_add_text (parsed, "Organization", csr->organization);
  sb_add_text (parsed, "OrganizationUnit", csr->unit);
  sb_add_text (parsed, "State", csr->state);
  sb_add_text (parsed, "IsValidDomainName", "true");
}

void
sb_validate_order_parameters (SbCall *call)
{
  g_autofree char *code = sb_text (call->request, "OrderRequestParameter/ProductCode");
  const SbProduct *product = sb_product_find (code);
  g_autoptr(SbOrder) order = sb_draft_order (call, product != NULL ? product->method : SB_METHOD_DNS);
  int unused = 0;

  if (order != NULL)
    {
      g_autoptr(SbCsr) csr = order->csr != NULL ? sb_csr_parse (order->csr, &unused) : NULL;
      g_autofree char *price = sb_money (order->price);

      sb_add_text (call->response, "Price", price);
      sb_add_text (call->response, "Currency", order->currency);
      xmlNode *period = sb_add (call->response, "ValidityPeriod");
      sb_add_int (period, "Months", order->months);
      if (csr != NULL)
        add_parsed_csr (call->response, csr);
      else
        sb_add_nil (call->response, "ParsedCSR");
    }

  sb_call_done (call);
}
