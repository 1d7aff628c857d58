/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca/globalsign/codes.h"
#include "ca/globalsign/soap.h"

#include "lib/error.h"

#include <string.h>

#define HEAD "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define TAIL "</s:Body></s:Envelope>"
#define V1 "xmlns:n=\"https://system.globalsign.com/kb/ws/v1/\""
#define GOOD_HEADER "<QueryResponseHeader><SuccessCode>0</SuccessCode><Errors/></QueryResponseHeader>"
#define WRAPPED(inside) HEAD "<n:OpResponse " V1 "><Response>" inside "</Response></n:OpResponse>" TAIL

static ChSoapReply *
parse (const char *text,
       GError    **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  return ch_soap_parse (bytes, "Op", error);
}

/* ---- writing ---- */

static void
test_write (void)
{
  g_autoptr(GError) error = NULL;
  xmlNode *request = ch_soap_request_new ("Op");
  xmlNode *group = ch_soap_open (request, "Group");

  ch_soap_add (group, "One", "a & b < c > \"d\" ü €");
  ch_soap_add (group, "Two", "");
  ch_soap_add (group, "Three", NULL);
  ch_soap_add (request, "Four", "x");

  g_autoptr(GBytes) bytes = ch_soap_write (request, &error);
  g_assert_no_error (error);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  ch_soap_request_free (request);

  g_assert_cmpstr (text, ==,
                   "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
                   "<gs:Op xmlns:gs=\"https://system.globalsign.com/kb/ws/v1/\"><Request>"
                   "<Group><One>a &amp; b &lt; c &gt; \"d\" ü €</One></Group><Four>x</Four>"
                   "</Request></gs:Op></soap:Body></soap:Envelope>");
}

static void
test_write_what_xml_cannot_carry (void)
{
  static const char *const cases[] = { "a\001b", "a\x1f", "\xef\xbf\xbe", "bad \xff utf-8", "\xc3" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      xmlNode *request = ch_soap_request_new ("Op");

      ch_soap_add (ch_soap_open (request, "ContactInfo"), "FirstName", cases[i]);
      g_assert_null (ch_soap_write (request, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "FirstName"));
      ch_soap_request_free (request);
    }
}

/* ---- reading ---- */

static void
test_read (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChSoapReply) reply = parse ("<?xml version=\"1.0\"?>\n"
    WRAPPED (GOOD_HEADER "<A> x <!-- not this --><![CDATA[<y>]]> </A>"
             "<B xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\">nil</B><B nil=\"1\"/><B>third</B>"
             "<C><D>1</D><D>2</D></C><E/><F xsi:nil=\"false\" xmlns:xsi=\"urn:x\">there</F>"
             "<n:G>other namespace</n:G><P>-----BEGIN\n&#xD;\nEND</P>"), &error);

  g_assert_no_error (error);
  g_assert_cmpint (reply->success, ==, 0);
  g_assert_cmpint (reply->code, ==, 0);

  static const struct { const char *path, *text; } cases[] = {
    { "A", "x <y>" }, { "B", "third" }, { "C/D", "1" }, { "C", NULL }, { "E", NULL }, { "F", "there" },
    { "G", NULL },
    { "Nothing", NULL }, { "A/B/C", NULL }, { "", NULL }, { "P", "-----BEGIN\n\r\nEND" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ch_soap_text (reply->response, cases[i].path);
      g_assert_cmpstr (text, ==, cases[i].text);
    }

  g_assert_null (ch_soap_find (NULL, "A"));
  g_assert_null (ch_soap_text (NULL, ""));
  g_assert_cmpint (ch_soap_int (reply->response, "C/D", 7), ==, 1);
  g_assert_cmpint (ch_soap_int (reply->response, "A", 7), ==, 7);
}

static void
test_read_prefixes (void)
{
  static const char *const cases[] = {
    "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Header/><Body><OpResponse "
    "xmlns=\"https://system.globalsign.com/kb/ws/v1/\"><Response xmlns=\"\">" GOOD_HEADER "</Response></OpResponse></Body></Envelope>",
    "\n" HEAD "<ns2:OpResponse xmlns:ns2=\"https://system.globalsign.com/kb/ws/v1/\">\n<Response>\n"
    "<OrderResponseHeader><SuccessCode> 0 </SuccessCode></OrderResponseHeader></Response></ns2:OpResponse>" TAIL "\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChSoapReply) reply = parse (cases[i], &error);
      g_assert_no_error (error);
      g_assert_cmpint (reply->success, ==, 0);
    }
}

