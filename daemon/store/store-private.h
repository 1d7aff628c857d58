/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/error.h"
#include "store/store.h"

#include <sqlite3.h>

/* What the files of this folder share: the connection, statements with arguments, and tables that
 * know how their rows become records. A member of a record and its column have the same name. */

struct _ChStore
{
  sqlite3 *db;            /* (owned) */
  char *path;             /* (owned) */
  guint depth;            /* how deep transactions are nested */
  gboolean doomed;        /* a rollback inside: nothing of the outermost transaction will be kept */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* ---- store.c ---- */

/**
 * ch_store_connect:
 * @path: a database file that is there
 *
 * A connection with our settings, and nothing migrated or changed in the file.
 *
 * Returns: (transfer full): the connection, or %NULL
 */
ChStore *ch_store_connect (const char *path,
                           GError    **error);

/* ---- statement.c ---- */

/** ChArg: the value of one parameter; the first is ?1. Made with CH_ARGS (CH_INT (id), CH_TEXT (name)). */
typedef struct
{
  enum
  {
    CH_ARG_END,
    CH_ARG_INT,
    CH_ARG_TEXT,
    CH_ARG_BLOB,
  } kind;
  gint64 number;
  const char *text;       /* (not owned) (nullable): NULL is SQL's NULL */
  GBytes *blob;           /* (not owned) */
} ChArg;

#define CH_INT(n) { .kind = CH_ARG_INT, .number = (n) }
#define CH_TEXT(s) { .kind = CH_ARG_TEXT, .text = (s) }
#define CH_BLOB(b) { .kind = CH_ARG_BLOB, .blob = (b) }
#define CH_ARGS(...) ((const ChArg[]) { __VA_ARGS__, { .kind = CH_ARG_END } })

/** ch_store_fail: sets @error from what SQLite said last. Returns %FALSE. */
gboolean ch_store_fail (ChStore *store,
                        GError **error);

/** ch_store_reword: gives @error another code and sentence if its code is @code. Returns %FALSE. */
gboolean ch_store_reword (GError    **error,
                          ChError     code,
                          ChError     new_code,
                          const char *format,
                          ...) G_GNUC_PRINTF (4, 5);

/**
 * ch_statement_new:
 * @args: (nullable): values for its parameters, which must outlive the statement
 *
 * Returns: (transfer full): a statement to step through, or %NULL
 */
sqlite3_stmt *ch_statement_new (ChStore     *store,
                                const char  *sql,
                                const ChArg *args,
                                GError     **error);

/** ch_statement_step: Returns SQLITE_ROW, SQLITE_DONE, or something else with @error set. */
int ch_statement_step (ChStore      *store,
                       sqlite3_stmt *statement,
                       GError      **error);

/** ch_store_run: prepares and runs one statement that gives no rows. */
gboolean ch_store_run (ChStore     *store,
                       const char  *sql,
                       const ChArg *args,
                       GError     **error);

/** ch_store_ask: the first column of the first row as a number, 0 when there is none. */
gboolean ch_store_ask (ChStore     *store,
                       const char  *sql,
                       const ChArg *args,
                       gint64      *answer,
                       GError     **error);

/* ---- table.c ---- */

/**
 * ChColumnKind:
 * @CH_COLUMN_INT64: gint64
 * @CH_COLUMN_ID: gint64 that refers to another row; 0 is NULL in the table
 * @CH_COLUMN_INT: gint or gboolean
 * @CH_COLUMN_UINT: guint
 * @CH_COLUMN_ENUM: an enumeration of lib/types.h, by nick
 * @CH_COLUMN_TEXT: char *
 * @CH_COLUMN_STRV: char **, a JSON array; %NULL is written as an empty one
 * @CH_COLUMN_TABLE: #GHashTable of texts, a JSON object; %NULL is written as an empty one
 */
typedef enum
{
  CH_COLUMN_INT64,
  CH_COLUMN_ID,
  CH_COLUMN_INT,
  CH_COLUMN_UINT,
  CH_COLUMN_ENUM,
  CH_COLUMN_TEXT,
  CH_COLUMN_STRV,
  CH_COLUMN_TABLE,
} ChColumnKind;

typedef struct
{
  const char *name;
  ChColumnKind kind;
  gsize offset;
  GType (*type) (void);   /* of an enumeration */
} ChColumn;

#define CH_COLUMN(record, kind, member) { #member, CH_COLUMN_##kind, G_STRUCT_OFFSET (record, member), NULL }
#define CH_COLUMN_NICK(record, member, type) \
  { #member, CH_COLUMN_ENUM, G_STRUCT_OFFSET (record, member), type }

typedef struct
{
  const char *name;         /* in SQL */
  const char *noun;         /* for people, marked with N_() */
  gsize size;               /* of the record */
  const ChColumn *columns;  /* the first is the id; ended by { NULL } */
  GDestroyNotify free;      /* frees a record */
} ChTable;

extern const ChTable ch_table_peers;
extern const ChTable ch_table_orders;
extern const ChTable ch_table_challenges;
extern const ChTable ch_table_certificates;
extern const ChTable ch_table_txt_records;
extern const ChTable ch_table_challenge_files;
extern const ChTable ch_table_deployments;
extern const ChTable ch_table_watches;
extern const ChTable ch_table_runs;
extern const ChTable ch_table_tracks;
extern const ChTable ch_table_events;
extern const ChTable ch_table_bin;
extern const ChTable ch_table_warnings;
extern const ChTable ch_table_mail;

/** ch_table_insert: sets the record's id; %CH_ERROR_NOT_FOUND when what the record refers to is not there. */
gboolean ch_table_insert (ChStore       *store,
                          const ChTable *table,
                          gpointer       record,
                          GError       **error);

/** ch_table_update: writes the whole row by its id; %CH_ERROR_NOT_FOUND when it is not there. */
gboolean ch_table_update (ChStore       *store,
                          const ChTable *table,
                          gconstpointer  record,
                          GError       **error);

gboolean ch_table_remove (ChStore       *store,
                          const ChTable *table,
                          gint64         id,
                          GError       **error);

/**
 * ch_table_list:
 * @tail: what follows "SELECT columns FROM table": WHERE, ORDER BY, LIMIT
 *
 * Returns: (transfer full): the records, or %NULL
 */
GPtrArray *ch_table_list (ChStore       *store,
                          const ChTable *table,
                          const char    *tail,
                          const ChArg   *args,
                          GError       **error);

/**
 * ch_table_find:
 * @record: (out) (nullable) (transfer full): the first that ch_table_list() gives; %NULL: there is none
 *
 * Returns: whether it could be looked for
 */
gboolean ch_table_find (ChStore       *store,
                        const ChTable *table,
                        const char    *tail,
                        const ChArg   *args,
                        gpointer      *record,
                        GError       **error);

/** ch_table_get: (transfer full): by id; %CH_ERROR_NOT_FOUND when it is not there. */
gpointer ch_table_get (ChStore       *store,
                       const ChTable *table,
                       gint64         id,
                       GError       **error);

void ch_table_free_record (const ChTable *table,
                           gpointer       record);

/* ---- json.c ---- */

/** ch_json_from_strv: (transfer full): a JSON array. */
char *ch_json_from_strv (const char *const *list);
/** ch_json_from_table: (transfer full): a JSON object. */
char *ch_json_from_table (GHashTable *table);
/** ch_json_to_strv: (transfer full) (nullable): %NULL when @text (nullable) is no array of strings. */
GStrv ch_json_to_strv (const char *text);
/** ch_json_to_table: (transfer full) (nullable): %NULL when @text (nullable) is no object of strings. */
GHashTable *ch_json_to_table (const char *text);

/* ---- migrations.c ---- */

/** What makes our files known to file(1) and to us: "CHNC". */
#define CH_STORE_APPLICATION_ID 0x43484e43

/** The real list of steps, ended by %NULL. */
extern const char *const ch_migrations[];

/**
 * ch_store_migrate:
 * @steps: entry n brings a database of version n to n + 1; ended by %NULL
 *
 * Refuses what is no database of ours or a newer one; keeps a copy of an older one; runs the steps
 * that are missing, each in its own transaction.
 */
gboolean ch_store_migrate (ChStore           *store,
                           const char *const *steps,
                           GError           **error);
