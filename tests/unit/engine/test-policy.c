/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/policy.h"

#include "lib/error.h"

#include <glib/gstdio.h>
#include <string.h>

/* The file that is installed: the first argument. */
static const char *shipped;

static gint64
at (const char *text)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (date);
  return g_date_time_to_unix (date);
}

static ChPolicy *
load_shipped (void)
{
  g_autoptr(GError) error = NULL;
  ChPolicy *policy = ch_policy_load (shipped, NULL, &error);

  g_assert_no_error (error);
  return policy;
}

static void
test_max_days (void)
{
  static const struct { const char *date; guint days; } cases[] = {
    { "1970-01-01T00:00:00Z", 397 },
    { "2026-03-13T23:59:59Z", 397 },
    { "2026-03-14T00:00:00Z", 199 }, /* GlobalSign, a day before the rule */
    { "2026-03-15T00:00:00Z", 199 },
    { "2026-11-23T12:00:00Z", 199 },
    { "2027-03-14T23:59:59Z", 199 },
    { "2027-03-15T00:00:00Z", 99 },
    { "2027-03-15T00:00:00+01:00", 199 }, /* still the 14th in UTC */
    { "2027-03-14T23:00:00-01:00", 99 },
    { "2028-02-29T00:00:00Z", 99 },
    { "2029-03-14T23:59:59Z", 99 },
    { "2029-03-15T00:00:00Z", 46 },
    { "2099-12-31T23:59:59Z", 46 },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int product = CH_PRODUCT_ALPHASSL; product <= CH_PRODUCT_EXTENDEDSSL; product++)
      {
        g_test_message ("%s", cases[i].date);
        g_assert_cmpuint (ch_policy_max_days (policy, product, at (cases[i].date)), ==, cases[i].days);
      }

  g_assert_cmpuint (ch_policy_max_days (policy, CH_PRODUCT_ALPHASSL, G_MININT64), ==, 397);
  g_assert_cmpuint (ch_policy_max_days (policy, CH_PRODUCT_ALPHASSL, G_MAXINT64), ==, 46);
}

static void
test_other_days (void)
{
  static const struct { const char *date; guint reuse; } cases[] = {
    { "2026-03-14T23:59:59Z", 398 }, { "2026-03-15T00:00:00Z", 200 },
    { "2027-03-14T23:59:59Z", 200 }, { "2027-03-15T00:00:00Z", 100 },
    { "2029-03-14T23:59:59Z", 100 }, { "2029-03-15T00:00:00Z", 10 },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 date = at (cases[i].date);

      g_assert_cmpuint (ch_policy_reuse_days (policy, CH_PRODUCT_ALPHASSL, date), ==, cases[i].reuse);
      g_assert_cmpuint (ch_policy_renewal_window_days (policy, CH_PRODUCT_DOMAINSSL, date), ==, 90);
      g_assert_cmpuint (ch_policy_challenge_days (policy, CH_PRODUCT_DOMAINSSL, date), ==, 30);
    }
}

static void
test_terms (void)
{
  static const struct { const char *date; guint months, organization; } cases[] = {
    { "2020-08-30T23:59:59Z", 24, 825 },
    { "2020-08-31T00:00:00Z", 12, 825 },
    { "2026-03-14T23:59:59Z", 12, 825 },
    { "2026-03-15T00:00:00Z", 12, 398 },
    { "2029-12-31T00:00:00Z", 12, 398 },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 date = at (cases[i].date);

      g_assert_cmpuint (ch_policy_term_months (policy, CH_PRODUCT_DOMAINSSL, date), ==, cases[i].months);
      g_assert_cmpuint (ch_policy_organization_reuse_days (policy, CH_PRODUCT_ORGANIZATIONSSL, date), ==, cases[i].organization);
      g_assert_cmpuint (ch_policy_organization_reuse_days (policy, CH_PRODUCT_EXTENDEDSSL, date), ==, 398);
      g_assert_cmpuint (ch_policy_cancel_days (policy, CH_PRODUCT_EXTENDEDSSL, date), ==, 7);
    }
}

