/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/blocks.h"
#include "ca/globalsign/products.h"

#include <string.h>

/* An OrderDetail with all that it holds (docs/globalsign.md, Queries). */

#define NAMES_MAX 1000
#define PAGE_MAX 1000

/* ---- its names ---- */

static gboolean
is_name (const char *name)
{
  return *name != '\0' && strlen (name) <= 253
         && name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789.-_*:")] == '\0';
}

static void
add_name (GPtrArray  *names,
          const char *text)
{
  g_autofree char *ascii = text != NULL ? g_hostname_to_ascii (text) : NULL;
  g_autofree char *name = ascii != NULL ? g_ascii_strdown (g_strstrip (ascii), -1) : NULL;

  if (name != NULL && is_name (name) && names->len < NAMES_MAX
      && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_steal_pointer (&name));
}

/* Those of the certificate are the names that count; an order that waits has none. */
static char **
read_names (const xmlNode *detail,
            const char    *common_name)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  const xmlNode *entries = ch_soap_find (detail, "SANEntries");
  g_autofree char *listed = ch_soap_text (detail, "CertificateInfo/DNSNames");
  g_auto(GStrv) dns_names = g_strsplit_set (listed != NULL ? listed : "", ", \r\n", 2 * NAMES_MAX);

  add_name (names, common_name);
  for (const xmlNode *entry = NULL; (entry = ch_soap_next (entries, entry, "SANEntry")) != NULL;)
    {
      g_autofree char *name = ch_soap_word (entry, "SubjectAltName");
      add_name (names, name);
    }
  for (gsize i = 0; dns_names[i] != NULL; i++)
    add_name (names, dns_names[i]);

  return names->len > 0 ? (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* ---- what was ordered ---- */

static ChOrderKind
read_kind (const xmlNode *info,
           const char    *renews)
{
  g_autofree char *kind = ch_soap_word (info, "OrderKind");

  /* “New” came back for “new” */
  if (renews != NULL || (kind != NULL && g_ascii_strcasecmp (kind, "renewal") == 0))
    return CH_ORDER_KIND_RENEWAL;

  return kind != NULL && g_ascii_strcasecmp (kind, "transfer") == 0 ? CH_ORDER_KIND_TRANSFER : CH_ORDER_KIND_NEW;
}

static gboolean
is_true (const xmlNode *from,
         const char    *path)
{
  g_autofree char *text = ch_soap_word (from, path);

  return text != NULL && (g_ascii_strcasecmp (text, "true") == 0 || g_str_equal (text, "1"));
}

/* The code that comes back need not be the one that was ordered: DV_LOW_MONTH_OP came for a file order of a month. */
static ChDcvMethod
read_method (const xmlNode *detail,
             const char    *code,
             const char    *approver)
{
  ChDcvMethod method;

  if (ch_gs_product_read_method (code, &method))
    return method;
  if (is_true (detail, "OrderSubInfo/DNSOrderFlag"))
    return CH_DCV_METHOD_DNS;

  return approver == NULL && ch_soap_find (detail, "OrderOption") != NULL && strstr (code, "_OP") != NULL
           ? CH_DCV_METHOD_HTTP : CH_DCV_METHOD_EMAIL;
}

static char *
read_price (const xmlNode *info)
{
  g_autofree char *price = ch_soap_word (info, "Price");
  g_autofree char *currency = ch_soap_word (info, "Currency");

  return ch_gs_price_text (price, currency);
}

char *
ch_gs_price_text (const char *price,
                  const char *currency)
{
  if (price == NULL || strlen (price) > 20 || price[strspn (price, "0123456789.,-")] != '\0')
    return NULL;
  if (currency == NULL || strlen (currency) != 3 || !g_ascii_isalpha (currency[0]))
    return g_strdup (price);

  return g_strdup_printf ("%s %s", price, currency);
}

/* A person will follow it. */
static char *
read_page (const xmlNode *detail)
{
  g_autofree char *text = ch_soap_word (detail, "OrderSubInfo/VerificationUrl");
  g_autoptr(GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL) : NULL;

  if (uri == NULL || strlen (text) > PAGE_MAX || g_strcmp0 (g_uri_get_scheme (uri), "https") != 0
      || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' || g_uri_get_userinfo (uri) != NULL)
    return NULL;
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~' || strchr ("\"'<>\\^`{|}", *c) != NULL)
      return NULL;

  return g_steal_pointer (&text);
}

/* ---- people ---- */

static GHashTable *
read_blocks (const xmlNode          *option,
             const ChGsBlock *const *blocks)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; blocks[i] != NULL; i++)
    ch_gs_block_read (blocks[i], ch_soap_find (option, blocks[i]->element), values);

  return g_hash_table_size (values) > 0 ? g_steal_pointer (&values) : NULL;
}

static GHashTable *
read_organization (const xmlNode *option)
{
  static const ChGsBlock *const people[] = { &ch_gs_requestor, &ch_gs_approver, &ch_gs_signer, &ch_gs_jurisdiction, NULL };
  const xmlNode *info = ch_soap_find (option, "OrganizationInfo");
  GHashTable *values = read_blocks (option, people);

  if (info == NULL)
    return values;
  if (values == NULL)
    values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  /* answers have one element for both kinds */
  ch_gs_block_read (&ch_gs_organization, info, values);
  ch_gs_block_read (&ch_gs_organization_ev, info, values);
  ch_gs_block_read (&ch_gs_address, ch_soap_find (info, "OrganizationAddress"), values);
  if (g_hash_table_size (values) == 0)
    g_clear_pointer (&values, g_hash_table_unref);
  return values;
}

/* ---- the whole ---- */

static gint64
read_end (const xmlNode *info,
          ChCaStatus     status)
{
  gint64 cancelled = ch_soap_time (info, "OrderCanceledDate");
  gint64 deactivated = ch_soap_time (info, "OrderDeactivatedDate");

  if (status == CH_CA_CANCELLED)
    return cancelled != 0 ? cancelled : deactivated;

  return status == CH_CA_REVOKED ? (deactivated != 0 ? deactivated : cancelled) : 0;
}

static void
read_whole (ChCaOrder     *order,
            const xmlNode *detail,
            const xmlNode *info,
            const xmlNode *option)
{
  static const ChGsBlock *const contacts[] = { &ch_gs_contact, &ch_gs_second_contact, NULL };
  g_autofree char *code = ch_soap_word (info, "ProductCode");

  order->known = code != NULL && ch_gs_product_read (code, &order->product);
  if (!order->known)
    return;

  if (!ch_gs_product_is_dv (order->product))
    ch_gs_explain_vetting (order);
  order->method = read_method (detail, code, order->approver);
  order->kind = read_kind (info, order->renews);
  order->term_months = CLAMP (ch_soap_int (info, "ValidityPeriod/Months", 0), 0, 120);
  order->names = read_names (detail, order->common_name);
  order->contact = read_blocks (option, contacts);
  order->organization = read_organization (option);
}

ChCaOrder *
ch_gs_read_detail (const xmlNode *detail,
                   gboolean       whole)
{
  const xmlNode *info = ch_soap_find (detail, "OrderInfo");
  const xmlNode *option = ch_soap_find (detail, "OrderOption");
  g_autofree char *number = ch_soap_word (info, "OrderId");
  ChCaStatus status;

  /* not by OrderCompleteDate, which is set before the issue (docs/globalsign.md, Queries) */
  if (number == NULL || !ch_gs_read_status (ch_soap_int (info, "OrderStatus", 0),
                                            ch_soap_int (detail, "CertificateInfo/CertificateStatus", 0), &status))
    return NULL;

  ChCaOrder *order = ch_gs_order_new (number, status);
  order->own_key = ch_soap_word (detail, "OrderSubInfo/SubId");
  order->common_name = ch_soap_word (info, "DomainName");
  order->ordered_at = ch_soap_time (info, "OrderDate");
  order->issued_at = status >= CH_CA_ISSUED ? ch_soap_time (detail, "CertificateInfo/StartDate") : 0;
  order->ended_at = read_end (info, status);
  order->renews = ch_soap_word (info, "OriginalOrderIDForRenewal");
  order->reissues = ch_soap_word (info, "OriginalOrderIDForReIssue");
  order->price = read_price (info);
  order->page = read_page (detail);
  order->approver = ch_soap_word (option, "ApproverEmailAddress");
  order->notified_at = ch_soap_time (option, "ApproverNotifiedDate");
  order->confirmed_at = ch_soap_time (option, "ApproverConfirmDate");
  ch_gs_read_fulfillment (order, detail);
  if (whole)
    read_whole (order, detail, info, option);

  return order;
}
