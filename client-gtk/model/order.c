/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/order.h"

#include "lib/paths.h"
#include "lib/row.h"

#include <string.h>

/* Who walks through the list with the arrow keys does not want to know all of each order. */
#define BEFORE_ASKING_MS 80

#define EVENTS 20

struct _ChOrder
{
  GObject parent_instance;

  ChService *service;         /* (owned) */
  ChClient *client;           /* (owned) (nullable): whose signals are heard */
  char *path;                 /* (owned) (nullable) */
  GVariant *parts[CH_ORDER_N_PARTS];  /* (owned) */
  char *problem;              /* (owned) */
  GCancellable *life;         /* (owned) (nullable): of what is asked for @path */
  guint pending;              /* questions under way */
  guint timer;

  gboolean is_old;            /* what is asked for now */
};

static const char *const types[] = {
  [CH_ORDER_FACTS] = "a{sv}",
  [CH_ORDER_STORY] = "a{sv}",
  [CH_ORDER_CHALLENGES] = "aa{sv}",
  [CH_ORDER_CERTIFICATES] = "aa{sv}",
  [CH_ORDER_PLAN] = "aa{sv}",
  [CH_ORDER_EVENTS] = "aa{sv}",
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChOrder, ch_order, G_TYPE_OBJECT)

/* what is known */

static GVariant *
new_empty (ChOrderPart part)
{
  return g_variant_new_array (g_variant_type_element (G_VARIANT_TYPE (types[part])), NULL, 0);
}

static void
take (ChOrder    *self,
      ChOrderPart part,
      GVariant   *value)
{
  g_autoptr(GVariant) kept = g_variant_ref_sink (value);

  if (g_variant_equal (kept, self->parts[part]))
    return;

  g_variant_unref (self->parts[part]);
  self->parts[part] = g_steal_pointer (&kept);
  g_signal_emit (self, signals[CHANGED], 0, (int) part);
}

static void
take_problem (ChOrder    *self,
              const char *problem)
{
  if (g_str_equal (problem, self->problem))
    return;

  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_signal_emit (self, signals[CHANGED], 0, (int) CH_ORDER_STORY);
}

/* asking */

/* One question under way; the answer for an order that was shown before is not ours any more. */
typedef struct
{
  ChOrder *self;              /* (owned) */
  GCancellable *life;         /* (owned) */
  ChOrderPart part;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->self);
  g_object_unref (question->life);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void schedule (ChOrder *self);

/* GetOrders() answers with a list of one, or of none when the order is gone. */
static GVariant *
open_answer (ChOrderPart part,
             GVariant   *reply)
{
  g_autoptr(GVariant) first = g_variant_get_child_value (reply, 0);

  if (part != CH_ORDER_FACTS)
    return g_steal_pointer (&first);
  return g_variant_n_children (first) > 0 ? g_variant_get_child_value (first, 0) : new_empty (part);
}

/* While the service is away the window says so, and what was told stays readable. */
static void
take_error (ChOrder      *self,
            ChOrderPart   part,
            const GError *error)
{
  if (error->domain == CH_CLIENT_ERROR)
    return;

  take (self, part, new_empty (part));
  if (part == CH_ORDER_STORY)
    take_problem (self, error->message);
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(Question) question = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);
  ChOrder *self = question->self;

  if (question->life != self->life)
    return;

  self->pending--;
  if (reply == NULL)
    take_error (self, question->part, error);
  else
    take (self, question->part, open_answer (question->part, reply));
  if (reply != NULL && question->part == CH_ORDER_STORY)
    take_problem (self, "");

  if (question->life == self->life && self->pending == 0 && self->is_old)
    schedule (self);
}

static void
ask_part (ChOrder    *self,
          ChOrderPart part,
          const char *path,
          const char *interface,
          const char *method,
          GVariant   *parameters)
{
  g_autofree char *type = g_strdup_printf ("(%s)", part == CH_ORDER_FACTS ? "aa{sv}" : types[part]);
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->life = g_object_ref (self->life);
  question->part = part;
  self->pending++;
  ch_client_call_async (self->client, path, interface, method, parameters, type, self->life, asked_cb,
                        question);
}

static void
ask_events (ChOrder    *self,
            const char *id)
{
  g_autofree char *object = g_strdup_printf ("order/%s", id);
  GVariantDict filter;

  g_variant_dict_init (&filter, NULL);
  g_variant_dict_insert (&filter, "object", "s", object);
  ask_part (self, CH_ORDER_EVENTS, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListEvents",
            g_variant_new ("(@a{sv}tu)", g_variant_dict_end (&filter), (guint64) 0, EVENTS));
}

