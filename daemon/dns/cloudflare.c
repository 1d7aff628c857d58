/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider.h"

#include "dns/cloudflare-verdict.h"
#include "dns/name.h"
#include "dns/txt.h"
#include "dns/web-account.h"
#include "net/pause.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

/* Cloudflare's API v4 has one object for each value, with an id: nothing is read, changed and written back,
 * and nobody's value can be lost. */

#define URL "https://api.cloudflare.com/client/v4"

#define TTL_AUTOMATIC 1
#define TTL_MIN 30      /* of an Enterprise zone; others begin at 60 */
#define TTL_MAX 86400

/* an account or a name that has more than this is not what we think it is */
#define PAGES_MAX 100
#define ZONES_NAMED 5

/* What others remove between two pages moves a record to the page before, where it was not yet: so all
 * records of a name are asked for at once, in what is far from the largest page allowed (5,000,000) and
 * never needed. */
#define ZONES_PER_PAGE 50
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
  if (strlen (value) != 32 || value[strspn (value, "0123456789abcdef")] != '\0')
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

static const ChField fields[] = {
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
  CH_WEB_ACCOUNT_FIELDS (URL),
  { NULL },
};

static gboolean
prepare (GHashTable *settings,
         GHashTable *secrets,
         GError    **error)
{
  gboolean has_email = ch_fields_get (fields, settings, "email") != NULL;

  if (ch_fields_get (fields, settings, "zone-id") != NULL && ch_fields_get (fields, settings, "zone") == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("With “zone-id”, give the name of that zone as “zone”"));
  if (secrets == NULL)
    return TRUE;

  gboolean has_token = ch_fields_get (fields, secrets, "api-token") != NULL;
  gboolean has_key = ch_fields_get (fields, secrets, "api-key") != NULL;
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

/* ---- asking ---- */

/** Cloudflare: an account, ready to be asked. */
typedef struct
{
  ChWebAccount web;
  GHashTable *settings;     /* (not owned) */
  char *bearer;             /* (nullable): secret */
  const char *headers[5];
} Cloudflare;

static void
cloudflare_clear (Cloudflare *self)
{
  ch_web_account_clear (&self->web);
  ch_secret_free (self->bearer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cloudflare, cloudflare_clear)

static gboolean
cloudflare_open (Cloudflare        *self,
                 const ChDnsAccess *access,
                 GCancellable      *cancellable,
                 GError           **error)
{
  const char *token = ch_fields_get (fields, access->secrets, "api-token");
  const char *key = ch_fields_get (fields, access->secrets, "api-key");
  const char *email = ch_fields_get (fields, access->settings, "email");

  if (token == NULL && (key == NULL || email == NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("The DNS account lacks an API token"));

  /* Cloudflare counts by user, over dashboard, key and tokens together; of a token we do not know the user */
  ch_web_account_open (&self->web, "Cloudflare", fields, access, URL,
                       token != NULL ? token : email, cancellable);
  self->settings = access->settings;
  if (token != NULL)
    {
      self->bearer = g_strconcat ("Bearer ", token, NULL);
      self->headers[0] = "Authorization";
      self->headers[1] = self->bearer;
    }
  else
    {
      self->headers[0] = "X-Auth-Email";
      self->headers[1] = email;
      self->headers[2] = "X-Auth-Key";
      self->headers[3] = key;
    }
  self->web.service.headers = self->headers;
  return TRUE;
}

/* “Ratelimit: "default";r=0;t=30”: no call is left for 30 seconds. Going on would be punished by five
 * minutes. */
static void
heed_limit (Cloudflare        *self,
            const ChHttpReply *reply)
{
  const char *text = g_hash_table_lookup (reply->headers, "ratelimit");
  const char *left = text != NULL ? strstr (text, ";r=") : NULL;
  const char *wait = text != NULL ? strstr (text, ";t=") : NULL;

  if (left != NULL && wait != NULL && g_ascii_strtoull (left + 3, NULL, 10) == 0 && g_ascii_isdigit (left[3]))
    ch_pause_begin (self->web.caller, g_get_monotonic_time (),
                    MIN (g_ascii_strtoull (wait + 3, NULL, 10), G_MAXINT));
}

/* Returns: (transfer full) (nullable): the envelope of a success */
static JsonNode *
ask (Cloudflare          *self,
     const char          *method,
     const char          *path,
     GBytes              *body,
     ChCloudflareSpecial *special,
     GError             **error)
{
  ChHttpRequest request = {
    .method = method,
    .path = path,
    .content_type = body != NULL ? "application/json" : NULL,
    .body = body,
  };

  *special = CH_CLOUDFLARE_NOTHING;
  g_autoptr(ChHttpReply) reply = ch_service_ask (&self->web.service, &request, error);
  if (reply == NULL)
    return NULL;

  heed_limit (self, reply);
  g_autoptr(JsonNode) envelope = ch_service_parse_json (&self->web.service, reply, error);
  if (envelope == NULL
      || !ch_cloudflare_judge (reply->status, ch_json_root_object (envelope), special, error))
    return NULL;

  return g_steal_pointer (&envelope);
}

/* Every page of a list. Returns: (transfer full) (element-type JsonObject) (nullable): what is in it */
static GPtrArray *
list (Cloudflare *self,
      const char *path,
      guint       per_page,
      GError    **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  for (gint64 page = 1, pages = 1; page <= MIN (pages, PAGES_MAX); page++)
    {
      g_autofree char *text = g_strdup_printf ("%s%sper_page=%u&page=%d", path,
                                               strchr (path, '?') != NULL ? "&" : "?", per_page, (int) page);
      ChCloudflareSpecial special;
      g_autoptr(JsonNode) envelope = ask (self, "GET", text, NULL, &special, error);
      JsonObject *object = ch_json_root_object (envelope);

      if (envelope == NULL)
        return NULL;

      for (guint i = 0; i < ch_json_get_length (object, "result"); i++)
        if (ch_json_get_element (object, "result", i) != NULL)
          g_ptr_array_add (all, json_object_ref (ch_json_get_element (object, "result", i)));

      pages = ch_json_get_number (ch_json_get_object (object, "result_info"), "total_pages", 1);
    }

  return g_steal_pointer (&all);
}

/* ---- zones ---- */

/* Only an active zone of type "full" is answered for by Cloudflare's name servers from these records: what
 * is written into another one is not seen. */
static gboolean
is_served (JsonObject *zone)
{
  return g_strcmp0 (ch_json_get_text (zone, "status"), "active") == 0
         && g_strcmp0 (ch_json_get_text (zone, "type"), "full") == 0;
}

static gboolean
is_usable_id (const char *id)
{
  return id != NULL && check_zone_id (id, NULL);
}

/* Looks for a zone of just this name. FALSE with @error unset: there is none that helps.
 * @unserved: (inout): the first that is there and does not help */
static gboolean
find_zone_named (Cloudflare  *self,
                 const char  *name,
                 char       **id,
                 JsonObject **unserved,
                 GError     **error)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);
  g_autofree char *path = g_strconcat ("/zones?name=", tidy, NULL);
  g_autoptr(GPtrArray) zones = list (self, path, ZONES_PER_PAGE, error);

  for (guint i = 0; zones != NULL && i < zones->len; i++)
    {
      JsonObject *zone = zones->pdata[i];

      if (g_strcmp0 (ch_json_get_text (zone, "name"), tidy) != 0
          || !is_usable_id (ch_json_get_text (zone, "id")))
        continue;
      if (is_served (zone))
        {
          *id = g_strdup (ch_json_get_text (zone, "id"));
          return TRUE;
        }
      if (*unserved == NULL)
        *unserved = json_object_ref (zone);
    }

  return FALSE;
}

static gboolean
fail_unserved (JsonObject *zone,
               GError    **error)
{
  g_autofree char *name = ch_service_words (ch_json_get_text (zone, "name"));
  g_autofree char *status = ch_service_words (ch_json_get_text (zone, "status"));
  g_autofree char *type = ch_service_words (ch_json_get_text (zone, "type"));

  if (!g_str_equal (status, "active"))
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The zone “%s” is at Cloudflare, but not in force (%s): nobody would see a "
                           "record there. Delegate it to Cloudflare's name servers, or use an account where "
                           "it is"), name, status);

  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("The zone “%s” is at Cloudflare as “%s” only: other name servers answer for it. "
                         "Use an account for those"), name, type);
}

