/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/order-model.h"

#include "lib/error.h"
#include "lib/paths.h"

/* The model against a service in this very program, on a bus of its own. */

#define N_ORDERS 100000

static const char xml[] =
  "<node><interface name='" CH_IFACE_MANAGER "'>"
  "  <method name='ListOrderIds'><arg type='a{sv}' direction='in'/><arg type='s' direction='in'/>"
  "    <arg type='at' direction='out'/><arg type='t' direction='out'/></method>"
  "  <method name='GetOrders'><arg type='at' direction='in'/><arg type='as' direction='in'/>"
  "    <arg type='aa{sv}' direction='out'/></method>"
  "</interface></node>";

typedef struct
{
  GTestDBus *bus;
  GDBusConnection *connection;    /* of the service */
  guint registration;
  GDBusNodeInfo *node;
  GArray *ids;                    /* what it has */
  guint64 generation;
  guint32 revision;               /* part of all names */
  const char *refusal;            /* (nullable): what every call fails with */
  guint lists;                    /* calls it got */
  guint gets;
  guint rows;                     /* that it gave */
  guint largest;                  /* block that it was asked for */
  char *sort;                     /* of the last list */
  ChClient *client;
  ChOrderModel *model;
  guint updates;
  guint changes;
  guint at, removed, added;       /* of the last items-changed */
} Fixture;

/* the service */

static void
answer_list (Fixture               *fixture,
             GVariant              *parameters,
             GDBusMethodInvocation *call)
{
  g_autoptr(GVariantBuilder) ids = g_variant_builder_new (G_VARIANT_TYPE ("at"));
  g_autoptr(GVariant) filter = g_variant_get_child_value (parameters, 0);
  const char *search = NULL;

  g_free (fixture->sort);
  g_variant_get_child (parameters, 1, "s", &fixture->sort);
  g_variant_lookup (filter, "search", "&s", &search);

  for (guint i = 0; i < fixture->ids->len; i++)
    {
      guint64 id = g_array_index (fixture->ids, guint64, i);
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, id);

      if (search == NULL || strstr (text, search) != NULL)
        g_variant_builder_add (ids, "t", id);
    }

  fixture->lists++;
  g_dbus_method_invocation_return_value (call, g_variant_new ("(att)", ids, fixture->generation));
}

static void
answer_rows (Fixture               *fixture,
             GVariant              *parameters,
             GDBusMethodInvocation *call)
{
  g_autoptr(GVariantBuilder) rows = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(GVariantIter) ids = NULL;
  guint64 id;
  guint n = 0;

  g_variant_get (parameters, "(atas)", &ids, NULL);
  while (g_variant_iter_next (ids, "t", &id))
    {
      g_autofree char *name = g_strdup_printf ("host%" G_GUINT64_FORMAT ".r%u.example.test", id,
                                               fixture->revision);

      g_variant_builder_open (rows, G_VARIANT_TYPE ("a{sv}"));
      g_variant_builder_add (rows, "{sv}", "Id", g_variant_new_uint64 (id));
      g_variant_builder_add (rows, "{sv}", "Name", g_variant_new_string (name));
      g_variant_builder_add (rows, "{sv}", "State", g_variant_new_string ("issued"));
      g_variant_builder_close (rows);
      n++;
    }

  fixture->gets++;
  fixture->rows += n;
  fixture->largest = MAX (fixture->largest, n);
  g_dbus_method_invocation_return_value (call, g_variant_new ("(aa{sv})", rows));
}

static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *call,
           gpointer               data)
{
  Fixture *fixture = data;

  if (fixture->refusal != NULL)
    g_dbus_method_invocation_return_dbus_error (call, fixture->refusal, "Because.");
  else if (g_str_equal (method, "ListOrderIds"))
    answer_list (fixture, parameters, call);
  else
    answer_rows (fixture, parameters, call);
}

static const GDBusInterfaceVTable vtable = { .method_call = called_cb };

static void
call_bus (Fixture    *fixture,
          const char *method,
          GVariant   *parameters)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = NULL;

  reply = g_dbus_connection_call_sync (fixture->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", method, parameters, NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
start_service (Fixture *fixture)
{
  call_bus (fixture, "RequestName", g_variant_new ("(su)", CH_BUS_NAME, 0));
}

static void
stop_service (Fixture *fixture)
{
  call_bus (fixture, "ReleaseName", g_variant_new ("(s)", CH_BUS_NAME));
}

static void
emit (Fixture    *fixture,
      const char *path,
      const char *interface,
      const char *name,
      GVariant   *parameters)
{
  g_assert_true (g_dbus_connection_emit_signal (fixture->connection, NULL, path, interface, name, parameters,
                                                NULL));
}

static void
emit_orders_changed (Fixture *fixture,
                     guint64  generation,
                     guint64  id)
{
  GVariantBuilder ids = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("at"));

  if (id != 0)
    g_variant_builder_add (&ids, "t", id);
  fixture->generation = generation;
  emit (fixture, CH_ROOT_PATH, CH_IFACE_MANAGER, "OrdersChanged", g_variant_new ("(tat)", generation, &ids));
}

