/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail.h"

#include "pages.h"
#include "products.h"
#include "subject.h"

#include <string.h>

/* On the live service the order is “complete” some seconds before its date, and long before it is issued. */
#define COMPLETE_BEFORE_ORDER 6000

SbDetail
sb_detail_read (xmlNode *query_option)
{
  static const struct
  {
    const char *name;
    SbDetail flag;
  } options[] = {
    { "ReturnOrderOption", SB_DETAIL_OPTION },
    { "ReturnCertificateInfo", SB_DETAIL_CERTIFICATE_INFO },
    { "ReturnFulfillment", SB_DETAIL_FULFILLMENT },
    { "ReturnCACerts", SB_DETAIL_CA_CERTS },
    { "ReturnOriginalCSR", SB_DETAIL_CSR },
    { "ReturnSANEntries", SB_DETAIL_SANS },
  };
  SbDetail wanted = SB_DETAIL_NONE;

  for (gsize i = 0; query_option != NULL && i < G_N_ELEMENTS (options); i++)
    if (sb_flag (query_option, options[i].name))
      wanted |= options[i].flag;

  return wanted;
}

static void
add_date (SbCall     *call,
          xmlNode    *parent,
          const char *name,
          gint64      time)
{
  g_autofree char *text = time != 0 ? sb_call_date (call, time) : NULL;

  sb_add_any (parent, name, text);
}

char *
sb_kind_of_answer (SbCall        *call,
                   const SbOrder *order)
{
  char *kind = g_strdup (order->kind);

  if (!call->world->settings.kind_as_sent)
    kind[0] = g_ascii_toupper (kind[0]);
  return kind;
}

const char *
sb_product_of_answer (SbCall        *call,
                      const SbOrder *order)
{
  gboolean is_quirk = call->world->settings.month_quirk && order->months == 1
                      && g_str_has_prefix (order->product, "DV_LOW");

  return is_quirk ? "DV_LOW_MONTH_OP" : order->product;
}

static void
add_validity_period (SbCall        *call,
                     xmlNode       *parent,
                     const SbOrder *order)
{
  xmlNode *period = sb_add (parent, "ValidityPeriod");

  sb_add_int (period, "Months", order->months);
  add_date (call, period, "NotBefore", order->wanted_from);
  add_date (call, period, "NotAfter", order->wanted_until);
}

static gint64
deactivated (const SbOrder *order)
{
  if (order->status == SB_STATUS_CANCELLED_AFTER_ISSUE || order->status == SB_STATUS_REVOKED)
    return order->cancelled;

  return 0;
}

static void
add_order_info (SbCall        *call,
                xmlNode       *parent,
                const SbOrder *order)
{
  static const char *const switches[] = { "InsuranceOption", "GSSupportOption", "RenewalExtentionOption" };
  xmlNode *info = sb_add (parent, "OrderInfo");
  g_autofree char *kind = sb_kind_of_answer (call, order);
  g_autofree char *price = sb_money (order->price);
  gboolean is_custom = order->wanted_from != 0 || order->wanted_until != 0;

  sb_add_text (info, "OrderId", order->id);
  sb_add_any (info, "OriginalOrderIDForRenewal", order->renewal_of);
  sb_add_any (info, "OriginalOrderIDForReIssue", order->reissue_of);
  sb_add_text (info, "ProductCode", sb_product_of_answer (call, order));
  sb_add_any (info, "BaseOption", order->base_option);
  sb_add_text (info, "OrderKind", kind);
  sb_add_int (info, "Licenses", order->licenses);
  sb_add_text (info, "ExpressOption", "false");
  sb_add_text (info, "ValidityPeriodCustomizeOption", is_custom ? "true" : "false");
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    sb_add_text (info, switches[i], "false");
  sb_add_text (info, "DomainName", order->common_name);
  add_date (call, info, "OrderDate", order->ordered);
  add_date (call, info, "OrderCompleteDate", order->ordered - COMPLETE_BEFORE_ORDER);
  add_date (call, info, "OrderCanceledDate", order->status == SB_STATUS_CANCELLED ? order->cancelled : 0);
  add_date (call, info, "OrderDeactivatedDate", deactivated (order));
  sb_add_int (info, "OrderStatus", order->status);
  sb_add_text (info, "Price", price);
  sb_add_text (info, "Currency", order->currency);
  add_validity_period (call, info, order);
  sb_add_any (info, "SpecialInstructions", order->special_instructions);
}

