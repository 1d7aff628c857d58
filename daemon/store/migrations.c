/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <inttypes.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Append only. Entry n brings a database of version n to n + 1, in its own transaction.
 *
 * Times are Unix seconds, 0 for none; what is due has a partial index, so that looking for it
 * costs nothing when nothing is. */
const char *const ch_migrations[] = {
  /* 0 → 1: everything. */
  "CREATE TABLE meta ("
  "  key TEXT PRIMARY KEY,"
  "  value TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;"

  "CREATE TABLE secrets ("
  "  ref TEXT PRIMARY KEY,"
  "  sealed BLOB NOT NULL"
  ") STRICT;"

  "CREATE TABLE peers ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  role TEXT NOT NULL,"
  "  kind TEXT NOT NULL,"
  "  name TEXT NOT NULL,"
  "  settings TEXT NOT NULL,"
  "  secrets TEXT NOT NULL,"
  "  state TEXT NOT NULL,"
  "  reason TEXT,"
  "  checked_at INTEGER NOT NULL,"
  "  created_at INTEGER NOT NULL,"
  "  UNIQUE (role, name)"
  ") STRICT;"

  "CREATE TABLE orders ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  state TEXT NOT NULL,"
  "  step TEXT NOT NULL,"
  "  due INTEGER NOT NULL,"
  "  account_id INTEGER NOT NULL REFERENCES peers (id),"
  "  dns_account_id INTEGER REFERENCES peers (id),"
  "  not_after INTEGER NOT NULL,"
  "  term_end INTEGER NOT NULL,"
  "  created_at INTEGER NOT NULL,"
  "  updated_at INTEGER NOT NULL,"
  "  ca_order TEXT,"
  "  names TEXT NOT NULL CHECK (json_type (names) = 'array'),"
  "  name TEXT NOT NULL GENERATED ALWAYS AS (coalesce (lower (json_extract (names, '$[0]')), '')) STORED,"
  "  failures INTEGER NOT NULL,"
  "  reason TEXT,"
  "  state_since INTEGER NOT NULL,"
  "  cancel_wanted INTEGER NOT NULL,"
  "  product TEXT NOT NULL,"
  "  method TEXT NOT NULL,"
  "  key_algorithm TEXT NOT NULL,"
  "  term_months INTEGER NOT NULL,"
  "  contact TEXT NOT NULL,"
  "  key_ref TEXT,"
  "  csr TEXT,"
  "  public_key TEXT,"
  "  own_key TEXT NOT NULL,"
  "  attempt INTEGER NOT NULL,"
  "  placed_at INTEGER NOT NULL,"
  "  issued_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX orders_due ON orders (due, id) WHERE due > 0;"
  "CREATE INDEX orders_interrupted ON orders (id) WHERE step <> 'none' AND due = 0;"
  "CREATE INDEX orders_step ON orders (account_id, step, id);"
  "CREATE INDEX orders_dns ON orders (dns_account_id) WHERE dns_account_id IS NOT NULL;"

  /* What lists are sorted by, and after it all that they are filtered by: a list then never looks
   * into the table, so that even a filter that nothing passes reads one index from end to end. */
  "CREATE INDEX orders_id ON orders (id, state, account_id, not_after);"
  "CREATE INDEX orders_name ON orders (name, id, state, account_id, not_after);"
  "CREATE INDEX orders_state ON orders (state, id, account_id, not_after);"
  "CREATE INDEX orders_not_after ON orders (not_after, id, state, account_id);"
  "CREATE INDEX orders_term_end ON orders (term_end, id, state, account_id, not_after);"
  "CREATE INDEX orders_created ON orders (created_at, id, state, account_id, not_after);"
  "CREATE INDEX orders_updated ON orders (updated_at, id, state, account_id, not_after);"

  /* What an order is found by, in lower case: its names, and at position -1 the CA's number.
   * Searching reads it from end to end. The triggers keep it in step. */
  "CREATE TABLE order_names ("
  "  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,"
  "  position INTEGER NOT NULL,"
  "  name TEXT NOT NULL,"
  "  PRIMARY KEY (order_id, position)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TRIGGER orders_inserted AFTER INSERT ON orders BEGIN"
  "  INSERT INTO order_names SELECT new.id, key, lower (value) FROM json_each (new.names);"
  "  INSERT INTO order_names SELECT new.id, -1, lower (new.ca_order) WHERE new.ca_order IS NOT NULL;"
  "END;"
  "CREATE TRIGGER orders_names_updated AFTER UPDATE OF names, ca_order ON orders"
  "  WHEN new.names IS NOT old.names OR new.ca_order IS NOT old.ca_order BEGIN"
  "  DELETE FROM order_names WHERE order_id = new.id;"
  "  INSERT INTO order_names SELECT new.id, key, lower (value) FROM json_each (new.names);"
  "  INSERT INTO order_names SELECT new.id, -1, lower (new.ca_order) WHERE new.ca_order IS NOT NULL;"
  "END;"

  "CREATE TABLE challenges ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,"
  "  method TEXT NOT NULL,"
  "  name TEXT NOT NULL,"
  "  location TEXT NOT NULL,"
  "  value TEXT NOT NULL,"
  "  value_at INTEGER NOT NULL,"
  "  published_at INTEGER NOT NULL,"
  "  seen_at INTEGER NOT NULL,"
  "  observed TEXT"
  ") STRICT;"
  "CREATE INDEX challenges_order ON challenges (order_id, id);"

  "CREATE TABLE certificates ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,"
  "  ca_order TEXT NOT NULL,"
  "  serial TEXT NOT NULL,"
  "  subject TEXT NOT NULL,"
  "  issuer TEXT NOT NULL,"
  "  names TEXT NOT NULL,"
  "  not_before INTEGER NOT NULL,"
  "  not_after INTEGER NOT NULL,"
  "  fingerprint TEXT NOT NULL,"
  "  public_key TEXT NOT NULL,"
  "  pem TEXT NOT NULL,"
  "  chain TEXT NOT NULL,"
  "  root TEXT,"
  "  issued_at INTEGER NOT NULL,"
  "  UNIQUE (order_id, fingerprint)"
  ") STRICT;"

  /* What stands in somebody's DNS outlives neither its order nor its DNS account: it goes first. */
  "CREATE TABLE txt_records ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  dns_account_id INTEGER NOT NULL REFERENCES peers (id),"
  "  order_id INTEGER REFERENCES orders (id),"
  "  name TEXT NOT NULL,"
  "  value TEXT NOT NULL,"
  "  zone TEXT,"
  "  ours INTEGER NOT NULL,"
  "  state TEXT NOT NULL,"
  "  due INTEGER NOT NULL,"
  "  failures INTEGER NOT NULL,"
  "  reason TEXT,"
  "  created_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX txt_records_order ON txt_records (order_id);"
  "CREATE INDEX txt_records_dns ON txt_records (dns_account_id);"
  "CREATE INDEX txt_records_due ON txt_records (due, id) WHERE due > 0 AND state = 'removing';"

  "CREATE TABLE deployments ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  name TEXT NOT NULL UNIQUE,"
  "  server_id INTEGER NOT NULL REFERENCES peers (id),"
  "  names TEXT NOT NULL,"
  "  files TEXT NOT NULL,"
  "  action TEXT NOT NULL,"
  "  checks TEXT NOT NULL,"
  "  state TEXT NOT NULL,"
  "  reason TEXT,"
  "  enabled INTEGER NOT NULL,"
  "  due INTEGER NOT NULL,"
  "  failures INTEGER NOT NULL,"
  "  certificate_id INTEGER REFERENCES certificates (id) ON DELETE SET NULL,"
  "  deployed_at INTEGER NOT NULL,"
  "  created_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX deployments_server ON deployments (server_id);"
  "CREATE INDEX deployments_certificate ON deployments (certificate_id);"
  "CREATE INDEX deployments_due ON deployments (due, id) WHERE due > 0 AND enabled;"

  "CREATE TABLE runs ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,"
  "  certificate_id INTEGER REFERENCES certificates (id) ON DELETE SET NULL,"
  "  started_at INTEGER NOT NULL,"
  "  finished_at INTEGER NOT NULL,"
  "  result TEXT NOT NULL,"
  "  error TEXT,"
  "  steps TEXT NOT NULL"
  ") STRICT;"
  "CREATE INDEX runs_deployment ON runs (deployment_id, id);"
  "CREATE INDEX runs_certificate ON runs (certificate_id);"
  "CREATE INDEX runs_open ON runs (id) WHERE finished_at = 0;"

  /* The audit log: rows are added, and that is all. */
  "CREATE TABLE events ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  at INTEGER NOT NULL,"
  "  uid INTEGER NOT NULL,"
  "  authority TEXT NOT NULL,"
  "  action TEXT NOT NULL,"
  "  object TEXT NOT NULL,"
  "  name TEXT NOT NULL,"
  "  ok INTEGER NOT NULL,"
  "  text TEXT NOT NULL"
  ") STRICT;"
  "CREATE INDEX events_object ON events (object, id);"
  "CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN"
  "  SELECT RAISE (ABORT, 'the audit log is append-only');"
  "END;"
  "CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN"
  "  SELECT RAISE (ABORT, 'the audit log is append-only');"
  "END;",

  /* 1 → 2: the whole life of an order. A certificate has its own key, because the next one is made before the one
   * in force is replaced. Orders that were there replace themselves like new ones, from the next look on. */
  "ALTER TABLE orders ADD COLUMN kind TEXT NOT NULL DEFAULT 'new';"
  "ALTER TABLE orders ADD COLUMN renews_id INTEGER REFERENCES orders (id) ON DELETE SET NULL;"
  "ALTER TABLE orders ADD COLUMN renews_ca TEXT;"
  "ALTER TABLE orders ADD COLUMN reissues_ca TEXT;"
  "ALTER TABLE orders ADD COLUMN organization TEXT NOT NULL DEFAULT '{}';"
  "ALTER TABLE orders ADD COLUMN options TEXT NOT NULL DEFAULT '{}';"
  "ALTER TABLE orders ADD COLUMN approver TEXT;"
  "ALTER TABLE orders ADD COLUMN page TEXT;"
  "ALTER TABLE orders ADD COLUMN price TEXT;"
  "ALTER TABLE orders ADD COLUMN imported_at INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN auto_replace INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN auto_renew INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN replace_at INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN replace_failures INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN tell_at INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN note TEXT;"
  "ALTER TABLE orders ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';"
  "UPDATE orders SET auto_replace = key_ref IS NOT NULL;"
  "UPDATE orders SET replace_at = 1, tell_at = 1 WHERE state = 'issued';"
  "CREATE INDEX orders_renews ON orders (renews_id) WHERE renews_id IS NOT NULL;"
  "CREATE INDEX orders_ca ON orders (account_id, ca_order) WHERE ca_order IS NOT NULL;"
  "CREATE INDEX orders_replace ON orders (replace_at, id) WHERE replace_at > 0;"
  "CREATE INDEX orders_tell ON orders (tell_at, id) WHERE tell_at > 0;"
  "CREATE INDEX orders_public_key ON orders (public_key) WHERE public_key IS NOT NULL;"
  "ALTER TABLE certificates ADD COLUMN key_ref TEXT;"
  "UPDATE certificates SET key_ref = (SELECT key_ref FROM orders WHERE orders.id = order_id);"
  "CREATE INDEX certificates_ca ON certificates (ca_order);"
  "CREATE INDEX certificates_public_key ON certificates (public_key);",

  /* What a DNS service is asked with, whether all its servers have a value. */
  "ALTER TABLE txt_records ADD COLUMN token TEXT;",

  /* 3 → 4: what comes at the end. Keys of deleted orders lie in the bin until they are due; a certificate is found by
   * its serial number; a person is told of each threshold once. Orders are found by note (position -2) and tags
   * (from -3 down), too. */
  "CREATE TABLE bin ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  ref TEXT NOT NULL UNIQUE,"
  "  order_id INTEGER NOT NULL,"
  "  name TEXT NOT NULL,"
  "  ca_order TEXT,"
  "  public_key TEXT,"
  "  put_at INTEGER NOT NULL,"
  "  due INTEGER NOT NULL,"
  "  failures INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX bin_due ON bin (due, id) WHERE due > 0;"
  "CREATE TABLE warnings ("
  "  id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,"
  "  not_after INTEGER NOT NULL,"
  "  days INTEGER NOT NULL,"
  "  told_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX certificates_serial ON certificates (serial);"
  "CREATE INDEX certificates_fingerprint ON certificates (fingerprint);"
  "DROP TRIGGER orders_inserted;"
  "DROP TRIGGER orders_names_updated;"
  "CREATE TRIGGER orders_inserted AFTER INSERT ON orders BEGIN"
  "  INSERT INTO order_names SELECT new.id, key, lower (value) FROM json_each (new.names);"
  "  INSERT INTO order_names SELECT new.id, -1, lower (new.ca_order) WHERE new.ca_order IS NOT NULL;"
  "  INSERT INTO order_names SELECT new.id, -2, lower (new.note) WHERE new.note IS NOT NULL;"
  "  INSERT INTO order_names SELECT new.id, -3 - key, lower (value) FROM json_each (new.tags);"
  "END;"
  "CREATE TRIGGER orders_names_updated AFTER UPDATE OF names, ca_order, note, tags ON orders"
  "  WHEN new.names IS NOT old.names OR new.ca_order IS NOT old.ca_order OR new.note IS NOT old.note"
  "    OR new.tags IS NOT old.tags BEGIN"
  "  DELETE FROM order_names WHERE order_id = new.id;"
  "  INSERT INTO order_names SELECT new.id, key, lower (value) FROM json_each (new.names);"
  "  INSERT INTO order_names SELECT new.id, -1, lower (new.ca_order) WHERE new.ca_order IS NOT NULL;"
  "  INSERT INTO order_names SELECT new.id, -2, lower (new.note) WHERE new.note IS NOT NULL;"
  "  INSERT INTO order_names SELECT new.id, -3 - key, lower (value) FROM json_each (new.tags);"
  "END;",

  /* 4 → 5: each challenge has its own DNS account, and may stand elsewhere than where the CA looks first; peers
   * count their failures. */
  "ALTER TABLE peers ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE orders ADD COLUMN dns_named INTEGER NOT NULL DEFAULT 1;"
  "ALTER TABLE challenges ADD COLUMN dns_account_id INTEGER REFERENCES peers (id);"
  "ALTER TABLE challenges ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';"
  "UPDATE challenges SET dns_account_id ="
  "  (SELECT dns_account_id FROM orders WHERE orders.id = challenges.order_id);"
  "CREATE INDEX challenges_dns ON challenges (dns_account_id) WHERE dns_account_id IS NOT NULL;",

  /* What needs a person is looked for at every look at the status. */
  "CREATE INDEX orders_needy ON orders (not_after, id)"
  " WHERE state IN ('failed', 'rejected') OR replace_failures > 0"
  "   OR (state = 'issued' AND auto_replace = 1 AND replace_at = 0);",

  /* Orders in force are followed at the CA, too, by one question for each account. */
  "CREATE TABLE tracks ("
  "  id INTEGER PRIMARY KEY REFERENCES peers (id) ON DELETE CASCADE,"
  "  seen_to INTEGER NOT NULL,"
  "  due INTEGER NOT NULL,"
  "  quiet INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX tracks_due ON tracks (due, id) WHERE due > 0;"
  "CREATE INDEX orders_reissues ON orders (account_id, reissues_ca) WHERE reissues_ca IS NOT NULL;"
  "INSERT INTO tracks SELECT DISTINCT account_id, 0, 1, 0 FROM orders WHERE state = 'issued';",

  /* An order may be on its way to be placed anew. */
  "ALTER TABLE orders ADD COLUMN anew INTEGER NOT NULL DEFAULT 0;",

  /* How far imports are that have not come to their end; numbers of the CA that belong to an order which has nothing
   * else of them; and what a flood of imported orders is linked by. */
  "CREATE TABLE imports ("
  "  account_id INTEGER NOT NULL REFERENCES peers (id) ON DELETE CASCADE,"
  "  wish TEXT NOT NULL,"
  "  until INTEGER NOT NULL,"
  "  PRIMARY KEY (account_id, wish)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE order_numbers ("
  "  account_id INTEGER NOT NULL REFERENCES peers (id),"
  "  ca_order TEXT NOT NULL,"
  "  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,"
  "  PRIMARY KEY (account_id, ca_order)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX order_numbers_order ON order_numbers (order_id);"
  "CREATE INDEX orders_renews_ca ON orders (account_id, renews_ca) WHERE renews_ca IS NOT NULL;"
  "CREATE INDEX bin_public_key ON bin (public_key);",

  /* A reissue that must be proven at the CA needs a person, too. */
  "DROP INDEX orders_needy;"
  "CREATE INDEX orders_needy ON orders (not_after, id)"
  " WHERE state IN ('failed', 'rejected') OR replace_failures > 0"
  "   OR (state = 'issued' AND auto_replace = 1 AND replace_at = 0)"
  "   OR (state = 'reissuing' AND step = 'track');",

  /* The daily mail: one row. */
  "CREATE TABLE mail ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  due INTEGER NOT NULL,"
  "  sent_at INTEGER NOT NULL,"
  "  failures INTEGER NOT NULL,"
  "  reason TEXT,"
  "  told TEXT NOT NULL"
  ") STRICT;",

  /* Deployments learn templates, other formats, challenge files, waves, windows, pauses and drift. */
  "ALTER TABLE deployments ADD COLUMN template TEXT;"
  "ALTER TABLE deployments ADD COLUMN test TEXT NOT NULL DEFAULT '{}';"
  "ALTER TABLE deployments ADD COLUMN web_root TEXT;"
  "ALTER TABLE deployments ADD COLUMN secrets TEXT NOT NULL DEFAULT '[]';"
  "ALTER TABLE deployments ADD COLUMN wave INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE deployments ADD COLUMN windows TEXT NOT NULL DEFAULT '[]';"
  "ALTER TABLE deployments ADD COLUMN paused_until INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE deployments ADD COLUMN look_at INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE deployments ADD COLUMN drift TEXT;"
  "CREATE INDEX deployments_look ON deployments (look_at, id) WHERE look_at > 0;",

  /* A calendar counts what comes in each month out of these alone. */
  "CREATE INDEX orders_ends ON orders (not_after, state, term_end, auto_replace, auto_renew, replace_at, replace_failures);"
  "CREATE INDEX orders_plans ON orders (replace_at, state, not_after, term_end, auto_renew) WHERE replace_at > 0;",

  /* Endpoints that are only looked at. */
  "CREATE TABLE watches ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  name TEXT NOT NULL UNIQUE,"
  "  host TEXT NOT NULL,"
  "  port INTEGER NOT NULL,"
  "  sni TEXT,"
  "  start_tls TEXT,"
  "  every INTEGER NOT NULL,"
  "  state TEXT NOT NULL,"
  "  reason TEXT,"
  "  due INTEGER NOT NULL,"
  "  failures INTEGER NOT NULL,"
  "  looked_at INTEGER NOT NULL,"
  "  fingerprint TEXT,"
  "  accepted TEXT,"
  "  subject TEXT,"
  "  issuer TEXT,"
  "  names TEXT NOT NULL,"
  "  not_before INTEGER NOT NULL,"
  "  not_after INTEGER NOT NULL,"
  "  trusted INTEGER NOT NULL,"
  "  created_at INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX watches_due ON watches (due, id) WHERE due > 0;",

  /* Pauses learn why; what runs on a server is counted. */
  "ALTER TABLE deployments ADD COLUMN pause_reason TEXT;"
  "CREATE INDEX deployments_running ON deployments (server_id) WHERE state = 'running';",
  /* Files that prove control of names, for as long as they stand on a server: one for each place. */
  "ALTER TABLE deployments ADD COLUMN challenge_folder TEXT;"
  "CREATE TABLE challenge_files ("
  "  id INTEGER PRIMARY KEY,"
  "  server_id INTEGER NOT NULL REFERENCES peers (id),"
  "  order_id INTEGER NOT NULL REFERENCES orders (id),"
  "  root TEXT NOT NULL,"
  "  path TEXT NOT NULL,"
  "  content TEXT NOT NULL,"
  "  made INTEGER NOT NULL,"
  "  ours INTEGER NOT NULL,"
  "  state TEXT NOT NULL,"
  "  due INTEGER NOT NULL,"
  "  failures INTEGER NOT NULL,"
  "  reason TEXT,"
  "  created_at INTEGER NOT NULL,"
  "  UNIQUE (server_id, path)"
  ") STRICT;"
  "CREATE INDEX challenge_files_order ON challenge_files (order_id);"
  "CREATE INDEX challenge_files_due ON challenge_files (due, id) WHERE due > 0 AND state = 'removing';",

  /* The list of orders by product. */
  "CREATE INDEX orders_product ON orders (product, id, state, account_id, not_after);",

  NULL,
};

