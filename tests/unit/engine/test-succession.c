/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/succession.h"

#define DAY G_GINT64_CONSTANT (86400)

/* The file that is installed: the first argument. */
static ChPolicy *policy;

static gint64
at (const char *day)
{
  g_autofree char *text = g_strconcat (day, "T12:00:00Z", NULL);
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (date);
  return g_date_time_to_unix (date);
}

static void
test_moment (void)
{
  static const struct { int days; int least, most; } rows[] = {
    /* days left: a third, and at most a thirtieth more */
    { 397, 132, 146 },
    { 199, 66, 73 },
    { 99, 33, 37 },
    { 46, 15, 17 },
    /* never within the last week … */
    { 20, 7, 8 },
    { 14, 7, 7 },
    /* … unless it lives for less than two */
    { 10, 5, 5 },
    { 6, 3, 3 },
    { 0, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint64 salt = 0; salt < 200; salt++)
      {
        ChLife life = { at ("2026-12-01"), at ("2026-12-01") + rows[i].days * DAY };
        gint64 left = life.until - ch_succession_moment (life, salt);

        g_assert_cmpint (left, >=, rows[i].least * DAY);
        g_assert_cmpint (left, <=, rows[i].most * DAY);
      }
}

/* What was issued together is not replaced together. */
static void
test_spread (void)
{
  ChLife life = { at ("2026-12-01"), at ("2027-06-18") };
  gint64 first = G_MAXINT64, last = 0;

  for (guint64 salt = 1; salt <= 1000; salt++)
    {
      gint64 moment = ch_succession_moment (life, salt);

      g_assert_cmpint (moment, ==, ch_succession_moment (life, salt));
      first = MIN (first, moment);
      last = MAX (last, moment);
    }

  g_assert_cmpint (last - first, >, 6 * DAY);
}

/* Certificates of a term of 12 months. */
typedef struct
{
  const char *from, *until, *term_end, *now;
  ChSuccessor kind;
  const char *earliest, *latest;      /* of @at */
  const char *valid_until;            /* (nullable): to the day, when it does not depend on the spread */
} Row;

static const Row rows[] = {
  /* the middle of a term */
  { "2026-12-01", "2027-06-18", "2027-12-01", "2026-12-02", CH_SUCCESSOR_REISSUE, "2027-04-06", "2027-04-13", NULL },
  /* the next lifetime is longer than what is left of the term */
  { "2027-07-01", "2027-10-08", "2027-12-01", "2027-07-02", CH_SUCCESSOR_REISSUE, "2027-09-01", "2027-09-05", "2027-12-01" },
  /* its time has passed: now */
  { "2026-12-01", "2027-06-18", "2027-12-01", "2027-06-10", CH_SUCCESSOR_REISSUE, "2027-06-10", "2027-06-10", "2027-09-17" },
  /* it has ended: still a reissue, as long as the term lasts */
  { "2026-12-01", "2027-06-18", "2027-12-01", "2027-10-10", CH_SUCCESSOR_REISSUE, "2027-10-10", "2027-10-10", "2027-12-01" },
  { "2026-12-01", "2027-06-18", "2027-12-01", "2027-11-28", CH_SUCCESSOR_RENEWAL, "2027-11-28", "2027-11-28", "2028-03-06" },
  { "2026-12-01", "2027-06-18", "2027-12-01", "2027-12-02", CH_SUCCESSOR_RENEWAL, "2027-12-02", "2027-12-02", "2028-03-10" },
  /* the certificate lasts to the end of the term */
  { "2027-09-03", "2027-12-01", "2027-12-01", "2027-09-04", CH_SUCCESSOR_RENEWAL, "2027-10-29", "2027-11-02", NULL },
  /* less than a week would be won */
  { "2027-08-20", "2027-11-27", "2027-12-01", "2027-08-21", CH_SUCCESSOR_RENEWAL, "2027-10-21", "2027-10-25", NULL },
  /* as the certificates of old: the CA takes a renewal in the last 90 days only */
  { "2025-12-01", "2026-12-31", "2026-12-31", "2026-01-01", CH_SUCCESSOR_RENEWAL, "2026-10-02", "2026-10-02", NULL },
  /* the cap of the day of issue counts, not that of the order */
  { "2026-10-01", "2027-04-18", "2027-10-01", "2027-03-14", CH_SUCCESSOR_REISSUE, "2027-03-14", "2027-03-14", "2027-09-29" },
  { "2026-10-01", "2027-04-18", "2027-10-01", "2027-03-16", CH_SUCCESSOR_REISSUE, "2027-03-16", "2027-03-16", "2027-06-23" },
};

static void
test_next (gconstpointer data)
{
  const Row *row = data;
  ChLife life = { at (row->from), at (row->until) };

  for (gint64 id = 1; id < 50; id++)
    {
      ChOrder order = { .id = id, .product = CH_PRODUCT_DOMAINSSL, .term_months = 12, .term_end = at (row->term_end) };
      ChNext next = ch_succession_next (policy, &order, life, at (row->now));

      g_assert_cmpint (next.kind, ==, row->kind);
      g_assert_cmpint (next.at, >=, at (row->earliest));
      g_assert_cmpint (next.at, <=, at (row->latest) + DAY);
      if (row->valid_until != NULL)
        g_assert_cmpint (next.until, ==, at (row->valid_until));
    }
}

/* Lifetimes were cut while a long certificate was in force: a reissue at the usual moment would be shorter than what is
 * there, and the renewal's window opens after its end. The last moment that surprises nobody is planned, by a reissue. */
static void
test_cut (void)
{
  static const struct { const char *from, *until, *now; ChSuccessor kind; const char *earliest, *latest; } cases[] = {
    { "2028-06-01", "2029-05-31", "2028-06-02", CH_SUCCESSOR_REISSUE, "2029-05-24", "2029-05-24" },
    { "2028-06-01", "2029-05-31", "2029-05-28", CH_SUCCESSOR_REISSUE, "2029-05-28", "2029-05-28" },
    /* the window opens in time */
    { "2028-12-01", "2029-11-25", "2028-12-02", CH_SUCCESSOR_RENEWAL, "2029-09-01", "2029-09-03" },
  };
  ChOrder order = { .id = 1, .product = CH_PRODUCT_DOMAINSSL, .term_months = 12, .term_end = at ("2029-12-01") };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChLife life = { at (cases[i].from), at (cases[i].until) };
      ChNext next = ch_succession_next (policy, &order, life, at (cases[i].now));

      g_test_message ("%s", cases[i].now);
      g_assert_cmpint (next.kind, ==, cases[i].kind);
      g_assert_cmpint (next.at, >=, at (cases[i].earliest));
      g_assert_cmpint (next.at, <=, at (cases[i].latest));
      if (next.kind == CH_SUCCESSOR_REISSUE)
        g_assert_cmpint (next.until, >, life.until);
    }
}

