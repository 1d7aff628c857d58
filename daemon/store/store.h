/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/records.h"

/* The database: SQLite, WAL, FULL, STRICT tables, foreign keys. Main loop only. Every function
 * that fails does so with CH_ERROR_STORE (CH_ERROR_NO_SPACE when the disk is full), CH_ERROR_EXISTS
 * for a name that is taken, CH_ERROR_IN_USE where a foreign key holds the row, CH_ERROR_NOT_FOUND
 * for an id that is not there, also for one that a record refers to. A failed write leaves everything
 * as it was. */

typedef struct _ChStore ChStore;

/**
 * ch_store_open:
 * @path: the database file; made with mode 0600 when it is not there
 *
 * Opens and migrates. Refuses a database of a newer version, one that is no database, one that
 * cannot be written, each with its own sentence. Before the first migration step of an existing
 * database a copy stands beside it as <path>.v<old version>.
 *
 * Returns: (transfer full): the store, or %NULL
 */
ChStore *ch_store_open (const char *path,
                        GError    **error);
void ch_store_close (ChStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChStore, ch_store_close)

/**
 * ch_store_begin, ch_store_commit, ch_store_rollback:
 *
 * Join several writes. Nesting is counted: only the outermost commit writes, and a rollback inside undoes
 * all: that commit then fails. A worker that puts a secret waits for a transaction, so end it before the main
 * loop waits for the vault.
 */
gboolean ch_store_begin (ChStore *store, GError **error);
gboolean ch_store_commit (ChStore *store, GError **error);
void ch_store_rollback (ChStore *store);

/**
 * ChStoreTransaction: a scope. It rolls back at its end unless it was committed.
 *
 * |[ g_autoptr(ChStoreTransaction) t = ch_store_transaction (store, error);
 *    if (t == NULL || !write_a () || !write_b ()) return FALSE;
 *    return ch_store_transaction_commit (t, error); ]|
 */
typedef struct _ChStoreTransaction ChStoreTransaction;
ChStoreTransaction *ch_store_transaction (ChStore *store, GError **error);
gboolean ch_store_transaction_commit (ChStoreTransaction *transaction, GError **error);
void ch_store_transaction_end (ChStoreTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChStoreTransaction, ch_store_transaction_end)

/* ---- peers.c: adds set the record's id; updates write the whole row by its id ---- */
gboolean ch_store_add_peer (ChStore *store, ChPeer *peer, GError **error);
gboolean ch_store_update_peer (ChStore *store, const ChPeer *peer, GError **error);
gboolean ch_store_remove_peer (ChStore *store, gint64 id, GError **error);
ChPeer *ch_store_get_peer (ChStore *store, ChPeerRole role, gint64 id, GError **error);
ChPeer *ch_store_find_peer (ChStore *store, ChPeerRole role, const char *name, GError **error);
/* (element-type ChPeer), ordered by name; never NULL but on error */
GPtrArray *ch_store_list_peers (ChStore *store, ChPeerRole role, GError **error);

/* ---- orders.c ---- */
gboolean ch_store_add_order (ChStore *store, ChOrder *order, GError **error);
gboolean ch_store_update_order (ChStore *store, ChOrder *order, GError **error); /* sets updated_at */
/* refused with CH_ERROR_IN_USE while TXT records of the order are still in somebody's DNS */
gboolean ch_store_remove_order (ChStore *store, gint64 id, GError **error);
ChOrder *ch_store_get_order (ChStore *store, gint64 id, GError **error);
/* (element-type ChOrder): those of @ids (element-type gint64) that are there, in the order of @ids */
GPtrArray *ch_store_get_orders (ChStore *store, GArray *ids, GError **error);
/* (element-type ChOrder): what is due at @now, oldest first, at most @limit; a @due of 0 is never, nor is one without a
 * step, which a damaged file may have */
GPtrArray *ch_store_list_due_orders (ChStore *store, gint64 now, guint limit, GError **error);
/* (element-type ChOrder): that need a person, the next end first: ended without a certificate, or in force with nothing to
 * follow by itself: trouble with the next certificate, a reissue that they must prove at the CA, or a renewal that nobody
 * has paid for */
