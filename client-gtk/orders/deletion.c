/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/deletion.h"

#include "lib/row.h"
#include "orders/restoration.h"
#include "orders/round.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

#define CH_TYPE_DELETION (ch_deletion_get_type ())
G_DECLARE_FINAL_TYPE (ChDeletion, ch_deletion, CH, DELETION, GObject)

struct _ChDeletion
{
  GObject parent_instance;

  GtkWidget *where;           /* (owned) */
  ChService *service;         /* (owned) */
  ChRound *round;             /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChDeletion, ch_deletion, G_TYPE_OBJECT)

static void
undo_cb (gpointer data)
{
  ChDeletion *self = data;

  ch_restoration_begin (self->where, self->service, ch_round_get_done (self->round));
}

/* What the certificate authority never had cannot come back from it. */
static gboolean
can_all_come_back (GPtrArray *done)
{
  for (guint i = 0; i < done->len; i++)
    if (*ch_row_string (g_ptr_array_index (done, i), "CaOrder") == '\0')
      return FALSE;

  return done->len > 0;
}

static char *
describe_done (GPtrArray *done)
{
  if (done->len == 1)
    return g_strdup_printf (_("“%s” was deleted"), ch_row_string (g_ptr_array_index (done, 0), "Name"));

  return g_strdup_printf (ngettext ("%u order was deleted", "%u orders were deleted", done->len), done->len);
}

static void
ended_cb (ChDeletion *data)
{
  g_autoptr(ChDeletion) self = data;
  GPtrArray *done = ch_round_get_done (self->round);
  g_autoptr(GError) error = ch_round_get_error (self->round);
  g_autofree char *text = describe_done (done);

  if (gtk_widget_get_root (self->where) == NULL)
    return;
  if (error != NULL)
    ch_tell_error (self->where, done->len == 0 ? _("The order was not deleted") : _("Not all were deleted"),
                   error);
  if (can_all_come_back (done))
    ch_tell_offer (self->where, text, _("_Undo"), undo_cb, G_OBJECT (self));
  else if (done->len > 0)
    ch_tell (self->where, text);
}

static GVariant *
force (GVariant *facts,
       gpointer  data)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "force", "b", TRUE);
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&options));
}

static void
delete_cb (gpointer data)
{
  ChDeletion *self = data;

  g_signal_connect_swapped (self->round, "ended", G_CALLBACK (ended_cb), g_object_ref (self));
  ch_round_start (self->round);
}

void
ch_deletion_begin (GtkWidget  *where,
                   ChService  *service,
                   GArray     *ids,
                   const char *names)
{
  g_autoptr(ChDeletion) self = g_object_new (CH_TYPE_DELETION, NULL);
  const char *body =
    _("It is forgotten here with its certificates, and not replaced any more. At the certificate "
      "authority it stays as it is. Its private key stays in the bin for 30 days.");
  g_autofree char *one = g_strdup_printf (_("Delete the Order for “%s”?"), names);
  g_autofree char *all = g_strdup_printf (C_("many orders", "%s\n%s"), body, names);
  GtkWidget *dialog;

  self->where = g_object_ref (where);
  self->service = g_object_ref (service);
  self->round = ch_round_new (service, ids, "Delete", "()", force, NULL, NULL);
  dialog = ch_ask (where, ids->len == 1 ? one : _("Delete These Orders?"), ids->len == 1 ? body : all,
                   _("_Delete"), delete_cb, self);
  g_object_set_data_full (G_OBJECT (dialog), "deletion", g_steal_pointer (&self), g_object_unref);
}

/* class */

static void
ch_deletion_finalize (GObject *object)
{
  ChDeletion *self = CH_DELETION (object);

  g_clear_object (&self->where);
  g_clear_object (&self->service);
  g_clear_object (&self->round);
  G_OBJECT_CLASS (ch_deletion_parent_class)->finalize (object);
}

static void
ch_deletion_class_init (ChDeletionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_deletion_finalize;
}

static void
ch_deletion_init (ChDeletion *self)
{
}
