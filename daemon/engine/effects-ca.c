/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "ca/ca.h"
#include "engine/alarm.h"
#include "engine/draft.h"
#include "engine/look.h"
#include "engine/secrets.h"
#include "lib/checkpoint.h"
#include "lib/error.h"
#include "pki/csr.h"
#include "pki/names.h"

#include <glib/gi18n.h>

/* An order may have been placed before our clock says so, because one of the two clocks was wrong. */
#define DAY (24 * 60 * 60)

/* The CA with the account's secrets, for the length of one effect. */
typedef struct
{
  const ChCa *ca;
  ChCaAccess access;
} Session;

static void
session_clear (Session *session)
{
  g_clear_pointer (&session->access.secrets, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static gboolean
session_open (Session       *session,
              ChEffect      *effect,
              GCancellable  *cancellable,
              GError       **error)
{
  effect->blamed = effect->account;
  session->ca = ch_ca_find (effect->account->kind, error);
  if (session->ca == NULL)
    return FALSE;

  session->access.settings = effect->account->settings;
  session->access.secrets = ch_secrets_load (effect->world->vault, effect->account, cancellable, error);
  return session->access.secrets != NULL;
}

/* Everything that the CA gave is checked here, before it is believed. */
static gboolean
take_certificate (ChEffect *effect,
                  GError  **error)
{
  static const char *const none[] = { NULL };
  ChCaOrder *ca = effect->ca;

  if (ca->certificate == NULL)
    return TRUE;

  effect->chain = ch_chain_order (ca->certificate, ca->chain != NULL ? (const char *const *) ca->chain : none, error);
  if (effect->chain == NULL)
    return FALSE;

  if (effect->order->public_key != NULL
      && !g_str_equal (effect->chain->leaf->public_key, effect->order->public_key))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("The CA gave a certificate for another key than that of this order; tell GlobalSign's support"));

  return TRUE;
}

static gboolean
take_answer (ChEffect   *effect,
             ChCaOrder  *answer,
             ChFactKind  kind,
             GError    **error)
{
  if (answer == NULL)
    return FALSE;

  effect->ca = answer;
  effect->kind = kind;
  if (answer->ca_order == NULL)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("The CA tells of an order without its number"));

  return take_certificate (effect, error);
}

static ChCaOrder *
reissue (const Session  *session,
         const ChEffect *effect,
         GCancellable   *cancellable,
         GError        **error)
{
  const ChOrder *order = effect->order;
  const char *const *names = (const char *const *) order->names;
  gboolean changed = ch_names_differ (names, (const char *const *) effect->in_force->names);

  return session->ca->reissue (&session->access, order->reissues_ca, order->csr, changed ? names : NULL, cancellable, error);
}

gboolean
ch_effect_submit (ChEffect      *effect,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_auto(Session) session = { 0 };
  const ChOrder *order = effect->order;

  if (!session_open (&session, effect, cancellable, error))
    return FALSE;
  if (order->reissues_ca != NULL)
    return take_answer (effect, reissue (&session, effect, cancellable, error), CH_FACT_PLACED, error);

  ChCaRequest request = ch_draft_request (order);
  return take_answer (effect, session.ca->submit (&session.access, &request, cancellable, error),
                      CH_FACT_PLACED, error);
}

/* What was sent in the future was sent before the clock was set back: nobody knows when. */
static gint64
placed_since (const ChOrder *order)
{
  gint64 now = ch_now ();
  gint64 begun = order->reissues_ca != NULL ? order->state_since : order->created_at;

  return begun <= now ? begun - DAY : now - 30 * DAY;
}

static ChCaOrder *
find_sent (const Session  *session,
           const ChOrder  *order,
           GCancellable   *cancellable,
           GError        **error)
{
  gint64 since = placed_since (order);

  return order->reissues_ca != NULL
    ? session->ca->find_reissue (&session->access, order->reissues_ca, since, cancellable, error)
    : session->ca->find (&session->access, order->own_key, since, cancellable, error);
}

