/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/orders.h"

#include "engine/alarm.h"
#include "engine/challenges.h"
#include "engine/deployments-private.h"
#include "engine/explain-proof.h"
#include "lib/error.h"
#include "lib/times.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <json-glib/json-glib.h>

#define EVENTS_MAX 200

static void
line_free (ChStoryLine *line)
{
  g_free (line->kind);
  g_free (line->text);
  g_free (line);
}

void
ch_story_free (ChStory *story)
{
  g_free (story->headline);
  g_free (story->advice);
  g_clear_pointer (&story->lines, g_ptr_array_unref);
  g_free (story);
}

static void G_GNUC_PRINTF (4, 5)
say (ChStory    *story,
     gint64      at,
     const char *kind,
     const char *format,
     ...)
{
  ChStoryLine *line = g_new0 (ChStoryLine, 1);
  va_list args;

  line->at = at;
  line->kind = g_strdup (kind);
  va_start (args, format);
  line->text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (story->lines, line);
}

/* ---- what happened ---- */

static void
tell_event (ChStory       *story,
            const ChEvent *event)
{
  const char *kind = event->ok ? "done" : "problem";

  if (event->uid >= 0)
    say (story, event->at, kind, _("%s (by user %" PRId64 ", %s)"), event->text, event->uid, event->authority);
  else
    say (story, event->at, kind, "%s", event->text);
}

/* ---- what was seen ---- */

/* whether somebody did not show the value when it was looked at last */
static gboolean
is_doubtful (const char *json)
{
  g_autoptr(JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!g_str_equal (json_object_get_string_member_with_default (json_array_get_object_element (array, i), "result", ""),
                      "value"))
      return TRUE;

  return FALSE;
}

static void
tell_observed (ChStory    *story,
               const char *json)
{
  g_autoptr(JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *seen = json_array_get_object_element (array, i);
      const char *server = json_object_get_string_member_with_default (seen, "server", "?");
      const char *address = json_object_get_string_member_with_default (seen, "address", "?");
      g_autofree char *who = g_str_equal (server, address) ? g_strdup (server) : g_strdup_printf ("%s (%s)", server, address);

      say (story, json_object_get_int_member_with_default (seen, "at", 0), "seen", "%s %s", who,
           json_object_get_string_member_with_default (seen, "text", "?"));
    }
}

static void
tell_challenge (ChStory           *story,
                ChWorld           *world,
                const ChChallenge *challenge)
{
  g_autoptr(ChPeer) account = challenge->dns_account_id != 0
    ? ch_store_get_peer (world->store, CH_PEER_ROLE_DNS, challenge->dns_account_id, NULL) : NULL;

  g_autofree char *wanted = ch_proof_wanted (challenge);

  say (story, challenge->method == CH_DCV_METHOD_EMAIL ? challenge->published_at : challenge->value_at, "done", "%s", wanted);
  if (challenge->aliases[0] != NULL)
    {
      g_autofree char *chain = g_strjoinv (" → ", challenge->aliases);
      say (story, challenge->value_at, "done", _("By CNAME it leads to %s, and the record is put there: %s → %s"), ch_challenge_place (challenge),
           challenge->location, chain);
    }
  if (challenge->method == CH_DCV_METHOD_HTTP && challenge->published_at != 0)
    say (story, challenge->published_at, "done", "%s", _("Put the file onto every server that shows the name"));
  if (challenge->method != CH_DCV_METHOD_DNS)
    return;
  if (challenge->published_at != 0 && account != NULL)
    say (story, challenge->published_at, "done", _("Put the record into DNS through the DNS account “%s”"), account->name);
  else if (challenge->published_at != 0)
    say (story, challenge->published_at, "done", _("Put the record into DNS"));
}

