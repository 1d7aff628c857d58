/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/defaults.h"
#include "engine/draft.h"
#include "engine/preview.h"

#include <string.h>

/* Profiles, defaults and options of an order, and that every broken rule is told. */

typedef struct
{
  World *world;
  gint64 account;
} Fixture;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;

  *(gint64 *) data = g_async_result_is_tagged (result, ch_peer_add_async) ? ch_peer_add_finish (result, &error)
                                                                         : ch_peer_edit_finish (result, &error);
  g_assert_no_error (error);
}

static gint64
await (gint64 *id)
{
  while (*id == 0)
    g_main_context_iteration (NULL, TRUE);
  return *id;
}

static gint64
add (Fixture    *fixture,
     ChPeerRole  role,
     const char *kind,
     const char *name,
     GHashTable *settings)
{
  g_autoptr(GHashTable) secrets = role == CH_PEER_ROLE_PROFILE ? world_pairs (NULL, NULL) : world_pairs ("secret", "x", NULL);
  gint64 id = 0;

  ch_peer_add_async (&fixture->world->world, role, kind, name, settings, secrets, &somebody, done_cb, &id);
  g_hash_table_unref (settings);
  return await (&id);
}

static void
set_default (Fixture    *fixture,
             const char *name,
             const char *value)
{
  g_autoptr(GHashTable) settings = world_pairs (name, value, NULL), none = world_pairs (NULL, NULL);
  gint64 done = 0;

  ch_peer_edit_async (&fixture->world->world, CH_PEER_ROLE_ACCOUNT, fixture->account, NULL, settings, none, &somebody, done_cb, &done);
  await (&done);
}

static void
add_contact (Fixture    *fixture,
             const char *name)
{
  g_autofree char *mail = g_strconcat (name, "@example.com", NULL);

  add (fixture, CH_PEER_ROLE_PROFILE, "contact", name,
       world_pairs ("first-name", name, "last-name", "Byron", "phone", "+44 1", "email", mail, NULL));
}

