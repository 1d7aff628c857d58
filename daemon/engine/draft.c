/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/draft.h"

#include "ca/ca.h"
#include "engine/alarm.h"
#include "engine/dns-choice.h"
#include "lib/error.h"
#include "pki/csr.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <string.h>

#define TERM_DEFAULT 12
#define TERM_MAX 12

/* ---- names ---- */

static gboolean
take_names (ChOrder  *order,
            char    **given,
            GError  **error)
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
    return ch_error_set (error, CH_ERROR_INVALID, _("An order needs at least one name, such as www.example.com"));

  order->names = (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
  return TRUE;
}

gboolean
ch_account_is_private (const ChPeer *account)
{
  const char *environment = g_hash_table_lookup (account->settings, "environment");

  return environment != NULL && !g_str_equal (environment, "production");
}

/* ---- account, DNS account ---- */

static char *
list_names (GPtrArray *peers)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < peers->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const ChPeer *) g_ptr_array_index (peers, i))->name);

  return g_string_free (names, FALSE);
}

static GPtrArray *
list_enabled (ChWorld  *world,
              GError  **error)
{
  GPtrArray *peers = ch_store_list_peers (world->store, CH_PEER_ROLE_ACCOUNT, error);

  for (guint i = peers != NULL ? peers->len : 0; i > 0; i--)
    if (((const ChPeer *) g_ptr_array_index (peers, i - 1))->state == CH_PEER_STATE_DISABLED)
      g_ptr_array_remove_index (peers, i - 1);

  return peers;
}

static ChPeer *
find_enabled (ChWorld     *world,
              ChPeerRole   role,
              const char  *name,
              GError     **error)
{
  g_autoptr(ChPeer) peer = ch_store_find_peer (world->store, role, name, error);

  if (peer != NULL && peer->state == CH_PEER_STATE_DISABLED)
    {
      ch_error_set (error, CH_ERROR_WRONG_STATE, _("“%s” is disabled; enable it first"), name);
      return NULL;
    }

  return g_steal_pointer (&peer);
}

/* The one that is named, or the only one there is. */
static gboolean
choose_account (ChWorld     *world,
                const char  *name,
                ChPeer     **account,
                GError     **error)
{
  if (name != NULL && *name != '\0')
    {
      *account = find_enabled (world, CH_PEER_ROLE_ACCOUNT, name, error);
      return *account != NULL;
    }

  g_autoptr(GPtrArray) peers = list_enabled (world, error);
  if (peers == NULL)
    return FALSE;

  if (peers->len > 1)
    {
      g_autofree char *names = list_names (peers);
      return ch_error_set (error, CH_ERROR_INVALID, _("Say which account to use: %s"), names);
    }

  if (peers->len == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("There is no account at a certificate authority yet; add one first"));

  *account = g_ptr_array_steal_index (peers, 0);
  return TRUE;
}

/* Without a DNS account at all, a person makes the record. */
static gboolean
find_dns_accounts (ChWorld  *world,
                   ChOrder  *order,
                   GError  **error)
{
  const char *const *names = (const char *const *) order->names;
  g_autoptr(GPtrArray) accounts = ch_dns_choose_names (world->store, names, error);

  if (accounts != NULL && accounts->len > 0)
    order->dns_account_id = ((const ChPeer *) accounts->pdata[0])->id;

  return accounts != NULL;
}

static gboolean
take_dns_account (ChWorld             *world,
                  ChOrder             *order,
                  const ChOrderDraft  *draft,
                  GError             **error)
{
  if (draft->dns_account == NULL || *draft->dns_account == '\0')
    return order->method != CH_DCV_METHOD_DNS || find_dns_accounts (world, order, error);

  g_autoptr(ChPeer) named = find_enabled (world, CH_PEER_ROLE_DNS, draft->dns_account, error);
  if (named == NULL)
    return FALSE;

  order->dns_named = TRUE;
  order->dns_account_id = named->id;
  return TRUE;
}

/* ---- product, method, key, term ---- */

/* AlphaSSL is for one name or one wildcard (docs/globalsign.md, Products); several names need DomainSSL. */
static gboolean
take_nick (GType       type,
           const char *nick,
           int         fallback,
           const char *what,
           int        *value,
           GError    **error)
{
  *value = fallback;
  if (nick == NULL || *nick == '\0' || ch_from_nick (type, nick, value, error))
    return TRUE;

  g_prefix_error (error, "%s: ", what);
  return FALSE;
}

static gboolean
take_choices (ChOrder             *order,
              const ChOrderDraft  *draft,
              GError             **error)
{
  int product, method, key;
  ChProduct usual = order->names[1] == NULL ? CH_PRODUCT_ALPHASSL : CH_PRODUCT_DOMAINSSL;

  if (!take_nick (CH_TYPE_PRODUCT, draft->product, usual, _("product"), &product, error)
      || !take_nick (CH_TYPE_DCV_METHOD, draft->method, CH_DCV_METHOD_DNS, _("validation method"), &method, error)
      || !take_nick (CH_TYPE_KEY_ALGORITHM, draft->key_algorithm, CH_KEY_ALGORITHM_RSA_2048, _("key"), &key, error))
    return FALSE;

  if (draft->term_months < 0 || draft->term_months > TERM_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("The term is 1 to %d months"), TERM_MAX);

  order->product = product;
  order->method = method;
  order->key_algorithm = key;
  order->term_months = draft->term_months > 0 ? draft->term_months : TERM_DEFAULT;
  return TRUE;
}

