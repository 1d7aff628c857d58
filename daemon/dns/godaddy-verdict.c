/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/godaddy-verdict.h"

#include "lib/error.h"

#include <glib/gi18n.h>

#define CREDENTIALS_UNKNOWN N_("GoDaddy does not know these credentials; check “key” and “secret”, and " \
                               "“environment”: a key for production is unknown in the test environment, and " \
                               "the other way round")
#define CREDENTIALS_NONE N_("GoDaddy cannot read the credentials; check “key” and “secret”")
#define NO_DOMAIN N_("GoDaddy has no such domain in the account of this key; check that “key” is of the " \
                     "account that the domain is in")

/* From recorded answers, the description of the interface, and reports of users. */
static const struct
{
  const char *code;
  ChError error;
  ChGodaddySpecial special;
  const char *message;
} rows[] = {
  { "UNABLE_TO_AUTHENTICATE", CH_ERROR_CREDENTIALS, CH_GODADDY_NOTHING, CREDENTIALS_UNKNOWN },
  { "MISSING_CREDENTIALS", CH_ERROR_CREDENTIALS, CH_GODADDY_NOTHING, CREDENTIALS_NONE },
  { "MALFORMED_CREDENTIALS", CH_ERROR_CREDENTIALS, CH_GODADDY_NOTHING, CREDENTIALS_NONE },
  /* since the spring of 2024; a missing right cannot be told from it */
  { "ACCESS_DENIED", CH_ERROR_FORBIDDEN, CH_GODADDY_NOTHING,
    N_("GoDaddy knows the key and does not let it change DNS: its interface serves only accounts with ten or "
       "more domains, or with the Discount Domain Club Premier plan. Use a key of such an account, or let "
       "the name lead by a CNAME to a zone at another DNS service") },
  { "DUPLICATE_RECORD", CH_ERROR_CONFLICT, CH_GODADDY_THERE,
    N_("Another record at this name keeps a TXT record out, most likely a CNAME; remove it, or let the CNAME "
       "lead to a name that another DNS account can write") },
  { "UNKNOWN_DOMAIN", CH_ERROR_ZONE_NOT_FOUND, CH_GODADDY_GONE, NO_DOMAIN },
  { "NOT_FOUND", CH_ERROR_ZONE_NOT_FOUND, CH_GODADDY_GONE, NO_DOMAIN },
};

static gboolean
has_code (JsonObject *body,
          const char *code)
{
  if (g_strcmp0 (ch_json_get_text (body, "code"), code) == 0)
    return TRUE;

  for (guint i = 0; i < ch_json_get_length (body, "fields"); i++)
    if (g_strcmp0 (ch_json_get_text (ch_json_get_element (body, "fields", i), "code"), code) == 0)
      return TRUE;

  return FALSE;
}

/* What it says of the first field says more than “Request body doesn't fulfill schema”. */
static char *
last_words (JsonObject *body)
{
  JsonObject *field = ch_json_get_element (body, "fields", 0);
  const char *message = ch_json_get_text (field, "message");
  g_autofree char *path = ch_service_words (ch_json_get_text (field, "path"));
  g_autofree char *words = ch_service_words (message != NULL ? message : ch_json_get_text (body, "message"));
  g_autofree char *code = ch_service_words (ch_json_get_text (body, "code"));

  return g_strdup_printf ("%s%s%s (%s)", path, *path != '\0' ? " " : "", words, code);
}

static gboolean
judge_by_status (guint              status,
                 JsonObject        *body,
                 ChGodaddySpecial  *special,
                 GError           **error)
{
  g_autofree char *words = last_words (body);

  if (status == 401)
    return ch_error_set (error, CH_ERROR_CREDENTIALS, "%s", _(CREDENTIALS_UNKNOWN));
  if (status == 403)
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("GoDaddy refuses this: %s; check what the account of this key may do"), words);
  if (ch_json_get_text (body, "code") == NULL)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("What answers is not GoDaddy's interface (HTTP %u); check “url” and the proxy"),
                         status);
  if (status == 404)
    {
      *special = CH_GODADDY_GONE;
      return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND, "%s", _(NO_DOMAIN));
    }
  if (status == 409)
    {
      *special = CH_GODADDY_THERE;
      return ch_error_set (error, CH_ERROR_CONFLICT, _("GoDaddy sees a conflict with another record: %s"),
                           words);
    }

  return ch_error_set (error, CH_ERROR_INVALID, _("GoDaddy refuses the request: %s"), words);
}

gboolean
ch_godaddy_judge (guint              status,
                  JsonObject        *body,
                  ChGodaddySpecial  *special,
                  GError           **error)
{
  *special = CH_GODADDY_NOTHING;
  if (status < 300)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (has_code (body, rows[i].code))
      {
        *special = rows[i].special;
        return ch_error_set (error, rows[i].error, "%s", _(rows[i].message));
      }

  return judge_by_status (status, body, special, error);
}

gint64
ch_godaddy_wait (const ChHttpReply *reply)
{
  g_autoptr(JsonNode) body = ch_json_parse (reply->body, NULL);

  return ch_json_get_number (ch_json_root_object (body), "retryAfterSec", -1);
}
