/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider.h"

#include "dns/godaddy-verdict.h"
#include "dns/name.h"
#include "dns/turn.h"
#include "dns/txt.h"
#include "dns/web-account.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

/* GoDaddy's Domains API v1. A value can be added alone (PATCH), but not taken away alone: then what is left of
 * the name's TXT records is written back (PUT). There are no ids, no entity tags and no conditions, so two
 * who write back at once undo each other: workers of ours take turns, and every change is looked after, and
 * made again where somebody else has undone it. */

#define PRODUCTION_URL "https://api.godaddy.com"
#define TEST_URL "https://api.ote-godaddy.com"

#define TTL_MIN 600             /* a shorter one is refused */
#define TTL_MAX 604800
#define RECORDS_MAX 500         /* of one page; what follows would be lost when the set is written back */
#define ZONES_NAMED 5
#define ZONES_SHOWN 100
#define TRIES 8                 /* when others undo it */
#define PAUSE_MS 100            /* doubled with each try, three times */

static gboolean
check_ttl (const char *value,
           GError    **error)
{
  return ch_field_check_range (value, TTL_MIN, TTL_MAX, error);
}

/* Key and secret stand in one header, parted by a colon. */
static gboolean
check_credential (const char *value,
                  GError    **error)
{
  if (!ch_web_account_is_header (value) || strchr (value, ':') != NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("This has a blank, a colon or another character that no key or secret at GoDaddy "
                           "has"));

  return TRUE;
}

static gboolean
check_shopper (const char *value,
               GError    **error)
{
  if (!ch_web_account_is_header (value))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a customer number"), value);

  return TRUE;
}

static const ChField fields[] = {
  { "key", N_("Key"), N_("Of an API key made at developer.godaddy.com/keys"),
    CH_FIELD_REQUIRED, NULL, NULL, check_credential },
  { "secret", N_("Secret"), N_("Of the same API key; shown only once"),
    CH_FIELD_REQUIRED | CH_FIELD_SECRET, NULL, NULL, check_credential },
  { "environment", N_("Environment"), N_("What the key was made for: production, or test (OTE)"),
    CH_FIELD_WHERE, "production", "production|test", NULL },
  { "shopper-id", N_("Customer number"),
    N_("For resellers: whose domains to change, when they were bought outside of the reseller account"),
    CH_FIELD_ADVANCED, NULL, NULL, check_shopper },
  { "ttl", N_("TTL"),
    N_("Seconds that a new record may be cached, at least 600; where others stand at the name, theirs is "
       "kept"),
    CH_FIELD_ADVANCED, "600", NULL, check_ttl },
  { "url", N_("URL"), N_("Where its interface is, instead of the environment's own address"),
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_url },
  CH_WEB_ACCOUNT_WAY_FIELDS,
  { NULL },
};

/* ---- asking ---- */

/** Godaddy: an account, ready to be asked. */
typedef struct
{
  ChWebAccount web;
  gint64 ttl;
  char *authorization;      /* secret */
  const char *headers[7];
} Godaddy;

static void
godaddy_clear (Godaddy *self)
{
  ch_web_account_clear (&self->web);
  ch_secret_free (self->authorization);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Godaddy, godaddy_clear)

static gboolean
godaddy_open (Godaddy           *self,
              const ChDnsAccess *access,
              GCancellable      *cancellable,
              GError           **error)
{
  const char *key = ch_fields_get (fields, access->settings, "key");
  const char *secret = ch_fields_get (fields, access->secrets, "secret");
  const char *shopper = ch_fields_get (fields, access->settings, "shopper-id");
  gboolean is_test = g_str_equal (ch_fields_get (fields, access->settings, "environment"), "test");

  if (key == NULL || secret == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("The DNS account lacks “key” or “secret”"));

  ch_web_account_open (&self->web, "GoDaddy", fields, access, is_test ? TEST_URL : PRODUCTION_URL, key,
                       cancellable);
  self->web.service.wait = ch_godaddy_wait;
  self->ttl = g_ascii_strtoll (ch_fields_get (fields, access->settings, "ttl"), NULL, 10);
  self->authorization = g_strconcat ("sso-key ", key, ":", secret, NULL);
  self->headers[0] = "Authorization";
  self->headers[1] = self->authorization;
  self->headers[2] = "Accept";
  self->headers[3] = "application/json";
  if (shopper != NULL)
    {
      self->headers[4] = "X-Shopper-Id";
      self->headers[5] = shopper;
    }
  self->web.service.headers = self->headers;
  return TRUE;
}

