/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include "bus/contract.h"
#include "bus/dispatch.h"
#include "bus/objects.h"

#include <string.h>

static const GDBusInterfaceInfo *const interfaces[] = {
  &org_chancery_chancery1_manager_interface,
  &org_chancery_chancery1_account_interface,
  &org_chancery_chancery1_dns_account_interface,
  &org_chancery_chancery1_server_interface,
  &org_chancery_chancery1_profile_interface,
  &org_chancery_chancery1_deployment_interface,
  &org_chancery_chancery1_order_interface,
  &org_chancery_chancery1_job_interface,
  &org_freedesktop_dbus_object_manager_interface,
};

/* The XML itself, so that an interface that is missing above is noticed too. */
static GDBusNodeInfo *
read_contract (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "..", "..", "data", "dbus",
                                                 "org.chancery.Chancery1.xml", NULL);
  g_autofree char *xml = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &xml, NULL, &error);
  g_assert_no_error (error);
  GDBusNodeInfo *node = g_dbus_node_info_new_for_xml (xml, &error);
  g_assert_no_error (error);
  return node;
}

static void
test_every_method_has_a_row (void)
{
  g_autoptr(GDBusNodeInfo) node = read_contract ();

  for (guint i = 0; node->interfaces[i] != NULL; i++)
    for (guint j = 0; node->interfaces[i]->methods[j] != NULL; j++)
      {
        const char *method = node->interfaces[i]->methods[j]->name;
        const ChMethod *row = ch_dispatch_find (node->interfaces[i]->name, method);

        if (row == NULL)
          g_error ("%s.%s has no row", node->interfaces[i]->name, method);
        g_assert_true (g_str_has_prefix (row->action, "org.chancery."));
        g_assert_nonnull (row->handler);
      }
}

static void
test_every_row_is_a_method (void)
{
  static const ChMethod *const tables[] = {
    ch_manager_methods, ch_new_order_methods, ch_new_peer_methods, ch_orders_methods, ch_event_methods,
    ch_order_methods, ch_peer_methods, ch_policy_methods, ch_deployment_methods, ch_job_methods,
  };
  g_autoptr(GDBusNodeInfo) node = read_contract ();

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const ChMethod *row = tables[i]; row->interface != NULL; row++)
      {
        GDBusInterfaceInfo *interface = g_dbus_node_info_lookup_interface (node, row->interface);

        g_assert_nonnull (interface);
        g_assert_nonnull (g_dbus_interface_info_lookup_method (interface, row->method));
      }
}

static void
test_key_export_asks_for_more (void)
{
  g_assert_cmpstr (ch_dispatch_find (CH_IFACE_ORDER, "ExportKey")->action, ==, "org.chancery.key.export");
  g_assert_cmpstr (ch_dispatch_find (CH_IFACE_ORDER, "Explain")->action, ==, "org.chancery.view");
  g_assert_null (ch_dispatch_find (CH_IFACE_ORDER, "Nothing"));
  g_assert_null (ch_dispatch_find ("org.chancery.Chancery1.Nothing", "Explain"));
}

static const GDBusInterfaceInfo *
find_interface (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    if (g_str_equal (interfaces[i]->name, name))
      return interfaces[i];

  g_assert_not_reached ();
}

/* The reply has each property of the interface in its type, and nothing else. */
static void
check_properties (World      *world,
                  const char *path,
                  const char *interface)
{
  const GDBusInterfaceInfo *info = find_interface (interface);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = world_call (world, path, "org.freedesktop.DBus.Properties", "GetAll",
                                          g_variant_new ("(s)", interface), &error);
  g_assert_no_error (error);
  g_autoptr(GVariant) row = g_variant_get_child_value (reply, 0);
  guint n = 0;

  for (; info->properties[n] != NULL; n++)
    {
      g_autoptr(GVariant) value = g_variant_lookup_value (row, info->properties[n]->name, NULL);

      if (value == NULL)
        g_error ("%s.%s is missing", interface, info->properties[n]->name);
      g_assert_cmpstr (g_variant_get_type_string (value), ==, info->properties[n]->signature);
    }
  g_assert_cmpuint (g_variant_n_children (row), ==, n);
}

static void
test_properties_are_the_contract (World        *world,
                                  gconstpointer data)
{
  ChStore *store = world->world.store;
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 dns = add_peer (store, CH_PEER_ROLE_DNS, "ns");
  gint64 server = add_peer (store, CH_PEER_ROLE_SERVER, "web");
  gint64 profile = add_peer (store, CH_PEER_ROLE_PROFILE, "ada");
  gint64 order = add_order (store, account, "example.test");
  g_autoptr(ChDeployment) deployment = new_deployment (server, "nginx");
  g_autoptr(GError) error = NULL;

  ch_store_add_deployment (store, deployment, &error);
  g_assert_no_error (error);
  ChJob *job = fake_engine_add_job ("dns.test");

  const struct { const char *folder; gint64 id; const char *interface; } cases[] = {
    { CH_FOLDER_ACCOUNTS, account, CH_IFACE_ACCOUNT },
    { CH_FOLDER_DNS, dns, CH_IFACE_DNS_ACCOUNT },
    { CH_FOLDER_SERVERS, server, CH_IFACE_SERVER },
    { CH_FOLDER_PROFILES, profile, CH_IFACE_PROFILE },
    { CH_FOLDER_ORDERS, order, CH_IFACE_ORDER },
    { CH_FOLDER_DEPLOYMENTS, deployment->id, CH_IFACE_DEPLOYMENT },
    { CH_FOLDER_JOBS, job->id, CH_IFACE_JOB },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = ch_path_new (cases[i].folder, cases[i].id);
      check_properties (world, path, cases[i].interface);
    }
  check_properties (world, CH_ROOT_PATH, CH_IFACE_MANAGER);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bus/contract/every-method-has-a-row", test_every_method_has_a_row);
  g_test_add_func ("/bus/contract/every-row-is-a-method", test_every_row_is_a_method);
  g_test_add_func ("/bus/contract/key-export-asks-for-more", test_key_export_asks_for_more);
  world_test ("/bus/contract/properties", test_properties_are_the_contract);

  return g_test_run ();
}