static void
add_organization (Fixture    *fixture,
                  const char *name)
{
  add (fixture, CH_PEER_ROLE_PROFILE, "organization", name,
       world_pairs ("name", "Example AG", "address-1", "Hauptstr. 1", "city", "Berlin", "region", "Berlin", "postal-code", "10115",
                    "country", "de", "phone", "+49 30 1", NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->world = world_new ();
  fixture->account = add (fixture, CH_PEER_ROLE_ACCOUNT, "fake", "ca", world_pairs ("user", "u", "environment", "test", NULL));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  world_free (fixture->world);
}

/* The order, or %NULL with a message that holds @says. */
static ChOrder *
check (Fixture      *fixture,
       ChOrderDraft  draft,
       const char   *says)
{
  char *names[] = { (char *) "www.example.com", NULL };
  g_autoptr(GError) error = NULL;

  if (draft.names == NULL)
    draft.names = names;
  ChOrder *order = ch_draft_check (&fixture->world->world, &draft, &error);

  g_test_message ("%s", error != NULL ? error->message : "good");
  if (says == NULL)
    g_assert_no_error (error);
  else
    {
      g_assert_null (order);
      g_assert_nonnull (strstr (error->message, says));
    }
  return order;
}

static void
refuse (Fixture      *fixture,
        ChOrderDraft  draft,
        const char   *says)
{
  g_assert_null (check (fixture, draft, says));
}

static void
accept_mail (Fixture      *fixture,
             ChOrderDraft  draft,
             const char   *mail)
{
  g_autoptr(ChOrder) order = check (fixture, draft, NULL);

  g_assert_cmpstr (g_hash_table_lookup (order->contact, "email"), ==, mail);
}

static void
test_contact (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GHashTable) whole = world_pairs ("first-name", "Eve", "last-name", "M", "phone", "+1 23", "email", "eve@example.com", NULL);
  g_autoptr(GHashTable) mail = world_pairs ("email", "other@example.com", NULL);
  g_autoptr(GHashTable) bad = world_pairs ("email", "nobody", "phone", "none", NULL);
  g_autoptr(GHashTable) second = world_pairs ("second-email", "x@example.com", NULL);
  g_autoptr(GHashTable) unknown = world_pairs ("colour", "red", NULL);

  refuse (fixture, (ChOrderDraft) { 0 }, "add a profile of kind “contact”");
  refuse (fixture, (ChOrderDraft) { .contact = mail }, "“first-name”, “last-name”, “phone” is missing");
  accept_mail (fixture, (ChOrderDraft) { .contact = whole }, "eve@example.com");

  add_contact (fixture, "ada");
  accept_mail (fixture, (ChOrderDraft) { 0 }, "ada@example.com");
  accept_mail (fixture, (ChOrderDraft) { .contact = mail }, "other@example.com");
  refuse (fixture, (ChOrderDraft) { .contact = bad }, "email");
  refuse (fixture, (ChOrderDraft) { .contact = second }, "“second-last-name”");
  refuse (fixture, (ChOrderDraft) { .contact = unknown }, "colour");

  add_contact (fixture, "bob");
  refuse (fixture, (ChOrderDraft) { 0 }, "ada, bob");
  accept_mail (fixture, (ChOrderDraft) { .contact = whole }, "eve@example.com");
  accept_mail (fixture, (ChOrderDraft) { .contact_profile = (char *) "bob" }, "bob@example.com");
  refuse (fixture, (ChOrderDraft) { .contact_profile = (char *) "eve" }, "“eve”");
  set_default (fixture, "default-contact", "bob");
  accept_mail (fixture, (ChOrderDraft) { 0 }, "bob@example.com");
  accept_mail (fixture, (ChOrderDraft) { .contact = whole }, "eve@example.com");
  accept_mail (fixture, (ChOrderDraft) { .contact_profile = (char *) "ada" }, "ada@example.com");
  set_default (fixture, "default-contact", "gone");
  refuse (fixture, (ChOrderDraft) { 0 }, "“gone”");
}

/* The account's own contact is older than profiles: it goes on to count until a default is set. */
static void
test_contact_of_the_account (Fixture       *fixture,
                             gconstpointer  data)
{
  add_contact (fixture, "ada");
  set_default (fixture, "contact-email", "old@example.com");
  refuse (fixture, (ChOrderDraft) { 0 }, "“first-name”, “last-name”, “phone” is missing");
  set_default (fixture, "contact-first-name", "Old");
  set_default (fixture, "contact-last-name", "Man");
  set_default (fixture, "contact-phone", "+44 1");
  accept_mail (fixture, (ChOrderDraft) { 0 }, "old@example.com");
  set_default (fixture, "default-contact", "ada");
  accept_mail (fixture, (ChOrderDraft) { 0 }, "ada@example.com");
}

static void
test_organization (Fixture       *fixture,
                   gconstpointer  data)
{
  ChOrderDraft ov = { .product = (char *) "organizationssl" }, ev = { .product = (char *) "extendedssl" };
  char *address[] = { (char *) "93.184.216.34", NULL };
  ChOrderDraft with_address = { .product = (char *) "organizationssl", .names = address };

  add_contact (fixture, "ada");
  refuse (fixture, ov, "add a profile of kind “organization”");
  ov.organization_profile = (char *) "ada";
  refuse (fixture, ov, "“ada” is of kind “contact”");
  ov.organization_profile = NULL;

  add_organization (fixture, "firm");
  g_autoptr(ChOrder) order = check (fixture, ov, NULL);
  g_assert_cmpstr (g_hash_table_lookup (order->organization, "country"), ==, "DE");
  g_assert_false (g_hash_table_contains (order->organization, "signer-organization"));
  g_assert_cmpint (order->dns_account_id, ==, 0);
  g_autoptr(ChOrder) by_address = check (fixture, with_address, NULL);
  g_assert_cmpstr (by_address->names[0], ==, address[0]);

  refuse (fixture, ev, "“signer-email”");
  refuse (fixture, (ChOrderDraft) { .organization_profile = (char *) "firm" }, "holds no organisation");
  add_organization (fixture, "other");
  refuse (fixture, ov, "firm, other");
  set_default (fixture, "default-organization", "other");
  g_autoptr(ChOrder) by_default = check (fixture, ov, NULL);

  /* A renewal has it from the order before. */
  g_autoptr(GHashTable) before = g_hash_table_ref (order->organization);
  ov.organization = before;
  ov.kind = (char *) "renewal";
  refuse (fixture, ov, "chancery order renew");
  ov.renews_ca = (char *) "CE1";
  ov.renews_id = 7;
  g_autoptr(ChOrder) renewal = check (fixture, ov, NULL);
  g_assert_cmpint (renewal->kind, ==, CH_ORDER_KIND_RENEWAL);
  g_assert_cmpint (renewal->renews_id, ==, 7);
  g_assert_cmpstr (renewal->renews_ca, ==, "CE1");
}

/* Whoever stands behind the order works for the organisation, unless it is told otherwise. */
static void
test_persons (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const persons[] = { "requestor", "approver", "signer" };
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  char *names[] = { (char *) "www.example.com", NULL };
  GHashTable *settings = world_pairs ("name", "Example AG", "address-1", "x", "city", "x", "region", "x", "postal-code", "1",
                                      "country", "DE", "phone", "123", "business-category", "private", "jurisdiction-country", "DE",
                                      "jurisdiction-registration-number", "1", "signer-organization", "Lawyers", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (persons); i++)
    {
      static const char *const parts[][2] = {
        { "first-name", "A" }, { "last-name", "B" }, { "function", "C" }, { "unit", "D" }, { "phone", "123" }, { "email", "a@b.cd" },
      };

      for (gsize j = 0; j < G_N_ELEMENTS (parts); j++)
        if (i < 2 || j != 3)
          g_hash_table_insert (settings, g_strconcat (persons[i], "-", parts[j][0], NULL), g_strdup (parts[j][1]));
    }

  add_contact (fixture, "ada");
  add (fixture, CH_PEER_ROLE_PROFILE, "organization", "firm", settings);
  ChOrderDraft draft = { .names = names, .product = (char *) "extendedssl" };
  g_autoptr(ChOrder) order = ch_draft_examine (&fixture->world->world, &draft, problems, NULL, NULL);

  g_assert_cmpstr (g_hash_table_lookup (order->organization, "requestor-organization"), ==, "Example AG");
  g_assert_cmpstr (g_hash_table_lookup (order->organization, "signer-organization"), ==, "Lawyers");
  /* Only the CA has something against it. */
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_nonnull (strstr (((GError *) problems->pdata[0])->message, "no such product"));
}

static void
test_defaults (Fixture       *fixture,
               gconstpointer  data)
{
  add_contact (fixture, "ada");
  set_default (fixture, "default-product", "domainssl");
  set_default (fixture, "default-key", "ec-p384");
  set_default (fixture, "default-term", "6");
  set_default (fixture, "default-method", "email");

  g_autoptr(ChOrder) order = check (fixture, (ChOrderDraft) { .approver = (char *) "admin@example.com" }, NULL);
  g_assert_cmpint (order->product, ==, CH_PRODUCT_DOMAINSSL);
  g_assert_cmpint (order->key_algorithm, ==, CH_KEY_ALGORITHM_EC_P384);
  g_assert_cmpint (order->term_months, ==, 6);
  g_assert_cmpint (order->method, ==, CH_DCV_METHOD_EMAIL);
  g_assert_cmpstr (order->approver, ==, "admin@example.com");

  g_autoptr(ChOrder) own = check (fixture, (ChOrderDraft) { .product = (char *) "alphassl", .method = (char *) "dns",
                                                            .key_algorithm = (char *) "rsa-4096", .term_months = 1 }, NULL);
  g_assert_cmpint (own->product, ==, CH_PRODUCT_ALPHASSL);
  g_assert_cmpint (own->key_algorithm, ==, CH_KEY_ALGORITHM_RSA_4096);
  g_assert_cmpint (own->term_months, ==, 1);

  /* More than the policy allows is less. */
  set_default (fixture, "default-term", "60");
  g_autoptr(ChOrder) longest = check (fixture, (ChOrderDraft) { 0 }, NULL);
  g_assert_cmpint (longest->term_months, ==, 12);
}

/* The choices of the fields are written out; they must be all there are. */
static void
test_choices (void)
{
  const struct { const char *field; GType type; } cases[] = {
    { "default-product", CH_TYPE_PRODUCT }, { "default-method", CH_TYPE_DCV_METHOD }, { "default-key", CH_TYPE_KEY_ALGORITHM },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GEnumClass) class = g_type_class_ref (cases[i].type);
      g_autoptr(GString) nicks = g_string_new (NULL);
      const ChField *field = ch_order_default_fields;

      for (guint v = 0; v < class->n_values; v++)
        g_string_append_printf (nicks, "%s%s", v > 0 ? "|" : "", class->values[v].value_nick);
      while (!g_str_equal (field->name, cases[i].field))
        field++;
      g_assert_cmpstr (field->choices, ==, nicks->str);
    }
}