/* fixture */

static void
updated_cb (Fixture *fixture)
{
  fixture->updates++;
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    data)
{
  Fixture *fixture = data;

  fixture->changes++;
  fixture->at = position;
  fixture->removed = removed;
  fixture->added = added;
}

static void
iterate_until (gboolean (*done) (Fixture *fixture),
               Fixture   *fixture)
{
  while (!done (fixture))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_ready (Fixture *fixture)
{
  return ch_order_model_get_state (fixture->model) == CH_ORDER_MODEL_READY;
}

static gboolean
is_failed (Fixture *fixture)
{
  return ch_order_model_get_state (fixture->model) == CH_ORDER_MODEL_FAILED;
}

static gboolean
was_updated (Fixture *fixture)
{
  return fixture->updates > 0;
}

static void
await_update (Fixture *fixture)
{
  fixture->updates = 0;
  iterate_until (was_updated, fixture);
}

static ChOrderRow *
get_row (Fixture *fixture,
         guint    position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
}

static char *
get_name (ChOrderRow *row)
{
  char *name;

  g_object_get (row, "name", &name, NULL);
  return name;
}

static void
await_name (ChOrderRow *row,
            const char *want)
{
  for (;;)
    {
      g_autofree char *name = get_name (row);

      if (g_str_equal (name, want))
        return;
      g_main_context_iteration (NULL, TRUE);
    }
}

static guint
count_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                     | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
  g_autoptr(GError) error = NULL;

  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->connection = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (fixture->bus),
                                                                flags, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->node = g_dbus_node_info_new_for_xml (xml, &error);
  g_assert_no_error (error);
  fixture->registration = g_dbus_connection_register_object (fixture->connection, CH_ROOT_PATH, fixture->node->interfaces[0],
                                                             &vtable, fixture, NULL, &error);
  g_assert_no_error (error);

  fixture->generation = 7;
  fixture->ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint64 id = 1; id <= N_ORDERS; id++)
    g_array_append_val (fixture->ids, id);

  fixture->client = ch_client_open (CH_CLIENT_BUS_ADDRESS, g_test_dbus_get_bus_address (fixture->bus), NULL,
                                    &error);
  g_assert_no_error (error);
  fixture->model = ch_order_model_new ();
  g_signal_connect_swapped (fixture->model, "updated", G_CALLBACK (updated_cb), fixture);
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

/* With the list read. */
static void
set_up_ready (Fixture       *fixture,
              gconstpointer  data)
{
  set_up (fixture, data);
  start_service (fixture);
  ch_order_model_set_client (fixture->model, fixture->client);
  iterate_until (is_ready, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  ch_order_model_set_client (fixture->model, NULL);
  /* A call that is still on its way would find the fixture of a test that is over. */
  g_dbus_connection_unregister_object (fixture->connection, fixture->registration);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->model);
  g_clear_object (&fixture->client);
  g_dbus_connection_close_sync (fixture->connection, NULL, NULL);
  g_clear_object (&fixture->connection);
  g_clear_pointer (&fixture->node, g_dbus_node_info_unref);
  g_array_unref (fixture->ids);
  g_free (fixture->sort);
  g_test_dbus_down (fixture->bus);
  g_clear_object (&fixture->bus);
}

/* tests */

static void
test_only_shown_rows (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert_cmpuint (count_items (fixture), ==, N_ORDERS);
  g_assert_cmpuint (fixture->changes, ==, 1);
  g_assert_cmpuint (fixture->added, ==, N_ORDERS);
  g_assert_cmpuint (fixture->gets, ==, 0);

  for (guint i = 5000; i < 5200; i++)
    g_ptr_array_add (shown, get_row (fixture, i));
  await_name (g_ptr_array_index (shown, 0), "host5001.r0.example.test");
  await_name (g_ptr_array_index (shown, 199), "host5200.r0.example.test");

  g_assert_cmpuint (fixture->gets, ==, 1);
  g_assert_cmpuint (fixture->rows, ==, 200);
  g_assert_null (get_row (fixture, N_ORDERS));
}

