/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peers/dialog.h"

#include "form/form.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "shell/tell.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ChPeerDialog
{
  AdwWindow parent_instance;

  GtkButton *save;
  GtkWidget *spinner;
  AdwComboRow *kind;
  GtkWidget *kind_list;
  AdwBin *name_bin;
  AdwBin *form_bin;
  GtkLabel *permissions;
  GtkWidget *error_box;
  GtkLabel *error;

  ChFormField *name;          /* in @name_bin */
  ChForm *form;               /* in @form_bin */
  const ChPeerRole *role;
  ChService *service;         /* (owned) */
  ChItem *item;               /* (owned) (nullable): what is changed */
};

G_DEFINE_FINAL_TYPE (ChPeerDialog, ch_peer_dialog, ADW_TYPE_WINDOW)

/* kinds */

static void
show_kind (ChPeerDialog *self,
           GVariant     *kind)
{
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  const char *permissions = ch_row_string (kind, "permissions");

  ch_form_set_fields (self->form, fields);
  gtk_label_set_label (self->permissions, permissions);
  gtk_widget_set_visible (GTK_WIDGET (self->permissions), *permissions != '\0');
}

static GVariant *
get_kind (ChPeerDialog *self)
{
  GVariant *kinds = ch_service_get_kinds (self->service, self->role->role);
  guint chosen = adw_combo_row_get_selected (self->kind);

  if (self->item != NULL)
    return ch_service_get_kind (self->service, self->role->role, ch_item_get_text (self->item, "Kind"));
  return kinds != NULL && chosen < g_variant_n_children (kinds) ? g_variant_get_child_value (kinds, chosen)
                                                                : NULL;
}

static void
kind_chosen_cb (ChPeerDialog *self)
{
  g_autoptr(GVariant) kind = self->service != NULL ? get_kind (self) : NULL;

  if (kind != NULL)
    show_kind (self, kind);
}

static void
list_kinds (ChPeerDialog *self)
{
  GVariant *kinds = ch_service_get_kinds (self->service, self->role->role);
  g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);

  for (gsize i = 0; kinds != NULL && i < g_variant_n_children (kinds); i++)
    {
      g_autoptr(GVariant) kind = g_variant_get_child_value (kinds, i);

      gtk_string_list_append (titles, ch_row_string (kind, "title"));
    }

  adw_combo_row_set_model (self->kind, G_LIST_MODEL (titles));
  gtk_widget_set_visible (self->kind_list,
                          self->item == NULL && g_list_model_get_n_items (G_LIST_MODEL (titles)) > 1);
  kind_chosen_cb (self);
}

/* errors */

static void
show_error (ChPeerDialog *self,
            const char   *text)
{
  gtk_label_set_label (self->error, text != NULL ? text : "");
  gtk_widget_set_visible (self->error_box, text != NULL);
}

/* As engine/handle.c wants it; the service says what is wrong. */
static gboolean
is_handle (const char *name)
{
  return *name != '\0'
         && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
                == strlen (name)
         && strspn (name, "0123456789") != strlen (name);
}

static void
tell_error (ChPeerDialog *self,
            const GError *error)
{
  g_autofree char *name = ch_form_field_get_value (self->name);
  gboolean about_name = g_error_matches (error, CH_ERROR, CH_ERROR_EXISTS)
                        || (g_error_matches (error, CH_ERROR, CH_ERROR_INVALID) && !is_handle (name));

  if (about_name)
    {
      ch_form_field_set_error (self->name, error->message);
      ch_form_field_focus (self->name);
    }
  else if (!ch_form_show_error (self->form, error))
    show_error (self, error->message);
}

/* saving */

static void
set_busy (ChPeerDialog *self,
          gboolean      busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), !busy);
  gtk_widget_set_visible (self->spinner, busy);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChPeerDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  /* Closed meanwhile. */
  if (self->service == NULL)
    return;

  set_busy (self, FALSE);
  if (reply == NULL)
    tell_error (self, error);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
add (ChPeerDialog *self,
     const char   *name,
     GVariant     *settings,
     GVariant     *secrets)
{
  g_autoptr(GVariant) kind = get_kind (self);
  const char *nick = kind != NULL ? ch_row_string (kind, "kind") : "";
  GVariant *parameters = self->role->has_state
                             ? g_variant_new ("(ss@a{ss}@a{ss}@a{sv})", nick, name, settings, secrets,
                                              ch_no_options ())
                             : g_variant_new ("(ss@a{ss}@a{sv})", nick, name, settings, ch_no_options ());

  ch_service_act_async (self->service, CH_ROOT_PATH, CH_IFACE_MANAGER, self->role->add, parameters, "(o)",
                        NULL, saved_cb, g_object_ref (self));
}