/* Returns: (transfer full) (nullable): what a success holds. A domain's details hold its owner's address and
 * the code that moves it away: nothing of them is kept or logged. */
static JsonNode *
ask (Godaddy           *self,
     const char        *path,
     ChGodaddySpecial  *special,
     GError           **error)
{
  ChHttpRequest request = { .method = "GET", .path = path };

  *special = CH_GODADDY_NOTHING;
  g_autoptr(ChHttpReply) reply = ch_service_ask (&self->web.service, &request, error);
  g_autoptr(JsonNode) body = reply != NULL ? ch_service_parse_json (&self->web.service, reply, error) : NULL;
  if (body == NULL || !ch_godaddy_judge (reply->status, ch_json_root_object (body), special, error))
    return NULL;

  return g_steal_pointer (&body);
}

/* A success holds nothing. @body: (transfer full) (nullable) */
static gboolean
tell (Godaddy           *self,
      const char        *method,
      const char        *path,
      JsonArray         *body,
      ChGodaddySpecial  *special,
      GError           **error)
{
  g_autoptr(GBytes) bytes = body != NULL ? ch_json_array_to_bytes (body) : NULL;
  ChHttpRequest request = {
    .method = method,
    .path = path,
    .content_type = bytes != NULL ? "application/json" : NULL,
    .body = bytes,
  };

  *special = CH_GODADDY_NOTHING;
  g_autoptr(ChHttpReply) reply = ch_service_ask (&self->web.service, &request, error);
  if (reply == NULL)
    return FALSE;
  if (reply->status < 300)
    return TRUE;

  g_autoptr(JsonNode) refusal = ch_service_parse_json (&self->web.service, reply, error);
  return refusal != NULL && ch_godaddy_judge (reply->status, ch_json_root_object (refusal), special, error);
}

static gboolean
fail_nonsense (const char *name,
               GError    **error)
{
  return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                       _("GoDaddy's answer about “%s” is not understood, so that nothing is changed; check "
                         "“url” and the proxy"), name);
}

/* ---- zones ---- */

/* The name servers of a domain whose records stand here. */
static gboolean
is_own_server (const char *name)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);

  return ch_dns_name_is_inside (tidy, "domaincontrol.com");
}

/* Returns: (nullable) (transfer full): somebody else's name server that answers for the domain */
static char *
find_foreign_server (JsonObject *domain)
{
  JsonArray *servers = ch_json_get_array (domain, "nameServers");
  const char *foreign = NULL;

  for (guint i = 0; servers != NULL && i < json_array_get_length (servers); i++)
    {
      JsonNode *node = json_array_get_element (servers, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (name != NULL && is_own_server (name))
        return NULL;
      if (foreign == NULL)
        foreign = name;
    }

  return foreign != NULL ? ch_service_words (foreign) : NULL;
}

static gboolean
check_served (JsonObject *domain,
              const char *name,
              GError    **error)
{
  const char *status = ch_json_get_text (domain, "status");
  g_autofree char *server = find_foreign_server (domain);

  if (status == NULL)
    return fail_nonsense (name, error);
  if (!g_str_equal (status, "ACTIVE"))
    {
      g_autofree char *words = ch_service_words (status);

      return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                           _("The domain “%s” is at GoDaddy, but not in force (%s): nobody would see a "
                             "record there. Put it in order at GoDaddy, or use an account where it is"),
                           name, words);
    }
  if (server != NULL)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The domain “%s” is at GoDaddy, but “%s” answers for it: nobody would see a "
                           "record at GoDaddy. Use an account for the service that has those name servers"),
                         name, server);

  return TRUE;
}

