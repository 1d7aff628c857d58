/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/wait.h"

#include "deploy/prove.h"
#include "lib/error.h"
#include "talker.h"

#define LONG_TIME (60 * 1000)       /* milliseconds */

static gpointer
pause_thread (gpointer data)
{
  return GINT_TO_POINTER (ch_wait_pause (LONG_TIME, data));
}

/* The thread ends while others are still being told: what it has asked the cancellable for must go with it. */
static void
join_cb (GCancellable *cancellable,
         gpointer      data)
{
  GThread **thread = data;

  g_assert_false (GPOINTER_TO_INT (g_thread_join (*thread)));
  *thread = NULL;
}

/* Cancels when the thread waits; it is woken before join_cb() is called, since its handler is older. */
static void
cancel_and_join (GCancellable *cancellable,
                 GThread      *thread)
{
  guint signal = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);

  while (!g_signal_has_handler_pending (cancellable, signal, 0, TRUE))
    g_thread_yield ();

  g_signal_connect (cancellable, "cancelled", G_CALLBACK (join_cb), &thread);
  g_cancellable_cancel (cancellable);
  g_assert_null (thread);
}

static void
test_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  cancel_and_join (cancellable, g_thread_new ("pause", pause_thread, cancellable));
}

static void
test_cancelled_before (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_false (ch_wait_pause (LONG_TIME, cancellable));
}

static void
test_time_passes (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  gint64 before = g_get_monotonic_time ();

  g_assert_true (ch_wait_pause (20, cancellable));
  g_assert_true (ch_wait_pause (0, NULL));
  g_assert_cmpint (g_get_monotonic_time () - before, >=, 20 * G_TIME_SPAN_MILLISECOND);
}

/* ---- the proof ---- */

typedef struct
{
  ChEndpoint endpoint;
  GCancellable *cancellable;
} Proof;

static gpointer
prove_thread (gpointer data)
{
  Proof *proof = data;
  ChExpected expected = { "00", NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false (ch_prove (&proof->endpoint, &expected, NULL, proof->cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  return NULL;
}

/* It serves another certificate than is waited for, so that it is asked again and again. */
static void
test_proof_cancelled (void)
{
  static const TestLine nothing[] = { { NULL } };
  g_autoptr(TestCert) cert = test_cert_new ("old.example.test", GNUTLS_PK_ECDSA);
  g_autoptr(TestTalker) talker = test_talker_new ("127.0.0.1", 0, nothing, TEST_LAST_TLS, cert->pem, cert->key);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Proof proof = { { "127.0.0.1", test_talker_port (talker), NULL }, cancellable };
  GThread *thread = g_thread_new ("proof", prove_thread, &proof);

  while (test_talker_n_heard (talker) < 3)
    g_thread_yield ();
  cancel_and_join (cancellable, thread);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deploy/wait/cancelled", test_cancelled);
  g_test_add_func ("/deploy/wait/cancelled-before", test_cancelled_before);
  g_test_add_func ("/deploy/wait/time-passes", test_time_passes);
  g_test_add_func ("/deploy/wait/proof-cancelled", test_proof_cancelled);
  return g_test_run ();
}
