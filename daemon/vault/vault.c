/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/vault.h"

#include "vault/vault-private.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>
#include <string.h>

struct _ChVault
{
  ChSafe *safe;           /* (owned) (nullable): of the system's vault */
};

static const SecretSchema schema = {
  .name = CH_APPLICATION,
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
    { CH_ATTRIBUTE_APPLICATION, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { CH_ATTRIBUTE_REF, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL },
  },
};

ChVault *
ch_vault_open_system (ChVaultShelf *shelf,
                      const char   *state_dir,
                      GError      **error)
{
  g_autoptr(ChSafe) safe = ch_safe_open (shelf, state_dir, error);
  if (safe == NULL)
    return NULL;

  if (!ch_backend_use (safe))
    {
      ch_error_set (error, CH_ERROR_VAULT, _("This process has another vault open"));
      return NULL;
    }

  ChVault *vault = g_new0 (ChVault, 1);
  vault->safe = g_steal_pointer (&safe);
  return vault;
}

ChVault *
ch_vault_open_session (GError **error)
{
  g_autoptr(GError) failure = NULL;

  /* Whatever the user's environment says: a file backend would not do (it loses parallel stores). */
  g_setenv ("SECRET_BACKEND", "service", TRUE);

  g_autoptr(SecretService) service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, &failure);
  if (service == NULL)
    {
      ch_error_set (error, CH_ERROR_VAULT,
                    _("This session has no keyring for secrets: "
                      "start GNOME Keyring, KWallet or KeePassXC (%s)"),
                    failure->message);
      return NULL;
    }

  return g_new0 (ChVault, 1);
}

void
ch_vault_close (ChVault *vault)
{
  if (vault == NULL)
    return;

  if (vault->safe != NULL)
    ch_backend_use (NULL);
  g_clear_pointer (&vault->safe, ch_safe_unref);
  g_free (vault);
}

static gboolean
check_ref (const char *ref,
           GError    **error)
{
  if (*ref == '\0' || g_str_has_prefix (ref, CH_RESERVED_PREFIX) || !g_utf8_validate (ref, -1, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” cannot be the reference of a secret"), ref);

  return TRUE;
}

static GHashTable *
make_attributes (const char *ref)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, (gpointer) CH_ATTRIBUTE_APPLICATION, (gpointer) CH_APPLICATION);
  if (ref != NULL)
    g_hash_table_insert (attributes, (gpointer) CH_ATTRIBUTE_REF, (gpointer) ref);
  return attributes;
}

/* Errors of our own backend are whole sentences; those of libsecret and of a keyring get one around. */
static gboolean
fail (GError    **error,
      GError     *failure,
      const char *sentence,
      const char *ref)
{
  g_autoptr(GError) owned = failure;

  if (owned != NULL && owned->domain == CH_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }

  if (owned != NULL && g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Asking the vault was cancelled"));

  g_autofree char *said = g_strdup_printf (sentence, ref);
  return ch_error_set (error, CH_ERROR_VAULT, "%s: %s", said,
                       owned != NULL ? owned->message : _("the keyring stayed locked; unlock it, try again"));
}

static SecretValue *
make_value (GBytes *secret)
{
  gsize length;
  const char *data = g_bytes_get_data (secret, &length);
  gboolean is_text = g_utf8_validate (data, (gssize) length, NULL);

  return secret_value_new (data != NULL ? data : "", (gssize) length,
                           is_text ? "text/plain" : "application/octet-stream");
}

gboolean
ch_vault_store (ChVault      *vault,
                const char   *ref,
                const char   *label,
                GBytes       *secret,
                GCancellable *cancellable,
                GError      **error)
{
  if (!check_ref (ref, error))
    return FALSE;

  g_autoptr(GHashTable) attributes = make_attributes (ref);
  g_autoptr(SecretValue) value = make_value (secret);
  GError *failure = NULL;

  return secret_password_storev_binary_sync (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, value,
                                             cancellable, &failure)
         || fail (error, failure, _("The secret “%s” could not be stored"), ref);
}

GBytes *
ch_vault_lookup (ChVault      *vault,
                 const char   *ref,
                 GCancellable *cancellable,
                 GError      **error)
{
  if (!check_ref (ref, error))
    return NULL;

  g_autoptr(GHashTable) attributes = make_attributes (ref);
  GError *failure = NULL;
  g_autoptr(SecretValue) value = secret_password_lookupv_binary_sync (&schema, attributes, cancellable,
                                                                      &failure);

  if (failure != NULL)
    {
      fail (error, failure, _("The secret “%s” could not be read"), ref);
      return NULL;
    }

  if (value == NULL)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND, _("The vault has no secret “%s”: enter it again"), ref);
      return NULL;
    }

  gsize length;
  const char *data = secret_value_get (value, &length);
  char *copy = g_malloc (length + 1);
  memcpy (copy, data, length);
  copy[length] = '\0';
  return ch_secret_take (copy, length);
}

gboolean
ch_vault_remove (ChVault      *vault,
                 const char   *ref,
                 GCancellable *cancellable,
                 GError      **error)
{
  if (!check_ref (ref, error))
    return FALSE;

  g_autoptr(GHashTable) attributes = make_attributes (ref);
  GError *failure = NULL;

  /* FALSE without error says that nothing was there. */
  secret_password_clearv_sync (&schema, attributes, cancellable, &failure);
  return failure == NULL || fail (error, failure, _("The secret “%s” could not be removed"), ref);
}

static int
compare_refs (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GStrv
refs_of (GList      *items,
         const char *prefix)
{
  GPtrArray *refs = g_ptr_array_new ();

  for (GList *item = items; item != NULL; item = item->next)
    {
      g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes (item->data);
      const char *ref = g_hash_table_lookup (attributes, CH_ATTRIBUTE_REF);

      if (ref != NULL && g_str_has_prefix (ref, prefix))
        g_ptr_array_add (refs, g_strdup (ref));
    }

  g_ptr_array_sort (refs, compare_refs);
  g_ptr_array_add (refs, NULL);
  return (GStrv) g_ptr_array_free (refs, FALSE);
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* Not secret_password_searchv_sync (): what a keyring's items leave behind is cleaned up by the main
 * context in which they were made, and that function has closed it before they go. */
GStrv
ch_vault_list (ChVault      *vault,
               const char   *prefix,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr(GHashTable) attributes = make_attributes (NULL);
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GAsyncResult) result = NULL;
  GError *failure = NULL;

  g_main_context_push_thread_default (context);
  secret_password_searchv (&schema, attributes, SECRET_SEARCH_ALL, cancellable, searched_cb, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);

  GList *items = secret_password_search_finish (result, &failure);
  g_auto(GStrv) refs = refs_of (items, prefix);
  g_list_free_full (items, g_object_unref);
  g_clear_object (&result);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);

  if (failure == NULL)
    return g_steal_pointer (&refs);

  fail (error, failure, _("The secrets under “%s” could not be listed"), prefix);
  return NULL;
}
