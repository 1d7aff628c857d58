/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/replace.h"

#include "engine/alarm.h"
#include "engine/bin.h"
#include "engine/draft.h"
#include "engine/effects.h"
#include "engine/orders.h"
#include "engine/replacer.h"
#include "lib/error.h"
#include "lib/times.h"
#include "pki/csr.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* ---- what both need ---- */

/* An order with a certificate in force, and nothing else under way. While its renewal is, it may be reissued. */
static ChOrder *
get_replaceable (ChWorld         *world,
                 gint64           id,
                 ChSuccessor      kind,
                 ChCertificate  **in_force,
                 GError         **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);

  if (order == NULL)
    return NULL;

  gboolean renewing = order->state == CH_ORDER_STATE_RENEWING;
  if (order->state == CH_ORDER_STATE_REISSUING || (renewing && kind == CH_SUCCESSOR_RENEWAL))
    ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is %s already; “chancery order explain %" PRId64 "” tells how "
                                                 "far it is"), id, ch_nick (CH_TYPE_ORDER_STATE, order->state), id);
  else if ((order->state != CH_ORDER_STATE_ISSUED && !renewing) || order->step != CH_ORDER_STEP_NONE)
    ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " is %s; only a certificate in force can be replaced"), id,
                  ch_nick (CH_TYPE_ORDER_STATE, order->state));
  else if ((*in_force = ch_store_find_certificate (world->store, id, error)) != NULL)
    return g_steal_pointer (&order);

  return NULL;
}

/* ---- reissue ---- */

static gboolean
take_names (ChOrder            *order,
            const char *const  *given,
            GError            **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  for (gsize i = 0; given != NULL && given[i] != NULL; i++)
    {
      g_autofree char *name = ch_name_normalise (given[i], error);

      if (name == NULL)
        return FALSE;
      g_ptr_array_add (names, g_steal_pointer (&name));
    }

  if (names->len == 0)
    return TRUE;
  if (!g_str_equal (names->pdata[0], order->names[0]))
    return ch_error_set (error, CH_ERROR_INVALID, _("A reissue keeps the common name %s; name it first, or place a new order"),
                         order->names[0]);

  g_strfreev (order->names);
  order->names = (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
  return TRUE;
}

static void
forget_key (ChOrder *order)
{
  g_clear_pointer (&order->key_ref, g_free);
  g_clear_pointer (&order->csr, g_free);
  g_clear_pointer (&order->public_key, g_free);
}

static gboolean
take_csr (ChOrder     *order,
          const char  *pem,
          GError     **error)
{
  g_autoptr(ChCsr) csr = ch_csr_parse (pem, error);

  if (csr == NULL)
    return FALSE;
  if (!ch_draft_check_csr (csr, (const char *const *) order->names, error))
    return FALSE;

  forget_key (order);
  order->csr = g_strdup (pem);
  order->public_key = g_strdup (csr->public_key);
  order->key_algorithm = csr->algorithm;
  return TRUE;
}

static gboolean
take_key (ChOrder              *order,
          const ChReissueWish  *wish,
          const ChCertificate  *in_force,
          GError              **error)
{
  int algorithm = order->key_algorithm;

  if (wish->csr != NULL)
    return take_csr (order, wish->csr, error);
  if (wish->key_algorithm != NULL && !ch_from_nick (CH_TYPE_KEY_ALGORITHM, wish->key_algorithm, &algorithm, error))
    return FALSE;
  if (wish->keep_key && in_force->key_ref == NULL)
    return ch_error_set (error, CH_ERROR_NOT_FOUND, _("The key of the certificate in force is not here, so it cannot be used again"));

  /* A key that was made for a reissue which did not come is as good as new. */
  gboolean unused = order->key_ref != NULL && g_strcmp0 (order->public_key, in_force->public_key) != 0
                    && algorithm == (int) order->key_algorithm;

  order->key_algorithm = algorithm;
  g_clear_pointer (&order->csr, g_free);
  if (wish->keep_key)
    {
      g_free (order->key_ref);
      order->key_ref = g_strdup (in_force->key_ref);
    }
  else if (!unused)
    forget_key (order);

  return TRUE;
}

/* What was right for the order stays so: only what is to be different is looked at. */
static gboolean
check_names (ChWorld              *world,
             ChOrder              *order,
             const ChCertificate  *in_force,
             GError              **error)
{
  return !ch_names_differ ((const char *const *) order->names, (const char *const *) in_force->names)
         || ch_draft_check_names (world, order, error);
}

static gboolean
check_key (ChWorld              *world,
           const ChOrder        *order,
           const ChReissueWish  *wish,
           GError              **error)
{
  gboolean other_key = wish->csr != NULL || wish->key_algorithm != NULL;
  g_autofree char *why = NULL;

  return !other_key
         || ch_policy_key_allowed (world->policy, order->key_algorithm, ch_now (), &why)
         || ch_error_set (error, CH_ERROR_INVALID, "%s", why);
}

static void
begin_reissue (ChOrder *order,
               gint64   now)
{
  order->reissues_ca = g_steal_pointer (&order->ca_order);
  order->attempt++;
  g_free (order->own_key);
  order->own_key = ch_order_new_own_key (order->attempt);
  order->state = CH_ORDER_STATE_REISSUING;
  order->state_since = now;
  order->step = order->csr != NULL ? CH_ORDER_STEP_SUBMIT : CH_ORDER_STEP_MAKE_KEY;
  order->due = now;
  order->failures = 0;
  order->replace_at = 0;
  g_free (order->reason);
  order->reason = g_strdup (_("A new certificate is on its way; the one in force stays until it is there"));
}

ChOrder *
ch_order_make_reissue (ChWorld              *world,
                       gint64                id,
                       const ChReissueWish  *wish,
                       const char          **about,
                       GError              **error)
{
  g_autoptr(ChCertificate) in_force = NULL;
  g_autoptr(ChOrder) order = get_replaceable (world, id, CH_SUCCESSOR_REISSUE, &in_force, error);
  gint64 now = ch_now ();

  if (order == NULL)
    return NULL;

  if (order->ca_order == NULL)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("The CA's number of order %" PRId64 " is not known"), id);
      return NULL;
    }

  if (order->term_end <= now)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("The term of order %" PRId64 " is over; renew it, which costs money"), id);
      return NULL;
    }

  *about = "names";
  if (!take_names (order, wish->names, error) || !check_names (world, order, in_force, error))
    return NULL;

  *about = wish->csr != NULL ? "csr" : "key";
  if (!take_key (order, wish, in_force, error) || !check_key (world, order, wish, error))
    return NULL;

  /* An imported order had no key to replace itself with. */
  if (order->imported_at != 0 && in_force->key_ref == NULL && wish->csr == NULL)
    order->auto_replace = TRUE;
  begin_reissue (order, now);
  return g_steal_pointer (&order);
}

