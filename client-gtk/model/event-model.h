/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"
#include "model/item.h"

/**
 * ChEventModel:
 *
 * A #GListModel of #ChItem over the audit log, newest first: rows of Manager.ListEvents(), their paths those
 * of the objects that they are about ("" for none). It reads on as somebody looks at its end, or until enough
 * matches its filter; new entries appear by themselves. Nothing here blocks.
 *
 * Signals:
 * - updated: what is read, or whether that is all, changed; or reading failed
 */
#define CH_TYPE_EVENT_MODEL (ch_event_model_get_type ())
G_DECLARE_FINAL_TYPE (ChEventModel, ch_event_model, CH, EVENT_MODEL, GObject)

/** ch_event_model_new: (transfer full): empty, without a client. */
ChEventModel *ch_event_model_new (void);

/** ch_event_model_set_client: @client is (nullable), and subscribed; reads what is new. */
void ch_event_model_set_client (ChEventModel *model,
                                ChClient     *client);

/**
 * ch_event_model_set_filter:
 * @search: part of any text of an entry, however it is written; "": all
 * @noun: what the entry is about: "order", "dns", …; "": all
 * @failed: only what failed
 */
void ch_event_model_set_filter (ChEventModel *model,
                                const char   *search,
                                const char   *noun,
                                gboolean      failed);

/** ch_event_model_read_all: reads on to the very first entry. */
void ch_event_model_read_all (ChEventModel *model);
/** ch_event_model_is_complete: whether everything that matches is there. */
gboolean ch_event_model_is_complete (ChEventModel *model);
/** ch_event_model_get_error: (transfer none) (nullable): why the last reading failed. */
const GError *ch_event_model_get_error (ChEventModel *model);

/** ch_event_who: (transfer full): who did it: a user's name or number, or the service. */
char *ch_event_who (ChItem *event);

/** ch_event_export_csv: (transfer full): all @events as lines of CSV (RFC 4180), with a line of titles. */
GBytes *ch_event_export_csv (GListModel *events);
/** ch_event_export_json: (transfer full): all @events as a JSON array of objects. */
GBytes *ch_event_export_json (GListModel *events);

/** ch_event_new: (transfer full): the item of one event, a row of Manager.ListEvents(), with the path of what
 * it is about, "" where that has none. */
ChItem *ch_event_new (GVariant *row);
