/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft.h"

#include "csr.h"
#include "dates.h"
#include "names.h"
#include "sans.h"
#include "target-cert.h"
#include "vouchers.h"

#include <stdlib.h>
#include <string.h>

#define PARAMETER "OrderRequestParameter"
#define DAY_MS (24 * 3600 * (gint64) 1000)
#define LATEST_START (366 * DAY_MS)
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
read_leaves (SbOrder    *order,
             xmlNode    *node,
             const char *path)
{
  for (xmlNode *child = xmlFirstElementChild (node); child != NULL; child = xmlNextElementSibling (child))
    {
      g_autofree char *here = g_strconcat (path, "/", child->name, NULL);
      g_autofree char *text = xmlFirstElementChild (child) == NULL ? sb_content (child) : NULL;
      g_autofree char *line = text != NULL ? g_strconcat (here, "=", text, NULL) : NULL;

      if (line != NULL)
        sb_order_append (&order->details, line);
      read_leaves (order, child, here);
    }
}

/* All that is said of people and organisations; the answers give it back. */
static void
read_details (SbCall  *call,
              SbOrder *order)
{
  static const char *const blocks[] = {
    "ContactInfo", "SecondContactInfo", "OrganizationInfo", "OrganizationInfoEV", "RequestorInfo",
    "ApproverInfo", "AuthorizedSignerInfo", "JurisdictionInfo"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      xmlNode *block = sb_find (call->request, blocks[i]);

      if (block != NULL)
        read_leaves (order, block, blocks[i]);
    }
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
  if (order->sub_id == NULL)
    order->sub_id = sb_text (call->request, "SubId"); /* spelled so in EVOrder */
  read_details (call, order);
}

gboolean
sb_check_key (SbCall     *call,
              SbOrder    *order,
              const char *field)
{
  SbOrder *owner = sb_state_key_owner (call->world->state, order->key_id);

  if (sb_state_is_revoked_key (call->world->state, order->key_id))
    return sb_call_fail (call, -9940, field);
  if (owner != NULL && strcmp (owner->common_name, order->common_name) != 0)
    return sb_call_fail (call, -6007, field);

  return TRUE;
}

/* A file shows no control of a wildcard, and nothing but a file or the staff's look that of an address. */
static gboolean
check_base_option (SbCall          *call,
                   SbOrder         *order,
                   const SbProduct *product)
{
  gboolean is_wildcard = sb_name_is_wildcard (order->common_name);
  gboolean is_address = sb_name_is_address (order->common_name);
  const char *expected = is_wildcard ? "wildcard" : is_address ? "GIP" : NULL;

  if (g_strcmp0 (order->base_option, expected) != 0
      || (is_wildcard && (product->method == SB_METHOD_URL || product->wildcard == 0))
      || (is_address && (product->method == SB_METHOD_DNS || product->method == SB_METHOD_EMAIL)))
    return sb_call_fail (call, -9925, PARAMETER ".BaseOption");

  return TRUE;
}

/* An EV request has no name of the organisation: it stands in the CSR. */
static gboolean
take_organization (SbOrder     *order,
                   const SbCsr *csr)
{
  g_autofree char *line = g_strconcat ("OrganizationInfoEV/OrganizationName=", csr->organization, NULL);

  if (csr->organization == NULL)
    return FALSE;
  sb_order_append (&order->details, line);
  return TRUE;
}

/* ValidateOrderParameters takes a name in place of a CSR. */
static gboolean
read_name (SbCall          *call,
           SbOrder         *order,
           const SbProduct *product,
           const char      *name)
{
  if (name == NULL)
    return sb_call_fail (call, -102, PARAMETER ".CSR");
  if (order->csr != NULL)
    return sb_call_fail (call, -105, "FQDN");

  order->common_name = g_ascii_strdown (name, -1);
  int code = sb_name_judge (order->common_name, -104);
  return code == 0 ? check_base_option (call, order, product) : sb_call_fail (call, code, "FQDN");
}

static gboolean
read_csr (SbCall          *call,
          SbOrder         *order,
          const SbProduct *product)
{
  g_autofree char *name = sb_text (call->request, "FQDN");
  order->csr = sb_text (call->request, PARAMETER "/CSR");
  if (order->csr == NULL || name != NULL)
    return read_name (call, order, product, name);

  int code = -4007;
  g_autoptr(SbCsr) csr = sb_csr_parse (order->csr, &code);
  if (csr == NULL)
    return sb_call_fail (call, code, PARAMETER ".CSR");
  if (product->is_ecc && !csr->is_ecc)
    return sb_call_fail (call, -9964, PARAMETER ".CSR");

  code = strlen (csr->common_name) <= LONGEST_COMMON_NAME ? sb_name_judge (csr->common_name, -4006) : -4006;
  if (code != 0)
    return sb_call_fail (call, code, PARAMETER ".CSR");

  if (product->method == SB_METHOD_EV && !take_organization (order, csr))
    return sb_call_fail (call, -4007, PARAMETER ".CSR");

  order->common_name = g_strdup (csr->common_name);
  order->key_id = g_strdup (csr->key_id);
  return check_base_option (call, order, product) && sb_check_key (call, order, PARAMETER ".CSR");
}

