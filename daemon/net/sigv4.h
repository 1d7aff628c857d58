/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/http.h"

/* AWS Signature Version 4: what is signed, and how. Pure: no clock, no network. */

/** ChSigv4Key: who signs, and for what. */
typedef struct
{
  const char *access_key;
  const char *secret;
  const char *session_token;    /* (nullable): of temporary credentials */
  const char *region;           /* of the service, "us-east-1" */
  const char *service;          /* "route53" */
} ChSigv4Key;

/** ChSigv4Message: the parts of a request that a signature covers. */
typedef struct
{
  const char *method;
  const char *path;                 /* as it is sent, with its query */
  const char *const *headers;       /* name, value, …, NULL: all of them are signed, so "host" must be there */
  GBytes *body;                     /* (nullable) */
} ChSigv4Message;

/** ch_sigv4_canonical: (transfer full): the canonical request. */
char *ch_sigv4_canonical (const ChSigv4Message *message);

/** ch_sigv4_to_sign: (transfer full): the string to sign. @now: Unix seconds. */
char *ch_sigv4_to_sign (const ChSigv4Key *key,
                        const char       *canonical,
                        gint64            now);

/** ch_sigv4_authorization: (transfer full): the value of the header Authorization. @now: Unix seconds. */
char *ch_sigv4_authorization (const ChSigv4Key     *key,
                              const ChSigv4Message *message,
                              gint64                now);

/**
 * ch_sigv4_sign:
 * @base_url: where the request goes; its path stands before the request's
 * @request: what will be sent; its headers are not looked at
 * @now: Unix seconds
 *
 * Only Host, X-Amz-Date and X-Amz-Security-Token are signed: an HTTP library may touch the others.
 *
 * Returns: (transfer full): the headers to send: name, value, …, NULL; %NULL with
 *   %CH_ERROR_INVALID when @base_url is none
 */
char **ch_sigv4_sign (const ChSigv4Key    *key,
                      const char          *base_url,
                      const ChHttpRequest *request,
                      gint64               now,
                      GError             **error);
