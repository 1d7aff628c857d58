/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/draft-private.h"

#include "engine/alarm.h"
#include "lib/error.h"
#include "pki/csr.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <string.h>

#define TERM_USUAL 12

/* ---- notes ---- */

void
ch_drafting_note (ChDrafting *drafting,
                  GError     *error)
{
  if (error == NULL)
    return;

  g_ptr_array_add (drafting->problems, error);
  if (drafting->fields != NULL)
    g_ptr_array_add (drafting->fields, (gpointer) (drafting->about != NULL ? drafting->about : ""));
}

void
ch_drafting_say (ChDrafting *drafting,
                 const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  ch_drafting_note (drafting, g_error_new_valist (CH_ERROR, CH_ERROR_INVALID, format, args));
  va_end (args);
}

const char *
ch_drafting_default (const ChDrafting *drafting,
                     const char       *given,
                     const char       *setting)
{
  if (given != NULL && *given != '\0')
    return given;

  return drafting->account != NULL && setting != NULL ? g_hash_table_lookup (drafting->account->settings, setting) : NULL;
}

gboolean
ch_drafting_proves_itself (const ChDrafting *drafting)
{
  return drafting->order->product == CH_PRODUCT_ORGANIZATIONSSL || drafting->order->product == CH_PRODUCT_EXTENDEDSSL;
}

/* ---- names ---- */

static void
take_names (ChDrafting *drafting)
{
  char **given = drafting->draft->names;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  drafting->about = "names";
  for (gsize i = 0; given != NULL && given[i] != NULL; i++)
    {
      GError *error = NULL;
      g_autofree char *name = ch_name_normalise (given[i], &error);

      if (name != NULL)
        g_strv_builder_add (names, name);
      ch_drafting_note (drafting, error);
    }

  if (given == NULL || given[0] == NULL)
    ch_drafting_say (drafting, _("An order needs at least one name, such as www.example.com"));
  drafting->order->names = g_strv_builder_end (names);
}

gboolean
ch_account_is_private (const ChPeer *account)
{
  const char *environment = g_hash_table_lookup (account->settings, "environment");

  return environment != NULL && !g_str_equal (environment, "production");
}

/* Each by itself, then what they are together. */
static void
check_names (ChDrafting *drafting)
{
  const char *const *names = (const char *const *) drafting->order->names;
  gboolean is_private = drafting->account != NULL && ch_account_is_private (drafting->account);
  gboolean good = names[0] != NULL;
  GError *error = NULL;

  drafting->about = "names";
  for (gsize i = 0; names[i] != NULL; i++)
    {
      const char *alone[] = { names[i], NULL };
      GError *refusal = NULL;

      good &= ch_names_check (alone, is_private, &refusal);
      ch_drafting_note (drafting, refusal);
    }

  if (good)
    ch_names_check (names, is_private, &error);
  ch_drafting_note (drafting, error);
}

/* ---- product, method, key, term ---- */

static int
take_nick (ChDrafting *drafting,
           const char *about,
           GType       type,
           const char *given,
           const char *setting,
           int         fallback,
           const char *what)
{
  const char *nick = ch_drafting_default (drafting, given, setting);
  GError *error = NULL;
  int value = fallback;

  drafting->about = about;
  if (nick != NULL && !ch_from_nick (type, nick, &value, &error))
    {
      g_prefix_error (&error, "%s: ", what);
      ch_drafting_note (drafting, error);
      value = fallback;
    }

  return value;
}

static void
take_term (ChDrafting *drafting)
{
  const char *usual = ch_drafting_default (drafting, NULL, "default-term");
  int given = drafting->draft->term_months;
  int limit = (int) ch_policy_term_months (drafting->world->policy, drafting->order->product, ch_now ());

  drafting->about = "term";
  if (given < 0 || given > limit)
    ch_drafting_say (drafting, _("The term is 1 to %d months"), limit);

  drafting->order->term_months = given > 0 ? given : MIN (limit, usual != NULL ? (int) g_ascii_strtoll (usual, NULL, 10) : TERM_USUAL);
}

