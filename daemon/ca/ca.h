/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/field.h"
#include "lib/types.h"

#include <gio/gio.h>

/** ChCaAccess: an account as a connector sees it, by value. */
typedef struct
{
  GHashTable *settings;   /* (element-type utf8 utf8) */
  GHashTable *secrets;    /* (element-type utf8 utf8), wiped by its owner */
} ChCaAccess;

/** ChCaRequest: a certificate that is asked for. */
typedef struct
{
  const char *own_key;          /* our key for this placement; the CA keeps it and finds orders by it */
  const char *const *names;     /* A-labels; the first is the common name */
  ChProduct product;
  ChDcvMethod method;
  int term_months;
  const char *csr;              /* PEM */
  GHashTable *contact;          /* (element-type utf8 utf8): first-name last-name phone email */
} ChCaRequest;

/**
 * ChCaStatus: the CA's verdict about an order.
 * @CH_CA_WAITING: it waits for the proof of control
 * @CH_CA_HELD: the CA's staff look at the name first
 * @CH_CA_ISSUED: the certificate is there
 * @CH_CA_REJECTED: the CA ended it
 * @CH_CA_CANCELLED: it was cancelled
 * @CH_CA_REVOKED: the certificate was revoked
 */
typedef enum
{
  CH_CA_WAITING,
  CH_CA_HELD,
  CH_CA_ISSUED,
  CH_CA_REJECTED,
  CH_CA_CANCELLED,
  CH_CA_REVOKED,
} ChCaStatus;

/** ChCaOrder: what the CA says of an order. Any member but @ca_order and @status may be %NULL or 0. */
typedef struct
{
  char *ca_order;             /* the CA's number */
  char *own_key;
  char *common_name;
  ChCaStatus status;
  char *status_text;          /* in words, for a person */
  char *txt_value;            /* the whole TXT value that proves control by DNS */
  char **locations;           /* where the value may stand, the CA's words, best first */
  char *certificate;          /* leaf, PEM */
  char **chain;               /* other certificates, PEM, any order */
  gint64 ordered_at;
} ChCaOrder;

void ch_ca_order_free (ChCaOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCaOrder, ch_ca_order_free)

/**
 * ChCa: what one certificate authority must be able to do.
 *
 * Every function blocks, runs on a worker, and touches only what it is given. Errors say which
 * kind of trouble: CH_ERROR_UNREACHABLE (nothing was sent), CH_ERROR_UNKNOWN_OUTCOME (sent, no answer),
 * CH_ERROR_BAD_ANSWER, CH_ERROR_TRANSIENT, CH_ERROR_THROTTLED, CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN, CH_ERROR_MONEY,
 * CH_ERROR_NOT_YET (proof not seen), CH_ERROR_NOT_FOUND, CH_ERROR_CA_REFUSED, CH_ERROR_INVALID.
 */
typedef struct
{
  const char *kind;           /* "globalsign" */
  const char *title;
  const ChField *fields;

  /* could this be ordered here? Pure: looks at @access->settings and the request, of which own_key and csr may be
   * missing; CH_ERROR_INVALID says what would be right */
  gboolean (*may_order) (const ChCaAccess *access, const ChCaRequest *request, GError **error);

  /* are the credentials good? @facts: (out) (transfer full): what the CA tells, "balance" → "1000.00 EUR", … */
  gboolean (*verify) (const ChCaAccess *access, GHashTable **facts, GCancellable *cancellable, GError **error);

  /* place a paid order. Only CH_ERROR_UNREACHABLE, or an error that the CA itself gave, means "not placed";
   * after CH_ERROR_UNKNOWN_OUTCOME or CH_ERROR_BAD_ANSWER look with find(). A high-risk name
   * gives an order with status HELD. */
  ChCaOrder *(*submit) (const ChCaAccess *access, const ChCaRequest *request, GCancellable *cancellable, GError **error);

  /* the order that was placed with @own_key since @since (Unix seconds), whatever its status;
   * CH_ERROR_NOT_FOUND when the CA has none */
  ChCaOrder *(*find) (const ChCaAccess *access, const char *own_key, gint64 since, GCancellable *cancellable, GError **error);

  /* tell the CA that the value stands at @location; an issued order comes with its certificate */
  ChCaOrder *(*check) (const ChCaAccess *access, const char *ca_order, const char *location, GCancellable *cancellable, GError **error);

  /* one order with certificate and chain */
  ChCaOrder *(*fetch) (const ChCaAccess *access, const char *ca_order, GCancellable *cancellable, GError **error);

  /* all orders that changed between @from and @to: one bulk query, split when the CA's limit is hit; (element-type ChCaOrder) */
  GPtrArray *(*list_changed) (const ChCaAccess *access, gint64 from, gint64 to, GCancellable *cancellable, GError **error);

  /* cancel; an order that is cancelled already is a success */
  gboolean (*cancel) (const ChCaAccess *access, const char *ca_order, GCancellable *cancellable, GError **error);
} ChCa;

/* ---- registry.c ---- */

/** ch_ca_find: (nullable): the connector of that kind, or %NULL with %CH_ERROR_INVALID that lists the kinds. */
const ChCa *ch_ca_find (const char *kind, GError **error);
/** ch_ca_list: (array zero-terminated=1): all of them. */
const ChCa *const *ch_ca_list (void);
