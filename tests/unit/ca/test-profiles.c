/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca/ca.h"
#include "lib/error.h"

#include <string.h>

/* What one field accepts and refuses. */
static const struct { const ChField *fields; const char *name; const char *value; gboolean good; } values[] = {
  { ch_ca_contact_fields, "first-name", "Ada", TRUE },
  { ch_ca_contact_fields, "first-name", "Šárka-Łucja", TRUE },
  { ch_ca_contact_fields, "first-name", "Ada\nBcc: x", FALSE },
  { ch_ca_contact_fields, "first-name", "Ada\x01", FALSE },
  { ch_ca_contact_fields, "email", "ada@example.com", TRUE },
  { ch_ca_contact_fields, "email", "a.b+c@mail.example.com", TRUE },
  { ch_ca_contact_fields, "email", "ada", FALSE },
  { ch_ca_contact_fields, "email", "@example.com", FALSE },
  { ch_ca_contact_fields, "email", "ada@localhost", FALSE },
  { ch_ca_contact_fields, "email", "ada@.com", FALSE },
  { ch_ca_contact_fields, "email", "ada@example.com.", FALSE },
  { ch_ca_contact_fields, "email", "ada@b@example.com", FALSE },
  { ch_ca_contact_fields, "email", "a@example.com,b@example.com", FALSE },
  { ch_ca_contact_fields, "email", "Ada <ada@example.com>", FALSE },
  { ch_ca_contact_fields, "phone", "+49 (30) 123-45.67/8", TRUE },
  { ch_ca_contact_fields, "phone", "030", TRUE },
  { ch_ca_contact_fields, "phone", "+4", FALSE },
  { ch_ca_contact_fields, "phone", "call me 123", FALSE },
  { ch_ca_contact_fields, "phone", "00000000000000000000000000000000000000000", FALSE },
  { ch_ca_contact_fields, "fax", "030 1", FALSE },
  { ch_ca_organization_fields, "country", "DE", TRUE },
  { ch_ca_organization_fields, "country", "de", TRUE },
  { ch_ca_organization_fields, "country", "Germany", FALSE },
  { ch_ca_organization_fields, "country", "D1", FALSE },
  { ch_ca_organization_fields, "credit-agency", "duns", TRUE },
  { ch_ca_organization_fields, "credit-agency", "1", FALSE },
  { ch_ca_organization_fields, "business-category", "government", TRUE },
  { ch_ca_organization_fields, "business-category", "PO", FALSE },
  { ch_ca_organization_fields, "requestor-phone", "nobody", FALSE },
  { ch_ca_organization_fields, "signer-unit", "Sales", FALSE },
};

/* The required fields of @fields with values that are good. */
static GHashTable *
minimum (const ChField *fields)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (; fields->name != NULL; fields++)
    if (fields->flags & CH_FIELD_REQUIRED)
      g_hash_table_insert (table, g_strdup (fields->name),
                           g_strdup (g_str_equal (fields->name, "email") ? "ada@example.com"
                                     : g_str_equal (fields->name, "phone") ? "+49 30 1"
                                     : g_str_equal (fields->name, "country") ? "de" : "Text"));
  return table;
}

static void
test_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(GHashTable) table = minimum (values[i].fields);
      g_autoptr(GError) error = NULL;

      g_hash_table_insert (table, g_strdup (values[i].name), g_strdup (values[i].value));
      gboolean good = ch_fields_check (values[i].fields, table, NULL, &error);
      g_test_message ("%s = %s: %s", values[i].name, values[i].value, good ? "good" : error->message);
      g_assert_cmpint (good, ==, values[i].good);
      if (!good)
        g_assert_nonnull (strstr (error->message, values[i].name));
    }
}

static void
test_lengths (void)
{
  static const struct { const char *name; guint max; } cases[] = { { "name", 64 }, { "city", 128 }, { "postal-code", 40 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint more = 0; more < 2; more++)
      {
        g_autoptr(GHashTable) table = minimum (ch_ca_organization_fields);
        g_autoptr(GString) text = g_string_new (NULL);

        /* characters, not bytes */
        for (guint n = 0; n < cases[i].max + more; n++)
          g_string_append (text, "ü");
        g_hash_table_insert (table, g_strdup (cases[i].name), g_strdup (text->str));
        g_assert_cmpint (ch_fields_check (ch_ca_organization_fields, table, NULL, NULL), ==, more == 0);
      }
}

static void
test_second_contact (void)
{
  g_autoptr(GHashTable) table = minimum (ch_ca_contact_fields);
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_ca_profile_check (CH_CA_CONTACT, table, &error));
  g_hash_table_insert (table, g_strdup ("second-first-name"), g_strdup ("Eve"));
  g_hash_table_insert (table, g_strdup ("second-email"), g_strdup ("eve@example.com"));
  g_assert_false (ch_ca_profile_check (CH_CA_CONTACT, table, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "second-last-name"));
  g_hash_table_insert (table, g_strdup ("second-last-name"), g_strdup ("Moneypenny"));
  g_assert_true (ch_ca_profile_check (CH_CA_CONTACT, table, NULL));
}

static void
test_capitals (void)
{
  g_autoptr(GHashTable) table = minimum (ch_ca_organization_fields);

  g_assert_true (ch_ca_profile_check (CH_CA_ORGANIZATION, table, NULL));
  g_assert_cmpstr (g_hash_table_lookup (table, "country"), ==, "DE");
  g_assert_false (g_hash_table_contains (table, "jurisdiction-country"));
}

static void
test_missing (void)
{
  g_autoptr(GHashTable) table = minimum (ch_ca_organization_fields);
  g_auto(GStrv) for_ov = ch_ca_organization_missing (table, CH_PRODUCT_ORGANIZATIONSSL);
  g_auto(GStrv) for_ev = ch_ca_organization_missing (table, CH_PRODUCT_EXTENDEDSSL);

  g_assert_cmpuint (g_strv_length (for_ov), ==, 0);
  /* category; five of each of three persons, and two departments; country and number of the register */
  g_assert_cmpuint (g_strv_length (for_ev), ==, 20);
  g_assert_true (g_strv_contains ((const char *const *) for_ev, "signer-function"));
  g_assert_true (g_strv_contains ((const char *const *) for_ev, "requestor-unit"));
  g_assert_false (g_strv_contains ((const char *const *) for_ev, "requestor-organization"));

  g_hash_table_remove (table, "city");
  g_auto(GStrv) city = ch_ca_organization_missing (table, CH_PRODUCT_ORGANIZATIONSSL);
  g_assert_cmpstr (city[0], ==, "city");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ca/profiles/values", test_values);
  g_test_add_func ("/ca/profiles/lengths", test_lengths);
  g_test_add_func ("/ca/profiles/second-contact", test_second_contact);
  g_test_add_func ("/ca/profiles/capitals", test_capitals);
  g_test_add_func ("/ca/profiles/missing", test_missing);
  return g_test_run ();
}
