/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-route53.h"

#include <gnutls/crypto.h>
#include <string.h>

/* Who calls: Signature Version 4 computed from what came, and the token service. */

#define ALGORITHM "AWS4-HMAC-SHA256"
#define SKEW (5 * 60)
#define DIGEST 32

/** Claim: what a request says about its signature. */
typedef struct
{
  char *access_key;
  char *date;         /* "20260102" */
  char *region;
  char *service;
  GStrv headers;      /* names of the signed ones */
  char *signature;
} Claim;

static void
claim_clear (Claim *claim)
{
  g_free (claim->access_key);
  g_free (claim->date);
  g_free (claim->region);
  g_free (claim->service);
  g_strfreev (claim->headers);
  g_free (claim->signature);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Claim, claim_clear)

static gboolean
is_sts (SbDnsCall *call)
{
  return g_str_has_prefix (call->path, "/sts");
}

static gboolean
refuse (SbDnsCall  *call,
        const char *code,
        const char *message)
{
  sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, code, "%s", message);
  return FALSE;
}

/* "AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX" */
static gboolean
read_claim (SbDnsCall *call,
            Claim     *claim)
{
  static GRegex *form;
  const char *text = sb_dns_call_header (call, "Authorization");
  g_autoptr(GMatchInfo) match = NULL;

  if (text == NULL)
    return refuse (call, "MissingAuthenticationToken", "Missing Authentication Token");

  if (form == NULL)
    form = g_regex_new ("^" ALGORITHM " +Credential=(\\w{16,128})/(\\d{8})/([a-z0-9-]+)/([a-z0-9]+)/aws4_request, *"
                        "SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})$", G_REGEX_OPTIMIZE, 0, NULL);
  if (!g_regex_match (form, text, 0, &match))
    return refuse (call, "IncompleteSignature", "Authorization header requires existence of a 'Credential', a "
                   "'SignedHeaders' and a 'Signature' parameter.");

  g_autofree char *headers = g_match_info_fetch (match, 5);
  claim->access_key = g_match_info_fetch (match, 1);
  claim->date = g_match_info_fetch (match, 2);
  claim->region = g_match_info_fetch (match, 3);
  claim->service = g_match_info_fetch (match, 4);
  claim->headers = g_strsplit (headers, ";", -1);
  claim->signature = g_match_info_fetch (match, 6);
  return TRUE;
}

/* ---- what may be signed ---- */

static gboolean
check_scope (SbDnsCall   *call,
             const Claim *claim)
{
  const char *service = is_sts (call) ? "sts" : "route53";

  if (strcmp (claim->service, service) != 0)
    {
      sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "SignatureDoesNotMatch",
                       "Credential should be scoped to correct service: '%s'.", service);
      return FALSE;
    }
  if (strcmp (claim->region, "us-east-1") != 0)
    {
      sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "SignatureDoesNotMatch",
                       "Credential should be scoped to a valid region, not '%s'.", claim->region);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_signed (const Claim *claim,
           const char  *header)
{
  return g_strv_contains ((const char *const *) claim->headers, header);
}

static gboolean
check_headers (SbDnsCall   *call,
               const Claim *claim)
{
  for (gsize i = 1; claim->headers[i] != NULL; i++)
    if (strcmp (claim->headers[i - 1], claim->headers[i]) >= 0)
      return refuse (call, "IncompleteSignature", "The SignedHeaders are not sorted.");

  if (!is_signed (claim, "host") || !is_signed (claim, "x-amz-date")
      || (sb_dns_call_header (call, "X-Amz-Security-Token") != NULL && !is_signed (claim, "x-amz-security-token")))
    return refuse (call, "SignatureDoesNotMatch", "'Host' and all 'X-Amz-' headers must be signed.");

  return TRUE;
}

static gboolean
check_time (SbDnsCall   *call,
            const Claim *claim)
{
  const char *text = sb_dns_call_header (call, "X-Amz-Date");
  g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  gint64 now = sb_route53_now (call->state);

  if (time == NULL || strlen (text) != strlen ("20260102T030405Z") || strncmp (text, claim->date, 8) != 0)
    return refuse (call, "IncompleteSignature", "Date must be in ISO-8601 'basic format', and that of the credential.");

  g_autoptr(GDateTime) here = g_date_time_new_from_unix_utc (now);
  g_autofree char *ours = g_date_time_format (here, "%Y%m%dT%H%M%SZ");
  gint64 age = now - g_date_time_to_unix (time);
  if (age > SKEW)
    sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "SignatureDoesNotMatch",
                     "Signature expired: %s is now earlier than %s (- 5 min.)", text, ours);
  else if (age < -SKEW)
    sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "SignatureDoesNotMatch",
                     "Signature not yet current: %s is still later than %s (+ 5 min.)", text, ours);

  return ABS (age) <= SKEW;
}