/* AlphaSSL is for one name or one wildcard (docs/globalsign.md, Products); several names need DomainSSL. */
static void
take_choices (ChDrafting *drafting)
{
  const ChOrderDraft *draft = drafting->draft;
  ChOrder *order = drafting->order;
  gboolean several = order->names[0] != NULL && order->names[1] != NULL;

  order->product = take_nick (drafting, "product", CH_TYPE_PRODUCT, draft->product, "default-product",
                              several ? CH_PRODUCT_DOMAINSSL : CH_PRODUCT_ALPHASSL, _("product"));
  order->method = take_nick (drafting, "method", CH_TYPE_DCV_METHOD, draft->method, "default-method",
                             CH_DCV_METHOD_DNS, _("validation method"));
  order->key_algorithm = take_nick (drafting, "key", CH_TYPE_KEY_ALGORITHM, draft->key_algorithm, "default-key",
                                    CH_KEY_ALGORITHM_RSA_2048, _("key"));
  take_term (drafting);
  if (draft->approver != NULL && *draft->approver != '\0' && order->method == CH_DCV_METHOD_EMAIL)
    order->approver = g_strdup (draft->approver);
}

/* The rules of the day of the issue count: that of the order, as far as anybody knows now. */
static void
check_policy (ChDrafting *drafting)
{
  const ChPolicy *policy = drafting->world->policy;
  const ChOrder *order = drafting->order;
  gint64 now = ch_now ();

  for (gsize i = 0; order->names[i] != NULL; i++)
    {
      g_autofree char *product = NULL, *method = NULL;
      gboolean wildcard = g_str_has_prefix (order->names[i], "*.");
      gboolean address = g_hostname_is_ip_address (order->names[i]);

      drafting->about = "product";
      if (!ch_policy_names_allowed (policy, order->product, now, wildcard, address, &product))
        ch_drafting_say (drafting, "%s: %s", order->names[i], product);
      drafting->about = "method";
      if (!ch_drafting_proves_itself (drafting)
          && !ch_policy_method_allowed (policy, order->method, now, wildcard, &method))
        ch_drafting_say (drafting, "%s: %s", order->names[i], method);
    }

  g_autofree char *key = NULL;
  drafting->about = order->csr != NULL ? "csr" : "key";
  if (!ch_policy_key_allowed (policy, order->key_algorithm, now, &key))
    ch_drafting_say (drafting, "%s", key);
}

/* ---- certificate request ---- */

static void
compare_names (ChDrafting         *drafting,
               const ChCsr        *csr,
               const char *const  *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) csr->names, names[i]))
      ch_drafting_say (drafting, _("The certificate request is not for %s"), names[i]);
  /* Whoever may order for one domain must not get another one in with the request. */
  for (gsize i = 0; csr->names[i] != NULL; i++)
    if (!g_strv_contains (names, csr->names[i]))
      ch_drafting_say (drafting, _("The certificate request is also for %s; name it in the order, or make another request"), csr->names[i]);
  if (g_strcmp0 (csr->names[0], names[0]) != 0)
    ch_drafting_say (drafting, _("The certificate request's common name is %s; name it first"), csr->names[0]);
}

static void
take_csr (ChDrafting *drafting)
{
  const char *pem = drafting->draft->csr;
  GError *error = NULL;
  g_autoptr(ChCsr) csr = pem != NULL ? ch_csr_parse (pem, &error) : NULL;

  drafting->about = "csr";
  if (csr == NULL)
    {
      ch_drafting_note (drafting, error);
      return;
    }

  compare_names (drafting, csr, (const char *const *) drafting->order->names);
  drafting->order->csr = g_strdup (pem);
  drafting->order->key_algorithm = csr->algorithm;
  drafting->order->public_key = g_strdup (csr->public_key);
}

ChCaRequest
ch_draft_request (const ChOrder *order)
{
  return (ChCaRequest) {
    .own_key = order->own_key,
    .kind = order->kind,
    .renews = order->renews_ca,
    .names = (const char *const *) order->names,
    .product = order->product,
    .method = order->method,
    .approver = order->approver,
    .term_months = order->term_months,
    .csr = order->csr,
    .contact = order->contact,
    .organization = order->organization,
    .options = order->options,
  };
}

