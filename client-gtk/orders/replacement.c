/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/replacement.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "new-order/dialog.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

#define CH_TYPE_REPLACEMENT (ch_replacement_get_type ())
G_DECLARE_FINAL_TYPE (ChReplacement, ch_replacement, CH, REPLACEMENT, GObject)

struct _ChReplacement
{
  GObject parent_instance;

  GtkWidget *where;           /* (owned) */
  ChOrder *order;             /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChReplacement, ch_replacement, G_TYPE_OBJECT)

static void
ch_replacement_finalize (GObject *object)
{
  ChReplacement *self = CH_REPLACEMENT (object);

  g_clear_object (&self->where);
  g_clear_object (&self->order);
  G_OBJECT_CLASS (ch_replacement_parent_class)->finalize (object);
}

static void
ch_replacement_class_init (ChReplacementClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_replacement_finalize;
}

static void
ch_replacement_init (ChReplacement *self)
{
}

/* What is shown is done by its own method, not by Replace(): who said yes to what is free must not find it
 * paid, should the window for renewals have opened meanwhile. */
static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChReplacement) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (gtk_widget_get_root (self->where) == NULL)
    return;
  if (reply == NULL)
    {
      ch_tell_error (self->where, _("The certificate was not replaced"), error);
      return;
    }

  g_autoptr(GVariant) what = g_variant_get_child_value (reply, 0);
  ch_order_dialog_show (self->where, CH_SERVICE (source),
                        ch_row_flag (what, "Paid") ? CH_ORDER_RENEWAL : CH_ORDER_REISSUE, self->order);
}

void
ch_replacement_begin (GtkWidget *where,
                      ChOrder   *order)
{
  g_autoptr(ChReplacement) self = g_object_new (CH_TYPE_REPLACEMENT, NULL);
  GVariantDict options;

  self->where = g_object_ref (where);
  self->order = g_object_ref (order);
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "look-only", "b", TRUE);
  ch_service_act_async (ch_order_get_service (order), ch_order_get_path (order), CH_IFACE_ORDER, "Replace",
                        g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "(a{sv})", NULL, looked_cb,
                        g_object_ref (self));
}
