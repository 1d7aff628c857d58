/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider.h"

#include "dns/common.h"
#include "dns/key-file.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/patterns.h"
#include "dns/resolver.h"
#include "dns/rfc2136-verdict.h"
#include "dns/transport.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>

/* Dynamic update (RFC 2136) signed with TSIG (RFC 8945). The server is asked before and after each change:
 * before, because a TTL belongs to the whole set and must stay; after, because BIND and Knot answer NOERROR
 * without doing anything where a CNAME stands. */

#define TTL_MAX 604800

static gboolean
check_ttl (const char *value,
           GError    **error)
{
  return ch_field_check_range (value, 0, TTL_MAX, error);
}

static gboolean
check_timeout (const char *value,
               GError    **error)
{
  return ch_field_check_range (value, 1, 60, error);
}

static const ChField fields[] = {
  { "server", N_("Server"), N_("Host name or address of the primary name server, with a port if need be"),
    CH_FIELD_REQUIRED, NULL, NULL, ch_field_check_host },
  { "port", N_("Port"), N_("Port that it takes updates on"),
    CH_FIELD_ADVANCED, "53", NULL, ch_field_check_port },
  { "zone", N_("Zone"), N_("The zone to change; found by asking the server when not given"),
    CH_FIELD_NONE, NULL, NULL, ch_dns_check_name },
  { "key-file", N_("Key file"),
    N_("Content of a BIND key file as tsig-keygen writes it; gives key name, algorithm and secret, and goes "
       "before them"),
    CH_FIELD_SECRET | CH_FIELD_MULTILINE, NULL, NULL, NULL },
  { "key-name", N_("Key name"), N_("Name of the TSIG key, exactly as at the server"),
    CH_FIELD_NONE, NULL, NULL, ch_dns_check_name },
  { "algorithm", N_("Algorithm"), N_("Algorithm of the TSIG key"),
    CH_FIELD_NONE, "hmac-sha256", "hmac-sha1|hmac-sha224|hmac-sha256|hmac-sha384|hmac-sha512", NULL },
  { "tsig-secret", N_("Secret"), N_("Secret of the TSIG key in base64"),
    CH_FIELD_SECRET, NULL, NULL, NULL },
  { "ttl", N_("TTL"),
    N_("Seconds that a new record may be cached; where others stand at the name, theirs is kept"),
    CH_FIELD_ADVANCED, "60", NULL, check_ttl },
  { "transport", N_("Transport"),
    N_("tcp leaves no doubt about what arrived; auto uses UDP and TCP for what does not fit"),
    CH_FIELD_ADVANCED, "tcp", "tcp|udp|auto", NULL },
  { "timeout", N_("Time-out"), N_("Seconds to wait for each answer"),
    CH_FIELD_ADVANCED, "10", NULL, check_timeout },
  { NULL },
};

/* ---- settings ---- */

static gboolean
take_key_file (GHashTable *settings,
               GHashTable *secrets,
               GError    **error)
{
  g_autoptr(ChKeyFile) file = ch_key_file_parse (ch_fields_get (fields, secrets, "key-file"),
                                                 ch_fields_get (fields, settings, "key-name"), error);
  if (file == NULL)
    return FALSE;

  g_hash_table_replace (settings, g_strdup ("key-name"), g_steal_pointer (&file->name));
  g_hash_table_replace (settings, g_strdup ("algorithm"), g_steal_pointer (&file->algorithm));
  g_hash_table_replace (secrets, g_strdup ("tsig-secret"), g_steal_pointer (&file->secret));
  g_hash_table_remove (secrets, "key-file");
  return TRUE;
}

static gboolean
prepare (GHashTable *settings,
         GHashTable *secrets,
         GError    **error)
{
  if (secrets != NULL && ch_fields_get (fields, secrets, "key-file") != NULL
      && !take_key_file (settings, secrets, error))
    return FALSE;

  const char *name = ch_fields_get (fields, settings, "key-name");
  if (name == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A key is needed, because updates without one are open to everybody: give "
                           "“key-file”, or “key-name” and “tsig-secret”"));
  if (secrets == NULL)
    return TRUE;

  const char *secret = ch_fields_get (fields, secrets, "tsig-secret");
  if (secret == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The secret of the key “%s” is missing: give “tsig-secret” or “key-file”"), name);

  g_autoptr(ChTsigKey) key = ch_tsig_key_new (name, ch_fields_get (fields, settings, "algorithm"), secret,
                                              error);
  return key != NULL;
}

