/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../dns/stand-in.h"
#include "table.h"

#include "ca/ca.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "net/http.h"
#include "pki/chain.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <string.h>

/* The whole life of orders, against the sandbox: made from the same reference by somebody else. */

#define NAME "www.example.test"
#define DAY (24 * 60 * 60)

static StandIn *stand_in;
static ChCaAccess access_;
static const ChCa *ca;

static const char *const one_name[] = { NAME, NULL };
static const char *const two_names[] = { NAME, "api.example.test", NULL };
static const char *const other_names[] = { NAME, "shop.example.test", NULL };

/* ---- steps ---- */

static void
open_account (void)
{
  JsonObject *facts = json_node_get_object (stand_in->facts);

  ca = ch_ca_find ("globalsign", NULL);
  access_.settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  access_.secrets = ch_secret_table_new ();
  access_set (access_.settings, "environment", "url");
  access_set (access_.settings, "url", json_object_get_string_member (facts, "url"));
  access_set (access_.settings, "ca-certificate", stand_in->ca_pem);
  access_set (access_.settings, "user", "PAR00000_sandbox");
  access_set (access_.secrets, "password", "sandbox");
}

/* JSON with ' for " */
static void
control (const char *path,
         const char *format,
         ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  stand_in_control (stand_in, path, g_strdelimit (text, "'", '"'));
}

static GHashTable *
contact_new (void)
{
  return table ("first-name", "Anna", "last-name", "Example", "phone", "+32 2 000 00 00", "email", "anna@example.test",
                "second-first-name", "Bert", "second-last-name", "Example", "second-email", "bert@example.test", NULL);
}

static GHashTable *
organization_new (void)
{
  return table ("name", "Example NV", "business-category", "private", "address-1", "1 Example Street", "city", "Leuven",
                "region", "Vlaams-Brabant", "postal-code", "3000", "country", "BE", "phone", "+32 16 00 00 00",
                "requestor-first-name", "Carl", "requestor-last-name", "C", "requestor-function", "CTO",
                "requestor-unit", "IT", "requestor-phone", "+32 2 000 00 01", "requestor-email", "c@example.test",
                "approver-first-name", "Dora", "approver-last-name", "D", "approver-function", "CEO",
                "approver-unit", "Board", "approver-phone", "+32 2 000 00 02", "approver-email", "d@example.test",
                "signer-first-name", "Emil", "signer-last-name", "E", "signer-function", "CFO",
                "signer-phone", "+32 2 000 00 03", "signer-email", "e@example.test",
                "jurisdiction-country", "BE", "jurisdiction-state", "Vlaams-Brabant", "jurisdiction-locality", "Leuven",
                "jurisdiction-registration-number", "0000.000.000", NULL);
}

static char *
csr_new (const char *const *names)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, &error);
  g_assert_no_error (error);
  char *csr = ch_csr_new_for (key, names, "Example NV", &error);
  g_assert_no_error (error);
  return csr;
}

typedef struct
{
  ChProduct product;
  ChDcvMethod method;
  const char *const *names;
  const char *own_key;
} Wish;

/* fills a request and hands it to submit() or preview() */
static gpointer
with_request (const Wish *wish,
              gpointer  (*use) (const ChCaRequest *request, GError **error),
              GError    **error)
{
  g_autoptr(GHashTable) contact = contact_new ();
  g_autoptr(GHashTable) organization = organization_new ();
  g_autofree char *csr = csr_new (wish->names);
  ChCaRequest request = {
    .own_key = wish->own_key, .names = wish->names, .product = wish->product, .method = wish->method, .term_months = 12,
    .csr = csr, .contact = contact, .organization = organization, .approver = "admin@example.test",
  };

  return use (&request, error);
}

static gpointer
submit (const ChCaRequest *request,
        GError           **error)
{
  return ca->submit (&access_, request, NULL, error);
}

