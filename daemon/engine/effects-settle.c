/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "dns/provider.h"
#include "engine/secrets.h"

#include <glib/gi18n.h>

/* A service may answer before all its servers have a value, and tell later when they do. No worker waits for it: each
 * look at the name servers begins with this question, and the next look's due time is the order's. */

typedef struct
{
  ChTxtRecord *record;  /* (owned) */
  ChPeer *dns;          /* (owned) */
  gboolean settled;
} ChSettling;

static void
settling_free (ChSettling *settling)
{
  ch_txt_record_free (settling->record);
  g_clear_pointer (&settling->dns, ch_peer_free);
  g_free (settling);
}

gboolean
ch_effect_read_settling (ChEffect  *effect,
                         GError   **error)
{
  ChStore *store = effect->world->store;
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (store, effect->order->id, error);

  effect->settling = g_ptr_array_new_with_free_func ((GDestroyNotify) settling_free);
  for (guint i = records != NULL ? records->len : 0; i > 0; i--)
    {
      if (((const ChTxtRecord *) records->pdata[i - 1])->token == NULL)
        continue;

      ChSettling *settling = g_new0 (ChSettling, 1);
      settling->record = g_ptr_array_steal_index (records, i - 1);
      g_ptr_array_add (effect->settling, settling);
      settling->dns = ch_store_get_peer (store, CH_PEER_ROLE_DNS, settling->record->dns_account_id, error);
      if (settling->dns == NULL)
        return FALSE;
    }

  return records != NULL;
}

/* Who cannot be asked any more is not waited for: the look at the name servers decides. */
static gboolean
has_settled (ChEffect      *effect,
             ChSettling    *settling,
             GCancellable  *cancellable)
{
  const ChDnsProvider *provider = ch_dns_find (settling->dns->kind, NULL);

  if (provider == NULL || provider->has_settled == NULL || settling->dns->state == CH_PEER_STATE_DISABLED)
    return TRUE;

  g_autoptr(GHashTable) secrets = ch_secrets_load (effect->world->vault, settling->dns, cancellable, NULL);
  ChDnsAccess access = { .settings = settling->dns->settings, .secrets = secrets };

  return secrets == NULL || provider->has_settled (&access, settling->record->token, cancellable);
}

gboolean
ch_effect_ask_settled (ChEffect      *effect,
                       GCancellable  *cancellable)
{
  gboolean all = TRUE;

  for (guint i = 0; i < effect->settling->len; i++)
    {
      ChSettling *settling = g_ptr_array_index (effect->settling, i);

      settling->settled = has_settled (effect, settling, cancellable);
      if (settling->settled)
        continue;

      all = FALSE;
      g_free (effect->text);
      effect->text = g_strdup_printf (_("“%s” has not yet brought the value at %s to all its name servers"),
                                      settling->dns->name, settling->record->name);
    }

  return all;
}

gboolean
ch_effect_apply_settled (ChEffect  *effect,
                         GError   **error)
{
  for (guint i = 0; effect->settling != NULL && i < effect->settling->len; i++)
    {
      const ChSettling *settling = g_ptr_array_index (effect->settling, i);

      if (settling->settled && !ch_store_settle_txt_record (effect->world->store, settling->record->id, error))
        return FALSE;
    }

  return TRUE;
}
