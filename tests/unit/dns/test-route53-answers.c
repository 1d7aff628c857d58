/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include "dns/provider.h"
#include "dns/route53-call.h"
#include "dns/route53-set.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "net/pause.h"

#include <string.h>

/* What the provider makes of each answer that Route 53 may give, from a scripted server. */

#define SECRET "s3cr/t+key"
#define TOKEN "t0k/n+session=="
#define NS "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\""
#define ERROR(code, message) "<?xml version=\"1.0\"?>\n<ErrorResponse " NS "><Error><Type>Sender</Type><Code>" code \
                             "</Code><Message>" message "</Message></Error><RequestId>r</RequestId></ErrorResponse>"
#define SETS(sets) "<ListResourceRecordSetsResponse " NS "><ResourceRecordSets>" sets "</ResourceRecordSets>" \
                   "<IsTruncated>false</IsTruncated><MaxItems>1</MaxItems></ListResourceRecordSetsResponse>"
#define SET(name, ttl, records) "<ResourceRecordSet><Name>" name "</Name><Type>TXT</Type><TTL>" ttl "</TTL>" \
                                "<ResourceRecords>" records "</ResourceRecords></ResourceRecordSet>"
#define RECORD(value) "<ResourceRecord><Value>" value "</Value></ResourceRecord>"
#define OTHERS SETS (SET ("_x.example.test.", "300", RECORD ("\"other\"")))
#define BOTH SETS (SET ("_x.example.test.", "300", RECORD ("\"other\"") RECORD ("\"ours\"")))
#define NOTHING SETS ("")
#define CHANGED(status) "<ChangeResourceRecordSetsResponse " NS "><ChangeInfo><Id>/change/C1</Id><Status>" status \
                        "</Status></ChangeInfo></ChangeResourceRecordSetsResponse>"
#define STATUS(status) "<GetChangeResponse " NS "><ChangeInfo><Id>/change/C1</Id><Status>" status \
                       "</Status></ChangeInfo></GetChangeResponse>"
#define BATCH(message) ERROR ("InvalidChangeBatch", "[" message "]")
#define RACE BATCH ("Tried to create resource record set [name='_x.example.test.', type='TXT'] but it already exists")

/** Answer: status 0 closes the connection; a status -1 ends a list of them. */
typedef struct
{
  int status;
  const char *body;
  const char *date;     /* (nullable): the header Date */
  const char *header;   /* (nullable): another */
} Answer;

/** Play: what is answered, and what was asked. */
typedef struct
{
  TestServer *server;
  const Answer *answers;
  guint next;
  GPtrArray *seen;      /* (element-type utf8): method, path and body of each request */
  GPtrArray *heads;     /* (element-type utf8) */
  ChDnsAccess access;
} Play;

static const ChDnsProvider *
provider (void)
{
  return ch_dns_find ("route53", NULL);
}

static void
respond (const TestRequest *request,
         const Answer      *answer)
{
  if (answer->status <= 0)
    return;

  if (answer->date == NULL && answer->header == NULL)
    {
      test_answer (request, answer->status, *answer->body == '<' ? "text/xml" : "text/html", answer->body);
      return;
    }

  g_autofree char *text =
    g_strdup_printf ("HTTP/1.1 %d X\r\n%s%s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n%s",
                     answer->status, answer->date != NULL ? "Date: " : "",
                     answer->date != NULL ? answer->date : answer->header, strlen (answer->body), answer->body);
  test_send (request, text);
}

static void
act (const TestRequest *request,
     gpointer           data)
{
  Play *play = data;

  g_ptr_array_add (play->seen, g_strdup_printf ("%.*s\n%s", (int) (strstr (request->head, " HTTP/") - request->head),
                                                request->head, request->body));
  g_ptr_array_add (play->heads, g_strdup (request->head));
  g_assert_cmpint (play->answers[play->next].status, >=, 0);
  respond (request, &play->answers[play->next++]);
}

static void
set (GHashTable *table,
     const char *name,
     const char *value)
{
  g_hash_table_replace (table, g_strdup (name), g_strdup (value));
}

static void
play_begin (Play         *play,
            const Answer *answers)
{
  static guint serial;

  *play = (Play) { .answers = answers, .seen = g_ptr_array_new_with_free_func (g_free),
                   .heads = g_ptr_array_new_with_free_func (g_free),
                   .access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                               ch_secret_table_new () } };
  play->server = test_server_new (NULL, act, play);

  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/base/", test_server_port (play->server));
  /* pauses are kept by account: each play is another one */
  g_autofree char *key = g_strdup_printf ("AKIATEST%08u", ++serial);
  set (play->access.settings, "access-key", key);
  set (play->access.settings, "zone-id", "Z1");
  set (play->access.settings, "settle", "0");
  set (play->access.settings, "url", url);
  set (play->access.settings, "resolver", "127.0.0.1:1");
  set (play->access.secrets, "secret-access-key", SECRET);
}

