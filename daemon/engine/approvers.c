/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/validation.h"

#include "ca/ca.h"
#include "engine/draft.h"
#include "engine/effects.h"
#include "engine/mails.h"
#include "engine/peers-private.h"
#include "engine/proof.h"
#include "engine/runner.h"
#include "engine/secrets.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* Whom the CA mails. */

/** Call: one question to the CA, by value. */
typedef struct
{
  ChWorld *world;         /* (not owned) */
  ChPeer *account;        /* (owned) (nullable) */
  gint64 order_id;        /* whose mail it is about, 0: nobody's */
  ChOrder *order;         /* (owned) (nullable): the same, claimed */
  char *name;             /* (owned) (nullable): whom to ask about */
  char *approver;         /* (owned) (nullable): whom to mail from now on */
  char **list;            /* (owned) (nullable) */
  gint64 uid;
  char *authority;        /* (owned) (nullable) */
  GTask *task;            /* (owned) */
  GError *error;          /* (owned) (nullable) */
} Call;

static void
call_free (Call *call)
{
  g_clear_pointer (&call->account, ch_peer_free);
  g_clear_pointer (&call->order, ch_order_free);
  g_free (call->name);
  g_free (call->approver);
  g_strfreev (call->list);
  g_free (call->authority);
  g_clear_object (&call->task);
  g_clear_error (&call->error);
  g_free (call);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static Call *
call_new (ChWorld             *world,
          gpointer             tag,
          GAsyncReadyCallback  callback,
          gpointer             data)
{
  Call *call = g_new0 (Call, 1);

  call->world = world;
  call->task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (call->task, tag);
  return call;
}

static void
call_fail (Call *call)
{
  g_task_return_error (call->task, g_steal_pointer (&call->error));
}

/* ---- on a worker ---- */

static gboolean
ask_ca (Call          *call,
        GCancellable  *cancellable,
        GError       **error)
{
  const ChCa *ca = ch_ca_find (call->account->kind, error);
  g_autoptr(GHashTable) secrets = ca != NULL ? ch_secrets_load (call->world->vault, call->account, cancellable, error) : NULL;

  if (secrets == NULL)
    return FALSE;

  ChCaAccess access = { .settings = call->account->settings, .secrets = secrets };
  if (call->order == NULL)
    {
      call->list = ca->list_approvers (&access, call->name, cancellable, error);
      return call->list != NULL;
    }

  return call->approver != NULL
    ? ca->change_approver (&access, call->order->ca_order, call->order->names[0], call->approver, cancellable, error)
    : ca->resend_mail (&access, call->order->ca_order, cancellable, error);
}

static void
perform (gpointer      data,
         GCancellable *cancellable)
{
  Call *call = data;

  if (!ask_ca (call, cancellable, &call->error))
    ch_effect_mend_error (&call->error, cancellable);
}

/* ---- the list ---- */

static void
list_done (gpointer      data,
           GCancellable *cancellable)
{
  g_autoptr(Call) call = data;

  ch_peer_note_outcome (call->world, call->account, call->error);
  if (call->error != NULL)
    call_fail (call);
  else
    g_task_return_pointer (call->task, g_steal_pointer (&call->list), (GDestroyNotify) g_strfreev);
}

void
ch_approvers_list_async (ChWorld             *world,
                         const char          *account,
                         const char          *name,
                         GAsyncReadyCallback  callback,
                         gpointer             data)
{
  g_autoptr(Call) call = call_new (world, ch_approvers_list_async, callback, data);

  call->name = ch_name_normalise (name, &call->error);
  if (call->name != NULL)
    call->account = ch_draft_choose_account (world, account, &call->error);
  if (call->account == NULL)
    call_fail (call);
  else
    ch_workers_push (world->workers, perform, list_done, g_steal_pointer (&call), NULL);
}

char **
ch_approvers_list_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- the mail of an order ---- */

/* The order still waits, now perhaps for somebody else. */
static gboolean
write_mailed (Call    *call,
              GError **error)
{
  ChWorld *world = call->world;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(ChOrder) order = transaction != NULL ? ch_store_get_order (world->store, call->order->id, error) : NULL;

  if (order == NULL)
    return FALSE;

  ChActor actor = { .uid = call->uid, .authority = call->authority };
  ChCaOrder told = { .ca_order = call->order->ca_order, .status = CH_CA_WAITING, .approver = call->approver };
  ChFact fact = { .kind = CH_FACT_STATUS, .ca = &told };
  if (!ch_mail_note (world, order, &told, TRUE, error))
    return FALSE;

  g_autofree char *sentence = g_strdup_printf (_("Asked the CA to mail %s"), order->approver);
  ch_order_note (world, &actor, order, "order.mail", sentence);
  return ch_order_apply_fact (world, order, &fact, NULL, &actor, error)
         && ch_store_transaction_commit (transaction, error);
}

static void
mail_done (gpointer      data,
           GCancellable *cancellable)
{
  g_autoptr(Call) call = data;
  g_autofree char *object = ch_object_name ("order", call->order->id);

  ch_peer_note_outcome (call->world, call->account, call->error);
  if (call->error == NULL)
    write_mailed (call, &call->error);
  ch_runner_release (call->world->runner, object);
  if (call->error != NULL)
    {
      call_fail (call);
      return;
    }

  ch_order_tell (call->world, call->order->id, CH_CHANGE_CHANGED);
  g_task_return_boolean (call->task, TRUE);
}

static gboolean
may_mail (const ChOrder *order,
          GError       **error)
{
  if (ch_order_proof (order) != CH_PROOF_MAIL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is not proven by e-mail"), order->id);
  if (order->step != CH_ORDER_STEP_TRACK || order->ca_order == NULL || order->anew || order->cancel_wanted)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is %s and waits for no mail"), order->id,
                         ch_nick (CH_TYPE_ORDER_STATE, (int) order->state));

  return TRUE;
}

static gboolean
prepare_mail (Call    *call,
              GError **error)
{
  ChStore *store = call->world->store;

  call->order = ch_store_get_order (store, call->order_id, error);
  if (call->order == NULL || !may_mail (call->order, error))
    return FALSE;

  call->account = ch_store_get_peer (store, CH_PEER_ROLE_ACCOUNT, call->order->account_id, error);
  return call->account != NULL;
}

/* A #ChClaimed. */
static void
mail_claimed (gpointer      data,
              const GError *why)
{
  g_autoptr(Call) call = data;
  ChWorld *world = call->world;
  g_autofree char *object = ch_object_name ("order", call->order_id);

  if (why != NULL)
    call->error = g_error_copy (why);
  else if (!prepare_mail (call, &call->error))
    ch_runner_release (world->runner, object);

  if (call->error != NULL)
    call_fail (call);
  else
    ch_workers_push (world->workers, perform, mail_done, g_steal_pointer (&call), NULL);
}

void
ch_order_mail_async (ChWorld             *world,
                     gint64               id,
                     const char          *approver,
                     const ChActor       *actor,
                     GAsyncReadyCallback  callback,
                     gpointer             data)
{
  Call *call = call_new (world, ch_order_mail_async, callback, data);

  call->order_id = id;
  call->approver = g_strdup (approver);
  call->uid = actor->uid;
  call->authority = g_strdup (actor->authority);
  ch_runner_await_order (world->runner, id, NULL, mail_claimed, call);
}

gboolean
ch_order_mail_finish (GAsyncResult  *result,
                      GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
