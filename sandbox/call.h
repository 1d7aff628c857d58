/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

typedef struct _SbCall SbCall;
typedef void (*SbCallDone) (SbCall   *call,
                            gpointer  user_data);

/**
 * SbCall:
 * @request: (not owned): the `Request` element, inside @doc
 * @response: (owned): what the handler puts below `Response`, without the header
 * @account: (not owned) (nullable): who calls, once known
 * @success: SuccessCode; -1 when there are errors, unless a handler makes them warnings
 * @order_id: (owned) (nullable): the order it was about
 * @now: milliseconds since 1970, the same for the whole call
 *
 * One call of one operation.
 */
struct _SbCall
{
  SbWorld *world;
  const SbOperation *operation;
  xmlDoc *doc;
  xmlNode *request;
  xmlNode *response;
  SbAccount *account;
  GPtrArray *errors; /* (element-type SbError) (owned) */
  int success;
  char *order_id;
  gint64 now;
  SbCallDone done;
  gpointer user_data;
};

/**
 * sb_call_new:
 * @doc: (transfer full): the request's document
 * @done: runs once, perhaps before sb_call_run() returns
 */
SbCall *sb_call_new  (SbWorld           *world,
                      const SbOperation *operation,
                      xmlDoc            *doc,
                      xmlNode           *request,
                      SbCallDone         done,
                      gpointer           user_data);
void    sb_call_free (SbCall            *call);

/* Checks the request, then who calls, then runs the handler. */
void sb_call_run (SbCall *call);

/* For handlers that did not finish at once. */
void sb_call_done (SbCall *call);

/* Refuses in place of running. */
void sb_call_refuse (SbCall     *call,
                     int         code,
                     const char *field,
                     const char *message);

/* The answer's bytes, whatever happened. */
GBytes *sb_call_answer (SbCall *call);

/* “0”, “-1 -3026”: for the log */
char *sb_call_outcome (SbCall *call);

/**
 * sb_call_fail:
 * @field: (nullable): dotted path below `Request`
 *
 * Returns: always %FALSE
 */
gboolean sb_call_fail (SbCall     *call,
                       int         code,
                       const char *field);

/* -301 for what the disk or the CA did; logged for whoever runs the sandbox. */
gboolean sb_call_fail_internally (SbCall       *call,
                                  const GError *error);

/**
 * sb_call_order:
 *
 * Returns: (transfer none) (nullable): the order named by `OrderID`; %NULL with -9916 or -9902
 */
SbOrder *sb_call_order (SbCall *call);

/**
 * sb_call_open_order:
 *
 * As sb_call_order(), for orders that wait: -4004 for an issued one, -9915 for one that was given up.
 */
SbOrder *sb_call_open_order (SbCall *call);

/**
 * sb_call_order_named:
 * @id: (nullable): an OrderID
 * @field: where it stood
 *
 * As sb_call_order().
 */
SbOrder *sb_call_order_named (SbCall     *call,
                              const char *id,
                              const char *field);

/* Dates and texts of answers are in the account's own offset. */
char *sb_call_date (SbCall *call,
                    gint64  time);
