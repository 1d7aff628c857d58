/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "dcv/dns.h"
#include "dns/common.h"
#include "engine/alarm.h"
#include "engine/challenges.h"
#include "engine/look.h"
#include "engine/patience.h"
#include "engine/proof.h"
#include "engine/secrets.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* A place that nobody has ordered is not named without saying how one gets there. */
static void
prefix_alias (const ChEffect     *effect,
              const ChTxtRecord  *record,
              GError            **error)
{
  for (guint i = 0; i < effect->challenges->len; i++)
    {
      const ChChallenge *challenge = effect->challenges->pdata[i];

      if (g_str_equal (ch_challenge_place (challenge), record->name) && !g_str_equal (challenge->location, record->name))
        {
          g_prefix_error (error, _("“%s” leads to “%s” by CNAME: "), challenge->location, record->name);
          return;
        }
    }
}

static gboolean
publish_one (ChEffect      *effect,
             ChTxtRecord   *record,
             GCancellable  *cancellable,
             GError       **error)
{
  ChPeer *account = effect->blamed = ch_effect_find_dns (effect, record->dns_account_id);
  const ChDnsProvider *provider = ch_dns_find (account->kind, error);
  g_autoptr(GHashTable) secrets = provider != NULL
    ? ch_secrets_load (effect->world->vault, account, cancellable, error) : NULL;

  if (secrets == NULL)
    return FALSE;

  ChDnsAccess access = { .settings = account->settings, .secrets = secrets };
  ChTxt txt = { .name = record->name, .value = record->value };
  g_autofree char *token = NULL;
  gboolean existed = FALSE;

  if (!ch_dcv_dns_publish (provider, &access, &txt, &record->zone, &existed, &token, cancellable, error))
    {
      prefix_alias (effect, record, error);
      return FALSE;
    }

  /* That it is there says nothing about an earlier change that is still on its way. */
  if (!existed || token != NULL)
    {
      g_free (record->token);
      record->token = g_steal_pointer (&token);
    }

  /* What stood there at the first try was put there by somebody else; at a later one it may be
   * our own of a try whose end we did not see. */
  record->ours = !existed || record->failures > 1;
  record->state = CH_TXT_STATE_PRESENT;
  return TRUE;
}

gboolean
ch_effect_publish (ChEffect      *effect,
                   GCancellable  *cancellable,
                   GError       **error)
{
  if (ch_order_proof (effect->order) == CH_PROOF_FILE)
    return ch_effect_put_files (effect, cancellable, error);

  for (guint i = 0; i < effect->txts->len; i++)
    if (!publish_one (effect, g_ptr_array_index (effect->txts, i), cancellable, error))
      return FALSE;

  effect->blamed = NULL;
  effect->kind = CH_FACT_PUBLISHED;
  return TRUE;
}

/* What a person must do stands before what was seen. */
static char *
say_seen (const ChChallenge *challenge,
          const ChLook      *look)
{
  if (look->complete)
    return g_strdup (look->summary);

  g_autofree char *instruction = ch_look_instruct (challenge);
  return g_strdup_printf ("%s. %s", instruction, look->summary);
}

/* @look: (nullable): nobody could be asked */
static ChSpread
spread_of (const ChLook *look)
{
  if (look != NULL && look->denied)
    return CH_SPREAD_DENIED;

  return look == NULL || look->doubtful || !look->complete ? CH_SPREAD_DOUBTFUL : CH_SPREAD_WHOLE;
}

/* (transfer full) */
static char *
say_patience (const ChPeer      *account,
              const ChPatience  *patience,
              ChSpread           spread,
              ChPatienceVerdict  verdict,
              const char        *seen)
{
  if (verdict == CH_PATIENCE_OVER)
    return g_strdup_printf (_("%s. It was waited for %u seconds, as the DNS account “%s” says (“maximum-wait”); the value is "
                              "put there once more. Mend that server, or let the account ask others (“nameservers”)"),
                            seen, patience->most, account->name);
  if (spread == CH_SPREAD_DOUBTFUL)
    return g_strdup_printf (verdict == CH_PATIENCE_GO
                              ? _("%s. It was waited for %u seconds; asks the CA to validate and issue all the same")
                              : _("%s. The CA is asked all the same %u seconds after the value was put there"),
                            seen, patience->most);
  if (spread == CH_SPREAD_WHOLE && verdict == CH_PATIENCE_WAIT)
    return g_strdup_printf (_("%s. Waits until %u seconds have passed since it was put there, as the DNS account “%s” says "
                              "(“minimum-wait”)"), seen, patience->least, account->name);

  return g_strdup (seen);
}

