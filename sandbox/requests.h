/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

typedef struct _SbRequests SbRequests;

/* What came in, for tests to look at; the newest ten thousand, not kept over a restart. */
SbRequests *sb_requests_new   (void);
void        sb_requests_free  (SbRequests *requests);
void        sb_requests_clear (SbRequests *requests);

/**
 * sb_requests_add:
 * @operation: (nullable): its name, when it is known
 * @order_id: (nullable): the order that it was about
 * @body: kept with the password blotted out
 * @outcome: the SuccessCode and error codes, or what a fault did
 */
void sb_requests_add (SbRequests *requests,
                      const char *operation,
                      const char *order_id,
                      const char *body,
                      gsize       length,
                      const char *outcome);

JsonArray *sb_requests_list (SbRequests *requests);

/**
 * sb_requests_by_order:
 *
 * Returns: (transfer full) (element-type utf8 JsonArray): by OrderID, the requests that were about it
 */
GHashTable *sb_requests_by_order (SbRequests *requests);

/* How many there were, by operation; those that are no longer kept, too. */
JsonObject *sb_requests_count (SbRequests *requests);
