/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import-private.h"

#include "engine/bin.h"
#include "engine/deployments-private.h"
#include "engine/dns-choice.h"
#include "engine/effects.h"
#include "engine/replacer.h"
#include "engine/rules.h"
#include "lib/error.h"
#include "pki/csr.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* ---- reading, on a worker: nothing of it is to be trusted ---- */

void
ch_import_item_free (ChImportItem *item)
{
  g_clear_pointer (&item->ca, ch_ca_order_free);
  g_clear_pointer (&item->chain, ch_chain_free);
  g_free (item->public_key);
  g_free (item->trouble);
  g_free (item);
}

static gint64
add_months (gint64 time,
            int    months)
{
  g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc (time);
  g_autoptr(GDateTime) to = from != NULL ? g_date_time_add_months (from, months) : NULL;

  return to != NULL ? g_date_time_to_unix (to) : time;
}

/* The end of what was paid for, if this was the first certificate of it. */
static gint64
term_end_of (const ChImportItem *item)
{
  gint64 start = item->chain != NULL ? item->chain->leaf->not_before
                 : item->ca->issued_at != 0 ? item->ca->issued_at : item->ca->ordered_at;

  return MAX (add_months (start, item->ca->term_months), item->chain != NULL ? item->chain->leaf->not_after : 0);
}

static void
read_certificate (ChImportItem *item)
{
  static const char *const none[] = { NULL };
  const ChCaOrder *ca = item->ca;
  g_autoptr(GError) error = NULL;

  if (ca->certificate == NULL)
    return;

  item->chain = ch_chain_order (ca->certificate, ca->chain != NULL ? (const char *const *) ca->chain : none, &error);
  if (item->chain != NULL)
    item->public_key = g_strdup (item->chain->leaf->public_key);
  else
    item->trouble = g_strdup_printf (_("The certificate of order %s is left out: %s"), ca->ca_order, error->message);
}

static void
read_request (ChImportItem *item)
{
  g_autoptr(ChCsr) csr = item->ca->csr != NULL ? ch_csr_parse (item->ca->csr, NULL) : NULL;

  item->algorithm = csr != NULL ? (int) csr->algorithm : -1;
  if (csr != NULL && item->public_key == NULL)
    item->public_key = g_strdup (csr->public_key);
}

static void
refuse (ChImportItem *item,
        const char   *why)
{
  g_autofree char *before = g_steal_pointer (&item->trouble);

  item->useless = TRUE;
  item->trouble = g_strdup_printf (_("Order %s is skipped: %s"), item->ca->ca_order, before != NULL ? before : why);
}

ChImportItem *
ch_import_item_new (ChCaOrder *ca,
                    gint64     now)
{
  ChImportItem *item = g_new0 (ChImportItem, 1);

  item->ca = ca;
  read_certificate (item);
  read_request (item);
  if (!ca->known)
    refuse (item, _("it is for a product that is not one of these"));
  else if ((ca->names == NULL || ca->names[0] == NULL) && (item->chain == NULL || item->chain->leaf->names[0] == NULL))
    refuse (item, _("it has no name"));
  else if (ca->status == CH_CA_ISSUED && item->chain == NULL && term_end_of (item) > now)
    refuse (item, _("the CA did not give its certificate"));
  return item;
}

ChOrderState
ch_import_state (const ChImportItem *item,
                 gint64              now)
{
  switch (item->ca->status)
    {
    case CH_CA_WAITING:
      return item->ca->product == CH_PRODUCT_ORGANIZATIONSSL || item->ca->product == CH_PRODUCT_EXTENDEDSSL
             ? CH_ORDER_STATE_VETTING : CH_ORDER_STATE_VALIDATING;
    case CH_CA_HELD: return CH_ORDER_STATE_VETTING;
    case CH_CA_REJECTED: return CH_ORDER_STATE_REJECTED;
    case CH_CA_CANCELLED: return CH_ORDER_STATE_CANCELLED;
    case CH_CA_REVOKED: return CH_ORDER_STATE_REVOKED;
    case CH_CA_ISSUED:
    default:
      return term_end_of (item) <= now ? CH_ORDER_STATE_EXPIRED : CH_ORDER_STATE_ISSUED;
    }
}

/* ---- what is known of an order ---- */

static void
take_text (char      **place,
           const char *text)
{
  if (text == NULL)
    return;

  g_free (*place);
  *place = g_strdup (text);
}

static void
take_table (GHashTable **place,
            GHashTable  *table)
{
  if (table == NULL || *place == table)
    return;

  g_clear_pointer (place, g_hash_table_unref);
  *place = g_hash_table_ref (table);
}

