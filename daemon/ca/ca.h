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
  ChOrderKind kind;
  const char *renews;           /* (nullable): with a renewal: the CA's number of the order that it renews */
  const char *const *names;     /* A-labels or public addresses; the first is the common name */
  ChProduct product;
  ChDcvMethod method;           /* of AlphaSSL and DomainSSL; the CA proves the names of the others itself */
  const char *approver;         /* (nullable): with method e-mail: who is mailed, one of list_approvers() */
  int term_months;
  const char *csr;              /* PEM */
  GHashTable *contact;          /* (element-type utf8 utf8): first-name last-name phone email, and perhaps
                                   second-first-name second-last-name second-email */
  GHashTable *organization;     /* (nullable) (element-type utf8 utf8): of OV and EV, see ch_ca_organization_fields */
  GHashTable *options;          /* (nullable) (element-type utf8 utf8): licenses ("1" to "99"), coupon, campaign,
                                   instructions, not-before and not-after (Unix seconds), replaces (a transfer's old
                                   certificate, PEM) */
} ChCaRequest;

/**
 * ch_ca_organization_fields: what an organisation profile holds.
 *
 * name, credit-agency ("duns", "tdb"), organization-code, assumed-name, business-category ("private", "government",
 * "business"), address-1 to address-3, city, region, postal-code, country (two letters), phone, fax; and for EV
 * requestor-, approver- and signer- each with first-name last-name function phone email (requestor and approver also
 * organization and unit, signer organization), and jurisdiction-country -state -locality -registration-number.
 */
extern const ChField ch_ca_organization_fields[];
/** ch_ca_contact_fields: what a contact profile holds: the keys of ChCaRequest.contact. */
extern const ChField ch_ca_contact_fields[];

/* The kinds of profile. */
#define CH_CA_CONTACT "contact"
#define CH_CA_ORGANIZATION "organization"

/**
 * ch_ca_profile_check:
 * @kind: one of the kinds of profile
 * @settings: (element-type utf8 utf8): which its fields accept each by itself
 *
 * What fields cannot check alone: a second contact is whole or not there. Countries are put into capitals.
 */
gboolean ch_ca_profile_check (const char *kind, GHashTable *settings, GError **error);

/** ch_ca_organization_missing: (transfer full): the fields that an order for @product wants and @organization lacks. */
char **ch_ca_organization_missing (GHashTable *organization, ChProduct product);

/** ChCaPreview: what the CA says of a request before it is placed. Every member may be %NULL. */
typedef struct
{
  char *price;                  /* "249.00 EUR" */
  GHashTable *csr;              /* (element-type utf8 utf8): what the CA reads in the certificate request, common-name … */
  GHashTable *certificate;      /* (element-type utf8 utf8): what a certificate of this product would hold */
  GPtrArray *problems;          /* (element-type utf8): what the CA would refuse, a sentence each */
} ChCaPreview;

void ch_ca_preview_free (ChCaPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCaPreview, ch_ca_preview_free)

/**
 * ChCaStatus: the CA's verdict about an order.
 * @CH_CA_WAITING: it waits for the proof of control
 * @CH_CA_HELD: the CA's staff look at the name first
 * @CH_CA_ISSUED: the certificate is there
 * @CH_CA_REJECTED: the CA ended it
 * @CH_CA_CANCELLED: it was cancelled
 * @CH_CA_REVOKED: the certificate was revoked, or is about to be
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
  char *value;                /* the whole value that proves control: a TXT value, or what a file must hold */
  char **locations;           /* where the value may stand, the CA's words, best first: names of TXT records, or hosts */
  char *approver;             /* who was mailed */
  gint64 notified_at;         /* when */
  gint64 confirmed_at;        /* when that person said yes */
  char *page;                 /* where the names of an OV or EV order are verified: an https URL of the CA */
  char *price;                /* "249.00 EUR" */
  char *certificate;          /* leaf, PEM */
  char **chain;               /* other certificates, PEM, any order */
  char *csr;                  /* PEM */
  gint64 ordered_at;
  gint64 issued_at;
  gint64 ended_at;            /* when it was cancelled or revoked */
  char *renews;               /* the CA's number of the order that this one renews */
  char *reissues;             /* the CA's number of the order whose certificate this one replaces */

  /* what an order is that was placed elsewhere */
  gboolean known;             /* whether the members below are set: a short answer does not tell them, and an order
                                 may be for a product that is none of ours */
  ChProduct product;
  ChDcvMethod method;
  ChOrderKind kind;
  int term_months;
  char **names;               /* the common name, and the others as the order or its certificate has them */
  GHashTable *contact;        /* (element-type utf8 utf8): as ChCaRequest.contact */
  GHashTable *organization;   /* (element-type utf8 utf8): as ChCaRequest.organization */
} ChCaOrder;

void ch_ca_order_free (ChCaOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCaOrder, ch_ca_order_free)

/**
 * ChCaFound: takes one order of a list.
 * @order: (transfer full)
 * @until: all that was placed before this time has been told: where an import that was interrupted goes on
 */
