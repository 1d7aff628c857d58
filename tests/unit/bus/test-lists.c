/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <string.h>

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define MANY 20000

static guint
count_ids (World      *world,
           const char *text)
{
  g_autoptr(GVariant) reply = world_ask (world, "ListOrderIds",
                                         g_variant_new ("(@a{sv}s)", parse ("a{sv}", text), ""));
  g_autoptr(GVariant) ids = g_variant_get_child_value (reply, 0);

  return (guint) g_variant_n_children (ids);
}

static void
test_filter (World        *world,
             gconstpointer data)
{
  gint64 account = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 other = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "other");

  add_order (world->world.store, account, "one.test");
  add_order (world->world.store, account, "two.test");
  add_order (world->world.store, other, "three.test");

  static const struct { const char *filter; guint n; } cases[] = {
    { "@a{sv} {}", 3 },
    { "{'account': <'main'>}", 2 },
    { "{'search': <'thr'>}", 1 },
    { "{'states': <['validating', 'issued']>}", 3 },
    { "{'states': <['issued']>}", 0 },
    { "{'states': <@as []>}", 3 },
    { "{'open': <true>, 'search': <'t'>}", 3 },
    { "{'ends-before': <int64 5>}", 0 },
    { "{'within': <(int64 5, int64 50)>}", 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (count_ids (world, cases[i].filter), ==, cases[i].n);

  static const struct { const char *filter, *sort; ChError code; const char *part; } wrong[] = {
    { "{'states': <['done']>}", "", CH_ERROR_INVALID, "“done”" },
    { "{'states': <'issued'>}", "", CH_ERROR_INVALID, "“as”" },
    { "{'account': <'none'>}", "", CH_ERROR_NOT_FOUND, "“none”" },
    { "{'colour': <'red'>}", "", CH_ERROR_INVALID, "“colour”" },
    { "@a{sv} {}", "colour", CH_ERROR_INVALID, "colour" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListOrderIds",
                   g_variant_new ("(@a{sv}s)", parse ("a{sv}", wrong[i].filter), wrong[i].sort),
                   wrong[i].code, wrong[i].part);
}

static void
test_get_orders (World        *world,
                 gconstpointer data)
{
  gint64 account = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 first = add_order (world->world.store, account, "xn--bcher-kva.test");
  gint64 second = add_order (world->world.store, account, "two.test");
  g_autofree char *query = g_strdup_printf (
      "([uint64 %d, 18446744073709551615, 77, %d], ['Name', 'AccountName'])", (int) second, (int) first);
  g_autofree char *text = g_strdup_printf (
      "([{'Id': <uint64 %d>, 'Name': <'two.test'>, 'AccountName': <'main'>}, "
      "{'Id': <uint64 %d>, 'Name': <'bücher.test'>, 'AccountName': <'main'>}],)", (int) second, (int) first);

  g_autoptr(GVariant) reply = world_ask (world, "GetOrders", parse ("(atas)", query));
  g_autoptr(GVariant) want = parse ("(aa{sv})", text);
  g_assert_cmpvariant (reply, want);

  g_autofree guint64 *ids = g_new0 (guint64, 501);
  GVariant *too_many = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, ids, 501, sizeof *ids);
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetOrders", g_variant_new ("(@atas)", too_many, NULL),
                 CH_ERROR_LIMIT, "500");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetOrders", parse ("(atas)", "([], ['Colour'])"),
                 CH_ERROR_INVALID, "“Colour”");
}

static void
add_many (ChStore *store)
{
  gint64 account = add_peer (store, CH_PEER_ROLE_ACCOUNT, "main");
  g_autoptr(GError) error = NULL;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("host-%05u.example.test", i);
      add_order (store, account, name);
    }
  ch_store_transaction_commit (transaction, &error);
  g_assert_no_error (error);
}

/* Every page once, in order, none twice. */
static void
walk_pages (World *world)
{
  g_autofree char *cursor = g_strdup ("");
  guint64 last = 0;
  guint n = 0;

  do
    {
      GVariant *query = g_variant_new ("(@a{sv}ssu)", parse ("a{sv}", "{}"), "id", cursor, 100000);
      g_autoptr(GVariant) reply = world_ask (world, "ListOrders", query);
      g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);

      g_assert_cmpuint (g_variant_n_children (rows), <=, 500);
      for (gsize i = 0; i < g_variant_n_children (rows); i++, n++)
        {
          g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
          guint64 id = 0;
          g_assert_true (g_variant_lookup (row, "Id", "t", &id));
          g_assert_cmpuint (id, >, last);
          last = id;
        }
      g_free (cursor);
      g_variant_get_child (reply, 1, "s", &cursor);
    }
  while (*cursor != '\0');

  g_assert_cmpuint (n, ==, MANY);
}

