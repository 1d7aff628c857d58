/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <glib/gstdio.h>

void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (folder));
}

void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("chancery-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "state.db", NULL);
  fixture->store = ch_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_clear_pointer (&fixture->store, ch_store_close);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static GHashTable *
new_table (const char *name,
           const char *value)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (table, g_strdup (name), g_strdup (value));
  g_hash_table_insert (table, g_strdup ("quotes"), g_strdup ("\"\\ \n “ü”"));
  return table;
}

ChPeer *
new_peer (ChPeerRole  role,
          const char *name)
{
  ChPeer *peer = g_new0 (ChPeer, 1);

  peer->role = role;
  peer->kind = g_strdup ("rfc2136");
  peer->name = g_strdup (name);
  peer->settings = new_table ("server", "ns.example.test");
  peer->secrets = g_strsplit ("tsig-secret other", " ", -1);
  peer->state = CH_PEER_STATE_FAILING;
  peer->reason = g_strdup ("The server “ns” refuses us.");
  peer->failures = 2;
  peer->checked_at = 1700000001;
  peer->created_at = 1700000002;
  return peer;
}

ChOrder *
new_order (gint64      account_id,
           const char *name)
{
  ChOrder *order = g_new0 (ChOrder, 1);
  g_autofree char *second = g_strdup_printf ("www.%s", name);

  order->state = CH_ORDER_STATE_VALIDATING;
  order->step = CH_ORDER_STEP_PROPAGATE;
  order->due = 0;
  order->failures = 3;
  order->reason = g_strdup ("Waits for the DNS.");
  order->state_since = 1700000003;
  order->cancel_wanted = TRUE;
  order->names = g_new0 (char *, 3);
  order->names[0] = g_strdup (name);
  order->names[1] = g_steal_pointer (&second);
  order->account_id = account_id;
  order->product = CH_PRODUCT_DOMAINSSL;
  order->method = CH_DCV_METHOD_DNS;
  order->key_algorithm = CH_KEY_ALGORITHM_EC_P384;
  order->term_months = 12;
  order->contact = new_table ("email", "hostmaster@example.test");
  order->key_ref = g_strdup ("key/1");
  order->csr = g_strdup ("csr");
  order->public_key = g_strdup ("abcd");
  order->own_key = g_strdup ("chancery-1-2");
  order->attempt = 2;
  order->ca_order = g_strdup ("CE20260001");
  order->placed_at = 1700000004;
  order->issued_at = 1700000005;
  order->not_after = 1700000006;
  order->term_end = 1700000007;
  order->created_at = 1700000008;
  return order;
}

ChCertificate *
new_certificate (gint64      order_id,
                 const char *fingerprint)
{
  ChCertificate *certificate = g_new0 (ChCertificate, 1);

  certificate->order_id = order_id;
  certificate->ca_order = g_strdup ("CE20260001");
  certificate->serial = g_strdup ("01ab");
  certificate->subject = g_strdup ("CN=example.test");
  certificate->issuer = g_strdup ("CN=Test CA");
  certificate->names = g_strsplit ("example.test www.example.test", " ", -1);
  certificate->not_before = 1700000010;
  certificate->not_after = 1700000011;
  certificate->fingerprint = g_strdup (fingerprint);
  certificate->public_key = g_strdup ("abcd");
  certificate->pem = g_strdup ("leaf");
  certificate->chain = g_strdup ("");
  certificate->issued_at = 1700000012;
  return certificate;
}

ChTxtRecord *
new_txt_record (gint64 dns_account_id,
                gint64 order_id)
{
  ChTxtRecord *record = g_new0 (ChTxtRecord, 1);

  record->dns_account_id = dns_account_id;
  record->order_id = order_id;
  record->name = g_strdup ("_dnsauth.example.test");
  record->value = g_strdup ("_globalsign-domain-verification=abc");
  record->zone = g_strdup ("example.test");
  record->ours = TRUE;
  record->state = CH_TXT_STATE_REMOVING;
  record->failures = 4;
  record->reason = g_strdup ("The server did not answer.");
  record->created_at = 1700000020;
  return record;
}

ChDeployment *
new_deployment (gint64      server_id,
                const char *name)
{
  ChDeployment *deployment = g_new0 (ChDeployment, 1);

  deployment->name = g_strdup (name);
  deployment->server_id = server_id;
  deployment->names = g_strsplit ("example.test", " ", -1);
  deployment->files = g_strdup ("[{\"part\":\"key\",\"path\":\"/etc/key.pem\"}]");
  deployment->test = g_strdup ("{}");
  deployment->action = g_strdup ("{\"kind\":\"none\"}");
  deployment->checks = g_strdup ("[]");
  deployment->state = CH_DEPLOYMENT_STATE_FAILED;
  deployment->reason = g_strdup ("nginx did not start.");
  deployment->enabled = TRUE;
  deployment->failures = 5;
  deployment->deployed_at = 1700000030;
  deployment->created_at = 1700000031;
  return deployment;
}

gint64
add_peer (ChStore    *store,
          ChPeerRole  role,
          const char *name)
{
  g_autoptr(ChPeer) peer = new_peer (role, name);
  g_autoptr(GError) error = NULL;

  ch_store_add_peer (store, peer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (peer->id, >, 0);
  return peer->id;
}

gint64
add_order (ChStore    *store,
           gint64      account_id,
           const char *name)
{
  g_autoptr(ChOrder) order = new_order (account_id, name);
  g_autoptr(GError) error = NULL;

  ch_store_add_order (store, order, &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->id, >, 0);
  return order->id;
}
