/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cleaner.h"

#include "dcv/dns.h"
#include "engine/alarm.h"
#include "engine/effects.h"
#include "engine/machine.h"
#include "engine/peers-private.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/workers.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>

typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChTxtRecord *record;  /* (owned) */
  ChPeer *dns;          /* (owned) */
  char *object;         /* (owned): the claim */
  GError *error;        /* (owned) (nullable) */
} Removal;

static void
removal_free (Removal *removal)
{
  g_clear_pointer (&removal->record, ch_txt_record_free);
  g_clear_pointer (&removal->dns, ch_peer_free);
  g_clear_error (&removal->error);
  g_free (removal->object);
  g_free (removal);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static gboolean
withdraw (ChWorld            *world,
          const ChTxtRecord  *record,
          const ChPeer       *dns,
          GCancellable       *cancellable,
          GError            **error)
{
  const ChDnsProvider *provider = ch_dns_find (dns->kind, error);
  g_autoptr(GHashTable) secrets = provider != NULL ? ch_secrets_load (world->vault, dns, cancellable, error) : NULL;

  if (secrets == NULL)
    return FALSE;

  ChDnsAccess access = { .settings = dns->settings, .secrets = secrets };
  ChTxt txt = { .name = record->name, .value = record->value };

  return ch_dcv_dns_withdraw (provider, &access, &txt, record->zone, cancellable, error);
}

gboolean
ch_cleaner_take_away (ChWorld            *world,
                      const ChTxtRecord  *record,
                      const ChPeer       *dns,
                      GCancellable       *cancellable,
                      GError            **error)
{
  g_autoptr(GError) local = NULL;

  ch_checkpoint ("clean:before");
  /* A value that stood there before us is not ours to remove. */
  gboolean ok = !record->ours || withdraw (world, record, dns, cancellable, &local);
  ch_checkpoint ("clean:after");

  /* Where the account never had a zone for the name, nothing of ours can have been put. */
  if (ok || (record->zone == NULL && g_error_matches (local, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND)))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

void
ch_cleaner_note_failure (ChTxtRecord  *record,
                         const GError *why)
{
  record->failures++;
  record->due = ch_now () + ch_backoff (record->failures, 10, 60 * 60, (guint64) record->id);
  g_free (record->reason);
  record->reason = g_strdup (why->message);
}

static void
removal_perform (gpointer      data,
                 GCancellable *cancellable)
{
  Removal *removal = data;

  ch_cleaner_take_away (removal->world, removal->record, removal->dns, cancellable, &removal->error);
}

/* A #ChWrite. */
static gboolean
removal_write (gpointer   data,
               GError   **error)
{
  Removal *removal = data;
  ChWorld *world = removal->world;
  const ChTxtRecord *record = removal->record;

  if (removal->error == NULL ? !ch_store_remove_txt_record (world->store, record->id, error)
                             : !ch_store_update_txt_record (world->store, record, error))
    return FALSE;

  ch_peer_note_outcome (world, removal->dns, removal->error);
  if (record->order_id != 0)
    ch_order_tell (world, record->order_id, CH_CHANGE_CHANGED);
  return TRUE;
}

static void
removal_done (gpointer      data,
              GCancellable *cancellable)
{
  Removal *removal = data;

  if (removal->error != NULL)
    ch_cleaner_note_failure (removal->record, removal->error);
  ch_runner_finish (removal->world->runner, removal->object, removal_write, removal,
                    (GDestroyNotify) removal_free);
}

static gboolean
begin (Removal *removal,
       GError **error)
{
  ChStore *store = removal->world->store;

  removal->record->due = 0;
  removal->dns = ch_store_get_peer (store, CH_PEER_ROLE_DNS, removal->record->dns_account_id, error);
  return removal->dns != NULL && ch_store_update_txt_record (store, removal->record, error);
}

void
ch_cleaner_run (ChWorld *world,
                gint64   now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = ch_store_list_due_txt_records (world->store, now, &error);

  if (due == NULL)
    ch_runner_hold (world->runner, error);

  while (due != NULL && due->len > 0 && error == NULL && ch_runner_has_room (world->runner))
    {
      g_autoptr(Removal) removal = g_new0 (Removal, 1);

      removal->world = world;
      removal->record = g_ptr_array_steal_index (due, 0);
      removal->object = ch_object_name ("txt", removal->record->id);
      if (!ch_runner_claim (world->runner, removal->object))
        continue;

      if (begin (removal, &error))
        ch_workers_push (world->workers, removal_perform, removal_done, g_steal_pointer (&removal), NULL);
      else
        {
          ch_runner_hold (world->runner, error);
          ch_runner_release (world->runner, removal->object);
        }
    }
}

void
ch_cleaner_hurry (ChWorld *world,
                  gint64   dns_account_id)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->store, 0, NULL);
  gint64 now = ch_now ();

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      ChTxtRecord *record = g_ptr_array_index (records, i);

      if (record->dns_account_id != dns_account_id || record->state != CH_TXT_STATE_REMOVING
          || record->due <= now)
        continue;

      record->due = now;
      ch_store_update_txt_record (world->store, record, NULL);
    }
}

/* A value is needed while its order proves control; a test's value never survives its service. */
static gboolean
is_needed (ChWorld           *world,
           const ChTxtRecord *record)
{
  g_autoptr(ChOrder) order = record->order_id != 0 ? ch_store_get_order (world->store, record->order_id, NULL) : NULL;

  return order != NULL && record->state != CH_TXT_STATE_REMOVING
         && (order->state == CH_ORDER_STATE_VALIDATING || order->state == CH_ORDER_STATE_VETTING
             || order->state == CH_ORDER_STATE_REISSUING);
}

gboolean
ch_cleaner_resume (ChWorld *world,
                   GError **error)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->store, 0, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      ChTxtRecord *record = g_ptr_array_index (records, i);

      if (is_needed (world, record) || (record->state == CH_TXT_STATE_REMOVING && record->due != 0))
        continue;

      record->state = CH_TXT_STATE_REMOVING;
      record->due = ch_now ();
      if (!ch_store_update_txt_record (world->store, record, error))
        return FALSE;
    }

  return records != NULL;
}
