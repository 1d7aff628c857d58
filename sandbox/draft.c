/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft.h"

#include "csr.h"
#include "dates.h"
#include "names.h"

#include <stdlib.h>
#include <string.h>

#define PARAMETER "OrderRequestParameter"
#define DAY_MS (24 * 3600 * (gint64) 1000)
#define RENEWAL_WINDOW (90 * DAY_MS)
#define LATEST_START (366 * DAY_MS)
#define MOST_SANS 100
#define LONGEST_COMMON_NAME 64

static gboolean
has_option (SbCall     *call,
            const char *name)
{
  xmlNode *options = sb_find (call->request, PARAMETER "/Options");

  for (xmlNode *node = options != NULL ? options->children : NULL; node != NULL; node = node->next)
    if (sb_is_named (node, "Option"))
      {
        g_autofree char *found = sb_text (node, "OptionName");

        if (g_strcmp0 (found, name) == 0)
          return sb_flag (node, "OptionValue");
      }

  return FALSE;
}

static gboolean
read_product (SbCall           *call,
              SbMethod          method,
              SbOrder          *order,
              const SbProduct **product)
{
  order->product = sb_text (call->request, PARAMETER "/ProductCode");
  *product = sb_product_find (order->product);

  /* A code of another validation method is not a product of this operation. */
  if (*product == NULL || (*product)->method != method
      || (call->account->products != NULL
          && !g_strv_contains ((const char *const *) call->account->products, order->product)))
    return sb_call_fail (call, -9901, PARAMETER ".ProductCode");

  return TRUE;
}

static void
read_texts (SbCall  *call,
            SbOrder *order)
{
  g_autofree char *months = sb_text (call->request, PARAMETER "/ValidityPeriod/Months");
  g_autofree char *licenses = sb_text (call->request, PARAMETER "/Licenses");

  order->user = g_strdup (call->account->user);
  order->currency = g_strdup (call->account->currency);
  order->months = atoi (months);
  order->licenses = atoi (licenses);
  order->base_option = sb_text (call->request, PARAMETER "/BaseOption");
  order->kind = sb_text (call->request, PARAMETER "/OrderKind");
  order->renewal_of = sb_text (call->request, PARAMETER "/RenewalTargetOrderID");
  order->special_instructions = sb_text (call->request, PARAMETER "/SpecialInstructions");
  order->sub_id = sb_text (call->request, "SubID");
  order->first_name = sb_text (call->request, "ContactInfo/FirstName");
  order->last_name = sb_text (call->request, "ContactInfo/LastName");
  order->phone = sb_text (call->request, "ContactInfo/Phone");
  order->email = sb_text (call->request, "ContactInfo/Email");
}

static gboolean
check_key (SbCall  *call,
           SbOrder *order)
{
  SbOrder *owner = sb_state_key_owner (call->world->state, order->key_id);

  if (sb_state_is_revoked_key (call->world->state, order->key_id))
    return sb_call_fail (call, -9940, PARAMETER ".CSR");
  if (owner != NULL && strcmp (owner->common_name, order->common_name) != 0)
    return sb_call_fail (call, -6007, PARAMETER ".CSR");

  return TRUE;
}

static gboolean
check_base_option (SbCall  *call,
                   SbOrder *order)
{
  const char *expected = sb_name_is_wildcard (order->common_name) ? "wildcard" : NULL;

  if (g_strcmp0 (order->base_option, expected) != 0)
    return sb_call_fail (call, -9925, PARAMETER ".BaseOption");

  return TRUE;
}

static gboolean
read_csr (SbCall  *call,
          SbOrder *order)
{
  order->csr = sb_text (call->request, PARAMETER "/CSR");

  int code = -4007;
  g_autoptr(SbCsr) csr = order->csr != NULL ? sb_csr_parse (order->csr, &code) : NULL;
  if (csr == NULL)
    return sb_call_fail (call, code, PARAMETER ".CSR");

  code = strlen (csr->common_name) <= LONGEST_COMMON_NAME ? sb_name_judge (csr->common_name, -4006) : -4006;
  if (code != 0)
    return sb_call_fail (call, code, PARAMETER ".CSR");

  order->common_name = g_strdup (csr->common_name);
  order->key_id = g_strdup (csr->key_id);
  return check_base_option (call, order) && check_key (call, order);
}

