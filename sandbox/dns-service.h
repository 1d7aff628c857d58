/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"
#include "zones.h"

#include <libsoup/soup.h>

/* The stand-ins for DNS services: one file each, dns-KIND.c, which ends in "const SbDnsService sb_dns_KIND",
 * and one word in meson.build. They are served on the sandbox's TLS port below /dns/KIND. */

#define SB_DNS_PATH "/dns"

typedef struct _SbDnsService SbDnsService;

/**
 * SbDnsCall:
 * @state: what the service keeps
 * @path: below /dns/KIND, as it was sent
 * @raw_query: (nullable): as it was sent
 * @query: (element-type utf8 utf8): decoded; of a name that comes twice the last
 * @parts: what stood in the place of each {…} of the route, decoded
 * @body: zero-terminated
 *
 * One request. A handler answers it with one of the functions below, before it returns.
 */
typedef struct
{
  const SbDnsService *service;
  gpointer state;
  SbZones *zones;
  SoupServerMessage *message;
  const char *method;
  const char *path;
  const char *raw_query;
  GHashTable *query;
  GStrv parts;
  const char *body;
  gsize length;

  /* the answer */
  guint status;
  char *content_type;
  GString *answer;
} SbDnsCall;

typedef void (*SbDnsHandler) (SbDnsCall *call);

/**
 * SbDnsRoute:
 * @operation: its name in faults and in the log of requests: "KIND.create"
 * @pattern: "/zones/{zone}/dns_records"
 *
 * The first route that fits is taken. A list of them ends with { NULL }.
 */
typedef struct
{
  const char *method;
  const char *pattern;
  const char *operation;
  SbDnsHandler handler;
} SbDnsRoute;

/**
 * SbDnsService:
 * @base: what the service's URL has after /dns/KIND, such as "/client/v4"; routes begin after it
 * @any_case: the fixed parts of paths count in upper and lower case alike
 * @open: (nullable): (transfer full): makes what it keeps
 * @close: (nullable): and ends it
 * @check: (nullable): looks at who calls; %FALSE when it has answered. Faults come before it
 * @lost: answers what fits no route
 * @fields: adds what a client's account must be told besides the URL, by the names of its fields: this is the
 *   account that the stand-in knows
 * @url_field: (nullable): a further field that has to hold the service's URL, besides "url"
 * @control: (nullable): changes how it behaves (POST /control/dns); every stand-in knows {"reset": true}.
 *   @why: (out) (transfer full): what is wrong with @order
 */
struct _SbDnsService
{
  const char *kind;
  const char *base;
  gboolean any_case;
  const SbDnsRoute *routes;
  gpointer (*open) (SbZones *zones);
  void (*close) (gpointer state);
  gboolean (*check) (SbDnsCall *call);
  SbDnsHandler lost;
  void (*fields) (gpointer state, JsonObject *fields);
  const char *url_field;
  gboolean (*control) (gpointer state, JsonObject *order, char **why);
};

/* ---- for services ---- */

/** sb_dns_call_header: (transfer none) (nullable): a header of the request. */
const char *sb_dns_call_header (SbDnsCall  *call,
                                const char *name);

/** sb_dns_call_query: (transfer none) (nullable): a parameter of the query. */
const char *sb_dns_call_query (SbDnsCall  *call,
                               const char *name);

/** sb_dns_call_json: (transfer full) (nullable): the body, when it is a JSON object or array. */
JsonNode *sb_dns_call_json (SbDnsCall *call);

/** sb_dns_answer_header: sets a header of the answer. */
void sb_dns_answer_header (SbDnsCall  *call,
                           const char *name,
                           const char *value);

/** sb_dns_answer: @content_type may be %NULL for an empty answer. */
void sb_dns_answer (SbDnsCall  *call,
                    guint       status,
                    const char *content_type,
                    const char *text);

/** sb_dns_answer_json: @node: (transfer full) */
void sb_dns_answer_json (SbDnsCall *call,
                         guint      status,
                         JsonNode  *node);

/** sb_json_take_object, sb_json_take_array: (transfer full): a node around what it takes. */
JsonNode *sb_json_take_object (JsonObject *object);
JsonNode *sb_json_take_array (JsonArray *array);

/** sb_json_text: (transfer none) (nullable): a member that is a string. */
const char *sb_json_text (JsonObject *object,
                          const char *name);

/**
 * sb_json_unknown:
 * @known: (array zero-terminated=1)
 *
 * Returns: (transfer full) (nullable): the first member of @object that is not in @known
 */
char *sb_json_unknown (JsonObject        *object,
                       const char *const *known);

/**
 * sb_dns_hex_id:
 *
 * Returns: (transfer full): @digits hexadecimal digits that are always the same for the same words
 */
char *sb_dns_hex_id (guint       digits,
                     const char *word,
                     ...) G_GNUC_NULL_TERMINATED;

/* ---- for the sandbox ---- */

typedef struct _SbDns SbDns;

/** sb_dns_new: @zones: (transfer full) */
SbDns *sb_dns_new (SbZones *zones);
void sb_dns_free (SbDns *dns);

/**
 * sb_dns_to_json: (transfer full): {KIND: {"url": …, "fields": {…}}} for those who are told where everything
 * is.
 */
JsonObject *sb_dns_to_json (SbDns *dns,
                            guint  port);

/** sb_dns_control: {"kind": KIND, …} goes to that stand-in. */
gboolean sb_dns_control (SbDns       *dns,
                         JsonObject  *order,
                         char       **why);

/** sb_dns_request_cb: the handler below #SB_DNS_PATH; @user_data is the #SbWorld. */
void sb_dns_request_cb (SoupServer        *server,
                        SoupServerMessage *message,
                        const char        *path,
                        GHashTable        *query,
                        gpointer           user_data);
