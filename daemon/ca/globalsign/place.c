/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "ca/globalsign/blocks.h"
#include "ca/globalsign/names.h"
#include "ca/globalsign/products.h"

#include <glib/gi18n.h>

const char *
ch_gs_option (const ChCaRequest *request,
              const char        *name)
{
  const char *value = request->options != NULL ? g_hash_table_lookup (request->options, name) : NULL;

  return value != NULL && *value != '\0' ? value : NULL;
}

/* ---- the parameters ---- */

static const char *
kind_word (ChOrderKind kind)
{
  switch (kind)
    {
    case CH_ORDER_KIND_RENEWAL:
      return "renewal";
    case CH_ORDER_KIND_TRANSFER:
      return "transfer";
    default:
      return "new";
    }
}

static void
add_option (xmlNode    *options,
            const char *name)
{
  xmlNode *option = ch_soap_open (options, "Option");

  ch_soap_add (option, "OptionName", name);
  ch_soap_add (option, "OptionValue", "true");
}

/* SAN goes with SANEntries, VPC with dates (docs/globalsign.md, Products and names). */
static void
add_options (xmlNode           *parameter,
             const ChCaRequest *request)
{
  gboolean several = ch_gs_names_are_several (request->names);
  gboolean dated = ch_gs_option (request, "not-before") != NULL || ch_gs_option (request, "not-after") != NULL;

  if (!several && !dated)
    return;

  xmlNode *options = ch_soap_open (parameter, "Options");
  if (several)
    add_option (options, "SAN");
  if (dated)
    add_option (options, "VPC");
}

static void
add_date (xmlNode           *parent,
          const char        *element,
          const ChCaRequest *request,
          const char        *name)
{
  const char *seconds = ch_gs_option (request, name);
  g_autofree char *date = seconds != NULL ? ch_soap_date (g_ascii_strtoll (seconds, NULL, 10)) : NULL;

  ch_soap_add (parent, element, date);
}

xmlNode *
ch_gs_add_parameters (xmlNode           *parent,
                      const ChCaRequest *request)
{
  xmlNode *parameter = ch_soap_open (parent, "OrderRequestParameter");
  g_autofree char *months = g_strdup_printf ("%d", request->term_months);
  const char *licenses = ch_gs_option (request, "licenses");

  ch_soap_add (parameter, "ProductCode", ch_gs_product_code (request->product, request->method));
  ch_soap_add (parameter, "BaseOption", ch_gs_names_base_option (request->names[0]));
  ch_soap_add (parameter, "OrderKind", kind_word (request->kind));
  ch_soap_add (parameter, "Licenses", licenses != NULL ? licenses : "1");
  add_options (parameter, request);

  xmlNode *period = ch_soap_open (parameter, "ValidityPeriod");
  ch_soap_add (period, "Months", months);
  add_date (period, "NotBefore", request, "not-before");
  add_date (period, "NotAfter", request, "not-after");

  if (request->csr != NULL)
    ch_soap_add (parameter, "CSR", request->csr);
  else
    ch_soap_open (parameter, "CSR");
  ch_soap_add (parameter, "RenewalTargetOrderID", request->kind == CH_ORDER_KIND_RENEWAL ? request->renews : NULL);
  ch_soap_add (parameter, "TargetCERT",
               request->kind == CH_ORDER_KIND_TRANSFER ? ch_gs_option (request, "replaces") : NULL);
  ch_soap_add (parameter, "SpecialInstructions", ch_gs_option (request, "instructions"));
  ch_soap_add (parameter, "Coupon", ch_gs_option (request, "coupon"));
  ch_soap_add (parameter, "Campaign", ch_gs_option (request, "campaign"));

  return parameter;
}

/* ---- people ---- */

static GHashTable *
copy_values (GHashTable *values)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  if (values == NULL)
    return copy;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (value != NULL && *(char *) value != '\0')
      g_hash_table_insert (copy, g_strdup (key), g_strdup (value));

  return copy;
}

static void
set_if_missing (GHashTable *values,
                const char *key,
                const char *value)
{
  if (value != NULL && !g_hash_table_contains (values, key))
    g_hash_table_insert (values, g_strdup (key), g_strdup (value));
}

GHashTable *
ch_gs_contact_values (const ChCaRequest *request)
{
  return copy_values (request->contact);
}

GHashTable *
ch_gs_organization_values (const ChCaRequest *request)
{
  static const char *const keys[] = { "requestor-organization", "approver-organization", "signer-organization" };
  GHashTable *values = copy_values (request->organization);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    set_if_missing (values, keys[i], g_hash_table_lookup (values, "name"));

  return values;
}

void
ch_gs_add_tail (xmlNode           *parent,
                const ChCaRequest *request)
{
  g_autoptr(GHashTable) contact = ch_gs_contact_values (request);

  ch_gs_block_write (parent, &ch_gs_contact, contact);
  if (!ch_gs_block_is_empty (&ch_gs_second_contact, contact))
    ch_gs_block_write (parent, &ch_gs_second_contact, contact);
  if (ch_gs_names_are_several (request->names))
    ch_gs_names_write (parent, request->names);
}

/* ---- the answer ---- */

ChCaOrder *
ch_gs_placed_order (const ChCaRequest *request,
                    const ChSoapReply *reply,
                    const char        *number)
{
  gboolean held = reply != NULL && (reply->high_risk || reply->success == 1);
  ChCaOrder *order = ch_gs_order_new (number, held ? CH_CA_HELD : CH_CA_WAITING);

  order->own_key = g_strdup (request->own_key);
  order->common_name = g_strdup (request->names[0]);
  return order;
}

/* ---- placing ---- */

static ChCaOrder *
place (const ChCaAccess   *access,
       const ChCaRequest  *request,
       GCancellable       *cancellable,
       GError            **error)
{
  if (!ch_gs_product_is_dv (request->product))
    return ch_gs_place_organization (access, request, cancellable, error);

  switch (request->method)
    {
    case CH_DCV_METHOD_HTTP:
      return ch_gs_place_by_file (access, request, cancellable, error);
    case CH_DCV_METHOD_EMAIL:
      return ch_gs_place_by_mail (access, request, cancellable, error);
    default:
      return ch_gs_place_by_record (access, request, cancellable, error);
    }
}

ChCaOrder *
ch_gs_submit (const ChCaAccess   *access,
              const ChCaRequest  *request,
              GCancellable       *cancellable,
              GError            **error)
{
  if (request->csr == NULL || *request->csr == '\0' || request->own_key == NULL || *request->own_key == '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("An order is placed with a CSR, and with a key of ours by which it can be found again"));
      return NULL;
    }

  return ch_gs_may_order (access, request, error) ? place (access, request, cancellable, error) : NULL;
}
