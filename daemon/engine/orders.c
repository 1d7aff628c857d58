/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/orders.h"

#include "engine/alarm.h"
#include "engine/bin.h"
#include "engine/dns-choice.h"
#include "engine/draft.h"
#include "engine/effects.h"
#include "engine/replace.h"
#include "engine/replacer.h"
#include "engine/runner.h"
#include "engine/validation.h"
#include "engine/workers.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "pki/key.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

void
ch_order_draft_free (ChOrderDraft *draft)
{
  g_strfreev (draft->names);
  g_free (draft->account);
  g_free (draft->dns_account);
  g_free (draft->product);
  g_free (draft->method);
  g_free (draft->approver);
  g_free (draft->key_algorithm);
  g_free (draft->contact_profile);
  g_clear_pointer (&draft->contact, g_hash_table_unref);
  g_free (draft->organization_profile);
  g_clear_pointer (&draft->organization, g_hash_table_unref);
  g_clear_pointer (&draft->options, g_hash_table_unref);
  g_free (draft->kind);
  g_free (draft->renews_ca);
  g_free (draft->csr);
  g_free (draft->note);
  g_strfreev (draft->tags);
  g_clear_pointer (&draft->key, g_bytes_unref);
  g_free (draft);
}

/* A command whose vault part runs on a worker. */
typedef struct
{
  ChWorld *world;       /* (not owned) */
  ChOrder *order;       /* (owned) */
  gint64 uid;
  char *authority;      /* (owned) */
  GBytes *key;          /* (owned) (nullable) */
  ChBinKey *expected;   /* (owned) (nullable): the bin's note of @key */
  char *password;       /* (owned) (nullable) */
  gboolean force;
  GTask *task;          /* (owned) */
  GError *error;        /* (owned) (nullable) */
} Command;

static Command *
command_new (ChWorld             *world,
             const ChActor       *actor,
             gpointer             tag,
             GAsyncReadyCallback  callback,
             gpointer             data)
{
  Command *command = g_new0 (Command, 1);

  command->world = world;
  command->uid = actor->uid;
  command->authority = g_strdup (actor->authority);
  command->task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (command->task, tag);
  return command;
}

static void
command_free (Command *command)
{
  g_clear_pointer (&command->order, ch_order_free);
  g_free (command->authority);
  g_clear_pointer (&command->key, g_bytes_unref);
  g_clear_pointer (&command->expected, ch_bin_key_free);
  ch_secret_free (command->password);
  g_clear_object (&command->task);
  g_clear_error (&command->error);
  g_free (command);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Command, command_free)

static void
command_fail (Command *command)
{
  g_task_return_error (command->task, g_steal_pointer (&command->error));
}

static ChActor
command_actor (const Command *command)
{
  return (ChActor) { .uid = command->uid, .authority = command->authority };
}

/* ---- new ---- */

/* (transfer full): the DNS accounts that nobody named are told. */
static char *
ordered_sentence (ChWorld       *world,
                  const ChOrder *order)
{
  const char *const *names = (const char *const *) order->names;
  g_autoptr(GPtrArray) accounts = order->dns_account_id != 0 && !order->dns_named
    ? ch_dns_choose_names (world->store, names, NULL) : NULL;

  if (accounts == NULL || accounts->len == 0)
    return g_strdup (_("Ordered"));

  g_autofree char *who = ch_dns_choose_describe (accounts, names);
  return g_strdup_printf (_("Ordered; control is proven through the DNS account %s"), who);
}