typedef gboolean (*ChCaFound) (ChCaOrder *order, gint64 until, gpointer data, GError **error);

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

  /* (transfer full): for each of @names what an order counts it as, in words. Pure */
  char **(*describe_names) (const char *const *names);

  /* could this be ordered here? Pure: looks at @access->settings and the request, of which own_key and csr may be
   * missing; CH_ERROR_INVALID says what would be right */
  gboolean (*may_order) (const ChCaAccess *access, const ChCaRequest *request, GError **error);

  /* could an order that was issued have these names? As may_order(), for a reissue: looks at the request's names, product
   * and method only */
  gboolean (*may_name) (const ChCaAccess *access, const ChCaRequest *request, GError **error);

  /* are the credentials good? @facts: (out) (transfer full): what the CA tells, "balance" → "1000.00 EUR", … */
  gboolean (*verify) (const ChCaAccess *access, GHashTable **facts, GCancellable *cancellable, GError **error);

  /* place a paid order. Only CH_ERROR_UNREACHABLE, or an error that the CA itself gave, means "not placed";
   * after CH_ERROR_UNKNOWN_OUTCOME or CH_ERROR_BAD_ANSWER look with find(). A high-risk name
   * gives an order with status HELD. */
  ChCaOrder *(*submit) (const ChCaAccess *access, const ChCaRequest *request, GCancellable *cancellable, GError **error);

  /* the order that was placed with @own_key since @since (Unix seconds), whatever its status;
   * CH_ERROR_NOT_FOUND when the CA has none */
  ChCaOrder *(*find) (const ChCaAccess *access, const char *own_key, gint64 since, GCancellable *cancellable, GError **error);

  /* tell the CA that the value stands at @location, a name or, with method http, "http://host" or "https://host"; an
   * issued order comes with its certificate */
  ChCaOrder *(*check) (const ChCaAccess *access, const char *ca_order, ChDcvMethod method, const char *location,
                       GCancellable *cancellable, GError **error);

  /* one order with certificate and chain */
  ChCaOrder *(*fetch) (const ChCaAccess *access, const char *ca_order, GCancellable *cancellable, GError **error);

  /* all orders that changed between @from and @to: one bulk query, split when the CA's limit is hit; (element-type ChCaOrder) */
  GPtrArray *(*list_changed) (const ChCaAccess *access, gint64 from, gint64 to, GCancellable *cancellable, GError **error);

  /* cancel; an order that is cancelled already is a success. An issued one can be cancelled for some days only, after
   * which CH_ERROR_CA_REFUSED says so */
  gboolean (*cancel) (const ChCaAccess *access, const char *ca_order, GCancellable *cancellable, GError **error);

  /* what would come of it: price, what the CA reads in the request, what it would refuse; places nothing. A refusal
   * of the request itself is in the preview's problems and no error */
  ChCaPreview *(*preview) (const ChCaAccess *access, const ChCaRequest *request, GCancellable *cancellable, GError **error);

  /* (transfer full): who may be mailed to approve @name; places nothing that lasts */
  char **(*list_approvers) (const ChCaAccess *access, const char *name, GCancellable *cancellable, GError **error);
  /* mail somebody else; @name is the common name of the order */
  gboolean (*change_approver) (const ChCaAccess *access, const char *ca_order, const char *name, const char *approver,
                               GCancellable *cancellable, GError **error);
  gboolean (*resend_mail) (const ChCaAccess *access, const char *ca_order, GCancellable *cancellable, GError **error);

  /* a new certificate inside the term of the issued order @ca_order, by the request @csr, free unless names come in addition;
   * @names (nullable) when they change: all names that are wanted, the common name among them. The answer has a new number; it may be
   * issued already, or wait for a proof. A CA that takes key and names one after the other may answer with an order
   * that has the key of @csr, but still the old names: reissue that one, once it is issued, with the same @csr and @names;
   * nothing is done twice. Lost answers as with submit(); then look with find_reissue() */
  ChCaOrder *(*reissue) (const ChCaAccess *access, const char *ca_order, const char *csr, const char *const *names,
                         GCancellable *cancellable, GError **error);
  /* the newest living order that replaces @ca_order, or one that replaced it, and was made since @since, whole;
   * CH_ERROR_NOT_FOUND when there is none */
  ChCaOrder *(*find_reissue) (const ChCaAccess *access, const char *ca_order, gint64 since, GCancellable *cancellable,
                              GError **error);

  /* revoke; one that is revoked already is a success */
  gboolean (*revoke) (const ChCaAccess *access, const char *ca_order, GCancellable *cancellable, GError **error);

  /* all orders that were placed between @from and @to, whole, for an import: with names, certificates, chains, contacts
   * and links. Splits the time where the CA gives no more than its limit, so that nothing is lost. @found is called
   * for each, on the calling thread; its %FALSE ends with the error that it set */
  gboolean (*list_placed) (const ChCaAccess *access, gint64 from, gint64 to, const ChCaStatus *status, ChCaFound found,
                           gpointer data, GCancellable *cancellable, GError **error);
} ChCa;

/* ---- registry.c ---- */

/** ch_ca_find: (nullable): the connector of that kind, or %NULL with %CH_ERROR_INVALID that lists the kinds. */
const ChCa *ch_ca_find (const char *kind, GError **error);
/** ch_ca_list: (array zero-terminated=1): all of them. */
const ChCa *const *ch_ca_list (void);
