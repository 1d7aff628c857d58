/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/replace.h"

#include "engine/revoke.h"
#include "fixture.h"
#include "issue.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <string.h>

/* What puts another certificate in the place of the one in force, with real store and vault, and fakes outside. */

#define DAY G_GINT64_CONSTANT (86400)

static const ChReissueWish usual;
static const ChReissueWish kept_key = { .keep_key = TRUE };
static const ChReissueWish other_algorithm = { .key_algorithm = "ec-p384" };

static gint64
at (const char *day)
{
  g_autofree char *text = g_strconcat (day, "T12:00:00Z", NULL);
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (date);
  return g_date_time_to_unix (date);
}

/* ---- a CA that keeps to the rules of the day and the term that was paid for ---- */

static const ChPolicy *policy;
static guint paid;
static gint64 paid_until;

static gint64
as_paid (gint64 from)
{
  if (fakes.count[OP_SUBMIT] != paid)
    {
      g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (from);
      g_autoptr(GDateTime) end = g_date_time_add_months (start, 12);

      paid = fakes.count[OP_SUBMIT];
      paid_until = g_date_time_to_unix (end);
    }

  return MIN (from + ch_policy_max_days (policy, CH_PRODUCT_DOMAINSSL, from) * DAY, paid_until);
}

static gint64
add_issued (Fixture  *fixture,
            gboolean  auto_replace,
            gboolean  auto_renew)
{
  World *world = fixture->world;
  gint64 id = fixture_add_order (fixture);
  g_autoptr(ChOrder) order = world_order (world, id);

  order->auto_replace = auto_replace;
  order->auto_renew = auto_renew;
  g_assert_true (ch_store_update_order (world->world.store, order, NULL));
  world_run (world, 60);
  assert_order (world, id, "issued", "none");
  return id;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->world = world_new ();
  policy = fixture->world->policy;
  paid = 0;
  issue_until = as_paid;
  world_set_clock (at (data != NULL ? data : "2026-12-01"));
  fixture_add_peers (fixture);
}

/* With an order that is issued and deployed: @id. */
static void
set_up_issued (Fixture      *fixture,
               gconstpointer data)
{
  set_up (fixture, NULL);
  world_add_deployment (fixture->world, "site", "www.example.com", fixture->server, "/etc/site");
  fixture->id = add_issued (fixture, FALSE, FALSE);
  g_string_truncate (fakes.calls, 0);
}

/* ---- what is looked at ---- */

static ChCertificate *
in_force (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  ChCertificate *certificate = ch_store_find_certificate (fixture->world->world.store, fixture->id, &error);

  g_assert_no_error (error);
  return certificate;
}

static guint
count_certificates (Fixture *fixture)
{
  g_autoptr(GPtrArray) list = ch_store_list_certificates (fixture->world->world.store, fixture->id, NULL);

  return list->len;
}

static guint
count_events (Fixture    *fixture,
              const char *action)
{
  g_autofree char *object = ch_object_name ("order", fixture->id);
  g_autoptr(GPtrArray) events = ch_store_list_events (fixture->world->world.store, object, 0, 500, NULL);
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += g_str_equal (((const ChEvent *) g_ptr_array_index (events, i))->action, action);
  return n;
}

/* (transfer full) */
static ChOrder *
find_renewal (Fixture *fixture)
{
  ChOrder *renewal;

  g_assert_true (ch_store_find_renewal (fixture->world->world.store, fixture->id, &renewal, NULL));
  g_assert_nonnull (renewal);
  return renewal;
}

/* Day by day to the end of the term: a certificate is always in force, and never within its last week. */
static void
follow (Fixture *fixture,
        gint64   until,
        gint64   patience)
{
  while (ch_now () < until)
    {
      world_run (fixture->world, DAY);

      g_autoptr(ChCertificate) certificate = in_force (fixture);
      g_autoptr(ChOrder) order = world_order (fixture->world, fixture->id);
      g_assert_cmpint (certificate->not_after - ch_now (), >=, patience);
      g_assert_cmpint (certificate->not_after, <=, order->term_end);
    }
}

/* The key that is served is that of @certificate. */
static void
assert_served (const ChCertificate *certificate)
{
  GBytes *key = g_hash_table_lookup (fakes.files, "/etc/site.key");
  GBytes *chain = g_hash_table_lookup (fakes.files, "/etc/site");
  g_autofree char *hash = ch_key_public_hash (key, NULL);

  g_assert_cmpstr (hash, ==, certificate->public_key);
  g_assert_nonnull (strstr (g_bytes_get_data (chain, NULL), certificate->pem));
}

static void
reissue (Fixture             *fixture,
         const ChReissueWish *wish)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_order_reissue (&fixture->world->world, fixture->id, wish, &somebody, &error));
  g_assert_no_error (error);
}

/* ---- reissue ---- */

static void
test_reissue (Fixture      *fixture,
              gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(ChCertificate) before = in_force (fixture);
  g_autoptr(ChOrder) first = world_order (world, fixture->id);

  reissue (fixture, &usual);
  assert_order (world, fixture->id, "reissuing", "make-key");
  world_run (world, 60);

  g_autoptr(ChCertificate) after = in_force (fixture);
  g_autoptr(ChOrder) order = world_order (world, fixture->id);
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpstr (after->public_key, !=, before->public_key);
  g_assert_cmpstr (after->ca_order, ==, order->ca_order);
  g_assert_cmpstr (order->ca_order, !=, first->ca_order);
  g_assert_null (order->reissues_ca);
  g_assert_cmpint (order->term_end, ==, first->term_end);
  g_assert_cmpuint (count_certificates (fixture), ==, 2);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  assert_served (after);
}

