/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "products.h"

#include <string.h>

/* AlphaSSL has a single name or a wildcard. OV and EV have no methods of ours: GlobalSign's staff prove the names. */
static const struct
{
  ChProduct product;
  const char *family;
  const char *codes[3];       /* by ChDcvMethod */
  gboolean takes_names;
} products[] = {
  { CH_PRODUCT_ALPHASSL, "DV_LOW", { "DV_LOW_DNS_SHA2", "DV_LOW_URL_SHA2", "DV_LOW_SHA2" }, FALSE },
  { CH_PRODUCT_DOMAINSSL, "DV", { "DV_HIGH_DNS_SHA2", "DV_HIGH_URL_SHA2", "DV_SHA2" }, TRUE },
  { CH_PRODUCT_ORGANIZATIONSSL, "OV", { "OV_SHA2", "OV_SHA2", "OV_SHA2" }, TRUE },
  { CH_PRODUCT_EXTENDEDSSL, "EV", { "EV_SHA2", "EV_SHA2", "EV_SHA2" }, TRUE },
};

G_STATIC_ASSERT (CH_DCV_METHOD_DNS == 0 && CH_DCV_METHOD_HTTP == 1 && CH_DCV_METHOD_EMAIL == 2);
G_STATIC_ASSERT (CH_PRODUCT_ALPHASSL == 0 && CH_PRODUCT_DOMAINSSL == 1 && CH_PRODUCT_ORGANIZATIONSSL == 2
                 && CH_PRODUCT_EXTENDEDSSL == 3);

const char *
ch_gs_product_code (ChProduct   product,
                    ChDcvMethod method)
{
  return products[product].codes[method];
}

const char *
ch_gs_product_family (ChProduct product)
{
  return products[product].family;
}

gboolean
ch_gs_product_is_dv (ChProduct product)
{
  return product == CH_PRODUCT_ALPHASSL || product == CH_PRODUCT_DOMAINSSL;
}

gboolean
ch_gs_product_takes_names (ChProduct product)
{
  return products[product].takes_names;
}

static char **
split_code (const char *code)
{
  g_autofree char *upper = g_ascii_strup (code, -1);

  return g_strsplit (g_str_has_prefix (upper, "TEST_") ? upper + strlen ("TEST_") : upper, "_", 16);
}

/* Suffixes like _SHA2 and _MONTH_OP, and TEST_ before it, were seen; the first words are the product. */
gboolean
ch_gs_product_read (const char *code,
                    ChProduct  *product)
{
  g_auto(GStrv) words = split_code (code);

  if (g_strcmp0 (words[0], "DV") == 0)
    *product = g_strcmp0 (words[1], "LOW") == 0 ? CH_PRODUCT_ALPHASSL : CH_PRODUCT_DOMAINSSL;
  else if (g_strcmp0 (words[0], "OV") == 0)
    *product = CH_PRODUCT_ORGANIZATIONSSL;
  else if (g_strcmp0 (words[0], "EV") == 0)
    *product = CH_PRODUCT_EXTENDEDSSL;
  else
    return FALSE;

  return TRUE;
}

gboolean
ch_gs_product_read_method (const char  *code,
                           ChDcvMethod *method)
{
  g_auto(GStrv) words = split_code (code);

  if (g_strv_contains ((const char *const *) words, "DNS"))
    *method = CH_DCV_METHOD_DNS;
  else if (g_strv_contains ((const char *const *) words, "URL"))
    *method = CH_DCV_METHOD_HTTP;
  else
    return FALSE;

  return TRUE;
}