static void
add_order_sub_info (SbCall        *call,
                    xmlNode       *parent,
                    const SbOrder *order)
{
  const SbProduct *product = sb_product_find (order->product);
  g_autofree char *page = order->page != NULL ? sb_page_link (call->world, order) : NULL;
  xmlNode *info = sb_add (parent, "OrderSubInfo");

  sb_add_text (info, "CSRSkipOrderFlag", "false");
  sb_add_text (info, "DNSOrderFlag", product != NULL && product->method == SB_METHOD_DNS ? "true" : "false");
  sb_add_text (info, "TrustedOrderFlag", "false");
  sb_add_text (info, "P12DeleteStatus", "false");
  sb_add_nil (info, "P12DeleteDate");
  sb_add_any (info, "VerificationUrl", page);
  /* Mandatory in the WSDL, and yet missing in recorded answers to orders that have none. */
  if (order->sub_id != NULL)
    sb_add_text (info, "SubId", order->sub_id);
}

void
sb_add_certificate_info (SbCall        *call,
                         xmlNode       *parent,
                         const SbOrder *order)
{
  xmlNode *info = sb_add (parent, "CertificateInfo");

  sb_add_int (info, "CertificateStatus", order->status);
  if (order->certificate == NULL)
    {
      sb_add_text (info, "CommonName", order->common_name);
      sb_add_nil (info, "DNSNames");
      return;
    }

  g_autofree char *subject = sb_subject_text (order);
  g_autofree char *names = g_strjoinv (",", order->names);
  add_date (call, info, "StartDate", order->not_before);
  add_date (call, info, "EndDate", order->not_after);
  sb_add_text (info, "CommonName", order->common_name);
  sb_add_text (info, "SerialNumber", order->serial);
  sb_add_text (info, "SubjectName", subject);
  sb_add_text (info, "DNSNames", names);
}

static void
add_ca (xmlNode    *parent,
        const char *type,
        const char *pem)
{
  xmlNode *certificate = sb_add (parent, "CACertificate");

  sb_add_text (certificate, "CACertType", type);
  sb_add_pem (certificate, "CACert", pem);
}

void
sb_add_fulfillment (SbCall        *call,
                    xmlNode       *parent,
                    const SbOrder *order,
                    SbDetail       wanted)
{
  SbAuthority *authority = call->world->authority;

  if (!(wanted & SB_DETAIL_FULFILLMENT) || order->certificate == NULL)
    {
      sb_add_nil (parent, "Fulfillment");
      return;
    }

  xmlNode *fulfillment = sb_add (parent, "Fulfillment");
  if (wanted & SB_DETAIL_CA_CERTS)
    {
      xmlNode *list = sb_add (fulfillment, "CACertificates");
      add_ca (list, "ROOT", sb_authority_root (authority));
      add_ca (list, "INTER", sb_authority_intermediate (authority));
    }
  else
    sb_add_nil (fulfillment, "CACertificates");

  g_autofree char *pkcs7 = sb_authority_pkcs7 (authority, order->certificate);
  xmlNode *server = sb_add (fulfillment, "ServerCertificate");
  sb_add_pem (server, "X509Cert", order->certificate);
  sb_add_pem (server, "PKCS7Cert", pkcs7 != NULL ? pkcs7 : "");
  if (wanted & SB_DETAIL_CSR)
    sb_add_pem (fulfillment, "OriginalCSR", order->csr);
}

static void
add_sans (xmlNode       *parent,
          const SbOrder *order)
{
  xmlNode *entries = sb_add (parent, "SANEntries");

  for (gsize i = 0; order->sans[i] != NULL; i++)
    {
      xmlNode *entry = sb_add (entries, "SANEntry");
      g_autofree char *type = g_strndup (order->sans[i], strcspn (order->sans[i], " "));

      sb_add_text (entry, "SANOptionType", type);
      sb_add_text (entry, "SubjectAltName", sb_san_name (order->sans[i]));
    }
}

static void
add_events (SbCall        *call,
            xmlNode       *parent,
            const SbOrder *order)
{
  xmlNode *events = sb_add (parent, "ModificationEvents");

  for (gsize i = 0; order->events != NULL && order->events[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (order->events[i], " ", 2);
      xmlNode *event = sb_add (events, "ModificationEvent");

      sb_add_text (event, "ModificationEventName", words[0]);
      add_date (call, event, "ModificationEventTimestamp", g_ascii_strtoll (words[1], NULL, 10));
    }
}

void
sb_add_order_detail (SbCall        *call,
                     xmlNode       *parent,
                     const SbOrder *order,
                     SbDetail       wanted)
{
  xmlNode *detail = sb_add (parent, "OrderDetail");

  add_order_info (call, detail, order);
  add_order_sub_info (call, detail, order);

  if (wanted & SB_DETAIL_OPTION)
    sb_add_order_option (call, detail, order);
  else
    sb_add_nil (detail, "OrderOption");

  if (wanted & SB_DETAIL_CERTIFICATE_INFO)
    sb_add_certificate_info (call, detail, order);
  else
    sb_add_nil (detail, "CertificateInfo");

  if ((wanted & SB_DETAIL_SANS) && order->sans != NULL && order->sans[0] != NULL)
    add_sans (detail, order);
  else
    sb_add_nil (detail, "SANEntries");

  sb_add_fulfillment (call, detail, order, wanted);
  add_events (call, detail, order);
}
