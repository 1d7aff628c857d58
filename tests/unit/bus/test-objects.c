/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#define MANAGER "org.freedesktop.DBus.ObjectManager"

static GVariant *
managed_objects (World *world)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH, MANAGER, "GetManagedObjects", NULL, &error);

  g_assert_no_error (error);
  return g_variant_get_child_value (reply, 0);
}

static void
test_managed_objects (World        *world,
                      gconstpointer data)
{
  ChStore *store = world->world.store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 dns = add_peer (store, CH_PEER_ROLE_DNS, "ns");

  add_order (store, account, "one.test");
  fake_engine_add_job ("dns.test");
  g_autoptr(GVariant) objects = managed_objects (world);

  /* Orders are too many to be managed. */
  g_assert_cmpuint (g_variant_n_children (objects), ==, 3);

  g_autofree char *path = ch_path_new (CH_FOLDER_DNS, dns);
  g_autoptr(GVariant) interfaces = g_variant_lookup_value (objects, path, NULL);
  g_assert_nonnull (interfaces);
  g_autoptr(GVariant) properties = g_variant_lookup_value (interfaces, CH_IFACE_DNS_ACCOUNT, NULL);
  g_auto(GStrv) secrets = NULL;
  g_assert_true (g_variant_lookup (properties, "Secrets", "^as", &secrets));
  g_assert_cmpstr (secrets[0], ==, "tsig-secret");
}

static void
test_changes (World        *world,
              gconstpointer data)
{
  ChWatcher *watcher = &world->world.watcher;
  gint64 id = add_peer (world->world.store, CH_PEER_ROLE_SERVER, "web");
  g_autofree char *want = ch_path_new (CH_FOLDER_SERVERS, id);
  g_autofree char *path = NULL;
  const char *object;

  watcher->peer_changed (watcher->data, CH_PEER_ROLE_SERVER, id, CH_CHANGE_ADDED);
  g_autoptr(GVariant) added = world_wait (world, "InterfacesAdded", &path);
  g_assert_cmpstr (path, ==, CH_ROOT_PATH);
  g_assert_true (g_variant_is_of_type (added, G_VARIANT_TYPE ("(oa{sa{sv}})")));
  g_variant_get_child (added, 0, "&o", &object);
  g_assert_cmpstr (object, ==, want);

  watcher->peer_changed (watcher->data, CH_PEER_ROLE_SERVER, id, CH_CHANGE_CHANGED);
  g_autofree char *changed_path = NULL;
  g_autoptr(GVariant) changed = world_wait (world, "PropertiesChanged", &changed_path);
  g_assert_cmpstr (changed_path, ==, want);
  g_assert_true (g_variant_is_of_type (changed, G_VARIANT_TYPE ("(sa{sv}as)")));

  watcher->peer_changed (watcher->data, CH_PEER_ROLE_SERVER, id, CH_CHANGE_REMOVED);
  g_autoptr(GVariant) removed = world_wait (world, "InterfacesRemoved", NULL);
  g_autoptr(GVariant) expected = g_variant_ref_sink (
      g_variant_new ("(o^as)", want, (const char *const []) { CH_IFACE_SERVER, NULL }));
  g_assert_cmpvariant (removed, expected);
}

static void
test_job_and_deployment (World        *world,
                         gconstpointer data)
{
  ChWatcher *watcher = &world->world.watcher;
  gint64 server = add_peer (world->world.store, CH_PEER_ROLE_SERVER, "web");
  g_autoptr(ChDeployment) deployment = new_deployment (server, "nginx");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  ch_store_add_deployment (world->world.store, deployment, NULL);
  watcher->deployment_changed (watcher->data, deployment->id, CH_CHANGE_CHANGED);
  watcher->job_changed (watcher->data, fake_engine_add_job ("dns.test"), CH_CHANGE_CHANGED);

  g_autoptr(GVariant) a = world_wait (world, "PropertiesChanged", &first);
  g_autoptr(GVariant) b = world_wait (world, "PropertiesChanged", &second);
  g_assert_true (g_str_has_prefix (first, CH_ROOT_PATH "/deployments/"));
  g_assert_cmpstr (second, ==, CH_ROOT_PATH "/jobs/1");

  g_autoptr(GVariant) row = g_variant_get_child_value (a, 1);
  g_autoptr(GVariant) files = g_variant_lookup_value (row, "Files", NULL);
  g_autoptr(GVariant) want = parse ("aa{sv}", "[{'part': <'key'>, 'path': <'/etc/key.pem'>}]");
  g_assert_cmpvariant (files, want);
}

static void
test_events (World        *world,
             gconstpointer data)
{
  ChEvent event = {
    .at = 1700000000, .uid = -1, .authority = (char *) "daemon", .action = (char *) "order.issued",
    .object = (char *) "order/3", .name = (char *) "one.test", .ok = TRUE, .text = (char *) "It is there.",
  };
  g_autoptr(GError) error = NULL;

  ch_store_add_event (world->world.store, &event, &error);
  g_assert_no_error (error);
  world->world.watcher.event_added (world->world.watcher.data, &event);

  g_autoptr(GVariant) signal = world_wait (world, "EventAdded", NULL);
  g_autoptr(GVariant) row = g_variant_get_child_value (signal, 0);
  g_autoptr(GVariant) reply = world_ask (world, "ListEvents",
                                         parse ("(a{sv}tu)", "({'object': <'order/3'>}, 0, 0)"));
  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  g_autoptr(GVariant) listed = g_variant_get_child_value (rows, 0);
  g_assert_cmpuint (g_variant_n_children (rows), ==, 1);
  g_assert_cmpvariant (row, listed);
}