GPtrArray *ch_store_list_needy_orders (ChStore *store, guint limit, GError **error);
/* (element-type ChOrder): whose certificate is to be replaced at @now or before, as above */
GPtrArray *ch_store_list_replaceable_orders (ChStore *store, gint64 now, guint limit, GError **error);
/* (element-type ChOrder): of those at @until, which may be renewed by themselves */
GPtrArray *ch_store_list_renewable_orders (ChStore *store, gint64 account_id, gint64 until, guint limit, GError **error);
/* the order that renews @order_id: the newest that has or will have a certificate, else the newest. @renewal: (out)
 * (nullable) (transfer full): NULL: there is none. Returns: whether it could be looked for */
gboolean ch_store_find_renewal (ChStore *store, gint64 order_id, ChOrder **renewal, GError **error);
/* the order that @order_id renews; 0: none, or it cannot be read now */
gint64 ch_store_get_predecessor (ChStore *store, gint64 order_id);
/* the order of an account that has, or is getting, its certificate by the CA's number */
gboolean ch_store_find_order_by_ca (ChStore *store, gint64 account_id, const char *ca_order, ChOrder **order, GError **error);
/* (element-type gint64): orders of one account, in the step @step */
GArray *ch_store_list_ids_in_step (ChStore *store, gint64 account_id, ChOrderStep step, GError **error);
/* these are under way now: without a due time */
gboolean ch_store_begin_step (ChStore *store, gint64 account_id, ChOrderStep step, GError **error);
/* (element-type ChOrder): whose step was under way (no due time): at start, those the daemon died in */
GPtrArray *ch_store_list_interrupted_orders (ChStore *store, GError **error);
/* somebody mended @peer_id: its orders that wait after a failure are due now, not at the end of their wait */
gboolean ch_store_hurry_orders (ChStore *store, ChPeerRole role, gint64 peer_id, gint64 now, GError **error);
/* (element-type ChOrder): that look for a file on web servers, and are not being worked on */
GPtrArray *ch_store_list_orders_awaiting_file (ChStore *store, GError **error);
/* orders that wait for their turn with a challenge file look again */
gboolean ch_store_hurry_turns (ChStore *store, gint64 now, GError **error);
/* what is due after @far is due at @now: times that a wrong clock wrote */
gboolean ch_store_hurry_far (ChStore *store, gint64 now, gint64 far, GError **error);
/* when the next one of the lists of what is due gets an entry; 0: nothing is due, or @error is set */
gint64 ch_store_next_due (ChStore *store, GError **error);

/**
 * ChOrderFilter: which orders a list holds; %NULL or 0 in a member means any.
 */
typedef struct
{
  char **states;          /* nicks; an empty list means any, too */
  gint64 account_id;
  char *search;           /* a part of any of its names, of the CA's order number, of its note or a tag, or its whole id */
  char *tag;              /* has this tag, in any case of letters */
  gint64 ends_before;     /* certificate ends before this time */
  gint64 from;            /* with @until: in force, and its certificate or its term ends, or it is replaced by itself, */
  gint64 until;           /* from @from on and before @until; 0: any */
  gboolean open_only;     /* not in a final state */
} ChOrderFilter;

/**
 * ch_store_page_orders:
 * @filter: (nullable): which ones
 * @sort: "id", "name", "state", "product", "not-after", "term-end", "served", "created", "updated", "account"; a leading
 *   '-' reverses
 * @cursor: (nullable): what the last page gave; opaque; "" and %NULL give the first page
 * @limit: how many at most; below 1 counts as 1, above 500 as 500
 * @next: (out) (nullable): the next page's cursor, %NULL after the last page
 *
 * Keyset paging: a page costs the same wherever it lies.
 *
 * Returns: (transfer full) (element-type ChOrder): the page, or %NULL with %CH_ERROR_INVALID for
 *   an unknown sort or state, or a cursor that is not of this sort
 */
GPtrArray *ch_store_page_orders (ChStore *store, const ChOrderFilter *filter, const char *sort,
                                 const char *cursor, guint limit, char **next, GError **error);
/* (element-type gint64): the ids of all that match, sorted */
GArray *ch_store_list_order_ids (ChStore *store, const ChOrderFilter *filter, const char *sort,
                                 GError **error);