#define DAY (24 * 60 * 60)

static void
test_options (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct { const char *key, *value; gint64 days; const char *says; } cases[] = {
    { "licenses", "99", 0, NULL },
    { "licenses", "0", 0, "licenses" },
    { "licenses", "100", 0, "licenses" },
    { "licenses", "", 0, NULL },
    { "coupon", "SPRING", 0, NULL },
    { "coupon", "two\nlines", 0, "one line" },
    { "instructions", "two\nlines", 0, NULL },
    { "instructions", "bell\a", 0, "printed" },
    { "colour", "red", 0, "colour" },
    { "not-before", NULL, 1, NULL },
    { "not-before", NULL, -1, "in the past" },
    { "not-after", NULL, 30, NULL },
    { "not-after", NULL, 0, "after it begins" },
    { "not-after", NULL, 400, "term of 12 months" },
    { "replaces", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 0, "goes with a transfer only" },
  };

  add_contact (fixture, "ada");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, ch_now () + cases[i].days * DAY);
      g_autoptr(GHashTable) options = world_pairs (cases[i].key, cases[i].value != NULL ? cases[i].value : time, NULL);
      g_autoptr(ChOrder) order = check (fixture, (ChOrderDraft) { .options = options }, cases[i].says);

      if (order != NULL && cases[i].value != NULL && *cases[i].value != '\0')
        g_assert_cmpstr (g_hash_table_lookup (order->options, cases[i].key), ==, cases[i].value);
    }

  refuse (fixture, (ChOrderDraft) { .kind = (char *) "transfer" }, "needs the certificate of the other CA");
  refuse (fixture, (ChOrderDraft) { .kind = (char *) "gift" }, "“gift”");
}