static char *
names_of (JsonArray *domains)
{
  GString *text = g_string_new (NULL);
  guint length = json_array_get_length (domains);

  for (guint i = 0; i < MIN (length, ZONES_NAMED); i++)
    {
      JsonObject *domain = ch_json_root_object (json_array_get_element (domains, i));
      g_autofree char *name = ch_service_words (ch_json_get_text (domain, "domain"));

      g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "", name);
    }
  if (length > ZONES_NAMED)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full) (nullable): the first domains of the account, of which each has a summary */
static JsonArray *
list_domains (Godaddy  *self,
              guint     limit,
              GError  **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/domains?statuses=ACTIVE&limit=%u", limit);
  ChGodaddySpecial special;
  g_autoptr(JsonNode) body = ask (self, path, &special, error);

  if (body != NULL && JSON_NODE_HOLDS_ARRAY (body))
    return json_node_dup_array (body);

  if (body != NULL)
    ch_error_set (error, CH_ERROR_BAD_ANSWER,
                  _("GoDaddy's list of domains is not understood; check “url” and the proxy"));
  return NULL;
}

static gboolean
verify (const ChDnsAccess *access,
        GPtrArray         *zones,
        GCancellable      *cancellable,
        GError           **error)
{
  g_auto(Godaddy) self = { 0 };
  g_autoptr(JsonArray) domains = godaddy_open (&self, access, cancellable, error)
                                   ? list_domains (&self, ZONES_SHOWN, error) : NULL;

  for (guint i = 0; domains != NULL && i < json_array_get_length (domains); i++)
    {
      const char *name = ch_json_get_text (ch_json_root_object (json_array_get_element (domains, i)), "domain");

      if (name != NULL && ch_dns_check_name (name, NULL))
        g_ptr_array_add (zones, ch_dns_name_tidy (name));
    }

  return domains != NULL;
}

static gboolean
fail_no_zone (Godaddy    *self,
              const char *name,
              GError    **error)
{
  g_autoptr(JsonArray) domains = list_domains (self, ZONES_NAMED + 1, error);

  if (domains == NULL)
    return FALSE;
  if (json_array_get_length (domains) == 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The account of this key at GoDaddy has no domain at all, so none for “%s”; check "
                           "“key” and “environment”"), name);

  g_autofree char *seen = names_of (domains);
  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("GoDaddy has no domain for “%s” in the account of this key; it shows %s"), name,
                       seen);
}

/* FALSE with @error unset: there is no such domain. */
static gboolean
has_domain (Godaddy    *self,
            const char *name,
            GError    **error)
{
  g_autofree char *path = g_strconcat ("/v1/domains/", name, NULL);
  g_autoptr(GError) failure = NULL;
  ChGodaddySpecial special;
  g_autoptr(JsonNode) body = ask (self, path, &special, &failure);
  JsonObject *domain = ch_json_root_object (body);

  /* 422, too: it is not even a domain's name to them */
  if (special == CH_GODADDY_GONE || g_error_matches (failure, CH_ERROR, CH_ERROR_INVALID))
    return FALSE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_ascii_strcasecmp (name, domain != NULL && ch_json_get_text (domain, "domain") != NULL
                                  ? ch_json_get_text (domain, "domain") : "") != 0)
    return fail_nonsense (name, error);

  return check_served (domain, name, error);
}

/* A domain has no “_”, and is no top-level domain. */
static gboolean
may_be_domain (const char *name)
{
  return strchr (name, '_') == NULL && strchr (name, '.') != NULL;
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(Godaddy) self = { 0 };

  if (!ch_dns_check_name (name, error) || !godaddy_open (&self, access, cancellable, error))
    return NULL;

  g_autofree char *tidy = ch_dns_name_tidy (name);
  for (const char *at = tidy; at != NULL; at = ch_dns_name_parent (at))
    {
      g_autoptr(GError) failure = NULL;

      if (may_be_domain (at) && has_domain (&self, at, &failure))
        return g_strdup (at);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }

  fail_no_zone (&self, name, error);
  return NULL;
}

/* ---- the TXT records of a name ---- */

/** Set: as it was read. */
typedef struct
{
  GPtrArray *others;        /* (element-type JsonObject): all but the value */
  gboolean has_value;
  gint64 ttl;               /* of the first; 0 when there is none */
} Set;