static gboolean
check_owner (ChStore *store,
             gint64   version,
             GError **error)
{
  gint64 application, objects;

  if (!ch_store_ask (store, "PRAGMA application_id", NULL, &application, error)
      || !ch_store_ask (store, "SELECT count (*) FROM sqlite_schema", NULL, &objects, error))
    return FALSE;

  if (application != CH_STORE_APPLICATION_ID && (version != 0 || objects > 0))
    return ch_error_set (error, CH_ERROR_STORE,
                         _("“%s” is the database of another program: "
                           "give Chancery a state folder of its own"),
                         store->path);

  return TRUE;
}

static gboolean
check_version (ChStore *store,
               gint64   version,
               gint64   newest,
               GError **error)
{
  if (!check_owner (store, version, error))
    return FALSE;

  if (version < 0 || version > newest)
    return ch_error_set (error, CH_ERROR_STORE,
                         _("The database “%s” has version %" PRId64 ", but this program knows none above %"
                           PRId64 ": install the newer Chancery that wrote it, or restore an older copy"),
                         store->path, version, newest);

  return TRUE;
}

static gboolean
sync_and_rename (const char *from,
                 const char *to)
{
  g_autofree char *folder = g_path_get_dirname (to);
  int file = g_open (from, O_RDONLY | O_CLOEXEC, 0);
  int directory = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean done = file >= 0 && directory >= 0 && fsync (file) == 0 && g_rename (from, to) == 0
                  && fsync (directory) == 0;

  if (file >= 0)
    close (file);
  if (directory >= 0)
    close (directory);
  return done;
}

