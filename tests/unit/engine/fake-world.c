/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "issue.h"
#include "store/shelf.h"
#include "store/store-private.h"

#include <glib/gstdio.h>

/* More steps than this without time passing is a loop. */
#define STEPS_MAX 100000

const ChActor somebody = { .uid = 1000, .authority = "polkit:test" };

/* ---- the clock and the alarm, in place of engine/alarm.c ---- */

struct _ChAlarm
{
  GSourceFunc ring;
  gpointer data;
  gint64 when;
};

static ChAlarm the_alarm;
static gint64 clock_now = 1795000000;
static guint rings;

gint64
ch_now (void)
{
  return clock_now;
}

ChAlarm *
ch_alarm_new (GSourceFunc ring,
              gpointer    data)
{
  the_alarm = (ChAlarm) { ring, data, 0 };
  return &the_alarm;
}

void
ch_alarm_set (ChAlarm *alarm,
              gint64   when)
{
  alarm->when = when;
}

void
ch_alarm_free (ChAlarm *alarm)
{
  alarm->when = 0;
}

/* As the real one: when the clock is set, it rings. */
void
world_set_clock (gint64 now)
{
  clock_now = now;
  if (the_alarm.ring != NULL)
    the_alarm.ring (the_alarm.data);
}

guint
world_rings (void)
{
  return rings;
}

/* ---- the workers, in place of engine/workers.c: one piece at a time, on the main loop ---- */

struct _ChWorkers
{
  GQueue open;
  guint next;           /* source id */
  gboolean stopping;
};

typedef struct
{
  ChWork work;
  ChWork done;
  gpointer data;
  GCancellable *cancellable;
} Piece;

static guint most_at_once;

static gboolean work_cb (gpointer data);

/* As with the real ones, what the work has told the main loop comes before its end. */
static gboolean
deliver_cb (gpointer data)
{
  ChWorkers *workers = data;
  Piece *piece = g_queue_pop_head (&workers->open);

  workers->next = g_queue_is_empty (&workers->open) ? 0 : g_idle_add_full (G_PRIORITY_LOW, work_cb, workers, NULL);
  piece->done (piece->data, piece->cancellable);
  g_object_unref (piece->cancellable);
  g_free (piece);
  return G_SOURCE_REMOVE;
}

static gboolean
work_cb (gpointer data)
{
  ChWorkers *workers = data;
  Piece *piece = g_queue_peek_head (&workers->open);

  piece->work (piece->data, piece->cancellable);
  workers->next = g_idle_add_full (G_PRIORITY_DEFAULT, deliver_cb, workers, NULL);
  return G_SOURCE_REMOVE;
}

ChWorkers *
ch_workers_new (guint limit)
{
  return g_new0 (ChWorkers, 1);
}

void
ch_workers_push (ChWorkers    *workers,
                 ChWork        work,
                 ChWork        done,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Piece *piece = g_new0 (Piece, 1);

  *piece = (Piece) { work, done, data, cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new () };
  if (workers->stopping)
    g_cancellable_cancel (piece->cancellable);
  g_queue_push_tail (&workers->open, piece);
  most_at_once = MAX (most_at_once, workers->open.length);
  if (workers->next == 0)
    workers->next = g_idle_add_full (G_PRIORITY_LOW, work_cb, workers, NULL);
}

void
ch_workers_cross (ChWork        call,
                  gpointer      data,
                  GCancellable *cancellable)
{
  call (data, cancellable);
}

void
ch_workers_stop (ChWorkers *workers)
{
  workers->stopping = TRUE;
  for (GList *l = workers->open.head; l != NULL; l = l->next)
    g_cancellable_cancel (((Piece *) l->data)->cancellable);
  for (guint steps = 0; !g_queue_is_empty (&workers->open); steps++)
    {
      g_assert_cmpuint (steps, <, STEPS_MAX);
      g_main_context_iteration (NULL, TRUE);
    }
}

void
ch_workers_free (ChWorkers *workers)
{
  g_clear_handle_id (&workers->next, g_source_remove);
  g_free (workers);
}

guint
world_most_at_once (void)
{
  guint most = most_at_once;

  most_at_once = 0;
  return most;
}

/* ---- the watcher ---- */

static void
note_change (gpointer    data,
             const char *what,
             gint64      id,
             ChChange    change)
{
  static const char *const words[] = { "added", "changed", "removed" };
  World *world = data;

  g_string_append_printf (world->changes, "%s/%" G_GINT64_FORMAT ":%s ", what, id, words[change]);
}

static void
order_changed (gpointer data, gint64 id, ChChange change)
{
  note_change (data, "order", id, change);
}

static void
peer_changed (gpointer data, ChPeerRole role, gint64 id, ChChange change)
{
  note_change (data, ch_nick (CH_TYPE_PEER_ROLE, (int) role), id, change);
}