static gboolean
write_order (Command *command,
             GError **error)
{
  ChActor actor = command_actor (command);

  command->order->attempt = 1;
  command->order->own_key = ch_order_new_own_key (command->order->attempt);
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (command->world->store, error);
  if (transaction == NULL
      || !ch_store_add_order (command->world->store, command->order, error)
      || (command->expected != NULL && !ch_bin_forget (command->world, command->expected, error))
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  g_autofree char *sentence = ordered_sentence (command->world, command->order);
  ch_order_note (command->world, &actor, command->order, "order.new", sentence);
  ch_order_tell (command->world, command->order->id, CH_CHANGE_ADDED);
  return TRUE;
}

static void
new_finish (Command *command)
{
  if (command->error != NULL || !write_order (command, &command->error))
    {
      if (command->expected != NULL)
        ch_bin_hurry (command->world, command->expected);
      command_fail (command);
    }
  else
    g_task_return_int (command->task, (gssize) command->order->id);
}

/* A key that was brought goes to the vault before the order that names it is there. The bin knows of it before that. */
static gboolean
keep_brought_key (Command       *command,
                  GCancellable  *cancellable,
                  GError       **error)
{
  ChOrder *order = command->order;
  g_autoptr(GBytes) key = ch_key_import (command->key, NULL, &order->key_algorithm, error);
  g_autofree char *hash = key != NULL ? ch_key_public_hash (key, error) : NULL;
  g_autofree char *label = g_strdup_printf (_("Private key of %s"), order->names[0]);

  if (hash == NULL)
    return FALSE;
  if (order->public_key != NULL && !g_str_equal (order->public_key, hash))
    return ch_error_set (error, CH_ERROR_INVALID, _("The private key does not belong to the certificate request"));
  if (!ch_vault_store (command->world->vault, command->expected->ref, label, key, cancellable, error))
    return FALSE;

  order->key_ref = g_strdup (command->expected->ref);
  return TRUE;
}

static void
new_perform (gpointer      data,
             GCancellable *cancellable)
{
  Command *command = data;

  keep_brought_key (command, cancellable, &command->error);
}

static void
new_done (gpointer      data,
          GCancellable *cancellable)
{
  g_autoptr(Command) command = data;

  new_finish (command);
}

static gboolean
expect_key (Command *command)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *ref = g_strdup_printf ("key/%s", uuid);

  command->expected = ch_bin_expect (command->world, ref, command->order, &command->error);
  return command->expected != NULL;
}

static void
approvers_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(Command) command = data;
  g_auto(GStrv) approvers = ch_approvers_list_finish (result, NULL);
  g_autofree char *list = approvers != NULL ? g_strjoinv (", ", approvers) : NULL;

  /* Without a list it is said without one. */
  if (list != NULL)
    {
      g_clear_error (&command->error);
      ch_error_set (&command->error, CH_ERROR_INVALID, _("Say who is mailed to approve it (“--approver”): %s"), list);
    }
  command_fail (command);
}

/* Whether all that is missing is who approves it. */
static gboolean
lacks_approver (ChWorld       *world,
                ChOrderDraft  *draft)
{
  if (g_strcmp0 (draft->method, "email") != 0 || (draft->approver != NULL && *draft->approver != '\0')
      || draft->names == NULL || draft->names[0] == NULL)
    return FALSE;

  g_free (draft->approver);
  draft->approver = g_strdup ("postmaster@example.org");
  g_autoptr(ChOrder) order = ch_draft_check (world, draft, NULL);
  return order != NULL;
}

void
ch_order_new_async (ChWorld             *world,
                    ChOrderDraft        *draft,
                    const ChActor       *actor,
                    GAsyncReadyCallback  callback,
                    gpointer             data)
{
  g_autoptr(ChOrderDraft) owned = draft;
  g_autoptr(Command) command = command_new (world, actor, ch_order_new_async, callback, data);

  command->order = ch_draft_check (world, owned, &command->error);
  if (command->order == NULL && lacks_approver (world, owned))
    {
      ch_approvers_list_async (world, owned->account, owned->names[0], approvers_cb, g_steal_pointer (&command));
      return;
    }

  command->key = owned->key != NULL ? g_bytes_ref (owned->key) : NULL;
  if (command->order != NULL && command->key != NULL && expect_key (command))
    ch_workers_push (world->workers, new_perform, new_done, g_steal_pointer (&command), NULL);
  else
    new_finish (command);
}

gint64
ch_order_new_finish (GAsyncResult  *result,
                     GError       **error)
{
  gssize id = g_task_propagate_int (G_TASK (result), error);

  return MAX (id, 0);
}

/* ---- what persons ask for ---- */

static gboolean
may_ask (const ChOrder *order,
         ChFactKind     kind,
         gboolean       force,
         GError       **error)
{
  gboolean revives = kind == CH_FACT_RETRY_ASKED && order->state == CH_ORDER_STATE_FAILED;

  if (ch_order_state_is_final (order->state) && !revives)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " has ended: it is %s"), order->id,
                         ch_nick (CH_TYPE_ORDER_STATE, order->state));

  if (kind == CH_FACT_RETRY_ASKED && !revives && order->step == CH_ORDER_STEP_NONE)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is %s: there is nothing to try again"), order->id,
                         ch_nick (CH_TYPE_ORDER_STATE, order->state));

  if (kind == CH_FACT_CANCEL_ASKED && order->state == CH_ORDER_STATE_RENEWING)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("Order %" PRId64 " has a certificate in force and is being renewed; cancel the order that renews it (%s)"),
                         order->id, order->reason != NULL ? order->reason : "?");

  if (kind == CH_FACT_CANCEL_ASKED && order->step == CH_ORDER_STEP_REVOKE)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is being revoked, which ends it for good"), order->id);

  if (kind == CH_FACT_CANCEL_ASKED && order->state == CH_ORDER_STATE_ISSUED && !force)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("Order %" PRId64 " is issued; cancelling it ends a certificate that may be in use. Force it if that is meant"),
                         order->id);

  return TRUE;
}

