/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/dns-choice.h"
#include "engine/orders.h"
#include "engine/preview.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <string.h>

/* Manager.NewOrder(), Manager.CheckOrder(). */

static const ChOption known_settings[] = {
  { "account", "s" },
  { "dns-account", "s" },
  { "product", "s" },
  { "method", "s" },
  { "key", "s" },
  { "term", "u" },
  { "kind", "s" },
  { "contact-profile", "s" },
  { "contact", "a{ss}" },
  { "organization", "s" },
  { "approver", "s" },
  { "licenses", "u" },
  { "coupon", "s" },
  { "campaign", "s" },
  { "instructions", "s" },
  { "not-before", "x" },
  { "not-after", "x" },
  { "replaces", "s" },
  { "csr", "s" },
  { "private-key", "s" },
  { "note", "s" },
  { "tags", "as" },
  { "auto-replace", "b" },
  { "auto-renew", "b" },
  { NULL }
};

static GHashTable *
read_contact (GVariant *settings)
{
  g_autoptr(GVariantIter) iter = NULL;
  char *key, *value;

  if (!g_variant_lookup (settings, "contact", "a{ss}", &iter))
    return NULL;

  GHashTable *contact = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while (g_variant_iter_next (iter, "{ss}", &key, &value))
    g_hash_table_replace (contact, key, value);

  return contact;
}

/* Texts as they are, numbers and times in decimal. */
static GHashTable *
read_options (GVariant *settings)
{
  static const char *const keys[] = {
    "licenses", "coupon", "campaign", "instructions", "not-before", "not-after", "replaces",
  };
  GHashTable *options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(GVariant) value = g_variant_lookup_value (settings, keys[i], NULL);

      if (value != NULL)
        g_hash_table_insert (options, g_strdup (keys[i]),
                             g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                                                : g_variant_print (value, FALSE));
    }

  return options;
}

static ChOrderDraft *
read_draft (GVariant *parameters,
            GError  **error)
{
  g_autoptr(GVariant) settings = g_variant_get_child_value (parameters, 1);
  g_autoptr(ChOrderDraft) draft = g_new0 (ChOrderDraft, 1);
  const char *key = NULL;
  guint32 term = 0;

  if (!ch_options_check (settings, known_settings, "settings", error))
    return NULL;

  g_variant_get_child (parameters, 0, "^as", &draft->names);
  g_variant_lookup (settings, "account", "s", &draft->account);
  g_variant_lookup (settings, "dns-account", "s", &draft->dns_account);
  g_variant_lookup (settings, "product", "s", &draft->product);
  g_variant_lookup (settings, "method", "s", &draft->method);
  g_variant_lookup (settings, "key", "s", &draft->key_algorithm);
  g_variant_lookup (settings, "term", "u", &term);
  g_variant_lookup (settings, "csr", "s", &draft->csr);
  g_variant_lookup (settings, "private-key", "&s", &key);
  g_variant_lookup (settings, "kind", "s", &draft->kind);
  g_variant_lookup (settings, "contact-profile", "s", &draft->contact_profile);
  g_variant_lookup (settings, "organization", "s", &draft->organization_profile);
  g_variant_lookup (settings, "approver", "s", &draft->approver);
  g_variant_lookup (settings, "note", "s", &draft->note);
  g_variant_lookup (settings, "tags", "^as", &draft->tags);
  draft->options = read_options (settings);
  draft->term_months = (int) MIN (term, G_MAXINT);
  draft->contact = read_contact (settings);
  g_variant_lookup (settings, "auto-renew", "b", &draft->auto_renew);
  gboolean auto_replace = TRUE;
  g_variant_lookup (settings, "auto-replace", "b", &auto_replace);
  draft->no_auto_replace = !auto_replace;
  if (key != NULL)
    draft->key = ch_secret_new (key);

  return g_steal_pointer (&draft);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  GError *error = NULL;
  gint64 id = ch_order_new_finish (result, &error);

  ch_call_answer_id (data, CH_FOLDER_ORDERS, id, error);
}

static void
new_order (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 2, ch_options_none, "options"))
    return;

  ChOrderDraft *draft = read_draft (call->parameters, &error);
  if (draft == NULL)
    ch_call_answer (call, NULL, error);
  else
    ch_order_new_async (call->bus->world, draft, &call->actor, written_cb, call);
}

static void
looked_at_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  GError *error = NULL;
  g_autoptr(ChOrderPreview) preview = ch_order_preview_finish (result, &error);

  ch_call_answer (data, preview != NULL ? g_variant_new ("(@a{sv})", ch_row_preview (preview)) : NULL, error);
}

/* The id of an order that is named by its path. */
static gboolean
read_order (GVariant   *settings,
            const char *key,
            gint64     *id,
            GError    **error)
{
  const char *path = NULL;
  g_autofree char *parent = NULL;

  if (!g_variant_lookup (settings, key, "&o", &path))
    return TRUE;

  parent = g_path_get_dirname (path);
  return (g_str_equal (parent, CH_ROOT_PATH "/" CH_FOLDER_ORDERS) && ch_path_parse_id (strrchr (path, '/') + 1, id))
         || ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no path of an order"), path);
}

/* What the methods of that order take. */
static const ChOption renewal_settings[] = { { "renews", "o" }, { "term", "u" }, { NULL } };
static const ChOption reissue_settings[] = {
  { "reissues", "o" }, { "keep-key", "b" }, { "key", "s" }, { "csr", "s" }, { NULL },
};

