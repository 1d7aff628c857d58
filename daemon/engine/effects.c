/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "engine/alarm.h"
#include "engine/challenges.h"
#include "engine/deployments-private.h"
#include "engine/peers-private.h"
#include "engine/proof.h"
#include "lib/checkpoint.h"
#include "lib/error.h"

#include <glib/gi18n.h>

static const ChPerform performers[] = {
  [CH_ORDER_STEP_MAKE_KEY] = ch_effect_make_key,
  [CH_ORDER_STEP_SUBMIT] = ch_effect_submit,
  [CH_ORDER_STEP_FIND] = ch_effect_find,
  [CH_ORDER_STEP_WITHDRAW] = ch_effect_withdraw,
  [CH_ORDER_STEP_FOLLOW] = ch_effect_follow,
  [CH_ORDER_STEP_PUBLISH] = ch_effect_publish,
  [CH_ORDER_STEP_PROPAGATE] = ch_effect_propagate,
  [CH_ORDER_STEP_CHECK] = ch_effect_check,
  [CH_ORDER_STEP_FETCH] = ch_effect_fetch,
  [CH_ORDER_STEP_CANCEL] = ch_effect_cancel,
  [CH_ORDER_STEP_REVOKE] = ch_effect_revoke,
};

static gboolean
usable (const ChPeer *peer,
        GError      **error)
{
  if (peer->state == CH_PEER_STATE_DISABLED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” is disabled; enable it to go on"), peer->name);

  return TRUE;
}

static ChTxtRecord *
find_txt_record (GPtrArray         *records,
                 const ChChallenge *challenge)
{
  for (guint i = 0; i < records->len; i++)
    {
      const ChTxtRecord *record = g_ptr_array_index (records, i);

      if (record->dns_account_id == challenge->dns_account_id
          && g_str_equal (record->name, ch_challenge_place (challenge)) && g_str_equal (record->value, challenge->value))
        return g_ptr_array_steal_index (records, i);
    }

  return NULL;
}

/* Two accounts may write the same zone: what one of them takes away must not be what the other has just put there. One that
 * cannot take it away is not waited for. */
static gboolean
check_not_leaving (GPtrArray          *records,
                   const ChChallenge  *challenge,
                   GError            **error)
{
  for (guint i = 0; i < records->len; i++)
    {
      const ChTxtRecord *record = g_ptr_array_index (records, i);

      if (record->state == CH_TXT_STATE_REMOVING && record->failures == 0
          && g_str_equal (record->name, ch_challenge_place (challenge)) && g_str_equal (record->value, challenge->value))
        return ch_error_set (error, CH_ERROR_TRANSIENT, _("Waits until the DNS account before has taken its value away"));
    }

  return TRUE;
}

static gboolean
note_txt_record (ChEffect          *effect,
                 GPtrArray         *records,
                 const ChChallenge *challenge,
                 GError           **error)
{
  ChStore *store = effect->world->store;
  ChTxtRecord *record = find_txt_record (records, challenge);

  if (!check_not_leaving (records, challenge, error))
    {
      g_clear_pointer (&record, ch_txt_record_free);
      return FALSE;
    }

  if (record != NULL)
    {
      g_ptr_array_add (effect->txts, record);
      record->failures++;
      record->state = CH_TXT_STATE_ADDING;
      return ch_store_update_txt_record (store, record, error);
    }

  record = g_new0 (ChTxtRecord, 1);
  g_ptr_array_add (effect->txts, record);
  record->dns_account_id = challenge->dns_account_id;
  record->order_id = effect->order->id;
  record->name = g_strdup (ch_challenge_place (challenge));
  record->value = g_strdup (challenge->value);
  record->ours = TRUE;
  record->state = CH_TXT_STATE_ADDING;
  record->failures = 1;
  record->created_at = ch_now ();
  return ch_store_add_txt_record (store, record, error);
}

/* Looking at DNS, asking the CA and cancelling go on without it. */
static gboolean
needs_dns_account (ChOrderStep step)
{
  return step == CH_ORDER_STEP_SUBMIT || step == CH_ORDER_STEP_PUBLISH;
}

/* The first try is remembered before it is made: what we put into somebody's DNS must be found
 * again after a crash. */
static gboolean
note_txt_records (ChEffect *effect,
                  GError  **error)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (effect->world->store, effect->order->id, error);

  for (guint i = 0; records != NULL && i < effect->challenges->len; i++)
    {
      const ChChallenge *challenge = g_ptr_array_index (effect->challenges, i);

      if (challenge->dns_account_id != 0 && !note_txt_record (effect, records, challenge, error))
        return FALSE;
    }

  return records != NULL;
}

