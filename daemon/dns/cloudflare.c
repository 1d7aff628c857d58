/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudflare-private.h"

#include "dns/name.h"
#include "dns/txt.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Cloudflare's API v4 has one object for each value, with an id: nothing is read, changed and written back,
 * and nobody's value can be lost. */

#define TTL_AUTOMATIC 1
#define TTL_MIN 30      /* of an Enterprise zone; others begin at 60 */
#define TTL_MAX 86400

/* What others remove between two pages moves a record to the page before, where it was not yet: so all
 * records of a name are asked for at once, in what is far from the largest page allowed (5,000,000) and
 * never needed. */
#define RECORDS_PER_PAGE 5000

static gboolean
check_ttl (const char *value,
           GError    **error)
{
  return ch_field_check_range (value, TTL_AUTOMATIC, TTL_AUTOMATIC, NULL)
         || ch_field_check_range (value, TTL_MIN, TTL_MAX, error);
}

static gboolean
check_zone_id (const char *value,
               GError    **error)
{
  if (!ch_cloudflare_is_id (value))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not a zone id: it has 32 hexadecimal digits in lower case"), value);

  return TRUE;
}

static gboolean
check_credential (const char *value,
                  GError    **error)
{
  if (!ch_web_account_is_header (value))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("This has a blank, a line end or another character that no token or key at "
                           "Cloudflare has"));

  return TRUE;
}

static gboolean
check_email (const char *value,
             GError    **error)
{
  if (!ch_web_account_is_header (value) || strchr (value, '@') == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an e-mail address"), value);

  return TRUE;
}

const ChField ch_cloudflare_fields[] = {
  { "api-token", N_("API token"),
    N_("Made at Cloudflare under My Profile, API Tokens, with Zone: DNS: Edit and Zone: Zone: Read for the "
       "zones"),
    CH_FIELD_SECRET, NULL, NULL, check_credential },
  { "email", N_("E-mail"), N_("With a global API key in place of a token: the address to log in at "
                              "Cloudflare"),
    CH_FIELD_ADVANCED, NULL, NULL, check_email },
  { "api-key", N_("Global API key"), N_("May do all that the user may; a token is better"),
    CH_FIELD_SECRET | CH_FIELD_ADVANCED, NULL, NULL, check_credential },
  { "zone", N_("Zone"), N_("The only zone to change; found by the name when not given"),
    CH_FIELD_ADVANCED, NULL, NULL, ch_dns_check_name },
  { "zone-id", N_("Zone id"),
    N_("Of that zone, from its overview page; for a token that may not list zones, or when there are two of "
       "one name"),
    CH_FIELD_ADVANCED, NULL, NULL, check_zone_id },
  { "ttl", N_("TTL"),
    N_("Seconds that a new record may be cached, 1 for automatic; where others stand at the name, theirs is "
       "kept"),
    CH_FIELD_ADVANCED, "60", NULL, check_ttl },
  CH_WEB_ACCOUNT_FIELDS (CH_CLOUDFLARE_URL),
  { NULL },
};

static gboolean
prepare (GHashTable *settings,
         GHashTable *secrets,
         GError    **error)
{
  gboolean has_email = ch_fields_get (ch_cloudflare_fields, settings, "email") != NULL;

  if (ch_fields_get (ch_cloudflare_fields, settings, "zone-id") != NULL
      && ch_fields_get (ch_cloudflare_fields, settings, "zone") == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("With “zone-id”, give the name of that zone as “zone”"));
  if (secrets == NULL)
    return TRUE;

  gboolean has_token = ch_fields_get (ch_cloudflare_fields, secrets, "api-token") != NULL;
  gboolean has_key = ch_fields_get (ch_cloudflare_fields, secrets, "api-key") != NULL;
  if (has_token && (has_key || has_email))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Give either “api-token”, or “email” with “api-key”: Cloudflare takes only one "
                           "of them"));
  if (!has_token && !has_key)
    return ch_error_set (error, CH_ERROR_INVALID, _("Credentials are missing: give “api-token”"));
  if (has_key != has_email && !has_token)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A global API key needs the user's address: give “email” with “api-key”"));

  return TRUE;
}