static void
check_reissue (ChCall   *call,
               GVariant *settings,
               gint64    id)
{
  ChReissueWish wish = { 0 };
  g_autofree const char **names = NULL;
  GError *error = NULL;

  g_variant_get_child (call->parameters, 0, "^a&s", &names);
  g_variant_lookup (settings, "keep-key", "b", &wish.keep_key);
  g_variant_lookup (settings, "key", "&s", &wish.key_algorithm);
  g_variant_lookup (settings, "csr", "&s", &wish.csr);
  wish.names = names;

  g_autoptr(ChOrderPreview) preview = ch_order_preview_reissue (call->bus->world, id, &wish, &error);
  ch_call_answer (call, preview != NULL ? g_variant_new ("(@a{sv})", ch_row_preview (preview)) : NULL, error);
}

static ChOrderDraft *
read_renewal (ChCall    *call,
              GVariant  *settings,
              gint64     id,
              GError   **error)
{
  guint32 term = 0;

  g_variant_lookup (settings, "term", "u", &term);
  return ch_order_draft_renewal (call->bus->world, id, (int) MIN (term, G_MAXINT), error);
}

static void
check_order (ChCall *call)
{
  g_autoptr(GVariant) settings = ch_call_argument (call, 1);
  gint64 renews = 0, reissues = 0;
  GError *error = NULL;

  if (!ch_call_check_options (call, 2, ch_options_none, "options"))
    return;
  if (!read_order (settings, "renews", &renews, &error) || !read_order (settings, "reissues", &reissues, &error)
      || (renews != 0 && !ch_options_check (settings, renewal_settings, "settings", &error))
      || (reissues != 0 && !ch_options_check (settings, reissue_settings, "settings", &error)))
    {
      ch_call_answer (call, NULL, error);
      return;
    }
  if (reissues != 0)
    {
      check_reissue (call, settings, reissues);
      return;
    }

  ChOrderDraft *draft = renews != 0 ? read_renewal (call, settings, renews, &error) : read_draft (call->parameters, &error);
  if (draft == NULL)
    ch_call_answer (call, NULL, error);
  else
    ch_order_preview_async (call->bus->world, draft, looked_at_cb, call);
}

/* (nullable) (transfer full): the account that the engine will take when none is named */
static char *
only_account (ChStore           *store,
              const char *const *names)
{
  g_autoptr(GPtrArray) peers = ch_store_list_peers (store, CH_PEER_ROLE_ACCOUNT, NULL);
  const ChPeer *found = NULL;

  for (guint i = 0; peers != NULL && i < peers->len; i++)
    {
      const ChPeer *peer = g_ptr_array_index (peers, i);
      if (peer->state == CH_PEER_STATE_DISABLED)
        continue;
      if (found != NULL)
        return NULL;
      found = peer;
    }

  return found != NULL ? g_strdup (found->name) : NULL;
}

/* (nullable) (transfer full): the same for a DNS account, when it is one for all names */
static char *
only_dns_account (ChStore           *store,
                  const char *const *written)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; written[i] != NULL; i++)
    {
      g_autofree char *name = ch_name_normalise (written[i], NULL);

      if (name == NULL)
        return NULL;
      g_strv_builder_add (names, name);
    }

  g_auto(GStrv) tidy = g_strv_builder_end (names);
  g_autoptr(GPtrArray) accounts = ch_dns_choose_names (store, (const char *const *) tidy, NULL);
  const ChPeer *first = accounts != NULL && accounts->len > 0 ? accounts->pdata[0] : NULL;

  for (guint i = 1; first != NULL && i < accounts->len; i++)
    if (((const ChPeer *) accounts->pdata[i])->id != first->id)
      return NULL;

  return first != NULL ? g_strdup (first->name) : NULL;
}

static void
describe_peer (const ChCall *call,
               ChDetails    *details,
               GVariant     *settings,
               const char   *key,
               const char   *detail,
               char       *(*choose) (ChStore *, const char *const *))
{
  g_autofree const char **names = NULL;
  g_autofree char *name = NULL;

  /* An empty name is none, for the engine too. */
  g_variant_lookup (settings, key, "s", &name);
  if (name == NULL || *name == '\0')
    {
      g_free (name);
      g_variant_get_child (call->parameters, 0, "^a&s", &names);
      name = choose (call->bus->world->store, names);
    }
  ch_details_set (details, detail, name);
}

static void
describe (const ChCall *call,
          ChDetails    *details)
{
  g_autoptr(GVariant) settings = ch_call_argument (call, 1);
  g_autofree const char **names = NULL;
  const char *product;

  g_variant_get_child (call->parameters, 0, "^a&s", &names);
  ch_details_set (details, "name", names[0]);
  ch_details_set_names (details, names);
  describe_peer (call, details, settings, "account", "account", only_account);
  describe_peer (call, details, settings, "dns-account", "dns", only_dns_account);
  if (g_variant_lookup (settings, "product", "&s", &product))
    ch_details_set (details, "product", product);
}

const ChMethod ch_new_order_methods[] = {
  { CH_IFACE_MANAGER, "NewOrder", CH_ACTION_ORDER_CREATE, new_order, describe },
  { CH_IFACE_MANAGER, "CheckOrder", CH_ACTION_VIEW, check_order },
  { NULL }
};