static void
test_names (void)
{
  static const struct { ChProduct product; gboolean wildcard, address; const char *why; } cases[] = {
    { CH_PRODUCT_ALPHASSL, FALSE, FALSE, NULL },
    { CH_PRODUCT_ALPHASSL, TRUE, FALSE, NULL },
    { CH_PRODUCT_ALPHASSL, FALSE, TRUE, "“alphassl” cannot have addresses" },
    { CH_PRODUCT_DOMAINSSL, FALSE, TRUE, "“domainssl” cannot have addresses" },
    { CH_PRODUCT_ORGANIZATIONSSL, FALSE, TRUE, NULL },
    { CH_PRODUCT_ORGANIZATIONSSL, TRUE, FALSE, NULL },
    { CH_PRODUCT_EXTENDEDSSL, FALSE, FALSE, NULL },
    { CH_PRODUCT_EXTENDEDSSL, TRUE, FALSE, "“extendedssl” cannot have wildcard names" },
    { CH_PRODUCT_EXTENDEDSSL, FALSE, TRUE, "addresses" },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();
  gint64 today = at ("2026-11-23T12:00:00Z");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *why = NULL;

      g_assert_cmpint (ch_policy_names_allowed (policy, cases[i].product, today, cases[i].wildcard, cases[i].address, &why),
                       ==, cases[i].why == NULL);
      g_assert_true (cases[i].why == NULL ? why == NULL : strstr (why, cases[i].why) != NULL);
    }
}

static void
test_client_notice (void)
{
  static const struct { const char *date, *says; } cases[] = {
    { "2026-11-23T12:00:00Z", "from 2027-03-15 on" },
    { "2027-03-14T23:59:59Z", "from 2027-03-15 on" },
    { "2027-03-15T00:00:00Z", "is for servers only" },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *notice = ch_policy_client_notice (policy, CH_PRODUCT_ALPHASSL, at (cases[i].date));

      g_assert_nonnull (strstr (notice, cases[i].says));
    }
}

static void
test_methods (void)
{
  static const struct
  {
    ChDcvMethod method;
    const char *date;
    gboolean wildcard, allowed;
    const char *why; /* NULL for no sentence */
  } cases[] = {
    { CH_DCV_METHOD_DNS, "2026-11-23T00:00:00Z", FALSE, TRUE, NULL },
    { CH_DCV_METHOD_DNS, "2026-11-23T00:00:00Z", TRUE, TRUE, NULL },
    { CH_DCV_METHOD_DNS, "2040-01-01T00:00:00Z", TRUE, TRUE, NULL },
    { CH_DCV_METHOD_HTTP, "2026-11-23T00:00:00Z", FALSE, TRUE, NULL },
    { CH_DCV_METHOD_HTTP, "2026-11-23T00:00:00Z", TRUE, FALSE, "“http” cannot prove control of a wildcard" },
    { CH_DCV_METHOD_HTTP, "2021-11-27T23:59:59Z", TRUE, TRUE, NULL },
    { CH_DCV_METHOD_HTTP, "2021-11-28T00:00:00Z", TRUE, FALSE, "wildcard" },
    { CH_DCV_METHOD_EMAIL, "2026-03-14T23:59:59Z", FALSE, TRUE, NULL },
    { CH_DCV_METHOD_EMAIL, "2026-03-15T00:00:00Z", FALSE, TRUE, "“email” ends on 2028-03-15" },
    { CH_DCV_METHOD_EMAIL, "2026-11-23T00:00:00Z", TRUE, TRUE, "ends on 2028-03-15" },
    { CH_DCV_METHOD_EMAIL, "2028-03-14T23:59:59Z", FALSE, TRUE, "ends on 2028-03-15" },
    { CH_DCV_METHOD_EMAIL, "2028-03-15T00:00:00Z", FALSE, FALSE, "not accepted" },
    { CH_DCV_METHOD_EMAIL, "2028-03-15T00:00:00Z", TRUE, FALSE, "issued from 2028-03-15" },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *why = NULL;
      gboolean allowed
        = ch_policy_method_allowed (policy, cases[i].method, at (cases[i].date), cases[i].wildcard, &why);

      g_test_message ("%s: %s", cases[i].date, why);
      g_assert_cmpint (allowed, ==, cases[i].allowed);
      if (cases[i].why == NULL)
        g_assert_null (why);
      else
        g_assert_nonnull (strstr (why, cases[i].why));

      gboolean again
        = ch_policy_method_allowed (policy, cases[i].method, at (cases[i].date), cases[i].wildcard, NULL);
      g_assert_cmpint (again, ==, allowed);
    }
}

