/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudflare-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>

/* An error may carry others in its chain, and so on; a few levels are enough. */
#define DEPTH_MAX 4

#define ZONE_UNKNOWN N_("Cloudflare knows no zone with that id in this account; check “zone-id”, or clear it so " \
                        "that the zone is found by its name")
#define NAME_TAKEN N_("Another record at this name keeps a TXT record out, most likely a CNAME; remove it, or let " \
                      "the CNAME lead to a name that another DNS account can write")

/* From recorded answers, Cloudflare's own documents, and reports of users. The first that fits counts: codes
 * that say more stand before those that say less. */
static const struct
{
  int code;
  ChError error;
  ChCloudflareSpecial special;
  const char *message;
} rows[] = {
  { 81058, CH_ERROR_EXISTS, CH_CLOUDFLARE_THERE, N_("This record is at Cloudflare already") },
  { 81057, CH_ERROR_EXISTS, CH_CLOUDFLARE_THERE, N_("This record is at Cloudflare already") },
  { 81044, CH_ERROR_NOT_FOUND, CH_CLOUDFLARE_GONE, N_("This record is not at Cloudflare") },
  { 1002, CH_ERROR_NOT_FOUND, CH_CLOUDFLARE_GONE, N_("This record is not at Cloudflare") },
  { 81053, CH_ERROR_CONFLICT, CH_CLOUDFLARE_NOTHING, NAME_TAKEN },
  { 81054, CH_ERROR_CONFLICT, CH_CLOUDFLARE_NOTHING,
    N_("A CNAME stands at this name, so no TXT record can; remove it, or let it lead to a name that another "
       "DNS account can write") },
  { 81056, CH_ERROR_CONFLICT, CH_CLOUDFLARE_NOTHING, NAME_TAKEN },
  { 6103, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare says that the global API key cannot be one; check “api-key”, and that it is no API "
       "token") },
  { 6102, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare says that the e-mail address cannot be one; check “email”") },
  { 6111, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare says that the API token cannot be one; check “api-token”, and that it is no global API "
       "key") },
  { 6003, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare cannot read the credentials; check “api-token”, or “email” and “api-key”") },
  { 9103, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare does not know this e-mail address with this global API key; check “email” and "
       "“api-key”") },
  { 9106, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare misses a part of the credentials; give “api-token”, or both “email” and “api-key”") },
  { 9107, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare misses a part of the credentials; give “api-token”, or both “email” and “api-key”") },
  { 1000, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare does not know the API token; check “api-token”, and at Cloudflare that it is active and "
       "has not expired") },
  { 9110, CH_ERROR_FORBIDDEN, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare does not take the API token from this machine's address; allow it at the token's client "
       "IP address filtering") },
  { 9109, CH_ERROR_FORBIDDEN, CH_CLOUDFLARE_NOTHING,
    N_("The API token has no right to do this at Cloudflare, or is not valid any more; give it Zone: DNS: "
       "Edit and Zone: Zone: Read for this zone") },
  { 10000, CH_ERROR_CREDENTIALS, CH_CLOUDFLARE_NOTHING,
    N_("Cloudflare does not let the API token do this: it is wrong, or lacks Zone: DNS: Edit for this zone; "
       "check “api-token” and its permissions") },
  { 7003, CH_ERROR_ZONE_NOT_FOUND, CH_CLOUDFLARE_NOTHING, ZONE_UNKNOWN },
  { 7000, CH_ERROR_ZONE_NOT_FOUND, CH_CLOUDFLARE_NOTHING, ZONE_UNKNOWN },
  { 1001, CH_ERROR_ZONE_NOT_FOUND, CH_CLOUDFLARE_NOTHING, ZONE_UNKNOWN },
  { 10001, CH_ERROR_TRANSIENT, CH_CLOUDFLARE_NOTHING, N_("Cloudflare has trouble; it is tried again later") },
};

static gboolean
has_code (JsonObject *object,
          const char *list,
          int         code,
          guint       depth)
{
  for (guint i = 0; i < ch_json_get_length (object, list); i++)
    {
      JsonObject *error = ch_json_get_element (object, list, i);

      if (ch_json_get_number (error, "code", 0) == code
          || (depth < DEPTH_MAX && has_code (error, "error_chain", code, depth + 1)))
        return TRUE;
    }

  return FALSE;
}

/* What the innermost of the first errors says: the outer one is mostly “DNS Validation Error”. */
static char *
last_words (guint       status,
            JsonObject *envelope)
{
  JsonObject *error = ch_json_get_element (envelope, "errors", 0);

  if (error == NULL)
    return g_strdup_printf ("HTTP %u", status);

  for (guint depth = 0; depth < DEPTH_MAX && ch_json_get_element (error, "error_chain", 0) != NULL; depth++)
    error = ch_json_get_element (error, "error_chain", 0);

  g_autofree char *words = ch_service_words (ch_json_get_text (error, "message"));
  return g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", words, ch_json_get_number (error, "code", 0));
}

static gboolean
judge_by_status (guint       status,
                 JsonObject *envelope,
                 GError    **error)
{
  g_autofree char *words = last_words (status, envelope);

  if (status == 401)
    return ch_error_set (error, CH_ERROR_CREDENTIALS,
                         _("Cloudflare does not take the credentials: %s; check “api-token”, or “email” and "
                           "“api-key”"),
                         words);
  if (status == 403)
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("Cloudflare refuses this: %s; check the permissions of the API token"), words);

  return ch_error_set (error, CH_ERROR_INVALID, _("Cloudflare refuses the request: %s"), words);
}

gboolean
ch_cloudflare_judge (guint                 status,
                     JsonObject           *envelope,
                     ChCloudflareSpecial  *special,
                     GError              **error)
{
  *special = CH_CLOUDFLARE_NOTHING;
  if (status < 300 && ch_json_get_flag (envelope, "success"))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (has_code (envelope, "errors", rows[i].code, 0))
      {
        *special = rows[i].special;
        return ch_error_set (error, rows[i].error, "%s", _(rows[i].message));
      }

  if (ch_json_get_length (envelope, "errors") > 0 || status == 401 || status == 403)
    return judge_by_status (status, envelope, error);

  return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                       _("What answers is not Cloudflare's interface (HTTP %u); check “url” and the "
                         "proxy"), status);
}
