/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/validation.h"

#include "engine/alarm.h"
#include "engine/dns-choice.h"
#include "engine/draft.h"
#include "engine/effects.h"
#include "engine/proof.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static gboolean
may_change (const ChOrder *order,
            GError       **error)
{
  if (order->state == CH_ORDER_STATE_ISSUED || order->reissues_ca != NULL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("Order %" PRId64 " has its certificate; how it was proven stays. The next order may be proven in another way"),
                         order->id);
  if (ch_order_state_is_final (order->state) && order->state != CH_ORDER_STATE_FAILED)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " has ended: it is %s"), order->id,
                         ch_nick (CH_TYPE_ORDER_STATE, (int) order->state));
  if (order->cancel_wanted)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is being cancelled"), order->id);
  if (ch_order_proof (order) == CH_PROOF_STAFF)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("GlobalSign's staff prove the names of order %" PRId64 "; there is no method to choose"), order->id);

  return TRUE;
}

/* ---- what it would be like then ---- */

static gboolean
check_policy (ChWorld        *world,
              const ChOrder  *order,
              GError        **error)
{
  for (gsize i = 0; order->names[i] != NULL; i++)
    {
      g_autofree char *why = NULL;

      if (!ch_policy_method_allowed (world->policy, order->method, ch_now (), g_str_has_prefix (order->names[i], "*."), &why))
        return ch_error_set (error, CH_ERROR_INVALID, "%s: %s", order->names[i], why);
    }

  return TRUE;
}

static gboolean
check_ca (ChWorld        *world,
          const ChOrder  *order,
          GError        **error)
{
  g_autoptr(ChPeer) account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, order->account_id, error);
  const ChCa *ca = account != NULL ? ch_ca_find (account->kind, error) : NULL;
  g_autoptr(GHashTable) no_secrets = g_hash_table_new (g_str_hash, g_str_equal);

  if (ca == NULL)
    return FALSE;

  ChCaAccess access = { .settings = account->settings, .secrets = no_secrets };
  ChCaRequest request = ch_draft_request (order);
  return ca->may_order (&access, &request, error);
}

/* An account that is named, or none, or whoever takes care of the names. */
static gboolean
take_dns_account (ChWorld     *world,
                  ChOrder     *order,
                  const char  *name,
                  GError     **error)
{
  order->dns_named = name != NULL;
  order->dns_account_id = 0;
  if (order->method != CH_DCV_METHOD_DNS)
    return name == NULL || *name == '\0'
           || ch_error_set (error, CH_ERROR_INVALID, _("A DNS account goes with the method “dns”, not with “%s”"),
                            ch_nick (CH_TYPE_DCV_METHOD, (int) order->method));
  if (name != NULL && *name == '\0')
    return TRUE;

  if (name != NULL)
    {
      g_autoptr(ChPeer) named = ch_draft_find_dns_account (world, name, error);

      if (named != NULL)
        order->dns_account_id = named->id;
      return named != NULL;
    }

  g_autoptr(GPtrArray) found = ch_dns_choose_names (world->store, (const char *const *) order->names, error);
  if (found != NULL && found->len > 0)
    order->dns_account_id = ((const ChPeer *) found->pdata[0])->id;
  return found != NULL;
}

static gboolean
take_approver (ChOrder     *order,
               const char  *approver,
               GError     **error)
{
  g_clear_pointer (&order->approver, g_free);
  if (order->method != CH_DCV_METHOD_EMAIL)
    return approver == NULL
           || ch_error_set (error, CH_ERROR_INVALID, _("Somebody is mailed with the method “email”, not with “%s”"),
                            ch_nick (CH_TYPE_DCV_METHOD, (int) order->method));
  if (approver == NULL || *approver == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("Say who is mailed; “chancery order approvers %s” lists who may be"),
                         order->names[0]);

  order->approver = g_strdup (approver);
  return TRUE;
}

static gboolean
take_method (ChOrder     *order,
             const char  *nick,
             GError     **error)
{
  int method = (int) order->method;

  if (nick != NULL && !ch_from_nick (CH_TYPE_DCV_METHOD, nick, &method, error))
    return FALSE;

  order->method = method;
  return TRUE;
}

/* ---- the change ---- */