static void
test_read_errors (void)
{
  static const struct { const char *errors; int code; const char *field, *message; gboolean high_risk; } cases[] = {
    { "", 0, NULL, NULL, FALSE },
    { "<Errors/>", 0, NULL, NULL, FALSE },
    { "<Errors><Error/></Errors>", 0, NULL, NULL, FALSE },
    { "<Errors><Error><ErrorCode>many</ErrorCode><ErrorMessage>m</ErrorMessage></Error></Errors>", 0, NULL, "m", FALSE },
    { "<Errors><Error><ErrorCode>-102</ErrorCode><ErrorField>FQDN</ErrorField><ErrorMessage>a\nb</ErrorMessage></Error>"
      "<Error><ErrorCode>-4001</ErrorCode></Error></Errors>", -102, "FQDN", "a b", FALSE },
    { "<Errors><Error><ErrorCode>-2001</ErrorCode></Error><Error><ErrorCode>-5001</ErrorCode></Error></Errors>",
      -2001, NULL, NULL, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strdup_printf (WRAPPED ("<OrderResponseHeader><SuccessCode>-1</SuccessCode>%s"
                                                        "</OrderResponseHeader>"), cases[i].errors);
      g_autoptr(ChSoapReply) reply = parse (text, &error);

      g_assert_no_error (error);
      g_assert_cmpint (reply->success, ==, -1);
      g_assert_cmpint (reply->code, ==, cases[i].code);
      g_assert_cmpstr (reply->field, ==, cases[i].field);
      g_assert_cmpstr (reply->message, ==, cases[i].message);
      g_assert_cmpint (reply->high_risk, ==, cases[i].high_risk);
    }
}

/* On their way to a terminal and a log. */
static void
test_quoted_texts_are_harmless (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChSoapReply) reply = parse (WRAPPED (
    "<OrderResponseHeader><SuccessCode>-1</SuccessCode><Errors><Error><ErrorCode>-1</ErrorCode>"
    "<ErrorField>a&#x202e;b</ErrorField><ErrorMessage>c&#x9b;2Jd&#x2028;e</ErrorMessage></Error></Errors>"
    "</OrderResponseHeader>"), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (reply->field, ==, "a b");
  g_assert_cmpstr (reply->message, ==, "c 2Jd e");
}

static void
test_words (void)
{
  g_autofree char *long_word = g_strnfill (1025, 'x');
  g_autofree char *text = g_strdup_printf (WRAPPED (GOOD_HEADER "<A> CE1 </A><B>a&#10;b</B><C>%s</C><D/>"
                                                    "<E>a&#x9b;2Jb</E>"), long_word);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChSoapReply) reply = parse (text, &error);
  g_assert_no_error (error);
  g_autofree char *word = ch_soap_word (reply->response, "A");

  g_assert_cmpstr (word, ==, "CE1");
  g_assert_null (ch_soap_word (reply->response, "B"));
  g_assert_null (ch_soap_word (reply->response, "C"));
  g_assert_null (ch_soap_word (reply->response, "D"));
  g_assert_null (ch_soap_word (reply->response, "E"));
}

/* libxml2 would hand other encodings to the C library's converters, and complain on standard error. */
static void
test_only_utf8 (void)
{
  static const char *const charsets[] = { "UTF-16", "UTF-16LE", "IBM037", "UTF-7" };
  const char *good = "\357\273\277<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>" WRAPPED (GOOD_HEADER);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChSoapReply) reply = parse (good, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      gsize length;
      g_autofree char *declared = g_strdup_printf ("<?xml version=\"1.0\" encoding=\"%s\"?>%s", charsets[i],
                                                   WRAPPED (GOOD_HEADER "<A>+é</A>"));
      g_autofree char *text = g_convert (declared, -1, charsets[i], "UTF-8", NULL, &length, NULL);
      g_autoptr(GBytes) bytes = g_bytes_new (text, length);

      g_assert_nonnull (text);
      g_clear_error (&error);
      g_assert_null (ch_soap_parse (bytes, "Op", &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_TRANSIENT);
    }
}

/* libxml2 compares each attribute of an element with all before it: this one would take it hours. */
static void
test_attributes_without_end (void)
{
  g_autoptr(GString) text = g_string_new ("<a");
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 600000; i++)
    g_string_append_printf (text, " a%x=''", (guint) i);
  g_string_append (text, "/>");

  g_assert_null (parse (text->str, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
}

static void
test_long_messages_are_cut (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) message = g_string_new (NULL);

  for (int i = 0; i < 10000; i++)
    g_string_append (message, "ü");
  g_autofree char *text = g_strdup_printf (WRAPPED ("<OrderResponseHeader><SuccessCode>-1</SuccessCode><Errors><Error>"
    "<ErrorCode>-1</ErrorCode><ErrorMessage>%s</ErrorMessage></Error></Errors></OrderResponseHeader>"), message->str);
  g_autoptr(ChSoapReply) reply = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpint (g_utf8_strlen (reply->message, -1), ==, 300);
}