static gpointer
preview (const ChCaRequest *request,
         GError           **error)
{
  return ca->preview (&access_, request, NULL, error);
}

static ChCaOrder *
order_new (const Wish *wish)
{
  g_autoptr(GError) error = NULL;
  ChCaOrder *order = with_request (wish, submit, &error);

  g_assert_no_error (error);
  g_assert_cmpint (order->status, ==, CH_CA_WAITING);
  return order;
}

static ChCaOrder *
fetch (const char *number)
{
  g_autoptr(GError) error = NULL;
  ChCaOrder *order = ca->fetch (&access_, number, NULL, &error);

  g_assert_no_error (error);
  return order;
}

/* (transfer full): the number of an issued mail order */
static char *
issued_by_mail (const char *const *names,
                const char        *own_key)
{
  Wish wish = { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_EMAIL, names, own_key };
  g_autoptr(ChCaOrder) order = order_new (&wish);

  control ("/mails/approve", "{'order': '%s'}", order->ca_order);
  return g_steal_pointer (&order->ca_order);
}

static void
assert_certificate (const ChCaOrder   *order,
                    const char *const *names)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (order->status, ==, CH_CA_ISSUED);
  g_autoptr(ChChain) chain = ch_chain_order (order->certificate, (const char *const *) order->chain, &error);
  g_assert_no_error (error);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_assert_true (g_strv_contains ((const char *const *) chain->leaf->names, names[i]));
      g_assert_true (g_strv_contains ((const char *const *) order->names, names[i]));
    }
}

/* ---- by mail ---- */