/* While the next one is on its way, what runs meanwhile installs the certificate in force with its own key. */
static void
test_deployed_meanwhile (Fixture      *fixture,
                         gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(ChCertificate) before = in_force (fixture);
  g_autoptr(GError) error = NULL;

  fakes.prove_again = TRUE;
  fakes.no_value = TRUE;
  reissue (fixture, &usual);
  world_run (world, 30 * 60);
  assert_order (world, fixture->id, "reissuing", "track");

  g_hash_table_remove_all (fakes.files);
  g_assert_nonnull (ch_deployment_run (&world->world, 1, FALSE, &somebody, &error));
  world_run (world, 60);
  assert_served (before);

  /* Somebody approves it elsewhere. */
  FakeOrder *next = fake_order (1);
  next->status = CH_CA_ISSUED;
  next->certificate = issue (next->csr, next->name);
  world_run (world, DAY);
  g_autoptr(ChCertificate) after = in_force (fixture);
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpuint (count_certificates (fixture), ==, 2);
  assert_served (after);
}

static void
test_prove_again (Fixture      *fixture,
                  gconstpointer data)
{
  fakes.prove_again = TRUE;
  reissue (fixture, &usual);
  world_run (fixture->world, 60);

  assert_order (fixture->world, fixture->id, "issued", "none");
  g_assert_nonnull (strstr (fakes.calls->str, "reissue zone add look check remove "));
  g_assert_cmpuint (count_certificates (fixture), ==, 2);
  g_assert_cmpuint (world_txt_count (fixture->world), ==, 0);
}

static void
test_keep_key (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(ChCertificate) before = in_force (fixture);

  reissue (fixture, &kept_key);
  world_run (fixture->world, 60);
  g_autoptr(ChCertificate) after = in_force (fixture);
  g_assert_cmpstr (after->fingerprint, !=, before->fingerprint);
  g_assert_cmpstr (after->public_key, ==, before->public_key);
  assert_served (after);
}

static void
test_names (Fixture      *fixture,
            gconstpointer data)
{
  static const char *const more[] = { "www.example.com", "Shop.example.com.", NULL };
  static const char *const other[] = { "shop.example.com", NULL };
  ChReissueWish wish = { .names = other };
  g_autoptr(GError) error = NULL;

  g_assert_false (ch_order_reissue (&fixture->world->world, fixture->id, &wish, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  assert_order (fixture->world, fixture->id, "issued", "none");

  wish.names = more;
  reissue (fixture, &wish);
  world_run (fixture->world, 60);
  const FakeOrder *told = fake_order (1);
  g_assert_cmpstr (told->names, ==, "www.example.com shop.example.com");
}

static char *
make_csr (const char *names)
{
  g_auto(GStrv) list = g_strsplit (names, " ", -1);
  g_autoptr(GBytes) key = ch_key_generate (CH_KEY_ALGORITHM_EC_P256, NULL);

  return ch_csr_new (key, (const char *const *) list, NULL);
}

/* Who may have a new certificate for one name must not get another one in with the request. */
static void
test_csr (Fixture      *fixture,
          gconstpointer data)
{
  static const struct
  {
    const char *names, *csr, *told;
  } refused[] = {
    { "www.example.com", "www.example.com www.example.org", "also for www.example.org" },
    { "www.example.com shop.example.com", "www.example.com", "not for shop.example.com" },
    { "www.example.com shop.example.com", "shop.example.com www.example.com", "common name is shop.example.com" },
    { "www.example.com", "shop.example.com", "not for www.example.com" },
  };
  ChWorld *world = &fixture->world->world;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_auto(GStrv) names = g_strsplit (refused[i].names, " ", -1);
      g_autofree char *csr = make_csr (refused[i].csr);
      ChReissueWish wish = { .names = (const char *const *) names, .csr = csr };
      g_autoptr(GError) error = NULL;

      g_assert_false (ch_order_reissue (world, fixture->id, &wish, &somebody, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, refused[i].told));
      assert_order (fixture->world, fixture->id, "issued", "none");
    }

  static const char *const both[] = { "www.example.com", "shop.example.com", NULL };
  g_autofree char *csr = make_csr ("www.example.com shop.example.com");
  ChReissueWish wish = { .names = both, .csr = csr };
  reissue (fixture, &wish);
  world_run (fixture->world, 60);
  g_autoptr(ChCertificate) after = in_force (fixture);
  const FakeOrder *told = fake_order (1);
  g_assert_cmpstr (told->names, ==, "www.example.com shop.example.com");
  g_assert_null (after->key_ref);
}

/* A product or rule that does not allow the names is no reason to begin: it would end in a refusal by the CA. */
static void
test_names_refused (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const two[] = { "www.example.com", "shop.example.com", NULL };
  static const char *const wild[] = { "www.example.com", "*.example.com", NULL };
  World *world = fixture->world;
  g_autoptr(ChOrder) order = world_order (world, fixture->id);
  ChReissueWish wish = { .names = two };
  g_autoptr(GError) error = NULL;

  order->product = CH_PRODUCT_ALPHASSL;
  g_assert_true (ch_store_update_order (world->world.store, order, NULL));
  g_assert_false (ch_order_reissue (&world->world, fixture->id, &wish, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);

  order->product = CH_PRODUCT_DOMAINSSL;
  order->method = CH_DCV_METHOD_HTTP;
  g_assert_true (ch_store_update_order (world->world.store, order, NULL));
  wish.names = wild;
  g_assert_false (ch_order_reissue (&world->world, fixture->id, &wish, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);
  assert_order (world, fixture->id, "issued", "none");

  /* What it has already is not asked about. */
  order->product = CH_PRODUCT_ALPHASSL;
  g_assert_true (ch_store_update_order (world->world.store, order, NULL));
  reissue (fixture, &usual);
  world_run (world, 60);
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 1);
}

/* The CA says no: the order is what it was, and the next try takes the key that was made. */
static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const more[] = { "www.example.com", "shop.example.com", NULL };
  ChReissueWish wish = { .names = more };
  World *world = fixture->world;
  g_autoptr(ChOrder) before = world_order (world, fixture->id);
  g_autoptr(ChCertificate) certificate = in_force (fixture);

  fake_fail (OP_REISSUE, CH_ERROR_CA_REFUSED);
  reissue (fixture, &wish);
  world_run (world, DAY);

  g_autoptr(ChOrder) after = world_order (world, fixture->id);
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpstr (after->ca_order, ==, before->ca_order);
  g_assert_null (after->reissues_ca);
  g_assert_cmpuint (g_strv_length (after->names), ==, 1);
  g_assert_nonnull (strstr (after->reason, "the one in force stays"));
  g_assert_cmpint (after->not_after, ==, certificate->not_after);

  g_autofree char *made = g_strdup (after->public_key);
  reissue (fixture, &usual);
  world_run (world, 60);
  g_autoptr(ChCertificate) now = in_force (fixture);
  g_assert_cmpstr (now->public_key, ==, made);
}

static void
test_lost_answer (Fixture      *fixture,
                  gconstpointer data)
{
  fake_lose (OP_REISSUE, CH_ERROR_UNKNOWN_OUTCOME);
  reissue (fixture, &usual);
  world_run (fixture->world, 60);
  assert_order (fixture->world, fixture->id, "issued", "none");
  g_assert_nonnull (strstr (fakes.calls->str, "reissue find-reissue "));
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 1);
  g_assert_cmpuint (count_certificates (fixture), ==, 2);
}