static void
set_clear (Set *set)
{
  g_clear_pointer (&set->others, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

/** Change: one value to be put or taken away. */
typedef struct
{
  Godaddy *self;
  const ChTxt *txt;
  gboolean adding;
  char *records;            /* path of all records of the domain */
  char *set;                /* path of the name's TXT records */
  char *name;               /* relative to the domain */
  gboolean has_written;     /* we have changed it, or may have */
} Change;

static void
change_clear (Change *change)
{
  g_free (change->records);
  g_free (change->set);
  g_free (change->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

/* What cannot be read completely must not be written back. */
static gboolean
set_add (Set          *set,
         const Change *change,
         JsonObject   *record)
{
  const char *type = ch_json_get_text (record, "type"), *name = ch_json_get_text (record, "name");
  const char *data = ch_json_get_text (record, "data");

  if (type == NULL || name == NULL || data == NULL)
    return FALSE;

  /* an empty one is left by clients that “remove” in this way */
  if (!g_str_equal (type, "TXT") || g_ascii_strcasecmp (name, change->name) != 0 || *data == '\0')
    return TRUE;

  if (set->ttl == 0)
    set->ttl = ch_json_get_number (record, "ttl", 0);
  if (g_str_equal (data, change->txt->value))
    set->has_value = TRUE;
  else
    g_ptr_array_add (set->others, json_object_ref (record));
  return TRUE;
}

static gboolean
look (Change  *change,
      Set     *set,
      GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s?limit=%d", change->set, RECORDS_MAX);
  ChGodaddySpecial special;
  g_autoptr(JsonNode) body = ask (change->self, path, &special, error);

  if (body == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (body))
    return fail_nonsense (change->txt->name, error);

  JsonArray *records = json_node_get_array (body);
  if (json_array_get_length (records) >= RECORDS_MAX)
    return ch_error_set (error, CH_ERROR_CONFLICT,
                         _("“%s” has %d or more TXT records at GoDaddy, more than can be read at once, so "
                           "that nothing is changed; remove some"), change->txt->name, RECORDS_MAX);

  set->others = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  for (guint i = 0; i < json_array_get_length (records); i++)
    if (!set_add (set, change, ch_json_root_object (json_array_get_element (records, i))))
      return fail_nonsense (change->txt->name, error);

  return TRUE;
}

static JsonObject *
record_new (const char *data,
            gint64      ttl)
{
  JsonObject *record = json_object_new ();

  json_object_set_string_member (record, "data", data);
  json_object_set_int_member (record, "ttl", CLAMP (ttl, TTL_MIN, TTL_MAX));
  return record;
}

static gboolean
add_value (Change            *change,
           const Set         *set,
           ChGodaddySpecial  *special,
           GError           **error)
{
  /* in DNS a TTL belongs to the whole set */
  JsonObject *record = record_new (change->txt->value, set->ttl > 0 ? set->ttl : change->self->ttl);
  JsonArray *body = json_array_new ();

  json_object_set_string_member (record, "type", "TXT");
  json_object_set_string_member (record, "name", change->name);
  json_array_add_object_element (body, record);
  return tell (change->self, "PATCH", change->records, body, special, error);
}

static gboolean
write_others (Change            *change,
              const Set         *set,
              ChGodaddySpecial  *special,
              GError           **error)
{
  if (set->others->len == 0)
    return tell (change->self, "DELETE", change->set, NULL, special, error);

  JsonArray *body = json_array_new ();
  for (guint i = 0; i < set->others->len; i++)
    {
      JsonObject *record = set->others->pdata[i];

      json_array_add_object_element (body, record_new (ch_json_get_text (record, "data"),
                                                       ch_json_get_number (record, "ttl", change->self->ttl)));
    }

  return tell (change->self, "PUT", change->set, body, special, error);
}

/* ---- a change ---- */

/* Returns: %FALSE when it has failed for good, with @error; otherwise it is to be looked after. @doubt: (out)
 * (nullable): what to say when the look does not show the change */
static gboolean
write_set (Change     *change,
           const Set  *set,
           GError    **doubt,
           GError    **error)
{
  g_autoptr(GError) failure = NULL;
  ChGodaddySpecial special;
  gboolean done = change->adding ? add_value (change, set, &special, &failure)
                                 : write_others (change, set, &special, &failure);

  /* there, but not shown yet */
  if (special == CH_GODADDY_THERE && change->has_written)
    done = TRUE;
  if (done || ch_service_is_doubtful (failure))
    change->has_written = TRUE;
  if (done)
    return TRUE;

  if (ch_service_is_doubtful (failure))
    failure->code = CH_ERROR_TRANSIENT;
  else if (special == CH_GODADDY_NOTHING)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  g_propagate_error (doubt, g_steal_pointer (&failure));
  return TRUE;
}

/* We have written, and cannot look. @cause: (transfer full) */
static gboolean
fail_unseen (Change  *change,
             GError  *cause,
             GError **error)
{
  g_autoptr(GError) owned = cause;

  if (!change->has_written || g_error_matches (owned, CH_ERROR, CH_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }

  return ch_error_set (error, CH_ERROR_UNKNOWN_OUTCOME,
                       _("It is not known whether GoDaddy has changed “%s”: %s"), change->txt->name,
                       owned->message);
}

/* @found: (out): nothing had to be done. */
static gboolean
apply (Change    *change,
       gboolean  *found,
       GError   **error)
{
  g_autoptr(GError) doubt = NULL;

  for (guint try = 0;; try++)
    {
      g_auto(Set) set = { 0 };
      g_autoptr(GError) unread = NULL;

      if (!look (change, &set, &unread))
        return fail_unseen (change, g_steal_pointer (&unread), error);

      *found = !change->has_written;
      if (set.has_value == change->adding)
        return TRUE;

      if (doubt != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&doubt));
          return FALSE;
        }
      if (try == TRIES)
        return ch_error_set (error, CH_ERROR_TRANSIENT,
                             _("Somebody else keeps writing to “%s” at GoDaddy and has undone our change %d "
                               "times; it is tried again later"), change->txt->name, TRIES);

      if (try > 0
          && !ch_dns_pause (PAUSE_MS << MIN (try, 3), change->self->web.service.cancellable, error))
        return FALSE;
      if (!write_set (change, &set, &doubt, error))
        return FALSE;
    }
}

static gboolean
do_change (const ChDnsAccess *access,
           const char        *given_zone,
           const ChTxt       *txt,
           gboolean           adding,
           gboolean          *found,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(Godaddy) self = { 0 };
  g_autofree char *zone = ch_dns_name_tidy (given_zone);

  *found = FALSE;
  if (!ch_dns_check_txt (txt, zone, error) || !godaddy_open (&self, access, cancellable, error))
    return FALSE;

  g_auto(Change) change = { .self = &self, .txt = txt, .adding = adding };
  change.name = ch_dns_relative_name (txt->name, zone);
  change.records = g_strdup_printf ("/v1/domains/%s/records", zone);
  change.set = g_strdup_printf ("%s/TXT/%s", change.records, change.name);

  g_autofree char *whose = g_strconcat ("godaddy ", self.web.url, change.set, NULL);
  g_autoptr(ChDnsTurn) turn = ch_dns_turn_wait (whose, cancellable, error);
  return turn != NULL && apply (&change, found, error);
}

static gboolean
add (const ChDnsAccess *access,
     const char        *zone,
     const ChTxt       *txt,
     gboolean          *existed,
     GCancellable      *cancellable,
     GError           **error)
{
  return do_change (access, zone, txt, TRUE, existed, cancellable, error);
}

static gboolean
remove_txt (const ChDnsAccess *access,
            const char        *zone,
            const ChTxt       *txt,
            GCancellable      *cancellable,
            GError           **error)
{
  gboolean was_gone;

  return do_change (access, zone, txt, FALSE, &was_gone, cancellable, error);
}

extern const ChDnsProvider ch_dns_godaddy;

const ChDnsProvider ch_dns_godaddy = {
  .kind = "godaddy",
  .title = N_("GoDaddy"),
  .permissions = N_("An API key for production (developer.godaddy.com/keys) of the account that the domain is "
                    "in. It cannot be limited to a domain or to DNS. GoDaddy serves only accounts with ten or "
                    "more domains, or with the Discount Domain Club Premier plan."),
  .fields = fields,
  .verify = verify,
  .find_zone = find_zone,
  .add = add,
  .remove = remove_txt,
};
