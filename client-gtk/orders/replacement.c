/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/replacement.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

#define CH_TYPE_REPLACEMENT (ch_replacement_get_type ())
G_DECLARE_FINAL_TYPE (ChReplacement, ch_replacement, CH, REPLACEMENT, GObject)

struct _ChReplacement
{
  GObject parent_instance;

  GtkWidget *where;           /* (owned) */
  ChService *service;         /* (owned) */
  char *path;                 /* (owned) */
  char *name;                 /* (owned) */
  gboolean is_renewal;
};

G_DEFINE_FINAL_TYPE (ChReplacement, ch_replacement, G_TYPE_OBJECT)

static void
ch_replacement_finalize (GObject *object)
{
  ChReplacement *self = CH_REPLACEMENT (object);

  g_clear_object (&self->where);
  g_clear_object (&self->service);
  g_free (self->path);
  g_free (self->name);
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

static void
tell_failure (ChReplacement *self,
              const GError  *error)
{
  if (gtk_widget_get_root (self->where) != NULL)
    ch_tell_error (self->where, _("The certificate was not replaced"), error);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(ChReplacement) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    tell_failure (self, error);
}

/* By its own method, not by Replace(): who said yes to what is free must not find it paid, should the window for
 * renewals have opened meanwhile. */
static void
do_it (gpointer data)
{
  ChReplacement *self = data;
  GVariant *parameters = g_variant_new ("(@a{sv}@a{sv})", ch_no_options (), ch_no_options ());

  ch_service_act_async (self->service, self->path, CH_IFACE_ORDER, self->is_renewal ? "Renew" : "Reissue", parameters,
                        self->is_renewal ? "(o)" : "()", NULL, done_cb, g_object_ref (self));
}

static void
ask (ChReplacement *self,
     gint64         until)
{
  g_autofree char *heading = g_strdup_printf (_("Replace the Certificate for “%s”?"), self->name);
  g_autofree char *day = ch_time_day (until);
  g_autofree char *body =
    g_strdup_printf (self->is_renewal
                     ? _("The order is renewed, which costs money. The new certificate is valid until %s.")
                     : _("The order is reissued, which is free. The new certificate is valid until %s. The one in "
                         "force stays until the new one is there."),
                     day);
  const char *verb = self->is_renewal ? _("_Renew and Pay") : _("_Reissue");
  GtkWidget *dialog = ch_ask (self->where, heading, body, verb, do_it, self);

  g_object_set_data_full (G_OBJECT (dialog), "replacement", g_object_ref (self), g_object_unref);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChReplacement) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    {
      tell_failure (self, error);
      return;
    }

  g_autoptr(GVariant) what = g_variant_get_child_value (reply, 0);
  self->is_renewal = ch_row_flag (what, "Paid");
  if (gtk_widget_get_root (self->where) != NULL)
    ask (self, ch_row_number (what, "Until"));
}

void
ch_replacement_begin (GtkWidget *where,
                      ChOrder   *order)
{
  g_autoptr(ChReplacement) self = g_object_new (CH_TYPE_REPLACEMENT, NULL);
  GVariantDict options;

  self->where = g_object_ref (where);
  self->service = g_object_ref (ch_order_get_service (order));
  self->path = g_strdup (ch_order_get_path (order));
  self->name = g_strdup (ch_order_get_text (order, "Name"));
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "look-only", "b", TRUE);
  ch_service_act_async (self->service, self->path, CH_IFACE_ORDER, "Replace",
                        g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "(a{sv})", NULL, looked_cb,
                        g_object_ref (self));
}