/* ---- while somebody reissues it in the CA's portal ---- */

typedef struct
{
  ChCaStatus status;
  gboolean known_key;     /* that of the certificate in force */
} Elsewhere;

static void
reissue_elsewhere (gpointer data)
{
  const Elsewhere *elsewhere = data;
  const FakeOrder *first = fake_order (0);
  FakeOrder *order = g_new0 (FakeOrder, 1);

  order->number = g_strdup ("PORTAL");
  order->name = g_strdup (first->name);
  order->reissues = g_strdup (first->number);
  order->value = g_strdup ("value-PORTAL");
  order->csr = g_strdup (first->csr);
  order->status = elsewhere->status;
  if (order->status == CH_CA_ISSUED)
    order->certificate = elsewhere->known_key ? issue (order->csr, order->name) : issue_for_somebody (order->name);
  g_ptr_array_add (fakes.orders, order);
}

/* Ours is lost on its way, and theirs is what the CA has. */
static void
meet_elsewhere (Fixture   *fixture,
                Elsewhere *elsewhere)
{
  fake_fail (OP_REISSUE, CH_ERROR_UNKNOWN_OUTCOME);
  fake_hook (OP_FIND_REISSUE, FALSE, reissue_elsewhere, elsewhere);
  reissue (fixture, &usual);
  world_run (fixture->world, 2 * 60);
  assert_order (fixture->world, fixture->id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 1);
  g_assert_cmpuint (fakes.count[OP_CANCEL], ==, 0);
}

static void
check_elsewhere_issued (Fixture  *fixture,
                        gboolean  known_key)
{
  Elsewhere elsewhere = { CH_CA_ISSUED, known_key };
  g_autoptr(ChCertificate) before = in_force (fixture);

  meet_elsewhere (fixture, &elsewhere);
  g_autoptr(ChOrder) order = world_order (fixture->world, fixture->id);
  g_autoptr(ChCertificate) after = in_force (fixture);
  g_assert_cmpstr (order->ca_order, ==, "PORTAL");
  g_assert_cmpstr (after->ca_order, ==, "PORTAL");
  g_assert_cmpstr (after->key_ref, ==, elsewhere.known_key ? before->key_ref : NULL);
  g_assert_null (order->reissues_ca);
  g_assert_cmpuint (count_events (fixture, "order.reissued-elsewhere"), ==, 1);

  /* And ours goes on from there. */
  reissue (fixture, &usual);
  world_run (fixture->world, 60);
  g_autoptr(ChCertificate) ours = in_force (fixture);
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 2);
  g_assert_nonnull (ours->key_ref);
  assert_served (ours);
}

static void
test_elsewhere_issued (Fixture      *fixture,
                       gconstpointer data)
{
  check_elsewhere_issued (fixture, FALSE);
}

static void
test_elsewhere_known_key (Fixture      *fixture,
                          gconstpointer data)
{
  check_elsewhere_issued (fixture, TRUE);
}

static void
test_elsewhere_waiting (Fixture      *fixture,
                        gconstpointer data)
{
  Elsewhere elsewhere = { CH_CA_WAITING, FALSE };
  g_autoptr(ChOrder) before = world_order (fixture->world, fixture->id);

  meet_elsewhere (fixture, &elsewhere);
  g_autoptr(ChOrder) order = world_order (fixture->world, fixture->id);
  g_assert_cmpstr (order->ca_order, ==, before->ca_order);
  g_assert_nonnull (strstr (order->reason, "elsewhere, as PORTAL"));
  g_assert_cmpint (fake_order (1)->status, ==, CH_CA_WAITING);

  /* When it comes, it is the certificate. */
  FakeOrder *portal = fake_order (1);
  portal->status = CH_CA_ISSUED;
  portal->certificate = issue_for_somebody (portal->name);
  world_run (fixture->world, DAY);
  g_autoptr(ChCertificate) after = in_force (fixture);
  g_assert_cmpstr (after->ca_order, ==, "PORTAL");
}

/* Theirs is issued, and told by the CA, while ours waits: it is collected when ours has ended. */
static void
test_elsewhere_meanwhile (Fixture      *fixture,
                          gconstpointer data)
{
  Elsewhere elsewhere = { CH_CA_ISSUED, FALSE };
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fakes.prove_again = TRUE;
  fakes.no_value = TRUE;
  reissue (fixture, &usual);
  world_run (world, 30 * 60);
  assert_order (world, fixture->id, "reissuing", "track");
  reissue_elsewhere (&elsewhere);
  fake_order (2)->changed_at = ch_now ();
  world_run (world, 4 * DAY);
  assert_order (world, fixture->id, "reissuing", "track");

  g_assert_true (ch_order_cancel (&world->world, fixture->id, FALSE, &somebody, &error));
  g_assert_no_error (error);
  world_run (world, DAY);
  assert_order (world, fixture->id, "issued", "none");
  g_autoptr(ChCertificate) after = in_force (fixture);
  g_assert_cmpstr (after->ca_order, ==, "PORTAL");
  g_assert_cmpuint (count_events (fixture, "order.reissued-elsewhere"), ==, 1);
}

/* ---- keys that nothing has any more ---- */

