/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "azure-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- what was said ---- */

/* Either {"error": {"code": …, "message": …}} or the inner object alone. */
static JsonObject *
error_object (const ChAzureReply *reply)
{
  JsonObject *inner = ch_json_get_object (reply->object, "error");

  return inner != NULL ? inner : reply->object;
}

const char *
ch_azure_code (const ChAzureReply *reply)
{
  return ch_json_get_text (error_object (reply), "code");
}

/* The first line, without a secret that it may quote. */
static char *
first_line (const ChAzure *azure,
            const char    *words)
{
  if (words == NULL || *words == '\0' || strstr (words, azure->secret) != NULL)
    return NULL;

  g_autofree char *line = g_strndup (words, strcspn (words, "\r\n"));
  return ch_service_words (line);
}

static gboolean
fail (const ChAzure *azure,
      ChError        code,
      const char    *sentence,
      const char    *about,
      const char    *words,
      GError       **error)
{
  g_autofree char *ours = g_strdup_printf (sentence, about);
  g_autofree char *theirs = first_line (azure, words);

  if (theirs == NULL)
    return ch_error_set (error, code, "%s", ours);

  return ch_error_set (error, code, _("%s (Azure says: “%s”)"), ours, theirs);
}

/* ---- the resource manager ---- */

/** Row: what an answer means. @code %NULL: any other of that status; @word: also in the message. */
typedef struct
{
  guint status;
  const char *code;
  const char *word;
  ChError verdict;
  const char *sentence;         /* with one %s for the name, marked with N_() */
} Row;

#define NO_ROLE N_("The application may not do this with “%s”; give it the role “DNS Zone Contributor” on the " \
                   "zone or its resource group, and wait some minutes if that was just done")
#define NO_SUBSCRIPTION N_("What stands in “subscription” is not the id of a subscription, so that “%s” cannot " \
                           "be found")
#define NO_ZONE N_("Azure has no zone for “%s” there; check “subscription” and “resource-group”")
#define CNAME_THERE N_("At “%s” stands a CNAME, beside which no TXT record can stand; remove it, or let it " \
                       "point to a name in a zone of yours")
#define TOO_MANY_WRITERS N_("Others keep changing the TXT records of “%s”; it is tried again later")

static const Row rows[] = {
  { 401, "InvalidAuthenticationTokenTenant", NULL, CH_ERROR_INVALID,
    N_("Azure does not show “%s”, because the subscription belongs to another tenant; check “tenant” and "
       "“subscription”") },
  { 401, NULL, NULL, CH_ERROR_CREDENTIALS,
    N_("Azure does not take its own new token for “%s”; check “cloud”, “client-id” and “client-secret”") },
  { 403, "RequestDisallowedByPolicy", NULL, CH_ERROR_FORBIDDEN,
    N_("A policy of the Azure subscription forbids this change of “%s”; ask its owner for an exemption") },
  { 403, "SubscriptionNotRegistered", NULL, CH_ERROR_FORBIDDEN,
    N_("The subscription of “%s” is not registered for Microsoft.Network; register it there") },
  { 403, NULL, NULL, CH_ERROR_FORBIDDEN, NO_ROLE },
  { 404, "SubscriptionNotFound", NULL, CH_ERROR_INVALID,
    N_("Azure knows no such subscription for “%s”; check “subscription”, and that the application has a role "
       "in it") },
  { 404, "InvalidSubscriptionId", NULL, CH_ERROR_INVALID, NO_SUBSCRIPTION },
  { 400, "InvalidSubscriptionId", NULL, CH_ERROR_INVALID, NO_SUBSCRIPTION },
  { 404, "ResourceGroupNotFound", NULL, CH_ERROR_INVALID,
    N_("The subscription has no such resource group for “%s”; check “resource-group”") },
  { 404, "ResourceNotFound", NULL, CH_ERROR_ZONE_NOT_FOUND, NO_ZONE },
  { 404, "ParentResourceNotFound", NULL, CH_ERROR_ZONE_NOT_FOUND, NO_ZONE },
  { 404, "NotFound", NULL, CH_ERROR_ZONE_NOT_FOUND, NO_ZONE },
  { 409, "ScopeLocked", NULL, CH_ERROR_FORBIDDEN,
    N_("A lock in Azure keeps “%s” as it is; ask for its removal from the zone, resource group or "
       "subscription") },
  { 409, "ReadOnlyDisabledSubscription", NULL, CH_ERROR_FORBIDDEN,
    N_("The Azure subscription is disabled, so that “%s” cannot be changed; its owner can enable it") },
  { 400, NULL, "CNAME", CH_ERROR_CONFLICT, CNAME_THERE },
  { 409, NULL, "CNAME", CH_ERROR_CONFLICT, CNAME_THERE },
  { 409, NULL, NULL, CH_ERROR_TRANSIENT, TOO_MANY_WRITERS },
  { 412, NULL, NULL, CH_ERROR_TRANSIENT, TOO_MANY_WRITERS },
  { 400, NULL, NULL, CH_ERROR_INVALID,
    N_("Azure refuses the change of “%s”") },
};