/* (element-type utf8 → guint as GUINT_TO_POINTER): state nick → how many */
GHashTable *ch_store_count_orders (ChStore *store, GError **error);
/* (element-type gint64): whose certificates a deployment has, or had before its last run */
GArray *ch_store_list_deployed_orders (ChStore *store, gint64 deployment_id, GError **error);
/* (transfer full): "served", "pending", "failing", the worst that a deployment of its certificates says; "": none has one */
char *ch_store_get_served (ChStore *store, gint64 order_id);

/* ---- calendar.c ---- */

/** ChPeriod: what comes from @from on and before @until, of orders in force. */
typedef struct
{
  gint64 from;
  gint64 until;
  guint ends;             /* certificates that end */
  guint unattended;       /* of these: nothing replaces them by itself */
  guint reissues;         /* next replacements by themselves inside the term */
  guint renewals;         /* and by a paid order */
  guint term_ends;
} ChPeriod;

/**
 * ch_store_count_periods:
 * @bounds: Unix seconds, rising: each is the end of one period and the beginning of the next
 *
 * Returns: (transfer full) (element-type ChPeriod): one less than there are bounds, in order
 */
GArray *ch_store_count_periods (ChStore *store, const gint64 *bounds, guint n_bounds, GError **error);

/* ---- challenges.c, certificates.c ---- */
/* replaces all challenges of the order (a new attempt has new values) */
gboolean ch_store_set_challenges (ChStore *store, gint64 order_id, GPtrArray *challenges, GError **error);
gboolean ch_store_update_challenge (ChStore *store, const ChChallenge *challenge, GError **error);
GPtrArray *ch_store_list_challenges (ChStore *store, gint64 order_id, GError **error);
/* adding a fingerprint that the order has already changes nothing and sets the id of the one that is there */
gboolean ch_store_add_certificate (ChStore *store, ChCertificate *certificate, GError **error);
ChCertificate *ch_store_get_certificate (ChStore *store, gint64 id, GError **error);
GPtrArray *ch_store_list_certificates (ChStore *store, gint64 order_id, GError **error); /* newest first */
/* the newest of the order; CH_ERROR_NOT_FOUND when it has none */
ChCertificate *ch_store_find_certificate (ChStore *store, gint64 order_id, GError **error);

/** ChCertificateFilter: which certificates a list holds; %NULL or 0 in a member means any. */
typedef struct
{
  gint64 order_id;
  char *serial;           /* lower hex: the whole serial number or fingerprint, or how one begins */
} ChCertificateFilter;

/* (element-type ChCertificate): the newest by id first; @before: id to go on from, 0 = newest */
GPtrArray *ch_store_page_certificates (ChStore *store, const ChCertificateFilter *filter, gint64 before, guint limit,
                                       GError **error);

/* ---- tracks.c ---- */
/* one that was never written is all zero but for its id */
ChTrack *ch_store_get_track (ChStore *store, gint64 account_id, GError **error);
gboolean ch_store_set_track (ChStore *store, const ChTrack *track, GError **error);
GPtrArray *ch_store_list_due_tracks (ChStore *store, gint64 now, GError **error);
/* when the oldest order of the account was placed that something can still happen to at the CA; 0: there is none */
gint64 ch_store_oldest_followed (ChStore *store, gint64 account_id, GError **error);

/* ---- txt-records.c ---- */
gboolean ch_store_add_txt_record (ChStore *store, ChTxtRecord *record, GError **error);
gboolean ch_store_update_txt_record (ChStore *store, const ChTxtRecord *record, GError **error);
gboolean ch_store_remove_txt_record (ChStore *store, gint64 id, GError **error);
/* @order_id 0: all orders and tests */
GPtrArray *ch_store_list_txt_records (ChStore *store, gint64 order_id, GError **error);
ChTxtRecord *ch_store_get_txt_record (ChStore *store, gint64 id, GError **error);
/* the DNS service's servers all have it: nothing else of the record changes */
gboolean ch_store_settle_txt_record (ChStore *store, gint64 id, GError **error);
/* in state removing, by id, those after @after; @limit 0: all */
GPtrArray *ch_store_list_leftovers (ChStore *store, gint64 after, guint limit, GError **error);
/* in state removing, and due: a @due of 0 is never */
GPtrArray *ch_store_list_due_txt_records (ChStore *store, gint64 now, GError **error);