ChPeer *
ch_effect_find_dns (const ChEffect *effect,
                    gint64          id)
{
  for (guint i = 0; i < effect->dns->len; i++)
    if (((ChPeer *) effect->dns->pdata[i])->id == id)
      return effect->dns->pdata[i];

  return NULL;
}

static gboolean
read_dns_account (ChEffect *effect,
                  gint64    id,
                  GError  **error)
{
  if (id == 0 || ch_effect_find_dns (effect, id) != NULL)
    return TRUE;

  ChPeer *dns = ch_store_get_peer (effect->world->store, CH_PEER_ROLE_DNS, id, error);
  if (dns == NULL)
    return FALSE;

  g_ptr_array_add (effect->dns, dns);
  return !needs_dns_account (effect->order->step) || usable (dns, error);
}

/* Whoever takes care of the place that a name leads to. */
static gboolean
read_all_dns_accounts (ChEffect *effect,
                       GError  **error)
{
  GPtrArray *all = ch_store_list_peers (effect->world->store, CH_PEER_ROLE_DNS, error);

  if (all == NULL)
    return FALSE;

  g_ptr_array_unref (effect->dns);
  effect->dns = all;
  return TRUE;
}

/* A reissue leaves the certificate before it valid; what is revoked is all that somebody could still show. */
static gboolean
read_revoking (ChEffect *effect,
               GError  **error)
{
  g_autoptr(GPtrArray) list = ch_store_list_certificates (effect->world->store, effect->order->id, error);
  GPtrArray *numbers = g_ptr_array_new_with_free_func (g_free);
  gint64 now = ch_now ();

  effect->revoking = numbers;
  if (effect->order->ca_order != NULL)
    g_ptr_array_add (numbers, g_strdup (effect->order->ca_order));
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const ChCertificate *certificate = g_ptr_array_index (list, i);

      if (certificate->not_after > now
          && !g_ptr_array_find_with_equal_func (numbers, certificate->ca_order, g_str_equal, NULL))
        g_ptr_array_add (numbers, g_strdup (certificate->ca_order));
    }

  return list != NULL;
}

static gboolean
read_inputs (ChEffect *effect,
             GError  **error)
{
  ChStore *store = effect->world->store;
  const ChOrder *order = effect->order;

  effect->challenges = ch_store_list_challenges (store, order->id, error);
  if (effect->challenges == NULL)
    return FALSE;

  if (order->reissues_ca != NULL)
    {
      effect->in_force = ch_store_find_certificate (store, order->id, error);
      if (effect->in_force == NULL)
        return FALSE;
    }

  if (order->step == CH_ORDER_STEP_REVOKE && !read_revoking (effect, error))
    return FALSE;

  effect->account = ch_store_get_peer (store, CH_PEER_ROLE_ACCOUNT, order->account_id, error);
  if (effect->account == NULL || !usable (effect->account, error))
    return FALSE;

  if (order->step == CH_ORDER_STEP_FOLLOW)
    return read_all_dns_accounts (effect, error);

  for (guint i = 0; i < effect->challenges->len; i++)
    if (!read_dns_account (effect, ((const ChChallenge *) effect->challenges->pdata[i])->dns_account_id, error))
      return FALSE;

  return effect->challenges->len > 0 || read_dns_account (effect, order->dns_account_id, error);
}

/* What is renewed may have been reissued since the renewal was ordered, or since it was last sent in vain: what it
 * names is the one in force when it is sent. */
static gboolean
renew_newest (ChEffect *effect,
              GError  **error)
{
  ChOrder *order = effect->order;

  if (order->renews_id == 0)
    return TRUE;

  g_autoptr(ChOrder) before = ch_store_get_order (effect->world->store, order->renews_id, error);
  if (before == NULL)
    return FALSE;

  const char *number = before->reissues_ca != NULL ? before->reissues_ca : before->ca_order;
  if (number != NULL && before->account_id == order->account_id)
    {
      g_free (order->renews_ca);
      order->renews_ca = g_strdup (number);
    }

  return TRUE;
}

/* A step that is under way has no due time; so a service that starts again sees what was. */
static gboolean
note_begin (ChEffect *effect,
            GError  **error)
{
  ChOrder *order = effect->order;

  order->due = 0;
  if (order->step == CH_ORDER_STEP_SUBMIT && order->reissues_ca == NULL)
    {
      if (!renew_newest (effect, error))
        return FALSE;

      order->state = CH_ORDER_STATE_SUBMITTING;
      order->state_since = ch_now ();
    }

  return ch_store_update_order (effect->world->store, order, error);
}