/* A policy with @text as the administrator's file. */
static ChPolicy *
load_with (const char *text,
           gssize      length,
           GError    **error)
{
  g_autofree char *folder = g_dir_make_tmp ("chancery-policy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "policy.json", NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  ChPolicy *policy = ch_policy_load (shipped, path, error);
  g_unlink (path);
  g_rmdir (folder);
  return policy;
}

#define FILE_OF(tables) "{ \"format\": 1, \"tables\": { " tables " } }"
#define WINDOW_OF(rows) FILE_OF ("\"renewal-window\": [ " rows " ]")
#define METHODS_OF(rows) FILE_OF ("\"methods\": [ " rows " ]")

static void
test_override (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPolicy) policy = load_with (WINDOW_OF (
    "{ \"days\": 30, \"source\": \"contract\" },"
    "{ \"days\": 60, \"from\": \"2027-01-01\", \"products\": [\"alphassl\", \"domainssl\"],"
    "  \"source\": \"x\" },"
    "{ \"days\": 45, \"from\": \"2026-01-01\", \"products\": [\"alphassl\"], \"source\": \"x\" }"),
    -1, &error);
  static const struct { ChProduct product; const char *date; guint days; } cases[] = {
    { CH_PRODUCT_ALPHASSL, "2025-12-31T23:59:59Z", 30 },
    { CH_PRODUCT_ALPHASSL, "2026-01-01T00:00:00Z", 45 },
    { CH_PRODUCT_DOMAINSSL, "2026-01-01T00:00:00Z", 30 },
    { CH_PRODUCT_ALPHASSL, "2027-01-01T00:00:00Z", 60 },
    { CH_PRODUCT_DOMAINSSL, "2027-01-01T00:00:00Z", 60 },
    { CH_PRODUCT_EXTENDEDSSL, "2027-01-01T00:00:00Z", 30 },
  };

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint days = ch_policy_renewal_window_days (policy, cases[i].product, at (cases[i].date));
      g_assert_cmpuint (days, ==, cases[i].days);
    }

  /* The other tables stay. */
  g_assert_cmpuint (ch_policy_max_days (policy, CH_PRODUCT_ALPHASSL, at ("2026-11-23T00:00:00Z")), ==, 199);
}

static void
test_keys (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPolicy) policy = load_with (FILE_OF ("\"keys\": ["
    "{ \"state\": \"allowed\", \"source\": \"x\" },"
    "{ \"from\": \"2027-01-01\", \"keys\": [\"rsa-2048\"], \"state\": \"discouraged\", \"source\": \"x\" },"
    "{ \"from\": \"2030-01-01\", \"keys\": [\"rsa-2048\"], \"state\": \"ended\", \"source\": \"x\" } ]"),
    -1, &error);
  static const struct { ChKeyAlgorithm key; const char *date; gboolean allowed; const char *why; } cases[] = {
    { CH_KEY_ALGORITHM_RSA_2048, "2026-12-31T23:59:59Z", TRUE, NULL },
    { CH_KEY_ALGORITHM_RSA_2048, "2027-01-01T00:00:00Z", TRUE, "“rsa-2048” is discouraged" },
    { CH_KEY_ALGORITHM_RSA_2048, "2030-01-01T00:00:00Z", FALSE, "“rsa-2048” is not accepted" },
    { CH_KEY_ALGORITHM_EC_P384, "2030-01-01T00:00:00Z", TRUE, NULL },
  };

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *why = NULL;

      g_assert_cmpint (ch_policy_key_allowed (policy, cases[i].key, at (cases[i].date), &why), ==, cases[i].allowed);
      g_assert_true (cases[i].why == NULL ? why == NULL : strstr (why, cases[i].why) != NULL);
    }
}

