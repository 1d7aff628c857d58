/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "ca/globalsign/blocks.h"

/* OrganizationSSL and ExtendedSSL: OVOrder and EVOrder (docs/globalsign.md, Ordering). GlobalSign's staff prove all. */

static void
add_organization (xmlNode         *root,
                  const ChGsBlock *block,
                  GHashTable      *values)
{
  ch_gs_block_write (ch_gs_block_write (root, block, values), &ch_gs_address, values);
}

static xmlNode *
ov_request (const ChCaAccess  *access,
            const ChCaRequest *request)
{
  g_autoptr(GHashTable) values = ch_gs_organization_values (request);
  xmlNode *root = ch_gs_request_new (access, "OVOrder", CH_GS_ORDER_HEADER);

  ch_gs_add_parameters (root, request);
  ch_soap_add (root, "SubID", request->own_key);
  add_organization (root, &ch_gs_organization, values);
  ch_gs_add_tail (root, request);
  return root;
}

static xmlNode *
ev_request (const ChCaAccess  *access,
            const ChCaRequest *request)
{
  g_autoptr(GHashTable) values = ch_gs_organization_values (request);
  xmlNode *root = ch_gs_request_new (access, "EVOrder", CH_GS_ORDER_HEADER);

  ch_gs_add_parameters (root, request);
  ch_soap_add (root, "SubId", request->own_key);
  add_organization (root, &ch_gs_organization_ev, values);
  ch_gs_block_write (root, &ch_gs_requestor, values);
  ch_gs_block_write (root, &ch_gs_approver, values);
  ch_gs_block_write (root, &ch_gs_signer, values);
  ch_gs_block_write (root, &ch_gs_jurisdiction, values);
  ch_gs_add_tail (root, request);
  return root;
}

ChCaOrder *
ch_gs_place_organization (const ChCaAccess   *access,
                          const ChCaRequest  *request,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autofree char *number = NULL;
  xmlNode *root = request->product == CH_PRODUCT_EXTENDEDSSL ? ev_request (access, request) : ov_request (access, request);
  g_autoptr(ChSoapReply) reply = ch_gs_place (access, CH_GS_ORDERS, root, NULL, &number, cancellable, error);

  if (reply == NULL)
    return NULL;

  ChCaOrder *order = ch_gs_placed_order (request, reply, number);
  ch_gs_explain_vetting (order);
  return order;
}