/* 1: one of four labels before the CN or its domain; 2: below the CN's domain; 7: any other name;
 * 13: a wildcard. 3 (public IP) and 4 (internal) cannot be validated by DNS. */
static gboolean
type_fits (const char *type,
           const char *name,
           const char *common_name)
{
  static const char *const services[] = { "mail.", "owa.", "autodiscover.", "www." };
  const char *domain = sb_name_registrable (sb_name_base (common_name));

  if (sb_name_is_wildcard (name))
    return strcmp (type, "13") == 0;
  if (strcmp (type, "2") == 0)
    return sb_name_is_covered (name, domain) && strcmp (name, domain) != 0;
  if (strcmp (type, "7") == 0)
    return TRUE;

  for (gsize i = 0; strcmp (type, "1") == 0 && i < G_N_ELEMENTS (services); i++)
    if (g_str_has_prefix (name, services[i]))
      {
        const char *rest = name + strlen (services[i]);
        return strcmp (rest, domain) == 0 || strcmp (rest, sb_name_base (common_name)) == 0;
      }

  return FALSE;
}

/* The CN and its twin are in the certificate anyway. */
static gboolean
is_superfluous (const char *name,
                SbOrder    *order,
                GPtrArray  *sans)
{
  g_autofree char *twin = sb_name_twin (order->common_name);

  for (guint i = 0; i < sans->len; i++)
    if (strcmp (sb_san_name (g_ptr_array_index (sans, i)), name) == 0)
      return TRUE;

  return strcmp (name, order->common_name) == 0 || g_strcmp0 (name, twin) == 0;
}

static gboolean
read_san (SbCall    *call,
          SbOrder   *order,
          xmlNode   *entry,
          GPtrArray *sans)
{
  g_autofree char *type = sb_text (entry, "SANOptionType");
  g_autofree char *text = sb_text (entry, "SubjectAltName");

  if (type == NULL || text == NULL) /* a nil entry */
    return TRUE;

  g_autofree char *name = g_ascii_strdown (text, -1);
  int code = sb_name_judge (name, -6018);
  if (code != 0)
    return sb_call_fail (call, code, "SANEntries.SANEntry.SubjectAltName");
  if (!type_fits (type, name, order->common_name))
    return sb_call_fail (call, -9101, "SANEntries.SANEntry.SANOptionType");
  if (is_superfluous (name, order, sans))
    return sb_call_fail (call, -6018, "SANEntries.SANEntry.SubjectAltName");

  g_ptr_array_add (sans, g_strdup_printf ("%s %s", type, name));
  return TRUE;
}

static gboolean
read_sans (SbCall          *call,
           SbOrder         *order,
           const SbProduct *product)
{
  g_autoptr(GPtrArray) sans = g_ptr_array_new_with_free_func (g_free);
  xmlNode *entries = sb_find (call->request, "SANEntries");

  for (xmlNode *node = entries != NULL ? entries->children : NULL; node != NULL; node = node->next)
    if (sb_is_named (node, "SANEntry") && !read_san (call, order, node, sans))
      return FALSE;

  if (sans->len > MOST_SANS)
    return sb_call_fail (call, -6017, "SANEntries");
  if (sans->len > 0 && !product->takes_sans)
    return sb_call_fail (call, -9101, "SANEntries");
  if (sans->len > 0 && !has_option (call, "SAN"))
    return sb_call_fail (call, -105, PARAMETER ".Options");

  g_ptr_array_add (sans, NULL);
  order->sans = (GStrv) g_ptr_array_free (g_steal_pointer (&sans), FALSE);
  return TRUE;
}