static gboolean
row_fits (const Row          *row,
          const ChAzureReply *reply,
          const char         *code,
          const char         *words)
{
  if (row->status != reply->status || (row->code != NULL && g_strcmp0 (row->code, code) != 0))
    return FALSE;

  if (row->word == NULL)
    return TRUE;

  g_autofree char *all = g_strconcat (code != NULL ? code : "", " ", words, NULL);
  g_autofree char *upper = g_ascii_strup (all, -1);
  return strstr (upper, row->word) != NULL;
}

static const Row *
find_row (const ChAzureReply *reply,
          const char         *code,
          const char         *words)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (row_fits (&rows[i], reply, code, words))
      return &rows[i];

  return NULL;
}

/* Nobody of Azure's answers so: a proxy, a page of an outage, a wrong URL. */
static gboolean
fail_stranger (const char *url,
               guint       status,
               GError    **error)
{
  return ch_error_set (error, CH_ERROR_TRANSIENT,
                       _("“%s” does not answer as Azure does (HTTP %u); if that stays so, check the URLs of "
                         "the account and the network"), url, status);
}

gboolean
ch_azure_is_met (const ChAzureReply *reply)
{
  const Row *row = find_row (reply, ch_azure_code (reply),
                             ch_json_get_text (error_object (reply), "message"));

  return (reply->status == 409 || reply->status == 412) && row->verdict == CH_ERROR_TRANSIENT;
}

gboolean
ch_azure_fail (const ChAzure      *azure,
               const char         *name,
               const ChAzureReply *reply,
               GError            **error)
{
  const char *code = ch_azure_code (reply);
  const char *words = ch_json_get_text (error_object (reply), "message");
  const Row *row = find_row (reply, code, words);

  if (row != NULL)
    return fail (azure, row->verdict, _(row->sentence), name, words, error);

  return fail_stranger (azure->url, reply->status, error);
}

/* ---- the token authority ---- */

/** Login: what a refused log-in means. @number 0: not looked at; @word %NULL: the same. */
typedef struct
{
  gint64 number;                /* AADSTS…, among error_codes */
  const char *word;             /* of "error" */
  ChError verdict;
  const char *sentence;         /* with one %s for the tenant, marked with N_() */
} Login;

#define NO_TENANT N_("Microsoft knows no tenant “%s”; check “tenant” and “cloud”")
#define WRONG_CLOUD N_("The tenant “%s” gives no tokens for this cloud's resource manager; check “cloud” " \
                       "and “url”")

static const Login logins[] = {
  { 7000215, NULL, CH_ERROR_CREDENTIALS,
    N_("The tenant “%s” does not accept the client secret; check “client-secret”, which is the secret's value "
       "and not its id") },
  { 7000222, NULL, CH_ERROR_CREDENTIALS,
    N_("The client secret has expired in the tenant “%s”; make a new one there and set “client-secret”") },
  { 700016, NULL, CH_ERROR_CREDENTIALS,
    N_("The tenant “%s” has no such application; check “client-id” and “tenant”") },
  { 7000112, NULL, CH_ERROR_CREDENTIALS,
    N_("The application is disabled in the tenant “%s”; enable it there") },
  { 90002, NULL, CH_ERROR_CREDENTIALS, NO_TENANT },
  { 900023, NULL, CH_ERROR_CREDENTIALS, NO_TENANT },
  { 700024, NULL, CH_ERROR_CLOCK,
    N_("The clock of this machine differs too much from the one of the tenant “%s”; set it right") },
  { 0, "invalid_scope", CH_ERROR_INVALID, WRONG_CLOUD },
  { 0, "invalid_resource", CH_ERROR_INVALID, WRONG_CLOUD },
  { 0, "invalid_tenant", CH_ERROR_CREDENTIALS, NO_TENANT },
  { 0, "temporarily_unavailable", CH_ERROR_TRANSIENT,
    N_("Microsoft's log-in for the tenant “%s” has trouble; it is tried again later") },
  { 0, NULL, CH_ERROR_CREDENTIALS,
    N_("The tenant “%s” refuses the log-in; check “tenant”, “client-id” and “client-secret”") },
};

static gboolean
has_number (JsonObject *object,
            gint64      number)
{
  JsonArray *numbers = ch_json_get_array (object, "error_codes");

  for (guint i = 0; i < ch_json_get_length (object, "error_codes"); i++)
    {
      JsonNode *node = json_array_get_element (numbers, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_int (node) == number)
        return TRUE;
    }

  return FALSE;
}

static const Login *
find_login (JsonObject *object)
{
  const char *word = ch_json_get_text (object, "error");
  const Login *login = logins;

  while ((login->number != 0 && !has_number (object, login->number))
         || (login->word != NULL && g_strcmp0 (login->word, word) != 0))
    login++;

  return login;
}

gboolean
ch_azure_fail_login (const ChAzure      *azure,
                     const ChAzureReply *reply,
                     GError            **error)
{
  const char *words = ch_json_get_text (reply->object, "error_description");

  if (ch_json_get_text (reply->object, "error") == NULL)
    return fail_stranger (azure->login_url, reply->status, error);

  const Login *login = find_login (reply->object);
  return fail (azure, login->verdict, _(login->sentence), azure->tenant, words, error);
}
