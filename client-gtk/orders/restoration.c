/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/restoration.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

/* One of the orders on its way back. */
#define CH_TYPE_RESTORATION (ch_restoration_get_type ())
G_DECLARE_FINAL_TYPE (ChRestoration, ch_restoration, CH, RESTORATION, GObject)

struct _ChRestoration
{
  GObject parent_instance;

  GtkWidget *where;           /* (owned) */
  ChService *service;         /* (owned) */
  GPtrArray *all;             /* (owned) (element-type GVariant): also those before and after this one */
  GVariant *facts;            /* (not owned): of this one, before it was deleted */
  guint at;                   /* of all */
  guint n_back;               /* that have come back */
  char *job;                  /* (owned) (nullable): of the import */
  char *path;                 /* (owned) (nullable): once it is back */
  gulong jobs_changed;        /* while the import is followed, which then holds a reference */
};

G_DEFINE_FINAL_TYPE (ChRestoration, ch_restoration, G_TYPE_OBJECT)

static const char *
get_fact (ChRestoration *self,
          const char    *key)
{
  return ch_row_string (self->facts, key);
}

static void
act (ChRestoration      *self,
     const char         *path,
     const char         *interface,
     const char         *method,
     GVariant           *parameters,
     const char         *type,
     GAsyncReadyCallback callback)
{
  ch_service_act_async (self->service, path, interface, method, parameters, type, NULL, callback,
                        g_object_ref (self));
}

static void
tell_error (ChRestoration *self,
            const char    *what,
            const GError  *error)
{
  if (gtk_widget_get_root (self->where) != NULL)
    ch_tell_error (self->where, what, error);
}

/* one order: the last step first */

static void
key_restored_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr(ChRestoration) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    tell_error (self, _("The order is back, but its key is not"), error);
}

/* Where the key stayed with its owner there is none in the bin. */
static void
bin_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(ChRestoration) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autoptr(GVariant) keys = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  if (keys == NULL)
    tell_error (self, _("The order is back, but its key is not"), error);
  for (gsize i = 0; keys != NULL && i < g_variant_n_children (keys); i++)
    {
      g_autoptr(GVariant) key = g_variant_get_child_value (keys, i);

      if (ch_row_number (key, "OrderId") == ch_row_number (self->facts, "Id"))
        act (self, CH_ROOT_PATH, CH_IFACE_MANAGER, "RestoreKey",
             g_variant_new ("(t@a{sv})", (guint64) ch_row_number (key, "Id"), ch_no_options ()), "(ao)",
             key_restored_cb);
    }
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChRestoration) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL)
    tell_error (self, _("The order is back, but its note is not"), error);
}

static void
write_note (ChRestoration *self)
{
  g_auto(GStrv) tags = ch_row_strings (self->facts, "Tags");
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  g_variant_dict_insert (&settings, "note", "s", get_fact (self, "Note"));
  g_variant_dict_insert (&settings, "tags", "^as", tags);
  g_variant_dict_insert (&settings, "auto-replace", "b", ch_row_flag (self->facts, "AutoReplace"));
  g_variant_dict_insert (&settings, "auto-renew", "b", ch_row_flag (self->facts, "AutoRenew"));
  act (self, self->path, CH_IFACE_ORDER, "Edit",
       g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ()), "()", edited_cb);
}

static GVariant *
find_again (ChRestoration *self,
            GVariant   *rows)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      if (g_str_equal (ch_row_string (row, "CaOrder"), get_fact (self, "CaOrder")))
        return g_steal_pointer (&row);
    }

  return NULL;
}

/* Its note and key follow by themselves while the next order is looked for. */
static void
take_over (ChRestoration *self,
           GVariant      *order)
{
  g_free (self->path);
  self->path = ch_path_new (CH_FOLDER_ORDERS, ch_row_number (order, "Id"));
  self->n_back++;
  write_note (self);
  act (self, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListBin", g_variant_new ("(@a{sv})", ch_no_options ()),
       "(aa{sv})", bin_cb);
}