/* The CA counts from the first issue, whatever was reissued since. */
static gboolean
check_cancel_time (ChWorld        *world,
                   const ChOrder  *order,
                   GError        **error)
{
  g_autoptr(GPtrArray) list = ch_store_list_certificates (world->store, order->id, error);
  gint64 issued = order->issued_at;

  if (list == NULL)
    return FALSE;
  if (list->len > 0)
    issued = ((const ChCertificate *) g_ptr_array_index (list, list->len - 1))->issued_at;

  guint days = ch_policy_cancel_days (world->policy, order->product, issued);
  return ch_now () < issued + (gint64) days * 24 * 60 * 60
         || ch_error_set (error, CH_ERROR_WRONG_STATE,
                          ngettext ("Order %" PRId64 " was issued more than %u day ago, which is too long for the CA to cancel it. “chancery "
                                    "order revoke %" PRId64 "” ends its certificate, without money back",
                                    "Order %" PRId64 " was issued more than %u days ago, which is too long for the CA to cancel it. “chancery "
                                    "order revoke %" PRId64 "” ends its certificate, without money back", days),
                          order->id, days, order->id);
}

/* Two renewals of one order would be paid twice. */
static gboolean
check_revival (ChWorld        *world,
               const ChOrder  *order,
               GError        **error)
{
  return order->renews_id == 0 || ch_order_check_unrenewed (world, order->renews_id, order->id, error);
}

static gboolean
ask (ChWorld        *world,
     gint64          id,
     ChFactKind      kind,
     const char     *action,
     const char     *text,
     gboolean        force,
     const ChActor  *actor,
     GError        **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);
  ChFact fact = { .kind = kind };

  if (order == NULL || !may_ask (order, kind, force, error))
    return FALSE;
  if (kind == CH_FACT_CANCEL_ASKED && order->state == CH_ORDER_STATE_ISSUED && !check_cancel_time (world, order, error))
    return FALSE;

  gboolean revives = kind == CH_FACT_RETRY_ASKED && order->state == CH_ORDER_STATE_FAILED;
  if (revives && !check_revival (world, order, error))
    return FALSE;

  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  if (transaction == NULL)
    return FALSE;

  ch_order_note (world, actor, order, action, text);
  if (!ch_order_apply_fact (world, order, &fact, NULL, actor, error)
      || (revives && order->renews_id != 0 && !ch_replacer_renewal_revived (world, order, ch_now (), error))
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  ch_order_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

gboolean
ch_order_cancel (ChWorld        *world,
                 gint64          id,
                 gboolean        force,
                 const ChActor  *actor,
                 GError        **error)
{
  return ask (world, id, CH_FACT_CANCEL_ASKED, "order.cancel", _("Asked to cancel"), force, actor, error);
}

gboolean
ch_order_retry (ChWorld        *world,
                gint64          id,
                const ChActor  *actor,
                GError        **error)
{
  return ask (world, id, CH_FACT_RETRY_ASKED, "order.retry", _("Asked to try again now"), FALSE, actor, error);
}

/* ---- delete ---- */

static gboolean
may_delete (const ChOrder *order,
            gboolean       force,
            GError       **error)
{
  if (ch_order_state_is_final (order->state) || (force && order->state == CH_ORDER_STATE_ISSUED))
    return TRUE;

  if (order->state == CH_ORDER_STATE_ISSUED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("Order %" PRId64 " has a certificate in force; deleting it takes the certificate away, and its key into the bin. "
                           "Force it if that is meant"), order->id);

  return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is still %s; cancel it first"), order->id,
                       ch_nick (CH_TYPE_ORDER_STATE, order->state));
}

static gboolean
remove_rows (ChWorld        *world,
             const ChOrder  *order,
             GError        **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);
  g_autoptr(GPtrArray) certificates = transaction != NULL ? ch_store_list_certificates (world->store, order->id, error) : NULL;

  return certificates != NULL
         && ch_store_remove_order (world->store, order->id, error)
         && ch_bin_put_order (world, order, certificates, error)
         && ch_store_transaction_commit (transaction, error);
}