static void
test_many (World        *world,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  add_many (world->world.store);
  g_assert_cmpuint (count_ids (world, "@a{sv} {}"), ==, MANY);
  walk_pages (world);

  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH "/orders/20000", PROPERTIES, "GetAll",
                                          g_variant_new ("(s)", CH_IFACE_ORDER), &error);
  g_assert_no_error (error);
  g_autoptr(GVariant) row = g_variant_get_child_value (reply, 0);
  const char *name;
  g_assert_true (g_variant_lookup (row, "Name", "&s", &name));
  g_assert_cmpstr (name, ==, "host-19999.example.test");

  /* The tree stays small, and yet the object can be introspected. */
  g_autoptr(GVariant) tree = world_call (world, CH_ROOT_PATH "/orders", "org.freedesktop.DBus.Introspectable",
                                         "Introspect", NULL, &error);
  g_assert_no_error (error);
  const char *xml;
  g_variant_get (tree, "(&s)", &xml);
  g_assert_null (strstr (xml, "20000"));
  g_autoptr(GVariant) object = world_call (world, CH_ROOT_PATH "/orders/20000",
                                           "org.freedesktop.DBus.Introspectable", "Introspect", NULL, &error);
  g_assert_no_error (error);
  g_variant_get (object, "(&s)", &xml);
  g_assert_nonnull (strstr (xml, CH_IFACE_ORDER));
}

/* ---- changes ---- */

static void
change (World *world,
        gint64 id)
{
  world->world.watcher.order_changed (world->world.watcher.data, id, CH_CHANGE_CHANGED);
}

static GVariant *
wait_changed (World   *world,
              guint64 *generation)
{
  g_autoptr(GVariant) signal = world_wait (world, "OrdersChanged", NULL);

  g_variant_get_child (signal, 0, "t", generation);
  return g_variant_get_child_value (signal, 1);
}

static void
test_changes_are_collected (World        *world,
                            gconstpointer data)
{
  guint64 generation;

  change (world, 3);
  change (world, 4);
  change (world, 3);
  g_autoptr(GVariant) first = wait_changed (world, &generation);
  g_assert_cmpuint (generation, ==, 1);
  g_assert_cmpuint (g_variant_n_children (first), ==, 2);

  change (world, 5);
  g_autoptr(GVariant) second = wait_changed (world, &generation);
  g_autoptr(GVariant) want = parse ("at", "[5]");
  g_assert_cmpuint (generation, ==, 2);
  g_assert_cmpvariant (second, want);

  g_autoptr(GVariant) reply = world_ask (world, "ListOrderIds", parse ("(a{sv}s)", "({}, '')"));
  g_variant_get_child (reply, 1, "t", &generation);
  g_assert_cmpuint (generation, ==, 2);
}

static void
test_too_many_changes (World        *world,
                       gconstpointer data)
{
  guint64 generation;

  for (gint64 id = 1; id <= 1000; id++)
    change (world, id);
  g_autoptr(GVariant) all = wait_changed (world, &generation);
  g_assert_cmpuint (g_variant_n_children (all), ==, 1000);

  for (gint64 id = 1; id <= 1001; id++)
    change (world, id);
  g_autoptr(GVariant) none = wait_changed (world, &generation);
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  g_assert_cmpuint (generation, ==, 2);

  change (world, 8);
  g_autoptr(GVariant) one = wait_changed (world, &generation);
  g_assert_cmpuint (g_variant_n_children (one), ==, 1);
}

static void
test_order_tells_its_properties (World        *world,
                                 gconstpointer data)
{
  gint64 account = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 id = add_order (world->world.store, account, "one.test");
  g_autofree char *path = NULL;
  g_autofree char *want = ch_path_new (CH_FOLDER_ORDERS, id);
  const char *interface, *state;

  change (world, id);
  g_autoptr(GVariant) signal = world_wait (world, "PropertiesChanged", &path);
  g_autoptr(GVariant) row = g_variant_get_child_value (signal, 1);
  g_variant_get_child (signal, 0, "&s", &interface);
  g_assert_cmpstr (path, ==, want);
  g_assert_cmpstr (interface, ==, CH_IFACE_ORDER);
  g_assert_true (g_variant_lookup (row, "State", "&s", &state));
  g_assert_cmpstr (state, ==, "validating");
}