static gboolean
tell_challenges (ChStory  *story,
                 ChWorld  *world,
                 gint64    id,
                 GError  **error)
{
  g_autoptr(GPtrArray) challenges = ch_store_list_challenges (world->store, id, error);

  for (guint i = 0; challenges != NULL && i < challenges->len; i++)
    {
      const ChChallenge *challenge = g_ptr_array_index (challenges, i);

      tell_challenge (story, world, challenge);
      tell_observed (story, challenge->observed);
      if (challenge->seen_at != 0)
        say (story, challenge->seen_at, "done", "%s", challenge->method == CH_DCV_METHOD_DNS && is_doubtful (challenge->observed)
             ? _("Went on, although not every name server showed it") : ch_proof_seen (challenge));
    }

  return challenges != NULL;
}

/* The value that proves control comes with the placement; so within one second, too, it is told after that and
 * before what followed. */
static gboolean
tell_history (ChStory  *story,
              ChWorld  *world,
              gint64    id,
              GError  **error)
{
  g_autofree char *object = ch_object_name ("order", id);
  g_autoptr(GPtrArray) events = ch_store_list_events (world->store, object, 0, EVENTS_MAX, error);
  gboolean told = FALSE;

  for (guint i = events != NULL ? events->len : 0; i > 0; i--)
    {
      const ChEvent *event = g_ptr_array_index (events, i - 1);

      tell_event (story, event);
      if (told || !g_str_equal (event->action, "order.placed"))
        continue;
      if (!tell_challenges (story, world, id, error))
        return FALSE;
      told = TRUE;
    }

  return events != NULL && (told || tell_challenges (story, world, id, error));
}

static gboolean
tell_txt_records (ChStory  *story,
                  ChWorld  *world,
                  gint64    id,
                  GError  **error)
{
  g_autoptr(GPtrArray) records = ch_store_list_txt_records (world->store, id, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const ChTxtRecord *record = g_ptr_array_index (records, i);

      if (record->state == CH_TXT_STATE_REMOVING && record->reason != NULL)
        say (story, record->due, "problem", _("The record at %s is still to be removed: %s"), record->name, record->reason);
      else if (record->state == CH_TXT_STATE_REMOVING)
        say (story, record->due, "next", _("The record at %s is being removed"), record->name);
    }

  return records != NULL;
}

static gboolean
tell_files (ChStory  *story,
            ChWorld  *world,
            gint64    id,
            GError  **error)
{
  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (world->store, id, error);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const ChChallengeFile *file = g_ptr_array_index (files, i);
      g_autoptr(ChPeer) server = ch_store_get_peer (world->store, CH_PEER_ROLE_SERVER, file->server_id, NULL);
      const char *name = server != NULL ? server->name : "?";

      if (file->state == CH_TXT_STATE_REMOVING && file->reason != NULL)
        say (story, file->due, "problem", _("The file %s is still to be removed from “%s”: %s"), file->path, name, file->reason);
      else if (file->state == CH_TXT_STATE_REMOVING)
        say (story, file->due, "next", _("The file %s is being removed from “%s”"), file->path, name);
      else if (file->state == CH_TXT_STATE_PRESENT)
        say (story, file->created_at, "done", _("The file %s stands on “%s”"), file->path, name);
    }

  return files != NULL;
}

/* ---- certificates and where they went ---- */

/* Its time is the next attempt's, so that it stands at the end of the story, where one looks first. */
static void
tell_failed_deployment (ChStory            *story,
                        const ChDeployment *deployment)
{
  say (story, deployment->due, "problem", _("Deployment %s has failed and is tried again then: %s"), deployment->name, deployment->reason);
  g_free (story->advice);
  story->advice = g_strdup_printf (_("Mend what deployment %s names; it is tried again by itself, or at once when you run it."),
                                   deployment->name);
}

