/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page-proof.h"

#include "dates.h"
#include "dns.h"
#include "file-proof.h"
#include "issue.h"
#include "place.h"

#include <string.h>

typedef struct
{
  SbWorld *world;
  SbExchange *exchange;
  char *order_id;
  char *domain;
} Press;

static void
press_free (Press *press)
{
  g_free (press->order_id);
  g_free (press->domain);
  g_free (press);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Press, press_free)

static void
answer (SbExchange *exchange,
        guint       status,
        const char *text)
{
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));

  sb_exchange_send (exchange, status, "text/plain;charset=UTF-8", body);
}

static gboolean
note (Press       *press,
      const char  *method,
      GError     **error)
{
  SbWorld *world = press->world;
  SbOrder *order = sb_state_order (world->state, press->order_id);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  SbOrder *next = sb_order_copy (order);
  gint64 now = sb_now ();

  g_ptr_array_add (changed, next);
  if (next->status >= SB_STATUS_CANCELLED)
    return TRUE; /* it was decided meanwhile */

  sb_order_prove (next, method, press->domain, now);
  if (next->verified == 0 && sb_order_all_proven (next))
    next->verified = now;
  return sb_issue_when_ready (world, next, now, error) && sb_state_commit_all (world->state, changed, 0, error);
}

static void
finish (Press      *given,
        int         code,
        const char *method)
{
  g_autoptr(Press) press = given;
  g_autoptr(GError) error = NULL;

  if (code != 0)
    answer (press->exchange, SOUP_STATUS_CONFLICT, "It was not found there.\n");
  else if (note (press, method, &error))
    answer (press->exchange, SOUP_STATUS_OK, "Thank you.\n");
  else
    answer (press->exchange, SOUP_STATUS_INTERNAL_SERVER_ERROR, error->message);
}

static void
dns_proved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_auto(GStrv) seen = NULL;
  int code = sb_dns_prove_finish (result, &seen);

  finish (user_data, code, SB_PROVEN_BY_DNS);
}

static void
file_proved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_auto(GStrv) seen = NULL;
  int code = sb_file_prove_finish (result, &seen);

  finish (user_data, code, SB_PROVEN_BY_URL);
}

void
sb_page_prove (SbWorld       *world,
               SbExchange    *exchange,
               const SbOrder *order,
               const char    *domain,
               gboolean       by_file)
{
  Press *press = g_new0 (Press, 1);

  press->world = world;
  press->exchange = exchange;
  press->order_id = g_strdup (order->id);
  press->domain = g_strdup (domain);

  if (by_file)
    {
      SbFileProof *proof = sb_file_proof_new (world->servers, world->addresses);

      proof->value = sb_meta_tag (order);
      proof->http_port = world->settings.http_port;
      proof->https_port = world->settings.https_port;
      proof->follow = world->settings.follow_redirects != 0;
      g_ptr_array_add (proof->hosts, g_strdup (domain));
      sb_file_prove_async (proof, file_proved_cb, press);
    }
  else
    {
      g_autofree char *value = sb_dns_text (order);
      SbProof *proof = sb_proof_new (world->servers, value);
      const char *place[] = { domain, NULL };

      sb_proof_add (proof, g_strdupv ((GStrv) place));
      sb_dns_prove_async (proof, dns_proved_cb, press);
    }
}
