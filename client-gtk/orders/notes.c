/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/paths.h"
#include "lib/row.h"
#include "orders/boxes.h"
#include "orders/tags.h"
#include "shell/tell.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define CH_TYPE_ORDER_NOTES (ch_order_notes_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderNotes, ch_order_notes, CH, ORDER_NOTES, AdwBin)

struct _ChOrderNotes
{
  AdwBin parent_instance;

  GtkEditable *note;
  GtkEditable *tags;
  GtkSwitch *auto_replace;
  GtkSwitch *auto_renew;

  ChOrder *order;             /* (owned) */
  char *path;                 /* (owned) (nullable): of the order that is shown */
  char *known_note;           /* (owned): what the service has */
  char *known_tags;           /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChOrderNotes, ch_order_notes, ADW_TYPE_BIN)

/* what is shown */

/* What somebody types stays until the service has something else there, or another order is shown. */
static void
show_text (GtkEditable *entry,
           char       **known,
           const char  *text,
           gboolean     is_other_order)
{
  if (!is_other_order && g_strcmp0 (*known, text) == 0)
    return;

  g_free (*known);
  *known = g_strdup (text);
  if (!g_str_equal (gtk_editable_get_text (entry), text))
    {
      /* The button that saves shall not come for what is saved. */
      g_object_set (entry, "show-apply-button", FALSE, NULL);
      gtk_editable_set_text (entry, text);
      g_object_set (entry, "show-apply-button", TRUE, NULL);
    }
}

static void
show_flag (GtkSwitch *button,
           gboolean   flag)
{
  gtk_switch_set_state (button, flag);
  gtk_switch_set_active (button, flag);
}

static void
changed_cb (ChOrderNotes *self,
            int           part)
{
  GVariant *facts = ch_order_get_part (self->order, CH_ORDER_FACTS);
  gboolean is_other = g_strcmp0 (self->path, ch_order_get_path (self->order)) != 0;
  g_auto(GStrv) tags = ch_row_strings (facts, "Tags");
  g_autofree char *all = g_strjoinv (", ", tags);

  if (part != CH_ORDER_FACTS)
    return;

  g_free (self->path);
  self->path = g_strdup (ch_order_get_path (self->order));
  show_text (self->note, &self->known_note, ch_row_string (facts, "Note"), is_other);
  show_text (self->tags, &self->known_tags, all, is_other);
  show_flag (self->auto_replace, ch_row_flag (facts, "AutoReplace"));
  show_flag (self->auto_renew, ch_row_flag (facts, "AutoRenew"));
  gtk_widget_set_visible (GTK_WIDGET (self), g_variant_n_children (facts) > 0);
}

/* changing it */

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(ChOrderNotes) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply != NULL || self->order == NULL)
    return;

  ch_tell_error (GTK_WIDGET (self), _("The order was not changed"), error);
  changed_cb (self, CH_ORDER_FACTS);
}

static void
edit (ChOrderNotes *self,
      const char   *key,
      GVariant     *value)
{
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  g_variant_dict_insert_value (&settings, key, value);
  ch_service_act_async (ch_order_get_service (self->order), self->path, CH_IFACE_ORDER, "Edit",
                        g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ()),
                        "()", NULL,
                        edited_cb, g_object_ref (self));
}

static void
apply_note_cb (ChOrderNotes *self)
{
  edit (self, "note", g_variant_new_string (gtk_editable_get_text (self->note)));
}

static void
apply_tags_cb (ChOrderNotes *self)
{
  g_auto(GStrv) tags = ch_tags_split (gtk_editable_get_text (self->tags));

  edit (self, "tags", g_variant_new_strv ((const char *const *) tags, -1));
}

static gboolean
switch_cb (ChOrderNotes *self,
           gboolean      wanted,
           GtkSwitch    *button)
{
  const char *key = button == self->auto_replace ? "AutoReplace" : "AutoRenew";

  if (wanted != ch_row_flag (ch_order_get_part (self->order, CH_ORDER_FACTS), key))
    edit (self, button == self->auto_replace ? "auto-replace" : "auto-renew", g_variant_new_boolean (wanted));
  return TRUE;
}

/* class */

GtkWidget *
ch_order_notes_new (ChOrder *order)
{
  ChOrderNotes *self = g_object_new (CH_TYPE_ORDER_NOTES, NULL);

  self->order = g_object_ref (order);
  g_signal_connect_object (order, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self, CH_ORDER_FACTS);
  return GTK_WIDGET (self);
}

static void
ch_order_notes_dispose (GObject *object)
{
  ChOrderNotes *self = CH_ORDER_NOTES (object);

  g_clear_object (&self->order);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->known_note, g_free);
  g_clear_pointer (&self->known_tags, g_free);
  G_OBJECT_CLASS (ch_order_notes_parent_class)->dispose (object);
}

static void
ch_order_notes_class_init (ChOrderNotesClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_order_notes_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/notes.ui");
  gtk_widget_class_bind_template_child (widget, ChOrderNotes, note);
  gtk_widget_class_bind_template_child (widget, ChOrderNotes, tags);
  gtk_widget_class_bind_template_child (widget, ChOrderNotes, auto_replace);
  gtk_widget_class_bind_template_child (widget, ChOrderNotes, auto_renew);
  gtk_widget_class_bind_template_callback (widget, apply_note_cb);
  gtk_widget_class_bind_template_callback (widget, apply_tags_cb);
}

static void
ch_order_notes_init (ChOrderNotes *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->auto_replace, "state-set", G_CALLBACK (switch_cb), self);
  g_signal_connect_swapped (self->auto_renew, "state-set", G_CALLBACK (switch_cb), self);
}
