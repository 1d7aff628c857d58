/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca/ca.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What contacts and organisations are made of. The lengths are the upper bounds of RFC 5280, appendix A.1, for what
 * goes into the certificate; the CA publishes none of its own. */

static gboolean
check_text (const char *value,
            glong       max,
            GError    **error)
{
  for (const char *c = value; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return ch_error_set (error, CH_ERROR_INVALID, _("It holds a character that cannot be printed"));

  if (g_utf8_strlen (value, -1) > max)
    return ch_error_set (error, CH_ERROR_INVALID, _("It is longer than %ld characters"), max);

  return TRUE;
}

static gboolean
check_64 (const char *value,
          GError    **error)
{
  return check_text (value, 64, error);
}

static gboolean
check_128 (const char *value,
           GError    **error)
{
  return check_text (value, 128, error);
}

static gboolean
check_postal_code (const char *value,
                   GError    **error)
{
  return check_text (value, 40, error);
}

static gboolean
check_email (const char *value,
             GError    **error)
{
  const char *at = strchr (value, '@');

  if (at == NULL || at == value || strchr (at + 1, '@') != NULL || strchr (at + 1, '.') == NULL
      || at[1] == '.' || g_str_has_suffix (value, ".") || strpbrk (value, " \t,;<>\"") != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an e-mail address such as ada@example.com"), value);

  return check_text (value, 254, error);
}

static gboolean
check_phone (const char *value,
             GError    **error)
{
  guint digits = 0;

  for (const char *c = value; *c != '\0'; c++)
    digits += g_ascii_isdigit (*c);

  if (digits < 3 || strspn (value, "0123456789+-./() ") != strlen (value) || strlen (value) > 40)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a phone number such as +49 30 1234567"), value);

  return TRUE;
}

static gboolean
check_country (const char *value,
               GError    **error)
{
  if (strlen (value) != 2 || !g_ascii_isalpha (value[0]) || !g_ascii_isalpha (value[1]))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a country's two letters, such as DE"), value);

  return TRUE;
}

#define TEXT(name, title, help, flags, check) { name, title, help, flags, NULL, NULL, check }

const ChField ch_ca_contact_fields[] = {
  TEXT ("first-name", N_("First name"), N_("The person whom the CA turns to"), CH_FIELD_REQUIRED, check_64),
  TEXT ("last-name", N_("Last name"), N_("The person whom the CA turns to"), CH_FIELD_REQUIRED, check_64),
  TEXT ("phone", N_("Phone"), N_("With the country's code, such as +49 30 1234567"), CH_FIELD_REQUIRED, check_phone),
  TEXT ("email", N_("E-mail"), N_("Where the CA writes about the order"), CH_FIELD_REQUIRED, check_email),
  TEXT ("second-first-name", N_("First name of the second contact"),
        N_("A second person who gets the CA's mail; all three or none"), CH_FIELD_ADVANCED, check_64),
  TEXT ("second-last-name", N_("Last name of the second contact"),
        N_("A second person who gets the CA's mail; all three or none"), CH_FIELD_ADVANCED, check_64),
  TEXT ("second-email", N_("E-mail of the second contact"),
        N_("A second person who gets the CA's mail; all three or none"), CH_FIELD_ADVANCED, check_email),
  { NULL },
};

#define FOR_EV CH_FIELD_ADVANCED

/* Three persons stand behind an ExtendedSSL order. */
#define PERSON(who, whose) \
  TEXT (who "-first-name", N_("First name"), whose, FOR_EV, check_64), \
  TEXT (who "-last-name", N_("Last name"), whose, FOR_EV, check_64), \
  TEXT (who "-function", N_("Position"), whose, FOR_EV, check_64), \
  TEXT (who "-phone", N_("Phone"), whose, FOR_EV, check_phone), \
  TEXT (who "-email", N_("E-mail"), whose, FOR_EV, check_email), \
  TEXT (who "-organization", N_("Organisation"), \
        N_("Only for ExtendedSSL, where that person works for another organisation"), FOR_EV, check_64)

#define REQUESTOR N_("Needed for ExtendedSSL: the person who asks for certificates")
#define APPROVER N_("Needed for ExtendedSSL: the person who approves requests; the CA calls")
#define SIGNER N_("Needed for ExtendedSSL: the person who signs the contract with the CA")
#define UNIT N_("Needed for ExtendedSSL: the department of that person")

const ChField ch_ca_organization_fields[] = {
  TEXT ("name", N_("Name"), N_("As the public register has it, with its legal form, such as Example AG"),
        CH_FIELD_REQUIRED, check_64),
  TEXT ("address-1", N_("Address"), N_("Street and number"), CH_FIELD_REQUIRED, check_128),
  TEXT ("address-2", N_("Address, second line"), N_("Where one line is not enough"), CH_FIELD_NONE, check_128),
  TEXT ("address-3", N_("Address, third line"), N_("Where two lines are not enough"), CH_FIELD_NONE, check_128),
  TEXT ("city", N_("City"), N_("Written out"), CH_FIELD_REQUIRED, check_128),
  TEXT ("region", N_("State or region"), N_("Written out, such as Bavaria or California"), CH_FIELD_REQUIRED, check_128),
  TEXT ("postal-code", N_("Postal code"), N_("As on a letter"), CH_FIELD_REQUIRED, check_postal_code),
  TEXT ("country", N_("Country"), N_("Its two letters of ISO 3166, such as DE"), CH_FIELD_REQUIRED, check_country),
  TEXT ("phone", N_("Phone"), N_("A number that a public directory has for the organisation; the CA calls it"),
        CH_FIELD_REQUIRED, check_phone),
  TEXT ("fax", N_("Fax"), N_("Rarely asked for nowadays"), CH_FIELD_ADVANCED, check_phone),
  { "credit-agency", N_("Directory of firms"), N_("Where the CA can look the organisation up: duns (Dun & Bradstreet) or tdb"),
    CH_FIELD_ADVANCED, NULL, "duns|tdb", NULL },
  TEXT ("organization-code", N_("Number in that directory"), N_("Such as the nine digits of a D-U-N-S number"),
        CH_FIELD_ADVANCED, check_64),
  TEXT ("assumed-name", N_("Trade name"), N_("Only for ExtendedSSL: if the organisation is registered under one"), FOR_EV, check_64),
  { "business-category", N_("Kind of organisation"), N_("Needed for ExtendedSSL: what the organisation is by law"),
    FOR_EV, NULL, "private|government|business", NULL },
  PERSON ("requestor", REQUESTOR),
  TEXT ("requestor-unit", N_("Department"), UNIT, FOR_EV, check_64),
  PERSON ("approver", APPROVER),
  TEXT ("approver-unit", N_("Department"), UNIT, FOR_EV, check_64),
  PERSON ("signer", SIGNER),
  TEXT ("jurisdiction-country", N_("Country of the register"),
        N_("Needed for ExtendedSSL: where the organisation is registered, two letters"), FOR_EV, check_country),
  TEXT ("jurisdiction-state", N_("State of the register"),
        N_("Only for ExtendedSSL: if the register is one of a state"), FOR_EV, check_128),
  TEXT ("jurisdiction-locality", N_("Town of the register"),
        N_("Only for ExtendedSSL: if the register is one of a town or a court"), FOR_EV, check_128),
  TEXT ("jurisdiction-registration-number", N_("Number in the register"),
        N_("Needed for ExtendedSSL: such as HRB 12345"), FOR_EV, check_64),
  { NULL },
};

static gboolean
has (GHashTable *table,
     const char *key)
{
  const char *value = g_hash_table_lookup (table, key);

  return value != NULL && *value != '\0';
}

static gboolean
check_second_contact (GHashTable *settings,
                      GError    **error)
{
  static const char *const parts[] = { "second-first-name", "second-last-name", "second-email" };
  const char *missing = NULL;
  gboolean any = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      any |= has (settings, parts[i]);
      if (!has (settings, parts[i]))
        missing = parts[i];
    }

  return !any || missing == NULL
         || ch_error_set (error, CH_ERROR_INVALID, _("A second contact needs “%s”, too; or leave it out altogether"), missing);
}

static void
put_into_capitals (GHashTable *settings,
                   const char *key)
{
  const char *value = g_hash_table_lookup (settings, key);

  if (value != NULL)
    g_hash_table_insert (settings, g_strdup (key), g_ascii_strup (value, -1));
}

gboolean
ch_ca_profile_check (const char *kind,
                     GHashTable *settings,
                     GError    **error)
{
  put_into_capitals (settings, "country");
  put_into_capitals (settings, "jurisdiction-country");

  return !g_str_equal (kind, CH_CA_CONTACT) || check_second_contact (settings, error);
}

/* What GlobalSign's schema makes mandatory in an EVOrder. A person's organisation is this one unless it is told. */
static gboolean
is_wanted_for_ev (const char *name)
{
  static const char *const optional[] = { "-organization", "-state", "-locality" };

  for (gsize i = 0; i < G_N_ELEMENTS (optional); i++)
    if (g_str_has_suffix (name, optional[i]))
      return FALSE;

  return g_str_equal (name, "business-category") || g_str_has_prefix (name, "requestor-")
         || g_str_has_prefix (name, "approver-") || g_str_has_prefix (name, "signer-")
         || g_str_has_prefix (name, "jurisdiction-");
}

char **
ch_ca_organization_missing (GHashTable *organization,
                            ChProduct   product)
{
  g_autoptr(GStrvBuilder) missing = g_strv_builder_new ();

  for (const ChField *field = ch_ca_organization_fields; field->name != NULL; field++)
    if (((field->flags & CH_FIELD_REQUIRED) || (product == CH_PRODUCT_EXTENDEDSSL && is_wanted_for_ev (field->name)))
        && !has (organization, field->name))
      g_strv_builder_add (missing, field->name);

  return g_strv_builder_end (missing);
}
