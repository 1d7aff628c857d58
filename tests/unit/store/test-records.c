/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

static void
assert_same_table (GHashTable *one,
                   GHashTable *other)
{
  GHashTableIter iter;
  gpointer name, value;

  g_assert_cmpuint (g_hash_table_size (one), ==, g_hash_table_size (other));
  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_assert_cmpstr (g_hash_table_lookup (other, name), ==, value);
}

static void
assert_same_peer (const ChPeer *one,
                  const ChPeer *other)
{
  g_assert_cmpint (one->id, ==, other->id);
  g_assert_cmpint (one->role, ==, other->role);
  g_assert_cmpstr (one->kind, ==, other->kind);
  g_assert_cmpstr (one->name, ==, other->name);
  assert_same_table (one->settings, other->settings);
  g_assert_cmpstrv (one->secrets, other->secrets);
  g_assert_cmpint (one->state, ==, other->state);
  g_assert_cmpstr (one->reason, ==, other->reason);
  g_assert_cmpint (one->checked_at, ==, other->checked_at);
  g_assert_cmpint (one->created_at, ==, other->created_at);
}

static void
test_peers (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPeer) peer = new_peer (CH_PEER_ROLE_DNS, "prod");

  g_assert_true (ch_store_add_peer (fixture->store, peer, &error));
  g_autoptr(ChPeer) got = ch_store_get_peer (fixture->store, CH_PEER_ROLE_DNS, peer->id, &error);
  g_assert_no_error (error);
  assert_same_peer (got, peer);

  peer->state = CH_PEER_STATE_DISABLED;
  g_clear_pointer (&peer->reason, g_free);
  g_clear_pointer (&peer->secrets, g_strfreev);
  peer->secrets = g_new0 (char *, 1);
  g_hash_table_remove_all (peer->settings);
  g_assert_true (ch_store_update_peer (fixture->store, peer, &error));
  g_autoptr(ChPeer) found = ch_store_find_peer (fixture->store, CH_PEER_ROLE_DNS, "prod", &error);
  g_assert_no_error (error);
  assert_same_peer (found, peer);
}

