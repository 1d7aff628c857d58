/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/machine.h"
#include "engine/world.h"
#include "pki/chain.h"

/**
 * ChEffect: one step of one order: what it needs, by value, and what came out. Prepared on the
 * main loop, performed on a worker, applied on the main loop.
 */
typedef struct
{
  ChWorld *world;             /* (not owned); a worker uses its vault and nothing else of it */

  ChOrder *order;             /* (owned) */
  ChPeer *account;            /* (owned) */
  GPtrArray *dns;             /* (element-type ChPeer) (owned): the DNS accounts of the challenges */
  ChCertificate *in_force;    /* (owned) (nullable): what a reissue replaces */
  GPtrArray *revoking;        /* (element-type utf8) (owned) (nullable): the CA's numbers of what is revoked, the newest first */
  GPtrArray *challenges;      /* (element-type ChChallenge) (owned) */
  GPtrArray *txts;            /* (element-type ChTxtRecord) (owned): the notes of what is being published */

  GPtrArray *files;           /* (element-type ChFilePut) (owned) (nullable): see effects-files.c */
  GPtrArray *by_hand;         /* (element-type ChChallenge) (owned) (nullable): those whose file a person puts */
  GArray *yielded;            /* (element-type gint64) (owned) (nullable): orders that gave way */

  GPtrArray *settling;        /* (element-type ChSettling) (owned) (nullable): see effects-settle.c */

  ChFactKind kind;
  GError *error;              /* (owned) (nullable) */
  ChPeer *blamed;             /* (not owned) (nullable): whom @error speaks of, or without one, who worked
                                 besides @dns */
  ChCaOrder *ca;              /* (owned) (nullable) */
  ChChain *chain;             /* (owned) (nullable) */
  char *text;                 /* (owned) (nullable) */
  gint64 due;                 /* as in #ChFact, like the two that follow */
  gboolean overdue;
  gboolean doubtful;
  char *csr;                  /* (owned) (nullable) */
  char *key_ref;              /* (owned) (nullable) */
  char *public_key;           /* (owned) (nullable) */
} ChEffect;

/** ch_effect_prepare: (transfer full): reads what the step needs and writes down that it begins. */
ChEffect *ch_effect_prepare (ChWorld *world, const ChOrder *order, GError **error);

/** ch_effect_find_dns: (transfer none) (nullable): the DNS account that a challenge or a note names. */
ChPeer *ch_effect_find_dns (const ChEffect *effect, gint64 id);

/** ch_effect_perform: a #ChWork. */
void ch_effect_perform (gpointer data, GCancellable *cancellable);

/**
 * ch_effect_mend_error:
 * @error: (inout): why some work failed; %NULL inside where it did not say
 *
 * Makes it one of ours. “Cancelled” without anybody having cancelled, such as a keyring's question that was closed, is
 * trouble that passes: the machine lets alone what a stopping service cancelled.
 */
void ch_effect_mend_error (GError **error, GCancellable *cancellable);

/** ch_effect_apply: a #ChWrite: makes what came out durable, in one transaction, and tells the watcher. */
gboolean ch_effect_apply (gpointer data, GError **error);

void ch_effect_free (ChEffect *effect);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChEffect, ch_effect_free)

/* ---- effects-ca.c, effects-dns.c, effects-follow.c, effects-key.c: one function a step; each sets kind or returns an error ---- */
typedef gboolean (*ChPerform) (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_make_key (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_submit (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_find (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_withdraw (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_check (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_fetch (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_cancel (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_follow (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_revoke (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_publish (ChEffect *effect, GCancellable *cancellable, GError **error);
gboolean ch_effect_propagate (ChEffect *effect, GCancellable *cancellable, GError **error);

/* ---- effects-settle.c: values that not all servers of their DNS service have yet, by its own word ---- */

/** ch_effect_read_settling: on the main loop, before. */
gboolean ch_effect_read_settling (ChEffect *effect, GError **error);
/** ch_effect_ask_settled: on a worker: whether all of them have settled; sets the effect's text if not. */
gboolean ch_effect_ask_settled (ChEffect *effect, GCancellable *cancellable);
/** ch_effect_apply_settled: on the main loop, afterwards: those that have settled are not asked for again. */
gboolean ch_effect_apply_settled (ChEffect *effect, GError **error);

/* ---- effects-files.c: files on web servers ---- */

/** ch_effect_note_files: on the main loop, before: where they go; or the effect's kind is CH_FACT_TAKEN, with its text. */
gboolean ch_effect_note_files (ChEffect *effect, GError **error);
/** ch_effect_put_files: on a worker. */
gboolean ch_effect_put_files (ChEffect *effect, GCancellable *cancellable, GError **error);
/** ch_effect_apply_files: on the main loop, afterwards. */
gboolean ch_effect_apply_files (ChEffect *effect, GError **error);
/** ch_effect_puts: whether no person is needed for a challenge that is being published. */
gboolean ch_effect_puts (const ChEffect *effect, const ChChallenge *challenge);

/**
 * ch_order_apply_fact:
 * @challenges: (nullable) (element-type ChChallenge): new ones that came with the fact
 *
 * One fact about one order: asks the machine, writes the move and its audit entry, marks TXT values
 * that are no longer needed. Joins a transaction that is open; call ch_order_tell() after its commit.
 */
gboolean ch_order_apply_fact (ChWorld *world, ChOrder *order, const ChFact *fact, GPtrArray *challenges,
                              const ChActor *actor, GError **error);

/** ch_order_tell: tells the watcher about a change that is durable, and wakes the runner. */
void ch_order_tell (ChWorld *world, gint64 id, ChChange change);

/** ch_order_note: logs @text about @order, under the name that people know it by. */
void ch_order_note (ChWorld *world, const ChActor *actor, const ChOrder *order, const char *action, const char *text);

/** ch_order_new_own_key: (transfer full): what the next placement is found by at the CA; never the same twice. */
char *ch_order_new_own_key (guint attempt);
