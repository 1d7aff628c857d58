/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "ca/globalsign/blocks.h"
#include "ca/globalsign/names.h"
#include "ca/globalsign/products.h"

#include <glib/gi18n.h>
#include <string.h>

/* What cannot be ordered, and why (docs/globalsign.md, Products and names). */

#define LICENSES_MAX 99

static const char *
product_name (const ChCaRequest *request)
{
  return ch_nick (CH_TYPE_PRODUCT, request->product);
}

/* ---- names ---- */

static gboolean
check_address (const ChCaRequest  *request,
               const char         *name,
               GError            **error)
{
  if (request->product == CH_PRODUCT_EXTENDEDSSL || request->product == CH_PRODUCT_ALPHASSL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is for host names only; leave out the address “%s”, or choose “organizationssl”"),
                         product_name (request), name);
  if (!ch_gs_product_is_dv (request->product) || request->method == CH_DCV_METHOD_HTTP)
    return TRUE;
  if (request->method == CH_DCV_METHOD_EMAIL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The address “%s” cannot be proven by e-mail; choose “http”, or leave it out"), name);

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("The address “%s” cannot be proven by DNS; choose “http”, or leave it out"), name);
}

static gboolean
check_wildcard (const ChCaRequest  *request,
                const char         *name,
                GError            **error)
{
  if (request->product == CH_PRODUCT_EXTENDEDSSL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("No CA may issue an extended-validation certificate for a wildcard such as “%s”; choose "
                           "“organizationssl”, or list the names"), name);
  if (ch_gs_product_is_dv (request->product) && request->method == CH_DCV_METHOD_HTTP)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A file proves one host and no wildcard such as “%s”; choose “dns”"), name);

  return TRUE;
}

static gboolean
check_names (const ChCaRequest  *request,
             GError            **error)
{
  if (request->names == NULL || request->names[0] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("An order needs at least one name"));

  for (gsize i = 0; request->names[i] != NULL; i++)
    {
      const char *name = request->names[i];

      if (g_hostname_is_ip_address (name) && !check_address (request, name, error))
        return FALSE;
      if (ch_gs_name_is_wildcard (name) && !check_wildcard (request, name, error))
        return FALSE;
    }

  if (ch_gs_names_are_several (request->names) && !ch_gs_product_takes_names (request->product))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is for one name or one wildcard; choose “domainssl” for several names"),
                         product_name (request));

  return TRUE;
}

/* ---- people ---- */

static gboolean
check_contact (const ChCaRequest  *request,
               GError            **error)
{
  g_autoptr(GHashTable) contact = ch_gs_contact_values (request);
  g_autofree char *missing = ch_gs_block_missing (&ch_gs_contact, contact);
  g_autofree char *second = ch_gs_block_is_empty (&ch_gs_second_contact, contact)
                              ? NULL : ch_gs_block_missing (&ch_gs_second_contact, contact);

  if (missing != NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("GlobalSign wants a contact: “%s” is missing; give it with the order"), missing);
  if (second != NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The second contact lacks “%s”; give all of it, or none"), second);

  return TRUE;
}

static gboolean
check_organization (const ChCaRequest  *request,
                    GError            **error)
{
  static const ChGsBlock *const ov[] = { &ch_gs_organization, &ch_gs_address, NULL };
  static const ChGsBlock *const ev[] = { &ch_gs_organization_ev, &ch_gs_address, &ch_gs_requestor, &ch_gs_approver,
                                         &ch_gs_signer, &ch_gs_jurisdiction, NULL };
  const ChGsBlock *const *blocks = request->product == CH_PRODUCT_EXTENDEDSSL ? ev : ov;
  g_autoptr(GHashTable) values = ch_gs_organization_values (request);

  if (g_hash_table_size (values) == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is for an organisation; say which, by its profile"),
                         product_name (request));

  for (gsize i = 0; blocks[i] != NULL; i++)
    {
      g_autofree char *missing = ch_gs_block_missing (blocks[i], values);

      if (missing != NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” wants “%s” of the organisation; add it to its profile"),
                             product_name (request), missing);
    }

  return TRUE;
}

/* ---- terms ---- */

static gboolean
check_kind (const ChCaRequest  *request,
            GError            **error)
{
  const char *replaces = ch_gs_option (request, "replaces");

  if (request->kind == CH_ORDER_KIND_RENEWAL && (request->renews == NULL || *request->renews == '\0'))
    return ch_error_set (error, CH_ERROR_INVALID, _("A renewal names the order at GlobalSign that it renews"));
  if (request->kind == CH_ORDER_KIND_TRANSFER
      && (replaces == NULL || strstr (replaces, "-----BEGIN CERTIFICATE-----") == NULL))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A transfer brings the other CA's certificate that it takes over (PEM)"));

  return TRUE;
}

/* @time: (out): 0 when it is not given */
static gboolean
read_date (const ChCaRequest  *request,
           const char         *name,
           gint64             *time,
           GError            **error)
{
  const char *text = ch_gs_option (request, name);
  guint64 value = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32 * G_GINT64_CONSTANT (8), &value, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no date that a certificate can have: “%s”"), name, text);

  *time = value;
  return TRUE;
}

static gboolean
check_terms (const ChCaRequest  *request,
             GError            **error)
{
  const char *licenses = ch_gs_option (request, "licenses");
  gint64 not_before = 0, not_after = 0;

  if (request->term_months < 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("A term of %d months cannot be ordered"), request->term_months);
  if (licenses != NULL && !g_ascii_string_to_unsigned (licenses, 10, 1, LICENSES_MAX, NULL, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” licences cannot be ordered; give a number from 1 to %d"),
                         licenses, LICENSES_MAX);
  if (!read_date (request, "not-before", &not_before, error) || !read_date (request, "not-after", &not_after, error))
    return FALSE;
  if (not_after != 0 && not_after <= not_before)
    return ch_error_set (error, CH_ERROR_INVALID, _("The certificate would end before it begins"));

  return check_kind (request, error);
}

/* ---- all ---- */

static gboolean
check_approver (const ChCaRequest  *request,
                GError            **error)
{
  if (!ch_gs_product_is_dv (request->product) || request->method != CH_DCV_METHOD_EMAIL)
    return TRUE;
  if (request->approver == NULL || strchr (request->approver, '@') == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("An order that is proven by e-mail names who is mailed; choose one of GlobalSign's list"));

  return TRUE;
}

gboolean
ch_gs_may_name (const ChCaAccess   *access,
                const ChCaRequest  *request,
                GError            **error)
{
  return check_names (request, error);
}

gboolean
ch_gs_may_order (const ChCaAccess   *access,
                 const ChCaRequest  *request,
                 GError            **error)
{
  return check_names (request, error)
         && check_terms (request, error)
         && check_approver (request, error)
         && check_contact (request, error)
         && (ch_gs_product_is_dv (request->product) || check_organization (request, error));
}