static gboolean
tell_deployments (ChStory              *story,
                  ChWorld              *world,
                  const ChCertificate  *certificate,
                  GError              **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      const ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (deployment->certificate_id != certificate->id)
        continue;
      if (deployment->state == CH_DEPLOYMENT_STATE_DEPLOYED)
        say (story, deployment->deployed_at, "done", _("Deployment %s: installed and checked"), deployment->name);
      else if (deployment->reason != NULL && deployment->state != CH_DEPLOYMENT_STATE_FAILED)
        say (story, deployment->due, "next", _("Deployment %s waits: %s"), deployment->name, deployment->reason);
      else if (deployment->reason != NULL)
        tell_failed_deployment (story, deployment);
      else
        say (story, deployment->due, "next", _("Deployment %s is %s"), deployment->name,
             ch_nick (CH_TYPE_DEPLOYMENT_STATE, deployment->state));
    }

  return deployments != NULL;
}

static gboolean
tell_certificates (ChStory  *story,
                   ChWorld  *world,
                   gint64    id,
                   GError  **error)
{
  g_autoptr(GPtrArray) certificates = ch_store_list_certificates (world->store, id, error);

  if (certificates == NULL)
    return FALSE;

  if (certificates->len > 0 && !tell_deployments (story, world, g_ptr_array_index (certificates, 0), error))
    return FALSE;

  return TRUE;
}

/* ---- how it stands ---- */

/* Without a time: how the caller's clock and language would write it is not known here, and the order's row has it. */
static char *
headline (const ChOrder *order)
{
  g_autofree char *name = ch_name_display (order->names[0]);
  const char *state = ch_nick (CH_TYPE_ORDER_STATE, order->state);

  if (order->reason == NULL)
    return g_strdup_printf (_("Order %" PRId64 " for %s: %s."), order->id, name, state);

  return g_strdup_printf (_("Order %" PRId64 " for %s: %s. %s."), order->id, name, state, order->reason);
}

/* (transfer full) (nullable): what is wrong with a DNS account that the order needs */
static char *
dns_advice (ChWorld       *world,
            const ChOrder *order)
{
  g_autoptr(GPtrArray) challenges = ch_store_list_challenges (world->store, order->id, NULL);

  for (guint i = 0; challenges != NULL && i < challenges->len; i++)
    {
      const ChChallenge *challenge = g_ptr_array_index (challenges, i);
      g_autoptr(ChPeer) dns = challenge->dns_account_id != 0
        ? ch_store_get_peer (world->store, CH_PEER_ROLE_DNS, challenge->dns_account_id, NULL) : NULL;

      if (dns != NULL && dns->state == CH_PEER_STATE_FAILING)
        return g_strdup_printf (_("The DNS account “%s” is failing: %s. Edit it; the order then goes on by itself."),
                                dns->name, dns->reason);
      if (dns != NULL && dns->state == CH_PEER_STATE_DISABLED)
        return g_strdup_printf (_("The DNS account “%s” is disabled. Enable it; the order then goes on by itself."),
                                dns->name);
    }

  return NULL;
}

static char *
advice (ChWorld       *world,
        const ChOrder *order,
        const ChPeer  *account)
{
  if (order->state == CH_ORDER_STATE_FAILED)
    return g_strdup_printf (_("Mend what the reason names, then retry order %" PRId64 "; or delete it."), order->id);
  if (order->state == CH_ORDER_STATE_ISSUED && order->replace_failures > 0)
    {
      g_autofree char *end = ch_time_day (order->not_after);
      return g_strdup_printf (_("The certificate ends on %s. Mend what the reason names, then: chancery order replace %" PRId64), end, order->id);
    }
  if (order->state == CH_ORDER_STATE_ISSUED && order->imported_at != 0 && order->key_ref == NULL)
    return g_strdup_printf (_("Its private key is not here, so that it is neither replaced by itself nor deployed. Bring it: chancery key "
                              "attach %" PRId64 ". Look for it: chancery key find %" PRId64 ". Or make a new one: chancery order reissue "
                              "%" PRId64), order->id, order->id, order->id);
  if (account != NULL && account->state == CH_PEER_STATE_FAILING && !ch_order_state_is_final (order->state))
    return g_strdup_printf (_("The account “%s” is failing: %s. Edit it; the order then goes on by itself."), account->name, account->reason);

  char *proof = ch_proof_advice (world, order);
  if (proof != NULL)
    return proof;

  return ch_order_state_is_final (order->state) ? NULL : dns_advice (world, order);
}