static gint64
add_months (gint64 time,
            gint64 months)
{
  g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc (time / 1000);
  g_autoptr(GDateTime) until = g_date_time_add_months (from, months);

  return g_date_time_to_unix (until) * 1000;
}

static gint64
read_date (SbCall     *call,
           const char *path)
{
  g_autofree char *text = sb_text (call->request, path);
  gint64 time = 0;

  return text != NULL && sb_date_parse (text, &time) ? time : 0;
}

static gboolean
read_validity (SbCall  *call,
               SbOrder *order)
{
  gint64 from = read_date (call, PARAMETER "/ValidityPeriod/NotBefore");
  gint64 until = read_date (call, PARAMETER "/ValidityPeriod/NotAfter");
  gint64 start = from != 0 ? from : call->now;
  gint64 limit = start + sb_authority_limit (start) * DAY_MS;

  if (from == 0 && until == 0)
    return TRUE;
  if (!has_option (call, "VPC"))
    return sb_call_fail (call, -105, PARAMETER ".Options");
  if ((from != 0 && from < call->now) || (until != 0 && until < call->now) || (until != 0 && until <= start))
    return sb_call_fail (call, -9940, PARAMETER ".ValidityPeriod");
  if (start - call->now > LATEST_START)
    return sb_call_fail (call, -9949, PARAMETER ".ValidityPeriod.NotBefore");
  if (until > add_months (start, order->months))
    return sb_call_fail (call, -9933, PARAMETER ".ValidityPeriod");
  if (until >= limit)
    return sb_call_fail (call, -9949, PARAMETER ".ValidityPeriod.NotAfter");

  order->wanted_from = from;
  order->wanted_until = until;
  return TRUE;
}

static gboolean
check_kind (SbCall  *call,
            SbOrder *order)
{
  if (strcmp (order->kind, "transfer") == 0) /* no longer offered */
    return sb_call_fail (call, -101, PARAMETER ".OrderKind");
  if (strcmp (order->kind, "new") == 0)
    return order->renewal_of == NULL || sb_call_fail (call, -105, PARAMETER ".RenewalTargetOrderID");
  if (order->renewal_of == NULL)
    return sb_call_fail (call, -102, PARAMETER ".RenewalTargetOrderID");

  SbOrder *old = sb_state_order (call->world->state, order->renewal_of);
  if (old == NULL || strcmp (old->user, order->user) != 0)
    return sb_call_fail (call, -9025, NULL);
  if (old->status != SB_STATUS_ISSUED || strcmp (old->common_name, order->common_name) != 0
      || sb_state_is_renewed (call->world->state, old->id)
      || add_months (old->issued, old->months) - call->now > RENEWAL_WINDOW)
    return sb_call_fail (call, -6102, NULL);

  return TRUE;
}

static gboolean
check_vouchers (SbCall *call)
{
  g_autofree char *coupon = sb_text (call->request, PARAMETER "/Coupon");
  g_autofree char *campaign = sb_text (call->request, PARAMETER "/Campaign");

  if (coupon != NULL)
    return sb_call_fail (call, -9913, PARAMETER ".Coupon");
  if (campaign != NULL)
    return sb_call_fail (call, -9914, PARAMETER ".Campaign");

  return TRUE;
}

SbOrder *
sb_draft_order (SbCall   *call,
                SbMethod  method)
{
  g_autoptr(SbOrder) order = g_new0 (SbOrder, 1);
  const SbProduct *product = NULL;

  read_texts (call, order);
  if (order->licenses < 1)
    {
      sb_call_fail (call, -103, PARAMETER ".Licenses");
      return NULL;
    }
  if (!read_product (call, method, order, &product) || !read_csr (call, order) || !check_kind (call, order)
      || !read_sans (call, order, product) || !read_validity (call, order) || !check_vouchers (call))
    return NULL;

  order->price = sb_product_price (product, order->months, sb_name_is_wildcard (order->common_name),
                                   (const char *const *) order->sans);
  return g_steal_pointer (&order);
}
