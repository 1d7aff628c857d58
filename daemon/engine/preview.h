/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "engine/orders.h"
#include "engine/replace.h"

/** ChOrderPreview: what would come of an order. */
typedef struct
{
  ChOrder *order;           /* as far as it can be told; its @names may be empty */
  char *account;            /* (nullable): its name */
  char **counted_as;        /* for each name: what the CA counts it as, in words; may be shorter */
  char **dns_accounts;      /* for each name: who proves it; "": a person; shorter when no DNS is needed */
  GPtrArray *problems;      /* (element-type utf8): every rule that would be broken, a sentence each */
  GPtrArray *fields;        /* (element-type utf8): for each of these: the setting it is about, "": none */
  GPtrArray *notices;       /* (element-type utf8): what else one should know */
  gint64 term_end;          /* Unix seconds, if it were issued now */
  gint64 not_after;         /* of the first certificate */
  guint certificates;       /* within the term, with the first; all but this one are free reissues */
  ChCaPreview *answer;      /* (nullable): what the CA says */
  char *silence;            /* (nullable): why the CA says nothing, a sentence */
} ChOrderPreview;

void ch_order_preview_free (ChOrderPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOrderPreview, ch_order_preview_free)

/**
 * ch_order_preview_async:
 * @draft: (transfer full): what is asked for
 *
 * Looks at everything, asks the CA for the price and what it reads in the request, and writes nothing. Without a request
 * one is made with a key that is thrown away.
 */
void ch_order_preview_async (ChWorld *world, ChOrderDraft *draft, GAsyncReadyCallback callback, gpointer data);
/** ch_order_preview_finish: (transfer full) */
ChOrderPreview *ch_order_preview_finish (GAsyncResult *result, GError **error);

/** ch_order_preview_reissue: (transfer full): what would come of ch_order_reissue(); the CA is not asked. */
ChOrderPreview *ch_order_preview_reissue (ChWorld              *world,
                                          gint64                id,
                                          const ChReissueWish  *wish,
                                          GError              **error);