static gboolean
write_reissue (ChWorld        *world,
               ChOrder        *order,
               const ChActor  *actor,
               GError        **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL || !ch_bin_update_order (world, order, error))
    return FALSE;

  ch_order_note (world, actor, order, "order.reissue", _("A free new certificate inside the term"));
  return ch_store_transaction_commit (transaction, error);
}

gboolean
ch_order_reissue (ChWorld              *world,
                  gint64                id,
                  const ChReissueWish  *wish,
                  const ChActor        *actor,
                  GError              **error)
{
  const char *about = NULL;
  g_autoptr(ChOrder) order = ch_order_make_reissue (world, id, wish, &about, error);

  if (order == NULL || !write_reissue (world, order, actor, error))
    return FALSE;

  ch_order_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}

static gboolean
may_reissue (ChWorld              *world,
             gint64                id,
             const ChReissueWish  *wish,
             GError              **error)
{
  const char *about = NULL;
  g_autoptr(ChOrder) order = ch_order_make_reissue (world, id, wish, &about, error);

  return order != NULL;
}

/* ---- renewal ---- */

gboolean
ch_order_renews (const ChOrder *renewal)
{
  return !ch_order_state_is_final (renewal->state)
         || (renewal->issued_at != 0 && renewal->state != CH_ORDER_STATE_CANCELLED);
}

gboolean
ch_order_check_unrenewed (ChWorld  *world,
                          gint64    id,
                          gint64    but,
                          GError  **error)
{
  g_autoptr(ChOrder) renewal = NULL;

  if (!ch_store_find_renewal (world->store, id, &renewal, error))
    return FALSE;
  if (renewal != NULL && renewal->id != but && ch_order_renews (renewal))
    return ch_error_set (error, CH_ERROR_EXISTS, _("Order %" PRId64 " is renewed by order %" PRId64 " already"), id, renewal->id);

  return TRUE;
}