/* What another account had put is taken away at once. */
static gboolean
leave_dns_accounts (ChWorld        *world,
                    const ChOrder  *order,
                    GError        **error)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->store, order->id, error);
  g_autoptr(GPtrArray) challenges = records != NULL ? ch_store_list_challenges (world->store, order->id, error) : NULL;

  for (guint i = 0; challenges != NULL && i < records->len; i++)
    {
      ChTxtRecord *record = records->pdata[i];

      if (record->dns_account_id == order->dns_account_id)
        continue;
      record->state = CH_TXT_STATE_REMOVING;
      record->due = ch_now ();
      record->failures = 0;
      if (!ch_store_update_txt_record (world->store, record, error))
        return FALSE;
    }

  for (guint i = 0; challenges != NULL && i < challenges->len; i++)
    {
      ChChallenge *challenge = challenges->pdata[i];

      challenge->dns_account_id = order->dns_account_id;
      challenge->published_at = challenge->seen_at = 0;
      g_clear_pointer (&challenge->observed, g_free);
      if (!ch_store_update_challenge (world->store, challenge, error))
        return FALSE;
    }

  return challenges != NULL;
}

/* A failed order is revived first: what made it fail may be mended by this. */
static gboolean
apply (ChWorld        *world,
       ChOrder        *order,
       ChFactKind      kind,
       const ChActor  *actor,
       GError        **error)
{
  ChFact revive = { .kind = CH_FACT_RETRY_ASKED };
  ChFact fact = { .kind = kind };

  if (order->state == CH_ORDER_STATE_FAILED && !ch_order_apply_fact (world, order, &revive, NULL, actor, error))
    return FALSE;

  return ch_order_apply_fact (world, order, &fact, NULL, actor, error);
}

static char *
describe (ChWorld       *world,
          const ChOrder *order)
{
  g_autoptr(ChPeer) dns = order->dns_account_id != 0
    ? ch_store_get_peer (world->store, CH_PEER_ROLE_DNS, order->dns_account_id, NULL) : NULL;

  switch (order->method)
    {
    case CH_DCV_METHOD_HTTP:
      return g_strdup (_("Asked to prove control by a file on the web server"));
    case CH_DCV_METHOD_EMAIL:
      return g_strdup_printf (_("Asked to prove control by a mail to %s"), order->approver);
    case CH_DCV_METHOD_DNS:
    default:
      return dns != NULL ? g_strdup_printf (_("Asked to prove control through the DNS account “%s”"), dns->name)
                         : g_strdup (_("Asked to prove control by a DNS record that a person makes"));
    }
}

static gboolean
write_change (ChWorld        *world,
              ChOrder        *order,
              ChFactKind      kind,
              const char     *sentence,
              const ChActor  *actor,
              GError        **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL)
    return FALSE;

  ch_order_note (world, actor, order, "order.validate", sentence);
  if ((kind == CH_FACT_PROVE_ASKED && !leave_dns_accounts (world, order, error))
      || !apply (world, order, kind, actor, error)
      || !ch_store_transaction_commit (transaction, error))
    return FALSE;

  ch_order_tell (world, order->id, CH_CHANGE_CHANGED);
  return TRUE;
}

/* Whom an order mails that is placed already is changed there, for which nothing has to be withdrawn. */
static gboolean
check_change (const ChOrder       *order,
              const ChValidation  *wish,
              GError             **error)
{
  if (wish->method == NULL && wish->dns_account == NULL && wish->approver == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Say what is to change: the method, the DNS account or who is mailed"));

  gboolean same = wish->method == NULL || g_str_equal (wish->method, ch_nick (CH_TYPE_DCV_METHOD, (int) order->method));
  if (same && order->method == CH_DCV_METHOD_EMAIL && order->ca_order != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“chancery order approver %" PRId64 " ADDRESS” lets the CA mail somebody else"),
                         order->id);
  if (same && order->method == CH_DCV_METHOD_HTTP && wish->dns_account == NULL && wish->approver == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Order %" PRId64 " is proven by that method already"), order->id);

  return TRUE;
}

gboolean
ch_order_set_validation (ChWorld             *world,
                         gint64               id,
                         const ChValidation  *wish,
                         const ChActor       *actor,
                         GError             **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);

  if (order == NULL || !may_change (order, error) || !check_change (order, wish, error))
    return FALSE;

  ChDcvMethod before = order->method;
  if (!take_method (order, wish->method, error)
      || !take_dns_account (world, order, wish->dns_account, error)
      || !take_approver (order, wish->approver, error)
      || !check_policy (world, order, error)
      || !check_ca (world, order, error))
    return FALSE;

  g_autofree char *sentence = describe (world, order);
  return write_change (world, order, before == order->method ? CH_FACT_PROVE_ASKED : CH_FACT_ANEW_ASKED, sentence, actor, error);
}

gboolean
ch_order_renew_challenge (ChWorld        *world,
                          gint64          id,
                          const ChActor  *actor,
                          GError        **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);

  if (order == NULL || !may_change (order, error))
    return FALSE;
  if (!ch_order_shows_proof (order) || order->ca_order == NULL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " has no validation value that could be renewed"), id);

  return write_change (world, order, CH_FACT_ANEW_ASKED, _("Asked for a fresh validation value"), actor, error);
}
