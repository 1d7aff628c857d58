/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-prove.h"

#include "deploy/prove.h"
#include "lib/error.h"

FakeProve fake_prove = { .error = -1 };

void
fake_prove_reset (void)
{
  fake_prove = (FakeProve) { .error = -1 };
}

static gboolean
answer (GError **error)
{
  fake_prove.n_looks++;
  return fake_prove.error < 0
         || ch_error_set (error, (ChError) fake_prove.error, "the endpoint is not as it should be");
}

gboolean
ch_prove (const ChEndpoint *endpoint,
          const ChExpected *expected,
          GString          *told,
          GCancellable     *cancellable,
          GError          **error)
{
  return TRUE;
}

gboolean
ch_prove_once (const ChEndpoint *endpoint,
               const ChExpected *expected,
               char            **other,
               GCancellable     *cancellable,
               GError          **error)
{
  if (fake_prove.error == CH_ERROR_NOT_SERVED)
    *other = g_strdup (fake_prove.other);
  return answer (error);
}

static void
seen_free (ChSeen *seen)
{
  g_free (seen->place);
  ch_served_free (seen->served);
  g_free (seen);
}

GPtrArray *
ch_prove_look (const ChEndpoint *endpoint,
               GString          *told,
               GCancellable     *cancellable,
               GError          **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) seen_free);

  if (!answer (error))
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fake_prove.serves) && fake_prove.serves[i] != NULL; i++)
    {
      ChSeen *seen = g_new0 (ChSeen, 1);
      ChCert *leaf = ch_cert_parse (fake_prove.serves[i], NULL);

      seen->place = g_strdup_printf ("address %" G_GSIZE_FORMAT, i + 1);
      seen->served = g_new0 (ChServed, 1);
      seen->served->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_cert_free);
      g_ptr_array_add (seen->served->certificates, leaf);
      seen->served->leaf = leaf;
      g_ptr_array_add (all, seen);
    }
  return g_steal_pointer (&all);
}
