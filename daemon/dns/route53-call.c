/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route53-call.h"

#include "lib/error.h"
#include "net/pause.h"
#include "net/service.h"
#include "net/sigv4.h"

#include <glib/gi18n.h>
#include <string.h>

/* AWS takes a signature that is at most five minutes old or early. */
#define SKEW_MAX (4 * 60)

/* ---- reading ---- */

const xmlNode *
ch_route53_next (const xmlNode *parent,
                 const xmlNode *after,
                 const char    *name)
{
  if (parent == NULL)
    return NULL;

  return ch_xml_next (parent, after, parent->ns != NULL ? (const char *) parent->ns->href : NULL, name);
}

const xmlNode *
ch_route53_find (const xmlNode *from,
                 const char    *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);

  for (gsize i = 0; names[i] != NULL && from != NULL; i++)
    from = ch_route53_next (from, NULL, names[i]);

  return from;
}

char *
ch_route53_text (const xmlNode *from,
                 const char    *path)
{
  return ch_xml_text (ch_route53_find (from, path));
}

/* ---- refusals ---- */

/** Fault: an answer that is not 200. */
typedef struct
{
  ChRoute53 *aws;
  const ChRoute53Question *question;
  guint status;
  gint64 server_time;   /* Unix seconds, 0 when not known */
  gint64 retry_after;   /* seconds; negative: the answer does not say */
  char *code;           /* (nullable) */
  char *words;          /* (nullable): for people */
} Fault;

static void
fault_clear (Fault *fault)
{
  g_free (fault->code);
  g_free (fault->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fault, fault_clear)

static gboolean
fail_access_key (const Fault *fault,
                 GError     **error)
{
  if (fault->aws->session_token != NULL)
    return ch_error_set (error, CH_ERROR_CREDENTIALS,
                         _("AWS does not accept the temporary access key “%s”; check “access-key” and "
                           "“session-token”"), fault->aws->access_key);

  return ch_error_set (error, CH_ERROR_CREDENTIALS,
                       _("AWS does not know the access key “%s”; check “access-key”, and “partition”, because each "
                         "has users of its own"), fault->aws->access_key);
}

static gboolean
fail_clock (const Fault *fault,
            GError     **error)
{
  g_autoptr(GDateTime) here = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) there = fault->server_time > 0 ? g_date_time_new_from_unix_utc (fault->server_time) : NULL;
  g_autofree char *ours = g_date_time_format (here, "%F %T UTC");
  g_autofree char *theirs = there != NULL ? g_date_time_format (there, "%F %T UTC") : NULL;

  if (theirs == NULL)
    return ch_error_set (error, CH_ERROR_CLOCK,
                         _("AWS says that the request comes from another time: it is %s on this machine; set its "
                           "clock"), ours);

  return ch_error_set (error, CH_ERROR_CLOCK,
                       _("It is %s on this machine and %s at AWS, which takes no request that is five minutes off; set "
                         "this machine's clock"), ours, theirs);
}

/* The words of this refusal quote the request, session token included: they are not repeated. */
static gboolean
fail_signature (const Fault *fault,
                GError     **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean is_off = fault->server_time > 0 && ABS (fault->server_time - now) > SKEW_MAX;

  if (is_off || (fault->words != NULL && (strstr (fault->words, "Signature expired") != NULL
                                          || strstr (fault->words, "not yet current") != NULL)))
    return fail_clock (fault, error);

  return ch_error_set (error, CH_ERROR_CREDENTIALS,
                       _("The secret does not belong to the access key “%s”, or the URL is one of another "
                         "partition; check “secret-access-key” and “partition”"), fault->aws->access_key);
}

static gboolean
fail_unsigned (const Fault *fault,
               GError     **error)
{
  return ch_error_set (error, CH_ERROR_CREDENTIALS,
                       _("AWS found no whole signature in the request; does a proxy take headers away?"));
}

