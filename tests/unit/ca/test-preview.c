/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"


#include <string.h>

#define PRICED "<Price>249.00</Price><Currency>EUR</Currency><ParsedCSR/>"
#define DECODED "<CSRData><CommonName>www.example.com</CommonName><Country>BE</Country><KeyLength>2048</KeyLength></CSRData>" \
                "<CertificatePreview><CommonName>www.example.com</CommonName></CertificatePreview>"

static const char *const names[] = { "www.example.com", "shop.example.com", NULL };

static ChCaPreview *
preview (World      *world,
         const char *csr,
         int         months,
         GError    **error)
{
  static const char *const contact_keys[] = { "first-name", "last-name", "phone", "email" };
  g_autoptr(GHashTable) contact = g_hash_table_new (g_str_hash, g_str_equal);
  ChCaRequest request = {
    .names = names, .product = CH_PRODUCT_DOMAINSSL, .method = CH_DCV_METHOD_DNS, .term_months = months, .csr = csr,
    .contact = contact,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (contact_keys); i++)
    g_hash_table_insert (contact, (char *) contact_keys[i], (char *) "x@example.com");
  return world->ca->preview (&world->access, &request, NULL, error);
}

static void
test_preview (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("ValidateOrderParameters", 0, 0, PRICED));
  world_answer (&world, answer ("DecodeCSR", 0, 0, DECODED));
  g_autoptr(ChCaPreview) seen = preview (&world, "CSR", 12, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->price, ==, "249.00 EUR");
  g_assert_cmpstr (g_hash_table_lookup (seen->csr, "common-name"), ==, "www.example.com");
  g_assert_cmpstr (g_hash_table_lookup (seen->csr, "key-length"), ==, "2048");
  g_assert_cmpstr (g_hash_table_lookup (seen->certificate, "common-name"), ==, "www.example.com");
  g_assert_cmpuint (seen->problems->len, ==, 0);
  assert_asked (&world, 0, QUERIES, "ValidateOrderParameters");
  assert_holds (&world, 0, "<CSR>CSR</CSR></OrderRequestParameter><SANEntries>");
  assert_asked (&world, 1, QUERIES, "DecodeCSR");
  assert_holds (&world, 1, "</QueryRequestHeader><CSR>CSR</CSR><ProductType>DV</ProductType></Request>");
  world_stop (&world);
}

static void
test_without_request (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  world_answer (&world, answer ("ValidateOrderParameters", 0, 0, ""));
  g_autoptr(ChCaPreview) seen = preview (&world, NULL, 12, &error);
  g_assert_no_error (error);
  g_assert_null (seen->price);
  g_assert_null (seen->csr);
  assert_holds (&world, 0, "<CSR/></OrderRequestParameter><FQDN>www.example.com</FQDN><SANEntries>");
  world_stop (&world);
}

/* what is wrong with the request is told, and not an error */
static void
test_problems (void)
{
  static const struct { int success; const char *errors; guint n; ChError error; } cases[] = {
    { -1, "<Error><ErrorCode>-9925</ErrorCode></Error><Error><ErrorCode>-6101</ErrorCode></Error>", 2, 0 },
    { -1, "<Error><ErrorCode>-9901</ErrorCode></Error>", 1, 0 },
    { 0, "<Error><ErrorCode>-6035</ErrorCode></Error>", 1, 0 },
    { 1, "<Error><ErrorCode>-5001</ErrorCode></Error>", 1, 0 },
    { -1, "<Error><ErrorCode>-4001</ErrorCode></Error>", 0, CH_ERROR_CREDENTIALS },
    { -1, "<Error><ErrorCode>-4201</ErrorCode></Error>", 0, CH_ERROR_FORBIDDEN },
    { -1, "<Error><ErrorCode>-201</ErrorCode></Error>", 0, CH_ERROR_TRANSIENT },
    { -1, "", 0, CH_ERROR_TRANSIENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = answer ("ValidateOrderParameters", cases[i].success, 0, "");
      g_autofree char *errors = g_strdup_printf ("<Errors>%s</Errors>", cases[i].errors);
      g_auto(GStrv) parts = g_strsplit (text, "<Errors/>", 2);
      World world = { NULL };
      g_autoptr(GError) error = NULL;

      world_start (&world);
      world_answer (&world, g_strjoinv (errors, parts));
      if (cases[i].error == 0)
        world_answer (&world, answer ("DecodeCSR", 0, 0, DECODED));
      g_autoptr(ChCaPreview) seen = preview (&world, "CSR", 12, &error);
      if (cases[i].error != 0)
        assert_failed (error, cases[i].error);
      else
        {
          g_assert_no_error (error);
          g_assert_cmpuint (seen->problems->len, ==, cases[i].n);
        }
      world_stop (&world);
    }
}

/* what we would not send is not asked */
static void
test_our_rules (void)
{
  World world = { NULL };
  g_autoptr(GError) error = NULL;

  world_start (&world);
  g_autoptr(ChCaPreview) seen = preview (&world, "CSR", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (seen->problems, 0), "term"));
  g_assert_cmpuint (world.asked->len, ==, 0);
  world_stop (&world);
}

static void
test_trouble (void)
{
  for (int step = 0; step < 2; step++)
    for (gsize i = 0; i < N_TROUBLES; i++)
      {
        World world = { NULL };
        g_autoptr(GError) error = NULL;

        world_start (&world);
        if (step > 0)
          world_answer (&world, answer ("ValidateOrderParameters", 0, 0, PRICED));
        world_trouble (&world, &troubles[i]);
        g_assert_null (preview (&world, "CSR", 12, &error));
        assert_failed (error, troubles[i].query);
        world_stop (&world);
      }
}

int
main (int    argc,
      char **argv)
{
  world_init (&argc, &argv);
  g_test_add_func ("/globalsign/preview", test_preview);
  g_test_add_func ("/globalsign/preview/without-request", test_without_request);
  g_test_add_func ("/globalsign/preview/problems", test_problems);
  g_test_add_func ("/globalsign/preview/our-rules", test_our_rules);
  g_test_add_func ("/globalsign/preview/trouble", test_trouble);
  return g_test_run ();
}
