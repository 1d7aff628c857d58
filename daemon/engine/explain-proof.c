/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/explain-proof.h"

#include "dcv/http.h"
#include "engine/alarm.h"
#include "engine/challenges.h"
#include "engine/proof.h"

#include <glib/gi18n.h>
#include <inttypes.h>

char *
ch_proof_url (const ChChallenge *challenge)
{
  return challenge->method == CH_DCV_METHOD_HTTP ? ch_dcv_http_url (challenge->location) : NULL;
}

char *
ch_proof_wanted (const ChChallenge *challenge)
{
  g_autofree char *url = NULL;

  switch (challenge->method)
    {
    case CH_DCV_METHOD_HTTP:
      url = ch_dcv_http_url (challenge->location);
      return g_strdup_printf (_("The CA wants a file at %s with exactly this content: %s"), url, challenge->value);
    case CH_DCV_METHOD_EMAIL:
      return g_strdup_printf (_("The CA mailed %s, who is to approve by the link in the mail"), challenge->location);
    case CH_DCV_METHOD_DNS:
    default:
      return g_strdup_printf (_("The CA wants a TXT record at %s with the value %s"), challenge->location, challenge->value);
    }
}

const char *
ch_proof_seen (const ChChallenge *challenge)
{
  switch (challenge->method)
    {
    case CH_DCV_METHOD_HTTP: return _("Every address of the host showed the file");
    case CH_DCV_METHOD_EMAIL: return _("The person who was mailed approved");
    case CH_DCV_METHOD_DNS:
    default: return _("Every name server showed it");
    }
}

/* Of those that no deployment takes care of. */
static char *
advise_files (GPtrArray *challenges)
{
  g_autoptr(GPtrArray) hosts = g_ptr_array_new ();

  for (guint i = 0; i < challenges->len; i++)
    {
      const ChChallenge *challenge = g_ptr_array_index (challenges, i);

      if (challenge->published_at == 0)
        g_ptr_array_add (hosts, challenge->location);
    }

  g_ptr_array_add (hosts, NULL);
  g_autofree char *list = g_strjoinv (", ", (char **) hosts->pdata);
  return g_strdup_printf (_("Let the web server of %s show the file that is named above. It is looked for all the time and the order goes on "
                            "by itself. A deployment with a web root would do it by itself, now and at every renewal: “chancery deploy add "
                            "NAME --server SERVER --name %s --web-root FOLDER”."), list, (const char *) hosts->pdata[0]);
}

static char *
advise_by_hand (ChWorld       *world,
                const ChOrder *order,
                GPtrArray     *challenges)
{
  if (ch_challenges_are_stale (world->policy, order, challenges, ch_now ()))
    return g_strdup_printf (ngettext ("The value is older than %u day, and the CA may not take it any more. Get a fresh one, which costs nothing: "
                                      "“chancery order retry --fresh %" PRId64 "”.",
                                      "The value is older than %u days, and the CA may not take it any more. Get a fresh one, which costs nothing: "
                                      "“chancery order retry --fresh %" PRId64 "”.",
                                      ch_policy_challenge_days (world->policy, order->product, ch_now ())),
                            ch_policy_challenge_days (world->policy, order->product, ch_now ()), order->id);
  if (ch_order_proof (order) == CH_PROOF_FILE)
    return advise_files (challenges);

  return g_strdup (_("Create the TXT record that is named above. It is looked for all the time and the order goes on by itself."));
}

char *
ch_proof_advice (ChWorld       *world,
                 const ChOrder *order)
{
  if (order->step == CH_ORDER_STEP_PROPAGATE && ch_order_shows_proof (order))
    {
      g_autoptr(GPtrArray) challenges = ch_store_list_challenges (world->store, order->id, NULL);

      return challenges == NULL || ch_challenges_are_ours (order, challenges) ? NULL : advise_by_hand (world, order, challenges);
    }
  if (order->step != CH_ORDER_STEP_TRACK)
    return NULL;

  if (ch_order_proof (order) == CH_PROOF_MAIL && order->approver != NULL)
    return g_strdup_printf (_("Ask whoever reads the mails of %s to click the link. “chancery order resend-mail %" PRId64 "” sends it once more, "
                              "“chancery order approver %" PRId64 " ADDRESS” to somebody else."),
                            order->approver, order->id, order->id);
  if (ch_order_proof (order) == CH_PROOF_STAFF && order->page != NULL)
    return g_strdup_printf (_("What GlobalSign still needs stands on the order's page: %s"), order->page);

  return NULL;
}