static gboolean
fail_expired (const Fault *fault,
              GError     **error)
{
  return ch_error_set (error, CH_ERROR_CREDENTIALS,
                       _("The session token has expired; give new temporary credentials, or a lasting access key "
                         "with “role-arn”"));
}

static gboolean
fail_forbidden (const Fault *fault,
                GError     **error)
{
  return ch_error_set (error, CH_ERROR_FORBIDDEN,
                       _("AWS does not allow “%s” to the access key “%s”; its policy must allow it (AWS says: “%s”)"),
                       fault->question->right, fault->aws->access_key,
                       fault->words != NULL ? fault->words : _("no reason given"));
}

static gboolean
fail_zone (const Fault *fault,
           GError     **error)
{
  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("Route 53 has no such hosted zone in this account (AWS says: “%s”); check “zone-id”"),
                       fault->words != NULL ? fault->words : _("no reason given"));
}

/* The three sentences of a batch that came too late; a set beside a CNAME is refused for good. */
static gboolean
is_race (const char *words)
{
  static const char *const races[] = { "values provided do not match", "but it was not found",
                                       "but it already exists" };

  for (gsize i = 0; words != NULL && i < G_N_ELEMENTS (races); i++)
    if (strstr (words, races[i]) != NULL)
      return TRUE;

  return FALSE;
}

static gboolean
fail_batch (const Fault *fault,
            GError     **error)
{
  const char *words = fault->words != NULL ? fault->words : _("no reason given");

  if (is_race (fault->words))
    return ch_error_set (error, CH_ERROR_CONFLICT, _("Somebody else has changed the records at the same time"));

  if (strstr (words, "conflict") != NULL)
    return ch_error_set (error, CH_ERROR_CONFLICT,
                         _("At the name stands another record beside which a TXT record cannot stand, such as an "
                           "alias (CNAME); remove it (AWS says: “%s”)"), words);

  return ch_error_set (error, CH_ERROR_INVALID, _("Route 53 refuses the change: “%s”"), words);
}

static gboolean
fail_input (const Fault *fault,
            GError     **error)
{
  return ch_error_set (error, CH_ERROR_INVALID, _("AWS refuses the request: “%s” (%s)"),
                       fault->words != NULL ? fault->words : _("no reason given"), fault->code);
}

static gboolean
fail_throttled (const Fault *fault,
                GError     **error)
{
  ChService service = { .name = "Route 53", .caller = fault->aws->caller };

  return ch_service_throttle (&service, fault->retry_after, error);
}

/* of a zone, not of the account: nobody else has to wait */
static gboolean
fail_busy (const Fault *fault,
           GError     **error)
{
  return ch_error_set (error, CH_ERROR_THROTTLED,
                       _("Route 53 is still busy with another change of the zone; it is tried again later"));
}

static gboolean
fail_trouble (const Fault *fault,
              GError     **error)
{
  if (fault->retry_after > 0)
    ch_pause_begin (fault->aws->caller, g_get_monotonic_time (), fault->retry_after);

  return ch_error_set (error, CH_ERROR_TRANSIENT, _("“%s” has trouble (HTTP %u %s); it is tried again later"),
                       fault->question->url, fault->status, fault->code != NULL ? fault->code : "");
}

