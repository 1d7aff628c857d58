/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "ca/globalsign/globalsign.h"

/* An answer of the CA, and all that is read out of it. */

static void
read_order (ChCaOrder *order)
{
  if (order != NULL)
    ch_ca_order_free (order);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) body = g_bytes_new_static (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChSoapReply) reply = ch_soap_parse (body, "GetOrderByOrderID", &error);

  g_assert_true ((reply == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (reply == NULL || reply->response == NULL)
    return 0;

  read_order (ch_gs_read_detail (ch_soap_find (reply->response, "OrderDetail"), TRUE));
  read_order (ch_gs_read_row (ch_soap_find (reply->response, "SearchOrderDetails/SearchOrderDetail")));
  read_order (ch_gs_read_issue ("CE1", reply->response));
  return 0;
}