/* (transfer full): that a reissue made, which the CA refused */
static char *
leave_unused_key (Fixture *fixture)
{
  fake_fail (OP_REISSUE, CH_ERROR_CA_REFUSED);
  reissue (fixture, &usual);
  world_run (fixture->world, DAY);
  g_autoptr(ChOrder) order = world_order (fixture->world, fixture->id);
  g_autoptr(ChCertificate) certificate = in_force (fixture);
  g_assert_cmpstr (order->key_ref, !=, certificate->key_ref);
  return g_strdup (order->key_ref);
}

/* The key @ref is in the bin, and for as long as it should be. */
static void
assert_in_bin (Fixture    *fixture,
               const char *ref)
{
  World *world = fixture->world;
  g_autoptr(GPtrArray) keys = ch_store_list_bin_keys (world->world.store, NULL);
  const ChBinKey *key = keys->len == 1 ? keys->pdata[0] : NULL;

  g_assert_nonnull (key);
  g_assert_cmpstr (key->ref, ==, ref);
  g_assert_cmpint (key->order_id, ==, fixture->id);
  g_assert_nonnull (key->public_key);
  g_assert_cmpint (key->due, >, ch_now () + 28 * DAY);

  g_autoptr(GBytes) before = ch_vault_lookup (world->world.vault, ref, NULL, NULL);
  g_assert_nonnull (before);
  world_run (world, 31 * DAY);
  g_autoptr(GBytes) after = ch_vault_lookup (world->world.vault, ref, NULL, NULL);
  g_assert_null (after);
}

static void
test_unused_key (Fixture      *fixture,
                 gconstpointer data)
{
  const ChReissueWish *wish = data;
  g_autofree char *csr = make_csr ("www.example.com");
  ChReissueWish brought = { .csr = csr };
  g_autofree char *unused = leave_unused_key (fixture);

  reissue (fixture, wish != NULL ? wish : &brought);
  world_run (fixture->world, 60);
  assert_order (fixture->world, fixture->id, "issued", "none");
  assert_in_bin (fixture, unused);
}

/* One that is in use stays out of it. */
static void
test_used_key (Fixture      *fixture,
               gconstpointer data)
{
  reissue (fixture, &other_algorithm);
  world_run (fixture->world, 60);
  g_autoptr(GPtrArray) keys = ch_store_list_bin_keys (fixture->world->world.store, NULL);
  g_assert_cmpuint (keys->len, ==, 0);
}

static void
test_unused_key_elsewhere (Fixture      *fixture,
                           gconstpointer data)
{
  Elsewhere elsewhere = { CH_CA_ISSUED, FALSE };
  g_autofree char *unused = leave_unused_key (fixture);

  reissue_elsewhere (&elsewhere);
  world_run (fixture->world, DAY);
  g_autoptr(ChCertificate) after = in_force (fixture);
  g_assert_cmpstr (after->ca_order, ==, "PORTAL");
  assert_in_bin (fixture, unused);
}

/* As above, but theirs is met while ours is looked for. */
static void
test_unused_key_met (Fixture      *fixture,
                     gconstpointer data)
{
  Elsewhere elsewhere = { CH_CA_ISSUED, FALSE };

  meet_elsewhere (fixture, &elsewhere);
  g_autofree char *made = g_strdup_printf ("key/%" G_GINT64_FORMAT "/2", fixture->id);
  assert_in_bin (fixture, made);
}

static void
test_never_arrived (Fixture      *fixture,
                    gconstpointer data)
{
  fake_fail (OP_REISSUE, CH_ERROR_UNKNOWN_OUTCOME);
  reissue (fixture, &usual);
  world_run (fixture->world, 600);
  assert_order (fixture->world, fixture->id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 2);
  g_assert_cmpuint (fakes.orders->len, ==, 2);
}

static void
test_cancel (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  World *world = fixture->world;

  fakes.prove_again = TRUE;
  fakes.no_value = TRUE;
  reissue (fixture, &usual);
  world_run (world, 30 * 60);
  g_assert_true (ch_order_cancel (&world->world, fixture->id, FALSE, &somebody, &error));
  world_run (world, 60);

  g_autoptr(ChOrder) order = world_order (world, fixture->id);
  const FakeOrder *first = fake_order (0), *second = fake_order (1);
  assert_order (world, fixture->id, "issued", "none");
  g_assert_false (order->cancel_wanted);
  g_assert_cmpstr (order->ca_order, ==, first->number);
  g_assert_cmpint (first->status, ==, CH_CA_ISSUED);
  g_assert_cmpint (second->status, ==, CH_CA_CANCELLED);
}

/* The service dies at a step of a reissue, before or after it: one reissue comes of it. */
static void
test_killed (Fixture      *fixture,
             gconstpointer data)
{
  static const Op ops[] = { OP_REISSUE, OP_ADD, OP_LOOK, OP_CHECK };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (ops); i++)
    {
      guint orders = fakes.orders->len, certificates = count_certificates (fixture);

      fakes.prove_again = TRUE;
      reissue (fixture, &usual);
      fake_hook (ops[i / 2], i % 2, world_die, fixture->world);
      world_run (fixture->world, 60);

      fixture->world = world_rise (fixture->world);
      policy = fixture->world->policy;
      world_run (fixture->world, DAY);

      g_test_message ("%u", i);
      assert_order (fixture->world, fixture->id, "issued", "none");
      /* One that is not cancelled. */
      g_assert_cmpuint (fakes.orders->len, <=, orders + (i == 1 ? 2 : 1));
      g_assert_cmpuint (count_certificates (fixture), ==, certificates + 1);
      g_assert_cmpuint (world_txt_count (fixture->world), ==, 0);
    }
}

static void
assert_needs_a_person (Fixture *fixture,
                       gboolean needs)
{
  g_autoptr(GPtrArray) needy = ch_store_list_needy_orders (fixture->world->world.store, 10, NULL);

  g_assert_cmpuint (needy->len, ==, needs ? 1 : 0);
  if (needs)
    g_assert_cmpint (((const ChOrder *) g_ptr_array_index (needy, 0))->id, ==, fixture->id);
}

/* ---- renewal ---- */