/* @command->order: as it is now */
static gboolean
read_deletable (Command *command,
                gint64   id,
                GError **error)
{
  g_clear_pointer (&command->order, ch_order_free);
  command->order = ch_store_get_order (command->world->store, id, error);
  return command->order != NULL && may_delete (command->order, command->force, error);
}

/* A #ChClaimed. Not under the hands of a worker: what comes out of its work would be lost, be it a key or a paid certificate. */
static void
delete_claimed (gpointer      data,
                const GError *why)
{
  g_autoptr(Command) command = data;
  ChWorld *world = command->world;
  ChActor actor = command_actor (command);
  gint64 id = command->order->id;
  g_autofree char *object = ch_object_name ("order", id);

  if (why != NULL)
    command->error = g_error_copy (why);
  else
    {
      if (read_deletable (command, id, &command->error))
        remove_rows (world, command->order, &command->error);
      ch_runner_release (world->runner, object);
    }

  if (command->error != NULL)
    {
      command_fail (command);
      return;
    }

  ch_order_note (world, &actor, command->order, "order.delete",
                 _("Deleted here with its certificates; the CA keeps the order, and its key is in the bin for 30 days"));
  ch_order_tell (world, id, CH_CHANGE_REMOVED);
  g_task_return_boolean (command->task, TRUE);
}

void
ch_order_delete_async (ChWorld             *world,
                       gint64               id,
                       gboolean             force,
                       const ChActor       *actor,
                       GAsyncReadyCallback  callback,
                       gpointer             data)
{
  g_autoptr(Command) command = command_new (world, actor, ch_order_delete_async, callback, data);

  command->force = force;
  if (read_deletable (command, id, &command->error))
    ch_runner_await_order (world->runner, id, NULL, delete_claimed, g_steal_pointer (&command));
  else
    command_fail (command);
}

gboolean
ch_order_delete_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- export of the key ---- */

static void
export_perform (gpointer      data,
                GCancellable *cancellable)
{
  Command *command = data;

  command->key = ch_vault_lookup (command->world->vault, command->order->key_ref, cancellable, &command->error);
  if (command->key != NULL && command->password != NULL)
    {
      g_autoptr(GBytes) clear = g_steal_pointer (&command->key);
      command->key = ch_key_export (clear, command->password, &command->error);
    }
}

static void
export_done (gpointer      data,
             GCancellable *cancellable)
{
  g_autoptr(Command) command = data;
  ChActor actor = command_actor (command);

  if (command->error != NULL)
    {
      command_fail (command);
      return;
    }

  ch_order_note (command->world, &actor, command->order, "key.export",
        command->password != NULL ? _("Took the private key out, encrypted") : _("Took the private key out, in clear"));
  g_task_return_pointer (command->task, g_steal_pointer (&command->key), (GDestroyNotify) g_bytes_unref);
}

/* While a reissue is under way, the order's own is the next one. */
static void
use_key_in_force (ChWorld *world,
                  ChOrder *order)
{
  g_autoptr(ChCertificate) certificate = ch_store_find_certificate (world->store, order->id, NULL);

  if (certificate == NULL)
    return;

  g_free (order->key_ref);
  order->key_ref = g_steal_pointer (&certificate->key_ref);
}

void
ch_order_export_key_async (ChWorld             *world,
                           gint64               id,
                           const char          *password,
                           const ChActor       *actor,
                           GAsyncReadyCallback  callback,
                           gpointer             data)
{
  g_autoptr(Command) command = command_new (world, actor, ch_order_export_key_async, callback, data);

  command->password = g_strdup (password);
  command->order = ch_store_get_order (world->store, id, &command->error);
  if (command->order != NULL)
    use_key_in_force (world, command->order);
  if (command->order != NULL && command->order->key_ref == NULL)
    ch_error_set (&command->error, CH_ERROR_NOT_FOUND,
                  command->order->csr != NULL ? _("The private key of order %" PRId64 " is not here; it stayed with whoever made the certificate request")
                                              : _("The private key of order %" PRId64 " has not been made yet"), id);

  if (command->error != NULL)
    command_fail (command);
  else
    ch_workers_push (world->workers, export_perform, export_done, g_steal_pointer (&command), NULL);
}

GBytes *
ch_order_export_key_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
