/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef enum
{
  SB_METHOD_EMAIL,
  SB_METHOD_URL,
  SB_METHOD_DNS,
  SB_METHOD_OV, /* the staff of GlobalSign looks through these two */
  SB_METHOD_EV,
} SbMethod;

/**
 * SbProduct:
 * @takes_sans: AlphaSSL is for one name, with its free twin
 * @is_ecc: takes CSRs with keys on elliptic curves only
 * @yearly, @wildcard: price of twelve months in cents; invented
 */
typedef struct
{
  const char *code;
  SbMethod method;
  gboolean takes_sans;
  gint64 yearly;
  gint64 wildcard;
  gboolean is_ecc;
} SbProduct;

const SbProduct *sb_product_find      (const char      *code);
gboolean         sb_product_is_vetted (const SbProduct *product);

/**
 * sb_product_price:
 * @sans: as in an order: “type name” each
 *
 * Returns: the price in cents
 */
gint64 sb_product_price (const SbProduct    *product,
                         gint64              months,
                         gboolean            is_wildcard,
                         const char *const  *sans);

/* “12.50” for 1250, as prices stand in answers */
char *sb_money (gint64 cents);
