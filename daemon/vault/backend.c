/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/vault-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

/* libsecret installs this header for backends, but guards it like its inner ones. */
#define __SECRET_INSIDE_HEADER__
#include <libsecret/secret-backend.h>
#undef __SECRET_INSIDE_HEADER__

/* Our end of libsecret: items go to the safe that is in use, sealed. Everything is done when it is
 * asked for, on the thread that asks: the shelf answers in milliseconds. */

/* libsecret makes one backend per process and keeps it; which safe it comes to is set here. */
static GMutex lock;
static ChSafe *in_use;    /* (owned) (nullable) */

/* ---- an item that a search gives: its attributes ---- */

#define CH_TYPE_ITEM (ch_item_get_type ())
G_DECLARE_FINAL_TYPE (ChItem, ch_item, CH, ITEM, GObject)

struct _ChItem
{
  GObject parent;
  char *ref;              /* (owned) */
};

enum
{
  ITEM_ATTRIBUTES = 1,
  ITEM_LABEL,
  ITEM_CREATED,
  ITEM_MODIFIED,
};

static void
retrieve_secret (SecretRetrievable  *retrievable,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  g_task_report_new_error (retrievable, callback, user_data, retrieve_secret, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED,
                           "Look the item up by its reference");
}

static SecretValue *
retrieve_secret_finish (SecretRetrievable *retrievable,
                        GAsyncResult      *result,
                        GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
retrievable_init (SecretRetrievableInterface *iface)
{
  iface->retrieve_secret = retrieve_secret;
  iface->retrieve_secret_finish = retrieve_secret_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ChItem, ch_item, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SECRET_TYPE_RETRIEVABLE, retrievable_init))

static GHashTable *
make_attributes (const char *ref)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (attributes, g_strdup (CH_ATTRIBUTE_APPLICATION), g_strdup (CH_APPLICATION));
  g_hash_table_insert (attributes, g_strdup (CH_ATTRIBUTE_REF), g_strdup (ref));
  return attributes;
}

