/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

#include <gio/gio.h>

/* Commands on orders. Callbacks come on the main loop. */

/** ChOrderDraft: what a caller asks for; every member as given, unchecked. */
typedef struct
{
  char **names;             /* as people write them */
  char *account;            /* (nullable): name; may be left out when there is exactly one */
  char *dns_account;        /* (nullable): name; may be left out when there is exactly one enabled */
  char *product;            /* (nullable): nick; default: the account's, else by the names */
  char *method;             /* (nullable): nick; default: the account's, else "dns" */
  char *approver;           /* (nullable): who is mailed, with method "email" */
  char *key_algorithm;      /* (nullable): nick; default: the account's, else "rsa-2048" */
  int term_months;          /* 0: the account's default, else 12 */
  char *contact_profile;    /* (nullable): name; default: the account's, else the only one there is */
  GHashTable *contact;      /* (nullable) (element-type utf8 utf8): over what the profile holds */
  char *organization_profile; /* (nullable): name, for OV and EV; default: the account's, else the only one there is */
  GHashTable *organization; /* (nullable) (element-type utf8 utf8): in place of a profile: as an order has it */
  GHashTable *options;      /* (nullable) (element-type utf8 utf8): as ChOrder.options */
  char *kind;               /* (nullable): nick; default "new" */
  gint64 renews_id;         /* with the kind "renewal": our order that it renews, or 0 */
  char *renews_ca;          /* and the CA's number of it */
  char *csr;                /* (nullable): PEM; the key then stays with its owner unless it comes too */
  GBytes *key;              /* (nullable): PEM, wiped */
  char *note;               /* (nullable): as in ChOrderEdit */
  char **tags;              /* (nullable): the same */
  gboolean auto_renew;      /* spend money by itself at the end of the term */
  gboolean no_auto_replace; /* do not even reissue by itself */
} ChOrderDraft;

void ch_order_draft_free (ChOrderDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOrderDraft, ch_order_draft_free)

/**
 * ch_order_new_async:
 * @draft: (transfer full): what is asked for
 *
 * Checks everything that can be known before anything is sent, then writes the order down.
 */
void ch_order_new_async (ChWorld *world, ChOrderDraft *draft, const ChActor *actor,
                         GAsyncReadyCallback callback, gpointer data);
gint64 ch_order_new_finish (GAsyncResult *result, GError **error);

/**
 * ch_order_cancel: writes the wish down; the engine does it, wherever the order stands.
 * @force: also an issued order: the CA then ends a certificate that may be in use
 */
gboolean ch_order_cancel (ChWorld *world, gint64 id, gboolean force, const ChActor *actor, GError **error);

/** ch_order_retry: does now what is due later, and revives a failed order that a retry can help. */
gboolean ch_order_retry (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/** ch_order_delete_async: only here, with its certificates, its keys into the bin; only in a final state, or issued with @force. */
void ch_order_delete_async (ChWorld *world, gint64 id, gboolean force, const ChActor *actor,
                            GAsyncReadyCallback callback, gpointer data);
gboolean ch_order_delete_finish (GAsyncResult *result, GError **error);

/** ch_order_export_key_async: the private key, encrypted with @password, or in clear when it is %NULL. */
void ch_order_export_key_async (ChWorld *world, gint64 id, const char *password, const ChActor *actor,
                                GAsyncReadyCallback callback, gpointer data);
/** ch_order_export_key_finish: (transfer full): PEM */
GBytes *ch_order_export_key_finish (GAsyncResult *result, GError **error);

/** ChStoryLine: one line of an order's story. */
typedef struct
{
  gint64 at;            /* 0: now */
  char *kind;           /* "done", "now", "next", "seen", "problem" */
  char *text;
} ChStoryLine;

/** ChStory: why an order stands as it does. */
typedef struct
{
  char *headline;       /* one sentence: what it waits for and since when */
  char *advice;         /* (nullable): what a person should do */
  GPtrArray *lines;     /* (element-type ChStoryLine), in time */
} ChStory;

void ch_story_free (ChStory *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChStory, ch_story_free)

/** ch_order_explain: (transfer full): the whole story. */
ChStory *ch_order_explain (ChWorld *world, gint64 id, GError **error);
