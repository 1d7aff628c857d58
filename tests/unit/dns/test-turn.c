/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/turn.h"
#include "dns/txt.h"
#include "lib/error.h"

#include <string.h>

#define WORKERS 8
#define ROUNDS 200

/* ---- turns ---- */

typedef struct
{
  gint inside;          /* atomic: who has the turn now */
  gint met;             /* atomic: how often two had it */
  guint count;          /* changed only by who has the turn */
} Meeting;

static gpointer
change_in_turn (gpointer data)
{
  Meeting *meeting = data;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr(ChDnsTurn) turn = ch_dns_turn_wait ("azure example.test _x", NULL, NULL);

      g_assert_nonnull (turn);
      if (g_atomic_int_add (&meeting->inside, 1) != 0)
        g_atomic_int_inc (&meeting->met);
      meeting->count++;
      g_thread_yield ();
      g_atomic_int_add (&meeting->inside, -1);
    }

  return NULL;
}

static void
test_one_after_the_other (void)
{
  Meeting meeting = { 0 };
  GThread *threads[WORKERS];

  for (guint i = 0; i < WORKERS; i++)
    threads[i] = g_thread_new ("worker", change_in_turn, &meeting);
  for (guint i = 0; i < WORKERS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (meeting.met, ==, 0);
  g_assert_cmpuint (meeting.count, ==, WORKERS * ROUNDS);
}

static void
test_other_sets_do_not_wait (void)
{
  g_autoptr(ChDnsTurn) one = ch_dns_turn_wait ("one", NULL, NULL);
  g_autoptr(ChDnsTurn) other = ch_dns_turn_wait ("other", NULL, NULL);

  g_assert_nonnull (one);
  g_assert_nonnull (other);
}

typedef struct
{
  GCancellable *cancellable;
  GError *error;
} Waiter;

static gpointer
wait_in_vain (gpointer data)
{
  Waiter *waiter = data;

  g_assert_null (ch_dns_turn_wait ("busy", waiter->cancellable, &waiter->error));
  return NULL;
}

static void
test_waiting_is_cancelled (void)
{
  g_autoptr(ChDnsTurn) ours = ch_dns_turn_wait ("busy", NULL, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Waiter waiter = { cancellable, NULL };
  GThread *thread = g_thread_new ("waiter", wait_in_vain, &waiter);

  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (waiter.error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&waiter.error);
}

static void
test_pause_is_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_true (ch_dns_pause (0, cancellable, &error));
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (ch_dns_pause (1000000, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

/* ---- names and values ---- */

static void
test_check_txt (void)
{
  static const struct { const char *name, *value, *zone; int code; } cases[] = {
    { "_dnsauth.example.test", "_globalsign-domain-verification=x", "example.test", -1 },
    { "Example.Test", "x", "example.test.", -1 },
    { "badexample.test", "x", "example.test", CH_ERROR_ZONE_NOT_FOUND },
    { "other.invalid", "x", "example.test", CH_ERROR_ZONE_NOT_FOUND },
    { "a/b.example.test", "x", "example.test", CH_ERROR_INVALID },
    { "_x.example.test", "", "example.test", CH_ERROR_INVALID },
    { "_x.example.test", "a\"b", "example.test", CH_ERROR_INVALID },
    { "_x.example.test", "a\\b", "example.test", CH_ERROR_INVALID },
    { "_x.example.test", "a\nb", "example.test", CH_ERROR_INVALID },
    { "_x.example.test", "caf\xc3\xa9", "example.test", CH_ERROR_INVALID },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ChTxt txt = { cases[i].name, cases[i].value };
      g_autoptr(GError) error = NULL;
      gboolean fits = ch_dns_check_txt (&txt, cases[i].zone, &error);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (fits, ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, CH_ERROR, cases[i].code);
    }
}

static void
test_relative_name (void)
{
  static const struct { const char *name, *zone, *relative; } cases[] = {
    { "example.test", "example.test", "@" },
    { "Example.test.", "example.test", "@" },
    { "_dnsauth.example.test", "example.test", "_dnsauth" },
    { "_a.B.example.test", "EXAMPLE.test.", "_a.b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *relative = ch_dns_relative_name (cases[i].name, cases[i].zone);
      g_assert_cmpstr (relative, ==, cases[i].relative);
    }
}

static void
test_split (void)
{
  static const struct { gsize length; guint strings; gsize last; } cases[] = {
    { 1, 1, 1 }, { 255, 1, 255 }, { 256, 2, 1 }, { 510, 2, 255 }, { 511, 3, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *value = g_strnfill (cases[i].length, 'x');
      g_auto(GStrv) strings = ch_dns_split_txt (value);
      g_autofree char *joined = g_strjoinv ("", strings);

      g_assert_cmpuint (g_strv_length (strings), ==, cases[i].strings);
      g_assert_cmpuint (strlen (strings[cases[i].strings - 1]), ==, cases[i].last);
      g_assert_cmpstr (joined, ==, value);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/one-after-the-other", test_one_after_the_other);
  g_test_add_func ("/turn/other-sets-do-not-wait", test_other_sets_do_not_wait);
  g_test_add_func ("/turn/waiting-is-cancelled", test_waiting_is_cancelled);
  g_test_add_func ("/turn/pause-is-cancelled", test_pause_is_cancelled);
  g_test_add_func ("/txt/check", test_check_txt);
  g_test_add_func ("/txt/relative-name", test_relative_name);
  g_test_add_func ("/txt/split", test_split);
  return g_test_run ();
}