/* ---- records ---- */

/* All TXT records at the name. Contents are compared here, because they are stored with quotes or without. */
static GPtrArray *
list_records (ChCloudflare *self,
              const char   *id,
              const ChTxt  *txt,
              GError      **error)
{
  g_autofree char *name = ch_dns_name_tidy (txt->name);
  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records?type=TXT&name.exact=%s", id, name);

  return ch_cloudflare_list (self, path, RECORDS_PER_PAGE, error);
}

static gboolean
is_it (JsonObject  *record,
       const ChTxt *txt)
{
  const char *type = ch_json_get_text (record, "type"), *name = ch_json_get_text (record, "name");
  const char *content = ch_json_get_text (record, "content");

  if (g_strcmp0 (type, "TXT") != 0 || name == NULL || content == NULL)
    return FALSE;

  g_autofree char *wanted = ch_dns_name_tidy (txt->name), *given = ch_dns_name_tidy (name);
  g_autofree char *value = ch_dns_unquote_txt (content);
  return g_str_equal (wanted, given) && g_str_equal (value, txt->value);
}

static JsonObject *
find_record (GPtrArray   *records,
             const ChTxt *txt)
{
  for (guint i = 0; i < records->len; i++)
    if (is_it (records->pdata[i], txt))
      return records->pdata[i];

  return NULL;
}

/* After a change whose end is in doubt: whether the value stands there now. -1 when that cannot be told
 * either. */
static int
look_again (ChCloudflare *self,
            const char   *id,
            const ChTxt  *txt)
{
  g_autoptr(GPtrArray) records = list_records (self, id, txt, NULL);

  return records != NULL ? find_record (records, txt) != NULL : -1;
}

static gboolean
settle_doubt (ChCloudflare *self,
              const char   *id,
              const ChTxt  *txt,
              gboolean      wanted,
              GError       *doubt,
              GError      **error)
{
  g_autoptr(GError) owned = doubt;

  if (ch_service_is_doubtful (doubt))
    {
      int is_there = look_again (self, id, txt);

      if (is_there == wanted)
        return TRUE;
      owned->code = is_there < 0 ? CH_ERROR_UNKNOWN_OUTCOME : CH_ERROR_TRANSIENT;
    }

  g_propagate_error (error, g_steal_pointer (&owned));
  return FALSE;
}

static GBytes *
record_body (ChCloudflare *self,
             const ChTxt  *txt,
             gint64        ttl)
{
  JsonObject *body = json_object_new ();
  g_autofree char *name = ch_dns_name_tidy (txt->name);
  g_autofree char *content = ch_dns_quote_txt (txt->value);

  json_object_set_string_member (body, "type", "TXT");
  json_object_set_string_member (body, "name", name);
  json_object_set_string_member (body, "content", content);
  json_object_set_int_member (body, "ttl", ttl);
  json_object_set_string_member (body, "comment", "Chancery");
  return ch_json_to_bytes (body);
}

static gboolean
create (ChCloudflare *self,
        const char   *id,
        const ChTxt  *txt,
        gint64        ttl,
        gboolean     *existed,
        GError      **error)
{
  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records", id);
  g_autoptr(GBytes) body = record_body (self, txt, ttl);
  g_autoptr(GError) failure = NULL;
  ChCloudflareSpecial special;
  g_autoptr(JsonNode) envelope = ch_cloudflare_ask (self, "POST", path, body, &special, &failure);

  if (envelope != NULL)
    return TRUE;

  /* somebody else was faster */
  if (special == CH_CLOUDFLARE_THERE)
    {
      *existed = TRUE;
      return TRUE;
    }

  return settle_doubt (self, id, txt, TRUE, g_steal_pointer (&failure), error);
}