static void
deployment_changed (gpointer data, gint64 id, ChChange change)
{
  note_change (data, "deployment", id, change);
}

static void
job_changed (gpointer data, ChJob *job, ChChange change)
{
  note_change (data, "job", job->id, change);
}

/* ---- a world ---- */

static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) == 0 && !g_test_verbose ())
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, data);
}

void
world_init (int    *argc,
            char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (write_log, NULL, NULL);
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

void
world_open (World *world)
{
  ChWorld *engine = &world->world;
  g_autoptr(GError) error = NULL;

  engine->config = world->config;
  engine->policy = world->policy;
  engine->store = ch_store_open (world->database, &error);
  g_assert_no_error (error);
  /* No power cut comes into these tests. */
  sqlite3_exec (engine->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  engine->vault = ch_vault_open_system (ch_shelf_new (world->database, &error), world->folder, &error);
  g_assert_no_error (error);
  engine->workers = ch_workers_new (world->config->workers);
  engine->jobs = ch_jobs_new (engine);
  engine->runner = ch_runner_new (engine);
  engine->watcher = (ChWatcher) { world, order_changed, peer_changed, deployment_changed, NULL, job_changed, NULL };

  ch_peers_resume (engine, &error);
  g_assert_no_error (error);
  ch_runner_start (engine->runner, &error);
  g_assert_no_error (error);
}

void
world_close (World *world)
{
  ChWorld *engine = &world->world;

  ch_runner_stop (engine->runner);
  ch_workers_stop (engine->workers);
  g_clear_pointer (&engine->runner, ch_runner_free);
  g_clear_pointer (&engine->jobs, ch_jobs_free);
  g_clear_pointer (&engine->workers, ch_workers_free);
  g_clear_pointer (&engine->vault, ch_vault_close);
  g_clear_pointer (&engine->store, ch_store_close);
  /* What was returned to callers of commands is still on its way. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

World *
world_new_from (char *folder)
{
  World *world = g_new0 (World, 1);
  g_autoptr(GError) error = NULL;

  world->folder = folder;
  world->database = g_build_filename (folder, "state.db", NULL);
  world->config = ch_config_load (NULL, folder, FALSE, &error);
  g_assert_no_error (error);
  world->policy = ch_policy_load (POLICY_FILE, NULL, &error);
  g_assert_no_error (error);
  world->changes = g_string_new (NULL);
  world_open (world);
  return world;
}

World *
world_new (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("chancery-engine-XXXXXX", &error);

  g_assert_no_error (error);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  fakes_reset ();
  world_most_at_once ();
  return world_new_from (folder);
}

void
world_drop (World *world)
{
  if (world->world.store != NULL)
    world_close (world);
  remove_folder (world->folder);
  ch_policy_free (world->policy);
  ch_config_free (world->config);
  g_string_free (world->changes, TRUE);
  g_free (world->database);
  g_free (world->remains);
  g_free (world->folder);
  g_free (world);
}

void
world_free (World *world)
{
  world_drop (world);
  fakes_clear ();
  issue_forget ();
}

void
world_run (World *world,
           gint64 seconds)
{
  gint64 end = clock_now + seconds;

  for (guint steps = 0;; steps++)
    {
      g_assert_cmpuint (steps, <, STEPS_MAX);
      if (g_main_context_iteration (NULL, FALSE))
        continue;
      if (the_alarm.when == 0 || the_alarm.when > end)
        break;

      if (the_alarm.when > clock_now)
        steps = 0;
      clock_now = MAX (clock_now, the_alarm.when);
      the_alarm.when = 0;
      rings++;
      the_alarm.ring (the_alarm.data);
    }

  clock_now = end;
}

char *
world_snapshot (World *world)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("chancery-engine-XXXXXX", &error);
  g_autofree char *database = g_build_filename (folder, "state.db", NULL);
  g_autofree char *key = g_build_filename (world->folder, "vault.key", NULL);
  g_autofree char *key_copy = g_build_filename (folder, "vault.key", NULL);
  g_autoptr(GFile) from_file = g_file_new_for_path (key), to_file = g_file_new_for_path (key_copy);
  g_autofree char *sql = g_strdup_printf ("VACUUM INTO '%s'", database);
  sqlite3 *db;

  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (world->database, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_file_copy (from_file, to_file, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return folder;
}

void
world_die (gpointer data)
{
  World *world = data;

  world->remains = world_snapshot (world);
  fakes.frozen = TRUE;
}

World *
world_rise (World *world)
{
  char *folder = g_steal_pointer (&world->remains);

  g_assert_nonnull (folder);
  world_drop (world);
  fakes.frozen = FALSE;
  return world_new_from (folder);
}

void
world_refuse_writes (World    *world,
                     gboolean  refuse)
{
  sqlite3_exec (world->world.store->db, refuse ? "PRAGMA query_only = 1" : "PRAGMA query_only = 0", NULL, NULL, NULL);
}

void
world_sql (World      *world,
           const char *sql)
{
  g_autofree char *loose = g_strdup_printf ("PRAGMA foreign_keys = OFF; %s; PRAGMA foreign_keys = ON", sql);

  g_assert_cmpint (sqlite3_exec (world->world.store->db, loose, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* ---- what the tests begin with ---- */

GHashTable *
world_pairs (const char *name,
             ...)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  va_list args;

  va_start (args, name);
  for (; name != NULL; name = va_arg (args, const char *))
    g_hash_table_insert (table, g_strdup (name), g_strdup (va_arg (args, const char *)));
  va_end (args);
  return table;
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(GError) error = NULL;

  *(gint64 *) data = ch_peer_add_finish (result, &error);
  g_assert_no_error (error);
}

gint64
world_add_peer (World      *world,
                ChPeerRole  role,
                const char *name)
{
  g_autoptr(GHashTable) settings = role == CH_PEER_ROLE_ACCOUNT
    ? world_pairs ("user", "PAR1", "environment", "test", "contact-first-name", "Ada", "contact-last-name", "Byron",
                   "contact-phone", "+441", "contact-email", "ada@example.com", NULL)
    : role == CH_PEER_ROLE_DNS ? world_pairs ("server", "ns1.example.com", NULL) : world_pairs (NULL, NULL);
  g_autoptr(GHashTable) secrets = role == CH_PEER_ROLE_SERVER ? world_pairs (NULL, NULL)
                                                              : world_pairs ("secret", name, NULL);
  gint64 id = 0;

  ch_peer_add_async (&world->world, role, "fake", name, settings, secrets, &somebody, added_cb, &id);
  while (id == 0)
    g_main_context_iteration (NULL, TRUE);
  return id;
}

gint64
world_add_order (World      *world,
                 const char *name,
                 gint64      account,
                 gint64      dns)
{
  g_autoptr(ChOrder) order = g_new0 (ChOrder, 1);
  g_autoptr(GError) error = NULL;

  order->names = g_strsplit (name, " ", -1);
  order->account_id = account;
  order->dns_account_id = dns;
  order->product = CH_PRODUCT_DOMAINSSL;
  order->key_algorithm = CH_KEY_ALGORITHM_EC_P256;
  order->term_months = 12;
  order->contact = world_pairs (NULL, NULL);
  order->step = CH_ORDER_STEP_MAKE_KEY;
  order->attempt = 1;
  order->own_key = g_uuid_string_random ();
  order->created_at = order->state_since = order->due = ch_now ();
  ch_store_add_order (world->world.store, order, &error);
  g_assert_no_error (error);
  ch_runner_wake (world->world.runner);
  return order->id;
}

gint64
world_add_deployment (World      *world,
                      const char *name,
                      const char *for_name,
                      gint64      server,
                      const char *path)
{
  g_autoptr(ChPeer) peer = world_peer (world, CH_PEER_ROLE_SERVER, server);
  g_autofree char *files = g_strdup_printf ("[{\"part\": \"fullchain\", \"path\": \"%s\"},"
                                            " {\"part\": \"key\", \"path\": \"%s.key\"}]", path, path);
  char *names[] = { (char *) for_name, NULL };
  ChDeploymentDraft draft = { .name = (char *) name, .server = peer->name, .names = names, .files = files };
  g_autoptr(GError) error = NULL;
  gint64 id = ch_deployment_add (&world->world, &draft, &somebody, &error);

  g_assert_no_error (error);
  return id;
}

ChOrder *
world_order (World *world,
             gint64 id)
{
  g_autoptr(GError) error = NULL;
  ChOrder *order = ch_store_get_order (world->world.store, id, &error);

  g_assert_no_error (error);
  return order;
}

ChPeer *
world_peer (World      *world,
            ChPeerRole  role,
            gint64      id)
{
  g_autoptr(GError) error = NULL;
  ChPeer *peer = ch_store_get_peer (world->world.store, role, id, &error);

  g_assert_no_error (error);
  return peer;
}

ChDeployment *
world_deployment (World *world,
                  gint64 id)
{
  g_autoptr(GError) error = NULL;
  ChDeployment *deployment = ch_store_get_deployment (world->world.store, id, &error);

  g_assert_no_error (error);
  return deployment;
}

guint
world_txt_count (World *world)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->world.store, 0, NULL);

  return records->len;
}

void
assert_order (World      *world,
              gint64      id,
              const char *state,
              const char *step)
{
  g_autoptr(ChOrder) order = world_order (world, id);

  g_assert_cmpstr (ch_nick (CH_TYPE_ORDER_STATE, (int) order->state), ==, state);
  g_assert_cmpstr (ch_nick (CH_TYPE_ORDER_STEP, (int) order->step), ==, step);
}