static gint64
renew (Fixture *fixture,
       GError **error)
{
  return ch_order_renew (&fixture->world->world, fixture->id, 0, &somebody, error);
}

static void
test_too_early (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (renew (fixture, &error), ==, 0);
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_assert_nonnull (strstr (error->message, "from 2027-09-02 on"));
  assert_order (fixture->world, fixture->id, "issued", "none");
}

static void
test_renew (Fixture      *fixture,
            gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  g_autoptr(ChOrder) before = world_order (world, fixture->id);

  world_set_clock (at ("2027-09-03"));
  gint64 id = renew (fixture, &error);
  g_assert_no_error (error);
  assert_order (world, fixture->id, "renewing", "none");

  world_run (world, 60);
  g_autoptr(ChOrder) renewal = world_order (world, id), after = world_order (world, fixture->id);
  const FakeOrder *told = fake_order (1);
  assert_order (world, id, "issued", "none");
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpint (told->kind, ==, CH_ORDER_KIND_RENEWAL);
  g_assert_cmpstr (told->renews, ==, before->ca_order);
  g_assert_cmpint (renewal->renews_id, ==, fixture->id);
  g_assert_cmpint (renewal->term_end, >, after->term_end);
  g_assert_nonnull (strstr (after->reason, "Renewed by order 2"));

  g_autoptr(ChCertificate) newest = ch_store_find_certificate (world->world.store, id, &error);
  assert_served (newest);

  /* Once is enough. */
  g_assert_cmpint (renew (fixture, &error), ==, 0);
  g_assert_error (error, CH_ERROR, CH_ERROR_EXISTS);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);
}

static void
test_renewal_refused (Fixture      *fixture,
                      gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  world_set_clock (at ("2027-09-03"));
  fake_fail (OP_SUBMIT, CH_ERROR_CA_REFUSED);
  g_assert_cmpint (renew (fixture, &error), !=, 0);
  world_run (world, 60);
  assert_order (world, fixture->id, "issued", "none");

  /* Another one may be ordered. */
  gint64 id = renew (fixture, &error);
  g_assert_no_error (error);
  world_run (world, 60);
  assert_order (world, id, "issued", "none");
}

/* A person's cancellation is not undone by the automatic renewal, whenever it comes. */
static void
check_renewal_cancelled (Fixture  *fixture,
                         gboolean  issued)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  g_autoptr(ChOrder) order = world_order (world, fixture->id);
  order->auto_replace = order->auto_renew = TRUE;
  g_assert_true (ch_store_update_order (world->world.store, order, NULL));
  world_set_clock (at ("2027-11-28"));
  gint64 id = renew (fixture, &error);
  g_assert_no_error (error);
  if (issued)
    world_run (world, 60);

  /* What is in force is not what is meant. */
  if (!issued)
    {
      g_assert_false (ch_order_cancel (&world->world, fixture->id, TRUE, &somebody, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
      g_clear_error (&error);
    }

  g_assert_true (ch_order_cancel (&world->world, id, TRUE, &somebody, &error));
  world_run (world, 2 * DAY);
  assert_order (world, id, "cancelled", "none");
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, issued ? 2 : 1);

  g_autoptr(ChOrder) after = world_order (world, fixture->id);
  g_assert_nonnull (strstr (after->reason, "chancery order renew 1"));
  assert_needs_a_person (fixture, TRUE);

  /* Who asks for it gets another. */
  g_assert_cmpint (renew (fixture, &error), >, id);
  g_assert_no_error (error);
}

static void
test_renewal_cancelled (Fixture      *fixture,
                        gconstpointer data)
{
  check_renewal_cancelled (fixture, FALSE);
}

static void
test_renewal_cancelled_issued (Fixture      *fixture,
                               gconstpointer data)
{
  check_renewal_cancelled (fixture, TRUE);
}

/* One that failed is revived only as long as no other renews the order. */
static void
test_renewal_revived (Fixture      *fixture,
                      gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  world_set_clock (at ("2027-09-03"));
  fake_fail (OP_SUBMIT, CH_ERROR_CA_REFUSED);
  gint64 first = renew (fixture, &error);
  world_run (world, 60);
  assert_order (world, first, "failed", "none");

  g_assert_true (ch_order_retry (&world->world, first, &somebody, &error));
  assert_order (world, fixture->id, "renewing", "none");
  fake_fail (OP_SUBMIT, CH_ERROR_CA_REFUSED);
  world_run (world, 60);
  assert_order (world, first, "failed", "none");
  assert_order (world, fixture->id, "issued", "none");

  /* Asked for once more, it is that one again. */
  g_assert_cmpint (renew (fixture, &error), ==, first);
  g_assert_no_error (error);
  g_assert_cmpint (renew (fixture, NULL), ==, 0);
  world_run (world, 60);
  assert_order (world, first, "issued", "none");
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpuint (fakes.orders->len, ==, 2);
}

/* By itself it is tried every day, and there is one order that failed, not one for each day. */
static void
test_renewal_failing (Fixture      *fixture,
                      gconstpointer data)
{
  World *world = fixture->world;

  fixture->id = add_issued (fixture, TRUE, TRUE);
  world_run (world, 290 * DAY);
  for (guint i = 0; i < 12; i++)
    fake_fail (OP_SUBMIT, CH_ERROR_CA_REFUSED);
  guint before = fakes.count[OP_SUBMIT];
  world_run (world, 73 * DAY);

  g_autoptr(ChOrder) renewal = find_renewal (fixture);
  g_assert_cmpuint (fakes.count[OP_SUBMIT] - before, ==, 13);
  g_assert_cmpint (renewal->id, ==, fixture->id + 1);
  g_assert_null (ch_store_get_order (world->world.store, renewal->id + 1, NULL));
  assert_order (world, renewal->id, "issued", "none");
}