/** Peer: one account, ready to be talked to. */
typedef struct
{
  ChUpdatePeer words;
  GSocketConnectable *address;
  ChTsigKey *key;
  ChDnsTransport transport;
  guint32 ttl;
  double timeout;
  GCancellable *cancellable;    /* (unowned) (nullable) */
} Peer;

static void
peer_clear (Peer *peer)
{
  g_clear_object (&peer->address);
  g_clear_pointer (&peer->key, ch_tsig_key_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Peer, peer_clear)

static ChDnsTransport
transport_from_text (const char *text)
{
  if (g_str_equal (text, "udp"))
    return CH_DNS_TRANSPORT_UDP;

  return g_str_equal (text, "auto") ? CH_DNS_TRANSPORT_AUTO : CH_DNS_TRANSPORT_TCP;
}

static gboolean
peer_open (Peer                *peer,
           const ChDnsAccess   *access,
           GCancellable        *cancellable,
           GError             **error)
{
  GHashTable *settings = access->settings;
  const char *secret = ch_fields_get (fields, access->secrets, "tsig-secret");

  peer->words.server = ch_fields_get (fields, settings, "server");
  peer->words.key_name = ch_fields_get (fields, settings, "key-name");
  peer->words.algorithm = ch_fields_get (fields, settings, "algorithm");
  if (peer->words.server == NULL || peer->words.key_name == NULL || secret == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("The DNS account lacks a server or a key"));

  peer->address = g_network_address_parse (peer->words.server,
                                           atoi (ch_fields_get (fields, settings, "port")), NULL);
  peer->transport = transport_from_text (ch_fields_get (fields, settings, "transport"));
  peer->ttl = atoi (ch_fields_get (fields, settings, "ttl"));
  peer->timeout = atoi (ch_fields_get (fields, settings, "timeout"));
  peer->cancellable = cancellable;
  if (peer->address == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a host name or address"),
                         peer->words.server);

  peer->key = ch_tsig_key_new (peer->words.key_name, peer->words.algorithm, secret, error);
  return peer->key != NULL;
}

static ChDnsAnswer *
peer_send (Peer         *peer,
           ChDnsRequest *request,
           GError      **error)
{
  return ch_dns_exchange (peer->address, peer->words.server, request, peer->transport,
                          ch_dns_deadline (peer->timeout), peer->cancellable, error);
}

static ChDnsAnswer *
peer_ask (Peer       *peer,
          const char *name,
          ChDnsType   type,
          GError    **error)
{
  g_autoptr(ChDnsRequest) request = ch_dns_query_new (name, type, CH_DNS_ASKING_AUTHORITY, peer->key, error);
  g_autoptr(ChDnsAnswer) answer = request != NULL ? peer_send (peer, request, error) : NULL;

  if (answer == NULL || !ch_rfc2136_judge_query (&peer->words, name, answer, error))
    return NULL;

  return g_steal_pointer (&answer);
}

/* ---- zone ---- */

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

static const ChDnsRecord *
find_delegation (const ChDnsAnswer *answer)
{
  for (guint i = 0; i < answer->records->len; i++)
    {
      const ChDnsRecord *record = answer->records->pdata[i];

      if (record->type == CH_DNS_TYPE_NS && !record->is_answer)
        return record;
    }

  return NULL;
}

/* One level of the walk. FALSE with @error unset: look at the parent. */
static gboolean
ask_zone (Peer       *peer,
          const char *at,
          char      **zone,
          GError    **error)
{
  g_autoptr(GError) refusal = NULL;
  g_autoptr(ChDnsAnswer) answer = peer_ask (peer, at, CH_DNS_TYPE_SOA, &refusal);

  if (answer == NULL)
    {
      if (!g_error_matches (refusal, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }

  const char *owner = answer->authoritative ? ch_dns_soa_owner (answer, at) : NULL;
  if (owner != NULL)
    {
      *zone = g_strdup (owner);
      return TRUE;
    }

  /* the parent would take the record, and nobody would ever see it there */
  const ChDnsRecord *delegation = answer->authoritative ? NULL : find_delegation (answer);
  if (delegation != NULL && ch_dns_name_is_inside (at, delegation->owner))
    ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                  _("“%s” does not serve the zone “%s” that holds “%s”: it is delegated to “%s”; give that "
                    "server"),
                  peer->words.server, delegation->owner, at, delegation->text);

  return FALSE;
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  const char *pinned = ch_fields_get (fields, access->settings, "zone");
  g_auto(Peer) peer = { 0 };
  char *zone = NULL;

  if (!ch_dns_check_name (name, error))
    return NULL;

  if (pinned != NULL)
    return pinned_zone (pinned, name, error);

  if (!peer_open (&peer, access, cancellable, error))
    return NULL;

  for (const char *at = name; at != NULL; at = ch_dns_name_parent (at))
    {
      g_autoptr(GError) failure = NULL;

      if (ask_zone (&peer, at, &zone, &failure))
        return zone;

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }

  ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                _("“%s” serves no zone that holds “%s”, or does not let the key “%s” query it"),
                peer.words.server, name, peer.words.key_name);
  return NULL;
}

/* What is asked about, to learn whether the key is known: a zone of the account as far as it has one. */
static char *
probe_name (GHashTable *settings)
{
  const char *pinned = ch_fields_get (fields, settings, "zone");
  g_auto(GStrv) patterns = ch_dns_patterns_split (ch_dns_common_get (settings, "zones"));
  const char *domain = patterns[0] != NULL && *patterns[0] != '\0' ? ch_dns_pattern_domain (patterns[0]) : NULL;

  return g_strdup (pinned != NULL ? pinned : domain != NULL ? domain : ".");
}

/* A server that signs its answer knows the key, also when it serves no such zone. Its zones it tells to nobody. */
static gboolean
verify (const ChDnsAccess *access,
        GPtrArray         *zones,
        GCancellable      *cancellable,
        GError           **error)
{
  g_autofree char *name = probe_name (access->settings);
  g_auto(Peer) peer = { 0 };

  if (!peer_open (&peer, access, cancellable, error))
    return FALSE;

  g_autoptr(ChDnsRequest) request = ch_dns_query_new (name, CH_DNS_TYPE_SOA, CH_DNS_ASKING_AUTHORITY, peer.key, error);
  g_autoptr(ChDnsAnswer) answer = request != NULL ? peer_send (&peer, request, error) : NULL;
  if (answer == NULL)
    return FALSE;
  if (answer->signature == CH_DNS_SIGNATURE_GOOD && answer->tsig_error == 0)
    return TRUE;

  if (ch_rfc2136_judge_query (&peer.words, name, answer, error))
    return TRUE;
  if (error != NULL && g_error_matches (*error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND))
    g_prefix_error (error, _("Without knowing a zone, “%s” does not tell whether the key is good; give one. "),
                    peer.words.server);
  return FALSE;
}

/* ---- records ---- */

/** Shown: what stands at a name. */
typedef struct
{
  gboolean there;       /* the value */
  gboolean others;      /* it or other TXT values */
  guint32 ttl;          /* of the set, when there is one */
  char *alias;          /* (owned) (nullable): a CNAME's target */
} Shown;

static void
shown_clear (Shown *shown)
{
  g_clear_pointer (&shown->alias, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shown, shown_clear)

static gboolean
look (Peer        *peer,
      const ChTxt *txt,
      Shown       *shown,
      GError     **error)
{
  g_autoptr(ChDnsAnswer) answer = peer_ask (peer, txt->name, CH_DNS_TYPE_TXT, error);

  if (answer == NULL)
    return FALSE;

  if (!answer->authoritative)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("“%s” does not serve the zone of “%s” itself; give its primary server"),
                         peer->words.server, txt->name);

  const ChDnsRecord *set = ch_dns_answer_find (answer, txt->name, CH_DNS_TYPE_TXT);
  const ChDnsRecord *alias = ch_dns_answer_find (answer, txt->name, CH_DNS_TYPE_CNAME);
  shown->there = ch_dns_answer_has_txt (answer, txt->name, txt->value);
  shown->others = set != NULL;
  shown->ttl = set != NULL ? set->ttl : 0;
  shown->alias = alias != NULL ? g_strdup (alias->text) : NULL;
  return TRUE;
}

static gboolean
fail_alias (const ChTxt *txt,
            const Shown *shown,
            GError     **error)
{
  return ch_error_set (error, CH_ERROR_CONFLICT,
                       _("At “%s” stands an alias (CNAME) to “%s”, and a TXT record cannot stand beside it; "
                         "remove the alias"), txt->name, shown->alias);
}

static gboolean
send_update (Peer        *peer,
             const char  *zone,
             const ChTxt *txt,
             ChDnsChange  change,
             guint32      ttl,
             GError     **error)
{
  g_autoptr(ChDnsRequest) request = ch_dns_update_new (zone, change, txt, ttl, peer->key, error);
  g_autoptr(ChDnsAnswer) answer = request != NULL ? peer_send (peer, request, error) : NULL;

  return answer != NULL && ch_rfc2136_judge_update (&peer->words, zone, txt->name, answer, error);
}

/* no answer, or one that is not believed: the update may have been done all the same */
static gboolean
is_doubtful (const GError *failure)
{
  return failure->code == CH_ERROR_UNKNOWN_OUTCOME || failure->code == CH_ERROR_BAD_ANSWER;
}

/* The state after an update, which decides whatever the answer to it was. */
static gboolean
check_state (Peer         *peer,
             const ChTxt  *txt,
             ChDnsChange   change,
             const GError *doubt,
             GError      **error)
{
  g_auto(Shown) after = { 0 };
  g_autoptr(GError) unread = NULL;

  if (!look (peer, txt, &after, &unread))
    return ch_error_set (error,
                         unread->code == CH_ERROR_CANCELLED ? CH_ERROR_CANCELLED : CH_ERROR_UNKNOWN_OUTCOME,
                         _("It is not known whether “%s” has changed “%s”: %s"),
                         peer->words.server, txt->name, doubt != NULL ? doubt->message : unread->message);

  if (after.there == (change == CH_DNS_CHANGE_ADD))
    return TRUE;

  if (after.alias != NULL)
    return fail_alias (txt, &after, error);

  if (doubt != NULL)
    return ch_error_set (error, CH_ERROR_TRANSIENT, _("“%s” has not changed “%s”: %s"),
                         peer->words.server, txt->name, doubt->message);

  return ch_error_set (error, CH_ERROR_TRANSIENT,
                       change == CH_DNS_CHANGE_ADD
                         ? _("“%s” has accepted the value for “%s” but does not show it; is it the primary "
                             "server?")
                         : _("“%s” has accepted the removal at “%s” but still shows the value; is it the "
                             "primary server?"),
                       peer->words.server, txt->name);
}

static gboolean
apply (Peer        *peer,
       const char  *zone,
       const ChTxt *txt,
       ChDnsChange  change,
       guint32      ttl,
       GError     **error)
{
  g_autoptr(GError) doubt = NULL;

  if (!send_update (peer, zone, txt, change, ttl, &doubt) && !is_doubtful (doubt))
    {
      g_propagate_error (error, g_steal_pointer (&doubt));
      return FALSE;
    }

  return check_state (peer, txt, change, doubt, error);
}

static gboolean
add (const ChDnsAccess *access,
     const char        *zone,
     const ChTxt       *txt,
     gboolean          *existed,
     GCancellable      *cancellable,
     GError           **error)
{
  g_auto(Peer) peer = { 0 };
  g_auto(Shown) before = { 0 };

  *existed = FALSE;
  if (!peer_open (&peer, access, cancellable, error) || !look (&peer, txt, &before, error))
    return FALSE;

  if (before.alias != NULL)
    return fail_alias (txt, &before, error);

  *existed = before.there;
  return before.there
         || apply (&peer, zone, txt, CH_DNS_CHANGE_ADD, before.others ? before.ttl : peer.ttl, error);
}

static gboolean
remove_txt (const ChDnsAccess *access,
            const char        *zone,
            const ChTxt       *txt,
            GCancellable      *cancellable,
            GError           **error)
{
  g_auto(Peer) peer = { 0 };
  g_auto(Shown) before = { 0 };

  if (!peer_open (&peer, access, cancellable, error) || !look (&peer, txt, &before, error))
    return FALSE;

  return !before.there || apply (&peer, zone, txt, CH_DNS_CHANGE_REMOVE, 0, error);
}

extern const ChDnsProvider ch_dns_rfc2136;

const ChDnsProvider ch_dns_rfc2136 = {
  .kind = "rfc2136",
  .title = N_("DNS server with dynamic updates (RFC 2136)"),
  .permissions = N_("A TSIG key that may change TXT records at the names to be proven, and query the zone. BIND: "
                    "update-policy { grant KEY name NAME TXT; }; with one grant for each NAME, or grant KEY zonesub TXT; for "
                    "all names of the zone. Knot: an acl with action: [update, query] and update-type: [TXT]. PowerDNS: "
                    "TSIG-ALLOW-DNSUPDATE, which cannot be limited to types"),
  .fields = fields,
  .prepare = prepare,
  .verify = verify,
  .find_zone = find_zone,
  .add = add,
  .remove = remove_txt,
};
