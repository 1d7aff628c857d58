/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/validation.h"

#include "ca/ca.h"
#include "engine/alarm.h"
#include "engine/effects.h"
#include "engine/look.h"
#include "engine/peers-private.h"
#include "engine/proof.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/** Verify: one order, looked at now, by value. Claimed while a worker looks. */
typedef struct
{
  ChWorld *world;         /* (not owned) */
  ChOrder *order;         /* (owned) */
  ChPeer *account;        /* (owned) */
  GPtrArray *challenges;  /* (element-type ChChallenge) (owned) */
  GPtrArray *dns;         /* (element-type ChPeer) (owned) */
  ChCaOrder *ca;          /* (owned) (nullable) */
  gboolean over;          /* the step that was waited for was the last one */
} Verify;

static void
verify_clear (Verify *verify)
{
  g_clear_pointer (&verify->order, ch_order_free);
  g_clear_pointer (&verify->account, ch_peer_free);
  g_clear_pointer (&verify->challenges, g_ptr_array_unref);
  g_clear_pointer (&verify->dns, g_ptr_array_unref);
  g_clear_pointer (&verify->ca, ch_ca_order_free);
}

static void
verify_free (Verify *verify)
{
  verify_clear (verify);
  g_free (verify);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Verify, verify_free)

/* ---- on a worker ---- */

static const ChPeer *
find_dns (const Verify *verify,
          gint64        id)
{
  for (guint i = 0; i < verify->dns->len; i++)
    if (((const ChPeer *) verify->dns->pdata[i])->id == id)
      return verify->dns->pdata[i];

  return NULL;
}

/* What cannot be found out is told, and is no reason not to ask the CA. */
static gboolean
look_at (Verify       *verify,
         ChJob        *job,
         ChChallenge  *challenge,
         GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChLook) look = ch_look_at (challenge, find_dns (verify, challenge->dns_account_id), verify->world->config,
                                       cancellable, &error);

  if (look == NULL)
    {
      ch_job_say (job, -1, "%s", error->message);
      return FALSE;
    }

  for (guint i = 0; i < look->lines->len; i++)
    ch_job_say (job, -1, "%s", (const char *) look->lines->pdata[i]);
  if (look->lines->len == 0)
    ch_job_say (job, -1, "%s", look->summary);
  g_free (challenge->observed);
  challenge->observed = g_steal_pointer (&look->observed);
  if (look->complete && challenge->seen_at == 0)
    challenge->seen_at = ch_now ();
  return look->complete;
}

/* (nullable): "yes" or "no"; nothing to see: empty */
static const char *
look_at_all (Verify       *verify,
             ChJob        *job,
             GCancellable *cancellable)
{
  gboolean seen = TRUE;

  if (!ch_order_shows_proof (verify->order) || verify->challenges->len == 0)
    return "";

  for (guint i = 0; i < verify->challenges->len; i++)
    {
      ChChallenge *challenge = verify->challenges->pdata[i];

      ch_job_say (job, 0.5 * i / verify->challenges->len, challenge->method == CH_DCV_METHOD_HTTP
                    ? _("Looks for the file of %s at every address") : _("Asks the name servers for %s"), challenge->location);
      seen &= look_at (verify, job, challenge, cancellable);
    }

  return seen ? "yes" : "no";
}

static ChCaOrder *
ask_ca (Verify        *verify,
        GCancellable  *cancellable,
        GError       **error)
{
  const ChCa *ca = ch_ca_find (verify->account->kind, error);
  g_autoptr(GHashTable) secrets = ca != NULL ? ch_secrets_load (verify->world->vault, verify->account, cancellable, error) : NULL;

  if (secrets == NULL)
    return NULL;

  ChCaAccess access = { .settings = verify->account->settings, .secrets = secrets };
  if (!ch_order_shows_proof (verify->order) || verify->challenges->len == 0 || verify->order->state == CH_ORDER_STATE_VETTING)
    return ca->fetch (&access, verify->order->ca_order, cancellable, error);

  const ChChallenge *first = verify->challenges->pdata[0];
  g_autofree char *location = ch_look_location (first);
  return ca->check (&access, verify->order->ca_order, first->method, location, cancellable, error);
}

static const char *
status_word (ChCaStatus status)
{
  switch (status)
    {
    case CH_CA_WAITING: return "waiting";
    case CH_CA_HELD: return "held";
    case CH_CA_ISSUED: return "issued";
    default: return "ended";
    }
}

static const char *
status_sentence (ChCaStatus status)
{
  switch (status)
    {
    case CH_CA_WAITING: return _("It waits for the proof of control");
    case CH_CA_HELD: return _("Its staff look at the name first");
    case CH_CA_ISSUED: return _("The certificate is issued, and is fetched next");
    default: return _("The order has ended there");
    }
}

/* (transfer full) */
static GHashTable *
result_new (const char *seen,
            const char *status,
            const char *answer)
{
  GHashTable *result = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (result, g_strdup ("seen"), g_strdup (seen));
  g_hash_table_insert (result, g_strdup ("status"), g_strdup (status));
  g_hash_table_insert (result, g_strdup ("answer"), g_strdup (answer));
  return result;
}