static char *
names_of (GPtrArray *zones)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < zones->len && i < ZONES_NAMED; i++)
    {
      g_autofree char *name = ch_service_words (ch_json_get_text (zones->pdata[i], "name"));
      g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "", name);
    }
  if (zones->len > ZONES_NAMED)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

static gboolean
fail_no_zone (Cloudflare *self,
              const char *name,
              GError    **error)
{
  g_autoptr(GPtrArray) zones = list (self, "/zones", ZONES_PER_PAGE, error);

  if (zones == NULL)
    return FALSE;
  if (zones->len == 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("Cloudflare shows no zone at all to these credentials, so none for “%s”; give "
                           "the API token Zone: Zone: Read, or give “zone” and “zone-id”"), name);

  g_autofree char *seen = names_of (zones);
  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("Cloudflare has no zone for “%s” with these credentials; it shows %s"), name, seen);
}

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

/* The longest zone that holds @name; never a top-level domain. */
static char *
search_zone (Cloudflare *self,
             const char *name,
             GError    **error)
{
  g_autoptr(JsonObject) unserved = NULL;

  for (const char *at = name; at != NULL && strchr (at, '.') != NULL; at = ch_dns_name_parent (at))
    {
      g_autofree char *id = NULL;
      g_autoptr(GError) failure = NULL;

      if (find_zone_named (self, at, &id, &unserved, &failure))
        return ch_dns_name_tidy (at);

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }

  if (unserved != NULL)
    fail_unserved (unserved, error);
  else
    fail_no_zone (self, name, error);
  return NULL;
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  const char *pinned = ch_fields_get (fields, access->settings, "zone");
  g_auto(Cloudflare) self = { 0 };

  if (!ch_dns_check_name (name, error))
    return NULL;
  if (pinned != NULL)
    return pinned_zone (pinned, name, error);

  return cloudflare_open (&self, access, cancellable, error) ? search_zone (&self, name, error) : NULL;
}