ChEffect *
ch_effect_prepare (ChWorld        *world,
                   const ChOrder  *order,
                   GError        **error)
{
  g_autoptr(ChEffect) effect = g_new0 (ChEffect, 1);
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  effect->world = world;
  effect->dns = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_peer_free);
  effect->txts = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_txt_record_free);
  effect->order = ch_store_get_order (world->store, order->id, error);
  if (transaction == NULL || effect->order == NULL || !read_inputs (effect, error))
    return NULL;

  if (order->step == CH_ORDER_STEP_PUBLISH && effect->challenges->len == 0)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("The order has no validation value to publish"));
      return NULL;
    }

  gboolean publishes = order->step == CH_ORDER_STEP_PUBLISH;
  if ((publishes && ch_order_proof (order) == CH_PROOF_FILE && !ch_effect_note_files (effect, error))
      || (publishes && ch_order_proof (order) == CH_PROOF_RECORD && !note_txt_records (effect, error))
      || (order->step == CH_ORDER_STEP_PROPAGATE && !ch_effect_read_settling (effect, error))
      || !note_begin (effect, error)
      || !ch_store_transaction_commit (transaction, error))
    return NULL;

  for (guint i = 0; effect->yielded != NULL && i < effect->yielded->len; i++)
    ch_order_tell (world, g_array_index (effect->yielded, gint64, i), CH_CHANGE_CHANGED);
  return g_steal_pointer (&effect);
}

static void
pass (const ChEffect *effect,
      const char     *when)
{
  g_autofree G_GNUC_UNUSED char *name = g_strdup_printf ("%s:%s", ch_nick (CH_TYPE_ORDER_STEP, effect->order->step), when);

  ch_checkpoint (name);
}

void
ch_effect_mend_error (GError       **error,
                      GCancellable  *cancellable)
{
  ch_error_from_gio (error);
  if (*error == NULL)
    ch_error_set (error, CH_ERROR_FAILED, _("It failed without saying why"));
  if (g_error_matches (*error, CH_ERROR, CH_ERROR_CANCELLED) && !g_cancellable_is_cancelled (cancellable))
    (*error)->code = CH_ERROR_TRANSIENT;
}

void
ch_effect_perform (gpointer      data,
                   GCancellable *cancellable)
{
  ChEffect *effect = data;

  pass (effect, "before");
  if (g_cancellable_is_cancelled (cancellable))
    ch_error_set (&effect->error, CH_ERROR_CANCELLED, _("The service stops"));
  else if (!performers[effect->order->step] (effect, cancellable, &effect->error))
    ch_effect_mend_error (&effect->error, cancellable);
  if (effect->error != NULL)
    effect->kind = CH_FACT_FAILED;
  pass (effect, "after");
}