static GVariant *
list_certificates (World      *world,
                   const char *filter,
                   guint64     before,
                   guint32     limit)
{
  g_autoptr(GVariant) reply = world_ask (world, "ListCertificates",
                                         g_variant_new ("(@a{sv}tu)", parse ("a{sv}", filter), before, limit));

  return g_variant_get_child_value (reply, 0);
}

static void
test_certificates (World        *world,
                   gconstpointer data)
{
  gint64 account = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "main");
  gint64 order = add_order (world->world.store, account, "one.test");
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *fingerprint = g_strdup_printf ("ab%d", i);
      g_autoptr(ChCertificate) certificate = new_certificate (order, fingerprint);

      certificate->key_ref = i == 1 ? g_strdup ("key/1") : NULL;
      g_assert_true (ch_store_add_certificate (world->world.store, certificate, &error));
    }

  static const struct { const char *filter; guint64 before; guint32 limit; guint n; } cases[] = {
    { "@a{sv} {}", 0, 0, 3 }, { "@a{sv} {}", 2, 0, 1 }, { "@a{sv} {}", 0, 2, 2 }, { "{'order': <uint64 1>}", 0, 0, 3 },
    { "{'order': <uint64 9>}", 0, 0, 0 }, { "{'serial': <'AB:1'>}", 0, 0, 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) rows = list_certificates (world, cases[i].filter, cases[i].before, cases[i].limit);

      g_assert_cmpuint (g_variant_n_children (rows), ==, cases[i].n);
    }

  g_autoptr(GVariant) one = list_certificates (world, "{'serial': <'ab1'>}", 0, 0);
  g_autoptr(GVariant) row = g_variant_get_child_value (one, 0);
  gboolean has_key, current;
  g_assert_true (g_variant_lookup (row, "HasKey", "b", &has_key));
  g_assert_true (g_variant_lookup (row, "Current", "b", &current));
  g_assert_true (has_key);
  g_assert_true (current);
  g_assert_null (g_variant_lookup_value (row, "Pem", NULL));

  g_autoptr(GVariant) whole = world_ask (world, "GetCertificate", g_variant_new ("(t@a{sv})", (guint64) 2, parse ("a{sv}", "{}")));
  g_autoptr(GVariant) dict = g_variant_get_child_value (whole, 0);
  g_autoptr(GVariant) pem = g_variant_lookup_value (dict, "Pem", G_VARIANT_TYPE_STRING);
  g_autoptr(GVariant) way = g_variant_lookup_value (dict, "Path", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_nonnull (pem);
  g_assert_nonnull (way);

  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetCertificate",
                 g_variant_new ("(t@a{sv})", G_MAXUINT64, parse ("a{sv}", "{}")), CH_ERROR_NOT_FOUND, "certificate");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListCertificates",
                 g_variant_new ("(@a{sv}tu)", parse ("a{sv}", "{'serial': <': '>}"), (guint64) 0, 0), CH_ERROR_INVALID, "empty");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "ExportCertificate",
                 g_variant_new ("(ts@a{sv})", (guint64) 2, "gif", parse ("a{sv}", "{}")), CH_ERROR_INVALID, "“gif”");
}

/* The rules of a day, with what comes after it. */
static void
test_policy (World        *world,
             gconstpointer data)
{
  g_autoptr(GVariant) reply = world_ask (world, "GetPolicy", g_variant_new ("(x@a{sv})", G_GINT64_CONSTANT (1795430400),
                                                                            parse ("a{sv}", "{}")));
  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  g_autoptr(GString) lifetimes = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
      const char *table, *text, *source;
      gboolean in_force;
      guint32 number;

      g_assert_true (g_variant_lookup (row, "Table", "&s", &table) && g_variant_lookup (row, "Text", "&s", &text)
                     && g_variant_lookup (row, "Source", "&s", &source) && g_variant_lookup (row, "InForce", "b", &in_force)
                     && g_variant_lookup (row, "Number", "u", &number));
      g_assert_cmpuint (strlen (source), >, 0);
      if (g_str_equal (table, "ca-lifetime"))
        g_string_append_printf (lifetimes, "%u%s ", number, in_force ? "!" : "");
    }

  g_assert_cmpstr (lifetimes->str, ==, "199! 99 46 ");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetPolicy", g_variant_new ("(x@a{sv})", G_GINT64_CONSTANT (0),
                                                                                   parse ("a{sv}", "{'colour': <'red'>}")),
                 CH_ERROR_INVALID, "“colour”");
}