static void
tell_back (ChRestoration *self)
{
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u order is back", "%u orders are back", self->n_back), self->n_back);

  if (self->n_back == 0 || gtk_widget_get_root (self->where) == NULL)
    return;

  ch_tell (self->where, self->all->len == 1 ? _("The order is back") : text);
  if (self->all->len == 1)
    gtk_widget_activate_action (self->where, "win.open", "s", self->path);
}

static void restore (GtkWidget *where, ChService *service, GPtrArray *all, guint at, guint n_back);

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChRestoration) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autoptr(GVariant) order = rows != NULL ? find_again (self, rows) : NULL;

  if (order != NULL)
    take_over (self, order);
  else if (error == NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _("The certificate authority does not list the order any more."));
  if (error != NULL)
    tell_error (self, _("The order did not come back"), error);

  if (self->at + 1 < self->all->len)
    restore (self->where, self->service, self->all, self->at + 1, self->n_back);
  else
    tell_back (self);
}

static void
look_for_order (ChRestoration *self)
{
  GVariantDict filter;

  g_variant_dict_init (&filter, NULL);
  g_variant_dict_insert (&filter, "search", "s", get_fact (self, "CaOrder"));
  act (self, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListOrders",
       g_variant_new ("(@a{sv}ssu)", g_variant_dict_end (&filter), "", "", 100), "(aa{sv}s)", listed_cb);
}

static void
jobs_changed_cb (ChItemList *jobs,
                 ChRestoration *self)
{
  ChItem *job = ch_item_list_find (jobs, self->job);

  if (job == NULL || g_str_equal (ch_item_get_text (job, "State"), "running"))
    return;

  g_clear_signal_handler (&self->jobs_changed, jobs);
  if (g_str_equal (ch_item_get_text (job, "State"), "done"))
    look_for_order (self);
  else
    {
      g_autoptr(GError) error =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, ch_item_get_text (job, "ErrorMessage"));

      tell_error (self, _("The order did not come back"), error);
    }
  g_object_unref (self);
}

static void
importing_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(ChRestoration) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  ChItemList *jobs = ch_service_get_list (self->service, CH_IFACE_JOB);

  if (reply == NULL)
    {
      tell_error (self, _("The order did not come back"), error);
      return;
    }

  g_variant_get (reply, "(o)", &self->job);
  self->jobs_changed = g_signal_connect (jobs, "changed", G_CALLBACK (jobs_changed_cb), g_object_ref (self));
  jobs_changed_cb (jobs, self);
}

static void
import (ChRestoration *self)
{
  gint64 placed = ch_row_number (self->facts, "PlacedAt");
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "name", "s", get_fact (self, "Name"));
  g_variant_dict_insert (&options, "restart", "b", TRUE);
  if (placed > 0)
    {
      /* The CA's clock need not be ours. */
      g_variant_dict_insert (&options, "from", "x", placed - 86400);
      g_variant_dict_insert (&options, "to", "x", placed + 86400);
    }
  act (self, get_fact (self, "Account"), CH_IFACE_ACCOUNT, "Import",
       g_variant_new ("(@a{sv})", g_variant_dict_end (&options)),
       "(o)", importing_cb);
}

/* all */

static void
restore (GtkWidget *where,
         ChService *service,
         GPtrArray *all,
         guint      at,
         guint      n_back)
{
  g_autoptr(ChRestoration) self = g_object_new (CH_TYPE_RESTORATION, NULL);

  self->where = g_object_ref (where);
  self->service = g_object_ref (service);
  self->all = g_ptr_array_ref (all);
  self->facts = g_ptr_array_index (all, at);
  self->at = at;
  self->n_back = n_back;
  import (self);
}

void
ch_restoration_begin (GtkWidget *where,
                      ChService *service,
                      GPtrArray *facts)
{
  restore (where, service, facts, 0, 0);
}

/* class */

static void
ch_restoration_finalize (GObject *object)
{
  ChRestoration *self = CH_RESTORATION (object);

  g_clear_object (&self->where);
  g_clear_object (&self->service);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_free (self->path);
  g_free (self->job);
  G_OBJECT_CLASS (ch_restoration_parent_class)->finalize (object);
}

static void
ch_restoration_class_init (ChRestorationClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_restoration_finalize;
}

static void
ch_restoration_init (ChRestoration *self)
{
}
