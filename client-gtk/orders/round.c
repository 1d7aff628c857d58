/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/round.h"

#include "lib/client.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"

#include <glib/gi18n.h>

/* Manager.GetOrders takes no more at a time. */
#define BLOCK 500

/* More reasons than that nobody reads. */
#define REASONS 20

static const char *const columns[] = { "Name", "CaOrder", "Account", "PlacedAt", "Note", "Tags",
                                       "AutoReplace", "AutoRenew", NULL };

struct _ChRound
{
  GObject parent_instance;

  ChService *service;         /* (owned) */
  GArray *ids;                /* (owned) (element-type guint64) */
  char *method;               /* (owned) */
  char *reply_type;           /* (owned) */
  ChRoundFunc make;
  gpointer data;              /* (owned) (nullable) */
  GDestroyNotify free_data;

  guint fetched;              /* of the ids */
  guint asked;
  GPtrArray *block;           /* (owned) (element-type GVariant): facts of those that come next */
  GPtrArray *done;            /* (owned) (element-type GVariant) */
  GPtrArray *reasons;         /* (owned) (element-type utf8): the first of them */
  guint n_reasons;
  guint n_refused;
  gboolean stopped;
};

enum
{
  PROGRESS,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChRound, ch_round, G_TYPE_OBJECT)

static void next (ChRound *self);

/* The name is "" where the reason is not that of one order. */
static void
note_reason (ChRound      *self,
             const char   *name,
             const GError *error)
{
  self->n_reasons++;
  if (self->reasons->len >= REASONS)
    return;

  if (*name != '\0')
    g_ptr_array_add (self->reasons, g_strdup_printf (C_("an order and why it was refused", "%s: %s"), name,
                                                     error->message));
  else
    g_ptr_array_add (self->reasons, g_strdup (error->message));
}

/* All others would fare the same. */
static gboolean
ends_all (const GError *error)
{
  return g_error_matches (error, CH_ERROR, CH_ERROR_NOT_AUTHORIZED)
         || g_error_matches (error, CH_ERROR, CH_ERROR_CANCELLED)
         || error->domain == CH_CLIENT_ERROR
         || error->domain == G_IO_ERROR;
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChRound) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autoptr(GVariant) facts = g_ptr_array_steal_index (self->block, 0);

  self->asked++;
  if (reply != NULL)
    g_ptr_array_add (self->done, g_steal_pointer (&facts));
  else
    {
      self->n_refused++;
      note_reason (self, ch_row_string (facts, "Name"), error);
      self->stopped |= ends_all (error);
    }

  g_signal_emit (self, signals[PROGRESS], 0);
  next (self);
}

/* Those that are gone meanwhile are no part of it any more. */
static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChRound) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  if (rows == NULL)
    {
      note_reason (self, "", error);
      self->stopped = TRUE;
    }
  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    g_ptr_array_add (self->block, g_variant_get_child_value (rows, i));
  next (self);
}

static void
fetch_block (ChRound *self)
{
  guint n = MIN (self->ids->len - self->fetched, BLOCK);
  GVariant *ids = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64,
                                             &g_array_index (self->ids, guint64, self->fetched), n,
                                             sizeof (guint64));

  self->fetched += n;
  ch_service_act_async (self->service, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetOrders",
                        g_variant_new ("(@at^as)", ids, columns), "(aa{sv})", NULL, fetched_cb,
                        g_object_ref (self));
}

/* Those that need nothing count as done, but nothing has happened to them. */
static GVariant *
make_next (ChRound *self)
{
  while (self->block->len > 0)
    {
      GVariant *parameters = self->make (g_ptr_array_index (self->block, 0), self->data);

      if (parameters != NULL)
        return parameters;
      g_ptr_array_remove_index (self->block, 0);
      self->asked++;
    }

  return NULL;
}

static void
next (ChRound *self)
{
  GVariant *parameters = self->stopped ? NULL : make_next (self);
  g_autofree char *path = NULL;

  if (parameters == NULL && !self->stopped && self->fetched < self->ids->len)
    {
      fetch_block (self);
      return;
    }
  if (parameters == NULL)
    {
      g_signal_emit (self, signals[ENDED], 0);
      return;
    }

  path = ch_path_new (CH_FOLDER_ORDERS, ch_row_number (g_ptr_array_index (self->block, 0), "Id"));
  ch_service_act_async (self->service, path, CH_IFACE_ORDER, self->method, parameters, self->reply_type, NULL,
                        asked_cb, g_object_ref (self));
}

/* public */

ChRound *
ch_round_new (ChService     *service,
              GArray        *ids,
              const char    *method,
              const char    *reply_type,
              ChRoundFunc    make,
              gpointer       data,
              GDestroyNotify free_data)
{
  ChRound *self = g_object_new (CH_TYPE_ROUND, NULL);

  self->service = g_object_ref (service);
  self->ids = g_array_ref (ids);
  self->method = g_strdup (method);
  self->reply_type = g_strdup (reply_type);
  self->make = make;
  self->data = data;
  self->free_data = free_data;
  return self;
}

void
ch_round_start (ChRound *self)
{
  next (self);
}

void
ch_round_stop (ChRound *self)
{
  self->stopped = TRUE;
}

guint
ch_round_get_asked (ChRound *self,
                    guint   *all)
{
  if (all != NULL)
    *all = self->ids->len;
  return self->asked;
}

guint
ch_round_get_well (ChRound *self)
{
  return self->asked - self->n_refused;
}

GPtrArray *
ch_round_get_done (ChRound *self)
{
  return self->done;
}

GError *
ch_round_get_error (ChRound *self)
{
  g_autofree char *all = NULL;
  g_autofree char *more = NULL;

  if (self->n_reasons == 0)
    return NULL;

  g_ptr_array_add (self->reasons, NULL);
  all = g_strjoinv ("\n", (char **) self->reasons->pdata);
  g_ptr_array_set_size (self->reasons, (int) self->reasons->len - 1);
  if (self->n_reasons > self->reasons->len)
    more = g_strdup_printf (_("\n… and %u more"), self->n_reasons - self->reasons->len);
  return g_error_new (CH_ERROR, CH_ERROR_FAILED, "%s%s", all, more != NULL ? more : "");
}

/* class */

static void
ch_round_finalize (GObject *object)
{
  ChRound *self = CH_ROUND (object);

  g_clear_object (&self->service);
  g_clear_pointer (&self->ids, g_array_unref);
  g_free (self->method);
  g_free (self->reply_type);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_ptr_array_unref (self->block);
  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->reasons);
  G_OBJECT_CLASS (ch_round_parent_class)->finalize (object);
}

static void
ch_round_class_init (ChRoundClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_round_finalize;
  signals[PROGRESS] = g_signal_new ("progress", CH_TYPE_ROUND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", CH_TYPE_ROUND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
ch_round_init (ChRound *self)
{
  self->block = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->reasons = g_ptr_array_new_with_free_func (g_free);
}
