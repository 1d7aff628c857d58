/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider.h"

#include "dns/name.h"
#include "dns/route53-call.h"
#include "dns/route53-set.h"
#include "dns/route53-zone.h"
#include "dns/settle.h"
#include "dns/turn.h"
#include "dns/txt.h"
#include "dns/web-account.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Amazon Route 53. A name's values can only be written as a whole, and there are no ETags. But a batch is done
 * as a whole or not at all, and deleting a set works only when it is still as it was read: so each change deletes
 * what was read and creates what shall be, and is tried again when somebody else was faster. */

#define TTL_MAX 604800

/* how often somebody else may be faster, and for how long to step back: doubled up to eight times that */
#define TRIES 8
#define STEP_BACK 100
/* one change of a zone must be over before the next is taken */
#define STEP_BACK_BUSY 1000

static gboolean
check_ttl (const char *value,
           GError    **error)
{
  return ch_field_check_range (value, 0, TTL_MAX, error);
}

/* ids go into paths and into signed headers */
static gboolean
is_word (const char *value,
         gsize       longest)
{
  gsize length = strspn (value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
  return value[length] == '\0' && length <= longest;
}

static gboolean
check_access_key (const char *value,
                  GError    **error)
{
  if (!is_word (value, 128))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an access key id such as AKIAIOSFODNN7EXAMPLE"),
                         value);

  return TRUE;
}

static gboolean
check_zone_id (const char *value,
               GError    **error)
{
  if (!is_word (value, 32))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not a hosted zone's id such as Z1D633PJN98FT9 (without “/hostedzone/”)"), value);

  return TRUE;
}

