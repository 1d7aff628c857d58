/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "engine/world.h"
#include "pki/chain.h"

/* import.c asks and hands over; import-order.c writes one order; import-link.c connects orders that belong together. */

/** ChImportItem: an order of the CA's, read. Made on a worker. */
typedef struct
{
  ChCaOrder *ca;            /* (owned) */
  ChChain *chain;           /* (owned) (nullable): certificate and chain */
  char *public_key;         /* (owned) (nullable): of the certificate, or else of the request */
  int algorithm;            /* a #ChKeyAlgorithm; -1: not known */
  char *trouble;            /* (owned) (nullable): why something of it is left out, a sentence */
  gboolean useless;         /* all of it, that is */
} ChImportItem;

/** ch_import_item_new: @ca: (transfer full) */
ChImportItem *ch_import_item_new (ChCaOrder *ca, gint64 now);
void ch_import_item_free (ChImportItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChImportItem, ch_import_item_free)

/** ch_import_state: the state that the order would have here. */
ChOrderState ch_import_state (const ChImportItem *item, gint64 now);

/** ChImportCount: what came of it so far. */
typedef struct
{
  guint found;
  guint added;
  guint updated;
  guint certificates;
  guint skipped;
} ChImportCount;

/** ChImportTurn: what the orders of one transaction are written with. */
typedef struct
{
  ChWorld *world;           /* (not owned) */
  gint64 account_id;
  ChActor actor;
  gint64 now;
  ChImportCount count;
  GHashTable *told;         /* (element-type gint64 → ChChange): orders that the watcher is told of afterwards */
} ChImportTurn;

/** ch_import_tell: @id was added or changed. */
void ch_import_tell (ChImportTurn *turn, gint64 id, ChChange change);

/** ch_import_write: joins the open transaction; @item may get a trouble. */
gboolean ch_import_write (ChImportTurn *turn, ChImportItem *item, GError **error);

/* ---- import-link.c ---- */

/** ch_import_link: connects @order with the one that it renews and those that renew @ca_order. Written. */
gboolean ch_import_link (ChImportTurn *turn, ChOrder *order, const char *ca_order, GError **error);

/** ch_import_absorb: the CA's order @ca_order is an earlier part of @order: takes over what is here of it, and remembers it. */
gboolean ch_import_absorb (ChImportTurn *turn, ChOrder *order, const char *ca_order, GError **error);