/* Returns: (transfer full) (nullable): the id of the zone to work on */
static char *
zone_id (Cloudflare *self,
         const char *zone,
         GError    **error)
{
  const char *pinned = ch_fields_get (fields, self->settings, "zone-id");
  g_autoptr(JsonObject) unserved = NULL;
  g_autoptr(GError) failure = NULL;
  char *id = NULL;

  if (pinned != NULL)
    return g_strdup (pinned);
  if (find_zone_named (self, zone, &id, &unserved, &failure))
    return id;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (unserved != NULL)
    fail_unserved (unserved, error);
  else
    fail_no_zone (self, zone, error);
  return NULL;
}

/* ---- records ---- */

/* All TXT records at the name. Contents are compared here, because they are stored with quotes or without. */
static GPtrArray *
list_records (Cloudflare  *self,
              const char  *id,
              const ChTxt *txt,
              GError     **error)
{
  g_autofree char *name = ch_dns_name_tidy (txt->name);
  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records?type=TXT&name.exact=%s", id, name);

  return list (self, path, RECORDS_PER_PAGE, error);
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
look_again (Cloudflare  *self,
            const char  *id,
            const ChTxt *txt)
{
  g_autoptr(GPtrArray) records = list_records (self, id, txt, NULL);

  return records != NULL ? find_record (records, txt) != NULL : -1;
}

static gboolean
settle_doubt (Cloudflare  *self,
              const char  *id,
              const ChTxt *txt,
              gboolean     wanted,
              GError      *doubt,
              GError     **error)
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
record_body (Cloudflare  *self,
             const ChTxt *txt,
             gint64       ttl)
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
create (Cloudflare  *self,
        const char  *id,
        const ChTxt *txt,
        gint64       ttl,
        gboolean    *existed,
        GError     **error)
{
  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records", id);
  g_autoptr(GBytes) body = record_body (self, txt, ttl);
  g_autoptr(GError) failure = NULL;
  ChCloudflareSpecial special;
  g_autoptr(JsonNode) envelope = ask (self, "POST", path, body, &special, &failure);

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
  g_auto(Cloudflare) self = { 0 };

  *existed = FALSE;
  if (!ch_dns_check_txt (txt, zone, error) || !cloudflare_open (&self, access, cancellable, error))
    return FALSE;

  g_autofree char *id = zone_id (&self, zone, error);
  g_autoptr(GPtrArray) records = id != NULL ? list_records (&self, id, txt, error) : NULL;
  if (records == NULL)
    return FALSE;

  *existed = find_record (records, txt) != NULL;
  if (*existed)
    return TRUE;

  /* in DNS a TTL belongs to the whole set */
  gint64 ttl = g_ascii_strtoll (ch_fields_get (fields, access->settings, "ttl"), NULL, 10);
  if (records->len > 0)
    ttl = CLAMP (ch_json_get_number (records->pdata[0], "ttl", ttl), TTL_AUTOMATIC, TTL_MAX);

  return create (&self, id, txt, ttl, existed, error);
}

static gboolean
delete (Cloudflare  *self,
        const char  *id,
        JsonObject  *record,
        const ChTxt *txt,
        GError     **error)
{
  const char *record_id = ch_json_get_text (record, "id");
  g_autoptr(GError) failure = NULL;
  ChCloudflareSpecial special;

  if (!is_usable_id (record_id))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Cloudflare shows the value at “%s”, but no id to "
                                                       "remove it by"),
                         txt->name);

  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records/%s", id, record_id);
  g_autoptr(JsonNode) envelope = ask (self, "DELETE", path, NULL, &special, &failure);
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
  g_auto(Cloudflare) self = { 0 };

  if (!ch_dns_check_txt (txt, zone, error) || !cloudflare_open (&self, access, cancellable, error))
    return FALSE;

  g_autofree char *id = zone_id (&self, zone, error);
  g_autoptr(GPtrArray) records = id != NULL ? list_records (&self, id, txt, error) : NULL;
  if (records == NULL)
    return FALSE;

  /* a value may stand there twice: with quotes and without */
  for (guint i = 0; i < records->len; i++)
    if (is_it (records->pdata[i], txt) && !delete (&self, id, records->pdata[i], txt, error))
      return FALSE;

  return TRUE;
}

const ChDnsProvider ch_dns_cloudflare = {
  .kind = "cloudflare",
  .title = N_("Cloudflare"),
  .permissions = N_("An API token (My Profile, API Tokens, Create Custom Token) with the permissions Zone: "
                    "DNS: Edit and Zone: Zone: Read, and as zone resources only the zones to be changed. "
                    "Without Zone: Zone: Read, give “zone” and “zone-id”."),
  .fields = fields,
  .prepare = prepare,
  .find_zone = find_zone,
  .add = add,
  .remove = remove_txt,
};