static gboolean
check_region (const char *value,
              GError    **error)
{
  if (value[strspn (value, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a region such as eu-central-1"), value);

  return TRUE;
}

static gboolean
check_role (const char *value,
            GError    **error)
{
  if (!g_str_has_prefix (value, "arn:") || strstr (value, ":role/") == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not a role such as arn:aws:iam::123456789012:role/chancery"), value);

  return TRUE;
}

const ChField ch_route53_fields[] = {
  { "access-key", N_("Access key id"), N_("Id of the access key of an IAM user, or of temporary credentials"),
    CH_FIELD_REQUIRED, NULL, NULL, check_access_key },
  { "secret-access-key", N_("Secret access key"), N_("Shown once, when the access key is made"),
    CH_FIELD_REQUIRED | CH_FIELD_SECRET, NULL, NULL, NULL },
  { "session-token", N_("Session token"),
    N_("Belongs to temporary credentials, which end after some hours and cannot be renewed here"),
    CH_FIELD_SECRET, NULL, NULL, NULL },
  { "role-arn", N_("Role"), N_("A role to assume with the access key, which is renewed by itself"),
    CH_FIELD_NONE, NULL, NULL, check_role },
  { "external-id", N_("External id"), N_("What the role's trust policy wants to be told, if it does"),
    CH_FIELD_ADVANCED, NULL, NULL, NULL },
  { "zone-id", N_("Hosted zone id"),
    N_("The one zone to change; found by its name when not given, which needs the right to list zones"),
    CH_FIELD_NONE, NULL, NULL, check_zone_id },
  { "partition", N_("Partition"), N_("Which of Amazon's separate clouds"),
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, "aws", "aws|aws-cn|aws-us-gov|aws-eusc|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f", NULL },
  { "region", N_("Region of STS"),
    N_("The region whose token service is asked for the role; Route 53 itself has no regions"),
    CH_FIELD_ADVANCED, NULL, NULL, check_region },
  { "ttl", N_("TTL"),
    N_("Seconds that a new record may be cached; where others stand at the name, theirs is kept"),
    CH_FIELD_ADVANCED, "60", NULL, check_ttl },
  { "settle", N_("Wait for Route 53"),
    N_("Seconds to wait at most until Route 53 says that all its servers have a new record; 0 does not ask"),
    CH_FIELD_ADVANCED, "60", NULL, ch_dns_check_settle },
  { "url", N_("URL of Route 53"), N_("Instead of Amazon's own: a private endpoint or a stand-in"),
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_url },
  { "sts-url", N_("URL of STS"), N_("Instead of Amazon's own, for the role"),
    CH_FIELD_ADVANCED | CH_FIELD_WHERE, NULL, NULL, ch_field_check_url },
  CH_WEB_ACCOUNT_WAY_FIELDS,
  { NULL },
};

static gboolean
prepare (GHashTable *settings,
         GHashTable *secrets,
         GError    **error)
{
  const char *key = ch_fields_get (ch_route53_fields, settings, "access-key");
  const char *role = ch_fields_get (ch_route53_fields, settings, "role-arn");

  if (role != NULL && ch_fields_get (ch_route53_fields, settings, "url") != NULL
      && ch_fields_get (ch_route53_fields, settings, "sts-url") == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("With a role and a URL of its own, the account also needs “sts-url”"));
  if (role == NULL && ch_fields_get (ch_route53_fields, settings, "external-id") != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“external-id” is for a role, but “role-arn” is missing"));
  if (secrets != NULL && key != NULL && g_str_has_prefix (key, "ASIA")
      && ch_fields_get (ch_route53_fields, secrets, "session-token") == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("The access key “%s” is a temporary one, which needs its “session-token”"), key);

  return TRUE;
}

/* ---- changing a set ---- */

/** Change: one value to put or to take away. */
typedef struct
{
  ChRoute53 *aws;
  const char *zone_id;
  const ChTxt *txt;
  gboolean wanted;      /* the value shall be there */
  gint64 ttl;           /* of a new set */
  gboolean overwrite;   /* the policy allows UPSERT alone */
  gboolean doubted;     /* a change was sent, and its answer is not known */
  GError *doubt;        /* (owned) (nullable): why */
  char *change_id;      /* (owned) (nullable): what Route 53 calls the change */
} Change;

static void
change_clear (Change *change)
{
  g_clear_error (&change->doubt);
  g_free (change->change_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static ChRoute53Set *
read_set (Change  *change,
          GError **error)
{
  g_autofree char *name = g_uri_escape_string (change->txt->name, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/2013-04-01/hostedzone/%s/rrset?name=%s.&type=TXT&maxitems=1",
                                           change->zone_id, name);
  g_autoptr(xmlDoc) doc = ch_route53_call (change->aws, path, NULL, "route53:ListResourceRecordSets", NULL, error);
  g_autoptr(ChRoute53Set) set = doc != NULL ? ch_route53_set_read (xmlDocGetRootElement (doc), change->txt->name, error)
                                            : NULL;

  if (set != NULL && set->routed)
    {
      ch_error_set (error, CH_ERROR_CONFLICT,
                    _("The TXT records at “%s” are an alias or have a routing policy, and such a set cannot be changed "
                      "value by value; make it a simple one"), change->txt->name);
      return NULL;
    }

  return g_steal_pointer (&set);
}

static gboolean
send_batch (Change              *change,
            const ChRoute53Set  *from,
            ChRoute53Refusal    *refusal,
            GError             **error)
{
  g_autoptr(ChRoute53Set) to = ch_route53_set_with (from, change->txt->value, change->ttl);
  gboolean overwrite = change->overwrite && to->values->len > 0;
  g_autoptr(GBytes) body = ch_route53_batch (change->txt->name, from, to,
                                             overwrite ? CH_ROUTE53_OVERWRITE : CH_ROUTE53_EXCHANGE);
  g_autofree char *path = g_strdup_printf ("/2013-04-01/hostedzone/%s/rrset/", change->zone_id);
  g_autoptr(xmlDoc) doc = ch_route53_call (change->aws, path, body, "route53:ChangeResourceRecordSets", refusal,
                                           error);

  if (doc == NULL)
    return FALSE;

  change->change_id = ch_route53_change_id (xmlDocGetRootElement (doc));
  return TRUE;
}

/** Next: what to do after a batch was not taken. */
typedef enum
{
  NEXT_FAIL,
  NEXT_AGAIN,       /* read and try again */
  NEXT_LATER,       /* the same, after a longer pause */
} Next;

static Next
judge_failure (Change           *change,
               ChRoute53Refusal  refusal,
               const GError     *failure)
{
  switch ((ChError) failure->code)
    {
    case CH_ERROR_UNKNOWN_OUTCOME:
    case CH_ERROR_TRANSIENT:
    case CH_ERROR_BAD_ANSWER:
      /* it may have been done all the same: what stands there now decides */
      change->doubted = TRUE;
      change->doubt = g_error_copy (failure);
      return NEXT_AGAIN;

    case CH_ERROR_FORBIDDEN:
      /* a condition on route53:ChangeResourceRecordSetsActions may allow UPSERT and nothing else */
      if (change->overwrite)
        return NEXT_FAIL;
      change->overwrite = TRUE;
      return NEXT_AGAIN;

    default:
      return refusal == CH_ROUTE53_RACE ? NEXT_AGAIN : refusal == CH_ROUTE53_BUSY ? NEXT_LATER : NEXT_FAIL;
    }
}

static gboolean
fail_doubtful (const Change *change,
               const GError *unread,
               GError      **error)
{
  if (unread == NULL)
    return ch_error_set (error, CH_ERROR_TRANSIENT, _("Route 53 has not changed “%s”: %s"), change->txt->name,
                         change->doubt->message);

  return ch_error_set (error, unread->code == CH_ERROR_CANCELLED ? CH_ERROR_CANCELLED : CH_ERROR_UNKNOWN_OUTCOME,
                       _("It is not known whether Route 53 has changed “%s”: %s"), change->txt->name,
                       change->doubt->message);
}

/** Outcome of one try. */
typedef enum
{
  TRY_DONE,           /* the state is as wanted, by us */
  TRY_NOTHING_TO_DO,  /* it was so before */
  TRY_AGAIN,
  TRY_LATER,
  TRY_FAILED,
} Try;

static Try
try_once (Change   *change,
          GError  **error)
{
  g_autoptr(GError) failure = NULL;
  ChRoute53Refusal refusal = CH_ROUTE53_OTHER;
  g_autoptr(ChRoute53Set) set = read_set (change, &failure);

  if (set == NULL && change->doubted)
    {
      fail_doubtful (change, failure, error);
      return TRY_FAILED;
    }
  if (set == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return TRY_FAILED;
    }
  if ((ch_route53_set_find (set, change->txt->value) >= 0) == change->wanted)
    return change->doubted ? TRY_DONE : TRY_NOTHING_TO_DO;
  if (change->doubted)
    {
      fail_doubtful (change, NULL, error);
      return TRY_FAILED;
    }
  if (send_batch (change, set, &refusal, &failure))
    return TRY_DONE;

  Next next = judge_failure (change, refusal, failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return next == NEXT_AGAIN ? TRY_AGAIN : next == NEXT_LATER ? TRY_LATER : TRY_FAILED;
}

static gboolean
apply (Change    *change,
       gboolean  *was_so,
       GError   **error)
{
  g_autofree char *what = g_strdup_printf ("route53 %s %s", change->aws->access_key, change->zone_id);
  g_autoptr(ChDnsTurn) turn = ch_dns_turn_wait (what, change->aws->cancellable, error);
  g_autoptr(GError) last = NULL;

  if (turn == NULL)
    return FALSE;

  for (guint i = 0; i < TRIES; i++)
    {
      g_clear_error (&last);
      Try result = try_once (change, &last);

      *was_so = result == TRY_NOTHING_TO_DO;
      if (result == TRY_DONE || result == TRY_NOTHING_TO_DO)
        return TRUE;
      if (result == TRY_FAILED
          || !ch_dns_pause ((result == TRY_LATER ? STEP_BACK_BUSY : STEP_BACK) << MIN (i, 3),
                            change->aws->cancellable, NULL))
        break;
    }

  if (g_cancellable_is_cancelled (change->aws->cancellable))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("The change of a DNS record was cancelled"));
  g_propagate_error (error, g_steal_pointer (&last));
  return FALSE;
}

static gboolean
work (const ChDnsAccess *access,
      const char        *zone,
      const ChTxt       *txt,
      gboolean           wanted,
      gboolean          *was_so,
      char             **token,
      GCancellable      *cancellable,
      GError           **error)
{
  g_auto(ChRoute53) aws = { 0 };
  g_autofree char *zone_id = NULL;

  *was_so = FALSE;
  *token = NULL;
  if (!ch_dns_check_txt (txt, zone, error) || !ch_route53_open (&aws, access, cancellable, error))
    return FALSE;

  zone_id = ch_route53_zone_id (&aws, zone, error);
  if (zone_id == NULL)
    return FALSE;

  g_auto(Change) change = { .aws = &aws, .zone_id = zone_id, .txt = txt, .wanted = wanted };
  change.ttl = g_ascii_strtoll (ch_fields_get (ch_route53_fields, access->settings, "ttl"), NULL, 10);
  if (!apply (&change, was_so, error))
    return FALSE;

  if (change.change_id != NULL)
    *token = ch_dns_settle_token (ch_route53_fields, access->settings, change.change_id);
  return TRUE;
}

static gboolean
begin_add (const ChDnsAccess *access,
           const char        *zone,
           const ChTxt       *txt,
           gboolean          *existed,
           char             **token,
           GCancellable      *cancellable,
           GError           **error)
{
  return work (access, zone, txt, TRUE, existed, token, cancellable, error);
}

static gboolean
add (const ChDnsAccess *access,
     const char        *zone,
     const ChTxt       *txt,
     gboolean          *existed,
     GCancellable      *cancellable,
     GError           **error)
{
  g_autofree char *token = NULL;

  return begin_add (access, zone, txt, existed, &token, cancellable, error);
}

static gboolean
has_settled (const ChDnsAccess *access,
             const char        *token,
             GCancellable      *cancellable)
{
  g_auto(ChRoute53) aws = { 0 };

  return !ch_route53_open (&aws, access, cancellable, NULL) || ch_route53_has_settled (&aws, token);
}

static gboolean
remove_txt (const ChDnsAccess *access,
            const char        *zone,
            const ChTxt       *txt,
            GCancellable      *cancellable,
            GError           **error)
{
  g_autofree char *token = NULL;
  gboolean was_gone;

  return work (access, zone, txt, FALSE, &was_gone, &token, cancellable, error);
}

static char *
find_zone (const ChDnsAccess *access,
           const char        *name,
           GCancellable      *cancellable,
           GError           **error)
{
  g_auto(ChRoute53) aws = { 0 };

  if (!ch_dns_check_name (name, error) || !ch_route53_open (&aws, access, cancellable, error))
    return NULL;

  return ch_route53_find_zone (&aws, name, error);
}

static gboolean
verify (const ChDnsAccess *access,
        GPtrArray         *zones,
        GCancellable      *cancellable,
        GError           **error)
{
  g_auto(ChRoute53) aws = { 0 };

  return ch_route53_open (&aws, access, cancellable, error) && ch_route53_verify (&aws, zones, error);
}

extern const ChDnsProvider ch_dns_route53;

const ChDnsProvider ch_dns_route53 = {
  .kind = "route53",
  .title = N_("Amazon Route 53"),
  .permissions = N_("An IAM policy with route53:ListResourceRecordSets and route53:ChangeResourceRecordSets on "
                    "arn:aws:route53:::hostedzone/ZONE-ID, the latter with the condition that ForAllValues:StringEquals "
                    "route53:ChangeResourceRecordSetsRecordTypes is TXT, and route53:GetChange on "
                    "arn:aws:route53:::change/*. With “zone-id” also route53:GetHostedZone on the zone, without it "
                    "route53:ListHostedZonesByName on *. With a role, the access key needs sts:AssumeRole on it and "
                    "nothing else"),
  .fields = ch_route53_fields,
  .prepare = prepare,
  .verify = verify,
  .find_zone = find_zone,
  .add = add,
  .begin_add = begin_add,
  .has_settled = has_settled,
  .remove = remove_txt,
};