/* Returns: (transfer none) (nullable): the secret of who calls */
static const char *
find_secret (SbDnsCall   *call,
             const Claim *claim)
{
  SbRoute53 *state = call->state;
  const char *token = sb_dns_call_header (call, "X-Amz-Security-Token");
  const SbRoute53Session *session = g_hash_table_lookup (state->sessions, claim->access_key);

  if (strcmp (claim->access_key, SB_ROUTE53_ACCESS_KEY) == 0 && token == NULL)
    return SB_ROUTE53_SECRET;

  if (session == NULL || g_strcmp0 (token, session->token) != 0)
    {
      refuse (call, "InvalidClientTokenId", "The security token included in the request is invalid.");
      return NULL;
    }
  if (session->until <= sb_route53_now (state))
    {
      refuse (call, "ExpiredToken", "The security token included in the request is expired");
      return NULL;
    }

  return session->secret;
}

/* ---- the signature ---- */

static void
append_hex (GString      *out,
            const guint8 *bytes)
{
  for (gsize i = 0; i < DIGEST; i++)
    g_string_append_printf (out, "%02x", bytes[i]);
}

static void
append_hash (GString    *out,
             const char *data,
             gsize       length)
{
  guint8 digest[DIGEST];

  gnutls_hash_fast (GNUTLS_DIG_SHA256, data, length, digest);
  append_hex (out, digest);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Each parameter as NAME, a byte below all others, VALUE: so they sort by name before value. */
static void
append_query (GString    *out,
              const char *query)
{
  g_auto(GStrv) given = g_strsplit (query, "&", -1);
  g_autoptr(GPtrArray) sorted = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; given[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (given[i], "=", 2);
      g_autofree char *name = g_uri_unescape_string (pair[0] != NULL ? pair[0] : "", NULL);
      g_autofree char *value = g_uri_unescape_string (pair[0] != NULL && pair[1] != NULL ? pair[1] : "", NULL);
      g_autofree char *clean_name = g_uri_escape_string (name != NULL ? name : "", NULL, FALSE);
      g_autofree char *clean_value = g_uri_escape_string (value != NULL ? value : "", NULL, FALSE);

      if (*given[i] != '\0')
        g_ptr_array_add (sorted, g_strconcat (clean_name, "\001", clean_value, NULL));
    }

  g_ptr_array_sort (sorted, compare_texts);
  for (guint i = 0; i < sorted->len; i++)
    {
      *strchr (sorted->pdata[i], '\001') = '=';
      g_string_append_printf (out, "%s%s", i > 0 ? "&" : "", (char *) sorted->pdata[i]);
    }
}

static char *
canonical_request (SbDnsCall   *call,
                   const Claim *claim)
{
  GUri *uri = soup_server_message_get_uri (call->message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (call->message);
  g_autofree char *path = g_uri_escape_string (g_uri_get_path (uri), "/", FALSE);
  g_autofree char *names = g_strjoinv (";", claim->headers);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s\n%s\n", call->method, path);
  if (call->raw_query != NULL)
    append_query (out, call->raw_query);
  g_string_append_c (out, '\n');
  for (gsize i = 0; claim->headers[i] != NULL; i++)
    {
      const char *value = soup_message_headers_get_list (headers, claim->headers[i]);
      g_auto(GStrv) words = g_strsplit_set (value != NULL ? value : "", " \t", -1);

      g_string_append_printf (out, "%s:", claim->headers[i]);
      for (gsize n = 0, shown = 0; words[n] != NULL; n++)
        if (*words[n] != '\0')
          g_string_append_printf (out, "%s%s", shown++ > 0 ? " " : "", words[n]);
      g_string_append_c (out, '\n');
    }
  g_string_append_printf (out, "\n%s\n", names);
  append_hash (out, call->body, call->length);
  return g_string_free (out, FALSE);
}

static char *
expected_signature (SbDnsCall   *call,
                    const Claim *claim,
                    const char  *secret)
{
  g_autofree char *canonical = canonical_request (call, claim);
  g_autoptr(GString) to_sign = g_string_new (NULL);
  g_autofree char *start = g_strconcat ("AWS4", secret, NULL);
  guint8 key[DIGEST], next[DIGEST];
  GString *out = g_string_new (NULL);

  g_string_printf (to_sign, ALGORITHM "\n%s\n%s/%s/%s/aws4_request\n", sb_dns_call_header (call, "X-Amz-Date"),
                   claim->date, claim->region, claim->service);
  append_hash (to_sign, canonical, strlen (canonical));

  const char *const steps[] = { claim->region, claim->service, "aws4_request", to_sign->str };
  gnutls_hmac_fast (GNUTLS_MAC_SHA256, start, strlen (start), claim->date, strlen (claim->date), key);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gnutls_hmac_fast (GNUTLS_MAC_SHA256, key, sizeof key, steps[i], strlen (steps[i]), next);
      memcpy (key, next, sizeof key);
    }

  append_hex (out, key);
  return g_string_free (out, FALSE);
}

gboolean
sb_route53_check (SbDnsCall *call)
{
  g_auto(Claim) claim = { 0 };

  if (!read_claim (call, &claim))
    return FALSE;

  const char *secret = find_secret (call, &claim);
  if (secret == NULL || !check_scope (call, &claim) || !check_headers (call, &claim) || !check_time (call, &claim))
    return FALSE;

  g_autofree char *expected = expected_signature (call, &claim, secret);
  return strcmp (expected, claim.signature) == 0
         || refuse (call, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature "
                    "you provided. Check your AWS Secret Access Key and signing method.");
}

/* ---- roles ---- */

static char *
random_word (const char *head,
             gsize       length)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  GString *word = g_string_new (head);

  while (word->len < length)
    {
      guint8 byte;

      gnutls_rnd (GNUTLS_RND_NONCE, &byte, 1);
      g_string_append_c (word, letters[byte % 32]);
    }

  return g_string_free (word, FALSE);
}