static void
test_nothing (void)
{
  ChOrder order = { .id = 1, .product = CH_PRODUCT_DOMAINSSL, .term_months = 12, .term_end = at ("2027-12-01") };
  ChLife none = { 0, 0 }, some = { at ("2026-12-01"), at ("2027-06-18") };

  g_assert_cmpint (ch_succession_next (policy, &order, none, at ("2027-01-01")).kind, ==, CH_SUCCESSOR_NONE);
  order.term_end = 0;
  g_assert_cmpint (ch_succession_next (policy, &order, some, at ("2027-01-01")).kind, ==, CH_SUCCESSOR_NONE);
}

/* Asked by a person, at any time. */
static void
test_now (void)
{
  static const struct { const char *until, *now; ChSuccessor kind; } cases[] = {
    { "2027-06-18", "2026-12-02", CH_SUCCESSOR_REISSUE },   /* the day after: for a lost key */
    { "2027-06-18", "2027-05-01", CH_SUCCESSOR_REISSUE },
    { "2027-12-01", "2027-08-01", CH_SUCCESSOR_REISSUE },   /* wins nothing, but a renewal is not taken yet */
    { "2027-12-01", "2027-09-10", CH_SUCCESSOR_RENEWAL },
    { "2027-10-08", "2027-09-10", CH_SUCCESSOR_REISSUE },   /* a renewal is taken, but time that is paid for would be lost */
    { "2027-12-01", "2027-12-05", CH_SUCCESSOR_RENEWAL },
  };
  ChOrder order = { .id = 1, .product = CH_PRODUCT_DOMAINSSL, .term_months = 12, .term_end = at ("2027-12-01") };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChLife life = { at ("2026-12-01"), at (cases[i].until) };
      ChNext next = ch_succession_now (policy, &order, life, at (cases[i].now));

      g_test_message ("%s", cases[i].now);
      g_assert_cmpint (next.kind, ==, cases[i].kind);
      g_assert_cmpint (next.at, ==, at (cases[i].now));
    }
}

/* A year under the rules of each time: every certificate is there a week before the last one ends, none is longer than the
 * rules of its day allow, and the only thing that costs money is the renewal at the end. */
static void
test_plan (gconstpointer data)
{
  const char *ordered = data;
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc (at (ordered));
  g_autoptr(GDateTime) year = g_date_time_add_months (day, 12);
  gint64 term_end = g_date_time_to_unix (year);

  for (gint64 id = 1; id < 100; id++)
    {
      ChOrder order = { .id = id, .product = CH_PRODUCT_DOMAINSSL, .term_months = 12, .term_end = term_end };
      ChLife life = { at (ordered), MIN (at (ordered) + ch_policy_max_days (policy, order.product, at (ordered)) * DAY, term_end) };
      g_autoptr(GArray) plan = ch_succession_plan (policy, &order, life, at (ordered));

      g_assert_cmpuint (plan->len, >, 0);
      for (guint i = 0; i < plan->len; i++)
        {
          const ChNext *next = &g_array_index (plan, ChNext, i);

          g_assert_cmpint (next->kind, ==, i + 1 < plan->len ? CH_SUCCESSOR_REISSUE : CH_SUCCESSOR_RENEWAL);
          g_assert_cmpint (next->at, <=, life.until - 7 * DAY);
          g_assert_cmpint (next->until, >, life.until);
          g_assert_cmpint (next->until - next->at, <=, ch_policy_max_days (policy, order.product, next->at) * DAY);
          life = (ChLife) { next->at, next->until };
        }
      g_assert_cmpint (g_array_index (plan, ChNext, plan->len - 1).at, >=, ch_succession_renewable_from (policy, &order));
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const years[] = { "2025-06-01", "2026-03-13", "2026-12-01", "2027-03-01", "2028-07-01", "2029-03-10", "2030-01-01" };

  g_test_init (&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  policy = ch_policy_load (argv[1], NULL, &error);
  g_assert_no_error (error);

  g_test_add_func ("/succession/moment", test_moment);
  g_test_add_func ("/succession/spread", test_spread);
  g_test_add_func ("/succession/nothing", test_nothing);
  g_test_add_func ("/succession/cut", test_cut);
  g_test_add_func ("/succession/now", test_now);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/succession/next/%" G_GSIZE_FORMAT, i);
      g_test_add_data_func (path, &rows[i], test_next);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (years); i++)
    {
      g_autofree char *path = g_strdup_printf ("/succession/plan/%s", years[i]);
      g_test_add_data_func (path, years[i], test_plan);
    }

  int result = g_test_run ();
  ch_policy_free (policy);
  return result;
}