static gboolean
apply_challenges (ChEffect *effect,
                  gint64    now,
                  GError  **error)
{
  for (guint i = 0; i < effect->challenges->len; i++)
    {
      ChChallenge *challenge = g_ptr_array_index (effect->challenges, i);

      if (effect->kind == CH_FACT_PUBLISHED)
        challenge->published_at = ch_effect_puts (effect, challenge) ? now : 0;
      if (effect->kind == CH_FACT_TAKEN)
        challenge->published_at = 0;
      if (effect->kind == CH_FACT_SHOWN && challenge->seen_at == 0)
        challenge->seen_at = now;
      if (!ch_store_update_challenge (effect->world->store, challenge, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
apply_txt_records (ChEffect *effect,
                   GError  **error)
{
  for (guint i = 0; i < effect->txts->len; i++)
    if (!ch_store_update_txt_record (effect->world->store, g_ptr_array_index (effect->txts, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
apply_certificate (ChEffect *effect,
                   ChOrder  *order,
                   gint64    now,
                   GError  **error)
{
  /* A certificate that is about to be cancelled is not installed; if the CA refuses to, it is fetched again. */
  if (effect->chain == NULL || effect->ca->status != CH_CA_ISSUED || order->cancel_wanted)
    return TRUE;

  const ChCert *leaf = effect->chain->leaf;

  /* Reissued elsewhere, but perhaps for a key that is here. The key of a request that somebody brought is his. */
  if (order->key_ref == NULL && order->csr == NULL
      && !ch_store_take_key (effect->world->store, leaf->public_key, &order->key_ref, error))
    return FALSE;

  g_autoptr(ChCertificate) certificate = g_new0 (ChCertificate, 1);

  certificate->order_id = order->id;
  certificate->ca_order = g_strdup (effect->ca->ca_order != NULL ? effect->ca->ca_order : order->ca_order);
  certificate->serial = g_strdup (leaf->serial);
  certificate->subject = g_strdup (leaf->subject);
  certificate->issuer = g_strdup (leaf->issuer);
  certificate->names = g_strdupv (leaf->names);
  certificate->not_before = leaf->not_before;
  certificate->not_after = leaf->not_after;
  certificate->fingerprint = g_strdup (leaf->fingerprint);
  certificate->public_key = g_strdup (leaf->public_key);
  certificate->key_ref = g_strdup (order->key_ref);
  certificate->pem = g_strdup (leaf->pem);
  certificate->chain = g_strdup (effect->chain->intermediates);
  certificate->root = g_strdup (effect->chain->root);
  certificate->issued_at = now;
  if (!ch_store_add_certificate (effect->world->store, certificate, error))
    return FALSE;

  order->issued_at = now;
  order->not_after = leaf->not_after;
  order->tell_at = now;
  if (order->term_end == 0)
    {
      g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (leaf->not_before);
      g_autoptr(GDateTime) end = g_date_time_add_months (start, order->term_months);

      order->term_end = g_date_time_to_unix (end);
    }

  return ch_deployments_order_issued (effect->world, order, certificate, error);
}

static void
apply_key (ChEffect *effect,
           ChOrder  *order)
{
  if (effect->kind == CH_FACT_FOUND_OTHERS && effect->ca->status == CH_CA_ISSUED)
    {
      g_clear_pointer (&order->key_ref, g_free);
      g_clear_pointer (&order->csr, g_free);
      g_clear_pointer (&order->public_key, g_free);
    }
  if (effect->kind != CH_FACT_KEY_MADE)
    return;

  g_free (order->key_ref);
  order->key_ref = g_strdup (effect->key_ref);
  g_free (order->csr);
  order->csr = g_strdup (effect->csr);
  g_free (order->public_key);
  order->public_key = g_strdup (effect->public_key);
}

static gboolean
apply_all (ChEffect  *effect,
           ChOrder   *order,
           GPtrArray *challenges,
           GError   **error)
{
  gint64 now = ch_now ();
  ChFact fact = {
    .kind = effect->kind,
    .ca = effect->ca,
    .error = effect->error,
    .text = effect->text,
    .due = effect->due,
    .overdue = effect->overdue,
    .doubtful = effect->doubtful,
    .has_challenge = effect->challenges->len > 0 || (challenges != NULL && challenges->len > 0),
    .is_stale = ch_challenges_are_stale (effect->world->policy, order, effect->challenges, now),
  };

  apply_key (effect, order);
  if (!apply_challenges (effect, now, error))
    return FALSE;

  fact.is_ours = ch_challenges_are_ours (order, effect->challenges);
  return apply_txt_records (effect, error)
         && ch_effect_apply_files (effect, error)
         && ch_effect_apply_settled (effect, error)
         && apply_certificate (effect, order, now, error)
         && ch_order_apply_fact (effect->world, order, &fact, challenges, &ch_actor_daemon, error);
}

/* An error speaks of one of them; success, of all that had something to do. */
static void
note_outcomes (const ChEffect *effect)
{
  if (effect->blamed != NULL)
    ch_peer_note_outcome (effect->world, effect->blamed, effect->error);

  for (guint i = 0; i < effect->dns->len && effect->kind == CH_FACT_PUBLISHED; i++)
    ch_peer_note_outcome (effect->world, effect->dns->pdata[i], NULL);
}

gboolean
ch_effect_apply (gpointer   data,
                 GError   **error)
{
  ChEffect *effect = data;
  ChWorld *world = effect->world;
  g_autoptr(GPtrArray) accounts = ch_store_list_peers (world->store, CH_PEER_ROLE_DNS, error);
  g_autoptr(GPtrArray) challenges = accounts != NULL
    ? ch_challenges_from_ca (effect->order, effect->ca, accounts, ch_now ()) : NULL;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChOrder) order = transaction != NULL && accounts != NULL ? ch_store_get_order (world->store, effect->order->id, error) : NULL;

  if (order == NULL || !apply_all (effect, order, challenges, error)
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
  note_outcomes (effect);
  return TRUE;
}

void
ch_effect_free (ChEffect *effect)
{
  g_clear_pointer (&effect->order, ch_order_free);
  g_clear_pointer (&effect->account, ch_peer_free);
  g_clear_pointer (&effect->dns, g_ptr_array_unref);
  g_clear_pointer (&effect->in_force, ch_certificate_free);
  g_clear_pointer (&effect->revoking, g_ptr_array_unref);
  g_clear_pointer (&effect->challenges, g_ptr_array_unref);
  g_clear_pointer (&effect->txts, g_ptr_array_unref);
  g_clear_pointer (&effect->files, g_ptr_array_unref);
  g_clear_pointer (&effect->by_hand, g_ptr_array_unref);
  g_clear_pointer (&effect->yielded, g_array_unref);
  g_clear_pointer (&effect->settling, g_ptr_array_unref);
  g_clear_error (&effect->error);
  g_clear_pointer (&effect->ca, ch_ca_order_free);
  g_clear_pointer (&effect->chain, ch_chain_free);
  g_free (effect->text);
  g_free (effect->csr);
  g_free (effect->key_ref);
  g_free (effect->public_key);
  g_free (effect);
}
