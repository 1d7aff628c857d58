/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "engine/bin.h"
#include "engine/revoke.h"
#include "pki/key.h"

/* How orders end, with real store and vault, and fakes outside. */

#define DAY (24 * 60 * 60)

static void
test_revoke (Fixture      *fixture,
             gconstpointer data)
{
  World *world = fixture->world;
  gint64 deployment = world_add_deployment (world, "site", "www.example.com", fixture->server, "/etc/site");
  gint64 id = fixture_issue (fixture, "www.example.com");
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (deployment, >, 0);
  g_assert_false (ch_order_revoke (&world->world, id, FALSE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "“site”"));
  g_clear_error (&error);

  fake_fail (OP_REVOKE, CH_ERROR_UNREACHABLE);
  fake_lose (OP_REVOKE, CH_ERROR_UNKNOWN_OUTCOME);
  g_assert_true (ch_order_revoke (&world->world, id, TRUE, &somebody, &error));
  g_assert_false (ch_order_revoke (&world->world, id, TRUE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  world_run (world, 60 * 60);
  assert_order (world, id, "revoked", "none");
  g_assert_cmpint (fake_order (0)->status, ==, CH_CA_REVOKED);
}

/* Whatever the engine does next for an order, its story says it in words, also while it is being revoked. */
static void
test_each_step_is_told (Fixture      *fixture,
                        gconstpointer data)
{
  gint64 id = fixture_issue (fixture, "www.example.com");
  g_autoptr(GEnumClass) steps = g_type_class_ref (CH_TYPE_ORDER_STEP);

  for (guint i = 0; i < steps->n_values; i++)
    {
      g_autofree char *sql = g_strdup_printf ("UPDATE orders SET step = '%s', due = 0", steps->values[i].value_nick);
      g_autoptr(GError) error = NULL;

      world_sql (fixture->world, sql);
      g_autoptr(ChStory) story = ch_order_explain (&fixture->world->world, id, &error);
      g_assert_no_error (error);

      guint told = 0;
      for (guint j = 0; j < story->lines->len; j++)
        {
          const ChStoryLine *line = g_ptr_array_index (story->lines, j);
          if (!g_str_equal (line->kind, "now"))
            continue;
          g_assert_cmpstr (line->text, !=, "");
          told++;
        }
      g_assert_cmpuint (told, ==, steps->values[i].value == CH_ORDER_STEP_NONE ? 0 : 1);
    }
}

static void
test_revoke_refused (Fixture      *fixture,
                     gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = fixture_issue (fixture, "www.example.com");
  g_autoptr(GError) error = NULL;

  fake_fail (OP_REVOKE, CH_ERROR_CA_REFUSED);
  g_assert_true (ch_order_revoke (&world->world, id, FALSE, &somebody, &error));
  world_run (world, 60);
  assert_order (world, id, "issued", "none");
  g_autoptr(ChOrder) order = world_order (world, id);
  g_assert_nonnull (strstr (order->reason, "does not revoke"));
}

static void
test_revoke_killed (gconstpointer data)
{
  Fixture fixture;
  g_autoptr(GError) error = NULL;

  fixture_set_up (&fixture, NULL);
  gint64 id = fixture_issue (&fixture, "www.example.com");
  fake_hook (OP_REVOKE, GPOINTER_TO_INT (data), world_die, fixture.world);
  g_assert_true (ch_order_revoke (&fixture.world->world, id, FALSE, &somebody, &error));
  world_run (fixture.world, 60);

  World *world = world_rise (fixture.world);
  world_run (world, 60);
  assert_order (world, id, "revoked", "none");
  world_free (world);
}

static void
test_cancel_in_time (Fixture      *fixture,
                     gconstpointer data)
{
  World *world = fixture->world;
  gint64 early = fixture_issue (fixture, "www.example.com"), late = fixture_issue (fixture, "www.example.com");
  g_autoptr(GError) error = NULL;

  world_run (world, 6 * DAY);
  g_assert_true (ch_order_cancel (&world->world, early, TRUE, &somebody, &error));
  world_run (world, DAY);
  assert_order (world, early, "cancelled", "none");

  g_assert_false (ch_order_cancel (&world->world, late, TRUE, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_WRONG_STATE);
  g_assert_nonnull (strstr (error->message, "7 days"));
  g_assert_nonnull (strstr (error->message, "order revoke"));
}

/* ---- the bin ---- */

static guint
count_keys (World *world)
{
  g_auto(GStrv) refs = ch_vault_list (world->world.vault, "key/", NULL, NULL);

  return g_strv_length (refs);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(GError) error = NULL;

  ch_order_delete_finish (result, &error);
  g_assert_no_error (error);
}

static ChBinKey *
only_key (World *world)
{
  g_autoptr(GPtrArray) keys = ch_store_list_bin_keys (world->world.store, NULL);

  g_assert_cmpuint (keys->len, ==, 1);
  return g_ptr_array_steal_index (keys, 0);
}

static void
test_bin (Fixture      *fixture,
          gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = fixture_issue (fixture, "www.example.com");

  g_assert_cmpuint (count_keys (world), ==, 1);
  ch_order_delete_async (&world->world, id, TRUE, &somebody, deleted_cb, NULL);
  world_run (world, 29 * DAY);
  g_assert_cmpuint (count_keys (world), ==, 1);
  g_autoptr(ChBinKey) key = only_key (world);
  g_assert_cmpint (key->order_id, ==, id);
  g_assert_nonnull (key->public_key);

  world_run (world, 2 * DAY);
  g_assert_cmpuint (count_keys (world), ==, 0);
}

static void
test_restore_and_purge (Fixture      *fixture,
                        gconstpointer data)
{
  World *world = fixture->world;
  gint64 id = fixture_issue (fixture, "www.example.com"), other = fixture_issue (fixture, "www.example.com");
  g_autoptr(GError) error = NULL;
  g_autoptr(ChOrder) gone = world_order (world, id);

  ch_order_delete_async (&world->world, id, TRUE, &somebody, deleted_cb, NULL);
  world_run (world, 1);
  g_autoptr(ChBinKey) key = only_key (world);
  g_assert_null (ch_bin_restore (&world->world, key->id, &somebody, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* As one that was imported again. */
  g_autoptr(ChOrder) order = world_order (world, other);
  g_clear_pointer (&order->key_ref, g_free);
  g_free (order->public_key);
  order->public_key = g_strdup (gone->public_key);
  g_assert_true (ch_store_update_order (world->world.store, order, &error));
  g_autoptr(GArray) ids = ch_bin_restore (&world->world, key->id, &somebody, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 1);
  g_autoptr(ChOrder) after = world_order (world, other);
  g_assert_cmpstr (after->key_ref, ==, gone->key_ref);

  ch_order_delete_async (&world->world, other, TRUE, &somebody, deleted_cb, NULL);
  world_run (world, 1);
  g_autoptr(GPtrArray) keys = ch_store_list_bin_keys (world->world.store, NULL);
  for (guint i = 0; i < keys->len; i++)
    g_assert_true (ch_bin_purge (&world->world, ((const ChBinKey *) g_ptr_array_index (keys, i))->id, &somebody, &error));
  world_run (world, 1);
  g_assert_cmpuint (count_keys (world), ==, 0);
}

static void
new_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  ch_order_new_finish (result, data);
}

static ChOrderDraft *
draft_with_key (void)
{
  ChOrderDraft *draft = g_new0 (ChOrderDraft, 1);

  draft->names = g_strsplit ("brought.example.com", " ", -1);
  draft->account = g_strdup ("ca");
  draft->dns_account = g_strdup ("dns");
  draft->key = ch_key_generate (CH_KEY_ALGORITHM_RSA_2048, NULL);
  return draft;
}

static void
refuse (gpointer data)
{
  world_refuse_writes (data, TRUE);
}

static gboolean
refuse_cb (gpointer data)
{
  refuse (data);
  return G_SOURCE_REMOVE;
}

/* The database takes the note, and the key, and then no order. */
static void
test_brought_key_without_order (Fixture      *fixture,
                                gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  ch_order_new_async (&world->world, draft_with_key (), &somebody, new_cb, &error);
  g_idle_add_full (G_PRIORITY_HIGH, refuse_cb, world, NULL);
  world_run (world, 1);
  g_assert_nonnull (error);
  g_assert_cmpuint (count_keys (world), ==, 1);

  world_refuse_writes (world, FALSE);
  world_run (world, 2 * 60 * 60);
  g_assert_cmpuint (count_keys (world), ==, 0);
}

static void
test_brought_key (Fixture      *fixture,
                  gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr(GError) error = NULL;

  ch_order_new_async (&world->world, draft_with_key (), &somebody, new_cb, &error);
  world_run (world, 2 * 60 * 60);
  g_assert_no_error (error);
  g_assert_cmpuint (count_keys (world), ==, 1);
  g_autoptr(GPtrArray) keys = ch_store_list_bin_keys (world->world.store, NULL);
  g_assert_cmpuint (keys->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
#define TEST(name, test) fixture_test ("/engine/ends/" name, NULL, test)
  TEST ("revoke", test_revoke);
  TEST ("revoke-refused", test_revoke_refused);
  TEST ("each-step-is-told", test_each_step_is_told);
  TEST ("cancel-in-time", test_cancel_in_time);
  TEST ("bin", test_bin);
  TEST ("restore-and-purge", test_restore_and_purge);
  TEST ("brought-key", test_brought_key);
  TEST ("brought-key-without-order", test_brought_key_without_order);
#undef TEST
  g_test_add_data_func ("/engine/ends/revoke-killed/before", GINT_TO_POINTER (FALSE), test_revoke_killed);
  g_test_add_data_func ("/engine/ends/revoke-killed/after", GINT_TO_POINTER (TRUE), test_revoke_killed);
  return g_test_run ();
}