/* The rules of one table as "text of subjects from day (now)". */
static char *
show_rules (const ChPolicy *policy,
            const char     *table,
            const char     *date)
{
  g_autoptr(GPtrArray) rules = ch_policy_list (policy, at (date));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rules->len; i++)
    {
      const ChPolicyRule *rule = g_ptr_array_index (rules, i);
      g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc (rule->from);
      g_autofree char *day = rule->from != 0 ? g_date_time_format (from, " from %F") : g_strdup ("");
      g_autofree char *subjects = g_strjoinv (",", rule->subjects);

      if (g_str_equal (rule->table, table))
        g_string_append_printf (text, "%s%s%s%s%s; ", rule->text, *subjects != '\0' ? " of " : "", subjects, day,
                                rule->in_force ? " now" : "");
    }

  return g_string_free (text, FALSE);
}

static void
test_list (void)
{
  static const struct { const char *table, *date, *want; } cases[] = {
    { "ca-lifetime", "2026-11-23T12:00:00Z",
      "199 days from 2026-03-14 now; 99 days from 2027-03-15; 46 days from 2029-03-15; " },
    { "ca-lifetime", "2029-03-15T00:00:00Z", "46 days from 2029-03-15 now; " },
    { "term", "2026-11-23T12:00:00Z", "12 months from 2020-08-31 now; " },
    { "cancel", "2026-11-23T12:00:00Z", "7 days now; " },
    { "methods", "2026-11-23T12:00:00Z",
      "allowed of dns now; allowed, but not for wildcards of http from 2021-11-28 now; "
      "discouraged of email from 2026-03-15 now; ended of email from 2028-03-15; " },
    { "organization-reuse", "2026-01-01T00:00:00Z",
      "825 days of alphassl,domainssl,organizationssl now; 398 days of extendedssl now; 398 days from 2026-03-15; " },
    { "names", "2026-11-23T12:00:00Z",
      "names and wildcards of alphassl,domainssl now; names, wildcards and public addresses of organizationssl now; "
      "names only of extendedssl now; " },
    { "vantage-points", "2026-11-23T12:00:00Z", "4 from 2026-06-15 now; 5 from 2026-12-15; " },
  };
  g_autoptr(ChPolicy) policy = load_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rules = show_rules (policy, cases[i].table, cases[i].date);

      g_assert_cmpstr (rules, ==, cases[i].want);
    }
}

/* A later rule for some products leaves the earlier one in force for the others only. */
static void
test_list_of_some (void)
{
  g_autoptr(ChPolicy) policy = load_with (WINDOW_OF (
    "{ \"days\": 30, \"source\": \"x\" },"
    "{ \"days\": 1, \"from\": \"2026-01-01\", \"products\": [\"alphassl\"], \"source\": \"x\" }"), -1, NULL);
  g_autofree char *before = show_rules (policy, "renewal-window", "2025-12-31T23:59:59Z");
  g_autofree char *after = show_rules (policy, "renewal-window", "2026-01-01T00:00:00Z");

  g_assert_cmpstr (before, ==, "30 days now; 1 day of alphassl from 2026-01-01; ");
  g_assert_cmpstr (after, ==, "30 days of domainssl,organizationssl,extendedssl now; 1 day of alphassl from 2026-01-01 now; ");
}

/* The CA's own limit may be above the industry's, which then counts. */
static void
test_the_lower_limit_counts (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPolicy) policy
    = load_with (FILE_OF ("\"ca-lifetime\": [ { \"days\": 3000, \"source\": \"test\" } ]"), -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ch_policy_max_days (policy, CH_PRODUCT_ALPHASSL, at ("2026-11-23T00:00:00Z")), ==, 200);
}

