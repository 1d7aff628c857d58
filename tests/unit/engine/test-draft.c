/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/draft.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <string.h>

/* What is asked for, in the form "names | account | dns account | product | method | key | term"; empty: not given. */
static const struct { const char *asks; int code; const char *says; } drafts[] = {
  { "www.example.com", -1, NULL },
  { "WWW.Example.com.", -1, NULL },
  { "bücher.example.com", -1, NULL },
  { "www.example.com|ca|dns|domainssl|dns|ec-p384|6", -1, NULL },
  { "*.example.com", -1, NULL },

  { "", CH_ERROR_INVALID, "at least one name" },
  { "www example com/", CH_ERROR_INVALID, "" },
  { "a..b", CH_ERROR_INVALID, "a..b" },
  { "www.example.com,www.example.com", CH_ERROR_INVALID, "www.example.com" },
  { "com", CH_ERROR_INVALID, "com" },
  { "www.example.com|nobody", CH_ERROR_NOT_FOUND, "nobody" },
  { "www.example.com||nobody", CH_ERROR_NOT_FOUND, "nobody" },
  { "www.example.com|ca|dns|platinumssl", CH_ERROR_INVALID, "product" },
  { "www.example.com|ca|dns|extendedssl", CH_ERROR_INVALID, "profile of kind “organization”" },
  { "www.example.com|ca|dns|domainssl|pigeon", CH_ERROR_INVALID, "pigeon" },
  { "*.example.com|ca|dns|domainssl|http", CH_ERROR_INVALID, "wildcard" },
  { "*.example.com|ca|dns|extendedssl", CH_ERROR_INVALID, "cannot have wildcard names" },
  { "93.184.216.34", CH_ERROR_INVALID, "cannot have addresses" },
  { "www.example.com|ca|dns|domainssl|dns|rsa-1024", CH_ERROR_INVALID, "rsa-1024" },
  { "www.example.com|ca|dns|domainssl|dns|ec-p256|13", CH_ERROR_INVALID, "12 months" },
  { "www.example.com|ca|dns|domainssl|dns|ec-p256|-1", CH_ERROR_INVALID, "12 months" },
};

static World *world;

static const char *
part (char **parts,
      guint  i)
{
  return i < g_strv_length (parts) && *parts[i] != '\0' ? parts[i] : NULL;
}

static ChOrder *
check (const char *asks,
       GHashTable *contact,
       char       *csr,
       GError    **error)
{
  g_auto(GStrv) parts = g_strsplit (asks, "|", -1);
  g_auto(GStrv) names = g_strsplit (part (parts, 0) != NULL ? parts[0] : "", ",", -1);
  ChOrderDraft draft = {
    .names = names, .account = (char *) part (parts, 1), .dns_account = (char *) part (parts, 2),
    .product = (char *) part (parts, 3), .method = (char *) part (parts, 4), .key_algorithm = (char *) part (parts, 5),
    .term_months = part (parts, 6) != NULL ? atoi (parts[6]) : 0, .contact = contact, .csr = csr,
  };

  return ch_draft_check (&world->world, &draft, error);
}

static void
test_drafts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (drafts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChOrder) order = check (drafts[i].asks, NULL, NULL, &error);

      g_test_message ("%s: %s", drafts[i].asks, error != NULL ? error->message : "good");
      if (drafts[i].says == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpint (order->step, ==, CH_ORDER_STEP_MAKE_KEY);
          g_assert_cmpint (order->due, ==, ch_now ());
          continue;
        }

      g_assert_null (order);
      g_assert_error (error, CH_ERROR, drafts[i].code);
      g_assert_nonnull (strstr (error->message, drafts[i].says));
    }
}

/* E-mail ends on a day; the day of the issue counts. */
static void
test_method_by_day (void)
{
  gint64 now = ch_now ();
  g_autoptr(GDateTime) sunset = g_date_time_new_utc (2028, 3, 15, 0, 0, 0);

  for (int days = -1; days <= 0; days++)
    {
      g_autoptr(GError) error = NULL;

      world_set_clock (g_date_time_to_unix (sunset) + days * 24 * 60 * 60);
      g_autoptr(ChOrder) order = check ("www.example.com|ca|dns|domainssl|email", NULL, NULL, &error);
      g_assert_cmpint (order != NULL, ==, days < 0);
      if (order == NULL)
        g_assert_nonnull (strstr (error->message, "2028-03-15"));
    }
  world_set_clock (now);
}

