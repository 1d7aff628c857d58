/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "ca/globalsign/codes.h"
#include "ca/globalsign/names.h"
#include "ca/globalsign/products.h"

/* What would come of an order: ValidateOrderParameters and DecodeCSR (docs/globalsign.md, Trying without ordering). */

/* ---- problems ---- */

static void
add_problem (ChCaPreview *preview,
             char        *problem)
{
  if (g_ptr_array_find_with_equal_func (preview->problems, problem, g_str_equal, NULL))
    g_free (problem);
  else
    g_ptr_array_add (preview->problems, problem);
}

/* Whether @code is about the request, and not about the account or about GlobalSign. */
static gboolean
is_about_request (int code)
{
  switch (ch_gs_code_error (code))
    {
    case CH_ERROR_CA_REFUSED:
    case CH_ERROR_INVALID:
    case CH_ERROR_NOT_FOUND:
    case CH_ERROR_MONEY:
      return code != 0;

    default:
      return code == CH_GS_CODE_PRODUCT_NOT_ENABLED;
    }
}

/* Warnings of a success are problems, too: they say what would hold the order up. */
static gboolean
take_errors (ChCaPreview        *preview,
             const ChCaAccess   *access,
             const ChSoapReply  *reply,
             GError            **error)
{
  if (reply->success < 0 && !is_about_request (reply->code))
    return ch_gs_check (access, reply, error);

  for (guint i = 0; i < reply->errors->len; i++)
    add_problem (preview, ch_gs_error_text (access, g_ptr_array_index (reply->errors, i)));

  return TRUE;
}

/* ---- price ---- */

static gboolean
ask_price (ChCaPreview        *preview,
           const ChCaAccess   *access,
           const ChCaRequest  *request,
           GCancellable       *cancellable,
           GError            **error)
{
  xmlNode *root = ch_gs_request_new (access, "ValidateOrderParameters", CH_GS_ORDER_HEADER);

  ch_gs_add_parameters (root, request);
  if (request->csr == NULL)
    ch_soap_add (root, "FQDN", request->names[0]);
  if (ch_gs_names_are_several (request->names))
    ch_gs_names_write (root, request->names);

  g_autoptr(ChSoapReply) reply = ch_gs_call (access, CH_GS_QUERIES, root, cancellable, error);
  if (reply == NULL || !take_errors (preview, access, reply, error))
    return FALSE;

  g_autofree char *price = ch_soap_word (reply->response, "Price");
  g_autofree char *currency = ch_soap_word (reply->response, "Currency");
  preview->price = ch_gs_price_text (price, currency);
  return TRUE;
}

/* ---- what GlobalSign reads in the request ---- */

static GHashTable *
read_subject (const xmlNode *from)
{
  static const struct { const char *element; const char *key; } parts[] = {
    { "CommonName", "common-name" }, { "Organization", "organization" }, { "OrganizationUnit", "organization-unit" },
    { "Locality", "locality" }, { "State", "state" }, { "Country", "country" }, { "EmailAddress", "email" },
    { "KeyLength", "key-length" },
  };
  g_autoptr(GHashTable) subject = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      char *value = ch_soap_word (from, parts[i].element);

      if (value != NULL)
        g_hash_table_insert (subject, g_strdup (parts[i].key), value);
    }

  return g_hash_table_size (subject) > 0 ? g_steal_pointer (&subject) : NULL;
}

static gboolean
ask_reading (ChCaPreview        *preview,
             const ChCaAccess   *access,
             const ChCaRequest  *request,
             GCancellable       *cancellable,
             GError            **error)
{
  xmlNode *root = ch_gs_request_new (access, "DecodeCSR", CH_GS_QUERY_HEADER);

  ch_soap_add (root, "CSR", request->csr);
  ch_soap_add (root, "ProductType", ch_gs_product_family (request->product));

  g_autoptr(ChSoapReply) reply = ch_gs_call (access, CH_GS_QUERIES, root, cancellable, error);
  if (reply == NULL || !take_errors (preview, access, reply, error))
    return FALSE;

  preview->csr = read_subject (ch_soap_find (reply->response, "CSRData"));
  preview->certificate = read_subject (ch_soap_find (reply->response, "CertificatePreview"));
  return TRUE;
}

/* ---- both ---- */

ChCaPreview *
ch_gs_preview (const ChCaAccess   *access,
               const ChCaRequest  *request,
               GCancellable       *cancellable,
               GError            **error)
{
  g_autoptr(ChCaPreview) preview = g_new0 (ChCaPreview, 1);
  g_autoptr(GError) wrong = NULL;

  preview->problems = g_ptr_array_new_with_free_func (g_free);
  if (!ch_gs_may_order (access, request, &wrong))
    {
      add_problem (preview, g_strdup (wrong->message));
      return g_steal_pointer (&preview);
    }

  if (!ask_price (preview, access, request, cancellable, error)
      || (request->csr != NULL && !ask_reading (preview, access, request, cancellable, error)))
    return NULL;

  return g_steal_pointer (&preview);
}