/* The rules of the day of the issue count: that of the order, as far as anybody knows now. */
static gboolean
check_method (ChWorld        *world,
              const ChOrder  *order,
              GError        **error)
{
  for (gsize i = 0; order->names[i] != NULL; i++)
    {
      g_autofree char *why = NULL;
      gboolean wildcard = g_str_has_prefix (order->names[i], "*.");

      if (!ch_policy_method_allowed (world->policy, order->method, ch_now (), wildcard, &why))
        return ch_error_set (error, CH_ERROR_INVALID, "%s: %s", order->names[i], why);
    }

  return TRUE;
}

/* ---- contact ---- */

static gboolean
take_contact (ChOrder       *order,
              GHashTable    *given,
              const ChPeer  *account,
              GError       **error)
{
  static const char *const parts[] = { "first-name", "last-name", "phone", "email" };
  g_autoptr(GString) missing = g_string_new (NULL);

  order->contact = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *setting = g_strdup_printf ("contact-%s", parts[i]);
      const char *value = given != NULL ? g_hash_table_lookup (given, parts[i]) : NULL;

      if (value == NULL || *value == '\0')
        value = g_hash_table_lookup (account->settings, setting);
      if (value == NULL || *value == '\0')
        {
          g_string_append_printf (missing, "%s“%s”", missing->len > 0 ? ", " : "", setting);
          continue;
        }
      if (strlen (value) > 255 || !g_utf8_validate (value, -1, NULL) || strpbrk (value, "\r\n") != NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” must be one line of at most 255 bytes"), setting);

      g_hash_table_insert (order->contact, g_strdup (parts[i]), g_strdup (value));
    }

  if (missing->len > 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("The CA wants a contact: give %s with the order, or set it once for the account “%s”"),
                         missing->str, account->name);

  return TRUE;
}

/* ---- certificate request ---- */

static gboolean
take_csr (ChOrder     *order,
          const char  *pem,
          GError     **error)
{
  g_autoptr(ChCsr) csr = pem != NULL ? ch_csr_parse (pem, error) : NULL;

  if (pem == NULL)
    return TRUE;
  if (csr == NULL)
    return FALSE;

  for (gsize i = 0; order->names[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) csr->names, order->names[i]))
      return ch_error_set (error, CH_ERROR_INVALID, _("The certificate request is not for %s"), order->names[i]);
  /* Whoever may order for one domain must not get another one in with the request. */
  for (gsize i = 0; csr->names[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) order->names, csr->names[i]))
      return ch_error_set (error, CH_ERROR_INVALID, _("The certificate request is also for %s; name it in the order, or make another request"), csr->names[i]);
  if (g_strcmp0 (csr->names[0], order->names[0]) != 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("The certificate request's common name is %s; name it first"), csr->names[0]);

  order->csr = g_strdup (pem);
  order->key_algorithm = csr->algorithm;
  order->public_key = g_strdup (csr->public_key);
  return TRUE;
}

/* What this CA cannot do is told now, not by an order that fails. */
static gboolean
may_order (const ChOrder  *order,
           const ChPeer   *account,
           GError        **error)
{
  const ChCa *ca = ch_ca_find (account->kind, error);
  g_autoptr(GHashTable) no_secrets = g_hash_table_new (g_str_hash, g_str_equal);

  if (ca == NULL)
    return FALSE;

  ChCaAccess access = { .settings = account->settings, .secrets = no_secrets };
  ChCaRequest request = {
    .names = (const char *const *) order->names,
    .product = order->product,
    .method = order->method,
    .term_months = order->term_months,
    .csr = order->csr,
    .contact = order->contact,
  };
  return ca->may_order (&access, &request, error);
}

ChOrder *
ch_draft_check (ChWorld             *world,
                const ChOrderDraft  *draft,
                GError             **error)
{
  g_autoptr(ChOrder) order = g_new0 (ChOrder, 1);
  g_autoptr(ChPeer) account = NULL;

  if (!take_names (order, draft->names, error)
      || !choose_account (world, draft->account, &account, error)
      || !ch_names_check ((const char *const *) order->names, ch_account_is_private (account), error)
      || !take_choices (order, draft, error)
      || !check_method (world, order, error)
      || !take_dns_account (world, order, draft, error)
      || !take_csr (order, draft->csr, error)
      || !take_contact (order, draft->contact, account, error)
      || !may_order (order, account, error))
    return NULL;

  order->account_id = account->id;
  /* Where the key is not ours, somebody else replaces it. */
  order->auto_replace = !draft->no_auto_replace && (draft->csr == NULL || draft->key != NULL);
  order->auto_renew = draft->auto_renew;
  order->state = CH_ORDER_STATE_QUEUED;
  order->step = order->csr != NULL ? CH_ORDER_STEP_SUBMIT : CH_ORDER_STEP_MAKE_KEY;
  order->created_at = order->state_since = order->due = ch_now ();
  return g_steal_pointer (&order);
}
