/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "products.h"

#include <stdlib.h>
#include <string.h>

static const SbProduct products[] = {
  { "DV_LOW", SB_METHOD_EMAIL, FALSE, 4900, 14900 },
  { "DV_LOW_SHA2", SB_METHOD_EMAIL, FALSE, 4900, 14900 },
  { "DV_LOW_URL", SB_METHOD_URL, FALSE, 4900, 14900 },
  { "DV_LOW_URL_SHA2", SB_METHOD_URL, FALSE, 4900, 14900 },
  { "DV_LOW_DNS", SB_METHOD_DNS, FALSE, 4900, 14900 },
  { "DV_LOW_DNS_SHA2", SB_METHOD_DNS, FALSE, 4900, 14900 },
  { "DV", SB_METHOD_EMAIL, TRUE, 19900, 59900 },
  { "DV_SHA2", SB_METHOD_EMAIL, TRUE, 19900, 59900 },
  { "DV_HIGH_URL", SB_METHOD_URL, TRUE, 19900, 59900 },
  { "DV_HIGH_URL_SHA2", SB_METHOD_URL, TRUE, 19900, 59900 },
  { "DV_HIGH_DNS", SB_METHOD_DNS, TRUE, 19900, 59900 },
  { "DV_HIGH_DNS_SHA2", SB_METHOD_DNS, TRUE, 19900, 59900 },
  { "OV", SB_METHOD_OV, TRUE, 29900, 79900 },
  { "OV_SHA2", SB_METHOD_OV, TRUE, 29900, 79900 },
  { "EV", SB_METHOD_EV, TRUE, 49900, 0 },
  { "EV_SHA2", SB_METHOD_EV, TRUE, 49900, 0 },
  /* The live codes for elliptic curves are not known; these are invented. */
  { "DV_HIGH_DNS_ECC", SB_METHOD_DNS, TRUE, 19900, 59900, TRUE },
  { "DV_HIGH_URL_ECC", SB_METHOD_URL, TRUE, 19900, 59900, TRUE },
  { "OV_ECC", SB_METHOD_OV, TRUE, 29900, 79900, TRUE },
};

/* Yearly price of one more name, by SANOptionType. */
static const struct
{
  int type;
  gint64 yearly;
} san_prices[] = { { 1, 0 }, { 2, 2000 }, { 3, 5000 }, { 4, 5000 }, { 7, 5000 }, { 13, 30000 } };

const SbProduct *
sb_product_find (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (products); i++)
    if (g_strcmp0 (products[i].code, code) == 0)
      return &products[i];

  return NULL;
}

gboolean
sb_product_is_vetted (const SbProduct *product)
{
  return product != NULL && (product->method == SB_METHOD_OV || product->method == SB_METHOD_EV);
}

static gint64
san_price (const char *san)
{
  for (gsize i = 0; i < G_N_ELEMENTS (san_prices); i++)
    if (san_prices[i].type == atoi (san))
      return san_prices[i].yearly;

  return 0;
}

gint64
sb_product_price (const SbProduct   *product,
                  gint64             months,
                  gboolean           is_wildcard,
                  const char *const *sans)
{
  gint64 yearly = is_wildcard ? product->wildcard : product->yearly;

  for (gsize i = 0; sans != NULL && sans[i] != NULL; i++)
    yearly += san_price (sans[i]);

  return yearly * months / 12;
}

char *
sb_money (gint64 cents)
{
  return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%02d", cents < 0 ? "-" : "", ABS (cents) / 100,
                          (int) (ABS (cents) % 100));
}
