/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/event-model.h"

#include "lib/paths.h"
#include "lib/row.h"

#include <string.h>

/* Manager.ListEvents gives no more at a time. */
#define PAGE 500
/* So many that match are read before somebody asks for more; and so near the end one does. */
#define AHEAD 100
#define NEAR 20

struct _ChEventModel
{
  GObject parent_instance;

  ChClient *client;           /* (owned) (nullable) */
  GPtrArray *all;             /* (owned) (element-type ChItem): newest first, without gaps */
  GPtrArray *shown;           /* (owned) (element-type ChItem): those of @all that match */
  char *search;               /* (owned): folded */
  char *noun;                 /* (owned) */
  GError *error;              /* (owned) (nullable) */
  GCancellable *older;        /* (owned) (nullable): while older ones are read */
  GCancellable *newer;        /* (owned) (nullable): while the newest are read */
  guint wanted;               /* how many shall match */

  gboolean failed;
  gboolean is_at_end;         /* @all begins with the very first */
  gboolean again;             /* newer ones came while the newest were read */
};

enum
{
  UPDATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChEventModel, ch_event_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* entries */

static const struct
{
  const char *noun;
  const char *folder;
} nouns[] = {
  { "account", CH_FOLDER_ACCOUNTS },
  { "dns", CH_FOLDER_DNS },
  { "server", CH_FOLDER_SERVERS },
  { "profile", CH_FOLDER_PROFILES },
  { "deployment", CH_FOLDER_DEPLOYMENTS },
  { "watch", CH_FOLDER_WATCHES },
  { "order", CH_FOLDER_ORDERS },
};

/* "order/12" stands for /org/chancery/Chancery1/orders/12. */
static char *
path_of (GVariant *row)
{
  g_auto(GStrv) parts = g_strsplit (ch_row_string (row, "Object"), "/", 2);

  for (gsize i = 0; g_strv_length (parts) == 2 && i < G_N_ELEMENTS (nouns); i++)
    if (g_str_equal (parts[0], nouns[i].noun))
      return g_strdup_printf ("%s/%s/%s", CH_ROOT_PATH, nouns[i].folder, parts[1]);

  return g_strdup ("");
}

ChItem *
ch_event_new (GVariant *row)
{
  g_autofree char *path = path_of (row);

  return ch_item_new (path, row);
}

static gboolean
contains (const char *text,
          const char *search)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, search) != NULL;
}

static gboolean
matches (ChEventModel *self,
         ChItem       *event)
{
  static const char *const keys[] = { "Text", "Name", "Action", "Object", "Authority" };
  const char *object = ch_item_get_text (event, "Object");
  gsize length = strlen (self->noun);

  if (self->failed && ch_row_flag (ch_item_get_row (event), "Ok"))
    return FALSE;
  if (length > 0
      && !(g_str_has_prefix (object, self->noun) && (object[length] == '/' || object[length] == '\0')))
    return FALSE;
  if (*self->search == '\0')
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (contains (ch_item_get_text (event, keys[i]), self->search))
      return TRUE;

  g_autofree char *who = ch_event_who (event);
  return contains (who, self->search);
}

/* reading */

static void read_older (ChEventModel *self);
static void read_newest (ChEventModel *self);

static gint64
id_at (GPtrArray *events,
       guint      position)
{
  return ch_item_get_number (events->pdata[position], "Id");
}

static void
take_error (ChEventModel *self,
            GError       *error)
{
  g_clear_error (&self->error);
  self->error = error;
}

/* Puts the entries of @reply that are newer than @above into the two lists, at @at of each; returns how many
 * the reply had. */
static gsize
insert (ChEventModel *self,
        GVariant     *reply,
        gint64        above,
        guint         at_all,
        guint         at_shown)
{
  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  guint n_shown = 0;

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
      g_autoptr(ChItem) event = NULL;

      if (ch_row_number (row, "Id") <= above)
        break;
      event = ch_event_new (row);
      g_ptr_array_insert (self->all, (gint) at_all++, g_object_ref (event));
      if (matches (self, event))
        g_ptr_array_insert (self->shown, (gint) (at_shown + n_shown++), g_object_ref (event));
    }

  if (n_shown > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), at_shown, 0, n_shown);
  return g_variant_n_children (rows);
}

static void
older_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChEventModel) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->older)
    return;

  g_clear_object (&self->older);
  take_error (self, g_steal_pointer (&error));
  if (reply != NULL)
    {
      self->is_at_end = insert (self, reply, 0, self->all->len, self->shown->len) < PAGE;
      read_older (self);
    }
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
read_older (ChEventModel *self)
{
  guint64 before = self->all->len > 0 ? (guint64) id_at (self->all, self->all->len - 1) : 0;

  if (self->client == NULL || self->older != NULL || self->is_at_end || self->shown->len >= self->wanted)
    return;

  self->older = g_cancellable_new ();
  ch_client_call_async (self->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListEvents",
                        g_variant_new ("(@a{sv}tu)", g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0),
                                       before, (guint) PAGE),
                        "(aa{sv})", self->older, older_cb, g_object_ref (self));
}