static const char *
step_sentence (ChOrderStep step)
{
  static const char *const sentences[] = {
    [CH_ORDER_STEP_NONE] = "",
    [CH_ORDER_STEP_MAKE_KEY] = N_("Make the key and the request"),
    [CH_ORDER_STEP_SUBMIT] = N_("Place the order at the CA"),
    [CH_ORDER_STEP_FIND] = N_("Ask the CA whether it has the order already"),
    [CH_ORDER_STEP_WITHDRAW] = N_("Cancel at the CA what cannot be used"),
    [CH_ORDER_STEP_FOLLOW] = N_("Look whether the name leads elsewhere by CNAME"),
    [CH_ORDER_STEP_PUBLISH] = N_("Put the value where it must stand"),
    [CH_ORDER_STEP_PROPAGATE] = N_("Look whether the value stands everywhere"),
    [CH_ORDER_STEP_CHECK] = N_("Ask the CA to check and issue"),
    [CH_ORDER_STEP_TRACK] = N_("Ask the CA how the order stands"),
    [CH_ORDER_STEP_FETCH] = N_("Fetch the certificate"),
    [CH_ORDER_STEP_CANCEL] = N_("Cancel at the CA"),
    [CH_ORDER_STEP_REVOKE] = N_("Revoke at the CA"),
  };

  return _(sentences[step]);
}

static void
tell_next (ChStory       *story,
           const ChOrder *order)
{
  const char *what = step_sentence (order->step);
  const char *kind = order->due == 0 ? "now" : "next";

  if (order->step == CH_ORDER_STEP_NONE)
    return;

  if (order->failures == 0)
    say (story, order->due, kind, "%s", what);
  else
    say (story, order->due, kind, ngettext ("%s (tried %u time so far)", "%s (tried %u times so far)", order->failures),
         what, order->failures);
}

/* What follows the certificate in force. */
static void
tell_succession (ChStory        *story,
                 const ChOrder  *order)
{
  if (order->replace_at == 0 || order->state != CH_ORDER_STATE_ISSUED)
    return;

  if (order->replace_failures == 0)
    say (story, order->replace_at, "next", "%s", _("Replace the certificate"));
  else
    say (story, order->replace_at, "next", ngettext ("Replace the certificate (tried %u time so far)",
                                                     "Replace the certificate (tried %u times so far)", order->replace_failures),
         order->replace_failures);
}

static int
by_time (gconstpointer a,
         gconstpointer b)
{
  const ChStoryLine *first = *(ChStoryLine *const *) a, *second = *(ChStoryLine *const *) b;
  gint64 at = first->at != 0 ? first->at : G_MAXINT64, bt = second->at != 0 ? second->at : G_MAXINT64;

  return (at > bt) - (at < bt);
}

ChStory *
ch_order_explain (ChWorld  *world,
                  gint64    id,
                  GError  **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);
  g_autoptr(ChStory) story = g_new0 (ChStory, 1);

  story->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  if (order == NULL
      || !tell_history (story, world, id, error)
      || !tell_txt_records (story, world, id, error)
      || !tell_files (story, world, id, error)
      || !tell_certificates (story, world, id, error))
    return NULL;

  tell_next (story, order);
  tell_succession (story, order);
  g_ptr_array_sort (story->lines, by_time);

  g_autoptr(ChPeer) account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, order->account_id, NULL);
  story->headline = headline (order);
  if (story->advice == NULL)
    story->advice = advice (world, order, account);
  return g_steal_pointer (&story);
}
