/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "lib/checkpoint.h"
#include "lib/error.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <glib/gi18n.h>

/* The reference is the order's own, so that a key made just before a crash is found and used. A key that cannot
 * be read now is not made anew: it would be lost, and one that was brought cannot be made at all. */
static GBytes *
make_or_find_key (ChEffect      *effect,
                  const char    *ref,
                  GCancellable  *cancellable,
                  GError       **error)
{
  ChVault *vault = effect->world->vault;
  g_autoptr(GError) local = NULL;
  g_autoptr(GBytes) key = ch_vault_lookup (vault, ref, cancellable, &local);

  if (key != NULL)
    return g_steal_pointer (&key);
  if (effect->order->key_ref != NULL || !g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  g_autofree char *label = g_strdup_printf (_("Private key of %s"), effect->order->names[0]);

  key = ch_key_generate (effect->order->key_algorithm, error);
  ch_checkpoint ("key:made");
  if (key == NULL || !ch_vault_store (vault, ref, label, key, cancellable, error))
    return NULL;

  return g_steal_pointer (&key);
}

/* Each reissue has a number of its own, so that the next key never takes the place of the one in force. */
static char *
next_key_ref (const ChOrder *order)
{
  if (order->key_ref != NULL)
    return g_strdup (order->key_ref);
  if (order->reissues_ca != NULL)
    return g_strdup_printf ("key/%" G_GINT64_FORMAT "/%u", order->id, order->attempt);

  return g_strdup_printf ("key/%" G_GINT64_FORMAT, order->id);
}

/* For EV the CA takes the organisation's name from the request; for OV it is in the order. */
static char *
make_request (const ChOrder *order,
              GBytes        *key,
              GError       **error)
{
  gboolean in_request = order->product == CH_PRODUCT_EXTENDEDSSL && order->organization != NULL;
  const char *organization = in_request ? g_hash_table_lookup (order->organization, "name") : NULL;

  return ch_csr_new_for (key, (const char *const *) order->names, organization, error);
}

gboolean
ch_effect_make_key (ChEffect      *effect,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const ChOrder *order = effect->order;
  g_autofree char *ref = next_key_ref (order);
  g_autoptr(GBytes) key = make_or_find_key (effect, ref, cancellable, error);

  if (key == NULL)
    return FALSE;

  effect->public_key = ch_key_public_hash (key, error);
  effect->csr = effect->public_key != NULL ? make_request (order, key, error) : NULL;
  if (effect->csr == NULL)
    return FALSE;

  effect->key_ref = g_steal_pointer (&ref);
  effect->kind = CH_FACT_KEY_MADE;
  return TRUE;
}
