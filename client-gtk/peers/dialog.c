/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peers/dialog.h"

#include "lib/paths.h"
#include "lib/row.h"

#include <glib/gi18n.h>

struct _ChPeerDialog
{
  ChFormDialog parent_instance;

  AdwComboRow *kind;
  GtkWidget *kind_list;
  GtkLabel *permissions;

  const ChPeerRole *role;
};

G_DEFINE_FINAL_TYPE (ChPeerDialog, ch_peer_dialog, CH_TYPE_FORM_DIALOG)

static ChForm *
get_form (ChPeerDialog *self)
{
  return ch_form_dialog_get_form (CH_FORM_DIALOG (self));
}

static ChItem *
get_item (ChPeerDialog *self)
{
  return ch_form_dialog_get_item (CH_FORM_DIALOG (self));
}

/* kinds */

static void
show_kind (ChPeerDialog *self,
           GVariant     *kind)
{
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  const char *permissions = ch_row_string (kind, "permissions");

  ch_form_set_fields (get_form (self), fields);
  gtk_label_set_label (self->permissions, permissions);
  gtk_widget_set_visible (GTK_WIDGET (self->permissions), *permissions != '\0');
  if (self->role->dress != NULL)
    self->role->dress (CH_FORM_DIALOG (self), kind);
}

static GVariant *
get_kind (ChPeerDialog *self)
{
  ChService *service = ch_form_dialog_get_service (CH_FORM_DIALOG (self));
  GVariant *kinds = ch_service_get_kinds (service, self->role->role);
  guint chosen = adw_combo_row_get_selected (self->kind);

  if (get_item (self) != NULL)
    return ch_service_get_kind (service, self->role->role, ch_item_get_text (get_item (self), "Kind"));
  return kinds != NULL && chosen < g_variant_n_children (kinds) ? g_variant_get_child_value (kinds, chosen)
                                                                : NULL;
}

static void
kind_chosen_cb (ChPeerDialog *self)
{
  g_autoptr(GVariant) kind = ch_form_dialog_get_service (CH_FORM_DIALOG (self)) != NULL ? get_kind (self)
                                                                                        : NULL;

  if (kind != NULL)
    show_kind (self, kind);
}

static void
list_kinds (ChPeerDialog *self)
{
  GVariant *kinds = ch_service_get_kinds (ch_form_dialog_get_service (CH_FORM_DIALOG (self)),
                                          self->role->role);
  g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);

  for (gsize i = 0; kinds != NULL && i < g_variant_n_children (kinds); i++)
    {
      g_autoptr(GVariant) kind = g_variant_get_child_value (kinds, i);

      gtk_string_list_append (titles, ch_row_string (kind, "title"));
    }

  adw_combo_row_set_model (self->kind, G_LIST_MODEL (titles));
  gtk_widget_set_visible (self->kind_list,
                          get_item (self) == NULL && g_list_model_get_n_items (G_LIST_MODEL (titles)) > 1);
  kind_chosen_cb (self);
}

/* saving */

static gboolean
ch_peer_dialog_ask_first (ChFormDialog *dialog)
{
  ChPeerDialog *self = CH_PEER_DIALOG (dialog);
  g_autoptr(GVariant) kind = get_kind (self);

  return kind != NULL && self->role->ask_first != NULL && self->role->ask_first (dialog, kind);
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

  ch_form_dialog_act (CH_FORM_DIALOG (self), CH_ROOT_PATH, CH_IFACE_MANAGER, self->role->add, parameters,
                      "(o)");
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
  if (ch_form_dialog_is_renamed (CH_FORM_DIALOG (self), name))
    g_variant_dict_insert (&options, "name", "s", name);
  parameters = self->role->has_state
                   ? g_variant_new ("(@a{ss}@a{ss}@a{sv})", settings, secrets, g_variant_dict_end (&options))
                   : g_variant_new ("(@a{ss}@a{sv})", settings, g_variant_dict_end (&options));
  ch_form_dialog_act (CH_FORM_DIALOG (self), ch_item_get_path (get_item (self)), self->role->interface,
                      "Edit", parameters, "()");
}