static void
play_clear (Play *play)
{
  test_server_free (play->server);
  g_ptr_array_unref (play->seen);
  g_ptr_array_unref (play->heads);
  g_hash_table_unref (play->access.settings);
  g_hash_table_unref (play->access.secrets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Play, play_clear)

static gboolean
add (Play     *play,
     gboolean *existed,
     GError  **error)
{
  ChTxt txt = { "_x.example.test", "ours" };

  return provider ()->add (&play->access, "example.test", &txt, existed, NULL, error);
}

/* (transfer full) (nullable): what is to be asked for */
static char *
begin (Play *play)
{
  ChTxt txt = { "_x.example.test", "ours" };
  g_autoptr(GError) error = NULL;
  gboolean existed;
  char *token;

  g_assert_true (provider ()->begin_add (&play->access, "example.test", &txt, &existed, &token, NULL, &error));
  g_assert_no_error (error);
  return token;
}

static gboolean
take (Play    *play,
      GError **error)
{
  ChTxt txt = { "_x.example.test", "ours" };

  return provider ()->remove (&play->access, "example.test", &txt, NULL, error);
}

static void
check_error (const GError *error,
             int           code,
             const char   *says)
{
  g_test_message ("%s", error != NULL ? error->message : "no error");
  g_assert_error (error, CH_ERROR, code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
  g_assert_null (strstr (error->message, SECRET));
  g_assert_null (strstr (error->message, TOKEN));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* ---- the table of errors ---- */

/** Refusal: an answer to the first question of all. */
typedef struct
{
  Answer answer;
  int code;
  const char *says;
} Refusal;

#define OLD "Sun, 30 Aug 2015 12:36:00 GMT"

static const Refusal refusals[] = {
  { { 403, ERROR ("InvalidClientTokenId", "The security token included in the request is invalid.") },
    CH_ERROR_CREDENTIALS, "“access-key”" },
  { { 403, ERROR ("UnrecognizedClientException", "x") }, CH_ERROR_CREDENTIALS, "“access-key”" },
  { { 403, ERROR ("SignatureDoesNotMatch", "The request signature we calculated …") }, CH_ERROR_CREDENTIALS,
    "“secret-access-key”" },
  { { 403, ERROR ("SignatureDoesNotMatch", "The Canonical String should have been: x-amz-security-token:" TOKEN) },
    CH_ERROR_CREDENTIALS, "“secret-access-key”" },
  { { 403, ERROR ("SignatureDoesNotMatch", "x"), OLD }, CH_ERROR_CLOCK, "2015-08-30 12:36:00" },
  { { 403, ERROR ("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2") }, CH_ERROR_CLOCK, "clock" },
  { { 403, ERROR ("SignatureDoesNotMatch", "Signature not yet current: 1") }, CH_ERROR_CLOCK, "clock" },
  { { 403, ERROR ("RequestExpired", "x") }, CH_ERROR_CLOCK, "clock" },
  { { 400, ERROR ("IncompleteSignature", "x") }, CH_ERROR_CREDENTIALS, "proxy" },
  { { 403, ERROR ("MissingAuthenticationToken", "x") }, CH_ERROR_CREDENTIALS, "proxy" },
  { { 403, ERROR ("ExpiredToken", "x") }, CH_ERROR_CREDENTIALS, "has expired" },
  { { 403, ERROR ("ExpiredTokenException", "x") }, CH_ERROR_CREDENTIALS, "has expired" },
  { { 403, ERROR ("AccessDenied", "User: arn:u is not authorized") }, CH_ERROR_FORBIDDEN, "arn:u is not authorized" },
  { { 403, ERROR ("AccessDeniedException", "x") }, CH_ERROR_FORBIDDEN, "route53:ListResourceRecordSets" },
  { { 403, ERROR ("AccessDenied", "we were told " SECRET) }, CH_ERROR_FORBIDDEN, "no reason given" },
  { { 403, ERROR ("OptInRequired", "x") }, CH_ERROR_FORBIDDEN, "policy" },
  { { 404, ERROR ("NoSuchHostedZone", "No hosted zone found with ID: Z1") }, CH_ERROR_ZONE_NOT_FOUND, "ID: Z1" },
  { { 400, ERROR ("InvalidInput", "Bad\nthing") }, CH_ERROR_INVALID, "Bad thing" },
  { { 400, ERROR ("InvalidDomainName", "x") }, CH_ERROR_INVALID, "InvalidDomainName" },
  { { 400, ERROR ("SomethingNew", "x") }, CH_ERROR_INVALID, "SomethingNew" },
  { { 400, ERROR ("Throttling", "Rate exceeded") }, CH_ERROR_THROTTLED, "too often" },
  { { 400, ERROR ("ThrottlingException", "Rate exceeded") }, CH_ERROR_THROTTLED, "too often" },
  { { 400, ERROR ("PriorRequestNotComplete", "x") }, CH_ERROR_THROTTLED, "another change" },
  { { 503, ERROR ("SlowDown", "x") }, CH_ERROR_THROTTLED, "too often" },
  { { 503, ERROR ("RequestLimitExceeded", "x") }, CH_ERROR_THROTTLED, "too often" },
  { { 429, "" }, CH_ERROR_THROTTLED, "too often" },
  { { 500, ERROR ("InternalFailure", "x") }, CH_ERROR_TRANSIENT, "InternalFailure" },
  { { 503, ERROR ("ServiceUnavailable", "x") }, CH_ERROR_TRANSIENT, "503" },
  { { 502, "<html><body>Bad gateway</body></html>" }, CH_ERROR_TRANSIENT, "502" },
  { { 403, "<!DOCTYPE html><html>Blocked</html>" }, CH_ERROR_TRANSIENT, "403" },
  { { 200, "<!DOCTYPE html><html>Log in</html>" }, CH_ERROR_TRANSIENT, "web page" },
  { { 200, "<html/>" }, CH_ERROR_TRANSIENT, "web page" },
  { { 200, "<ListResourceRecordSetsResponse " NS "><ResourceRecordSets>" }, CH_ERROR_TRANSIENT, "cut off" },
  { { 200, "" }, CH_ERROR_TRANSIENT, "else than XML" },
  { { 301, "" }, CH_ERROR_BAD_ANSWER, "elsewhere" },
  { { 200, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>" }, CH_ERROR_BAD_ANSWER, "DTD" },
  { { 200, "<a/>" }, CH_ERROR_BAD_ANSWER, "no records" },
  { { 200, SETS (SET ("_x.example.test.", "many", RECORD ("\"a\""))) }, CH_ERROR_BAD_ANSWER, "TTL" },
  { { 200, SETS (SET ("_x.example.test.", "60", "")) }, CH_ERROR_BAD_ANSWER, "values" },
  { { 0 }, CH_ERROR_UNREACHABLE, "127.0.0.1" },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const Answer answers[] = { refusals[i].answer, { -1 } };
      gboolean existed;

      for (guint n = 0; n < 2; n++)
        {
          g_auto(Play) play = { 0 };
          g_autoptr(GError) error = NULL;

          play_begin (&play, answers);
          if (refusals[i].says != NULL && strstr (refusals[i].says, "has expired") != NULL)
            set (play.access.secrets, "session-token", TOKEN);
          g_assert_false (n == 0 ? add (&play, &existed, &error) : take (&play, &error));
          check_error (error, refusals[i].code, refusals[i].says);
          g_assert_cmpuint (play.seen->len, ==, 1);
        }
    }
}

/* ---- changes ---- */

/** Case: answers to one change, and what was asked and came of it. */
typedef struct
{
  const char *label;
  gboolean removing;
  Answer answers[12];
  int code;             /* -1: done */
  const char *says;
  gboolean existed;
  guint n_asked;
  const char *last;     /* (nullable): what the last request has */
} Case;

#define POSTED "POST /base/2013-04-01/hostedzone/Z1/rrset/\n"
#define HEAD "<ResourceRecordSet><Name>_x.example.test.</Name><Type>TXT</Type><TTL>"
#define TAIL "</ResourceRecordSet></Change>"
#define CHANGE(action, ttl, records) "<Change><Action>" action "</Action>" HEAD ttl "</TTL><ResourceRecords>" records \
                                     "</ResourceRecords>" TAIL
/* as g_markup_escape_text() writes them */
#define OURS RECORD ("&quot;ours&quot;")
#define OTHER RECORD ("&quot;other&quot;")

static const Case cases[] = {
  { "nothing there", FALSE, { { 200, NOTHING }, { 200, CHANGED ("INSYNC") }, { -1 } }, -1, NULL, FALSE, 2,
    "<Changes>" CHANGE ("CREATE", "60", OURS) "</Changes>" },
  { "beside others", FALSE, { { 200, OTHERS }, { 200, CHANGED ("PENDING") }, { -1 } }, -1, NULL, FALSE, 2,
    "<Changes>" CHANGE ("DELETE", "300", OTHER) CHANGE ("CREATE", "300", OTHER OURS) "</Changes>" },
  { "there already", FALSE, { { 200, BOTH }, { -1 } }, -1, NULL, TRUE, 1, NULL },
  { "there in another case", FALSE,
    { { 200, SETS (SET ("_X.Example.TEST.", "5", RECORD ("\"ours\""))) }, { -1 } }, -1, NULL, TRUE, 1, NULL },
  { "there in escapes and parts", FALSE,
    { { 200, SETS (SET ("\\137x.example.test.", "5", RECORD ("\"\\157u\" \"r\\s\""))) }, { -1 } }, -1, NULL, TRUE, 1,
    NULL },
  { "a later name", FALSE,
    { { 200, SETS (SET ("_y.example.test.", "5", RECORD ("\"ours\""))) }, { 200, CHANGED ("INSYNC") }, { -1 } },
    -1, NULL, FALSE, 2, "<Changes>" CHANGE ("CREATE", "60", OURS) "</Changes>" },
  { "a later type", FALSE,
    { { 200, SETS ("<ResourceRecordSet><Name>_x.example.test.</Name><Type>URI</Type><TTL>5</TTL><ResourceRecords>"
                   "<ResourceRecord><Value>\"ours\"</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>") },
      { 200, CHANGED ("INSYNC") }, { -1 } },
    -1, NULL, FALSE, 2, "<Changes>" CHANGE ("CREATE", "60", OURS) "</Changes>" },
  { "a routing policy", FALSE,
    { { 200, SETS ("<ResourceRecordSet><Name>_x.example.test.</Name><Type>TXT</Type><SetIdentifier>a</SetIdentifier>"
                   "<Weight>1</Weight><TTL>5</TTL><ResourceRecords><ResourceRecord><Value>\"v\"</Value></ResourceRecord>"
                   "</ResourceRecords></ResourceRecordSet>") }, { -1 } },
    CH_ERROR_CONFLICT, "routing policy", FALSE, 1, NULL },
  { "an alias", FALSE,
    { { 200, SETS ("<ResourceRecordSet><Name>_x.example.test.</Name><Type>TXT</Type><AliasTarget><HostedZoneId>Z2"
                   "</HostedZoneId></AliasTarget></ResourceRecordSet>") }, { -1 } },
    CH_ERROR_CONFLICT, "alias", FALSE, 1, NULL },
  { "somebody was faster", FALSE,
    { { 200, NOTHING }, { 400, RACE }, { 200, OTHERS },
      { 400, BATCH ("Tried to delete resource record set [x] but the values provided do not match the current values") },
      { 200, OTHERS }, { 400, BATCH ("Tried to delete resource record set [x] but it was not found") },
      { 200, NOTHING }, { 200, CHANGED ("INSYNC") }, { -1 } },
    -1, NULL, FALSE, 8, "<Changes>" CHANGE ("CREATE", "60", OURS) "</Changes>" },
  { "somebody was faster with the same", FALSE, { { 200, NOTHING }, { 400, RACE }, { 200, BOTH }, { -1 } },
    -1, NULL, TRUE, 3, NULL },
  { "the older form of that", FALSE,
    { { 200, NOTHING },
      { 400, "<InvalidChangeBatch " NS "><Messages><Message>Tried to create x but it already exists</Message></Messages>"
             "</InvalidChangeBatch>" }, { 200, BOTH }, { -1 } },
    -1, NULL, TRUE, 3, NULL },
  { "busy with another change", FALSE,
    { { 200, NOTHING }, { 400, ERROR ("PriorRequestNotComplete", "x") }, { 200, NOTHING }, { 200, CHANGED ("INSYNC") },
      { -1 } }, -1, NULL, FALSE, 4, NULL },
  { "beside a CNAME", FALSE,
    { { 200, NOTHING }, { 400, BATCH ("RRSet of type TXT with DNS name _x.example.test. is not permitted because a "
                                      "conflicting RRSet of type CNAME with the same DNS name already exists in zone") },
      { -1 } }, CH_ERROR_CONFLICT, "CNAME", FALSE, 2, NULL },
  { "another refusal", FALSE, { { 200, NOTHING }, { 400, BATCH ("Duplicate Resource Record: 'x'") }, { -1 } },
    CH_ERROR_INVALID, "Duplicate", FALSE, 2, NULL },
  { "too often", FALSE, { { 200, NOTHING }, { 400, ERROR ("Throttling", "Rate exceeded") }, { -1 } },
    CH_ERROR_THROTTLED, "too often", FALSE, 2, NULL },
  { "UPSERT alone is allowed", FALSE,
    { { 200, OTHERS }, { 403, ERROR ("AccessDenied", "x") }, { 200, OTHERS }, { 200, CHANGED ("INSYNC") }, { -1 } },
    -1, NULL, FALSE, 4, "<Changes>" CHANGE ("UPSERT", "300", OTHER OURS) "</Changes>" },
  { "nothing is allowed", FALSE,
    { { 200, OTHERS }, { 403, ERROR ("AccessDenied", "x") }, { 200, OTHERS }, { 403, ERROR ("AccessDenied", "y") },
      { -1 } }, CH_ERROR_FORBIDDEN, "route53:ChangeResourceRecordSets", FALSE, 4, NULL },
  { "lost, and done", FALSE, { { 200, NOTHING }, { 0 }, { 200, BOTH }, { -1 } }, -1, NULL, FALSE, 3, NULL },
  { "lost, and not done", FALSE, { { 200, NOTHING }, { 0 }, { 200, NOTHING }, { -1 } }, CH_ERROR_TRANSIENT,
    "has not changed", FALSE, 3, NULL },
  { "lost, and nobody knows", FALSE, { { 200, NOTHING }, { 0 }, { 500, "" }, { -1 } }, CH_ERROR_UNKNOWN_OUTCOME,
    "not known", FALSE, 3, NULL },
  { "trouble, and done", FALSE, { { 200, NOTHING }, { 500, ERROR ("InternalFailure", "x") }, { 200, BOTH }, { -1 } },
    -1, NULL, FALSE, 3, NULL },
  { "nonsense, and done", FALSE, { { 200, NOTHING }, { 200, "{}" }, { 200, BOTH }, { -1 } }, -1, NULL, FALSE, 3, NULL },

  { "others stay", TRUE, { { 200, BOTH }, { 200, CHANGED ("PENDING") }, { -1 } }, -1, NULL, FALSE, 2,
    "<Changes>" CHANGE ("DELETE", "300", OTHER OURS) CHANGE ("CREATE", "300", OTHER) "</Changes>" },
  { "nothing stays", TRUE,
    { { 200, SETS (SET ("_x.example.test.", "60", RECORD ("\"ours\""))) }, { 200, CHANGED ("PENDING") }, { -1 } },
    -1, NULL, FALSE, 2, "<Changes>" CHANGE ("DELETE", "60", OURS) "</Changes>" },
  { "gone already", TRUE, { { 200, OTHERS }, { -1 } }, -1, NULL, FALSE, 1, NULL },
  { "gone meanwhile", TRUE,
    { { 200, BOTH }, { 400, BATCH ("Tried to delete resource record set [x] but it was not found") }, { 200, NOTHING },
      { -1 } }, -1, NULL, FALSE, 3, NULL },
  { "DELETE is not allowed", TRUE,
    { { 200, SETS (SET ("_x.example.test.", "60", RECORD ("\"ours\""))) }, { 403, ERROR ("AccessDenied", "x") },
      { 200, SETS (SET ("_x.example.test.", "60", RECORD ("\"ours\""))) }, { 403, ERROR ("AccessDenied", "x") }, { -1 } },
    CH_ERROR_FORBIDDEN, "route53:ChangeResourceRecordSets", FALSE, 4, NULL },
};

static void
run_case (const Case *at)
{
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed = !at->existed;

  g_test_message ("%s", at->label);
  play_begin (&play, at->answers);
  gboolean done = at->removing ? take (&play, &error) : add (&play, &existed, &error);
  if (at->code < 0)
    g_assert_no_error (error);
  else
    check_error (error, at->code, at->says);

  g_assert_cmpint (done, ==, at->code < 0);
  g_assert_cmpuint (play.seen->len, ==, at->n_asked);
  g_assert_cmpstr (play.seen->pdata[0], ==,
                   "GET /base/2013-04-01/hostedzone/Z1/rrset?name=_x.example.test.&type=TXT&maxitems=1\n");
  if (done && !at->removing)
    g_assert_cmpint (existed, ==, at->existed);
  if (at->last == NULL)
    return;

  const char *last = play.seen->pdata[play.seen->len - 1];
  g_assert_true (g_str_has_prefix (last, POSTED));
  if (strstr (last, at->last) == NULL)
    g_error ("“%s” does not hold “%s”", last, at->last);
}

static void
test_changes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    run_case (&cases[i]);
}

/* after eight times somebody else is still faster */
static void
test_always_somebody_faster (void)
{
  Answer answers[18] = { { 0 } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  for (guint i = 0; i < 17; i++)
    answers[i] = i % 2 == 0 ? (Answer) { 200, NOTHING } : (Answer) { 400, RACE };
  answers[17].status = -1;
  play_begin (&play, answers);
  g_assert_false (add (&play, &existed, &error));
  check_error (error, CH_ERROR_CONFLICT, "at the same time");
  g_assert_cmpuint (play.seen->len, ==, 16);
}

/* who was asked to wait waits for all with the same key, without asking */
static void
test_pause (void)
{
  static const struct { Answer answer; int code; guint seconds; } pauses[] = {
    { { 400, ERROR ("Throttling", "Rate exceeded") }, CH_ERROR_THROTTLED, 1 },
    { { 400, ERROR ("Throttling", "Rate exceeded"), NULL, "Retry-After: 100" }, CH_ERROR_THROTTLED, 100 },
    { { 503, ERROR ("SlowDown", "x"), NULL, "Retry-After: 100" }, CH_ERROR_THROTTLED, 100 },
    { { 429, "", NULL, "Retry-After: 100" }, CH_ERROR_THROTTLED, 100 },
    { { 503, ERROR ("ServiceUnavailable", "x"), NULL, "Retry-After: 100" }, CH_ERROR_TRANSIENT, 100 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      const Answer answers[] = { pauses[i].answer, { -1 } };
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;
      gint64 before = g_get_monotonic_time ();
      gboolean existed;

      play_begin (&play, answers);
      g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/base", test_server_port (play.server));
      g_autofree char *caller = ch_pause_caller (url, g_hash_table_lookup (play.access.settings, "access-key"));
      g_assert_true (ch_pause_check (caller, before, "Route 53", NULL));
      g_assert_false (add (&play, &existed, &error));
      g_assert_error (error, CH_ERROR, pauses[i].code);
      g_assert_false (ch_pause_check (caller, before + (pauses[i].seconds - 1) * G_USEC_PER_SEC, "Route 53", NULL));
      g_clear_error (&error);

      /* another order's request is not even sent */
      ch_pause_begin (caller, g_get_monotonic_time (), 3600);
      g_assert_false (take (&play, &error));
      check_error (error, CH_ERROR_THROTTLED, "too often");
      g_assert_cmpuint (play.seen->len, ==, 1);
    }
}

/* Adding answers at once; each question is one request, and its answer is the whole truth. */
static void
test_status (void)
{
  static const struct { Answer answer; gboolean settled; } replies[] = {
    { { 200, STATUS ("INSYNC") }, TRUE },
    { { 200, STATUS ("PENDING") }, FALSE },
    { { 503, "" }, FALSE },
    { { 400, ERROR ("Throttling", "Rate exceeded") }, FALSE },
    { { 403, ERROR ("AccessDenied", "x") }, TRUE },
    { { 404, ERROR ("NoSuchChange", "x") }, TRUE },
    { { 200, "<a/>" }, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      const Answer answers[] = { { 200, NOTHING }, { 200, CHANGED ("PENDING") }, replies[i].answer, { -1 } };
      g_auto(Play) play = { 0 };
      g_autofree char *token = NULL;

      play_begin (&play, answers);
      set (play.access.settings, "settle", "60");
      token = begin (&play);
      g_assert_true (g_str_has_prefix (token, "C1 "));
      g_assert_cmpuint (play.seen->len, ==, 2);
      g_assert_cmpint (provider ()->has_settled (&play.access, token, NULL), ==, replies[i].settled);
      g_assert_cmpuint (play.seen->len, ==, 3);
      g_assert_cmpstr (play.seen->pdata[2], ==, "GET /base/2013-04-01/change/C1\n");
    }
}

static void
test_nothing_to_wait_for (void)
{
  static const struct { const char *settle; Answer answer; } replies[] = {
    { "60", { 200, CHANGED ("INSYNC") } }, { "60", { 200, "<a/>" } }, { "0", { 200, CHANGED ("PENDING") } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      const Answer answers[] = { { 200, NOTHING }, replies[i].answer, { -1 } };
      g_auto(Play) play = { 0 };

      play_begin (&play, answers);
      set (play.access.settings, "settle", replies[i].settle);
      g_assert_null (begin (&play));
    }
}

/* Neither one whose time is over, nor one of a clock that was set back, nor what is no token, is asked for. */
static void
test_not_asked (void)
{
  static const Answer none[] = { { -1 } };
  g_autofree char *far = g_strdup_printf ("C1 %" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC + 3600);
  const char *const tokens[] = { "C1 1700000000", far, "", "C1", "C1 ", "../x 99999999999", "C1 x" };
  g_auto(Play) play = { 0 };

  play_begin (&play, none);
  set (play.access.settings, "settle", "60");
  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_assert_true (provider ()->has_settled (&play.access, tokens[i], NULL));
  g_assert_cmpuint (play.seen->len, ==, 0);
}

/* ---- zones ---- */

#define ZONES(zones, rest) "<ListHostedZonesByNameResponse " NS "><HostedZones>" zones "</HostedZones>" rest \
                           "</ListHostedZonesByNameResponse>"
#define ZONE(id, name, private) "<HostedZone><Id>/hostedzone/" id "</Id><Name>" name "</Name><Config><PrivateZone>" private \
                                "</PrivateZone></Config></HostedZone>"
#define MORE(name, id) "<IsTruncated>true</IsTruncated><NextDNSName>" name "</NextDNSName><NextHostedZoneId>" id \
                       "</NextHostedZoneId>"
#define END "<IsTruncated>false</IsTruncated>"

static const struct
{
  const char *name;
  Answer answers[4];
  const char *zone;     /* NULL: there is none */
  const char *says;
  const char *asked;    /* last */
} walks[] = {
  { "_x.www.example.test", { { 200, ZONES (ZONE ("Z1", "example.test.", "false"), END) }, { -1 } }, "example.test", NULL,
    "dnsname=example.test&maxitems=100\n" },
  { "example.test", { { 200, ZONES (ZONE ("Z1", "EXAMPLE.test.", "false"), END) }, { -1 } }, "example.test", NULL, NULL },
  { "_x.www.example.test",
    { { 200, ZONES (ZONE ("Z1", "example.test.", "false") ZONE ("Z2", "a.example.test.", "false")
                    ZONE ("Z3", "www.example.test.", "false") ZONE ("Z4", "a.www.example.test.", "false"), END) }, { -1 } },
    "www.example.test", NULL, NULL },
  /* the list is a position: what comes first may be another one */
  { "_x.example.test", { { 200, ZONES (ZONE ("Z1", "other.test.", "false"), MORE ("p.test.", "Z2")) }, { -1 } }, NULL,
    "_x.example.test", NULL },
  { "_x.example.test", { { 200, ZONES (ZONE ("Z1", "badexample.test.", "false"), END) }, { -1 } }, NULL,
    "_x.example.test", NULL },
  { "_x.example.test", { { 200, ZONES ("", END) }, { -1 } }, NULL, "zone-id", NULL },
  { "_x.example.test", { { 200, ZONES (ZONE ("Z1", "example.test.", "true"), END) }, { -1 } }, NULL, "private", NULL },
  { "_x.a.example.test",
    { { 200, ZONES (ZONE ("Z1", "example.test.", "false") ZONE ("Z2", "a.example.test.", "true"), END) }, { -1 } },
    "example.test", NULL, NULL },
  { "_x.a.example.test",
    { { 200, ZONES (ZONE ("Z1", "example.test.", "true"), MORE ("\\052.example.test.", "Z&amp;2")) },
      { 200, ZONES (ZONE ("Z2", "a.example.test.", "false"), END) }, { -1 } },
    "a.example.test", NULL, "dnsname=%5C052.example.test.&hostedzoneid=Z%262&maxitems=100\n" },
  { "_x.a.example.test", { { 200, ZONES (ZONE ("../Z?1", "example.test.", "false"), END) }, { -1 } }, NULL, "zone-id",
    NULL },
  { "_x.a.example.test", { { 403, ERROR ("AccessDenied", "x") }, { -1 } }, NULL, "zone-id", NULL },
};

static void
test_find_zone (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (walks); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, walks[i].answers);
      g_hash_table_remove (play.access.settings, "zone-id");
      g_autofree char *zone = provider ()->find_zone (&play.access, walks[i].name, NULL, &error);
      g_test_message ("%s: %s", walks[i].name, zone != NULL ? zone : error->message);
      g_assert_cmpstr (zone, ==, walks[i].zone);
      if (zone == NULL)
        check_error (error, walks[i].answers[0].status == 403 ? CH_ERROR_FORBIDDEN : CH_ERROR_ZONE_NOT_FOUND,
                     walks[i].says);
      if (walks[i].asked != NULL)
        g_assert_true (g_str_has_suffix (play.seen->pdata[play.seen->len - 1], walks[i].asked));
    }
}

static void
test_endless_list (void)
{
  Answer answers[52] = { { 0 } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 51; i++)
    answers[i] = (Answer) { 200, ZONES (ZONE ("Z1", "b.example.test.", "false"), MORE ("c.example.test.", "Z2")) };
  answers[51].status = -1;
  play_begin (&play, answers);
  g_hash_table_remove (play.access.settings, "zone-id");
  g_assert_null (provider ()->find_zone (&play.access, "_x.example.test", NULL, &error));
  check_error (error, CH_ERROR_BAD_ANSWER, "no end");
}

static void
test_pinned_zone (void)
{
#define GOT(id, name, private) "<GetHostedZoneResponse " NS ">" ZONE (id, name, private) "</GetHostedZoneResponse>"
  static const struct { Answer answers[2]; int code; const char *says; } pins[] = {
    { { { 200, GOT ("Z1", "example.test.", "false") }, { -1 } }, -1, NULL },
    { { { 200, GOT ("Z1", "example.test.", "true") }, { -1 } }, CH_ERROR_ZONE_NOT_FOUND, "private" },
    { { { 200, GOT ("Z1", "other.test.", "false") }, { -1 } }, CH_ERROR_ZONE_NOT_FOUND, "other.test" },
    { { { 200, "<GetHostedZoneResponse " NS "/>" }, { -1 } }, CH_ERROR_BAD_ANSWER, "Z1" },
    { { { 404, ERROR ("NoSuchHostedZone", "No hosted zone found with ID: Z1") }, { -1 } }, CH_ERROR_ZONE_NOT_FOUND, "Z1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pins); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, pins[i].answers);
      g_autofree char *zone = provider ()->find_zone (&play.access, "_x.example.test", NULL, &error);
      g_assert_cmpstr (zone, ==, pins[i].code < 0 ? "example.test" : NULL);
      if (pins[i].code >= 0)
        check_error (error, pins[i].code, pins[i].says);
      g_assert_cmpstr (play.seen->pdata[0], ==, "GET /base/2013-04-01/hostedzone/Z1\n");
    }
}

/* ---- who asks ---- */

#define ROLE(expiration) "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>" \
                         "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>rolesecret</SecretAccessKey>" \
                         "<SessionToken>" TOKEN "</SessionToken><Expiration>" expiration "</Expiration></Credentials>" \
                         "</AssumeRoleResult></AssumeRoleResponse>"

static void
set_role (Play *play)
{
  set (play->access.settings, "role-arn", "arn:aws:iam::1:role/a b");
  set (play->access.settings, "external-id", "x&y=z");
  set (play->access.settings, "sts-url", g_hash_table_lookup (play->access.settings, "url"));
}

static void
test_role (void)
{
  static const Answer answers[] = { { 200, ROLE ("2099-01-01T00:00:00Z") }, { 200, BOTH }, { 200, BOTH }, { -1 } };
  g_auto(Play) play = { 0 };
  g_autoptr(GError) error = NULL;
  gboolean existed;

  play_begin (&play, answers);
  set_role (&play);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (add (&play, &existed, &error));
      g_assert_no_error (error);
    }

  g_assert_cmpuint (play.seen->len, ==, 3);
  g_assert_cmpstr (play.seen->pdata[0], ==,
                   "POST /base/\nAction=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b"
                   "&RoleSessionName=chancery&DurationSeconds=3600&ExternalId=x%26y%3Dz");
  g_assert_nonnull (strstr (play.heads->pdata[0], "/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date,"));
  for (guint i = 1; i < 3; i++)
    {
      g_assert_nonnull (strstr (play.heads->pdata[i], "Credential=ASIAROLE/"));
      g_assert_nonnull (strstr (play.heads->pdata[i], "/us-east-1/route53/aws4_request, "
                                                      "SignedHeaders=host;x-amz-date;x-amz-security-token,"));
      g_assert_nonnull (strstr (play.heads->pdata[i], TOKEN));
    }
}

static void
test_role_trouble (void)
{
  static const struct { Answer answers[4]; int code; const char *says; guint n_asked; } troubles[] = {
    { { { 403, ERROR ("AccessDenied", "x") }, { -1 } }, CH_ERROR_FORBIDDEN, "sts:AssumeRole", 1 },
    { { { 400, ERROR ("ValidationError", "bad arn") }, { -1 } }, CH_ERROR_INVALID, "bad arn", 1 },
    { { { 403, ERROR ("RegionDisabledException", "x") }, { -1 } }, CH_ERROR_FORBIDDEN, "role/a b", 1 },
    { { { 200, "<AssumeRoleResponse/>" }, { -1 } }, CH_ERROR_BAD_ANSWER, "whole credentials", 1 },
    { { { 200, ROLE ("soon") }, { -1 } }, CH_ERROR_BAD_ANSWER, "whole credentials", 1 },
    /* renewed once, not for ever */
    { { { 200, ROLE ("2099-01-01T00:00:00Z") }, { 403, ERROR ("ExpiredToken", "x") },
        { 403, ERROR ("AccessDenied", "x") }, { -1 } }, CH_ERROR_FORBIDDEN, "sts:AssumeRole", 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;
      gboolean existed;

      play_begin (&play, troubles[i].answers);
      set_role (&play);
      g_assert_false (add (&play, &existed, &error));
      check_error (error, troubles[i].code, troubles[i].says);
      g_assert_cmpuint (play.seen->len, ==, troubles[i].n_asked);
    }
}

/* credentials that are nearly over are not used */
static void
test_role_nearly_over (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) soon = g_date_time_add_minutes (now, 4);
  g_autofree char *until = g_date_time_format (soon, "%Y-%m-%dT%H:%M:%SZ");
  g_auto(GStrv) parts = g_strsplit (ROLE ("@"), "@", 2);
  g_autofree char *role = g_strconcat (parts[0], until, parts[1], NULL);
  const Answer answers[] = { { 200, role }, { 200, BOTH }, { 200, role }, { 200, BOTH }, { -1 } };
  g_auto(Play) play = { 0 };
  gboolean existed;

  play_begin (&play, answers);
  set_role (&play);
  g_assert_true (add (&play, &existed, NULL));
  g_assert_true (add (&play, &existed, NULL));
  g_assert_cmpuint (play.seen->len, ==, 4);
}

/* the endpoint rules of AWS */
static void
test_places (void)
{
  static const struct { const char *partition, *region, *url, *signing, *sts; } rows[] = {
    { "aws", NULL, "https://route53.amazonaws.com", "us-east-1", "https://sts.amazonaws.com" },
    { "aws", "eu-central-1", "https://route53.amazonaws.com", "us-east-1", "https://sts.eu-central-1.amazonaws.com" },
    { "aws-cn", NULL, "https://route53.amazonaws.com.cn", "cn-northwest-1", "https://sts.cn-northwest-1.amazonaws.com.cn" },
    { "aws-cn", "cn-north-1", "https://route53.amazonaws.com.cn", "cn-northwest-1",
      "https://sts.cn-north-1.amazonaws.com.cn" },
    { "aws-us-gov", NULL, "https://route53.us-gov.amazonaws.com", "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com" },
    { "aws-eusc", NULL, "https://route53.amazonaws.eu", "eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu" },
    { "aws-iso", "us-iso-west-1", "https://route53.c2s.ic.gov", "us-iso-east-1", "https://sts.us-iso-west-1.c2s.ic.gov" },
    { "aws-iso-b", NULL, "https://route53.sc2s.sgov.gov", "us-isob-east-1", "https://sts.us-isob-east-1.sc2s.sgov.gov" },
    { "aws-iso-e", NULL, "https://route53.cloud.adc-e.uk", "eu-isoe-west-1", "https://sts.eu-isoe-west-1.cloud.adc-e.uk" },
    { "aws-iso-f", NULL, "https://route53.csp.hci.ic.gov", "us-isof-south-1", "https://sts.us-isof-south-1.csp.hci.ic.gov" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const ChRoute53Place *place = ch_route53_place (rows[i].partition);
      g_autofree char *sts = ch_route53_sts_url (place, rows[i].region);

      g_assert_cmpstr (place->url, ==, rows[i].url);
      g_assert_cmpstr (place->region, ==, rows[i].signing);
      g_assert_cmpstr (sts, ==, rows[i].sts);
    }
  g_assert_null (ch_route53_place ("aws-moon"));
}

/* ---- settings ---- */

static void
test_settings (void)
{
  static const struct { const char *name, *value, *says; } wrong[] = {
    { "access-key", "AKIA/../x", "access-key" },
    { "zone-id", "/hostedzone/Z1", "Z1D633PJN98FT9" },
    { "zone-id", "Z1?x=y", "Z1D633PJN98FT9" },
    { "region", "eu central", "region" },
    { "region", "evil.test/", "region" },
    { "role-arn", "chancery", "arn:aws:iam" },
    { "partition", "aws-moon", "aws-cn" },
    { "ttl", "-1", "0 to 604800" },
    { "settle", "301", "0 to 300" },
    { "url", "http://route53.amazonaws.com", "https://" },
    { "external-id", "x", "role-arn" },
    { "role-arn", "arn:aws:iam::1:role/a", "sts-url" },
    { "access-key", "ASIA0123456789", "session-token" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      static const Answer none[] = { { -1 } };
      g_auto(Play) play = { 0 };
      g_autoptr(GError) error = NULL;

      play_begin (&play, none);
      g_hash_table_remove (play.access.settings, "resolver");
      g_assert_true (ch_fields_check (provider ()->fields, play.access.settings, play.access.secrets, &error)
                     && provider ()->prepare (play.access.settings, play.access.secrets, &error));
      set (play.access.settings, wrong[i].name, wrong[i].value);
      g_assert_false (ch_fields_check (provider ()->fields, play.access.settings, play.access.secrets, &error)
                      && provider ()->prepare (play.access.settings, play.access.secrets, &error));
      check_error (error, CH_ERROR_INVALID, wrong[i].says);
    }
}

/* ---- texts ---- */

static void
test_values (void)
{
  static const struct { const char *raw, *value; } values[] = {
    { "\"abc\"", "abc" }, { "\"a\" \"b\"", "ab" }, { "\"a\"\"b\"", "ab" }, { "\"a b\"", "a b" }, { "abc", "abc" },
    { "\"a\\\"b\\\\c\"", "a\"b\\c" }, { "\"\\052\"", "*" }, { "\"\\303\\244\"", "\xc3\xa4" }, { "\"\\0\"", "0" },
    { "\"\\400\"", "400" }, { "\"\"", "" }, { "", "" }, { "\"open", "open" }, { "\"x\\", "x\\" }, { "\"\\12", "12" },
  };
  static const struct { const char *raw, *name; } names[] = {
    { "Example.TEST.", "example.test" }, { "\\052.example.test.", "*.example.test" }, { "a\\", "a\\" }, { "", "" },
    { "\\137x.test.", "_x.test" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(GBytes) value = ch_route53_read_value (values[i].raw);

      g_assert_cmpmem (g_bytes_get_data (value, NULL), g_bytes_get_size (value), values[i].value,
                       strlen (values[i].value));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = ch_route53_unescape_name (names[i].raw);
      g_assert_cmpstr (name, ==, names[i].name);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route53-answers/refusals", test_refusals);
  g_test_add_func ("/route53-answers/changes", test_changes);
  g_test_add_func ("/route53-answers/always-somebody-faster", test_always_somebody_faster);
  g_test_add_func ("/route53-answers/pause", test_pause);
  g_test_add_func ("/route53-answers/status", test_status);
  g_test_add_func ("/route53-answers/nothing-to-wait-for", test_nothing_to_wait_for);
  g_test_add_func ("/route53-answers/not-asked", test_not_asked);
  g_test_add_func ("/route53-answers/find-zone", test_find_zone);
  g_test_add_func ("/route53-answers/endless-list", test_endless_list);
  g_test_add_func ("/route53-answers/pinned-zone", test_pinned_zone);
  g_test_add_func ("/route53-answers/role", test_role);
  g_test_add_func ("/route53-answers/role-trouble", test_role_trouble);
  g_test_add_func ("/route53-answers/role-nearly-over", test_role_nearly_over);
  g_test_add_func ("/route53-answers/places", test_places);
  g_test_add_func ("/route53-answers/settings", test_settings);
  g_test_add_func ("/route53-answers/values", test_values);

  return g_test_run ();
}