/* A person learns of everything at once. */
static void
test_every_problem (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const want[] = {
    "“a..b”", "“nobody”", "_under.example.com", "pigeon", "1 to 12 months", "wildcard", "“contact”", "licenses",
  };
  char *names[] = { (char *) "a..b", (char *) "_under.example.com", (char *) "*.example.com", NULL };
  g_autoptr(GHashTable) options = world_pairs ("licenses", "1000", NULL);
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(GString) all = g_string_new (NULL);
  ChOrderDraft draft = {
    .names = names, .account = (char *) "nobody", .product = (char *) "extendedssl", .key_algorithm = (char *) "pigeon", .term_months = 13,
    .options = options,
  };
  g_autoptr(ChOrder) order = ch_draft_examine (&fixture->world->world, &draft, problems, NULL, NULL);

  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (all, "%s\n", ((GError *) problems->pdata[i])->message);
  g_test_message ("%s", all->str);
  for (gsize i = 0; i < G_N_ELEMENTS (want); i++)
    g_assert_nonnull (strstr (all->str, want[i]));
  g_assert_cmpuint (g_strv_length (order->names), ==, 2);
}

static void
previewed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(GError) error = NULL;

  *(ChOrderPreview **) data = ch_order_preview_finish (result, &error);
  g_assert_no_error (error);
}