/* What its newest certificate or request says, and where the private key to it is. */
static gboolean
take_newest (ChImportTurn        *turn,
             ChOrder             *order,
             const ChImportItem  *item,
             GError             **error)
{
  const ChCaOrder *ca = item->ca;
  const char *const *names = (const char *const *) (ca->names != NULL && ca->names[0] != NULL ? ca->names : item->chain->leaf->names);

  take_text (&order->ca_order, ca->ca_order);
  take_text (&order->csr, ca->csr);
  g_strfreev (order->names);
  order->names = ch_names_without_twins (names);
  g_clear_pointer (&order->key_ref, g_free);
  g_clear_pointer (&order->public_key, g_free);
  order->public_key = g_strdup (item->public_key);
  if (item->algorithm >= 0)
    order->key_algorithm = (ChKeyAlgorithm) item->algorithm;
  if (item->chain != NULL)
    {
      order->not_after = item->chain->leaf->not_after;
      order->issued_at = ca->issued_at != 0 ? ca->issued_at : item->chain->leaf->not_before;
    }

  return order->public_key == NULL || ch_store_take_key (turn->world->store, order->public_key, &order->key_ref, error);
}

static void
take_state (ChImportTurn        *turn,
            ChOrder             *order,
            const ChImportItem  *item)
{
  ChOrderState state = ch_import_state (item, turn->now);
  ChFact fact = { .kind = CH_FACT_STATUS, .ca = item->ca };
  g_auto(ChMove) move = { .state = state };

  if (item->ca->status != CH_CA_ISSUED)
    {
      ch_move_clear (&move);
      move = ch_rule_tracked (order, &fact, turn->now);
    }

  order->state = order->reissues_ca != NULL ? CH_ORDER_STATE_REISSUING : move.state;
  order->state_since = item->ca->ended_at != 0 ? item->ca->ended_at : turn->now;
  order->step = move.step;
  order->due = move.due;
  order->failures = move.failures;
  g_free (order->reason);
  order->reason = g_steal_pointer (&move.reason);
  order->tell_at = order->state == CH_ORDER_STATE_ISSUED || order->reissues_ca != NULL ? turn->now : 0;
  if (order->state != CH_ORDER_STATE_ISSUED)
    order->replace_at = 0;
}

/* ---- its certificates ---- */

static gboolean
has_certificate (GPtrArray   *certificates,
                 const char  *fingerprint)
{
  for (guint i = 0; i < certificates->len; i++)
    if (g_str_equal (((const ChCertificate *) certificates->pdata[i])->fingerprint, fingerprint))
      return TRUE;

  return FALSE;
}

/* @certificate: (out) (nullable): what was added, if it was */
static gboolean
add_certificate (ChImportTurn        *turn,
                 const ChOrder       *order,
                 const ChImportItem  *item,
                 ChCertificate      **certificate,
                 GError             **error)
{
  g_autoptr(ChCertificate) new = g_new0 (ChCertificate, 1);
  const ChCert *leaf = item->chain->leaf;

  new->order_id = order->id;
  new->ca_order = g_strdup (item->ca->ca_order);
  new->serial = g_strdup (leaf->serial);
  new->subject = g_strdup (leaf->subject);
  new->issuer = g_strdup (leaf->issuer);
  new->names = g_strdupv (leaf->names);
  new->not_before = leaf->not_before;
  new->not_after = leaf->not_after;
  new->fingerprint = g_strdup (leaf->fingerprint);
  new->public_key = g_strdup (leaf->public_key);
  new->pem = g_strdup (leaf->pem);
  new->chain = g_strdup (item->chain->intermediates);
  new->root = g_strdup (item->chain->root);
  new->issued_at = item->ca->issued_at != 0 ? item->ca->issued_at : leaf->not_before;
  if (!ch_store_take_key (turn->world->store, new->public_key, &new->key_ref, error)
      || !ch_store_add_certificate (turn->world->store, new, error))
    return FALSE;

  turn->count.certificates++;
  *certificate = g_steal_pointer (&new);
  return TRUE;
}

/* With a key of ours it replaces itself from now on. */
static gboolean
plan_replacement (ChImportTurn  *turn,
                  ChOrder       *order,
                  GError       **error)
{
  if (order->state != CH_ORDER_STATE_ISSUED || order->key_ref == NULL)
    return TRUE;

  g_autoptr(ChCertificate) in_force = ch_store_find_certificate (turn->world->store, order->id, error);
  if (in_force == NULL)
    return FALSE;

  order->auto_replace = TRUE;
  ch_replacer_issued (turn->world, order, in_force, turn->now);
  return ch_store_update_order (turn->world->store, order, error);
}

/* ---- a new one ---- */

