/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/**
 * SbRequest:
 * @body: as it came, but with the password blotted out
 * @outcome: for people: the SuccessCode and error codes, or what a fault did
 */
typedef struct
{
  gint64 time;
  char *operation;
  char *order_id;
  char *body;
  char *outcome;
} SbRequest;

typedef struct _SbRequests SbRequests;

/* What came in, for tests to look at; the newest ten thousand, not kept over a restart. */
SbRequests *sb_requests_new   (void);
void        sb_requests_free  (SbRequests *requests);
void        sb_requests_clear (SbRequests *requests);

/**
 * sb_requests_add:
 * @operation: (nullable): its name, once known
 *
 * Returns: (transfer none): the entry; gone at the next change of @requests
 */
void sb_requests_add (SbRequests *requests,
                      const char *operation,
                      const char *order_id,
                      const char *body,
                      gsize       length,
                      const char *outcome);

/* @order_id: (nullable): only what belongs to one order */
JsonArray *sb_requests_list (SbRequests *requests,
                             const char *order_id);