static char *
deep (int levels)
{
  GString *text = g_string_new (HEAD "<n:OpResponse " V1 "><Response>" GOOD_HEADER);

  for (int i = 0; i < levels; i++)
    g_string_append (text, "<a>");
  for (int i = 0; i < levels; i++)
    g_string_append (text, "</a>");
  g_string_append (text, "</Response></n:OpResponse>" TAIL);
  return g_string_free (text, FALSE);
}

static char *
many (const char *what,
      int         times)
{
  GString *text = g_string_new (HEAD "<n:OpResponse " V1 "><Response>" GOOD_HEADER);

  for (int i = 0; i < times; i++)
    g_string_append (text, what);
  g_string_append (text, "</Response></n:OpResponse>" TAIL);
  return g_string_free (text, FALSE);
}

static void
test_refused (void)
{
  g_autofree char *too_deep = deep (100);
  g_autofree char *absurdly_deep = deep (100000);
  g_autofree char *too_many = many ("<a/>", 300000);
  g_autofree char *attributes = many ("<a b='' c='' d='' e='' f='' g='' h='' i='' j='' k=''/>", 30000);
  const struct { const char *text; ChError code; } cases[] = {
    /* no XML, or not to its end */
    { "", CH_ERROR_TRANSIENT },
    { "hello", CH_ERROR_TRANSIENT },
    { "<html><body><h1>503</h1><br></body></html>", CH_ERROR_TRANSIENT },
    { "<html><body>well-formed</body></html>", CH_ERROR_TRANSIENT },
    { "<!DOCTYPE html>\n<html><body>503</body></html>", CH_ERROR_TRANSIENT },
    { "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://127.0.0.1:1/x.dtd\"><HTML></HTML>", CH_ERROR_TRANSIENT },
    { HEAD "<n:OpResponse " V1 "><Response>" GOOD_HEADER "\xff\xfe</Response></n:OpResponse>" TAIL, CH_ERROR_TRANSIENT },
    { WRAPPED (GOOD_HEADER "<A>&undeclared;</A>"), CH_ERROR_TRANSIENT },
    { HEAD "<s:Fault><faultcode>s:Server</faultcode><faultstring>broken</faultstring></s:Fault>" TAIL, CH_ERROR_TRANSIENT },
    { HEAD "<s:Fault/>" TAIL, CH_ERROR_TRANSIENT },
    /* XML that tries something */
    { "<!DOCTYPE a [<!ENTITY b \"c\">]>" WRAPPED (GOOD_HEADER "<A>&b;</A>"), CH_ERROR_BAD_ANSWER },
    { "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" WRAPPED (GOOD_HEADER "<A>&b;</A>"), CH_ERROR_BAD_ANSWER },
    { "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\">" WRAPPED (GOOD_HEADER), CH_ERROR_BAD_ANSWER },
    { "<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\">"
      "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">]>" WRAPPED (GOOD_HEADER "<A>&e;</A>"),
      CH_ERROR_BAD_ANSWER },
    { too_deep, CH_ERROR_BAD_ANSWER },
    { absurdly_deep, CH_ERROR_BAD_ANSWER },
    { too_many, CH_ERROR_BAD_ANSWER },
    { attributes, CH_ERROR_BAD_ANSWER },
    /* XML that means nothing here */
    { "<a/>", CH_ERROR_BAD_ANSWER },
    { HEAD TAIL, CH_ERROR_BAD_ANSWER },
    { "<Envelope><Body/></Envelope>", CH_ERROR_BAD_ANSWER },
    { HEAD "<OpResponse><Response>" GOOD_HEADER "</Response></OpResponse>" TAIL, CH_ERROR_BAD_ANSWER },
    { HEAD "<n:OpResponse xmlns:n=\"https://system.globalsign.com/kb/ws/v2/\"><Response>" GOOD_HEADER
      "</Response></n:OpResponse>" TAIL, CH_ERROR_BAD_ANSWER },
    { HEAD "<n:OtherResponse " V1 "><Response>" GOOD_HEADER "</Response></n:OtherResponse>" TAIL, CH_ERROR_BAD_ANSWER },
    { HEAD "<n:OpResponse " V1 "/>" TAIL, CH_ERROR_BAD_ANSWER },
    { WRAPPED (""), CH_ERROR_BAD_ANSWER },
    { WRAPPED ("<QueryResponseHeader/>"), CH_ERROR_BAD_ANSWER },
    { WRAPPED ("<QueryResponseHeader><SuccessCode>yes</SuccessCode></QueryResponseHeader>"), CH_ERROR_BAD_ANSWER },
    { WRAPPED ("<QueryResponseHeader><SuccessCode>99999999999</SuccessCode></QueryResponseHeader>"), CH_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ChSoapReply) reply = parse (cases[i].text, &error);

      if (reply != NULL || error->code != (int) cases[i].code)
        g_error ("case %" G_GSIZE_FORMAT ": %s", i, error != NULL ? error->message : "accepted");
    }
}