static void
choose_dns (ChImportTurn  *turn,
            ChOrder       *order)
{
  gint64 dns = 0;

  /* Names that nobody can be chosen for are proven by hand, until somebody says otherwise. */
  if (order->method == CH_DCV_METHOD_DNS && !ch_order_state_is_final (order->state)
      && ch_dns_choose_id (turn->world->store, order->names[0], 0, &dns, NULL))
    order->dns_account_id = dns;
}

static ChOrder *
new_order (ChImportTurn        *turn,
           const ChImportItem  *item,
           GError             **error)
{
  g_autoptr(ChOrder) order = g_new0 (ChOrder, 1);
  const ChCaOrder *ca = item->ca;

  order->account_id = turn->account_id;
  order->imported_at = order->created_at = turn->now;
  order->placed_at = ca->ordered_at != 0 ? ca->ordered_at : turn->now;
  order->attempt = 1;
  order->own_key = ca->own_key != NULL ? g_strdup (ca->own_key) : ch_order_new_own_key (1);
  order->kind = ca->kind;
  order->product = ca->product;
  order->method = ca->method;
  order->term_months = ca->term_months;
  order->key_algorithm = CH_KEY_ALGORITHM_RSA_2048;
  take_text (&order->renews_ca, ca->renews);
  take_text (&order->page, ca->page);
  take_text (&order->price, ca->price);
  take_text (&order->approver, ca->approver);
  take_table (&order->contact, ca->contact);
  take_table (&order->organization, ca->organization);
  if (!take_newest (turn, order, item, error))
    return NULL;

  take_state (turn, order, item);
  if (item->chain != NULL || ch_order_state_is_final (order->state))
    order->term_end = order->issued_at != 0 || ca->issued_at != 0 ? term_end_of (item) : 0;
  choose_dns (turn, order);
  return g_steal_pointer (&order);
}

static gboolean
add (ChImportTurn        *turn,
     ChImportItem        *item,
     GError             **error)
{
  const ChCaOrder *ca = item->ca;

  if (ca->reissues != NULL && item->chain == NULL)
    {
      /* It would add a certificate to an order that is not here, and has none. */
      refuse (item, _("it reissues an order that is not here"));
      turn->count.skipped++;
      return TRUE;
    }

  g_autoptr(ChCertificate) certificate = NULL;
  g_autoptr(ChOrder) order = new_order (turn, item, error);
  if (order == NULL || !ch_store_add_order (turn->world->store, order, error)
      || (item->chain != NULL && !add_certificate (turn, order, item, &certificate, error))
      || (ca->reissues != NULL && !ch_import_absorb (turn, order, ca->reissues, error))
      || !plan_replacement (turn, order, error)
      || !ch_import_link (turn, order, ca->ca_order, error))
    return FALSE;

  g_autofree char *text = g_strdup_printf (_("Imported; the CA's number is %s"), ca->ca_order);
  ch_order_note (turn->world, &turn->actor, order, "order.import", text);
  turn->count.added++;
  ch_import_tell (turn, order->id, CH_CHANGE_ADDED);
  return TRUE;
}

/* ---- one that is here ---- */

/* What is under way here is the machine's, and finds out by itself. */
static gboolean
is_quiet (const ChOrder *order)
{
  gboolean tracked = order->imported_at != 0 && order->step == CH_ORDER_STEP_TRACK;

  return order->reissues_ca == NULL && order->state != CH_ORDER_STATE_RENEWING && order->state != CH_ORDER_STATE_FAILED
         && (order->step == CH_ORDER_STEP_NONE || tracked);
}

static gboolean
is_newest (GPtrArray           *certificates,
           const ChOrder       *order,
           const ChImportItem  *item)
{
  gint64 issued = item->ca->issued_at != 0 ? item->ca->issued_at : item->chain->leaf->not_before;
  const ChCertificate *last = certificates->len > 0 ? certificates->pdata[0] : NULL;

  return last == NULL || issued > last->issued_at
         || (issued == last->issued_at && g_strcmp0 (item->ca->reissues, order->ca_order) == 0);
}

/* A new certificate of the order: its last one, or an earlier one that came later. */
static gboolean
update_certificate (ChImportTurn        *turn,
                    ChOrder             *order,
                    const ChImportItem  *item,
                    GPtrArray           *certificates,
                    GError             **error)
{
  gboolean newest = is_newest (certificates, order, item);
  g_autoptr(ChCertificate) added = NULL;

  if (newest && !take_newest (turn, order, item, error))
    return FALSE;
  if (item->ca->reissues == NULL)
    {
      order->kind = item->ca->kind;
      order->term_end = term_end_of (item);
      order->placed_at = item->ca->ordered_at != 0 ? MIN (order->placed_at, item->ca->ordered_at) : order->placed_at;
      if (order->renews_ca == NULL)
        take_text (&order->renews_ca, item->ca->renews);
    }
  if (!add_certificate (turn, order, item, &added, error))
    return FALSE;
  if (!newest)
    return TRUE;

  take_state (turn, order, item);
  if (order->state == CH_ORDER_STATE_ISSUED && item->ca->reissues != NULL && order->term_end != 0
      && order->term_end <= turn->now)
    order->state = CH_ORDER_STATE_EXPIRED;
  return order->state != CH_ORDER_STATE_ISSUED
         || (ch_deployments_order_issued (turn->world, order, added, error) && plan_replacement (turn, order, error));
}