static gboolean
check_role (SbDnsCall  *call,
            GHashTable *form)
{
  static const char *const required[] = { "RoleArn", "RoleSessionName" };
  const char *action = g_hash_table_lookup (form, "Action"), *version = g_hash_table_lookup (form, "Version");
  const char *name;

  if (g_strcmp0 (action, "AssumeRole") != 0 || g_strcmp0 (version, "2011-06-15") != 0)
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidAction", "Could not find operation %s for version %s",
                       action, version);
      return FALSE;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (required); i++)
    if (g_hash_table_lookup (form, required[i]) == NULL)
      {
        sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "ValidationError", "1 validation error detected: Value null at "
                         "'%s' failed to satisfy constraint: Member must not be null", required[i]);
        return FALSE;
      }

  name = g_hash_table_lookup (form, "RoleSessionName");
  if (!g_regex_match_simple ("^[\\w+=,.@-]{2,64}$", name, 0, 0))
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "ValidationError", "1 validation error detected: Value '%s' at "
                       "'roleSessionName' failed to satisfy constraint", name);
      return FALSE;
    }

  if (strcmp (g_hash_table_lookup (form, "RoleArn"), SB_ROUTE53_ROLE) == 0
      && g_strcmp0 (g_hash_table_lookup (form, "ExternalId"), SB_ROUTE53_EXTERNAL_ID) == 0)
    return TRUE;

  sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "AccessDenied", "User: " SB_ROUTE53_USER " is not authorized to "
                   "perform: sts:AssumeRole on resource: %s", (char *) g_hash_table_lookup (form, "RoleArn"));
  return FALSE;
}

static void
session_answer (SbDnsCall              *call,
                const char             *access_key,
                const SbRoute53Session *session)
{
  g_autoptr(GDateTime) until = g_date_time_new_from_unix_utc (session->until);
  g_autofree char *expiration = g_date_time_format (until, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *xml =
    g_markup_printf_escaped ("<AssumeRoleResponse xmlns=\"" SB_STS_XMLNS "\"><AssumeRoleResult><AssumedRoleUser>"
                             "<AssumedRoleId>AROASANDBOX:chancery</AssumedRoleId><Arn>" SB_ROUTE53_ROLE "</Arn>"
                             "</AssumedRoleUser><Credentials><AccessKeyId>%s</AccessKeyId>"
                             "<SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>"
                             "<Expiration>%s</Expiration></Credentials></AssumeRoleResult><ResponseMetadata>"
                             "<RequestId>sandbox</RequestId></ResponseMetadata></AssumeRoleResponse>",
                             access_key, session->secret, session->token, expiration);

  sb_route53_answer (call, xml);
}

void
sb_route53_assume_role (SbDnsCall *call)
{
  SbRoute53 *state = call->state;
  g_autoptr(GHashTable) form = soup_form_decode (call->body);
  const char *duration = g_hash_table_lookup (form, "DurationSeconds");
  guint64 seconds = 3600;

  if (!check_role (call, form) || !sb_route53_allow (call, "AssumeRole", SB_ROUTE53_ROLE))
    return;
  if (duration != NULL && !g_ascii_string_to_unsigned (duration, 10, 900, 43200, &seconds, NULL))
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "ValidationError", "1 validation error detected: Value '%s' at "
                       "'durationSeconds' failed to satisfy constraint", duration);
      return;
    }

  SbRoute53Session *session = g_new (SbRoute53Session, 1);
  char *access_key = random_word ("ASIA", 20);
  session->secret = random_word ("", 40);
  session->token = random_word ("IQoJb3JpZ2luX2VjE/", 200);
  session->until = sb_route53_now (state) + seconds;
  g_hash_table_replace (state->sessions, access_key, session);
  session_answer (call, access_key, session);
}
