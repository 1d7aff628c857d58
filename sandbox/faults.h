/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

typedef enum
{
  SB_DROP_NONE,
  SB_DROP_BEFORE, /* the connection is closed and nothing happened */
  SB_DROP_AFTER,  /* the request is handled, then the connection is closed */
} SbDrop;

/**
 * SbFault:
 * @code: an error code to answer with in place of handling; 0 for none
 * @status: an HTTP status to answer with in place of handling; 0 for none
 * @html: with @status: its body, and 200 when there is no @status
 * @body: (nullable): with @content_type, @headers (name, value, …) and @status: an answer in place of
 * handling
 * @soap_fault: answer with a SOAP fault in place of handling
 * @latency: milliseconds to wait after handling, before the answer
 * @truncate: bytes of the answer that are sent; -1 for all
 * @garbage: random bytes take the place of the answer
 * @huge: bytes by which the answer grows
 */
typedef struct
{
  char *operation;
  gint64 times;
  int code;
  char *field;
  char *message;
  guint status;
  gboolean html;
  char *body;
  char *content_type;
  GStrv headers;
  gboolean soap_fault;
  guint latency;
  SbDrop drop;
  gssize truncate;
  gboolean garbage;
  gsize huge;
} SbFault;

void sb_fault_free (SbFault *fault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbFault, sb_fault_free)

typedef struct _SbFaults SbFaults;

SbFaults *sb_faults_new  (void);
void      sb_faults_free (SbFaults *faults);

/**
 * sb_faults_add:
 * @order: {"operation": "DVDNSOrder", "cloudflare.*" or "*", "fault": {…}, "times": n}; times -1 is for ever
 * @why: (out) (transfer full): on failure: what is wrong with it
 */
gboolean sb_faults_add (SbFaults    *faults,
                        JsonObject  *order,
                        char       **why);

void       sb_faults_clear (SbFaults *faults);
JsonArray *sb_faults_list  (SbFaults *faults);

/**
 * sb_faults_take:
 *
 * Returns: (transfer full) (nullable): the oldest fault set for @operation, used up by one
 */
SbFault *sb_faults_take (SbFaults   *faults,
                         const char *operation);
