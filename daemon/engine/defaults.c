/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/defaults.h"

#include "lib/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <inttypes.h>

#define TEXT_MAX 255
#define INSTRUCTIONS_MAX 2000

static gboolean
check_number (const char *value,
              guint64     max,
              GError    **error)
{
  if (!g_ascii_string_to_unsigned (value, 10, 1, max, NULL, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a whole number from 1 to %" PRIu64), value, max);

  return TRUE;
}

static gboolean
check_term (const char *value,
            GError    **error)
{
  return check_number (value, 120, error);
}

/* docs/globalsign.md: 1 to 99 */
static gboolean
check_licenses (const char *value,
                GError    **error)
{
  return check_number (value, 99, error);
}

static gboolean
check_time (const char *value,
            GError    **error)
{
  return check_number (value, G_MAXINT32 * G_GUINT64_CONSTANT (2), error);
}

static gboolean
check_length (const char *value,
              glong       max,
              GError    **error)
{
  for (const char *c = value; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)) && *c != '\n')
      return ch_error_set (error, CH_ERROR_INVALID, _("It holds a character that cannot be printed"));

  return g_utf8_strlen (value, -1) <= max
         || ch_error_set (error, CH_ERROR_INVALID, _("It is longer than %ld characters"), max);
}

static gboolean
check_word (const char *value,
            GError    **error)
{
  return check_length (value, TEXT_MAX, error);
}

static gboolean
check_instructions (const char *value,
                    GError    **error)
{
  return check_length (value, INSTRUCTIONS_MAX, error);
}

const ChField ch_order_default_fields[] = {
  { "default-contact", N_("Contact"), N_("The contact profile of orders that name none"), CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "default-organization", N_("Organisation"), N_("The organization profile of orders that name none"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "default-product", N_("Product"), N_("What is ordered when nobody says it"), CH_FIELD_ADVANCED, NULL,
    "alphassl|domainssl|organizationssl|extendedssl", NULL },
  { "default-method", N_("Proof of control"), N_("How names are proven when nobody says it"), CH_FIELD_ADVANCED, NULL,
    "dns|http|email", NULL },
  { "default-key", N_("Kind of key"), N_("Which key is made when nobody says it"), CH_FIELD_ADVANCED, NULL,
    "rsa-2048|rsa-3072|rsa-4096|ec-p256|ec-p384", NULL },
  { "default-term", N_("Term"), N_("For how many months is paid when nobody says it"), CH_FIELD_ADVANCED, NULL, NULL, check_term },
  { NULL },
};

const ChField ch_order_option_fields[] = {
  { "licenses", N_("Licences"), N_("On how many servers the certificate is used, for the CA's bill"),
    CH_FIELD_NONE, "1", NULL, check_licenses },
  { "coupon", N_("Coupon"), N_("A code for a rebate"), CH_FIELD_NONE, NULL, NULL, check_word },
  { "campaign", N_("Campaign"), N_("A code of the CA's sales people"), CH_FIELD_NONE, NULL, NULL, check_word },
  { "instructions", N_("Instructions"), N_("A note to the CA's staff"), CH_FIELD_MULTILINE, NULL, NULL, check_instructions },
  { "not-before", N_("Begin"), N_("When the certificate begins, in Unix seconds"), CH_FIELD_NONE, NULL, NULL, check_time },
  { "not-after", N_("End"), N_("When the certificate ends, in Unix seconds"), CH_FIELD_NONE, NULL, NULL, check_time },
  { "replaces", N_("Replaced certificate"), N_("With a transfer: the other CA's certificate (PEM)"),
    CH_FIELD_MULTILINE, NULL, NULL, ch_field_check_pem },
  { NULL },
};