/* What was looked at and left again before the next frame is not worth a question. */
static void
test_rows_let_go (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ChOrderRow) kept = NULL;

  for (guint i = 0; i < N_ORDERS; i++)
    g_object_unref (get_row (fixture, i));
  kept = get_row (fixture, 9);
  await_name (kept, "host10.r0.example.test");

  g_assert_cmpuint (fixture->rows, ==, 1);
}

static void
test_blocks (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 1200; i++)
    g_ptr_array_add (shown, get_row (fixture, i));
  await_name (g_ptr_array_index (shown, 0), "host1.r0.example.test");

  g_assert_cmpuint (fixture->gets, ==, 3);
  g_assert_cmpuint (fixture->rows, ==, 1200);
  g_assert_cmpuint (fixture->largest, ==, 500);
}

static void
test_identity (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ChOrderRow) row = get_row (fixture, 41);
  g_autoptr(ChOrderRow) same = get_row (fixture, 41);
  g_autoptr(ChOrderRow) moved = NULL;

  g_assert_true (row == same);
  ch_order_model_set_search (fixture->model, "42");
  await_update (fixture);
  moved = get_row (fixture, 0);
  g_assert_true (moved == row);
  g_assert_true (ch_order_model_is_filtered (fixture->model));

  ch_order_model_set_search (fixture->model, "");
  await_update (fixture);
  g_clear_object (&moved);
  moved = get_row (fixture, 41);
  g_assert_true (moved == row);
  g_assert_false (ch_order_model_is_filtered (fixture->model));
}

static void
test_smallest_change (Fixture       *fixture,
                      gconstpointer  data)
{
  static const struct { guint64 ids[6]; guint at, removed, added; } steps[] = {
    { { 1, 2, 3, 4, 5 }, 5, N_ORDERS - 5, 0 },
    { { 1, 2, 9, 4, 5 }, 2, 1, 1 },
    { { 1, 2, 9, 8, 4, 5 }, 3, 0, 1 },
    { { 2, 9, 8, 4, 5 }, 0, 1, 0 },
    { { 2, 2, 9, 8, 4, 5 }, 1, 0, 1 },
    { { 2 }, 1, 5, 0 },
    { { 3 }, 0, 1, 1 },
    { { 0 }, 0, 1, 0 },
    { { 1, 2, 3, 4, 5, 6 }, 0, 0, 6 },
    { { 6, 5, 4, 3, 2, 1 }, 0, 6, 6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_array_set_size (fixture->ids, 0);
      for (gsize j = 0; j < G_N_ELEMENTS (steps[i].ids) && steps[i].ids[j] != 0; j++)
        g_array_append_val (fixture->ids, steps[i].ids[j]);

      fixture->changes = 0;
      ch_order_model_reload (fixture->model);
      await_update (fixture);
      g_assert_cmpuint (fixture->changes, ==, 1);
      g_assert_cmpuint (fixture->at, ==, steps[i].at);
      g_assert_cmpuint (fixture->removed, ==, steps[i].removed);
      g_assert_cmpuint (fixture->added, ==, steps[i].added);
      g_assert_cmpuint (count_items (fixture), ==, fixture->ids->len);
    }

  fixture->changes = 0;
  ch_order_model_reload (fixture->model);
  await_update (fixture);
  g_assert_cmpuint (fixture->changes, ==, 0);
}

/* Letters that come while a list is under way cost one more list, not one each. */
static void
test_fast_typing (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char *const typed[] = { "9", "99", "999", "9999", "99999" };

  fixture->lists = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    ch_order_model_set_search (fixture->model, typed[i]);
  await_update (fixture);

  g_assert_cmpuint (fixture->lists, ==, 2);
  g_assert_cmpuint (count_items (fixture), ==, 1);
}

static void
test_sort (Fixture       *fixture,
           gconstpointer  data)
{
  ch_order_model_set_sort (fixture->model, "-account");
  await_update (fixture);
  g_assert_cmpstr (fixture->sort, ==, "-account");
}

static void
test_one_order_changes (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ChOrderRow) row = get_row (fixture, 0);
  g_autoptr(ChOrderRow) other = get_row (fixture, 1);

  await_name (row, "host1.r0.example.test");
  await_name (other, "host2.r0.example.test");

  fixture->revision = 1;
  fixture->rows = 0;
  emit (fixture, CH_ROOT_PATH "/orders/1", "org.freedesktop.DBus.Properties", "PropertiesChanged",
        g_variant_new ("(sa{sv}as)", CH_IFACE_ORDER, NULL, NULL));
  await_name (row, "host1.r1.example.test");
  g_assert_cmpuint (fixture->rows, ==, 1);

  fixture->revision = 2;
  emit_orders_changed (fixture, 8, 2);
  await_name (other, "host2.r2.example.test");
  g_assert_cmpuint (fixture->rows, ==, 2);
}