static void
test_truncated_anywhere (void)
{
  const char *whole = WRAPPED (GOOD_HEADER "<OrderID>CE1</OrderID><A b=\"c\">&amp;&#xD;\n<![CDATA[x]]></A>");

  for (gsize length = 0; length < strlen (whole); length++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *cut = g_strndup (whole, length);
      g_autoptr(ChSoapReply) reply = parse (cut, &error);

      g_assert_null (reply);
      g_assert_error (error, CH_ERROR, CH_ERROR_TRANSIENT);
    }
}

static void
test_dates (void)
{
  static const struct { const char *text; gint64 time; } cases[] = {
    { "2026-01-02T03:04:05.678+09:00", 1767290645 }, { "2026-01-02T03:04:05.000Z", 1767323045 },
    { "2026-01-01T22:04:05-05:00", 1767323045 }, { "2026-01-02T03:04:05", 1767323045 },
    { "yesterday", 0 }, { "", 0 }, { "2026-13-01T00:00:00Z", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strdup_printf (WRAPPED (GOOD_HEADER "<D>%s</D>"), cases[i].text);
      g_autoptr(ChSoapReply) reply = parse (text, &error);

      g_assert_no_error (error);
      g_assert_cmpint (ch_soap_time (reply->response, "D"), ==, cases[i].time);
    }

  g_autofree char *date = ch_soap_date (1767323045);
  g_assert_cmpstr (date, ==, "2026-01-02T03:04:05.000Z");
  g_autofree char *before = ch_soap_date (-5);
  g_assert_cmpstr (before, ==, "1970-01-01T00:00:00.000Z");
  g_autofree char *never = ch_soap_date (G_MAXINT64);
  g_assert_cmpstr (never, ==, "9999-12-31T23:59:59.000Z");
}

/* ---- codes ---- */

static void
test_codes (void)
{
  static const struct { int code; ChError error; const char *says; } cases[] = {
    { -1, CH_ERROR_TRANSIENT, "later" }, { -201, CH_ERROR_TRANSIENT, "later" },
    { -9942, CH_ERROR_TRANSIENT, "later" },
    { -102, CH_ERROR_CA_REFUSED, "misses" }, { -103, CH_ERROR_CA_REFUSED, "value" },
    { -3012, CH_ERROR_NOT_YET, "TXT" }, { -3022, CH_ERROR_NOT_YET, "SOA" },
    { -3025, CH_ERROR_NOT_YET, "SOA" },
    { -3026, CH_ERROR_NOT_YET, "TXT" }, { -4147, CH_ERROR_NOT_YET, "yet" },
    { -3013, CH_ERROR_TRANSIENT, "later" },
    { -4001, CH_ERROR_CREDENTIALS, "password" }, { -4201, CH_ERROR_FORBIDDEN, "allow-list" },
    { -9939, CH_ERROR_FORBIDDEN, "locked" }, { -9200, CH_ERROR_FORBIDDEN, "enable the API" },
    { -9901, CH_ERROR_FORBIDDEN, "enable" }, { -6101, CH_ERROR_MONEY, "balance" },
    { -9911, CH_ERROR_MONEY, "balance" },
    { -9912, CH_ERROR_MONEY, "balance" }, { -5001, CH_ERROR_CA_REFUSED, "high-risk" },
    { -4003, CH_ERROR_NOT_FOUND, "no such order" }, { -9916, CH_ERROR_NOT_FOUND, "no such order" },
    { -9902, CH_ERROR_CA_REFUSED, "another" }, { -6102, CH_ERROR_CA_REFUSED, "90 days" }, { -9915, CH_ERROR_CA_REFUSED, "cancelled" },
    { -9936, CH_ERROR_CA_REFUSED, "key" }, { -77777, CH_ERROR_CA_REFUSED, "refused" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *number = g_strdup_printf ("code %d", cases[i].code);

      g_assert_false (ch_gs_code_set (cases[i].code, "Request.Field", "their words", &error));
      g_assert_error (error, CH_ERROR, (int) cases[i].error);
      if (strstr (error->message, cases[i].says) == NULL)
        g_error ("%d: %s", cases[i].code, error->message);
      g_assert_nonnull (strstr (error->message, "their words"));
      g_assert_nonnull (strstr (error->message, "Request.Field"));
      g_assert_nonnull (strstr (error->message, number));
    }
}

/* What a person, or the engine, makes of a failure. */
typedef enum
{
  RETRY,
  ACT,
  CONFIGURE,
  PAY,
  GIVE_UP,
} Outcome;

static Outcome
outcome_of (ChError error)
{
  switch (error)
    {
    case CH_ERROR_TRANSIENT:
      return RETRY;
    case CH_ERROR_NOT_YET:
    case CH_ERROR_INVALID:
      return ACT;
    case CH_ERROR_CREDENTIALS:
    case CH_ERROR_FORBIDDEN:
      return CONFIGURE;
    case CH_ERROR_MONEY:
      return PAY;
    case CH_ERROR_CA_REFUSED:
    case CH_ERROR_NOT_FOUND:
      return GIVE_UP;
    default:
      g_assert_not_reached ();
    }
}

/* every code of docs/globalsign.md, Errors, by what it leads to, ended by 0; -2001 and -9943 are tried again because they can hide an
 * order that is there */
static const int codes_by_outcome[][80] = {
  [RETRY] = {
    -1, -201, -300, -301, -3013, -3019, -9942, -9943, -2001, 0 },
  [ACT] = {
    -3012, -3022, -3025, -3026, -4147, -4009, 0 },
  [CONFIGURE] = {
    -4001, -4201, -9200, -9403, -9901, -9939, 0 },
  [PAY] = {
    -6101, -9911, -9912, 0 },
  [GIVE_UP] = {
    -101, -102, -103, -104, -105, -109, -3002, -4003, -4004, -4005, -4006, -4007, -4008, -4016,
    -4083, -5001, -6002, -6007, -6017, -6018, -6021, -6035, -6102, -9025, -9100, -9101, -9151,
    -9152, -9401, -9404, -9405, -9406, -9407, -9430, -9440, -9442, -9443, -9444, -9445, -9450,
    -9902, -9913, -9914, -9915, -9916, -9918, -9919, -9920, -9922, -9925, -9933, -9934, -9936,
    -9938, -9940, -9949, -9952, -9953, -9961, -9962, -9964, -9971, 0 },
};

static void
test_all_codes (void)
{
  guint n = 0;

  for (Outcome outcome = RETRY; outcome <= GIVE_UP; outcome++)
    for (const int *code = codes_by_outcome[outcome]; *code != 0; code++, n++)
      {
        g_autofree char *message = g_strdup_printf ("%d: %s", *code, ch_gs_code_sentence (*code));

        g_test_message ("%s", message);
        g_assert_cmpstr (ch_gs_code_sentence (*code), !=, ch_gs_code_sentence (12345));
        g_assert_cmpint (outcome_of (ch_gs_code_error (*code)), ==, outcome);
      }

  /* and the table has no others, and none twice */
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (const ChGsCode *entry = ch_gs_codes; entry->code != 0; entry++)
    g_assert_true (g_hash_table_add (seen, GINT_TO_POINTER (entry->code)));
  g_assert_cmpuint (g_hash_table_size (seen), ==, n);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/soap/write", test_write);
  g_test_add_func ("/soap/write/what-xml-cannot-carry", test_write_what_xml_cannot_carry);
  g_test_add_func ("/soap/read", test_read);
  g_test_add_func ("/soap/read/prefixes", test_read_prefixes);
  g_test_add_func ("/soap/read/errors", test_read_errors);
  g_test_add_func ("/soap/read/long-messages", test_long_messages_are_cut);
  g_test_add_func ("/soap/read/harmless", test_quoted_texts_are_harmless);
  g_test_add_func ("/soap/read/words", test_words);
  g_test_add_func ("/soap/read/only-utf8", test_only_utf8);
  g_test_add_func ("/soap/read/attributes", test_attributes_without_end);
  g_test_add_func ("/soap/read/refused", test_refused);
  g_test_add_func ("/soap/read/truncated", test_truncated_anywhere);
  g_test_add_func ("/soap/dates", test_dates);
  g_test_add_func ("/codes/meaning", test_codes);
  g_test_add_func ("/codes/all", test_all_codes);
  return g_test_run ();
}