/* @seen: what we saw. That the CA has not seen it yet is an answer, too. */
static GHashTable *
tell_answer (Verify        *verify,
             ChJob         *job,
             const char    *seen,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GError) failure = NULL;

  ch_job_say (job, 0.5, _("Asks the CA about its order %s"), verify->order->ca_order);
  verify->ca = ask_ca (verify, cancellable, &failure);
  if (verify->ca == NULL && !g_error_matches (failure, CH_ERROR, CH_ERROR_NOT_YET))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  const char *words = verify->ca == NULL ? failure->message
    : verify->ca->status_text != NULL ? verify->ca->status_text : status_sentence (verify->ca->status);
  ch_job_say (job, 1, _("The CA: %s"), words);
  return result_new (seen, status_word (verify->ca != NULL ? verify->ca->status : CH_CA_WAITING), words);
}

static GHashTable *
tell_end (const Verify *verify,
          ChJob        *job)
{
  gboolean ended = ch_order_state_is_final (verify->order->state);
  const char *words = !ended ? _("The certificate is there") : verify->order->reason != NULL ? verify->order->reason
    : _("The order has ended");

  ch_job_say (job, 1, "%s", words);
  return result_new ("", ended ? "ended" : "issued", words);
}

static GHashTable *
verify_work (ChJob         *job,
             gpointer       data,
             GCancellable  *cancellable,
             GError       **error)
{
  Verify *verify = data;

  if (verify->over)
    return tell_end (verify, job);

  const char *seen = look_at_all (verify, job, cancellable);
  return tell_answer (verify, job, seen, cancellable, error);
}

/* ---- what comes of it ---- */

/* A #ChWrite. What was seen is kept, unless the challenges are others now. */
static gboolean
verify_write (gpointer   data,
              GError   **error)
{
  Verify *verify = data;
  ChWorld *world = verify->world;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChOrder) order = transaction != NULL ? ch_store_get_order (world->store, verify->order->id, error) : NULL;

  if (order == NULL)
    return FALSE;

  ChFact fact = { .kind = CH_FACT_VERIFIED, .ca = verify->ca, .has_challenge = verify->challenges->len > 0 };
  gboolean same = g_strcmp0 (order->ca_order, verify->order->ca_order) == 0;
  for (guint i = 0; same && ch_order_shows_proof (order) && i < verify->challenges->len; i++)
    if (!ch_store_update_challenge (world->store, verify->challenges->pdata[i], error))
      return FALSE;
  if ((same && verify->ca != NULL && !ch_order_apply_fact (world, order, &fact, NULL, &ch_actor_daemon, error))
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
  return TRUE;
}

static void
verify_done (ChWorld  *world,
             ChJob    *job,
             gpointer  data)
{
  Verify *verify = data;
  Verify *outcome = g_new0 (Verify, 1);
  g_autofree char *object = ch_object_name ("order", verify->order->id);

  *outcome = *verify;
  *verify = (Verify) { NULL };
  ch_peer_note_outcome (world, outcome->account, job->error);
  ch_runner_finish (world->runner, object, verify_write, outcome, (GDestroyNotify) verify_free);
}

/* ---- the job ---- */

static gboolean
may_verify (const ChOrder *order,
            GError       **error)
{
  if (order->ca_order == NULL || order->step == CH_ORDER_STEP_NONE || ch_order_state_is_final (order->state))
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is %s: there is nothing to verify"), order->id,
                         ch_nick (CH_TYPE_ORDER_STATE, (int) order->state));

  return TRUE;
}

static gboolean
read_inputs (Verify   *verify,
             gint64    id,
             GError  **error)
{
  ChStore *store = verify->world->store;

  verify_clear (verify);
  verify->order = ch_store_get_order (store, id, error);
  verify->challenges = verify->order != NULL ? ch_store_list_challenges (store, id, error) : NULL;
  verify->dns = verify->challenges != NULL ? ch_store_list_peers (store, CH_PEER_ROLE_DNS, error) : NULL;
  verify->account = verify->dns != NULL ? ch_store_get_peer (store, CH_PEER_ROLE_ACCOUNT, verify->order->account_id, error) : NULL;
  return verify->account != NULL;
}

/* A #ChJobReady. */
static gboolean
verify_ready (gpointer   data,
              GError   **error)
{
  Verify *verify = data;

  if (!read_inputs (verify, verify->order->id, error))
    return FALSE;

  verify->over = !may_verify (verify->order, NULL);
  return TRUE;
}

ChJob *
ch_order_verify (ChWorld        *world,
                 gint64          id,
                 const ChActor  *actor,
                 GError        **error)
{
  g_autoptr(Verify) verify = g_new0 (Verify, 1);

  verify->world = world;
  if (!read_inputs (verify, id, error) || !may_verify (verify->order, error) || !ch_jobs_have_room (world->jobs, actor, error))
    return NULL;

  g_autofree char *title = g_strdup_printf (_("Verify order %" PRId64), id);
  ch_order_note (world, actor, verify->order, "order.verify", _("Asked to look for the proof of control, and to ask the CA"));
  return ch_job_start_with_order (world, "order.verify", title, id, actor, verify_ready, verify_work, verify_done,
                                  g_steal_pointer (&verify), (GDestroyNotify) verify_free, error);
}