static gboolean
add (const ChDnsAccess *access,
     const char        *zone,
     const ChTxt       *txt,
     gboolean          *existed,
     GCancellable      *cancellable,
     GError           **error)
{
  g_auto(ChCloudflare) self = { 0 };

  *existed = FALSE;
  if (!ch_dns_check_txt (txt, zone, error) || !ch_cloudflare_open (&self, access, cancellable, error))
    return FALSE;

  g_autofree char *id = ch_cloudflare_zone_id (&self, zone, error);
  g_autoptr(GPtrArray) records = id != NULL ? list_records (&self, id, txt, error) : NULL;
  if (records == NULL)
    return FALSE;

  *existed = find_record (records, txt) != NULL;
  if (*existed)
    return TRUE;

  /* in DNS a TTL belongs to the whole set */
  gint64 ttl = g_ascii_strtoll (ch_fields_get (ch_cloudflare_fields, access->settings, "ttl"), NULL, 10);
  if (records->len > 0)
    ttl = CLAMP (ch_json_get_number (records->pdata[0], "ttl", ttl), TTL_AUTOMATIC, TTL_MAX);

  return create (&self, id, txt, ttl, existed, error);
}

static gboolean
delete (ChCloudflare *self,
        const char   *id,
        JsonObject   *record,
        const ChTxt  *txt,
        GError      **error)
{
  const char *record_id = ch_json_get_text (record, "id");
  g_autoptr(GError) failure = NULL;
  ChCloudflareSpecial special;

  if (!ch_cloudflare_is_id (record_id))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Cloudflare shows the value at “%s”, but no id to "
                                                       "remove it by"),
                         txt->name);

  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records/%s", id, record_id);
  g_autoptr(JsonNode) envelope = ch_cloudflare_ask (self, "DELETE", path, NULL, &special, &failure);
  if (envelope != NULL || special == CH_CLOUDFLARE_GONE)
    return TRUE;

  return settle_doubt (self, id, txt, FALSE, g_steal_pointer (&failure), error);
}

static gboolean
remove_txt (const ChDnsAccess *access,
            const char        *zone,
            const ChTxt       *txt,
            GCancellable      *cancellable,
            GError           **error)
{
  g_auto(ChCloudflare) self = { 0 };

  if (!ch_dns_check_txt (txt, zone, error) || !ch_cloudflare_open (&self, access, cancellable, error))
    return FALSE;

  g_autofree char *id = ch_cloudflare_zone_id (&self, zone, error);
  g_autoptr(GPtrArray) records = id != NULL ? list_records (&self, id, txt, error) : NULL;
  if (records == NULL)
    return FALSE;

  /* a value may stand there twice: with quotes and without */
  for (guint i = 0; i < records->len; i++)
    if (is_it (records->pdata[i], txt) && !delete (&self, id, records->pdata[i], txt, error))
      return FALSE;

  return TRUE;
}

/* ---- zones ---- */

static char *
pinned_zone (const char *zone,
             const char *name,
             GError    **error)
{
  if (ch_dns_name_is_inside (name, zone))
    return ch_dns_name_tidy (zone);

  ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                _("“%s” is not inside the zone “%s” of this DNS account; use an account for its zone, or "
                  "clear “zone”"),
                name, zone);
  return NULL;
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  const char *pinned = ch_fields_get (ch_cloudflare_fields, access->settings, "zone");
  g_auto(ChCloudflare) self = { 0 };

  if (!ch_dns_check_name (name, error))
    return NULL;
  if (pinned != NULL)
    return pinned_zone (pinned, name, error);

  return ch_cloudflare_open (&self, access, cancellable, error) ? ch_cloudflare_find_zone (&self, name, error)
                                                                : NULL;
}

static gboolean
verify (const ChDnsAccess *access,
        GPtrArray         *zones,
        GCancellable      *cancellable,
        GError           **error)
{
  g_auto(ChCloudflare) self = { 0 };

  return ch_cloudflare_open (&self, access, cancellable, error) && ch_cloudflare_verify (&self, zones, error);
}

const ChDnsProvider ch_dns_cloudflare = {
  .kind = "cloudflare",
  .title = N_("Cloudflare"),
  .permissions = N_("An API token (My Profile, API Tokens, Create Custom Token) with the permissions Zone: "
                    "DNS: Edit and Zone: Zone: Read, and as zone resources only the zones to be changed. "
                    "Without Zone: Zone: Read, give “zone” and “zone-id”."),
  .fields = ch_cloudflare_fields,
  .prepare = prepare,
  .verify = verify,
  .find_zone = find_zone,
  .add = add,
  .remove = remove_txt,
};