/* A renewal that waits for people does not keep the order from the certificates that are paid for. */
static void
test_renewal_waits (Fixture      *fixture,
                    gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  fixture->id = add_issued (fixture, TRUE, FALSE);
  g_autoptr(ChOrder) first = world_order (world, fixture->id);
  follow (fixture, first->term_end - 85 * DAY, 6 * DAY);
  g_autoptr(ChOrder) last = world_order (world, fixture->id);
  follow (fixture, last->replace_at - 2 * DAY, 6 * DAY);
  fakes.next_status = CH_CA_HELD;
  gint64 id = renew (fixture, &error);
  g_assert_no_error (error);

  /* Nothing is paid for before it is issued. */
  world_run (world, 60);
  paid = fakes.count[OP_SUBMIT];
  guint reissues = fakes.count[OP_REISSUE];
  follow (fixture, last->replace_at + DAY, 6 * DAY);
  g_assert_cmpuint (fakes.count[OP_REISSUE], >, reissues);
  assert_order (world, id, "vetting", "track");
  assert_order (world, fixture->id, "renewing", "none");
  g_assert_cmpint (renew (fixture, NULL), ==, 0);

  FakeOrder *held = NULL;
  for (guint i = 0; i < fakes.orders->len; i++)
    held = fake_order (i)->status == CH_CA_HELD ? fake_order (i) : held;
  paid = 0;
  held->status = CH_CA_ISSUED;
  held->certificate = issue (held->csr, held->name);
  world_run (world, DAY);
  assert_order (world, id, "issued", "none");
  assert_order (world, fixture->id, "issued", "none");
  g_autoptr(ChOrder) after = world_order (world, fixture->id);
  g_assert_nonnull (strstr (after->reason, "Renewed by order"));
}

/* By hand, too; and one that was not sent yet renews what is in force then. */
static void
test_reissue_while_renewing (Fixture      *fixture,
                             gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  world_set_clock (at ("2027-09-03"));
  for (guint i = 0; i < 3; i++)
    fake_fail (OP_SUBMIT, CH_ERROR_MONEY);
  gint64 id = renew (fixture, &error);
  world_run (world, 1);
  assert_order (world, id, "queued", "submit");

  fake_fail (OP_REISSUE, CH_ERROR_CA_REFUSED);
  reissue (fixture, &usual);
  world_run (world, 10);
  assert_order (world, fixture->id, "renewing", "none");
  reissue (fixture, &usual);
  world_run (world, 10);
  assert_order (world, fixture->id, "renewing", "none");

  g_autoptr(ChCertificate) certificate = in_force (fixture);
  world_run (world, DAY);
  assert_order (world, id, "issued", "none");
  assert_order (world, fixture->id, "issued", "none");
  const FakeOrder *told = g_ptr_array_index (fakes.orders, fakes.orders->len - 1);
  g_assert_cmpstr (told->renews, ==, certificate->ca_order);
}

/* Renewed in the CA's portal a moment before it would be by itself: it is asked first, and nothing is bought. */
static void
renew_elsewhere (gpointer data)
{
  FakeOrder *order = g_new0 (FakeOrder, 1);

  order->number = g_strdup ("PORTAL");
  order->name = g_strdup ("www.example.com");
  order->own_key = g_strdup ("somebody's");
  order->value = g_strdup ("value-PORTAL");
  order->status = CH_CA_WAITING;
  order->renews = g_strdup (data);
  g_ptr_array_add (fakes.orders, order);
}

/* Reissued in the portal meanwhile: it is collected, and the renewal goes on. */
static void
test_elsewhere_renewing (Fixture      *fixture,
                         gconstpointer data)
{
  static const Elsewhere elsewhere = { CH_CA_ISSUED, FALSE };
  World *world = fixture->world;

  world_set_clock (at ("2027-09-03"));
  fakes.next_status = CH_CA_HELD;
  gint64 id = renew (fixture, NULL);
  world_run (world, 60);
  assert_order (world, id, "vetting", "track");

  reissue_elsewhere ((gpointer) &elsewhere);
  world_run (world, DAY);
  g_autoptr(ChCertificate) certificate = in_force (fixture);
  g_assert_cmpstr (certificate->ca_order, ==, "PORTAL");
  assert_order (world, fixture->id, "renewing", "none");
  assert_order (world, id, "vetting", "track");
}

/* To the second before an order renews itself. */
static void
run_to_renewal (Fixture *fixture)
{
  World *world = fixture->world;

  world_set_clock (at ("2027-11-25"));
  world_run (world, DAY);
  g_autoptr(ChOrder) order = world_order (world, fixture->id);
  order->auto_replace = order->auto_renew = TRUE;
  order->replace_at = ch_now () + 1;
  g_assert_true (ch_store_update_order (world->world.store, order, NULL));
  world_run (world, 0);
  ch_runner_wake (world->world.runner);
}

static void
test_renewed_elsewhere (Fixture      *fixture,
                        gconstpointer data)
{
  World *world = fixture->world;

  run_to_renewal (fixture);
  g_autoptr(ChOrder) before = world_order (world, fixture->id);
  renew_elsewhere (before->ca_order);
  world_run (world, 2 * DAY);

  g_autoptr(ChOrder) after = world_order (world, fixture->id);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  g_assert_false (after->auto_renew);
  g_assert_nonnull (strstr (after->reason, "renewed elsewhere as PORTAL"));
}

/* The answer is good: it is renewed at once, not when somebody looks again. */
static void
test_renewal_answered (Fixture      *fixture,
                       gconstpointer data)
{
  World *world = fixture->world;

  run_to_renewal (fixture);
  guint asked = fakes.count[OP_LIST];
  world_run (world, 1);
  g_assert_cmpuint (fakes.count[OP_LIST], ==, asked + 1);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);
  world_run (world, 60);
  g_autoptr(ChOrder) renewal = find_renewal (fixture);
  assert_order (world, renewal->id, "issued", "none");
}

static void
pass_a_day (gpointer data)
{
  world_set_clock (ch_now () + DAY);
}

/* However long the answer takes: the question is not put a second time. */
static void
test_renewal_answered_late (Fixture      *fixture,
                            gconstpointer data)
{
  run_to_renewal (fixture);
  guint asked = fakes.count[OP_LIST];
  fake_hook (OP_LIST, TRUE, pass_a_day, NULL);
  world_run (fixture->world, 1);
  g_assert_cmpuint (fakes.count[OP_LIST], ==, asked + 1);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);
}