/* A whole and durable copy, or none: what an interrupted one leaves has another name. */
static gboolean
keep_copy (ChStore *store,
           gint64   version,
           GError **error)
{
  g_autofree char *copy = g_strdup_printf ("%s.v%" G_GINT64_FORMAT, store->path, version);
  g_autofree char *draft = g_strdup_printf ("%s.new", copy);

  g_unlink (draft);
  int fd = g_open (draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);

  if (fd < 0 || !ch_store_run (store, "VACUUM INTO ?1", CH_ARGS (CH_TEXT (draft)), error)
      || !sync_and_rename (draft, copy))
    {
      g_unlink (draft);
      if (error != NULL && *error == NULL)
        ch_error_set (error, CH_ERROR_STORE, _("No copy “%s” could be made before changing the database"),
                      copy);
      return FALSE;
    }

  return TRUE;
}

static gboolean
run_step (ChStore    *store,
          const char *step,
          gint64      version,
          GError    **error)
{
  g_autofree char *mark =
    g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %" G_GINT64_FORMAT,
                     CH_STORE_APPLICATION_ID, version + 1);
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);
  if (transaction == NULL)
    return FALSE;

  if (sqlite3_exec (store->db, step, NULL, NULL, NULL) != SQLITE_OK
      || sqlite3_exec (store->db, mark, NULL, NULL, NULL) != SQLITE_OK)
    return ch_store_fail (store, error);

  return ch_store_transaction_commit (transaction, error);
}

gboolean
ch_store_migrate (ChStore           *store,
                  const char *const *steps,
                  GError           **error)
{
  gint64 newest = g_strv_length ((char **) steps);
  gint64 version;

  if (!ch_store_ask (store, "PRAGMA user_version", NULL, &version, error)
      || !check_version (store, version, newest, error))
    return FALSE;

  if (version > 0 && version < newest && !keep_copy (store, version, error))
    return FALSE;

  for (gint64 i = version; i < newest; i++)
    if (!run_step (store, steps[i], i, error))
      {
        g_prefix_error (error,
                        _("Bringing the database to version %" PRId64 " failed, nothing was changed: "),
                        i + 1);
        return FALSE;
      }

  return TRUE;
}