static void
change (ChPeerDialog *self,
        const char   *name,
        GVariant     *settings,
        GVariant     *secrets)
{
  GVariantDict options;
  GVariant *parameters;

  g_variant_dict_init (&options, NULL);
  if (!g_str_equal (name, ch_item_get_text (self->item, "Name")))
    g_variant_dict_insert (&options, "name", "s", name);
  parameters = self->role->has_state
                   ? g_variant_new ("(@a{ss}@a{ss}@a{sv})", settings, secrets, g_variant_dict_end (&options))
                   : g_variant_new ("(@a{ss}@a{sv})", settings, g_variant_dict_end (&options));
  ch_service_act_async (self->service, ch_item_get_path (self->item), self->role->interface, "Edit",
                        parameters, "()", NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (ChPeerDialog *self)
{
  g_autofree char *name = ch_form_field_get_value (self->name);
  g_autoptr(GVariant) settings = ch_form_get_settings (self->form);
  g_autoptr(GVariant) secrets = ch_form_get_secrets (self->form);
  gboolean complete = ch_form_check (self->form);

  show_error (self, NULL);
  g_strstrip (name);
  if (*name == '\0')
    {
      ch_form_field_set_error (self->name, _("This is needed"));
      ch_form_field_focus (self->name);
      return;
    }
  if (!complete)
    return;

  set_busy (self, TRUE);
  if (self->item != NULL)
    change (self, name, settings, secrets);
  else
    add (self, name, settings, secrets);
}

/* making */

static void
fill (ChPeerDialog *self)
{
  GVariant *row = ch_item_get_row (self->item);
  g_autoptr(GVariant) settings = ch_row_list (row, "Settings", "a{ss}");
  g_auto(GStrv) secrets = ch_row_strings (row, "Secrets");
  g_autofree char *title = g_strdup_printf (_(self->role->edit_title), ch_item_get_text (self->item, "Name"));

  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_button_set_label (self->save, C_("button", "_Save"));
  ch_form_field_set_value (self->name, ch_item_get_text (self->item, "Name"));
  ch_form_fill (self->form, settings, (const char *const *) secrets);
}

/* A dialog that was opened before the service had told of any kind. */
static void
kinds_changed_cb (ChPeerDialog *self)
{
  if (g_list_model_get_n_items (adw_combo_row_get_model (self->kind)) > 0)
    return;

  list_kinds (self);
  if (self->item != NULL)
    fill (self);
}

void
ch_peer_dialog_show (GtkWidget        *where,
                     const ChPeerRole *role,
                     ChService        *service,
                     ChItem           *item)
{
  ChPeerDialog *self = g_object_new (CH_TYPE_PEER_DIALOG, "transient-for", gtk_widget_get_root (where),
                                     "title", _(role->new_title), NULL);

  self->role = role;
  self->service = g_object_ref (service);
  self->item = item != NULL ? g_object_ref (item) : NULL;
  list_kinds (self);
  g_signal_connect_object (service, "kinds-changed", G_CALLBACK (kinds_changed_cb), self, G_CONNECT_SWAPPED);
  if (item != NULL)
    fill (self);
  ch_form_field_focus (self->name);
  gtk_window_present (GTK_WINDOW (self));
}

/* class */

static void
ch_peer_dialog_dispose (GObject *object)
{
  ChPeerDialog *self = CH_PEER_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (ch_peer_dialog_parent_class)->dispose (object);
}

static void
ch_peer_dialog_class_init (ChPeerDialogClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_peer_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/peers/dialog.ui");
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, save);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, spinner);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, kind);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, kind_list);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, name_bin);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, form_bin);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, permissions);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, error_box);
  gtk_widget_class_bind_template_child (widget, ChPeerDialog, error);
  gtk_widget_class_bind_template_callback (widget, save_cb);
  gtk_widget_class_bind_template_callback (widget, kind_chosen_cb);
}

static void
ch_peer_dialog_init (ChPeerDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->name = ch_form_field_new_line ("", C_("form", "Name"),
                                       _("How it is called here: letters, digits, “.”, “_” and “-”"));
  self->form = ch_form_new ();
  adw_bin_set_child (self->name_bin, GTK_WIDGET (self->name));
  adw_bin_set_child (self->form_bin, GTK_WIDGET (self->form));
  ch_closes_on_escape (GTK_WINDOW (self));
}