/* What cannot be read is none of somebody else's: take_answer() says what is wrong with it. */
static gboolean
is_anothers (const ChOrder   *order,
             const ChCaOrder *found)
{
  g_autoptr(ChCert) certificate = found->certificate != NULL ? ch_cert_parse (found->certificate, NULL) : NULL;
  g_autoptr(ChCsr) csr = certificate == NULL && found->csr != NULL ? ch_csr_parse (found->csr, NULL) : NULL;
  const char *key = certificate != NULL ? certificate->public_key : csr != NULL ? csr->public_key : NULL;

  return order->reissues_ca != NULL && order->public_key != NULL && key != NULL && found->ca_order != NULL
         && !g_str_equal (key, order->public_key);
}

gboolean
ch_effect_find (ChEffect      *effect,
                GCancellable  *cancellable,
                GError       **error)
{
  g_auto(Session) session = { 0 };
  g_autoptr(GError) local = NULL;

  if (!session_open (&session, effect, cancellable, error))
    return FALSE;

  ChCaOrder *found = find_sent (&session, effect->order, cancellable, &local);
  if (found == NULL && g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND))
    {
      effect->kind = CH_FACT_NOT_FOUND;
      return TRUE;
    }

  if (found == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (is_anothers (effect->order, found))
    {
      effect->ca = found;
      effect->kind = CH_FACT_FOUND_OTHERS;
      return TRUE;
    }

  return take_answer (effect, found, CH_FACT_FOUND, error);
}

static gboolean
cancel_as (ChEffect      *effect,
           ChFactKind     kind,
           GCancellable  *cancellable,
           GError       **error)
{
  g_auto(Session) session = { 0 };

  effect->kind = kind;
  return session_open (&session, effect, cancellable, error)
         && session.ca->cancel (&session.access, effect->order->ca_order, cancellable, error);
}

gboolean
ch_effect_withdraw (ChEffect      *effect,
                    GCancellable  *cancellable,
                    GError       **error)
{
  return cancel_as (effect, CH_FACT_WITHDRAWN, cancellable, error);
}

gboolean
ch_effect_cancel (ChEffect      *effect,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return cancel_as (effect, CH_FACT_CANCELLED, cancellable, error);
}

gboolean
ch_effect_revoke (ChEffect      *effect,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_auto(Session) session = { 0 };

  effect->kind = CH_FACT_REVOKED;
  if (!session_open (&session, effect, cancellable, error))
    return FALSE;

  for (guint i = 0; i < effect->revoking->len; i++)
    {
      g_autoptr(GError) local = NULL;

      if (session.ca->revoke (&session.access, g_ptr_array_index (effect->revoking, i), cancellable, &local))
        continue;

      /* The CA may have no order of its own any more for what a reissue took the place of. */
      if (i > 0 && (g_error_matches (local, CH_ERROR, CH_ERROR_CA_REFUSED) || g_error_matches (local, CH_ERROR, CH_ERROR_NOT_FOUND)))
        {
          g_message ("%s: %s", (char *) g_ptr_array_index (effect->revoking, i), local->message);
          continue;
        }

      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return TRUE;
}

gboolean
ch_effect_check (ChEffect      *effect,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_auto(Session) session = { 0 };

  if (effect->challenges->len == 0)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("The order has no validation value to check"));

  const ChChallenge *first = g_ptr_array_index (effect->challenges, 0);
  g_autofree char *location = ch_look_location (first);
  return session_open (&session, effect, cancellable, error)
         && take_answer (effect, session.ca->check (&session.access, effect->order->ca_order, first->method, location,
                                                    cancellable, error),
                         CH_FACT_STATUS, error);
}

gboolean
ch_effect_fetch (ChEffect      *effect,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_auto(Session) session = { 0 };

  return session_open (&session, effect, cancellable, error)
         && take_answer (effect, session.ca->fetch (&session.access, effect->order->ca_order, cancellable, error),
                         CH_FACT_STATUS, error);
}
