/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "deploy/target.h"
#include "dns/propagation.h"
#include "dns/provider.h"
#include "lib/error.h"

/* A CA, a DNS service and a server that hold their state in memory and fail when they are told to. */

typedef enum
{
  OP_VERIFY, OP_SUBMIT, OP_FIND, OP_CHECK, OP_FETCH, OP_LIST, OP_CANCEL, OP_REISSUE, OP_FIND_REISSUE, OP_REVOKE, OP_LIST_PLACED,
  OP_APPROVERS, OP_APPROVER, OP_MAIL,
  OP_ZONE, OP_ADD, OP_REMOVE, OP_LOOK, OP_FOLLOW, OP_GET,
  OP_PROBE, OP_STAGE, OP_SWAP, OP_RESTORE, OP_SETTLE, OP_ACT,
  N_OPS,
} Op;

/** FakeOrder: an order as the CA has it. */
typedef struct
{
  char *number;
  char *own_key;
  char *name;
  char *csr;
  char *names;            /* (nullable): of a reissue for other names, with blanks between */
  char *reissues;         /* (nullable): the number of the order that it reissues */
  ChOrderKind kind;
  ChProduct product;
  ChDcvMethod method;
  char *approver;         /* (nullable) */
  guint mails;            /* how often somebody was mailed */
  gint64 confirmed_at;
  char *renews;           /* (nullable) */
  char *value;            /* the TXT value */
  char *certificate;      /* (nullable): PEM, once issued */
  gint64 changed_at;      /* 0: the list of what has changed tells it always */
  ChCaStatus status;
} FakeOrder;

/** FakePlaced: an order that somebody placed elsewhere. */
typedef struct
{
  char *number;
  char *name;
  ChCaStatus status;
  gint64 at;              /* when it was placed, and issued */
  char *certificate;      /* (nullable) */
  char *reissues;         /* (nullable) */
  char *renews;           /* (nullable) */
  gboolean unknown;       /* of a product that nobody knows */
} FakePlaced;

typedef struct
{
  GPtrArray *orders;      /* (element-type FakeOrder) */
  GHashTable *txt;        /* (element-type utf8): "name value" */
  GHashTable *aliases;    /* (element-type utf8 utf8): CNAMEs */
  GHashTable *web;        /* (element-type utf8): "host value": files that prove control */
  GHashTable *files;      /* (element-type utf8 GBytes): what the server has */
  GPtrArray *placed;      /* (element-type FakePlaced): what list_placed() tells, by time */
  gint64 told_from;       /* what list_placed() was asked for last */
  GString *calls;         /* "submit find " … */
  guint count[N_OPS];
  ChCaStatus next_status; /* of an order that is placed */
  gboolean prove_again;   /* a reissue waits for a proof; else it is issued at once */
  gboolean no_value;      /* an order that is placed comes without its validation value */
  gboolean odd_place;     /* … or with a place that proves none of its names */
  gint64 since;           /* what find() was asked for */
  guint unsettled;        /* how often the DNS service answers “not yet” for values below slow.… */
  gboolean existed;       /* a value that is added stood there before */
  gboolean silent;        /* a name server does not answer */
  gboolean frozen;        /* nothing happens any more: the service is thought to be dead */
} Fakes;

extern Fakes fakes;

void fakes_reset (void);
void fakes_clear (void);

/** fake_order: (not owned): the @i-th that was placed. */
FakeOrder *fake_order (guint i);

/** fake_fail: the next call of @op not yet spoken for fails with @code and does nothing. */
void fake_fail (Op op, ChError code);
/** fake_lose: it does its work, and fails with @code all the same. */
void fake_lose (Op op, ChError code);
/** fake_hook: it calls @hook, before or after its work. */
typedef void (*FakeHook) (gpointer data);
void fake_hook (Op op, gboolean after, FakeHook hook, gpointer data);

/** fake_hook_and_lose: it does its work, calls @hook, and fails with @code all the same. */
void fake_hook_and_lose (Op op, ChError code, FakeHook hook, gpointer data);

/** fake_secrets_seen: the secrets that connectors were given, one after the other. */
extern GString *fake_secrets_seen;
