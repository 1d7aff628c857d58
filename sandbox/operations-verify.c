/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "dates.h"
#include "detail.h"
#include "dns.h"
#include "file-proof.h"
#include "issue.h"
#include "names.h"
#include "place.h"
#include "products.h"

#include <string.h>

/* A random value of a CA lives 30 days at most (Baseline Requirements 3.2.2.4.7). */
#define TOKEN_LIFE (30 * 24 * 3600 * (gint64) 1000)

static void
answer (SbCall        *call,
        const SbOrder *order)
{
  sb_warn_of_check (call, order);
  xmlNode *payload = sb_add (call->response, "URLVerificationForIssue");
  sb_add_certificate_info (call, payload, order);
  sb_add_fulfillment (call, payload, order, SB_DETAIL_FULFILLMENT | SB_DETAIL_CA_CERTS);
}

static gboolean
accept_proof (SbCall        *call,
              const SbOrder *order,
              const char    *method,
              GStrv          seen)
{
  SbWorld *world = call->world;
  SbOrder *next = sb_order_copy (order);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (changed, next);
  for (gsize i = 0; seen != NULL && seen[i] != NULL; i++)
    sb_order_prove (next, method, seen[i], call->now);
  next->verified = call->now;
  sb_order_note (next, "DOMAIN_VERIFIED", call->now);

  return (sb_issue_when_ready (world, next, call->now, &error)
          && sb_state_commit_all (world->state, changed, 0, &error))
         || sb_call_fail_internally (call, error);
}

static void
finish (SbCall     *call,
        int         code,
        const char *method,
        GStrv       seen)
{
  SbOrder *order = sb_call_open_order (call); /* it may have been cancelled meanwhile */

  call->now = sb_now ();
  if (order != NULL && code != 0)
    sb_call_fail (call, code, NULL);
  else if (order != NULL && accept_proof (call, order, method, seen))
    answer (call, sb_state_order (call->world->state, call->order_id));

  sb_call_done (call);
}

static void
dns_proved_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_auto(GStrv) seen = NULL;
  int code = sb_dns_prove_finish (result, &seen);

  finish (user_data, code, SB_PROVEN_BY_DNS, seen);
}

/* A name of a follow-up order need not be shown again while an earlier proof is good. */
static gboolean
is_reusable (SbCall        *call,
             const SbOrder *order,
             const char    *name)
{
  g_autofree char *line = NULL;

  if (order->reissue_of != NULL)
    line = sb_proofs_reuse (sb_state_proofs (call->world->state), order->user, name, call->now);
  return line != NULL && sb_order_is_proven (order, name);
}

static void
add_place (SbCall        *call,
           SbProof       *proof,
           const SbOrder *order,
           const char    *name,
           const char    *domain)
{
  if (sb_name_is_covered (name, domain) || is_reusable (call, order, name))
    return;

  g_autoptr(GPtrArray) places = sb_name_approvers (name);
  g_ptr_array_add (places, NULL);
  sb_proof_add (proof, (GStrv) g_ptr_array_free (g_steal_pointer (&places), FALSE));
}

/* The domain that the client names, and one place for every name that is not below it. */
static SbProof *
proof_for (SbCall        *call,
           const SbOrder *order,
           const char    *domain)
{
  g_autofree char *value = sb_dns_text (order);
  SbProof *proof = sb_proof_new (call->world->servers, value);
  const char *first[] = { domain, NULL };

  sb_proof_add (proof, g_strdupv ((GStrv) first));
  add_place (call, proof, order, order->common_name, domain);
  for (gsize i = 0; order->sans[i] != NULL; i++)
    add_place (call, proof, order, sb_san_name (order->sans[i]), domain);

  return proof;
}

/* Says whether there is something to look for; otherwise the call has its answer. */
static SbOrder *
order_to_prove (SbCall   *call,
                SbMethod  method)
{
  SbOrder *order = sb_call_open_order (call);
  const SbProduct *product = order != NULL ? sb_product_find (order->product) : NULL;

  if (order == NULL)
    return NULL;
  if (product == NULL || product->method != method)
    sb_call_fail (call, -9901, "OrderID");
  else if (order->verified != 0)
    answer (call, order);
  else
    return order;

  return NULL;
}

void
sb_dv_dns_verification_for_issue (SbCall *call)
{
  g_autofree char *domain = sb_text (call->request, "ApproverFQDN");
  SbOrder *order = order_to_prove (call, SB_METHOD_DNS);

  if (order != NULL && !g_strv_contains ((const char *const *) order->approvers, domain))
    sb_call_fail (call, -101, "ApproverFQDN");
  else if (order != NULL && call->now - order->ordered > TOKEN_LIFE)
    sb_call_fail (call, -3012, NULL);
  else if (order != NULL)
    {
      sb_dns_prove_async (proof_for (call, order, domain), dns_proved_cb, call);
      return;
    }

  sb_call_done (call);
}

static void
file_proved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_auto(GStrv) seen = NULL;
  int code = sb_file_prove_finish (result, &seen);

  finish (user_data, code, SB_PROVEN_BY_URL, seen);
}

/* “http://HOST” or “https://HOST”, and nothing behind it but a slash */
static char *
host_of (const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  gboolean is_http = uri != NULL && (strcmp (g_uri_get_scheme (uri), "http") == 0
                                     || strcmp (g_uri_get_scheme (uri), "https") == 0);

  if (!is_http || g_uri_get_host (uri) == NULL || g_uri_get_port (uri) != -1 || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL || g_uri_get_userinfo (uri) != NULL
      || strlen (g_uri_get_path (uri)) > 1)
    return NULL;

  return g_ascii_strdown (g_uri_get_host (uri), -1);
}

/* The host that the client names, and each other name of the order: a file shows control of that name only. */
static SbFileProof *
file_proof_for (SbCall        *call,
                const SbOrder *order,
                const char    *url)
{
  const SbSettings *settings = &call->world->settings;
  SbFileProof *proof = sb_file_proof_new (call->world->servers, call->world->addresses);

  proof->value = sb_meta_tag (order);
  proof->is_https = g_ascii_strncasecmp (url, "https:", 6) == 0;
  proof->http_port = settings->http_port;
  proof->https_port = settings->https_port;
  proof->follow = settings->follow_redirects != 0;
  for (gsize i = 0; order->approvers[i] != NULL; i++)
    if (!is_reusable (call, order, order->approvers[i]))
      g_ptr_array_add (proof->hosts, g_strdup (order->approvers[i]));

  return proof;
}

void
sb_url_verification_for_issue (SbCall *call)
{
  g_autofree char *url = sb_text (call->request, "ApproverURL");
  g_autofree char *host = host_of (url);
  SbOrder *order = order_to_prove (call, SB_METHOD_URL);

  if (order != NULL && host == NULL)
    sb_call_fail (call, -9152, "ApproverURL");
  else if (order != NULL && (call->now - order->ordered > TOKEN_LIFE
                             || !g_strv_contains ((const char *const *) order->approvers, host)))
    sb_call_fail (call, -4147, NULL);
  else if (order != NULL)
    {
      sb_file_prove_async (file_proof_for (call, order, url), file_proved_cb, call);
      return;
    }

  sb_call_done (call);
}