static void
test_accounts (void)
{
  g_autoptr(GError) error = NULL;
  gint64 second = world_add_peer (world, CH_PEER_ROLE_DNS, "dns2");

  /* Two of them: say which; the disabled one does not count, and cannot be named. */
  g_assert_null (check ("www.example.com", NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "dns, dns2"));
  g_clear_error (&error);

  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, second, FALSE, &somebody, &error));
  g_autoptr(ChOrder) order = check ("www.example.com", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->dns_account_id, !=, second);
  g_assert_false (order->dns_named);
  g_assert_null (check ("www.example.com||dns2", NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
}

static void
set_zones (gint64      id,
           const char *zones)
{
  g_autoptr(ChPeer) peer = world_peer (world, CH_PEER_ROLE_DNS, id);
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (peer->settings, g_strdup ("zones"), g_strdup (zones));
  ch_store_update_peer (world->world.store, peer, &error);
  g_assert_no_error (error);
}

/* The first name's account is the order's own; every name must have one. */
static void
test_zones (void)
{
  g_autoptr(GError) error = NULL;
  gint64 com = world_add_peer (world, CH_PEER_ROLE_DNS, "com");
  gint64 org = world_add_peer (world, CH_PEER_ROLE_DNS, "org");

  set_zones (com, "example.com");
  set_zones (org, "example.org, xn--bcher-kva.example.com");

  g_autoptr(ChOrder) first = check ("www.example.com,www.example.org", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first->dns_account_id, ==, com);
  g_autoptr(ChOrder) international = check ("bücher.example.com", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (international->dns_account_id, ==, org);
  g_autoptr(ChOrder) named = check ("www.example.com||org", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (named->dns_account_id, ==, org);
  g_assert_true (named->dns_named);

  /* “dns” has no zones and takes the rest; without it there is nobody. */
  g_autoptr(ChPeer) rest = ch_store_find_peer (world->world.store, CH_PEER_ROLE_DNS, "dns", &error);
  g_autoptr(ChOrder) other = check ("www.example.net", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (other->dns_account_id, ==, rest->id);
  g_assert_true (ch_peer_set_enabled (&world->world, CH_PEER_ROLE_DNS, rest->id, FALSE, &somebody, &error));
  g_assert_null (check ("www.example.com,www.example.net", NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "www.example.net"));
}

static void
test_contact (void)
{
  g_autoptr(GHashTable) own = world_pairs ("phone", "+499", "email", "", NULL);
  g_autoptr(GHashTable) two_lines = world_pairs ("phone", "+49\nBcc: x", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChOrder) order = check ("www.example.com", own, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (order->contact, "phone"), ==, "+499");
  g_assert_cmpstr (g_hash_table_lookup (order->contact, "email"), ==, "ada@example.com");
  g_assert_null (check ("www.example.com", two_lines, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_csr (void)
{
  static const struct { const char *asks; gboolean good; } cases[] = {
    { "www.example.com,mail.example.com", TRUE },
    { "www.example.com", FALSE },
    { "mail.example.com,www.example.com", FALSE },
    { "www.example.com,mail.example.com,ftp.example.com", FALSE },
  };
  const char *names[] = { "www.example.com", "mail.example.com", NULL };
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P384, NULL);
  g_autofree char *csr = ch_csr_new (key, names, NULL);
  g_autofree char *hash = ch_key_public_hash (key, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChOrder) order = check (cases[i].asks, NULL, csr, &error);

      if (!cases[i].good)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          continue;
        }

      g_assert_no_error (error);
      g_assert_cmpint (order->step, ==, CH_ORDER_STEP_SUBMIT);
      g_assert_cmpint (order->key_algorithm, ==, CH_KEY_ALGORITHM_EC_P384);
      g_assert_cmpstr (order->public_key, ==, hash);
    }

  g_assert_null (check ("www.example.com", NULL, (char *) "no request", NULL));
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  world = world_new ();
  g_assert_null (check ("www.example.com", NULL, NULL, NULL));
  world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");
  world_add_peer (world, CH_PEER_ROLE_DNS, "dns");
  g_test_add_func ("/engine/draft/table", test_drafts);
  g_test_add_func ("/engine/draft/method-by-day", test_method_by_day);
  g_test_add_func ("/engine/draft/contact", test_contact);
  g_test_add_func ("/engine/draft/csr", test_csr);
  g_test_add_func ("/engine/draft/accounts", test_accounts);
  g_test_add_func ("/engine/draft/zones", test_zones);
  int failed = g_test_run ();
  world_free (world);
  return failed;
}