/* A reissue that waits leaves the certificate in force. */
static void
take_waiting_reissue (ChImportTurn        *turn,
                      ChOrder             *order,
                      const ChImportItem  *item)
{
  order->reissues_ca = g_steal_pointer (&order->ca_order);
  order->ca_order = g_strdup (item->ca->ca_order);
  g_clear_pointer (&order->key_ref, g_free);
  g_clear_pointer (&order->csr, g_free);
  g_clear_pointer (&order->public_key, g_free);
  take_state (turn, order, item);
}

/* @changed: (out): whether there was anything new */
static gboolean
change (ChImportTurn        *turn,
        ChOrder             *order,
        const ChImportItem  *item,
        gboolean            *changed,
        GError             **error)
{
  const ChCaOrder *ca = item->ca;
  gboolean current = g_strcmp0 (order->ca_order, ca->ca_order) == 0;
  gboolean waits = ca->status == CH_CA_WAITING || ca->status == CH_CA_HELD;
  g_autoptr(GPtrArray) certificates = ch_store_list_certificates (turn->world->store, order->id, error);

  if (certificates == NULL)
    return FALSE;

  if (item->chain != NULL && !has_certificate (certificates, item->chain->leaf->fingerprint))
    {
      *changed = TRUE;
      return update_certificate (turn, order, item, certificates, error);
    }

  if (!current && waits && order->state == CH_ORDER_STATE_ISSUED && certificates->len > 0)
    {
      *changed = TRUE;
      take_waiting_reissue (turn, order, item);
    }
  /* Who waits, and for whom, is the tracker's; and the end of the term that of the first order, which another one may be. */
  else if (current && !waits && ca->status != CH_CA_ISSUED && ch_import_state (item, turn->now) != order->state)
    {
      *changed = TRUE;
      take_state (turn, order, item);
    }

  return TRUE;
}

static gboolean
update (ChImportTurn        *turn,
        ChOrder             *order,
        const ChImportItem  *item,
        GError             **error)
{
  const char *earlier = item->ca->reissues;
  gboolean changed = FALSE;

  if (!is_quiet (order))
    return TRUE;
  if (!change (turn, order, item, &changed, error)
      || (changed && earlier != NULL && !ch_import_absorb (turn, order, earlier, error))
      || (changed && !ch_bin_update_order (turn->world, order, error))
      || (changed && !ch_import_link (turn, order, item->ca->ca_order, error)))
    return FALSE;
  if (!changed)
    return TRUE;

  g_autofree char *text = g_strdup_printf (_("Changed by an import; the CA's number is %s"), item->ca->ca_order);
  ch_order_note (turn->world, &turn->actor, order, "order.import", text);
  turn->count.updated++;
  ch_import_tell (turn, order->id, CH_CHANGE_CHANGED);
  return TRUE;
}

void
ch_import_tell (ChImportTurn *turn,
                gint64        id,
                ChChange      change)
{
  gint64 *key = g_memdup2 (&id, sizeof id);
  gpointer before;

  /* What is told as new has not been told as anything else before. */
  if (g_hash_table_lookup_extended (turn->told, &id, NULL, &before) && change == CH_CHANGE_CHANGED)
    change = (ChChange) GPOINTER_TO_INT (before);
  g_hash_table_replace (turn->told, key, GINT_TO_POINTER (change));
}

static gboolean
find (ChImportTurn     *turn,
      const ChCaOrder  *ca,
      ChOrder         **order,
      GError          **error)
{
  ChStore *store = turn->world->store;

  return ch_store_find_order_of_number (store, turn->account_id, ca->ca_order, order, error)
         && (*order != NULL || ca->reissues == NULL
             || ch_store_find_order_of_number (store, turn->account_id, ca->reissues, order, error));
}

gboolean
ch_import_write (ChImportTurn  *turn,
                 ChImportItem  *item,
                 GError       **error)
{
  g_autoptr(ChOrder) order = NULL;

  turn->count.found++;
  if (item->useless)
    {
      turn->count.skipped++;
      return TRUE;
    }

  if (!find (turn, item->ca, &order, error))
    return FALSE;

  return order != NULL ? update (turn, order, item, error) : add (turn, item, error);
}