static void
test_mail (void)
{
  Wish wish = { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_EMAIL, two_names, "mail-1" };
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) approvers = ca->list_approvers (&access_, NAME, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) approvers, "hostmaster@example.test"));

  g_autoptr(ChCaOrder) order = order_new (&wish);
  g_assert_true (ca->resend_mail (&access_, order->ca_order, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (ca->change_approver (&access_, order->ca_order, NAME, "hostmaster@example.test", NULL, &error));
  g_assert_no_error (error);
  control ("/mails/approve", "{'order': '%s'}", order->ca_order);

  g_autoptr(ChCaOrder) issued = fetch (order->ca_order);
  assert_certificate (issued, two_names);
  g_assert_cmpstr (issued->own_key, ==, "mail-1");
  g_assert_cmpstr (issued->approver, ==, "hostmaster@example.test");
  g_assert_cmpint (issued->notified_at, !=, 0);
  g_assert_cmpint (issued->confirmed_at, !=, 0);
  g_assert_true (issued->known);
  g_assert_cmpint (issued->product, ==, CH_PRODUCT_DOMAINSSL);
  g_assert_cmpint (issued->method, ==, CH_DCV_METHOD_EMAIL);
  g_assert_cmpint (issued->term_months, ==, 12);
  g_assert_cmpstr (g_hash_table_lookup (issued->contact, "second-email"), ==, "bert@example.test");
  g_assert_nonnull (issued->csr);
  g_assert_nonnull (issued->price);
}

/* the answer is lost on its way back, once and twice */
static void
test_mail_lost (void)
{
  Wish wish = { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_EMAIL, one_name, "lost-1" };
  g_autoptr(GError) error = NULL;

  stand_in_fault (stand_in, "DVOrder", "\"drop\": \"after\"");
  g_autoptr(ChCaOrder) order = order_new (&wish);
  g_autoptr(ChCaOrder) found = ca->find (&access_, "lost-1", g_get_real_time () / G_USEC_PER_SEC, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->ca_order, ==, order->ca_order);
  g_assert_true (ca->cancel (&access_, order->ca_order, NULL, &error));
  g_assert_no_error (error);
}

/* ---- by a record, and lost answers of others ---- */

static void
test_record (void)
{
  Wish wish = { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "record-1" };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChCaOrder) order = order_new (&wish);
  g_autofree char *line = g_strdup_printf ("update add example.test. 5 TXT \"%s\"", order->value);

  g_assert_true (g_strv_contains ((const char *const *) order->locations, "example.test"));
  g_assert_null (ca->check (&access_, order->ca_order, CH_DCV_METHOD_DNS, "example.test", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_YET);
  g_clear_error (&error);

  server_update (stand_in->bind, line);
  g_autoptr(ChCaOrder) issued = ca->check (&access_, order->ca_order, CH_DCV_METHOD_DNS, "example.test", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (issued->status, ==, CH_CA_ISSUED);
  g_assert_nonnull (issued->certificate);
  server_update (stand_in->bind, "update delete example.test. TXT");
}

static void
test_file (void)
{
  Wish wish = { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_HTTP, one_name, "file-1" };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChCaOrder) order = order_new (&wish);

  g_assert_true (g_str_has_prefix (order->value, "<meta "));
  g_assert_cmpstr (order->locations[0], ==, NAME);
  g_assert_null (ca->check (&access_, order->ca_order, CH_DCV_METHOD_HTTP, "http://" NAME, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_YET);
}

/* ---- organisations ---- */

static void
test_organizations (void)
{
  static const Wish wishes[] = {
    { CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_DNS, two_names, "ov-1" },
    { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, one_name, "ev-1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autoptr(ChCaOrder) order = order_new (&wishes[i]);
      g_autoptr(ChCaOrder) waits = fetch (order->ca_order);

      g_assert_cmpint (waits->status, ==, CH_CA_WAITING);
      g_assert_true (g_str_has_prefix (waits->page, "https://"));
      g_assert_cmpstr (waits->own_key, ==, wishes[i].own_key);
      control ("/vet", "{'order': '%s', 'domains': true}", order->ca_order);
      g_autoptr(ChCaOrder) issued = fetch (order->ca_order);
      assert_certificate (issued, wishes[i].names);
      g_assert_cmpint (issued->product, ==, wishes[i].product);
      g_assert_cmpstr (g_hash_table_lookup (issued->organization, "city"), ==, "Leuven");
    }
}

/* ---- preview ---- */

static void
test_preview (void)
{
  static const Wish wishes[] = {
    { CH_PRODUCT_ALPHASSL, CH_DCV_METHOD_DNS, one_name, "p" }, { CH_PRODUCT_DOMAINSSL, CH_DCV_METHOD_HTTP, two_names, "p" },
    { CH_PRODUCT_ORGANIZATIONSSL, CH_DCV_METHOD_DNS, two_names, "p" }, { CH_PRODUCT_EXTENDEDSSL, CH_DCV_METHOD_DNS, one_name, "p" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChCaPreview) seen = with_request (&wishes[i], preview, &error);

      g_assert_no_error (error);
      for (guint j = 0; j < seen->problems->len; j++)
        g_test_message ("%s", (char *) g_ptr_array_index (seen->problems, j));
      g_assert_cmpuint (seen->problems->len, ==, 0);
      g_assert_nonnull (seen->price);
      g_assert_cmpstr (g_hash_table_lookup (seen->csr, "common-name"), ==, NAME);
      g_assert_cmpstr (g_hash_table_lookup (seen->certificate, "common-name"), ==, NAME);
    }
}

/* ---- reissue, revoke, cancel ---- */

static void
test_reissue (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *number = issued_by_mail (two_names, "reissue-1");
  g_autofree char *csr = csr_new (two_names);
  g_autofree char *next_csr = csr_new (other_names);

  g_autoptr(ChCaOrder) rekeyed = ca->reissue (&access_, number, csr, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rekeyed->reissues, ==, number);
  assert_certificate (rekeyed, two_names);

  g_autoptr(ChCaOrder) both = ca->reissue (&access_, rekeyed->ca_order, next_csr, other_names, NULL, &error);
  g_assert_no_error (error);
  assert_certificate (both, other_names);
  g_assert_false (g_strv_contains ((const char *const *) both->names, "api.example.test"));
  g_assert_cmpstr (both->reissues, !=, rekeyed->ca_order);

  g_autoptr(ChCaOrder) found = ca->find_reissue (&access_, number, g_get_real_time () / G_USEC_PER_SEC, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->ca_order, ==, both->ca_order);

  g_assert_null (ca->reissue (&access_, number, csr, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CA_REFUSED);
}

/* the answer of the second half is lost: what it made is found */
static void
test_reissue_lost (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *number = issued_by_mail (one_name, "reissue-2");
  g_autofree char *csr = csr_new (other_names);

  stand_in_fault (stand_in, "ChangeSubjectAltName", "\"drop\": \"after\"");
  g_assert_null (ca->reissue (&access_, number, csr, other_names, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME);
  g_clear_error (&error);
  g_autoptr(ChCaOrder) found = ca->find_reissue (&access_, number, g_get_real_time () / G_USEC_PER_SEC, NULL, &error);
  g_assert_no_error (error);
  assert_certificate (found, other_names);
}

/* a name of another domain must be proven first: somebody there is mailed */
static void
test_reissue_waits (void)
{
  static const char *const names[] = { NAME, "www.elsewhere.test", NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *number = issued_by_mail (one_name, "reissue-3");
  g_autofree char *csr = csr_new (names);
  g_autoptr(ChCaOrder) waits = ca->reissue (&access_, number, csr, names, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (waits->status, ==, CH_CA_WAITING);
  g_assert_cmpstr (waits->reissues, !=, number);
  control ("/mails/approve", "{'order': '%s'}", waits->ca_order);
  g_autoptr(ChCaOrder) issued = fetch (waits->ca_order);
  assert_certificate (issued, names);
}

static void
test_ends (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *revoked = issued_by_mail (one_name, "end-1");
  g_autofree char *cancelled = issued_by_mail (one_name, "end-2");
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (int i = 0; i < 2; i++)
    {
      g_assert_true (ca->revoke (&access_, revoked, NULL, &error));
      g_assert_no_error (error);
      g_assert_true (ca->cancel (&access_, cancelled, NULL, &error));
      g_assert_no_error (error);
    }

  g_autoptr(ChCaOrder) dead = fetch (revoked);
  g_autoptr(ChCaOrder) withdrawn = fetch (cancelled);
  g_assert_cmpint (dead->status, ==, CH_CA_REVOKED);
  g_assert_cmpint (withdrawn->status, ==, CH_CA_CANCELLED);
  g_assert_cmpint (withdrawn->ended_at, !=, 0);

  g_autoptr(GPtrArray) changed = ca->list_changed (&access_, now - DAY, now + DAY, NULL, &error);
  guint seen = 0;
  g_assert_no_error (error);
  for (guint i = 0; i < changed->len; i++)
    {
      const ChCaOrder *order = g_ptr_array_index (changed, i);

      if (g_str_equal (order->ca_order, revoked))
        seen += order->status == CH_CA_REVOKED;
      if (g_str_equal (order->ca_order, cancelled))
        seen += order->status == CH_CA_CANCELLED;
    }
  g_assert_cmpuint (seen, ==, 2);
}

/* ---- import ---- */

/* A #ChCaFound. */
static gboolean
take (ChCaOrder *order,
      gint64     until,
      gpointer   data,
      GError   **error)
{
  GPtrArray *orders = data;

  g_assert_true (order->known);
  g_assert_nonnull (order->names);
  if (order->status == CH_CA_ISSUED)
    g_assert_nonnull (order->certificate);
  g_ptr_array_add (orders, order);
  return TRUE;
}

static GPtrArray *
import (gint64   from,
        gint64   to,
        GError **error)
{
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_ca_order_free);

  if (!ca->list_placed (&access_, from, to, NULL, take, orders, NULL, error))
    return NULL;

  return g_steal_pointer (&orders);
}

static void
test_import (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *number = issued_by_mail (two_names, "import-1");
  g_autofree char *csr = csr_new (two_names);
  g_autoptr(ChCaOrder) next = ca->reissue (&access_, number, csr, NULL, NULL, &error);
  g_assert_no_error (error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr(GPtrArray) orders = import (now - DAY, now + DAY, &error);
  g_assert_no_error (error);

  guint seen = 0;
  for (guint i = 0; i < orders->len; i++)
    {
      const ChCaOrder *order = g_ptr_array_index (orders, i);

      if (i > 0)
        g_assert_cmpint (order->ordered_at, >=, ((ChCaOrder *) g_ptr_array_index (orders, i - 1))->ordered_at);
      if (g_str_equal (order->ca_order, next->ca_order))
        {
          g_assert_cmpstr (order->reissues, ==, number);
          assert_certificate (order, two_names);
          seen++;
        }
      if (g_str_equal (order->ca_order, number))
        seen++;
    }
  g_assert_cmpuint (seen, ==, 2);
}

/* 2025-01-01 to 2025-06-30 */
#define SEED_FROM G_GINT64_CONSTANT (1735689600)
#define SEED_TO G_GINT64_CONSTANT (1751241600)
#define SEEDS 1500

/* whether what is above the limit is cut or refused: nothing is lost */
static void
test_import_many (void)
{
  control ("/seed", "{'orders': %d, 'from': '2025-01-01T00:00:00Z', 'to': '2025-06-30T00:00:00Z', 'zone': 'seed.test'}", SEEDS);

  for (int is_error = 0; is_error < 2; is_error++)
    {
      g_autoptr(GError) error = NULL;

      control ("/settings", "{'limit-is-error': %s}", is_error ? "true" : "false");
      guint before = stand_in_requests (stand_in, "GetOrderByDateRange");
      g_autoptr(GPtrArray) orders = import (SEED_FROM - DAY, SEED_TO + DAY, &error);
      guint asks = stand_in_requests (stand_in, "GetOrderByDateRange") - before;
      g_assert_no_error (error);
      g_assert_cmpuint (orders->len, ==, SEEDS);
      g_test_message ("%u questions", asks);
      g_assert_cmpuint (asks, <=, 2 * SEEDS / 100);
      g_assert_cmpuint (stand_in_requests (stand_in, "GetOrderByOrderID"), <, SEEDS);
    }

  control ("/settings", "{'limit-is-error': false}");
}

int
main (int    argc,
      char **argv)
{
  ch_http_prepare ();
  g_unsetenv ("http_proxy");
  g_unsetenv ("https_proxy");
  g_test_init (&argc, &argv, NULL);
  if (!stand_in_is_possible ())
    return 77;

  stand_in = stand_in_start ();
  open_account ();
  g_test_add_func ("/globalsign/stand-in/mail", test_mail);
  g_test_add_func ("/globalsign/stand-in/mail/lost", test_mail_lost);
  g_test_add_func ("/globalsign/stand-in/record", test_record);
  g_test_add_func ("/globalsign/stand-in/file", test_file);
  g_test_add_func ("/globalsign/stand-in/organizations", test_organizations);
  g_test_add_func ("/globalsign/stand-in/preview", test_preview);
  g_test_add_func ("/globalsign/stand-in/reissue", test_reissue);
  g_test_add_func ("/globalsign/stand-in/reissue/lost", test_reissue_lost);
  g_test_add_func ("/globalsign/stand-in/reissue/waits", test_reissue_waits);
  g_test_add_func ("/globalsign/stand-in/ends", test_ends);
  g_test_add_func ("/globalsign/stand-in/import", test_import);
  g_test_add_func ("/globalsign/stand-in/import/many", test_import_many);
  int result = g_test_run ();

  stand_in_stop (stand_in);
  g_hash_table_unref (access_.settings);
  g_hash_table_unref (access_.secrets);
  return result;
}
