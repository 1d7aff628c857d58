/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vouchers.h"

#include <string.h>

#define PARAMETER "OrderRequestParameter"

typedef struct
{
  char *kind;
  char *code;
  char *state;
  char *currency; /* (nullable): any */
  gint64 percent;
  gboolean once;
} Voucher;

struct _SbVouchers
{
  GPtrArray *list; /* (element-type Voucher) (owned) */
};

static void
voucher_free (Voucher *voucher)
{
  g_free (voucher->kind);
  g_free (voucher->code);
  g_free (voucher->state);
  g_free (voucher->currency);
  g_free (voucher);
}

static Voucher *
find (SbVouchers *vouchers,
      const char *kind,
      const char *code)
{
  for (guint i = 0; i < vouchers->list->len; i++)
    {
      Voucher *voucher = g_ptr_array_index (vouchers->list, i);

      if (strcmp (voucher->kind, kind) == 0 && strcmp (voucher->code, code) == 0)
        return voucher;
    }

  return NULL;
}

static void
add (SbVouchers *vouchers,
     const char *kind,
     const char *code,
     const char *state,
     const char *currency,
     gint64      percent,
     gboolean    once)
{
  Voucher *voucher = g_new0 (Voucher, 1);

  g_ptr_array_remove (vouchers->list, find (vouchers, kind, code));
  voucher->kind = g_strdup (kind);
  voucher->code = g_strdup (code);
  voucher->state = g_strdup (state);
  voucher->currency = g_strdup (currency);
  voucher->percent = percent;
  voucher->once = once;
  g_ptr_array_add (vouchers->list, voucher);
}

SbVouchers *
sb_vouchers_new (void)
{
  SbVouchers *vouchers = g_new0 (SbVouchers, 1);

  vouchers->list = g_ptr_array_new_with_free_func ((GDestroyNotify) voucher_free);
  add (vouchers, "coupon", "TEN", "active", NULL, 10, FALSE);
  add (vouchers, "coupon", "ONCE", "active", NULL, 20, TRUE);
  add (vouchers, "coupon", "EXPIRED", "expired", NULL, 10, FALSE);
  add (vouchers, "coupon", "USED", "used", NULL, 10, TRUE);
  add (vouchers, "coupon", "INACTIVE", "inactive", NULL, 10, FALSE);
  add (vouchers, "coupon", "FOREIGN", "active", "XTS", 10, FALSE);
  add (vouchers, "campaign", "SPRING", "active", NULL, 15, FALSE);
  add (vouchers, "campaign", "AUTUMN", "inactive", NULL, 15, FALSE);
  return vouchers;
}

void
sb_vouchers_free (SbVouchers *vouchers)
{
  g_ptr_array_unref (vouchers->list);
  g_free (vouchers);
}

gboolean
sb_vouchers_add (SbVouchers  *vouchers,
                 JsonObject  *body,
                 char       **why)
{
  static const char *const kinds[] = { "coupon", "campaign", NULL };
  static const char *const states[] = { "active", "expired", "used", "inactive", NULL };
  const char *kind = json_object_get_string_member_with_default (body, "kind", "coupon");
  const char *code = json_object_get_string_member_with_default (body, "code", NULL);
  const char *state = json_object_get_string_member_with_default (body, "state", "active");
  const char *currency = json_object_get_string_member_with_default (body, "currency", NULL);
  gint64 percent = json_object_get_int_member_with_default (body, "percent", 10);

  if (code == NULL || kind == NULL || state == NULL || !g_strv_contains (kinds, kind)
      || !g_strv_contains (states, state) || percent < 0 || percent > 100)
    {
      *why = g_strdup ("It needs “code”, and may have “kind” (coupon, campaign), “state” (active, expired, used, "
                       "inactive), “percent” (0 to 100), “currency” and “once”.");
      return FALSE;
    }

  add (vouchers, kind, code, state, currency, percent,
       json_object_get_boolean_member_with_default (body, "once", FALSE));
  return TRUE;
}

JsonArray *
sb_vouchers_list (SbVouchers *vouchers)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < vouchers->list->len; i++)
    {
      Voucher *voucher = g_ptr_array_index (vouchers->list, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "kind", voucher->kind);
      json_object_set_string_member (object, "code", voucher->code);
      json_object_set_string_member (object, "state", voucher->state);
      json_object_set_string_member (object, "currency", voucher->currency);
      json_object_set_int_member (object, "percent", voucher->percent);
      json_object_set_boolean_member (object, "once", voucher->once);
      json_array_add_object_element (array, object);
    }

  return array;
}

static int
judge (const Voucher *voucher,
       int            unknown,
       const char    *currency)
{
  if (voucher == NULL)
    return unknown;
  if (strcmp (voucher->state, "expired") == 0)
    return -9918;
  if (strcmp (voucher->state, "used") == 0)
    return -9919;
  if (strcmp (voucher->state, "inactive") == 0)
    return -9920;

  return voucher->currency == NULL || strcmp (voucher->currency, currency) == 0 ? 0 : -9922;
}

static gboolean
apply (SbCall      *call,
       SbOrder     *order,
       const char  *kind,
       const char  *name,
       int          unknown,
       char       **kept)
{
  g_autofree char *path = g_strconcat (PARAMETER "/", name, NULL);
  g_autofree char *field = g_strconcat (PARAMETER ".", name, NULL);
  g_autofree char *code = sb_text (call->request, path);
  Voucher *voucher = code != NULL ? find (call->world->vouchers, kind, code) : NULL;
  int wrong = code != NULL ? judge (voucher, unknown, order->currency) : 0;

  if (wrong != 0)
    return sb_call_fail (call, wrong, field);
  if (voucher != NULL)
    order->price -= order->price * voucher->percent / 100;

  *kept = g_steal_pointer (&code);
  return TRUE;
}

gboolean
sb_vouchers_apply (SbCall  *call,
                   SbOrder *order)
{
  return apply (call, order, "coupon", "Coupon", -9913, &order->coupon)
         && apply (call, order, "campaign", "Campaign", -9914, &order->campaign);
}

void
sb_vouchers_use (SbVouchers    *vouchers,
                 const SbOrder *order)
{
  Voucher *coupon = order->coupon != NULL ? find (vouchers, "coupon", order->coupon) : NULL;

  if (coupon != NULL && coupon->once)
    {
      g_free (coupon->state);
      coupon->state = g_strdup ("used");
    }
}