/* ---- watches.c ---- */
gboolean ch_store_add_watch (ChStore *store, ChWatch *watch, GError **error);
gboolean ch_store_update_watch (ChStore *store, const ChWatch *watch, GError **error);
gboolean ch_store_remove_watch (ChStore *store, gint64 id, GError **error);
ChWatch *ch_store_get_watch (ChStore *store, gint64 id, GError **error);
GPtrArray *ch_store_list_watches (ChStore *store, GError **error);
GPtrArray *ch_store_list_due_watches (ChStore *store, gint64 now, guint limit, GError **error);
/* ---- challenge-files.c: adding a second one at the same place of a server is CH_ERROR_EXISTS ---- */
gboolean ch_store_add_challenge_file (ChStore *store, ChChallengeFile *file, GError **error);
gboolean ch_store_update_challenge_file (ChStore *store, const ChChallengeFile *file, GError **error);
/* nothing else of it changes */
gboolean ch_store_note_challenge_folders (ChStore *store, gint64 id, guint made, GError **error);
gboolean ch_store_remove_challenge_file (ChStore *store, gint64 id, GError **error);
ChChallengeFile *ch_store_get_challenge_file (ChStore *store, gint64 id, GError **error);
/* @file: (out) (nullable): NULL: nothing of ours is there */
gboolean ch_store_find_challenge_file (ChStore *store, gint64 server_id, const char *path, ChChallengeFile **file, GError **error);
/* @order_id 0: of all orders */
GPtrArray *ch_store_list_challenge_files (ChStore *store, gint64 order_id, GError **error);
/* in state removing, and due: a @due of 0 is never */
GPtrArray *ch_store_list_due_challenge_files (ChStore *store, gint64 now, GError **error);

/* ---- deployments.c, runs.c ---- */
gboolean ch_store_add_deployment (ChStore *store, ChDeployment *deployment, GError **error);
gboolean ch_store_update_deployment (ChStore *store, const ChDeployment *deployment, GError **error);
gboolean ch_store_remove_deployment (ChStore *store, gint64 id, GError **error);
ChDeployment *ch_store_get_deployment (ChStore *store, gint64 id, GError **error);
GPtrArray *ch_store_list_deployments (ChStore *store, GError **error);
/* enabled, due (a @due of 0 is never), and on a server that less than @at_once run on now; lower waves first */
GPtrArray *ch_store_list_due_deployments (ChStore *store, gint64 now, guint at_once, guint limit, GError **error);
/* how many run on a server now */
gboolean ch_store_count_running (ChStore *store, gint64 server_id, gint64 *n, GError **error);
/* @ahead: (out) (nullable): of a lower wave, for the same certificate, enabled, not paused and not deployed; failed ones
 * first */
gboolean ch_store_find_ahead (ChStore *store, const ChDeployment *deployment, ChDeployment **ahead, GError **error);
/* something has changed: those that wait for lower waves are due when nothing more is under way there */
gboolean ch_store_wake_waves (ChStore *store, gint64 now, GError **error);
/* deployed, and their checks are to be looked at by @now */
GPtrArray *ch_store_list_deployments_to_look_at (ChStore *store, gint64 now, GError **error);
gboolean ch_store_add_run (ChStore *store, ChRun *run, GError **error);
gboolean ch_store_update_run (ChStore *store, const ChRun *run, GError **error);
GPtrArray *ch_store_list_runs (ChStore *store, gint64 deployment_id, guint limit,
                               GError **error); /* newest first */
/* @run: (out) (nullable): the last that installed its certificate, or the last before run @before that had another one
 * than @other_than; 0: any */
gboolean ch_store_find_deployed_run (ChStore *store, gint64 deployment_id, gint64 before, gint64 other_than, ChRun **run,
                                     GError **error);
/* @certificate: (out) (nullable): what the last good run installed, if it is still known */
gboolean ch_store_find_installed (ChStore *store, gint64 deployment_id, ChCertificate **certificate, GError **error);
/* at start: runs that a dying daemon left open become "interrupted" */
gboolean ch_store_close_open_runs (ChStore *store, gint64 now, GError **error);