static void
forget (ChEventModel *self)
{
  guint n_shown = self->shown->len;

  g_ptr_array_set_size (self->all, 0);
  g_ptr_array_set_size (self->shown, 0);
  self->is_at_end = FALSE;
  if (n_shown > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_shown, 0);
}

static void
newest_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChEventModel) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->newer)
    return;

  g_clear_object (&self->newer);
  take_error (self, g_steal_pointer (&error));
  if (reply != NULL)
    {
      gint64 newest = self->all->len > 0 ? id_at (self->all, 0) : 0;
      guint before = self->all->len;

      /* More than a page came meanwhile: what is between is not known, so that one begins anew. */
      if (insert (self, reply, newest, 0, 0) == PAGE && self->all->len - before == PAGE)
        forget (self);
      read_older (self);
    }
  if (self->again)
    read_newest (self);
  g_signal_emit (self, signals[UPDATED], 0);
}

static void
read_newest (ChEventModel *self)
{
  self->again = self->newer != NULL;
  if (self->client == NULL || self->newer != NULL)
    return;

  /* Where nothing is known yet, the first page of the past holds the newest. */
  if (self->all->len == 0)
    {
      read_older (self);
      return;
    }

  self->newer = g_cancellable_new ();
  ch_client_call_async (self->client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListEvents",
                        g_variant_new ("(@a{sv}tu)", g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0),
                                       (guint64) 0, (guint) PAGE),
                        "(aa{sv})", self->newer, newest_cb, g_object_ref (self));
}

static void
service_changed_cb (ChEventModel *self,
                    gboolean      present)
{
  if (present)
    read_newest (self);
}

/* public */

ChEventModel *
ch_event_model_new (void)
{
  return g_object_new (CH_TYPE_EVENT_MODEL, NULL);
}

static void
drop_client (ChEventModel *self)
{
  if (self->older != NULL)
    g_cancellable_cancel (self->older);
  if (self->newer != NULL)
    g_cancellable_cancel (self->newer);
  g_clear_object (&self->older);
  g_clear_object (&self->newer);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  self->again = FALSE;
}

void
ch_event_model_set_client (ChEventModel *self,
                           ChClient     *client)
{
  drop_client (self);
  if (client == NULL)
    return;

  self->client = g_object_ref (client);
  g_signal_connect_object (client, "event-added", G_CALLBACK (read_newest), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "service-changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
  read_newest (self);
}

void
ch_event_model_set_filter (ChEventModel *self,
                           const char   *search,
                           const char   *noun,
                           gboolean      failed)
{
  guint n_before = self->shown->len;

  g_free (self->search);
  self->search = g_utf8_casefold (search, -1);
  g_free (self->noun);
  self->noun = g_strdup (noun);
  self->failed = failed;
  self->wanted = AHEAD;

  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; i < self->all->len; i++)
    if (matches (self, self->all->pdata[i]))
      g_ptr_array_add (self->shown, g_object_ref (self->all->pdata[i]));
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->shown->len);
  read_older (self);
  g_signal_emit (self, signals[UPDATED], 0);
}

void
ch_event_model_read_all (ChEventModel *self)
{
  self->wanted = G_MAXUINT;
  read_older (self);
}

gboolean
ch_event_model_is_complete (ChEventModel *self)
{
  return self->is_at_end;
}

const GError *
ch_event_model_get_error (ChEventModel *self)
{
  return self->error;
}

/* list model */

static GType
get_item_type (GListModel *list)
{
  return CH_TYPE_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return CH_EVENT_MODEL (list)->shown->len;
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  ChEventModel *self = CH_EVENT_MODEL (list);

  if (position >= self->shown->len)
    return NULL;

  if (position + NEAR >= self->wanted && self->wanted < G_MAXUINT - AHEAD)
    {
      self->wanted += AHEAD;
      read_older (self);
    }
  return g_object_ref (self->shown->pdata[position]);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

/* class */

static void
ch_event_model_dispose (GObject *object)
{
  drop_client (CH_EVENT_MODEL (object));
  G_OBJECT_CLASS (ch_event_model_parent_class)->dispose (object);
}

static void
ch_event_model_finalize (GObject *object)
{
  ChEventModel *self = CH_EVENT_MODEL (object);

  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->shown);
  g_free (self->search);
  g_free (self->noun);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ch_event_model_parent_class)->finalize (object);
}

static void
ch_event_model_class_init (ChEventModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_event_model_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_event_model_finalize;
  signals[UPDATED] = g_signal_new ("updated", CH_TYPE_EVENT_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
ch_event_model_init (ChEventModel *self)
{
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->search = g_strdup ("");
  self->noun = g_strdup ("");
  self->wanted = AHEAD;
}