/* Numbers that are missing, and lists that are empty, mean that anything may have changed. */
static void
test_missed_changes (Fixture       *fixture,
                     gconstpointer  data)
{
  static const struct { guint64 generation, id; } news[] = { { 12, 99 }, { 13, 0 }, { 2, 5 } };
  g_autoptr(ChOrderRow) row = get_row (fixture, 0);
  g_autoptr(ChOrderRow) last = NULL;

  await_name (row, "host1.r0.example.test");
  for (guint i = 0; i < G_N_ELEMENTS (news); i++)
    {
      g_autofree char *want = g_strdup_printf ("host1.r%u.example.test", i + 1);
      guint64 id = N_ORDERS + i + 1;

      fixture->revision = i + 1;
      g_array_append_val (fixture->ids, id);
      emit_orders_changed (fixture, news[i].generation, news[i].id);
      await_name (row, want);
      while (count_items (fixture) < N_ORDERS + i + 1)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_restart (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ChOrderRow) row = NULL;
  g_autoptr(ChOrderRow) same = NULL;

  ch_order_model_set_search (fixture->model, "77");
  await_update (fixture);
  row = get_row (fixture, 3);
  await_name (row, "host377.r0.example.test");

  stop_service (fixture);
  iterate_until (is_failed, fixture);
  g_assert_error (ch_order_model_get_error (fixture->model), CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE);

  fixture->revision = 1;
  fixture->generation = 1;
  fixture->changes = 0;
  start_service (fixture);
  iterate_until (is_ready, fixture);
  await_name (row, "host377.r1.example.test");
  same = get_row (fixture, 3);
  g_assert_true (same == row);
  g_assert_cmpuint (fixture->changes, ==, 0);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  fixture->refusal = "org.chancery.Chancery1.Error.NotAuthorized";
  start_service (fixture);
  ch_order_model_set_client (fixture->model, fixture->client);
  iterate_until (is_failed, fixture);
  g_assert_error (ch_order_model_get_error (fixture->model), CH_ERROR, CH_ERROR_NOT_AUTHORIZED);

  fixture->refusal = NULL;
  ch_order_model_reload (fixture->model);
  iterate_until (is_ready, fixture);
  g_assert_null (ch_order_model_get_error (fixture->model));
}

static void
test_absent (Fixture       *fixture,
             gconstpointer  data)
{
  ch_order_model_set_client (fixture->model, fixture->client);
  iterate_until (is_failed, fixture);
  g_assert_error (ch_order_model_get_error (fixture->model), CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE);

  start_service (fixture);
  iterate_until (is_ready, fixture);
  g_assert_cmpuint (count_items (fixture), ==, N_ORDERS);
}

/* Rows may outlive the model, and the model may go while it waits for answers. */
static void
test_lives (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ChOrderModel) model = ch_order_model_new ();
  g_autoptr(ChOrderRow) row = NULL;

  ch_order_model_set_client (model, fixture->client);
  while (ch_order_model_get_state (model) == CH_ORDER_MODEL_LOADING)
    g_main_context_iteration (NULL, TRUE);
  row = g_list_model_get_item (G_LIST_MODEL (model), 0);
  ch_order_model_set_search (model, "1");
  ch_order_model_set_client (model, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&model));
  g_assert_cmpuint (ch_order_row_get_id (row), ==, 1);
}

#define ADD(name, set_up, function) \
  g_test_add ("/app/order-model/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("only-shown-rows", set_up_ready, test_only_shown_rows);
  ADD ("rows-let-go", set_up_ready, test_rows_let_go);
  ADD ("blocks", set_up_ready, test_blocks);
  ADD ("identity", set_up_ready, test_identity);
  ADD ("smallest-change", set_up_ready, test_smallest_change);
  ADD ("fast-typing", set_up_ready, test_fast_typing);
  ADD ("sort", set_up_ready, test_sort);
  ADD ("one-order-changes", set_up_ready, test_one_order_changes);
  ADD ("missed-changes", set_up_ready, test_missed_changes);
  ADD ("restart", set_up_ready, test_restart);
  ADD ("lives", set_up_ready, test_lives);
  ADD ("refused", set_up, test_refused);
  ADD ("absent", set_up, test_absent);
  return g_test_run ();
}