static void
test_methods (World        *world,
              gconstpointer data)
{
  static const struct { const char *names, *product, *want; } cases[] = {
    { "@as []", "", "dns http email " },
    { "['www.example.com']", "alphassl", "dns http email " },
    { "['www.example.com', '*.example.com']", "", "dns email " },
    { "['www.example.com']", "organizationssl", "" },
    { "['www.example.com']", "extendedssl", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) reply = world_ask (world, "ListMethods",
                                             g_variant_new ("(@ass)", parse ("as", cases[i].names), cases[i].product));
      g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
      g_autoptr(GString) allowed = g_string_new (NULL);

      for (gsize j = 0; j < g_variant_n_children (rows); j++)
        {
          g_autoptr(GVariant) row = g_variant_get_child_value (rows, j);
          const char *method, *notice;
          gboolean is_allowed;

          g_assert_true (g_variant_lookup (row, "Method", "&s", &method) && g_variant_lookup (row, "Allowed", "b", &is_allowed)
                         && g_variant_lookup (row, "Notice", "&s", &notice));
          if (is_allowed)
            g_string_append_printf (allowed, "%s ", method);
          /* What is refused, or will end, is told. */
          g_assert_cmpint (*notice != '\0', ==, !is_allowed || g_str_equal (method, "email"));
        }
      g_assert_cmpstr (allowed->str, ==, cases[i].want);
    }

  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListMethods", g_variant_new ("(@ass)", parse ("as", "['a..b']"), ""),
                 CH_ERROR_INVALID, "a..b");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListMethods", g_variant_new ("(@ass)", parse ("as", "@as []"), "pigeon"),
                 CH_ERROR_INVALID, "pigeon");
}

static void
test_calendar (World        *world,
               gconstpointer data)
{
  gint64 account = add_peer (world->world.store, CH_PEER_ROLE_ACCOUNT, "main");
  g_autoptr(ChOrder) order = new_order (account, "one.test");
  g_autoptr(GError) error = NULL;

  order->state = CH_ORDER_STATE_ISSUED;
  order->not_after = 1500;
  order->term_end = 1500;
  ch_store_add_order (world->world.store, order, &error);
  g_assert_no_error (error);

  g_autoptr(GVariant) reply = world_ask (world, "GetCalendar", parse ("(axa{sv})", "([1000, 2000, 3000], {})"));
  g_autoptr(GVariant) want = parse ("(aa{sv})",
      "([{'From': <int64 1000>, 'Until': <int64 2000>, 'Ends': <uint32 1>, 'Unattended': <uint32 1>, 'Reissues': <uint32 0>, "
      "'Renewals': <uint32 0>, 'TermEnds': <uint32 1>}, "
      "{'From': <int64 2000>, 'Until': <int64 3000>, 'Ends': <uint32 0>, 'Unattended': <uint32 0>, 'Reissues': <uint32 0>, "
      "'Renewals': <uint32 0>, 'TermEnds': <uint32 0>}],)");
  g_assert_cmpvariant (reply, want);

  static const struct { const char *bounds; ChError code; const char *part; } wrong[] = {
    { "(@ax [], @a{sv} {})", CH_ERROR_LIMIT, "2 to 367" },
    { "([int64 5], @a{sv} {})", CH_ERROR_LIMIT, "2 to 367" },
    { "([int64 5, 5], @a{sv} {})", CH_ERROR_INVALID, "moment 2" },
    { "([int64 5, 6, -1], @a{sv} {})", CH_ERROR_INVALID, "moment 3" },
    { "([int64 5, 6], {'x': <1>})", CH_ERROR_INVALID, "must be empty" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetCalendar", parse ("(axa{sv})", wrong[i].bounds), wrong[i].code, wrong[i].part);

  gint64 many[368];
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = (gint64) i;
  GVariant *too_many = g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, many, G_N_ELEMENTS (many), sizeof *many);
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetCalendar",
                 g_variant_new ("(@ax@a{sv})", too_many, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)), CH_ERROR_LIMIT, "366");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  world_test ("/bus/lists/filter", test_filter);
  world_test ("/bus/lists/get-orders", test_get_orders);
  world_test ("/bus/lists/many", test_many);
  world_test ("/bus/lists/changes-are-collected", test_changes_are_collected);
  world_test ("/bus/lists/too-many-changes", test_too_many_changes);
  world_test ("/bus/lists/order-tells-its-properties", test_order_tells_its_properties);

  world_test ("/bus/lists/certificates", test_certificates);

  world_test ("/bus/lists/calendar", test_calendar);
  world_test ("/bus/lists/policy", test_policy);
  world_test ("/bus/lists/methods", test_methods);
  return g_test_run ();
}