static void
ask (ChOrder *self)
{
  const char *last = strrchr (self->path, '/') + 1;
  guint64 id = g_ascii_strtoull (last, NULL, 10);
  GVariant *ids = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, &id, 1, sizeof id);
  const char *path = self->path;

  self->is_old = FALSE;
  ask_part (self, CH_ORDER_FACTS, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetOrders",
            g_variant_new ("(@atas)", ids, NULL));
  ask_part (self, CH_ORDER_STORY, path, CH_IFACE_ORDER, "Explain",
            g_variant_new ("(@a{sv})", ch_no_options ()));
  ask_part (self, CH_ORDER_CHALLENGES, path, CH_IFACE_ORDER, "GetChallenges", NULL);
  ask_part (self, CH_ORDER_CERTIFICATES, path, CH_IFACE_ORDER, "GetCertificates", NULL);
  ask_part (self, CH_ORDER_PLAN, path, CH_IFACE_ORDER, "GetPlan",
            g_variant_new ("(@a{sv})", ch_no_options ()));
  ask_events (self, last);
}

static gboolean
timer_cb (gpointer data)
{
  ChOrder *self = data;

  self->timer = 0;
  if (self->client != NULL && self->path != NULL)
    ask (self);
  return G_SOURCE_REMOVE;
}

/* One round at a time. */
static void
schedule (ChOrder *self)
{
  self->is_old = TRUE;
  if (self->timer == 0 && self->pending == 0)
    self->timer = g_timeout_add (BEFORE_ASKING_MS, timer_cb, self);
}

static void
stop_asking (ChOrder *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->life != NULL)
    g_cancellable_cancel (self->life);
  g_clear_object (&self->life);
  self->pending = 0;
}

static void
start_asking (ChOrder *self)
{
  stop_asking (self);
  self->life = g_cancellable_new ();
  schedule (self);
}

/* following the service */

static void
changed_cb (ChOrder    *self,
            const char *path)
{
  if (g_strcmp0 (path, self->path) == 0)
    schedule (self);
}

static void
event_added_cb (ChOrder  *self,
                GVariant *event)
{
  const char *object = ch_row_string (event, "Object");

  if (self->path != NULL && g_str_has_prefix (object, "order/")
      && g_str_equal (object + strlen ("order/"), strrchr (self->path, '/') + 1))
    schedule (self);
}

static void
service_changed_cb (ChOrder *self,
                    gboolean is_there)
{
  if (is_there)
    start_asking (self);
}

static void
client_changed_cb (ChOrder *self)
{
  ChClient *client = ch_service_get_client (self->service);

  if (client == self->client || client == NULL)
    return;
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_set_object (&self->client, client);
  g_signal_connect_object (client, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "event-added", G_CALLBACK (event_added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "service-changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
  start_asking (self);
}

/* public */

ChOrder *
ch_order_new (ChService *service)
{
  ChOrder *self = g_object_new (CH_TYPE_ORDER, NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::client", G_CALLBACK (client_changed_cb), self,
                           G_CONNECT_SWAPPED);
  client_changed_cb (self);
  return self;
}

void
ch_order_set_path (ChOrder    *self,
                   const char *path)
{
  if (g_strcmp0 (path, self->path) == 0)
    return;

  g_free (self->path);
  self->path = g_strdup (path);
  g_free (self->problem);
  self->problem = g_strdup ("");
  for (int part = 0; part < CH_ORDER_N_PARTS; part++)
    {
      g_variant_unref (self->parts[part]);
      self->parts[part] = g_variant_ref_sink (new_empty (part));
      g_signal_emit (self, signals[CHANGED], 0, part);
    }
  start_asking (self);
}

const char *
ch_order_get_path (ChOrder *self)
{
  return self->path;
}

ChService *
ch_order_get_service (ChOrder *self)
{
  return self->service;
}

GVariant *
ch_order_get_part (ChOrder    *self,
                   ChOrderPart part)
{
  return self->parts[part];
}

const char *
ch_order_get_text (ChOrder    *self,
                   const char *key)
{
  return ch_row_string (self->parts[CH_ORDER_FACTS], key);
}

const char *
ch_order_get_problem (ChOrder *self)
{
  return self->problem;
}

/* class */

static void
ch_order_dispose (GObject *object)
{
  ChOrder *self = CH_ORDER (object);

  stop_asking (self);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (ch_order_parent_class)->dispose (object);
}

static void
ch_order_finalize (GObject *object)
{
  ChOrder *self = CH_ORDER (object);

  for (int part = 0; part < CH_ORDER_N_PARTS; part++)
    g_variant_unref (self->parts[part]);
  g_clear_object (&self->service);
  g_free (self->path);
  g_free (self->problem);
  G_OBJECT_CLASS (ch_order_parent_class)->finalize (object);
}

static void
ch_order_class_init (ChOrderClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_order_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_order_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", CH_TYPE_ORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_INT);
}

static void
ch_order_init (ChOrder *self)
{
  for (int part = 0; part < CH_ORDER_N_PARTS; part++)
    self->parts[part] = g_variant_ref_sink (new_empty (part));
  self->problem = g_strdup ("");
}
