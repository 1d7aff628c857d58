/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudns-private.h"

#include "lib/error.h"
#include "net/form.h"
#include "net/pause.h"

#include <glib/gi18n.h>
#include <string.h>

/* ClouDNS answers nearly everything with status 200; what it refuses it says in words. Everything is sent by
 * POST: the password would else stand in the URL. */

const char *const ch_cloudns_id_names[] = { "auth-id", "sub-auth-id", "sub-auth-user", NULL };

gboolean
ch_cloudns_open (ChCloudns         *self,
                 const ChDnsAccess *access,
                 GCancellable      *cancellable,
                 GError           **error)
{
  self->settings = access->settings;
  self->password = ch_fields_get (ch_cloudns_fields, access->secrets, "auth-password");
  for (gsize i = 0; self->id == NULL && ch_cloudns_id_names[i] != NULL; i++)
    {
      self->id_name = ch_cloudns_id_names[i];
      self->id = ch_fields_get (ch_cloudns_fields, access->settings, self->id_name);
    }

  if (self->id == NULL || self->password == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("The DNS account lacks an id or its password"));

  /* requests are counted by the address that they come from, whoever asks */
  ch_web_account_open (&self->web, "ClouDNS", ch_cloudns_fields, access, CH_CLOUDNS_URL, "everybody",
                       cancellable);
  self->web.service.ends_pauses = TRUE;
  return TRUE;
}

void
ch_cloudns_clear (ChCloudns *self)
{
  ch_web_account_clear (&self->web);
}

/* ---- what is answered ---- */

#define BAD_CREDENTIALS N_("ClouDNS does not know these credentials, or does not take them from this " \
                           "machine's address; check the id and “auth-password”, and at ClouDNS the " \
                           "addresses that the user may come from")
#define NO_ZONE N_("ClouDNS has no such zone for these credentials")
#define NO_RECORD N_("This record is not at ClouDNS")
#define NAME_TAKEN N_("A CNAME stands at this name, so no TXT record can; remove it, or let it lead to a " \
                      "name that another DNS account can write (ClouDNS: %s)")
#define RECORD_THERE N_("ClouDNS says that something like it is there already: %s")
#define NO_RIGHT N_("ClouDNS does not allow this: %s; check that the zone is delegated to the sub-user, " \
                    "that the sub-user may write, and that the plan has the API")
#define QUOTA N_("ClouDNS takes no more: %s; look at the plan's limits, or those of the sub-user")
#define TROUBLE N_("ClouDNS has trouble: %s; it is tried again later")
#define REFUSED N_("ClouDNS refuses the request: %s")

/* Words that refusals hold, in lower case. The first row that fits counts: what says more stands before what
 * says less. */
static const struct
{
  const char *words[2];
  ChError code;
  const char *message;
} rows[] = {
  { { "invalid authentication" }, CH_ERROR_CREDENTIALS, BAD_CREDENTIALS },
  { { "missing domain-name" }, CH_ERROR_ZONE_NOT_FOUND, NO_ZONE },
  { { "invalid record-id" }, CH_ERROR_NOT_FOUND, NO_RECORD },
  { { "limit", "request" }, CH_ERROR_THROTTLED, NULL },
  { { "limit", "second" }, CH_ERROR_THROTTLED, NULL },
  { { "limit", "minute" }, CH_ERROR_THROTTLED, NULL },
  { { "cname" }, CH_ERROR_CONFLICT, NAME_TAKEN },
  { { "already" }, CH_ERROR_EXISTS, RECORD_THERE },
  { { "same", "record" }, CH_ERROR_EXISTS, RECORD_THERE },
  { { "not allowed" }, CH_ERROR_FORBIDDEN, NO_RIGHT },
  { { "permission" }, CH_ERROR_FORBIDDEN, NO_RIGHT },
  { { "access" }, CH_ERROR_FORBIDDEN, NO_RIGHT },
  { { "limit" }, CH_ERROR_FORBIDDEN, QUOTA },
  { { "try again" }, CH_ERROR_TRANSIENT, TROUBLE },
  { { "" }, CH_ERROR_INVALID, REFUSED },
};

