/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/http.h"
#include "net/json.h"

/**
 * ChService: a web service, as one of its accounts sees it.
 * @name: for messages: "Cloudflare"
 * @http: how to reach it
 * @caller: (nullable): from ch_pause_caller(): with whom it shares a limit of requests; %NULL for none
 * @headers: (nullable): sent with each request: name, value, …, %NULL
 * @ends_pauses: the provider calls ch_pause_end() itself: refusals come with the status of success
 * @wait: (nullable): the seconds that a 429 without Retry-After asks for in the service's own way; -1 when it
 *   does not say
 * @cancellable: (nullable): stops it
 */
typedef struct
{
  const char *name;
  ChHttp http;
  const char *caller;
  gboolean ends_pauses;
  const char *const *headers;
  gint64 (*wait) (const ChHttpReply *reply);
  GCancellable *cancellable;
} ChService;

/**
 * ch_service_ask:
 * @request: what to ask; its own headers go after the service's
 *
 * Sends it, and deals with what means the same at all services. Blocks; never a second try.
 *
 * Returns: (transfer full): an answer that the service itself gave to this request, of any status below 500,
 *   but no redirect, no 408 and no 429; or %NULL with
 *   %CH_ERROR_THROTTLED: asked too often (429), now or shortly before; Retry-After is kept for all with that
 *   caller;
 *   %CH_ERROR_TRANSIENT: the service has trouble (5xx, 408), or a web page came (a proxy, an outage);
 *   %CH_ERROR_BAD_ANSWER: a redirect, which is not followed, or more than it can be;
 *   and those of ch_http_send(), except that a GET or another question which was not answered is
 *   %CH_ERROR_UNREACHABLE: it changes nothing. After %CH_ERROR_UNKNOWN_OUTCOME, %CH_ERROR_TRANSIENT and %CH_ERROR_BAD_ANSWER to
 *   anything else it may have been done: see ch_service_is_doubtful()
 */
ChHttpReply *ch_service_ask (const ChService     *service,
                             const ChHttpRequest *request,
                             GError             **error);

/**
 * ch_service_is_doubtful: whether a change that ended with this error may have been made all the same: look
 * first.
 */
gboolean ch_service_is_doubtful (const GError *error);

/**
 * ch_service_throttle:
 * @seconds: what it says in its own way; negative when it does not say
 *
 * For services that say otherwise than by 429 that they were asked too often.
 *
 * Returns: always %FALSE, with %CH_ERROR_THROTTLED
 */
gboolean ch_service_throttle (const ChService *service,
                              gint64           seconds,
                              GError         **error);

/** ch_service_retry_after: the seconds that the header Retry-After says; negative when there is none. */
gint64 ch_service_retry_after (const ChHttpReply *reply);

/**
 * ch_service_parse_json:
 *
 * Returns: (transfer full): the body; or %NULL with %CH_ERROR_BAD_ANSWER when it is no JSON, or
 *   %CH_ERROR_TRANSIENT when it is a web page. An empty body is a null node
 */
JsonNode *ch_service_parse_json (const ChService   *service,
                                 const ChHttpReply *reply,
                                 GError           **error);

/**
 * ch_service_words:
 * @text: (nullable): what a service says
 *
 * Returns: (transfer full): it as part of a sentence: one line, at most 200 characters, no control characters
 */
char *ch_service_words (const char *text);