static void
ch_item_get_property (GObject    *object,
                      guint       property,
                      GValue     *value,
                      GParamSpec *pspec)
{
  ChItem *self = CH_ITEM (object);

  switch (property)
    {
    case ITEM_ATTRIBUTES:
      g_value_take_boxed (value, make_attributes (self->ref));
      break;
    case ITEM_LABEL:
      g_value_set_string (value, self->ref);
      break;
    case ITEM_CREATED:
    case ITEM_MODIFIED:
      g_value_set_uint64 (value, 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

/* The interface wants its properties writable; what an item says is fixed. */
static void
ch_item_set_property (GObject      *object,
                      guint         property,
                      const GValue *value,
                      GParamSpec   *pspec)
{
}

static void
ch_item_finalize (GObject *object)
{
  g_free (CH_ITEM (object)->ref);
  G_OBJECT_CLASS (ch_item_parent_class)->finalize (object);
}

static void
ch_item_class_init (ChItemClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = ch_item_get_property;
  object_class->set_property = ch_item_set_property;
  object_class->finalize = ch_item_finalize;
  g_object_class_override_property (object_class, ITEM_ATTRIBUTES, "attributes");
  g_object_class_override_property (object_class, ITEM_LABEL, "label");
  g_object_class_override_property (object_class, ITEM_CREATED, "created");
  g_object_class_override_property (object_class, ITEM_MODIFIED, "modified");
}

static void
ch_item_init (ChItem *self)
{
}

/* ---- the backend ---- */

#define CH_TYPE_BACKEND (ch_backend_get_type ())
G_DECLARE_FINAL_TYPE (ChBackend, ch_backend, CH, BACKEND, GObject)

struct _ChBackend
{
  GObject parent;
};

enum
{
  BACKEND_FLAGS = 1,
};

static ChSafe *
get_safe (GError **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (in_use != NULL)
    return ch_safe_ref (in_use);

  ch_error_set (error, CH_ERROR_VAULT, _("The vault is closed"));
  return NULL;
}

static const char *
get_ref (GHashTable *attributes,
         GError    **error)
{
  const char *ref = g_hash_table_lookup (attributes, CH_ATTRIBUTE_REF);

  if (ref == NULL)
    ch_error_set (error, CH_ERROR_VAULT, _("A secret was asked for without its reference"));
  return ref;
}

static gboolean
store_item (GHashTable  *attributes,
            SecretValue *value,
            GError     **error)
{
  const char *ref = get_ref (attributes, error);
  g_autoptr(ChSafe) safe = ref != NULL ? get_safe (error) : NULL;
  if (safe == NULL)
    return FALSE;

  gsize length;
  const char *plain = secret_value_get (value, &length);
  g_autoptr(GBytes) sealed = ch_seal_close (safe->seal, ref, plain, length, error);
  return sealed != NULL && safe->shelf->put (safe->shelf->data, ref, sealed, error);
}

/* NULL without error: there is none. */
static SecretValue *
lookup_item (GHashTable *attributes,
             GError    **error)
{
  const char *ref = get_ref (attributes, error);
  g_autoptr(ChSafe) safe = ref != NULL ? get_safe (error) : NULL;
  g_autoptr(GBytes) sealed = safe != NULL ? safe->shelf->get (safe->shelf->data, ref, error) : NULL;
  g_autoptr(GBytes) plain = sealed != NULL ? ch_seal_open (safe->seal, ref, sealed, error) : NULL;

  if (plain == NULL)
    return NULL;

  return secret_value_new (g_bytes_get_data (plain, NULL), (gssize) g_bytes_get_size (plain), "text/plain");
}

static gboolean
clear_item (GHashTable *attributes,
            GError    **error)
{
  const char *ref = get_ref (attributes, error);
  g_autoptr(ChSafe) safe = ref != NULL ? get_safe (error) : NULL;

  return safe != NULL && safe->shelf->remove (safe->shelf->data, ref, error);
}

static void
free_items (gpointer items)
{
  g_list_free_full (items, g_object_unref);
}

static GList *
search_items (GError **error)
{
  g_autoptr(ChSafe) safe = get_safe (error);
  g_auto(GStrv) refs = safe != NULL ? safe->shelf->list (safe->shelf->data, "", error) : NULL;
  GList *items = NULL;

  for (gsize i = 0; refs != NULL && refs[i] != NULL; i++)
    if (!g_str_has_prefix (refs[i], CH_RESERVED_PREFIX))
      {
        ChItem *item = g_object_new (CH_TYPE_ITEM, NULL);

        item->ref = g_strdup (refs[i]);
        items = g_list_prepend (items, item);
      }

  return items;
}

static void
backend_store (SecretBackend      *backend,
               const SecretSchema *schema,
               GHashTable         *attributes,
               const char         *collection,
               const char         *label,
               SecretValue        *value,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (backend, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, backend_store);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (store_item (attributes, value, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
backend_lookup (SecretBackend      *backend,
                const SecretSchema *schema,
                GHashTable         *attributes,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (backend, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, backend_lookup);
  if (g_task_return_error_if_cancelled (task))
    return;

  SecretValue *value = lookup_item (attributes, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, secret_value_unref);
}

static void
backend_clear (SecretBackend      *backend,
               const SecretSchema *schema,
               GHashTable         *attributes,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (backend, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, backend_clear);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (clear_item (attributes, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
backend_search (SecretBackend      *backend,
                const SecretSchema *schema,
                GHashTable         *attributes,
                SecretSearchFlags   flags,
                GCancellable       *cancellable,
                GAsyncReadyCallback callback,
                gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (backend, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, backend_search);
  if (g_task_return_error_if_cancelled (task))
    return;

  GList *items = search_items (&error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, items, free_items);
}

static gboolean
finish_boolean (SecretBackend *backend,
                GAsyncResult  *result,
                GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static SecretValue *
lookup_finish (SecretBackend *backend,
               GAsyncResult  *result,
               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GList *
search_finish (SecretBackend *backend,
               GAsyncResult  *result,
               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
backend_init (SecretBackendInterface *iface)
{
  iface->store = backend_store;
  iface->store_finish = finish_boolean;
  iface->lookup = backend_lookup;
  iface->lookup_finish = lookup_finish;
  iface->clear = backend_clear;
  iface->clear_finish = finish_boolean;
  iface->search = backend_search;
  iface->search_finish = search_finish;
}

static void
init_async (GAsyncInitable     *initable,
            int                 priority,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (initable, cancellable, callback, user_data);

  g_task_set_source_tag (task, init_async);
  g_task_return_boolean (task, TRUE);
}

static gboolean
init_finish (GAsyncInitable *initable,
             GAsyncResult   *result,
             GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
async_initable_init (GAsyncInitableIface *iface)
{
  iface->init_async = init_async;
  iface->init_finish = init_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ChBackend, ch_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_INITABLE, async_initable_init)
                               G_IMPLEMENT_INTERFACE (SECRET_TYPE_BACKEND, backend_init))

/* What a real service must open before it can be asked is of no meaning here. */
static void
ch_backend_get_property (GObject    *object,
                         guint       property,
                         GValue     *value,
                         GParamSpec *pspec)
{
  g_value_set_flags (value, SECRET_BACKEND_NONE);
}

static void
ch_backend_set_property (GObject      *object,
                         guint         property,
                         const GValue *value,
                         GParamSpec   *pspec)
{
}

static void
ch_backend_class_init (ChBackendClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = ch_backend_get_property;
  object_class->set_property = ch_backend_set_property;
  g_object_class_override_property (object_class, BACKEND_FLAGS, "flags");
}

static void
ch_backend_init (ChBackend *self)
{
}

gboolean
ch_backend_use (ChSafe *safe)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (safe != NULL && in_use != NULL)
    return FALSE;

  g_clear_pointer (&in_use, ch_safe_unref);
  if (safe == NULL)
    return TRUE;

  in_use = ch_safe_ref (safe);

  /* The service's type registers the extension point. libsecret reads the variable at its first call. */
  g_type_ensure (SECRET_TYPE_SERVICE);
  g_io_extension_point_implement (SECRET_BACKEND_EXTENSION_POINT_NAME, CH_TYPE_BACKEND, CH_BACKEND_NAME, 0);
  g_setenv ("SECRET_BACKEND", CH_BACKEND_NAME, TRUE);
  return TRUE;
}