static gboolean
may_renew (ChWorld        *world,
           const ChOrder  *order,
           GError        **error)
{
  gint64 from = ch_succession_renewable_from (world->policy, order);

  if (!ch_order_check_unrenewed (world, order->id, 0, error))
    return FALSE;

  if (ch_now () < from)
    {
      g_autofree char *day = ch_time_day (from), *end = ch_time_day (order->term_end);

      return ch_error_set (error, CH_ERROR_WRONG_STATE,
                           _("The CA takes a renewal of order %" PRId64 " from %s on: its term is paid until %s. Until then a new "
                             "certificate is free: “chancery order reissue %" PRId64 "”"), order->id, day, end, order->id);
    }

  return TRUE;
}

/* A coupon is used up, and dates are those of the old term. */
static GHashTable *
options_of_renewal (const ChOrder *order)
{
  static const char *const kept[] = { "licenses", "instructions" };
  GHashTable *options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      const char *value = g_hash_table_lookup (order->options, kept[i]);

      if (value != NULL)
        g_hash_table_insert (options, g_strdup (kept[i]), g_strdup (value));
    }

  return options;
}

/* As if somebody ordered the same once more. The key is new. */
static ChOrderDraft *
draft_renewal (ChWorld        *world,
               const ChOrder  *order,
               int             term_months)
{
  ChOrderDraft *draft = g_new0 (ChOrderDraft, 1);
  g_autoptr(ChPeer) account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, order->account_id, NULL);
  g_autoptr(ChPeer) dns = order->dns_named && order->dns_account_id != 0
    ? ch_store_get_peer (world->store, CH_PEER_ROLE_DNS, order->dns_account_id, NULL) : NULL;

  draft->names = g_strdupv (order->names);
  draft->account = account != NULL ? g_strdup (account->name) : NULL;
  draft->dns_account = dns != NULL ? g_strdup (dns->name) : NULL;
  draft->product = g_strdup (ch_nick (CH_TYPE_PRODUCT, order->product));
  draft->method = g_strdup (ch_nick (CH_TYPE_DCV_METHOD, order->method));
  draft->key_algorithm = g_strdup (ch_nick (CH_TYPE_KEY_ALGORITHM, order->key_algorithm));
  draft->term_months = term_months != 0 ? term_months : order->term_months;
  draft->contact = g_hash_table_ref (order->contact);
  draft->organization = g_hash_table_ref (order->organization);
  draft->options = options_of_renewal (order);
  draft->approver = g_strdup (order->approver);
  draft->kind = g_strdup (ch_nick (CH_TYPE_ORDER_KIND, CH_ORDER_KIND_RENEWAL));
  draft->renews_id = order->id;
  draft->renews_ca = g_strdup (order->ca_order);
  draft->note = g_strdup (order->note);
  draft->tags = g_strdupv (order->tags);
  draft->auto_renew = order->auto_renew;
  draft->no_auto_replace = !order->auto_replace;
  return draft;
}

ChOrderDraft *
ch_order_draft_renewal (ChWorld  *world,
                        gint64    id,
                        int       term_months,
                        GError  **error)
{
  g_autoptr(ChCertificate) in_force = NULL;
  g_autoptr(ChOrder) order = get_replaceable (world, id, CH_SUCCESSOR_RENEWAL, &in_force, error);

  return order != NULL && may_renew (world, order, error) ? draft_renewal (world, order, term_months) : NULL;
}

static ChOrder *
make_renewal (ChWorld        *world,
              const ChOrder  *order,
              int             term_months,
              GError        **error)
{
  g_autoptr(ChOrderDraft) draft = draft_renewal (world, order, term_months);
  g_autoptr(ChOrder) renewal = ch_draft_check (world, draft, error);

  if (renewal == NULL)
    return NULL;

  renewal->attempt = 1;
  renewal->own_key = ch_order_new_own_key (1);
  return g_steal_pointer (&renewal);
}

/* @failed: (out) (nullable) (transfer full): the renewal that failed, and is tried again instead of making another one */
static gboolean
find_failed (ChWorld  *world,
             gint64    id,
             ChOrder **failed,
             GError  **error)
{
  if (!ch_store_find_renewal (world->store, id, failed, error))
    return FALSE;
  if (*failed != NULL && (*failed)->state != CH_ORDER_STATE_FAILED)
    g_clear_pointer (failed, ch_order_free);

  return TRUE;
}