/* ---- events.c ---- */
gboolean ch_store_add_event (ChStore *store, ChEvent *event, GError **error);
/* @object: (nullable) as in ChEvent.object; newest first; @before: id to go on from, 0 = newest */
GPtrArray *ch_store_list_events (ChStore *store, const char *object, gint64 before, guint limit,
                                 GError **error);

/* ---- meta.c: small facts that must survive a restart ---- */
char *ch_store_get_meta (ChStore *store, const char *key,
                         GError **error);  /* (nullable) without error: not set */
gboolean ch_store_set_meta (ChStore *store, const char *key, const char *value, GError **error);

/* ---- bin.c: private keys of deleted orders ---- */
gboolean ch_store_add_bin_key (ChStore *store, ChBinKey *key, GError **error);
gboolean ch_store_update_bin_key (ChStore *store, const ChBinKey *key, GError **error);
gboolean ch_store_remove_bin_key (ChStore *store, gint64 id, GError **error);
ChBinKey *ch_store_get_bin_key (ChStore *store, gint64 id, GError **error);
GPtrArray *ch_store_list_bin_keys (ChStore *store, GError **error);
/* a @due of 0 is never */
GPtrArray *ch_store_list_due_bin_keys (ChStore *store, gint64 now, guint limit, GError **error);
/* at start: those that were being removed are due */
gboolean ch_store_resume_bin_keys (ChStore *store, gint64 now, GError **error);
/* whether an order or a certificate refers to the key */
gboolean ch_store_key_is_used (ChStore *store, const char *ref, gboolean *used, GError **error);
/* gives the key to all orders and certificates of that public key that have none; (element-type gint64): those orders */
GArray *ch_store_attach_key (ChStore *store, const char *ref, const char *public_key, GError **error);

/* ---- imports.c ---- */
/* @wish: what is imported, in words of the caller's; @until: how far it is, 0: it has not begun, or is forgotten */
gboolean ch_store_get_import (ChStore *store, gint64 account_id, const char *wish, gint64 *until, GError **error);
gboolean ch_store_set_import (ChStore *store, gint64 account_id, const char *wish, gint64 until, GError **error);
/* the order that the CA's number belongs to: its own, that of one of its certificates, or one that was noted for it */
gboolean ch_store_find_order_of_number (ChStore *store, gint64 account_id, const char *ca_order, ChOrder **order, GError **error);
gboolean ch_store_note_number (ChStore *store, gint64 account_id, const char *ca_order, gint64 order_id, GError **error);
/* (element-type ChOrder): that renew the CA's order @ca_order, which nobody here knew when they came */
GPtrArray *ch_store_list_unlinked_renewals (ChStore *store, gint64 account_id, const char *ca_order, GError **error);
/* the certificates and numbers of @from go to @to, and @from goes away */
gboolean ch_store_merge_orders (ChStore *store, gint64 from, gint64 to, GError **error);
/* (out) (nullable): where the private key of @public_key is, if it is here; taken out of the bin if it lies there */
gboolean ch_store_take_key (ChStore *store, const char *public_key, char **ref, GError **error);

/* ---- warnings.c: of which certificates' ends a person was told ---- */
gboolean ch_store_set_warning (ChStore *store, const ChWarning *warning, GError **error);
gboolean ch_store_remove_warning (ChStore *store, gint64 order_id, GError **error);
gboolean ch_store_find_warning (ChStore *store, gint64 order_id, ChWarning **warning, GError **error); /* (out) (nullable) */
/* (element-type ChWarning): those that still hold, what ends first at first */
GPtrArray *ch_store_list_warnings (ChStore *store, guint limit, GError **error);
/* (element-type ChOrder): whose tell_at has come, oldest first */
GPtrArray *ch_store_list_orders_to_tell (ChStore *store, gint64 now, guint limit, GError **error);

/* ---- mail.c: the daily mail ---- */
ChMail *ch_store_get_mail (ChStore *store, GError **error); /* one that was never written is all zero but for its id */
gboolean ch_store_set_mail (ChStore *store, const ChMail *mail, GError **error);
/* it is due at @at at the latest, unless one is being sent, or waits after a failure */
gboolean ch_store_hasten_mail (ChStore *store, gint64 at, GError **error);