static void
tell_wait (ChEffect *effect,
           gint64    due,
           gboolean  overdue)
{
  effect->kind = CH_FACT_NOT_SHOWN;
  effect->overdue |= overdue;
  if (due != 0)
    effect->due = effect->due != 0 ? MIN (effect->due, due) : due;
}

/* What stands in the way goes before what does not. */
static void
judge_look (ChEffect          *effect,
            const ChChallenge *challenge,
            const ChPeer      *account,
            const ChLook      *look,
            const char        *seen)
{
  ChPatience patience = {
    .since = challenge->published_at,
    .least = ch_dns_common_number (account->settings, "minimum-wait"),
    .most = ch_dns_common_number (account->settings, "maximum-wait"),
  };
  ChSpread spread = spread_of (look);
  gint64 due = 0;
  ChPatienceVerdict verdict = ch_patience_judge (&patience, spread, ch_now (), &due);
  gboolean settled = verdict == CH_PATIENCE_GO && spread == CH_SPREAD_WHOLE;

  if (effect->text == NULL || (!settled && (effect->kind == CH_FACT_SHOWN || spread == CH_SPREAD_DENIED)))
    {
      g_free (effect->text);
      effect->text = say_patience (account, &patience, spread, verdict, seen);
    }

  effect->doubtful |= spread == CH_SPREAD_DOUBTFUL;
  if (verdict != CH_PATIENCE_GO)
    tell_wait (effect, due, verdict == CH_PATIENCE_OVER);
}

static void
judge_by_hand (ChEffect          *effect,
               const ChChallenge *challenge,
               const ChLook      *look)
{
  gboolean first = !look->complete && effect->kind == CH_FACT_SHOWN;

  if (!look->complete)
    effect->kind = CH_FACT_NOT_SHOWN;
  if (first || effect->text == NULL)
    {
      g_free (effect->text);
      effect->text = say_seen (challenge, look);
    }
}

static gboolean
look_at (ChEffect      *effect,
         ChChallenge   *challenge,
         GCancellable  *cancellable,
         GError       **error)
{
  const ChPeer *account = ch_effect_find_dns (effect, challenge->dns_account_id);
  g_autoptr(GError) failure = NULL;
  g_autoptr(ChLook) look = ch_look_at (challenge, account, effect->world->config, cancellable, &failure);

  /* Whoever may not ask has done what can be done: the CA may see it all the same. */
  if (look == NULL && (account == NULL || !g_error_matches (failure, CH_ERROR, CH_ERROR_UNREACHABLE)))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (look != NULL)
    {
      g_free (challenge->observed);
      challenge->observed = g_steal_pointer (&look->observed);
    }

  if (account != NULL)
    judge_look (effect, challenge, account, look, look != NULL ? look->summary : failure->message);
  else
    judge_by_hand (effect, challenge, look);
  return TRUE;
}

gboolean
ch_effect_propagate (ChEffect      *effect,
                     GCancellable  *cancellable,
                     GError       **error)
{
  if (effect->challenges->len == 0)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("The order has no validation value to look for"));

  effect->kind = CH_FACT_SHOWN;
  if (!ch_effect_ask_settled (effect, cancellable))
    {
      effect->kind = CH_FACT_NOT_SHOWN;
      return TRUE;
    }

  for (guint i = 0; i < effect->challenges->len; i++)
    if (!look_at (effect, g_ptr_array_index (effect->challenges, i), cancellable, error))
      return FALSE;

  return TRUE;
}
