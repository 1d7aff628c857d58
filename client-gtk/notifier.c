/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notifier.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "model/event-model.h"
#include "model/words.h"
#include "overview/attention.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What comes together is told together. */
#define GATHER_MS 1500
/* More than that at once is one note. */
#define SINGLE_MAX 3

struct _ChNotifier
{
  GObject parent_instance;

  GtkApplication *application; /* (not owned) */
  ChService *service;         /* (owned) */
  GSettings *settings;        /* (owned) (nullable) */
  ChClient *client;           /* (owned) (nullable): whose events are heard */
  GHashTable *attention;      /* (owned) (nullable) (element-type utf8 utf8): paths of what needs a person */
  GHashTable *waiting;        /* (owned) (element-type utf8 ChItem): by path, what is about to be told */
  guint source;
};

G_DEFINE_FINAL_TYPE (ChNotifier, ch_notifier, G_TYPE_OBJECT)

/* Events that are told; what failed and what needs a person is told by the status. */
static const char *const told_events[] = {
  "order.issued", "order.reissued", "order.expiring", "order.ended", NULL
};

/* telling */

static gboolean
is_looked_at (ChNotifier *self)
{
  for (GList *i = gtk_application_get_windows (self->application); i != NULL; i = i->next)
    if (gtk_widget_get_visible (i->data) && gtk_window_is_active (i->data))
      return TRUE;

  return FALSE;
}

static gboolean
is_wanted (ChNotifier *self)
{
  return !is_looked_at (self)
         && (self->settings == NULL || g_settings_get_boolean (self->settings, "notifications"));
}

static void
send_one (ChNotifier *self,
          ChItem     *item)
{
  const char *path = ch_item_get_path (item);
  g_autoptr(GNotification) note = g_notification_new (ch_item_get_text (item, "Name"));
  g_autofree char *text = ch_words_without_commands (ch_item_get_text (item, "Text"));
  gboolean needs_person = g_hash_table_contains (self->attention, path);
  g_autofree char *act = needs_person ? ch_attention_name_act (path) : NULL;

  g_notification_set_body (note, text);
  g_notification_set_default_action_and_target (note, "app.open", "s", path);
  if (act != NULL)
    g_notification_add_button_with_target (note, act, "app.act", "s", path);
  if (needs_person)
    g_notification_set_priority (note, G_NOTIFICATION_PRIORITY_HIGH);
  g_application_send_notification (G_APPLICATION (self->application), path, note);
}

static void
send_sum (ChNotifier *self,
          guint       n)
{
  g_autofree char *title =
    g_strdup_printf (ngettext ("%u Thing Happened to Your Certificates",
                               "%u Things Happened to Your Certificates", n), n);
  g_autoptr(GNotification) note = g_notification_new (title);

  g_notification_set_body (note, _("The overview shows what needs you."));
  g_notification_set_default_action_and_target (note, "app.page", "s", "overview");
  g_application_send_notification (G_APPLICATION (self->application), "sum", note);
}

static gboolean
tell_cb (gpointer data)
{
  ChNotifier *self = data;
  guint n = g_hash_table_size (self->waiting);
  GHashTableIter iter;
  gpointer item;

  self->source = 0;
  g_hash_table_iter_init (&iter, self->waiting);
  if (is_wanted (self) && n > SINGLE_MAX)
    send_sum (self, n);
  else if (is_wanted (self))
    while (g_hash_table_iter_next (&iter, NULL, &item))
      send_one (self, item);

  g_hash_table_remove_all (self->waiting);
  return G_SOURCE_REMOVE;
}

static void
tell (ChNotifier *self,
      ChItem     *item)
{
  g_hash_table_insert (self->waiting, g_strdup (ch_item_get_path (item)), g_object_ref (item));
  if (self->source == 0)
    self->source = g_timeout_add (GATHER_MS, tell_cb, self);
}

/* what needs a person */

static GHashTable *
list_attention (ChNotifier *self)
{
  GListModel *items = ch_service_get_attention (self->service);
  GHashTable *paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (items, i);

      g_hash_table_add (paths, g_strdup (ch_item_get_path (item)));
      if (self->attention != NULL && !g_hash_table_contains (self->attention, ch_item_get_path (item)))
        tell (self, item);
    }
  return paths;
}

static void
status_changed_cb (ChNotifier *self)
{
  g_autoptr(GHashTable) before = self->attention;
  GHashTableIter iter;
  gpointer path;

  if (ch_service_get_status (self->service) == NULL)
    return;

  self->attention = list_attention (self);
  if (before == NULL)
    return;

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (!g_hash_table_contains (self->attention, path))
      {
        g_hash_table_remove (self->waiting, path);
        g_application_withdraw_notification (G_APPLICATION (self->application), path);
      }
}

/* what happened */

static void
event_cb (ChNotifier *self,
          GVariant   *event)
{
  g_autoptr(ChItem) item = ch_event_new (event);

  if (self->attention != NULL && *ch_item_get_path (item) != '\0'
      && g_strv_contains (told_events, ch_item_get_text (item, "Action")))
    tell (self, item);
}

static void
client_changed_cb (ChNotifier *self)
{
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_set_object (&self->client, ch_service_get_client (self->service));
  if (self->client != NULL)
    g_signal_connect_object (self->client, "event-added", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
}

/* class */

ChNotifier *
ch_notifier_new (GApplication *application,
                 ChService    *service,
                 GSettings    *settings)
{
  ChNotifier *self = g_object_new (CH_TYPE_NOTIFIER, NULL);

  self->application = GTK_APPLICATION (application);
  self->service = g_object_ref (service);
  g_set_object (&self->settings, settings);
  g_signal_connect_object (service, "notify::status", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::client", G_CALLBACK (client_changed_cb), self,
                           G_CONNECT_SWAPPED);
  status_changed_cb (self);
  client_changed_cb (self);
  return self;
}

static void
ch_notifier_dispose (GObject *object)
{
  ChNotifier *self = CH_NOTIFIER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->client);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ch_notifier_parent_class)->dispose (object);
}

static void
ch_notifier_finalize (GObject *object)
{
  ChNotifier *self = CH_NOTIFIER (object);

  g_clear_pointer (&self->attention, g_hash_table_unref);
  g_hash_table_unref (self->waiting);
  G_OBJECT_CLASS (ch_notifier_parent_class)->finalize (object);
}

static void
ch_notifier_class_init (ChNotifierClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_notifier_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_notifier_finalize;
}

static void
ch_notifier_init (ChNotifier *self)
{
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}
