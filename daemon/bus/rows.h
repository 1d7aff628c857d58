/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/job.h"
#include "engine/orders.h"
#include "engine/peers.h"
#include "engine/preview.h"
#include "store/store.h"

/* Records as dictionaries: the same keys and types as rows and as properties of the contract.
 * What comes from outside is made valid UTF-8. */

/** ChRows: reads what a record refers to, each name once. For one call; main loop only. */
typedef struct
{
  ChStore *store;         /* (not owned) */
  GHashTable *names[3];   /* (element-type gint64 utf8) (owned): by role, filled as needed */
} ChRows;

ChRows *ch_rows_new (ChStore *store);
void ch_rows_free (ChRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChRows, ch_rows_free)

/** ch_rows_peer_name: (transfer none): "" for an id that is not there. */
const char *ch_rows_peer_name (ChRows *rows, ChPeerRole role, gint64 id);

/* All (transfer floating), an a{sv} unless said otherwise. */

GVariant *ch_row_peer (const ChPeer *peer);
/** ch_row_order: @columns: (nullable): only these keys, and "Id" */
GVariant *ch_row_order (ChRows *rows, const ChOrder *order, const char *const *columns);
GVariant *ch_row_deployment (ChRows *rows, const ChDeployment *deployment);
GVariant *ch_row_watch (const ChWatch *watch);
GVariant *ch_row_job (const ChJob *job);
GVariant *ch_row_event (const ChEvent *event);
GVariant *ch_row_challenge (ChRows *rows, const ChChallenge *challenge);
GVariant *ch_row_certificate (const ChCertificate *certificate);
GVariant *ch_row_run (ChRows *rows, const ChRun *run);
GVariant *ch_row_story (const ChStory *story);
GVariant *ch_row_preview (const ChOrderPreview *preview);
GVariant *ch_row_kind (const ChKind *kind);

/** ch_row_valid: (transfer full): @text, or "" for %NULL, as valid UTF-8. */
char *ch_row_valid (const char *text);

/** ch_row_put_certificate: all but the PEM texts, which are long. */
void ch_row_put_certificate (GVariantBuilder *row, const ChCertificate *certificate);

/** ch_row_put_*: for rows of other files. */
void ch_row_put_text (GVariantBuilder *row, const char *key, const char *text);
void ch_row_put_names (GVariantBuilder *row, const char *key, char *const *names);
void ch_row_put_table (GVariantBuilder *row, const char *key, GHashTable *table);
void ch_row_put_path (GVariantBuilder *row, const char *key, const char *folder, gint64 id);