static void
test_peer_names (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 id = add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");

  add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "web");
  g_autoptr(ChPeer) again = new_peer (CH_PEER_ROLE_SERVER, "web");
  g_assert_false (ch_store_add_peer (fixture->store, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "server named “web”"));
  g_clear_error (&error);

  g_free (again->name);
  again->name = g_strdup ("app");
  g_assert_true (ch_store_add_peer (fixture->store, again, &error));
  g_free (again->name);
  again->name = g_strdup ("web");
  g_assert_false (ch_store_update_peer (fixture->store, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_EXISTS);
  g_clear_error (&error);

  g_autoptr(GPtrArray) list = ch_store_list_peers (fixture->store, CH_PEER_ROLE_SERVER, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((ChPeer *) list->pdata[0])->name, ==, "app");
  g_assert_cmpint (((ChPeer *) list->pdata[1])->id, ==, id);

  g_assert_null (ch_store_get_peer (fixture->store, CH_PEER_ROLE_DNS, id, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (ch_store_find_peer (fixture->store, CH_PEER_ROLE_DNS, "web'; DROP TABLE peers; --", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
test_ids_are_never_used_again (Fixture      *fixture,
                               gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 first = add_peer (fixture->store, CH_PEER_ROLE_SERVER, "one");

  g_assert_true (ch_store_remove_peer (fixture->store, first, &error));
  g_assert_cmpint (add_peer (fixture->store, CH_PEER_ROLE_SERVER, "two"), >, first);
  g_assert_false (ch_store_remove_peer (fixture->store, first, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
assert_same_order (const ChOrder *one,
                   const ChOrder *other)
{
  g_assert_cmpint (one->id, ==, other->id);
  g_assert_cmpint (one->state, ==, other->state);
  g_assert_cmpint (one->step, ==, other->step);
  g_assert_cmpint (one->due, ==, other->due);
  g_assert_cmpuint (one->failures, ==, other->failures);
  g_assert_cmpstr (one->reason, ==, other->reason);
  g_assert_cmpint (one->state_since, ==, other->state_since);
  g_assert_cmpint (one->cancel_wanted, ==, other->cancel_wanted);
  g_assert_cmpstrv (one->names, other->names);
  g_assert_cmpint (one->account_id, ==, other->account_id);
  g_assert_cmpint (one->dns_account_id, ==, other->dns_account_id);
  g_assert_cmpint (one->dns_named, ==, other->dns_named);
  g_assert_cmpint (one->product, ==, other->product);
  g_assert_cmpint (one->method, ==, other->method);
  g_assert_cmpint (one->key_algorithm, ==, other->key_algorithm);
  g_assert_cmpint (one->term_months, ==, other->term_months);
  assert_same_table (one->contact, other->contact);
  g_assert_cmpstr (one->key_ref, ==, other->key_ref);
  g_assert_cmpstr (one->csr, ==, other->csr);
  g_assert_cmpstr (one->public_key, ==, other->public_key);
  g_assert_cmpstr (one->own_key, ==, other->own_key);
  g_assert_cmpuint (one->attempt, ==, other->attempt);
  g_assert_cmpstr (one->ca_order, ==, other->ca_order);
  g_assert_cmpint (one->placed_at, ==, other->placed_at);
  g_assert_cmpint (one->issued_at, ==, other->issued_at);
  g_assert_cmpint (one->not_after, ==, other->not_after);
  g_assert_cmpint (one->term_end, ==, other->term_end);
  g_assert_cmpint (one->created_at, ==, other->created_at);
  g_assert_cmpint (one->updated_at, ==, other->updated_at);
}

static void
test_orders (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr(ChOrder) order = new_order (account, "example.test");

  g_assert_true (ch_store_add_order (fixture->store, order, &error));
  g_assert_cmpint (order->updated_at, >=, before);
  g_autoptr(ChOrder) got = ch_store_get_order (fixture->store, order->id, &error);
  g_assert_no_error (error);
  assert_same_order (got, order);

  order->state = CH_ORDER_STATE_FAILED;
  order->dns_account_id = add_peer (fixture->store, CH_PEER_ROLE_DNS, "dns");
  order->dns_named = TRUE;
  g_clear_pointer (&order->csr, g_free);
  g_clear_pointer (&order->ca_order, g_free);
  g_strfreev (order->names);
  order->names = g_strsplit ("other.test", " ", -1);
  order->updated_at = 0;
  g_assert_true (ch_store_update_order (fixture->store, order, &error));
  g_assert_cmpint (order->updated_at, >=, before);
  g_autoptr(ChOrder) changed = ch_store_get_order (fixture->store, order->id, &error);
  g_assert_no_error (error);
  assert_same_order (changed, order);

  order->id += 1;
  g_assert_false (ch_store_update_order (fixture->store, order, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (ch_store_get_order (fixture->store, order->id, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
test_challenges (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 order = add_order (fixture->store, add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs"),
                            "example.test");
  g_autoptr(GPtrArray) set = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_challenge_free);

  for (int i = 0; i < 2; i++)
    {
      ChChallenge *challenge = g_new0 (ChChallenge, 1);

      challenge->method = CH_DCV_METHOD_HTTP;
      challenge->name = g_strdup_printf ("%d.example.test", i);
      challenge->location = g_strdup ("_dnsauth.example.test");
      challenge->value = g_strdup ("abc");
      challenge->aliases = g_strsplit ("a.example.org b.example.org", " ", -1);
      challenge->value_at = 1;
      g_ptr_array_add (set, challenge);
    }
  g_assert_true (ch_store_set_challenges (fixture->store, order, set, &error));

  ChChallenge *first = set->pdata[0];
  first->published_at = 2;
  first->seen_at = 3;
  first->observed = g_strdup ("[]");
  g_assert_true (ch_store_update_challenge (fixture->store, first, &error));

  g_autoptr(GPtrArray) list = ch_store_list_challenges (fixture->store, order, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  const ChChallenge *got = list->pdata[0];
  g_assert_cmpint (got->id, ==, first->id);
  g_assert_cmpint (got->order_id, ==, order);
  g_assert_cmpint (got->method, ==, CH_DCV_METHOD_HTTP);
  g_assert_cmpstr (got->name, ==, "0.example.test");
  g_assert_cmpstr (got->location, ==, first->location);
  g_assert_cmpstr (got->value, ==, "abc");
  g_assert_cmpstrv (got->aliases, first->aliases);
  g_assert_cmpint (got->dns_account_id, ==, 0);
  g_assert_cmpint (got->value_at, ==, 1);
  g_assert_cmpint (got->published_at, ==, 2);
  g_assert_cmpint (got->seen_at, ==, 3);
  g_assert_cmpstr (got->observed, ==, "[]");

  g_ptr_array_remove_index (set, 0);
  g_assert_true (ch_store_set_challenges (fixture->store, order, set, &error));
  g_autoptr(GPtrArray) fewer = ch_store_list_challenges (fixture->store, order, &error);
  g_assert_cmpuint (fewer->len, ==, 1);

  /* A refused set leaves the old one. */
  g_clear_pointer (&((ChChallenge *) set->pdata[0])->value, g_free);
  g_assert_false (ch_store_set_challenges (fixture->store, order, set, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_STORE);
  g_clear_error (&error);
  g_autoptr(GPtrArray) still = ch_store_list_challenges (fixture->store, order, &error);
  g_assert_cmpuint (still->len, ==, 1);
  g_assert_cmpstr (((ChChallenge *) still->pdata[0])->value, ==, "abc");
}

static void
test_certificates (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 order = add_order (fixture->store, add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs"),
                            "example.test");
  g_autoptr(ChCertificate) one = new_certificate (order, "f1");
  g_autoptr(ChCertificate) two = new_certificate (order, "f2");
  g_autoptr(ChCertificate) again = new_certificate (order, "f1");

  two->issued_at += 1;
  two->root = g_strdup ("root");
  g_assert_true (ch_store_add_certificate (fixture->store, one, &error));
  g_assert_true (ch_store_add_certificate (fixture->store, two, &error));
  g_assert_true (ch_store_add_certificate (fixture->store, again, &error));
  g_assert_cmpint (again->id, ==, one->id);

  g_autoptr(GPtrArray) list = ch_store_list_certificates (fixture->store, order, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (((ChCertificate *) list->pdata[0])->id, ==, two->id);

  g_autoptr(ChCertificate) got = ch_store_get_certificate (fixture->store, two->id, &error);
  g_assert_cmpint (got->order_id, ==, order);
  g_assert_cmpstr (got->ca_order, ==, two->ca_order);
  g_assert_cmpstr (got->serial, ==, two->serial);
  g_assert_cmpstr (got->subject, ==, two->subject);
  g_assert_cmpstr (got->issuer, ==, two->issuer);
  g_assert_cmpstrv (got->names, two->names);
  g_assert_cmpint (got->not_before, ==, two->not_before);
  g_assert_cmpint (got->not_after, ==, two->not_after);
  g_assert_cmpstr (got->fingerprint, ==, "f2");
  g_assert_cmpstr (got->public_key, ==, two->public_key);
  g_assert_cmpstr (got->pem, ==, "leaf");
  g_assert_cmpstr (got->chain, ==, "");
  g_assert_cmpstr (got->root, ==, "root");
  g_assert_cmpint (got->issued_at, ==, two->issued_at);

  g_assert_null (ch_store_get_certificate (fixture->store, 99, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
test_txt_records (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 dns = add_peer (fixture->store, CH_PEER_ROLE_DNS, "dns");
  gint64 order = add_order (fixture->store, add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs"),
                            "example.test");
  g_autoptr(ChTxtRecord) of_order = new_txt_record (dns, order);
  g_autoptr(ChTxtRecord) of_test = new_txt_record (dns, 0);

  of_order->state = CH_TXT_STATE_ADDING;
  g_assert_true (ch_store_add_txt_record (fixture->store, of_order, &error));
  g_assert_true (ch_store_add_txt_record (fixture->store, of_test, &error));
  g_autoptr(GPtrArray) all = ch_store_list_txt_records (fixture->store, 0, &error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpint (((ChTxtRecord *) all->pdata[1])->order_id, ==, 0);

  of_order->state = CH_TXT_STATE_REMOVING;
  of_order->due = 7;
  g_assert_true (ch_store_update_txt_record (fixture->store, of_order, &error));
  g_autoptr(GPtrArray) list = ch_store_list_txt_records (fixture->store, order, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  const ChTxtRecord *got = list->pdata[0];
  g_assert_cmpint (got->id, ==, of_order->id);
  g_assert_cmpint (got->dns_account_id, ==, dns);
  g_assert_cmpint (got->order_id, ==, order);
  g_assert_cmpstr (got->name, ==, of_order->name);
  g_assert_cmpstr (got->value, ==, of_order->value);
  g_assert_cmpstr (got->zone, ==, "example.test");
  g_assert_true (got->ours);
  g_assert_cmpint (got->state, ==, CH_TXT_STATE_REMOVING);
  g_assert_cmpint (got->due, ==, 7);
  g_assert_cmpuint (got->failures, ==, 4);
  g_assert_cmpstr (got->reason, ==, of_order->reason);
  g_assert_cmpint (got->created_at, ==, of_order->created_at);

  g_assert_true (ch_store_remove_txt_record (fixture->store, of_order->id, &error));
  g_assert_false (ch_store_remove_txt_record (fixture->store, of_order->id, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
test_deployments (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 server = add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
  g_autoptr(ChDeployment) deployment = new_deployment (server, "site");
  g_autoptr(ChDeployment) again = new_deployment (server, "site");

  g_assert_true (ch_store_add_deployment (fixture->store, deployment, &error));
  g_assert_false (ch_store_add_deployment (fixture->store, again, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "“site”"));
  g_clear_error (&error);

  deployment->due = 9;
  deployment->enabled = FALSE;
  deployment->web_root = g_strdup ("/srv/www");
  deployment->wave = 2;
  deployment->paused_until = G_MAXINT64;
  deployment->drift = g_strdup ("It serves another certificate.");
  g_assert_true (ch_store_update_deployment (fixture->store, deployment, &error));
  g_autoptr(ChDeployment) got = ch_store_get_deployment (fixture->store, deployment->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got->name, ==, "site");
  g_assert_cmpint (got->server_id, ==, server);
  g_assert_cmpstrv (got->names, deployment->names);
  g_assert_cmpstr (got->files, ==, deployment->files);
  g_assert_cmpstr (got->action, ==, deployment->action);
  g_assert_cmpstr (got->checks, ==, deployment->checks);
  g_assert_cmpstr (got->test, ==, deployment->test);
  g_assert_cmpstr (got->web_root, ==, "/srv/www");
  g_assert_cmpuint (got->wave, ==, 2);
  g_assert_cmpint (got->paused_until, ==, G_MAXINT64);
  g_assert_cmpstr (got->drift, ==, deployment->drift);
  g_assert_null (got->template);
  g_assert_cmpint (got->state, ==, CH_DEPLOYMENT_STATE_FAILED);
  g_assert_cmpstr (got->reason, ==, deployment->reason);
  g_assert_false (got->enabled);
  g_assert_cmpint (got->due, ==, 9);
  g_assert_cmpuint (got->failures, ==, 5);
  g_assert_cmpint (got->certificate_id, ==, 0);
  g_assert_cmpint (got->deployed_at, ==, deployment->deployed_at);
  g_assert_cmpint (got->created_at, ==, deployment->created_at);

  g_autoptr(GPtrArray) list = ch_store_list_deployments (fixture->store, &error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_true (ch_store_remove_deployment (fixture->store, deployment->id, &error));
  g_assert_null (ch_store_get_deployment (fixture->store, deployment->id, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

static void
test_runs (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChDeployment) deployment =
    new_deployment (add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web"), "site");
  ChRun done = { .started_at = 1, .finished_at = 2, .result = (char *) "deployed", .steps = (char *) "[]" };
  ChRun open = { .started_at = 3, .result = (char *) "running", .steps = (char *) "[]" };

  g_assert_true (ch_store_add_deployment (fixture->store, deployment, &error));
  done.deployment_id = open.deployment_id = deployment->id;
  g_assert_true (ch_store_add_run (fixture->store, &done, &error));
  g_assert_true (ch_store_add_run (fixture->store, &open, &error));
  open.steps = (char *) "[1]";
  open.error = (char *) "why";
  g_assert_true (ch_store_update_run (fixture->store, &open, &error));
  g_assert_true (ch_store_close_open_runs (fixture->store, 50, &error));

  g_autoptr(GPtrArray) list = ch_store_list_runs (fixture->store, deployment->id, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  const ChRun *newest = list->pdata[0];
  const ChRun *oldest = list->pdata[1];
  g_assert_cmpint (newest->id, ==, open.id);
  g_assert_cmpint (newest->started_at, ==, 3);
  g_assert_cmpint (newest->finished_at, ==, 50);
  g_assert_cmpstr (newest->result, ==, "interrupted");
  g_assert_cmpstr (newest->error, ==, "why");
  g_assert_cmpstr (newest->steps, ==, "[1]");
  g_assert_cmpstr (oldest->result, ==, "deployed");
  g_assert_cmpint (oldest->finished_at, ==, 2);

  g_autoptr(GPtrArray) one = ch_store_list_runs (fixture->store, deployment->id, 1, &error);
  g_assert_cmpuint (one->len, ==, 1);
}

static void
test_events (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  ChEvent event = {
    .at = 5, .uid = -1, .authority = (char *) "daemon", .action = (char *) "order.new",
    .object = (char *) "order/1", .name = (char *) "example.test", .ok = TRUE, .text = (char *) "Ordered.",
  };

  for (int i = 0; i < 3; i++)
    {
      event.object = (char *) (i == 1 ? "order/2" : "order/1");
      g_assert_true (ch_store_add_event (fixture->store, &event, &error));
    }

  g_autoptr(GPtrArray) all = ch_store_list_events (fixture->store, NULL, 0, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  const ChEvent *newest = all->pdata[0];
  g_assert_cmpint (newest->id, ==, event.id);
  g_assert_cmpint (newest->at, ==, 5);
  g_assert_cmpint (newest->uid, ==, -1);
  g_assert_cmpstr (newest->authority, ==, "daemon");
  g_assert_cmpstr (newest->action, ==, "order.new");
  g_assert_cmpstr (newest->object, ==, "order/1");
  g_assert_cmpstr (newest->name, ==, "example.test");
  g_assert_true (newest->ok);
  g_assert_cmpstr (newest->text, ==, "Ordered.");

  gint64 last = ((ChEvent *) all->pdata[1])->id;
  g_autoptr(GPtrArray) older = ch_store_list_events (fixture->store, NULL, last, 2, &error);
  g_assert_cmpuint (older->len, ==, 1);
  g_autoptr(GPtrArray) of_one = ch_store_list_events (fixture->store, "order/1", 0, 10, &error);
  g_assert_cmpuint (of_one->len, ==, 2);
}

static void
test_meta (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_store_get_meta (fixture->store, "since", &error));
  g_assert_no_error (error);
  g_assert_true (ch_store_set_meta (fixture->store, "since", "1", &error));
  g_assert_true (ch_store_set_meta (fixture->store, "since", "2", &error));
  g_autofree char *value = ch_store_get_meta (fixture->store, "since", &error);
  g_assert_cmpstr (value, ==, "2");
}

static void
test_what_is_needed_stays (Fixture      *fixture,
                           gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gint64 account = add_peer (fixture->store, CH_PEER_ROLE_ACCOUNT, "gs");
  gint64 dns = add_peer (fixture->store, CH_PEER_ROLE_DNS, "dns");
  gint64 server = add_peer (fixture->store, CH_PEER_ROLE_SERVER, "web");
  gint64 order = add_order (fixture->store, account, "example.test");
  g_autoptr(ChTxtRecord) record = new_txt_record (dns, order);
  g_autoptr(ChCertificate) certificate = new_certificate (order, "f1");
  g_autoptr(ChDeployment) deployment = new_deployment (server, "site");

  g_assert_true (ch_store_add_txt_record (fixture->store, record, &error));
  g_assert_true (ch_store_add_certificate (fixture->store, certificate, &error));
  deployment->certificate_id = certificate->id;
  g_assert_true (ch_store_add_deployment (fixture->store, deployment, &error));

  const struct { gint64 id; const char *says; } held[] = {
    { account, "“example.test” still needs it (orders: 1)" },
    { dns, "must still be removed through it (values: 1)" },
    { server, "“site” still needs it (deployments: 1)" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    {
      g_assert_false (ch_store_remove_peer (fixture->store, held[i].id, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);
      g_assert_nonnull (strstr (error->message, held[i].says));
      g_clear_error (&error);
    }
  g_assert_false (ch_store_remove_order (fixture->store, order, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "in the DNS"));
  g_clear_error (&error);
  g_autoptr(GPtrArray) certificates = ch_store_list_certificates (fixture->store, order, &error);
  g_assert_cmpuint (certificates->len, ==, 1);

  g_assert_true (ch_store_remove_txt_record (fixture->store, record->id, &error));
  g_assert_true (ch_store_remove_order (fixture->store, order, &error));
  g_assert_null (ch_store_get_certificate (fixture->store, certificate->id, NULL));
  g_autoptr(ChDeployment) after = ch_store_get_deployment (fixture->store, deployment->id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->certificate_id, ==, 0);
  g_assert_true (ch_store_remove_peer (fixture->store, account, &error));
  g_assert_true (ch_store_remove_peer (fixture->store, dns, &error));
}

static void
test_what_is_not_there_cannot_be_referred_to (Fixture      *fixture,
                                              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChOrder) order = new_order (77, "example.test");
  g_autoptr(ChCertificate) certificate = new_certificate (77, "f1");

  g_assert_false (ch_store_add_order (fixture->store, order, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_assert_cmpint (order->id, ==, 0);
  g_clear_error (&error);
  g_assert_false (ch_store_add_certificate (fixture->store, certificate, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
}

#define ADD(name, function) \
  g_test_add ("/store/records/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("peers", test_peers);
  ADD ("peer-names", test_peer_names);
  ADD ("ids", test_ids_are_never_used_again);
  ADD ("orders", test_orders);
  ADD ("challenges", test_challenges);
  ADD ("certificates", test_certificates);
  ADD ("txt-records", test_txt_records);
  ADD ("deployments", test_deployments);
  ADD ("runs", test_runs);
  ADD ("events", test_events);
  ADD ("meta", test_meta);
  ADD ("in-use", test_what_is_needed_stays);
  ADD ("dangling", test_what_is_not_there_cannot_be_referred_to);
  return g_test_run ();
}
