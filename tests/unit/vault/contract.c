/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contract.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <string.h>

#define N_THREADS 8
#define N_EACH 12

static void
put (ChVault    *vault,
     const char *ref,
     const void *data,
     gsize       length)
{
  g_autoptr(GBytes) secret = g_bytes_new (data, length);
  g_autoptr(GError) error = NULL;

  ch_vault_store (vault, ref, "Chancery test", secret, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_holds (ChVault    *vault,
              const char *ref,
              const void *data,
              gsize       length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = ch_vault_lookup (vault, ref, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), data, length);
}

static void
assert_lacks (ChVault    *vault,
              const char *ref)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_vault_lookup (vault, ref, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, ref));
}

static void
remove_ref (ChVault    *vault,
            const char *ref)
{
  g_autoptr(GError) error = NULL;

  ch_vault_remove (vault, ref, NULL, &error);
  g_assert_no_error (error);
}

static void
test_round_trip (gconstpointer data)
{
  ChVault *vault = (ChVault *) data;
  g_autofree char *big = g_strnfill (64 * 1024, 'x');
  const struct { const void *data; gsize length; } cases[] = {
    { "hunter2", 7 },
    { "“pässwörd”", strlen ("“pässwörd”") },
    { "a\0b\xff\n", 5 },
    { "", 0 },
    { big, 64 * 1024 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      put (vault, "peer/1/password", cases[i].data, cases[i].length);
      assert_holds (vault, "peer/1/password", cases[i].data, cases[i].length);
    }
  remove_ref (vault, "peer/1/password");
}

static void
test_replace_and_remove (gconstpointer data)
{
  ChVault *vault = (ChVault *) data;

  put (vault, "peer/1/one", "old", 3);
  put (vault, "peer/1/two", "other", 5);
  put (vault, "peer/1/one", "new", 3);
  assert_holds (vault, "peer/1/one", "new", 3);
  remove_ref (vault, "peer/1/one");
  assert_lacks (vault, "peer/1/one");
  remove_ref (vault, "peer/1/one");
  assert_holds (vault, "peer/1/two", "other", 5);
  remove_ref (vault, "peer/1/two");
}

static void
assert_list (ChVault    *vault,
             const char *prefix,
             const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) refs = ch_vault_list (vault, prefix, NULL, &error);

  g_assert_no_error (error);
  g_autofree char *joined = g_strjoinv (" ", refs);
  g_assert_cmpstr (joined, ==, expected);
}

static void
test_list (gconstpointer data)
{
  ChVault *vault = (ChVault *) data;

  assert_list (vault, "", "");
  put (vault, "peer/2/b", "x", 1);
  put (vault, "peer/2/a", "x", 1);
  put (vault, "peer/20/a", "x", 1);
  put (vault, "key/1", "x", 1);
  assert_list (vault, "", "key/1 peer/2/a peer/2/b peer/20/a");
  assert_list (vault, "peer/2/", "peer/2/a peer/2/b");
  assert_list (vault, "peer/%", "");
  assert_list (vault, "meta/", "");
  remove_ref (vault, "peer/2/b");
  remove_ref (vault, "peer/2/a");
  remove_ref (vault, "peer/20/a");
  remove_ref (vault, "key/1");
}

static void
test_refused_references (gconstpointer data)
{
  ChVault *vault = (ChVault *) data;
  static const char *const refs[] = { "", "meta/check", "peer/\xff" };
  g_autoptr(GBytes) secret = g_bytes_new_static ("hunter2", 7);

  for (gsize i = 0; i < G_N_ELEMENTS (refs); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (ch_vault_store (vault, refs[i], "x", secret, NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_clear_error (&error);
      g_assert_null (ch_vault_lookup (vault, refs[i], NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_clear_error (&error);
      g_assert_false (ch_vault_remove (vault, refs[i], NULL, &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

static void
test_cancelled (gconstpointer data)
{
  ChVault *vault = (ChVault *) data;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) secret = g_bytes_new_static ("hunter2", 7);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (ch_vault_store (vault, "peer/1/x", "x", secret, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_assert_null (strstr (error->message, "hunter2"));
  assert_lacks (vault, "peer/1/x");
}

typedef struct
{
  ChVault *vault;
  int number;
} Job;

static gpointer
store_many (gpointer data)
{
  Job *job = data;

  for (int i = 0; i < N_EACH; i++)
    {
      g_autofree char *ref = g_strdup_printf ("many/%d/%d", job->number, i);
      put (job->vault, ref, ref, strlen (ref));
    }
  return NULL;
}

static void
test_parallel_stores_all_survive (gconstpointer data)
{
  ChVault *vault = (ChVault *) data;
  GThread *threads[N_THREADS];
  Job jobs[N_THREADS];

  for (int i = 0; i < N_THREADS; i++)
    {
      jobs[i] = (Job) { vault, i };
      threads[i] = g_thread_new ("store", store_many, &jobs[i]);
    }
  for (int i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_autoptr(GError) error = NULL;
  g_auto(GStrv) refs = ch_vault_list (vault, "many/", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (refs), ==, N_THREADS * N_EACH);
  for (char **ref = refs; *ref != NULL; ref++)
    {
      assert_holds (vault, *ref, *ref, strlen (*ref));
      remove_ref (vault, *ref);
    }
}

void
add_contract_tests (ChVault *vault)
{
  g_test_add_data_func ("/vault/contract/list", vault, test_list);
  g_test_add_data_func ("/vault/contract/round-trip", vault, test_round_trip);
  g_test_add_data_func ("/vault/contract/replace-remove", vault, test_replace_and_remove);
  g_test_add_data_func ("/vault/contract/references", vault, test_refused_references);
  g_test_add_data_func ("/vault/contract/cancelled", vault, test_cancelled);
  g_test_add_data_func ("/vault/contract/parallel", vault, test_parallel_stores_all_survive);
}