/* Without an answer nothing is bought: that is told, and it is asked again, ever more rarely. */
static void
test_renewal_unanswered (Fixture      *fixture,
                         gconstpointer data)
{
  World *world = fixture->world;

  run_to_renewal (fixture);
  guint asked = fakes.count[OP_LIST];
  for (guint i = 0; i < 12; i++)
    fake_fail (OP_LIST, CH_ERROR_UNREACHABLE);
  world_run (world, 1);

  g_autoptr(ChOrder) first = world_order (world, fixture->id);
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpuint (first->replace_failures, ==, 1);
  g_assert_nonnull (strstr (first->reason, "not known whether"));
  g_assert_cmpuint (count_events (fixture, "order.replace-failed"), ==, 1);
  assert_needs_a_person (fixture, TRUE);

  world_run (world, DAY);
  g_autoptr(ChOrder) later = world_order (world, fixture->id);
  g_assert_cmpuint (later->replace_failures, >=, 4);
  g_assert_cmpuint (later->replace_failures, <=, 6);
  g_assert_cmpuint (fakes.count[OP_LIST] - asked, <, 12);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);

  /* It answers again. */
  world_run (world, 3 * DAY);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);
  assert_needs_a_person (fixture, FALSE);
}

/* The service dies with the question on its way. */
static void
check_renewal_killed (Fixture  *fixture,
                      gboolean  answered)
{
  run_to_renewal (fixture);
  fake_hook (OP_LIST, answered, world_die, fixture->world);
  world_run (fixture->world, 1);
  fixture->world = world_rise (fixture->world);
  policy = fixture->world->policy;
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  world_run (fixture->world, 10 * 60);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);
}

static void
test_renewal_killed_before (Fixture      *fixture,
                            gconstpointer data)
{
  check_renewal_killed (fixture, FALSE);
}

static void
test_renewal_killed_after (Fixture      *fixture,
                           gconstpointer data)
{
  check_renewal_killed (fixture, TRUE);
}

/* What is renewed is deleted here while its renewal is under way: the renewal comes all the same. */
static void
test_renewed_deleted (Fixture      *fixture,
                      gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  world_set_clock (at ("2027-09-03"));
  gint64 id = renew (fixture, &error);
  g_assert_true (ch_order_revoke (&world->world, fixture->id, TRUE, &somebody, &error));
  fake_fail (OP_SUBMIT, CH_ERROR_UNREACHABLE);
  world_run (world, 2);
  assert_order (world, fixture->id, "revoked", "none");
  g_assert_true (ch_store_remove_order (world->world.store, fixture->id, &error));
  world_run (world, 600);
  assert_order (world, id, "issued", "none");
}

/* A reissue that failed before its time is not trouble with the one in force. */
static void
test_early_failure (Fixture      *fixture,
                    gconstpointer data)
{
  World *world = fixture->world;

  fixture->id = add_issued (fixture, TRUE, FALSE);
  fake_fail (OP_REISSUE, CH_ERROR_CA_REFUSED);
  reissue (fixture, &usual);
  world_run (world, 60);
  assert_needs_a_person (fixture, TRUE);
  world_run (world, 2 * 60 * 60);
  assert_needs_a_person (fixture, FALSE);
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 1);
}

static void
test_replace (Fixture      *fixture,
              gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;
  ChReplacement what;

  g_assert_true (ch_order_replace (&world->world, fixture->id, TRUE, &somebody, &what, &error));
  g_assert_cmpint (what.next.kind, ==, CH_SUCCESSOR_REISSUE);
  assert_order (world, fixture->id, "issued", "none");
  g_assert_cmpuint (fakes.count[OP_REISSUE], ==, 0);

  g_assert_true (ch_order_replace (&world->world, fixture->id, FALSE, &somebody, &what, &error));
  g_assert_cmpint (what.order_id, ==, fixture->id);
  assert_order (world, fixture->id, "reissuing", "make-key");
  /* It is on its way already. */
  g_assert_false (ch_order_replace (&world->world, fixture->id, FALSE, &somebody, &what, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_clear_error (&error);

  world_run (world, 60);
  world_set_clock (at ("2027-11-28"));
  g_assert_true (ch_order_replace (&world->world, fixture->id, FALSE, &somebody, &what, &error));
  g_assert_cmpint (what.next.kind, ==, CH_SUCCESSOR_RENEWAL);
  g_assert_cmpint (what.order_id, ==, 2);
}

/* ---- by itself ---- */

/* A reissue that only a person can prove stands where people look. */
static void
test_asks_for_proof (Fixture      *fixture,
                     gconstpointer data)
{
  World *world = fixture->world;

  fakes.prove_again = TRUE;
  fakes.no_value = TRUE;
  assert_needs_a_person (fixture, FALSE);
  reissue (fixture, &usual);
  world_run (world, 30 * 60);
  assert_order (world, fixture->id, "reissuing", "track");
  assert_needs_a_person (fixture, TRUE);

  FakeOrder *next = g_ptr_array_index (fakes.orders, 1);
  next->status = CH_CA_ISSUED;
  next->certificate = issue (next->csr, next->name);
  world_run (world, DAY);
  assert_order (world, fixture->id, "issued", "none");
  assert_needs_a_person (fixture, FALSE);
}

static void
test_year (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;

  world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  fixture->id = add_issued (fixture, TRUE, TRUE);
  g_autoptr(ChOrder) first = world_order (world, fixture->id);
  follow (fixture, first->term_end - 60 * DAY, 6 * DAY);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  g_assert_cmpuint (fakes.count[OP_REISSUE], >=, 2);

  /* The term's last certificate is followed by a renewal: paid once. */
  world_run (world, 60 * DAY);
  assert_needs_a_person (fixture, FALSE);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);
  g_autoptr(ChOrder) renewal = find_renewal (fixture);
  g_assert_true (renewal->auto_replace && renewal->auto_renew);

  fixture->id = renewal->id;
  follow (fixture, ch_now () + 120 * DAY, 6 * DAY);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 2);

  g_autoptr(ChCertificate) served = in_force (fixture);
  assert_served (served);
}

