/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/details.h"
#include "bus/internal.h"
#include "bus/options.h"

/* From a message to its handler: find the row, check the bounds, ask who may, then call. What has
 * no row is refused. Handlers run after authorisation and only then look anything up. */

typedef struct _ChCall ChCall;
typedef struct _ChFolder ChFolder;

/** ChMethod: one method of the contract. Tables end with { NULL }. */
typedef struct
{
  const char *interface;
  const char *method;
  const char *action;                                     /* polkit's */
  void (*handler) (ChCall *call);                         /* (transfer full): answers the call once */
  void (*describe) (const ChCall *call, ChDetails *details);  /* (nullable): adds what the arguments say */
  const char *(*pick_action) (const ChCall *call);        /* (nullable): in place of @action */
} ChMethod;

/** ChCall: one call that is under way. */
struct _ChCall
{
  ChBus *bus;                         /* (owned) */
  GDBusMethodInvocation *invocation;  /* (owned) until answered */
  const ChMethod *method;             /* (not owned) */
  const ChFolder *folder;             /* (nullable) (not owned): %NULL at the root */
  gint64 id;                          /* of the object in @folder; it may not exist */
  GVariant *parameters;               /* (not owned) */
  ChGrant *grant;                     /* (owned): once authorised */
  ChActor actor;                      /* refers to @grant */
};

/** ch_dispatch: (transfer full) @invocation: the one way in. */
void ch_dispatch (ChBus *bus, const ChFolder *folder, gint64 id, GDBusMethodInvocation *invocation);

/** ch_dispatch_find: (nullable) (transfer none): the row of a method. */
const ChMethod *ch_dispatch_find (const char *interface, const char *method);

/**
 * ch_call_answer:
 * @call: (transfer full): what is answered and freed
 * @value: (nullable): the reply's tuple, may be floating; %NULL: it failed
 * @error: (nullable) (transfer full): why it failed
 */
void ch_call_answer (ChCall *call, GVariant *value, GError *error);

/** ch_call_answer_done: the same for methods that return nothing. */
void ch_call_answer_done (ChCall *call, gboolean ok, GError *error);

/** ch_call_answer_id: the same for methods that return the path of the new object @id, 0: it failed. */
void ch_call_answer_id (ChCall *call, const char *folder, gint64 id, GError *error);

/** ch_call_answer_job: the same for methods that return a job. */
void ch_call_answer_job (ChCall *call, ChJob *job, GError *error);

/**
 * ch_call_check_options:
 * @index: of the argument that is an a{sv}
 *
 * Returns: whether they are right; if not, @call has been answered
 */
gboolean ch_call_check_options (ChCall *call, guint index, const ChOption *table, const char *what);

/** ch_call_argument: (transfer full): argument number @index. */
GVariant *ch_call_argument (const ChCall *call, guint index);

/** ch_call_table: (transfer full) (element-type utf8 utf8): argument @index, an a{ss}; values are wiped. */
GHashTable *ch_call_table (const ChCall *call, guint index);

/** ch_manager_properties: (transfer floating): the properties of the root, an a{sv}. */
GVariant *ch_manager_properties (ChBus *bus, GError **error);

/* The rows, one table per subject. */
extern const ChMethod ch_manager_methods[];
extern const ChMethod ch_calendar_methods[];
extern const ChMethod ch_new_order_methods[];
extern const ChMethod ch_new_peer_methods[];
extern const ChMethod ch_orders_methods[];
extern const ChMethod ch_event_methods[];
extern const ChMethod ch_certificate_methods[];
extern const ChMethod ch_bin_methods[];
extern const ChMethod ch_import_methods[];
extern const ChMethod ch_mail_methods[];
extern const ChMethod ch_template_methods[];
extern const ChMethod ch_order_methods[];
extern const ChMethod ch_order_replace_methods[];
extern const ChMethod ch_order_validate_methods[];
extern const ChMethod ch_peer_methods[];
extern const ChMethod ch_policy_methods[];
extern const ChMethod ch_deployment_methods[];
extern const ChMethod ch_watch_methods[];
extern const ChMethod ch_job_methods[];
extern const ChMethod ch_challenge_files_methods[];
extern const ChMethod ch_leftovers_methods[];
extern const ChMethod ch_objects_methods[];

/* polkit's actions, as data/polkit/org.chancery.policy.in has them */
#define CH_ACTION_VIEW "org.chancery.view"
#define CH_ACTION_ACCOUNT_CHANGE "org.chancery.account.change"
#define CH_ACTION_DNS_CHANGE "org.chancery.dns.change"
#define CH_ACTION_SERVER_CHANGE "org.chancery.server.change"
#define CH_ACTION_PROFILE_CHANGE "org.chancery.profile.change"
#define CH_ACTION_DEPLOYMENT_CHANGE "org.chancery.deployment.change"
#define CH_ACTION_DEPLOYMENT_RUN "org.chancery.deployment.run"
#define CH_ACTION_WATCH_CHANGE "org.chancery.watch.change"
#define CH_ACTION_ORDER_CREATE "org.chancery.order.create"
#define CH_ACTION_ORDER_CHANGE "org.chancery.order.change"
#define CH_ACTION_ORDER_DELETE "org.chancery.order.delete"
#define CH_ACTION_MAIL_CHANGE "org.chancery.mail.change"
#define CH_ACTION_TEST "org.chancery.test"
#define CH_ACTION_KEY_EXPORT "org.chancery.key.export"