static ChOrderPreview *
look (Fixture    *fixture,
      const char *name,
      int         term)
{
  ChOrderDraft *draft = g_new0 (ChOrderDraft, 1);
  ChOrderPreview *preview = NULL;

  draft->names = g_strsplit (name, " ", -1);
  draft->term_months = term;
  ch_order_preview_async (&fixture->world->world, draft, previewed_cb, &preview);
  while (preview == NULL)
    g_main_context_iteration (NULL, TRUE);
  return preview;
}

/* A dry run asks the CA and writes nothing, neither an order nor a key. */
static void
test_dry_run (Fixture       *fixture,
              gconstpointer  data)
{
  ChStore *store = fixture->world->world.store;
  g_autofree char *next = NULL;

  add_contact (fixture, "ada");
  g_autoptr(ChOrderPreview) good = look (fixture, "www.example.com mail.example.com", 0);
  g_assert_cmpuint (good->problems->len, ==, 0);
  g_assert_null (good->silence);
  g_assert_cmpstr (good->answer->price, ==, "1.00 EUR");
  g_assert_cmpstr (g_hash_table_lookup (good->answer->csr, "common-name"), ==, "www.example.com");
  g_assert_cmpstr (good->account, ==, "ca");
  g_assert_cmpint (good->not_after, ==, ch_now () + (gint64) ch_policy_max_days (fixture->world->policy, CH_PRODUCT_DOMAINSSL, ch_now ()) * DAY);
  g_assert_cmpint (good->term_end, >, good->not_after);
  g_assert_cmpuint (good->certificates, >, 1);
  /* there is no DNS account, so that a person is needed for both */
  g_assert_cmpuint (g_strv_length (good->dns_accounts), ==, 2);
  g_assert_cmpstr (good->dns_accounts[0], ==, "");

  g_autoptr(ChOrderPreview) odd = look (fixture, "odd.example.com", 13);
  g_assert_cmpuint (odd->problems->len, ==, 2);
  g_assert_nonnull (strstr (odd->problems->pdata[0], "12 months"));
  g_assert_cmpstr (odd->problems->pdata[1], ==, "The fake CA finds that odd");

  fake_fail (OP_VERIFY, CH_ERROR_UNREACHABLE);
  g_autoptr(ChOrderPreview) alone = look (fixture, "www.example.com", 0);
  g_assert_null (alone->answer);
  g_assert_cmpuint (alone->problems->len, ==, 0);
  g_assert_nonnull (alone->silence);

  g_autoptr(ChOrderPreview) nameless = look (fixture, "a..b", 0);
  g_assert_null (nameless->answer);
  g_assert_cmpuint (nameless->problems->len, ==, 1);
  g_assert_nonnull (nameless->silence);

  g_autoptr(GPtrArray) orders = ch_store_page_orders (store, &(ChOrderFilter) { 0 }, "id", NULL, 10, &next, NULL);
  g_auto(GStrv) keys = ch_vault_list (fixture->world->world.vault, "key/", NULL, NULL);
  g_assert_cmpuint (orders->len, ==, 0);
  g_assert_cmpuint (g_strv_length (keys), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
#define ADD(name, function) g_test_add ("/engine/draft-people/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("contact", test_contact);
  ADD ("contact-of-the-account", test_contact_of_the_account);
  ADD ("organization", test_organization);
  ADD ("persons", test_persons);
  ADD ("defaults", test_defaults);
  ADD ("options", test_options);
  ADD ("every-problem", test_every_problem);
  ADD ("dry-run", test_dry_run);
  g_test_add_func ("/engine/draft-people/choices", test_choices);
  return g_test_run ();
}
