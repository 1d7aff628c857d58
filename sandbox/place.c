/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "issue.h"
#include "mails.h"
#include "names.h"
#include "products.h"
#include "vouchers.h"

#include <gnutls/crypto.h>
#include <string.h>

#define SECRET_LENGTH 42

char *
sb_new_secret (void)
{
  static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint8 random[SECRET_LENGTH];
  char text[SECRET_LENGTH + 1] = { 0 };

  gnutls_rnd (GNUTLS_RND_RANDOM, random, sizeof random);
  for (gsize i = 0; i < SECRET_LENGTH; i++)
    text[i] = alphabet[random[i] % 64];
  if (random[0] % 2)
    text[SECRET_LENGTH - 1] = '\0';

  return g_strdup (text);
}

char *
sb_dns_text (const SbOrder *order)
{
  return g_strconcat ("_globalsign-domain-verification=", order->token, NULL);
}

char *
sb_meta_tag (const SbOrder *order)
{
  return g_strdup_printf ("<meta name=\"_globalsign-domain-verification\" content=\"%s\" />", order->token);
}

static gboolean
is_listed (GPtrArray  *list,
           const char *name)
{
  return name != NULL && g_ptr_array_find_with_equal_func (list, name, g_str_equal, NULL);
}

/* The CN and its parents; of the SANs only what lies in other domains than the CN. */
static void
list_domains (const SbOrder *order,
              GPtrArray     *list)
{
  for (gsize i = 0; order->sans[i] != NULL; i++)
    {
      const char *name = sb_san_name (order->sans[i]);
      g_autoptr(GPtrArray) more = NULL;

      if (is_listed (list, sb_name_registrable (sb_name_base (name))))
        continue;
      more = sb_name_approvers (name);
      for (guint n = 0; n < more->len; n++)
        g_ptr_array_add (list, g_strdup (g_ptr_array_index (more, n)));
    }
}

/* A file shows control of the very host name only. */
static void
list_hosts (const SbOrder *order,
            GPtrArray     *list)
{
  g_ptr_array_set_size (list, 0);
  g_ptr_array_add (list, g_strdup (order->common_name));
  for (gsize i = 0; order->sans[i] != NULL; i++)
    g_ptr_array_add (list, g_strdup (sb_san_name (order->sans[i])));
}

GStrv
sb_list_approvers (const SbOrder *order)
{
  const SbProduct *product = sb_product_find (order->product);
  g_autoptr(GPtrArray) list = sb_name_approvers (order->common_name);

  if (product != NULL && product->method == SB_METHOD_URL)
    list_hosts (order, list);
  else
    list_domains (order, list);

  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

gboolean
sb_is_high_risk (SbWorld    *world,
                 const char *name)
{
  return g_hash_table_contains (world->high_risk, name);
}

static gboolean
needs_check (SbWorld       *world,
             const SbOrder *order)
{
  gboolean found = sb_is_high_risk (world, order->common_name);

  for (gsize i = 0; !found && order->sans[i] != NULL; i++)
    found = sb_is_high_risk (world, sb_san_name (order->sans[i]));

  return found;
}

static gboolean
reuse_proof (SbCall     *call,
             SbOrder    *order,
             const char *name)
{
  g_autofree char *line = sb_proofs_reuse (sb_state_proofs (call->world->state), order->user, name, call->now);

  if (line == NULL)
    return FALSE;
  sb_order_append (&order->proofs, line);
  return TRUE;
}

gboolean
sb_reuse_proofs (SbCall  *call,
                 SbOrder *order)
{
  gboolean all = reuse_proof (call, order, order->common_name);

  for (gsize i = 0; order->sans[i] != NULL; i++)
    all &= reuse_proof (call, order, sb_san_name (order->sans[i]));

  return all;
}

void
sb_warn_of_check (SbCall        *call,
                  const SbOrder *order)
{
  if (order->status != SB_STATUS_PHISHING_CHECK)
    return;

  sb_call_fail (call, -5001, NULL);
  call->success = 1; /* a warning: the order was accepted */
}

/* All or nothing: what waits for a proof of its own shows all of its names. */
static void
reuse_for_renewal (SbCall  *call,
                   SbOrder *order)
{
  if (sb_reuse_proofs (call, order))
    order->verified = call->now;
  else
    g_clear_pointer (&order->proofs, g_strfreev);
}

SbOrder *
sb_place (SbCall  *call,
          SbOrder *order)
{
  g_autoptr(SbOrder) owned = order;
  g_autoptr(GError) error = NULL;
  gint64 price = order->price;

  if (price > call->account->balance)
    {
      sb_call_fail (call, -6101, NULL);
      return NULL;
    }

  if (order->id == NULL)
    sb_state_new_id (call->world->state, order, call->now);
  if (order->token == NULL)
    order->token = sb_new_secret ();
  g_strfreev (order->approvers);
  order->approvers = sb_list_approvers (order);
  order->ordered = call->now;
  order->status = needs_check (call->world, order) ? SB_STATUS_PHISHING_CHECK : SB_STATUS_INITIAL;
  sb_order_note (order, "ORDER_REQUEST", call->now);
  sb_order_note (order, "ORDER_VALIDATE_REGISTER", call->now);

  if (call->world->settings.renewal_reuses && strcmp (order->kind, "renewal") == 0 && order->reissue_of == NULL)
    reuse_for_renewal (call, order);
  if (order->page == NULL && sb_product_is_vetted (sb_product_find (order->product)))
    order->page = sb_new_secret ();
  if (order->verified == 0 && order->approver != NULL)
    sb_mails_send (order, call->now);

  g_free (call->order_id);
  call->order_id = g_strdup (order->id);
  if (!sb_issue_when_ready (call->world, order, call->now, &error)
      || !sb_state_commit (call->world->state, g_steal_pointer (&owned), price, &error))
    {
      sb_call_fail_internally (call, error);
      return NULL;
    }

  SbOrder *stored = sb_state_order (call->world->state, call->order_id);
  sb_vouchers_use (call->world->vouchers, stored);
  sb_warn_of_check (call, stored);
  return stored;
}