static void
test_status (World        *world,
             gconstpointer data)
{
  ChStore *store = world->world.store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 dns = add_peer (store, CH_PEER_ROLE_DNS, "ns");
  gint64 id = add_order (store, account, "one.test");
  g_autoptr(ChTxtRecord) record = new_txt_record (dns, id);
  g_autoptr(GError) error = NULL;

  ch_store_add_txt_record (store, record, &error);
  g_assert_no_error (error);

  g_autoptr(GVariant) reply = world_ask (world, "GetStatus", parse ("(a{sv})", "({},)"));
  g_autoptr(GVariant) status = g_variant_get_child_value (reply, 0);
  guint32 leftovers, n;
  g_assert_true (g_variant_lookup (status, "Leftovers", "u", &leftovers));
  g_assert_cmpuint (leftovers, ==, 1);

  g_autoptr(GVariant) orders = g_variant_lookup_value (status, "Orders", G_VARIANT_TYPE ("a{su}"));
  g_assert_true (g_variant_lookup (orders, "validating", "u", &n));
  g_assert_cmpuint (n, ==, 1);

  /* Both peers are failing. */
  g_autoptr(GVariant) attention = g_variant_lookup_value (status, "Attention", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_cmpuint (g_variant_n_children (attention), ==, 2);
}

static void
test_leftovers (World        *world,
                gconstpointer data)
{
  ChStore *store = world->world.store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 dns = add_peer (store, CH_PEER_ROLE_DNS, "ns");
  gint64 id = add_order (store, account, "one.test");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(ChTxtRecord) record = new_txt_record (dns, i == 2 ? 0 : id);
      record->state = i == 0 ? CH_TXT_STATE_PRESENT : CH_TXT_STATE_REMOVING;
      record->due = i == 1 ? 1700000300 : 0;
      ch_store_add_txt_record (store, record, &error);
      g_assert_no_error (error);
    }

  g_autoptr(GVariant) reply = world_ask (world, "ListLeftovers", parse ("(tu)", "(0, 0)"));
  g_autofree char *text = g_strdup_printf (
      "([{'Id': <uint64 2>, 'DnsAccount': <objectpath '/org/chancery/Chancery1/dns/%d'>, 'DnsAccountName': <'ns'>, "
      "'Zone': <'example.test'>, 'Name': <'_dnsauth.example.test'>, 'Value': <'_globalsign-domain-verification=abc'>, "
      "'Order': <objectpath '/org/chancery/Chancery1/orders/%d'>, 'Since': <int64 1700000020>, 'Failures': <uint32 4>, "
      "'Reason': <'The server did not answer.'>, 'NextTry': <int64 1700000300>}],)", (int) dns, (int) id);
  g_autoptr(GVariant) want = parse ("(aa{sv})", text);
  g_autoptr(GVariant) first = world_ask (world, "ListLeftovers", parse ("(tu)", "(0, 1)"));
  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  g_assert_cmpvariant (first, want);
  g_assert_cmpuint (g_variant_n_children (rows), ==, 2);

  /* What is being removed has no next try, what a test left has no order. */
  g_autoptr(GVariant) second = world_ask (world, "ListLeftovers", parse ("(tu)", "(2, 100000)"));
  g_autoptr(GVariant) others = g_variant_get_child_value (second, 0);
  g_autoptr(GVariant) row = g_variant_get_child_value (others, 0);
  const char *order;
  gint64 next = -1;
  g_assert_true (g_variant_lookup (row, "Order", "&o", &order));
  g_assert_cmpstr (order, ==, "/");
  g_assert_true (g_variant_lookup (row, "NextTry", "x", &next));
  g_assert_cmpint (next, ==, 0);

  g_autoptr(GVariant) none = world_ask (world, "ListLeftovers", parse ("(tu)", "(18446744073709551615, 0)"));
  g_autoptr(GVariant) empty = parse ("(aa{sv})", "([],)");
  g_assert_cmpvariant (none, empty);
}

static char *
introspect (World      *world,
            const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = world_call (world, path, "org.freedesktop.DBus.Introspectable", "Introspect",
                                          NULL, &error);
  char *xml;

  g_assert_no_error (error);
  g_variant_get (reply, "(s)", &xml);
  return xml;
}

static void
test_tree (World        *world,
           gconstpointer data)
{
  gint64 id = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "main");
  g_autofree char *node = g_strdup_printf ("<node name=\"%d\"/>", (int) id);
  g_autofree char *xml = introspect (world, CH_ROOT_PATH);
  g_autofree char *accounts = introspect (world, CH_ROOT_PATH "/accounts");

  g_assert_nonnull (strstr (xml, CH_IFACE_MANAGER));
  g_assert_nonnull (strstr (xml, MANAGER));
  g_assert_nonnull (strstr (xml, "<node name=\"accounts\"/>"));
  g_assert_nonnull (strstr (xml, "<node name=\"orders\"/>"));

  g_assert_nonnull (strstr (accounts, node));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  world_test ("/bus/objects/managed", test_managed_objects);
  world_test ("/bus/objects/changes", test_changes);
  world_test ("/bus/objects/job-and-deployment", test_job_and_deployment);
  world_test ("/bus/objects/events", test_events);
  world_test ("/bus/objects/status", test_status);
  world_test ("/bus/objects/leftovers", test_leftovers);
  world_test ("/bus/objects/tree", test_tree);

  return g_test_run ();
}