static void
test_override_need_not_be_there (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPolicy) policy = ch_policy_load (shipped, "/nonexistent/policy.json", &error);

  g_assert_no_error (error);
  g_assert_nonnull (policy);
}

static void
test_unreadable (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_policy_load ("/nonexistent/policy.json", NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "/nonexistent/policy.json"));
  g_clear_error (&error);

  g_assert_null (ch_policy_load (shipped, g_get_tmp_dir (), &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_FILE);
}

#define DAYS30 "{ \"days\": 30, \"source\": \"x\" }"

static void
test_bad_files (void)
{
  static const struct { const char *text, *says; } cases[] = {
    { "", "does not say" },
    { "{", "no valid JSON" },
    { "{\n  \"format\": 1,,\n}", "2:" },
    { "[]", "\"format\": 1" },
    { "7", "\"format\": 1" },
    { "null", "\"format\": 1" },
    { "{}", "\"format\": 1" },
    { "{ \"format\": 2, \"tables\": {} }", "\"format\": 1" },
    { "{ \"format\": \"1\", \"tables\": {} }", "\"format\": 1" },
    { "{ \"format\": 1 }", "no object" },
    { "{ \"format\": 1, \"tables\": [] }", "no object" },
    { FILE_OF ("\"renewal-windw\": []"), "“renewal-windw”, which is not one of" },
    { FILE_OF ("\"renewal-window\": {}"), "table “renewal-window”: it is no list" },
    { FILE_OF ("\"renewal-window\": null"), "table “renewal-window”: it is no list" },
    { WINDOW_OF (""), "rows without “from”" },
    { WINDOW_OF ("7"), "row 1: it is no object" },
    { WINDOW_OF ("{}"), "row 1: “source” is missing" },
    { WINDOW_OF ("{ \"days\": 30 }"), "row 1: “source” is missing" },
    { WINDOW_OF ("{ \"days\": 30, \"source\": \"\" }"), "row 1: “source” is missing" },
    { WINDOW_OF ("{ \"days\": 30, \"source\": 1 }"), "row 1: “source” is missing" },
    { WINDOW_OF ("{ \"source\": \"x\" }"), "row 1: “days” is no whole number" },
    { WINDOW_OF ("{ \"days\": 0, \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF ("{ \"days\": -1, \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF ("{ \"days\": 3651, \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF ("{ \"days\": 4294967326, \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF ("{ \"days\": 30.5, \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF ("{ \"days\": \"30\", \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF ("{ \"days\": null, \"source\": \"x\" }"), "“days” is no whole number" },
    { WINDOW_OF (DAYS30 ", { \"day\": 30, \"source\": \"x\" }"), "row 2: “day” is not one of: from, days" },
    { WINDOW_OF (DAYS30 ", { \"from\": \"15.3.2027\", \"days\": 3, \"source\": \"x\" }"),
      "row 2: “from” is no day" },
    { WINDOW_OF (DAYS30 ", { \"from\": \"2027-02-29\", \"days\": 3, \"source\": \"x\" }"),
      "row 2: “from” is no day" },
    { WINDOW_OF (DAYS30 ", { \"from\": \"2027-W10-1\", \"days\": 3, \"source\": \"x\" }"),
      "row 2: “from” is no day" },
    { WINDOW_OF (DAYS30 ", { \"from\": \"\", \"days\": 3, \"source\": \"x\" }"), "row 2: “from” is no day" },
    { WINDOW_OF (DAYS30 ", { \"from\": 2027, \"days\": 3, \"source\": \"x\" }"), "row 2: “from” is no day" },
    { WINDOW_OF (DAYS30 ", { \"from\": null, \"days\": 3, \"source\": \"x\" }"), "row 2: “from” is no day" },
    { WINDOW_OF ("{ \"from\": \"2027-01-01\", \"days\": 3, \"source\": \"x\" }"), "rows without “from”" },
    { WINDOW_OF ("{ \"products\": [\"alphassl\"], \"days\": 3, \"source\": \"x\" }"), "rows without “from”" },
    { WINDOW_OF ("{ \"products\": [], \"days\": 3, \"source\": \"x\" }"), "row 1: “products” is no list" },
    { WINDOW_OF ("{ \"products\": \"alphassl\", \"days\": 3, \"source\": \"x\" }"),
      "row 1: “products” is no list" },
    { WINDOW_OF ("{ \"products\": [\"AlphaSSL\"], \"days\": 3, \"source\": \"x\" }"),
      "row 1: “AlphaSSL” is not one of" },
    { WINDOW_OF ("{ \"products\": [7], \"days\": 3, \"source\": \"x\" }"), "row 1: “” is not one of" },
    { WINDOW_OF (DAYS30 "," DAYS30), "row 2: row 1 is about the same" },
    { WINDOW_OF (DAYS30 ", { \"products\": [\"alphassl\"], \"days\": 3, \"source\": \"x\" }"),
      "row 2: row 1 is about" },
    { METHODS_OF ("{ \"method\": \"pigeon\", \"state\": \"ended\", \"wildcard\": true, \"source\": \"x\" }"),
      "table “methods”, row 1: “pigeon” is not one of: dns, http, email" },
    { METHODS_OF ("{ \"state\": \"allowed\", \"wildcard\": true, \"source\": \"x\" }"), "“” is not one of" },
    { METHODS_OF ("{ \"method\": \"dns\", \"state\": \"yes\", \"wildcard\": true, \"source\": \"x\" }"),
      "“state” is none" },
    { METHODS_OF ("{ \"method\": \"dns\", \"state\": \"allowed\", \"wildcard\": 1, \"source\": \"x\" }"),
      "“wildcard”" },
    { METHODS_OF ("{ \"method\": \"dns\", \"state\": \"allowed\", \"source\": \"x\" }"), "“wildcard”" },
    { METHODS_OF ("{ \"method\": \"dns\", \"state\": \"allowed\", \"wildcard\": true, \"source\": \"x\" }"),
      "rows without “from”" },
    { METHODS_OF (DAYS30), "“days” is not one of: from, method" },
    { "\xff\xfe", "UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (load_with (cases[i].text, -1, &error));
      g_test_message ("case %" G_GSIZE_FORMAT ": %s", i, error->message);
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "policy.json”"));
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
test_huge_files (void)
{
  g_autofree char *blanks = g_strnfill (1024 * 1024 + 1, ' ');
  g_autofree char *deep = g_strnfill (1024 * 1024, '[');
  g_autoptr(GError) error = NULL;

  g_assert_null (load_with (blanks, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_null (load_with (deep, -1, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

/* The shipped file needs every table; an override does not. */
static void
test_shipped_file_must_be_complete (void)
{
  g_autofree char *folder = g_dir_make_tmp ("chancery-policy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "policy.json", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, WINDOW_OF (DAYS30), -1, NULL));
  g_assert_null (ch_policy_load (path, NULL, &error));
  g_unlink (path);
  g_rmdir (folder);
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "has no table “industry-lifetime”"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  shipped = argv[1];
  g_test_add_func ("/policy/max-days", test_max_days);
  g_test_add_func ("/policy/other-days", test_other_days);
  g_test_add_func ("/policy/terms", test_terms);
  g_test_add_func ("/policy/names", test_names);
  g_test_add_func ("/policy/client-notice", test_client_notice);
  g_test_add_func ("/policy/methods", test_methods);
  g_test_add_func ("/policy/keys", test_keys);
  g_test_add_func ("/policy/list", test_list);
  g_test_add_func ("/policy/list-of-some", test_list_of_some);
  g_test_add_func ("/policy/override", test_override);
  g_test_add_func ("/policy/the-lower-limit-counts", test_the_lower_limit_counts);
  g_test_add_func ("/policy/override-need-not-be-there", test_override_need_not_be_there);
  g_test_add_func ("/policy/unreadable", test_unreadable);
  g_test_add_func ("/policy/bad-files", test_bad_files);
  g_test_add_func ("/policy/huge-files", test_huge_files);
  g_test_add_func ("/policy/shipped-file-must-be-complete", test_shipped_file_must_be_complete);
  return g_test_run ();
}