/* By the rules and with the profiles of today, but in the order that failed, with its key. */
static void
take_place (ChOrder *renewal,
            ChOrder *failed)
{
  renewal->id = failed->id;
  renewal->created_at = failed->created_at;
  renewal->attempt = failed->attempt;
  renewal->key_algorithm = failed->key_algorithm;
  renewal->step = CH_ORDER_STEP_MAKE_KEY;
  g_free (renewal->own_key);
  renewal->own_key = g_steal_pointer (&failed->own_key);
  renewal->key_ref = g_steal_pointer (&failed->key_ref);
  g_free (renewal->note);
  renewal->note = g_steal_pointer (&failed->note);
  g_strfreev (renewal->tags);
  renewal->tags = g_steal_pointer (&failed->tags);
}

static gboolean
write_renewal (ChWorld        *world,
               ChOrder        *order,
               ChOrder        *renewal,
               const ChActor  *actor,
               GError        **error)
{
  gboolean again = renewal->id != 0;
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (world->store, error);

  if (transaction == NULL
      || !(again ? ch_store_update_order (world->store, renewal, error) : ch_store_add_order (world->store, renewal, error))
      || !ch_replacer_renewing (world, order, renewal, ch_now (), error)
      || !ch_store_update_order (world->store, order, error))
    return FALSE;

  ch_order_note (world, actor, order, "order.renew", order->reason);
  if (again)
    ch_order_note (world, actor, renewal, "order.retry", _("Tried again as the renewal"));
  else
    ch_order_note (world, actor, renewal, "order.new", _("Ordered as a renewal"));
  return ch_store_transaction_commit (transaction, error);
}

gint64
ch_order_renew (ChWorld        *world,
                gint64          id,
                int             term_months,
                const ChActor  *actor,
                GError        **error)
{
  g_autoptr(ChCertificate) in_force = NULL;
  g_autoptr(ChOrder) order = get_replaceable (world, id, CH_SUCCESSOR_RENEWAL, &in_force, error);
  g_autoptr(ChOrder) failed = NULL;

  if (order == NULL || !may_renew (world, order, error) || !find_failed (world, id, &failed, error))
    return 0;

  /* What the CA has keeps what was sent. */
  if (failed != NULL && failed->ca_order != NULL)
    return ch_order_retry (world, failed->id, actor, error) ? failed->id : 0;

  g_autoptr(ChOrder) renewal = make_renewal (world, order, term_months, error);
  if (renewal != NULL && failed != NULL)
    take_place (renewal, failed);
  if (renewal == NULL || !write_renewal (world, order, renewal, actor, error))
    return 0;

  ch_order_tell (world, id, CH_CHANGE_CHANGED);
  ch_order_tell (world, renewal->id, failed != NULL ? CH_CHANGE_CHANGED : CH_CHANGE_ADDED);
  return renewal->id;
}

/* ---- the one that picks ---- */

gboolean
ch_order_replace (ChWorld        *world,
                  gint64          id,
                  gboolean        look_only,
                  const ChActor  *actor,
                  ChReplacement  *replacement,
                  GError        **error)
{
  static const ChReissueWish usual = { 0 };
  g_autoptr(ChCertificate) in_force = NULL;
  g_autoptr(ChOrder) order = get_replaceable (world, id, CH_SUCCESSOR_REISSUE, &in_force, error);

  if (order == NULL)
    return FALSE;

  ChLife life = { in_force->not_before, in_force->not_after };
  replacement->next = ch_succession_now (world->policy, order, life, ch_now ());
  replacement->order_id = id;

  if (replacement->next.kind == CH_SUCCESSOR_REISSUE)
    return look_only ? may_reissue (world, id, &usual, error) : ch_order_reissue (world, id, &usual, actor, error);
  if (look_only)
    return may_renew (world, order, error);

  replacement->order_id = ch_order_renew (world, id, 0, actor, error);
  return replacement->order_id != 0;
}

GArray *
ch_order_plan (ChWorld  *world,
               gint64    id,
               GError  **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);
  g_autoptr(ChCertificate) in_force = order != NULL ? ch_store_find_certificate (world->store, id, error) : NULL;

  if (in_force == NULL)
    return NULL;

  ChLife life = { in_force->not_before, in_force->not_after };
  return ch_succession_plan (world->policy, order, life, ch_now ());
}