static gsize
find_row (const char *words)
{
  g_autofree char *lower = g_ascii_strdown (words, -1);
  gsize i = 0;

  while (strstr (lower, rows[i].words[0]) == NULL
         || (rows[i].words[1] != NULL && strstr (lower, rows[i].words[1]) == NULL))
    i++;

  return i;
}

static gboolean
refuse (ChCloudns  *self,
        const char *text,
        GError    **error)
{
  g_autofree char *words = ch_service_words (text);
  gsize row = find_row (words);

  /* it becomes part of our own sentence */
  if (g_str_has_suffix (words, "."))
    words[strlen (words) - 1] = '\0';

  if (rows[row].code == CH_ERROR_THROTTLED)
    return ch_service_throttle (&self->web.service, -1, error);

  return ch_error_set (error, rows[row].code, _(rows[row].message), words);
}

/* {"status":"Failed","statusDescription":…}, or {"status":0,"message":…} for some calls of sub-users.
 * Returns: (nullable): what it says */
static const char *
find_refusal (JsonObject *object)
{
  const char *status = ch_json_get_text (object, "status");
  const char *description = ch_json_get_text (object, "statusDescription");
  const char *message = ch_json_get_text (object, "message");

  if (status != NULL && g_ascii_strcasecmp (status, "Failed") == 0)
    return description != NULL ? description : message != NULL ? message : "";

  return ch_json_get_number (object, "status", 1) == 0 ? message : NULL;
}

static gboolean
is_success (JsonNode *node)
{
  return g_strcmp0 (ch_json_get_text (ch_json_root_object (node), "status"), "Success") == 0;
}

static gboolean
judge (ChCloudns         *self,
       const ChHttpReply *reply,
       JsonNode          *node,
       GError           **error)
{
  const char *refusal = find_refusal (ch_json_root_object (node));

  if (refusal != NULL)
    return refuse (self, refusal, error);
  if (reply->status >= 300 || JSON_NODE_HOLDS_NULL (node))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("What answers is not ClouDNS's interface (HTTP %u); check “url” and the proxy"),
                         reply->status);

  ch_pause_end (self->web.caller);
  return TRUE;
}

/* ---- asking ---- */

static GBytes *
make_form (ChCloudns         *self,
           const char *const *params)
{
  const char *const credentials[] = { self->id_name, self->id, "auth-password", self->password, NULL };
  g_autoptr(GPtrArray) pairs = g_ptr_array_new ();

  for (gsize i = 0; credentials[i] != NULL; i++)
    g_ptr_array_add (pairs, (char *) credentials[i]);
  for (gsize i = 0; params[i] != NULL; i++)
    g_ptr_array_add (pairs, (char *) params[i]);
  g_ptr_array_add (pairs, NULL);

  return ch_form_encode ((const char *const *) pairs->pdata);
}

static JsonNode *
send (ChCloudns         *self,
      const char        *call,
      const char *const *params,
      gboolean           is_question,
      GError           **error)
{
  g_autofree char *path = g_strdup_printf ("/%s.json", call);
  g_autoptr(GBytes) form = make_form (self, params);
  ChHttpRequest request = {
    .method = "POST",
    .path = path,
    .content_type = CH_FORM_TYPE,
    .body = form,
    .is_question = is_question,
  };
  g_autoptr(ChHttpReply) reply = ch_service_ask (&self->web.service, &request, error);
  g_autoptr(JsonNode) node = reply != NULL ? ch_service_parse_json (&self->web.service, reply, error) : NULL;

  return node != NULL && judge (self, reply, node, error) ? g_steal_pointer (&node) : NULL;
}

JsonNode *
ch_cloudns_ask (ChCloudns         *self,
                const char        *call,
                const char *const *params,
                GError           **error)
{
  return send (self, call, params, TRUE, error);
}

gboolean
ch_cloudns_change (ChCloudns         *self,
                   const char        *call,
                   const char *const *params,
                   GError           **error)
{
  g_autoptr(JsonNode) node = send (self, call, params, FALSE, error);

  if (node == NULL || is_success (node))
    return node != NULL;

  return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("ClouDNS does not say whether it has changed the "
                                                     "record"));
}
