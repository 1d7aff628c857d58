/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/proof.h"

ChProof
ch_order_proof (const ChOrder *order)
{
  static const ChProof by_method[] = {
    [CH_DCV_METHOD_DNS] = CH_PROOF_RECORD,
    [CH_DCV_METHOD_HTTP] = CH_PROOF_FILE,
    [CH_DCV_METHOD_EMAIL] = CH_PROOF_MAIL,
  };

  if (order->product == CH_PRODUCT_ORGANIZATIONSSL || order->product == CH_PRODUCT_EXTENDEDSSL)
    return CH_PROOF_STAFF;

  return by_method[order->method];
}

gboolean
ch_order_shows_proof (const ChOrder *order)
{
  ChProof proof = ch_order_proof (order);

  return proof == CH_PROOF_RECORD || proof == CH_PROOF_FILE;
}

gboolean
ch_order_proves_itself (const ChOrder *order)
{
  return ch_order_proof (order) == CH_PROOF_RECORD && order->dns_account_id != 0;
}