static void
ch_peer_dialog_save (ChFormDialog *dialog,
                     const char   *name)
{
  ChPeerDialog *self = CH_PEER_DIALOG (dialog);
  g_autoptr(GVariant) settings = ch_form_get_settings (get_form (self));
  g_autoptr(GVariant) secrets = ch_form_get_secrets (get_form (self));

  if (get_item (self) != NULL)
    change (self, name, settings, secrets);
  else
    add (self, name, settings, secrets);
}

static void
ch_peer_dialog_saved (ChFormDialog *dialog,
                      GVariant     *reply)
{
  ChPeerDialog *self = CH_PEER_DIALOG (dialog);
  const char *path = get_item (self) != NULL ? ch_item_get_path (get_item (self)) : NULL;

  if (path == NULL)
    g_variant_get (reply, "(&o)", &path);
  if (self->role->saved != NULL)
    self->role->saved (dialog, path);
}

/* making */

static void
fill (ChPeerDialog *self)
{
  GVariant *row = ch_item_get_row (get_item (self));
  g_autoptr(GVariant) settings = ch_row_list (row, "Settings", "a{ss}");
  g_auto(GStrv) secrets = ch_row_strings (row, "Secrets");

  ch_form_fill (get_form (self), settings, (const char *const *) secrets);
}

/* A dialog that was opened before the service had told of any kind. */
static void
kinds_changed_cb (ChPeerDialog *self)
{
  if (g_list_model_get_n_items (adw_combo_row_get_model (self->kind)) > 0)
    return;

  list_kinds (self);
  if (get_item (self) != NULL)
    fill (self);
}

void
ch_peer_dialog_show (GtkWidget        *where,
                     const ChPeerRole *role,
                     ChService        *service,
                     ChItem           *item)
{
  ChPeerDialog *self = g_object_new (CH_TYPE_PEER_DIALOG, NULL);
  g_autofree char *title = item != NULL ? g_strdup_printf (_(role->edit_title),
                                                           ch_item_get_text (item, "Name"))
                                        : g_strdup (_(role->new_title));

  self->role = role;
  ch_form_dialog_begin (CH_FORM_DIALOG (self), where, service, item, title);
  list_kinds (self);
  g_signal_connect_object (service, "kinds-changed", G_CALLBACK (kinds_changed_cb), self, G_CONNECT_SWAPPED);
  if (item != NULL)
    fill (self);
  ch_form_dialog_present (CH_FORM_DIALOG (self));
}

/* class */

static void
ch_peer_dialog_class_init (ChPeerDialogClass *class)
{
  ChFormDialogClass *dialog = CH_FORM_DIALOG_CLASS (class);

  dialog->ask_first = ch_peer_dialog_ask_first;
  dialog->save = ch_peer_dialog_save;
  dialog->saved = ch_peer_dialog_saved;
}

static void
ch_peer_dialog_init (ChPeerDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->kind = g_object_new (ADW_TYPE_COMBO_ROW, "title", C_("form", "Kind"), NULL);
  self->kind_list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (self->kind_list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (self->kind_list), GTK_WIDGET (self->kind));
  self->permissions = g_object_new (GTK_TYPE_LABEL, "visible", FALSE, "xalign", 0.0, "wrap", TRUE,
                                    "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "margin-start", 12,
                                    "margin-end", 12, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->permissions), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->permissions), "caption");
  gtk_box_append (GTK_BOX (box), self->kind_list);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->permissions));
  ch_form_dialog_set_top (CH_FORM_DIALOG (self), box);
  g_signal_connect_swapped (self->kind, "notify::selected", G_CALLBACK (kind_chosen_cb), self);
}