/* Throttling comes as 400: the class is in the code, not in the status. */
static const struct
{
  const char *code;
  gboolean (*fail) (const Fault *fault, GError **error);
  ChRoute53Refusal refusal;
} codes[] = {
  { "InvalidClientTokenId", fail_access_key, CH_ROUTE53_OTHER },
  { "UnrecognizedClientException", fail_access_key, CH_ROUTE53_OTHER },
  { "InvalidAccessKeyId", fail_access_key, CH_ROUTE53_OTHER },
  { "SignatureDoesNotMatch", fail_signature, CH_ROUTE53_OTHER },
  { "InvalidSignatureException", fail_signature, CH_ROUTE53_OTHER },
  { "IncompleteSignature", fail_unsigned, CH_ROUTE53_OTHER },
  { "MissingAuthenticationToken", fail_unsigned, CH_ROUTE53_OTHER },
  { "MissingAuthenticationTokenException", fail_unsigned, CH_ROUTE53_OTHER },
  { "ExpiredToken", fail_expired, CH_ROUTE53_EXPIRED },
  { "ExpiredTokenException", fail_expired, CH_ROUTE53_EXPIRED },
  { "RequestExpired", fail_clock, CH_ROUTE53_OTHER },
  { "AccessDenied", fail_forbidden, CH_ROUTE53_OTHER },
  { "AccessDeniedException", fail_forbidden, CH_ROUTE53_OTHER },
  { "RegionDisabledException", fail_forbidden, CH_ROUTE53_OTHER },
  { "NoSuchHostedZone", fail_zone, CH_ROUTE53_OTHER },
  { "InvalidChangeBatch", fail_batch, CH_ROUTE53_OTHER },
  { "InvalidInput", fail_input, CH_ROUTE53_OTHER },
  { "InvalidDomainName", fail_input, CH_ROUTE53_OTHER },
  { "ValidationError", fail_input, CH_ROUTE53_OTHER },
  { "Throttling", fail_throttled, CH_ROUTE53_OTHER },
  { "ThrottlingException", fail_throttled, CH_ROUTE53_OTHER },
  { "PriorRequestNotComplete", fail_busy, CH_ROUTE53_BUSY },
  { "SlowDown", fail_throttled, CH_ROUTE53_OTHER },
  { "RequestLimitExceeded", fail_throttled, CH_ROUTE53_OTHER },
  { "ServiceUnavailable", fail_trouble, CH_ROUTE53_OTHER },
  { "InternalFailure", fail_trouble, CH_ROUTE53_OTHER },
  { "InternalError", fail_trouble, CH_ROUTE53_OTHER },
};

static gboolean
fail_by_status (const Fault *fault,
                GError     **error)
{
  if (fault->status == 429)
    return fail_throttled (fault, error);
  if (fault->status < 400)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("“%s” wants to be asked elsewhere (HTTP %u), where credentials are not sent; check the URL"),
                         fault->question->url, fault->status);
  if (fault->status >= 500)
    return fail_trouble (fault, error);
  if (fault->code != NULL && fault->status == 403)
    return fail_forbidden (fault, error);
  if (fault->code != NULL)
    return fail_input (fault, error);

  return ch_error_set (error, CH_ERROR_TRANSIENT,
                       _("“%s” is not where AWS answers (HTTP %u); check the URL and the proxy"), fault->question->url,
                       fault->status);
}

static ChRoute53Refusal
set_fault (const Fault *fault,
           GError     **error)
{
  for (gsize i = 0; fault->code != NULL && i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].code, fault->code))
      {
        codes[i].fail (fault, error);
        return codes[i].fail == fail_batch && is_race (fault->words) ? CH_ROUTE53_RACE : codes[i].refusal;
      }

  fail_by_status (fault, error);
  return CH_ROUTE53_OTHER;
}

/* Nothing that we were told in confidence goes into a sentence, whoever quotes it. */
static void
hide_secrets (Fault *fault)
{
  const char *const secrets[] = { fault->aws->secret, fault->aws->session_token };

  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (fault->words != NULL && secrets[i] != NULL && strstr (fault->words, secrets[i]) != NULL)
      g_clear_pointer (&fault->words, g_free);
}

/* <ErrorResponse><Error><Code/><Message/>…, or the older <InvalidChangeBatch><Messages><Message>… */
static void
read_fault (Fault         *fault,
            const xmlNode *root)
{
  if (root == NULL)
    return;

  if (g_str_equal ((const char *) root->name, "ErrorResponse"))
    {
      fault->code = ch_route53_text (root, "Error/Code");
      fault->words = ch_xml_words (ch_route53_text (root, "Error/Message"));
    }
  else if (g_str_equal ((const char *) root->name, "InvalidChangeBatch"))
    {
      fault->code = g_strdup ("InvalidChangeBatch");
      fault->words = ch_xml_words (ch_route53_text (root, "Messages/Message"));
    }
}