static gboolean
read_sans (SbCall          *call,
           SbOrder         *order,
           const SbProduct *product)
{
  if (!sb_read_sans (call, order, product))
    return FALSE;
  if (order->sans[0] != NULL && !has_option (call, "SAN"))
    return sb_call_fail (call, -105, PARAMETER ".Options");

  return TRUE;
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
  if (until > sb_add_months (start, order->months))
    return sb_call_fail (call, -9933, PARAMETER ".ValidityPeriod");
  if (until >= limit)
    return sb_call_fail (call, -9949, PARAMETER ".ValidityPeriod.NotAfter");

  order->wanted_from = from;
  order->wanted_until = until;
  return TRUE;
}

/* The term is that of the whole chain of reissues, and can be renewed with one of its orders only. */
static gboolean
is_renewed (SbState       *state,
            const SbOrder *order)
{
  for (; order != NULL; order = sb_state_order (state, order->reissue_of))
    if (sb_state_renewal (state, order->id) != NULL)
      return TRUE;

  return FALSE;
}

/* The newest order of a chain of reissues is the one to renew, once, near the end of what was paid for. */
static gboolean
can_be_renewed (SbCall        *call,
                const SbOrder *order,
                const SbOrder *old)
{
  const SbSettings *settings = &call->world->settings;
  SbState *state = call->world->state;

  return old->status == SB_STATUS_ISSUED && strcmp (old->common_name, order->common_name) == 0
         && !is_renewed (state, old) && sb_state_reissue (state, old->id) == NULL
         && old->term_end - call->now <= settings->renewal_window * DAY_MS
         && call->now - old->term_end <= settings->renewal_grace * DAY_MS;
}

/* From another CA: the certificate there is shown. */
static gboolean
check_transfer (SbCall        *call,
                const SbOrder *order)
{
  g_autofree char *pem = sb_text (call->request, PARAMETER "/TargetCERT");
  int code = pem != NULL ? sb_target_cert_judge (pem, order->common_name, call->now) : -102;

  return code == 0 || sb_call_fail (call, code, PARAMETER ".TargetCERT");
}

static gboolean
check_kind (SbCall  *call,
            SbOrder *order)
{
  if (strcmp (order->kind, "transfer") == 0)
    return check_transfer (call, order);
  if (strcmp (order->kind, "new") == 0)
    return order->renewal_of == NULL || sb_call_fail (call, -105, PARAMETER ".RenewalTargetOrderID");
  if (order->renewal_of == NULL)
    return sb_call_fail (call, -102, PARAMETER ".RenewalTargetOrderID");

  SbOrder *old = sb_state_order (call->world->state, order->renewal_of);
  if (old == NULL || strcmp (old->user, order->user) != 0)
    return sb_call_fail (call, -9025, NULL);

  return can_be_renewed (call, order, old) || sb_call_fail (call, -6102, NULL);
}

/* The live list is not public; these stand for it. */
static gboolean
check_countries (SbCall        *call,
                 const SbOrder *order)
{
  static const char *const forbidden[] = { "CU", "IR", "KP", "SY", NULL };
  static const char *const paths[] = {
    "OrganizationInfo/OrganizationAddress/Country", "OrganizationInfoEV/OrganizationAddress/Country",
    "JurisdictionInfo/JurisdictionCountry"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *country = sb_order_detail (order, paths[i]);
      g_autofree char *field = g_strdelimit (g_strdup (paths[i]), "/", '.');

      if (country != NULL && g_strv_contains (forbidden, country))
        return sb_call_fail (call, -9953, field);
    }

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
  if (!read_product (call, method, order, &product) || !read_csr (call, order, product) || !check_kind (call, order)
      || !read_sans (call, order, product) || !read_validity (call, order) || !check_countries (call, order))
    return NULL;

  order->price = sb_product_price (product, order->months, sb_name_is_wildcard (order->common_name),
                                   (const char *const *) order->sans);
  return sb_vouchers_apply (call, order) ? g_steal_pointer (&order) : NULL;
}
