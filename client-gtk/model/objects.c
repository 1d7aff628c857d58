/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/objects.h"

#include "lib/paths.h"

static const struct
{
  const char *interface;
  GCompareFunc compare;
} kinds[] = {
  { CH_IFACE_ACCOUNT, ch_item_list_by_name },
  { CH_IFACE_DNS_ACCOUNT, ch_item_list_by_name },
  { CH_IFACE_SERVER, ch_item_list_by_name },
  { CH_IFACE_PROFILE, ch_item_list_by_name },
  { CH_IFACE_DEPLOYMENT, ch_item_list_by_name },
  { CH_IFACE_WATCH, ch_item_list_by_name },
  { CH_IFACE_JOB, ch_item_list_newest_first },
};

#define N_KINDS G_N_ELEMENTS (kinds)

struct _ChObjects
{
  GObject parent_instance;

  ChItemList *lists[N_KINDS];     /* (owned) */
  ChClient *client;               /* (owned) (nullable) */
  GCancellable *life;             /* (owned) (nullable): of what is asked of @client */
  GHashTable *reading; /* (owned) (element-type utf8 boolean): paths; whether they changed since they were
                          asked for */
  GError *error;                  /* (owned) (nullable) */

  gboolean listing;               /* GetManagedObjects is under way */
  gboolean again;                 /* and its answer will be old already */
};

enum
{
  UPDATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChObjects, ch_objects, G_TYPE_OBJECT)

/* A question under way. The answer to one that was asked of a client we had before is not ours any more. */
typedef struct
{
  ChObjects *self;                /* (owned) */
  GCancellable *life;             /* (owned) */
  char *path;                     /* (owned) (nullable) */
  ChItemList *list;               /* (owned) (nullable) */
} Question;

static Question *
question_new (ChObjects  *self,
              const char *path,
              ChItemList *list)
{
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->life = g_object_ref (self->life);
  question->path = g_strdup (path);
  question->list = list != NULL ? g_object_ref (list) : NULL;
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->self);
  g_object_unref (question->life);
  g_free (question->path);
  g_clear_object (&question->list);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* all */

static void
take_all (ChObjects *self,
          GVariant  *reply)
{
  for (gsize i = 0; i < N_KINDS; i++)
    {
      g_autoptr(GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          (GDestroyNotify) g_variant_unref);
      g_autoptr(GVariantIter) iter = NULL;
      const char *path;
      GVariant *interfaces;

      g_variant_get (reply, "(a{oa{sa{sv}}})", &iter);
      while (g_variant_iter_loop (iter, "{&o@a{sa{sv}}}", &path, &interfaces))
        {
          GVariant *row = g_variant_lookup_value (interfaces, kinds[i].interface, G_VARIANT_TYPE_VARDICT);

          if (row != NULL)
            g_hash_table_insert (rows, g_strdup (path), row);
        }

      ch_item_list_replace (self->lists[i], rows);
    }
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(Question) question = data;
  ChObjects *self = question->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  if (question->life != self->life)
    return;

  self->listing = FALSE;
  if (self->again)
    {
      ch_objects_reload (self);
      return;
    }

  g_clear_error (&self->error);
  if (reply != NULL)
    take_all (self, reply);
  else
    self->error = g_steal_pointer (&error);
  g_signal_emit (self, signals[UPDATED], 0);
}

void
ch_objects_reload (ChObjects *self)
{
  self->again = self->listing;
  if (self->client == NULL || self->listing)
    return;

  self->listing = TRUE;
  ch_client_call_async (self->client, CH_ROOT_PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
                        NULL, "(a{oa{sa{sv}}})", self->life, listed_cb, question_new (self, NULL, NULL));
}

/* one */

static void read_one (ChObjects  *self,
                      const char *path,
                      gsize       kind);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Question) question = data;
  ChObjects *self = question->self;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);
  gboolean again;

  if (question->life != self->life)
    return;

  again = GPOINTER_TO_INT (g_hash_table_lookup (self->reading, question->path));
  g_hash_table_remove (self->reading, question->path);

  /* What is gone is told by another signal. */
  if (reply != NULL)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (reply, 0);

      ch_item_list_update (question->list, question->path, row);
    }
  for (gsize i = 0; again && i < N_KINDS; i++)
    if (self->lists[i] == question->list)
      read_one (self, question->path, i);
}

/* One question for each object at a time: a job tells of every line. */
static void
read_one (ChObjects  *self,
          const char *path,
          gsize       kind)
{
  if (g_hash_table_contains (self->reading, path))
    {
      g_hash_table_insert (self->reading, g_strdup (path), GINT_TO_POINTER (TRUE));
      return;
    }

  g_hash_table_insert (self->reading, g_strdup (path), GINT_TO_POINTER (FALSE));
  ch_client_call_async (self->client, path, "org.freedesktop.DBus.Properties", "GetAll",
                        g_variant_new ("(s)", kinds[kind].interface), "(a{sv})", self->life, read_cb,
                        question_new (self, path, self->lists[kind]));
}

static void
changed_cb (ChObjects  *self,
            const char *path,
            const char *interface)
{
  for (gsize i = 0; i < N_KINDS; i++)
    if (g_str_equal (kinds[i].interface, interface))
      read_one (self, path, i);
}

/* public */

ChObjects *
ch_objects_new (void)
{
  return g_object_new (CH_TYPE_OBJECTS, NULL);
}

static void
drop_client (ChObjects *self)
{
  if (self->life != NULL)
    g_cancellable_cancel (self->life);
  g_clear_object (&self->life);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  g_hash_table_remove_all (self->reading);
  self->listing = FALSE;
  self->again = FALSE;
}

void
ch_objects_set_client (ChObjects *self,
                       ChClient  *client)
{
  drop_client (self);
  if (client == NULL)
    return;

  self->client = g_object_ref (client);
  self->life = g_cancellable_new ();
  g_signal_connect_object (client, "objects-changed", G_CALLBACK (ch_objects_reload), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  ch_objects_reload (self);
}

ChItemList *
ch_objects_get_list (ChObjects  *self,
                     const char *interface)
{
  for (gsize i = 0; i < N_KINDS; i++)
    if (g_str_equal (kinds[i].interface, interface))
      return self->lists[i];

  g_return_val_if_reached (NULL);
}

ChItem *
ch_objects_find (ChObjects  *self,
                 const char *path)
{
  ChItem *item = NULL;

  for (gsize i = 0; item == NULL && i < N_KINDS; i++)
    item = ch_item_list_find (self->lists[i], path);
  return item;
}

const GError *
ch_objects_get_error (ChObjects *self)
{
  return self->error;
}

/* class */

static void
ch_objects_dispose (GObject *object)
{
  drop_client (CH_OBJECTS (object));
  G_OBJECT_CLASS (ch_objects_parent_class)->dispose (object);
}

static void
ch_objects_finalize (GObject *object)
{
  ChObjects *self = CH_OBJECTS (object);

  for (gsize i = 0; i < N_KINDS; i++)
    g_object_unref (self->lists[i]);
  g_hash_table_unref (self->reading);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ch_objects_parent_class)->finalize (object);
}

static void
ch_objects_class_init (ChObjectsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_objects_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_objects_finalize;
  signals[UPDATED] = g_signal_new ("updated", CH_TYPE_OBJECTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
ch_objects_init (ChObjects *self)
{
  for (gsize i = 0; i < N_KINDS; i++)
    self->lists[i] = ch_item_list_new (kinds[i].compare);
  self->reading = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