/* Without leave to spend: a person is told once, and nothing is bought. */
static void
test_year_unpaid (Fixture      *fixture,
                  gconstpointer data)
{
  fixture->id = add_issued (fixture, TRUE, FALSE);
  g_autoptr(ChOrder) first = world_order (fixture->world, fixture->id);

  follow (fixture, first->term_end - DAY, 0);
  g_autoptr(ChOrder) last = world_order (fixture->world, fixture->id);
  g_assert_cmpuint (fakes.count[OP_SUBMIT], ==, 1);
  g_assert_cmpuint (count_events (fixture, "order.renewal-wanted"), ==, 1);
  g_assert_nonnull (strstr (last->reason, "chancery order renew 1"));
  g_assert_cmpint (last->not_after, >, last->term_end - 7 * DAY);
  assert_needs_a_person (fixture, TRUE);
}

/* A CA that is out of order is asked again, ever more rarely but every day, and the end shows it. */
static void
test_failing (Fixture      *fixture,
              gconstpointer data)
{
  World *world = fixture->world;

  fixture->id = add_issued (fixture, TRUE, FALSE);
  for (guint i = 0; i < 20; i++)
    fake_fail (OP_REISSUE, CH_ERROR_CA_REFUSED);
  world_run (world, 145 * DAY);

  g_autoptr(ChOrder) order = world_order (world, fixture->id);
  g_assert_cmpuint (order->replace_failures, >, 5);
  g_assert_cmpuint (fakes.count[OP_REISSUE], >=, 10);
  g_assert_cmpuint (count_events (fixture, "order.reissue-failed"), ==, order->replace_failures);
  assert_needs_a_person (fixture, TRUE);

  world_run (world, 20 * DAY);
  g_autoptr(ChOrder) after = world_order (world, fixture->id);
  g_assert_cmpint (after->not_after, >, order->not_after);
  g_assert_cmpuint (after->replace_failures, ==, 0);
  assert_needs_a_person (fixture, FALSE);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
#define TEST(name, set_up, test, data) \
  g_test_add ("/engine/replace/" name, Fixture, data, set_up, test, fixture_tear_down)
  TEST ("reissue", set_up_issued, test_reissue, NULL);
  TEST ("deployed-meanwhile", set_up_issued, test_deployed_meanwhile, NULL);
  TEST ("asks-for-proof", set_up_issued, test_asks_for_proof, NULL);
  TEST ("prove-again", set_up_issued, test_prove_again, NULL);
  TEST ("keep-key", set_up_issued, test_keep_key, NULL);
  TEST ("names", set_up_issued, test_names, NULL);
  TEST ("csr", set_up_issued, test_csr, NULL);
  TEST ("names-refused", set_up_issued, test_names_refused, NULL);
  TEST ("refused", set_up_issued, test_refused, NULL);
  TEST ("lost-answer", set_up_issued, test_lost_answer, NULL);
  TEST ("elsewhere/issued", set_up_issued, test_elsewhere_issued, NULL);
  TEST ("elsewhere/issued-known-key", set_up_issued, test_elsewhere_known_key, NULL);
  TEST ("elsewhere/waiting", set_up_issued, test_elsewhere_waiting, NULL);
  TEST ("elsewhere/meanwhile", set_up_issued, test_elsewhere_meanwhile, NULL);
  TEST ("unused-key/brought-request", set_up_issued, test_unused_key, NULL);
  TEST ("unused-key/another-algorithm", set_up_issued, test_unused_key, &other_algorithm);
  TEST ("unused-key/kept-key", set_up_issued, test_unused_key, &kept_key);
  TEST ("unused-key/none", set_up_issued, test_used_key, NULL);
  TEST ("unused-key/elsewhere", set_up_issued, test_unused_key_elsewhere, NULL);
  TEST ("unused-key/met", set_up_issued, test_unused_key_met, NULL);
  TEST ("never-arrived", set_up_issued, test_never_arrived, NULL);
  TEST ("cancel", set_up_issued, test_cancel, NULL);
  TEST ("killed", set_up_issued, test_killed, NULL);
  TEST ("too-early", set_up_issued, test_too_early, NULL);
  TEST ("renew", set_up_issued, test_renew, NULL);
  TEST ("renewal-refused", set_up_issued, test_renewal_refused, NULL);
  TEST ("renewal-cancelled/waiting", set_up_issued, test_renewal_cancelled, NULL);
  TEST ("renewal-cancelled/issued", set_up_issued, test_renewal_cancelled_issued, NULL);
  TEST ("renewal-revived", set_up_issued, test_renewal_revived, NULL);
  TEST ("renewal-failing", set_up, test_renewal_failing, NULL);
  TEST ("renewal-waits", set_up, test_renewal_waits, "2029-03-20");
  TEST ("reissue-while-renewing", set_up_issued, test_reissue_while_renewing, NULL);
  TEST ("elsewhere/renewing", set_up_issued, test_elsewhere_renewing, NULL);
  TEST ("renewed-elsewhere", set_up_issued, test_renewed_elsewhere, NULL);
  TEST ("renewal-answered/at-once", set_up_issued, test_renewal_answered, NULL);
  TEST ("renewal-answered/late", set_up_issued, test_renewal_answered_late, NULL);
  TEST ("renewal-unanswered", set_up_issued, test_renewal_unanswered, NULL);
  TEST ("renewal-killed/before", set_up_issued, test_renewal_killed_before, NULL);
  TEST ("renewal-killed/after", set_up_issued, test_renewal_killed_after, NULL);
  TEST ("renewed-deleted", set_up_issued, test_renewed_deleted, NULL);
  TEST ("early-failure", set_up, test_early_failure, NULL);
  TEST ("replace", set_up_issued, test_replace, NULL);
  TEST ("year/2026-12-01", set_up, test_year, "2026-12-01");
  TEST ("year/2027-03-01", set_up, test_year, "2027-03-01");
  TEST ("year/2029-03-10", set_up, test_year, "2029-03-10");
  TEST ("year/unpaid", set_up, test_year_unpaid, "2026-12-01");
  TEST ("failing", set_up, test_failing, NULL);
#undef TEST
  return g_test_run ();
}