/* ---- asking ---- */

static ChHttpReply *
send (ChRoute53                *aws,
      const ChRoute53Question  *question,
      GError                  **error)
{
  ChSigv4Key key = { aws->access_key, aws->secret, aws->session_token, question->region, question->service };
  ChHttp http = {
    .base_url = question->url,
    .ca_pem = ch_fields_get (ch_route53_fields, aws->settings, "ca-certificate"),
    .proxy = ch_fields_get (ch_route53_fields, aws->settings, "proxy"),
    .timeout = 60,
  };
  ChHttpRequest request = {
    .method = question->body != NULL ? "POST" : "GET",
    .path = question->path,
    .content_type = question->type,
    .body = question->body,
  };
  g_auto(GStrv) headers = ch_sigv4_sign (&key, question->url, &request, g_get_real_time () / G_USEC_PER_SEC, error);

  if (headers == NULL)
    return NULL;

  request.headers = (const char *const *) headers;
  ChHttpReply *reply = ch_http_send (&http, &request, aws->cancellable, error);

  /* what was asked with GET has changed nothing */
  if (reply == NULL && request.body == NULL && g_error_matches (*error, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME))
    (*error)->code = CH_ERROR_UNREACHABLE;
  return reply;
}

static gboolean
fail_document (const ChRoute53Question *question,
               ChXmlTrouble             trouble,
               GError                 **error)
{
  if (trouble == CH_XML_REFUSED)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("The answer of “%s” is built in a way that is not accepted (a DTD, too deep or too large)"),
                         question->url);

  return ch_error_set (error, CH_ERROR_TRANSIENT,
                       _("“%s” answered with something else than XML (a web page, or an answer that was cut off)"),
                       question->url);
}

xmlDoc *
ch_route53_ask (ChRoute53                *aws,
                const ChRoute53Question  *question,
                ChRoute53Refusal         *refusal,
                GError                  **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(ChHttpReply) reply = NULL;
  ChXmlTrouble trouble = CH_XML_NOT_XML;

  *refusal = CH_ROUTE53_OTHER;
  if (!ch_pause_check (aws->caller, g_get_monotonic_time (), "Route 53", error))
    return NULL;

  reply = send (aws, question, &failure);
  if (reply == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  g_autoptr(xmlDoc) doc = ch_xml_parse (reply->body, &trouble);
  const xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  if (reply->status == 200)
    {
      ch_pause_end (aws->caller);
      if (root != NULL && !ch_xml_is_html (doc))
        return g_steal_pointer (&doc);
      fail_document (question, trouble, error);
      return NULL;
    }

  g_auto(Fault) fault = { aws, question, reply->status, ch_http_reply_time (reply), ch_service_retry_after (reply) };
  read_fault (&fault, root);
  hide_secrets (&fault);
  *refusal = set_fault (&fault, error);
  return NULL;
}

xmlDoc *
ch_route53_call (ChRoute53         *aws,
                 const char        *path,
                 GBytes            *body,
                 const char        *right,
                 ChRoute53Refusal  *refusal,
                 GError           **error)
{
  ChRoute53Question question = { "route53", aws->url, aws->place->region, path,
                                 body != NULL ? "text/xml" : NULL, body, right };
  ChRoute53Refusal why = CH_ROUTE53_OTHER;
  g_autoptr(GError) failure = NULL;
  xmlDoc *doc = ch_route53_ask (aws, &question, &why, &failure);

  if (doc == NULL && why == CH_ROUTE53_EXPIRED
      && ch_fields_get (ch_route53_fields, aws->settings, "role-arn") != NULL)
    {
      g_clear_error (&failure);
      if (ch_route53_renew (aws, &failure))
        doc = ch_route53_ask (aws, &question, &why, &failure);
    }

  if (refusal != NULL)
    *refusal = why;
  if (doc == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return doc;
}
