/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"
#include "net/service.h"

/* Azure DNS: what its files know of each other. azure.c is the provider, azure-zones.c finds zones,
 * azure-call.c asks the resource manager, azure-token.c logs in, azure-verdict.c judges refusals. */

/** ChAzure: one account, ready to be asked. */
typedef struct
{
  const char *subscription;
  const char *tenant;
  const char *client;
  const char *secret;
  const char *group;            /* (nullable): of all zones; NULL: found by listing */
  const char *resolver;         /* (nullable) */
  guint32 ttl;
  GCancellable *cancellable;    /* (not owned) (nullable) */
  char *login_url;              /* (owned): of the token authority, no final slash */
  char *url;                    /* (owned): of the resource manager, no final slash */
  char *key;                    /* (owned): tells accounts apart without showing their secrets */
  char *login_caller;           /* (owned): with whom log-ins share a limit */
  char *caller;                 /* (owned): the same for requests */
  ChService login;              /* points to what is above, and to the account's settings */
  ChService manager;            /* the same */
} ChAzure;

/** ChAzureReply: what was answered. */
typedef struct
{
  guint status;
  char *etag;                   /* (nullable): of the headers */
  JsonObject *object;           /* (nullable): %NULL when the body is empty or is no JSON object */
} ChAzureReply;

void ch_azure_reply_free (ChAzureReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChAzureReply, ch_azure_reply_free)

/* ---- azure-call.c ---- */

/**
 * ch_azure_ask:
 * @service: either of the two
 *
 * Returns: (transfer full): the answer, or %NULL with the errors of ch_service_ask()
 */
ChAzureReply *ch_azure_ask (const ChService     *service,
                            const ChHttpRequest *request,
                            GError             **error);

/**
 * ch_azure_call:
 * @method: "GET", "PUT" or "DELETE"
 * @path: below the resource manager, with its query
 * @condition: (nullable): "If-Match" or "If-None-Match"
 * @tag: what stands in @condition
 * @body: (nullable): JSON
 *
 * Asks the resource manager with a token; with a new one, once, when the token is refused.
 *
 * Returns: (transfer full): the answer of any status, or %NULL when there is none or no token to be had
 */
ChAzureReply *ch_azure_call (const ChAzure *azure,
                             const char    *method,
                             const char    *path,
                             const char    *condition,
                             const char    *tag,
                             GBytes        *body,
                             GError       **error);

/* ---- azure-token.c ---- */

/**
 * ch_azure_token:
 *
 * Logs in, or gives what an earlier call of the same account has got, as long as it lives. Tokens are kept in
 * memory only.
 *
 * Returns: (transfer full): the token with its final zero, wiped with its last reference
 */
GBytes *ch_azure_token (const ChAzure *azure,
                        GError       **error);

/** ch_azure_token_drop: @token was refused; nobody is to be given it again. */
void ch_azure_token_drop (const ChAzure *azure,
                          GBytes        *token);

/* ---- azure-zones.c ---- */

/** ch_azure_find_zone: (transfer full): the zone of the account that holds @name: the longest one. */
char *ch_azure_find_zone (const ChAzure *azure,
                          const char    *name,
                          GError       **error);

/** ch_azure_verify: see #ChDnsProvider.verify. */
gboolean ch_azure_verify (const ChAzure *azure,
                          GPtrArray     *names,
                          GError       **error);

/** ch_azure_find_group: (transfer full): the resource group of a zone. */
char *ch_azure_find_group (const ChAzure *azure,
                           const char    *zone,
                           GError       **error);

/** ch_azure_forget_group: ch_azure_find_group() has to look again; %FALSE when it would do so anyway. */
gboolean ch_azure_forget_group (const ChAzure *azure,
                                const char    *zone);

/** ch_azure_zone_path: (transfer full): a zone's path at the resource manager, with @below and the query. */
char *ch_azure_zone_path (const ChAzure *azure,
                          const char    *group,
                          const char    *zone,
                          const char    *below);

/* ---- azure-verdict.c ---- */

/** ch_azure_code: (transfer none) (nullable): the error's code, of either shape that errors come in. */
const char *ch_azure_code (const ChAzureReply *reply);

/** ch_azure_is_met: whether somebody else has just changed the same. */
gboolean ch_azure_is_met (const ChAzureReply *reply);

/** ch_azure_fail: %FALSE, with what a refusal by the resource manager means for @name. */
gboolean ch_azure_fail (const ChAzure      *azure,
                        const char         *name,
                        const ChAzureReply *reply,
                        GError            **error);

/** ch_azure_fail_login: %FALSE, with what a refusal by the token authority means. */
gboolean ch_azure_fail_login (const ChAzure      *azure,
                              const ChAzureReply *reply,
                              GError            **error);