/* What the connector looks at, too, and would tell once more in words of its own. */
static gboolean
is_told (const ChDrafting *drafting)
{
  static const char *const topics[] = { "product", "method", "approver", "replaces", "licenses", "term", "not-before",
                                        "not-after", NULL };

  for (guint i = 0; drafting->fields != NULL && i < drafting->fields->len; i++)
    if (g_strv_contains (topics, drafting->fields->pdata[i]))
      return TRUE;

  return FALSE;
}

/* What this CA cannot do is told now, not by an order that fails. */
static gboolean
ask_connector (ChDrafting *drafting)
{
  const ChOrder *order = drafting->order;
  g_autoptr(GHashTable) no_secrets = g_hash_table_new (g_str_hash, g_str_equal);
  GError *error = NULL;

  drafting->about = NULL;
  if (drafting->account == NULL || order->names[0] == NULL || drafting->incomplete)
    return FALSE;

  const ChCa *ca = ch_ca_find (drafting->account->kind, &error);
  ChCaAccess access = { .settings = drafting->account->settings, .secrets = no_secrets };
  ChCaRequest request = ch_draft_request (order);

  gboolean may = ca != NULL && ca->may_order (&access, &request, &error);
  if (is_told (drafting))
    g_clear_error (&error);
  ch_drafting_note (drafting, error);
  return may;
}

static gboolean
report_first (GPtrArray  *problems,
              GError    **error)
{
  if (problems->len == 0)
    return TRUE;

  g_propagate_error (error, g_error_copy (problems->pdata[0]));
  return FALSE;
}

gboolean
ch_draft_check_csr (const ChCsr        *csr,
                    const char *const  *names,
                    GError            **error)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  ChDrafting drafting = { .problems = problems };

  compare_names (&drafting, csr, names);
  return report_first (problems, error);
}

gboolean
ch_draft_check_names (ChWorld  *world,
                      ChOrder  *order,
                      GError  **error)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(ChPeer) account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, order->account_id, error);
  const ChCa *ca = account != NULL ? ch_ca_find (account->kind, error) : NULL;
  g_autoptr(GHashTable) no_secrets = g_hash_table_new (g_str_hash, g_str_equal);

  if (ca == NULL)
    return FALSE;

  ChDrafting drafting = { .world = world, .order = order, .account = account, .problems = problems };
  check_names (&drafting);
  check_policy (&drafting);
  if (!report_first (problems, error))
    return FALSE;

  ChCaAccess access = { .settings = account->settings, .secrets = no_secrets };
  ChCaRequest request = ch_draft_request (order);
  return ca->may_name (&access, &request, error);
}

ChOrder *
ch_draft_examine (ChWorld             *world,
                  const ChOrderDraft  *draft,
                  GPtrArray           *problems,
                  GPtrArray           *fields,
                  gboolean            *askable)
{
  ChDrafting drafting = {
    .world = world, .draft = draft, .order = g_new0 (ChOrder, 1), .problems = problems, .fields = fields,
  };
  ChOrder *order = drafting.order;

  take_names (&drafting);
  ch_drafting_take_account (&drafting);
  check_names (&drafting);
  ch_drafting_take_kind (&drafting);
  take_choices (&drafting);
  take_csr (&drafting);
  check_policy (&drafting);
  ch_drafting_take_dns_account (&drafting);
  ch_drafting_take_contact (&drafting);
  ch_drafting_take_organization (&drafting);
  ch_drafting_take_options (&drafting);
  ch_drafting_take_words (&drafting);
  gboolean may_ask = ask_connector (&drafting);
  if (askable != NULL)
    *askable = may_ask;
  g_clear_pointer (&drafting.account, ch_peer_free);

  /* Where the key is not ours, somebody else replaces it. */
  order->auto_replace = !draft->no_auto_replace && (draft->csr == NULL || draft->key != NULL);
  order->auto_renew = draft->auto_renew;
  order->state = CH_ORDER_STATE_QUEUED;
  order->step = order->csr != NULL ? CH_ORDER_STEP_SUBMIT : CH_ORDER_STEP_MAKE_KEY;
  order->created_at = order->state_since = order->due = ch_now ();
  return order;
}

ChOrder *
ch_draft_check (ChWorld             *world,
                const ChOrderDraft  *draft,
                GError             **error)
{
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(ChOrder) order = ch_draft_examine (world, draft, problems, NULL, NULL);

  return report_first (problems, error) ? g_steal_pointer (&order) : NULL;
}
