/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/globalsign/globalsign.h"

/**
 * ChGsTake: takes one window of a query.
 * @list: (nullable): the element that holds the entries, all that there are
 * @from: @to: the window, both ends in it
 */
typedef gboolean (*ChGsTake) (const xmlNode *list, gint64 from, gint64 to, gpointer data, GError **error);

/** ChGsQuery: a query over a time. Lists have no pages: it is asked in as many windows as it takes, in order. */
typedef struct
{
  const ChCaAccess *access;
  GCancellable *cancellable;
  const char *operation;
  const char *list;           /* the element of the answer that holds the entries */
  const char *entry;
  ChGsDetail detail;
  const char *sub_id;         /* (nullable): only those, where the operation has it */
  int order_status;           /* only those, where the operation has it; 0: all */
  gint64 width;               /* of the first window in seconds; 0: all at once */
  gboolean strict;            /* a second that the CA does not give whole is an error */
  gboolean splits_unreadable; /* an answer that cannot be read may be one that is too long */
  ChGsTake take;
  gpointer data;
} ChGsQuery;

/**
 * ch_gs_walk: asks about all of @from to @to, both in it.
 *
 * Returns: %FALSE with what the service or @take says, %CH_ERROR_LIMIT when the CA does not give a second whole
 *   (@strict), or %CH_ERROR_BAD_ANSWER when the windows take no end
 */
gboolean ch_gs_walk (const ChGsQuery *query,
                     gint64           from,
                     gint64           to,
                     GError         **error);

/* ---- queries.c ---- */

/** ch_gs_list: (transfer full): all orders of @query, whose take and data are not looked at; none twice. */
GPtrArray *ch_gs_list (const ChGsQuery *query,
                       gint64           from,
                       gint64           to,
                       GError         **error);
