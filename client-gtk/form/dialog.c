/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/dialog.h"

#include "lib/error.h"
#include "shell/tell.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  GtkButton *save;
  GtkWidget *spinner;
  AdwBin *top_bin;
  AdwBin *name_bin;
  AdwBin *form_bin;
  GtkWidget *error_box;
  GtkLabel *error;

  ChFormField *name;          /* in @name_bin */
  ChForm *form;               /* in @form_bin */
  ChService *service;         /* (owned) (nullable) */
  ChItem *item;               /* (owned) (nullable) */
} ChFormDialogPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChFormDialog, ch_form_dialog, ADW_TYPE_WINDOW)

static ChFormDialogPrivate *
priv (ChFormDialog *self)
{
  return ch_form_dialog_get_instance_private (self);
}

/* what it is about */

ChForm *
ch_form_dialog_get_form (ChFormDialog *self)
{
  return priv (self)->form;
}

ChService *
ch_form_dialog_get_service (ChFormDialog *self)
{
  return priv (self)->service;
}

ChItem *
ch_form_dialog_get_item (ChFormDialog *self)
{
  return priv (self)->item;
}

gboolean
ch_form_dialog_is_renamed (ChFormDialog *self,
                           const char   *name)
{
  ChItem *item = priv (self)->item;

  return item != NULL && !g_str_equal (name, ch_item_get_text (item, "Name"));
}

/* errors */

void
ch_form_dialog_show_error (ChFormDialog *self,
                           const char   *text)
{
  gtk_label_set_label (priv (self)->error, text != NULL ? text : "");
  gtk_widget_set_visible (priv (self)->error_box, text != NULL);
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
blame_name (ChFormDialog *self,
            const char   *text)
{
  ch_form_field_set_error (priv (self)->name, text);
  ch_form_field_focus (priv (self)->name);
}

void
ch_form_dialog_tell (ChFormDialog *self,
                     const GError *error)
{
  ChFormDialogPrivate *private = priv (self);
  gboolean is_named = gtk_widget_get_visible (GTK_WIDGET (private->name_bin));
  g_autofree char *name = ch_form_field_get_value (private->name);

  if (is_named && (g_error_matches (error, CH_ERROR, CH_ERROR_EXISTS)
                   || (g_error_matches (error, CH_ERROR, CH_ERROR_INVALID) && !is_handle (name))))
    blame_name (self, error->message);
  else if (!ch_form_show_error (private->form, error))
    ch_form_dialog_show_error (self, error->message);
}

/* saving */

void
ch_form_dialog_set_busy (ChFormDialog *self,
                         gboolean      busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (priv (self)->save), !busy);
  gtk_widget_set_visible (priv (self)->spinner, busy);
}

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(ChFormDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  ChFormDialogClass *class = CH_FORM_DIALOG_GET_CLASS (self);

  /* Closed meanwhile. */
  if (priv (self)->service == NULL)
    return;

  ch_form_dialog_set_busy (self, FALSE);
  if (reply == NULL)
    {
      (class->failed != NULL ? class->failed : ch_form_dialog_tell) (self, error);
      return;
    }

  if (class->saved != NULL)
    class->saved (self, reply);
  gtk_window_destroy (GTK_WINDOW (self));
}

void
ch_form_dialog_act (ChFormDialog *self,
                    const char   *path,
                    const char   *interface,
                    const char   *method,
                    GVariant     *parameters,
                    const char   *reply_type)
{
  ch_form_dialog_set_busy (self, TRUE);
  ch_service_act_async (priv (self)->service, path, interface, method, parameters, reply_type, NULL, acted_cb,
                        g_object_ref (self));
}

void
ch_form_dialog_save (ChFormDialog *self)
{
  ChFormDialogPrivate *private = priv (self);
  g_autofree char *name = ch_form_field_get_value (private->name);
  gboolean complete = ch_form_check (private->form);

  ch_form_dialog_show_error (self, NULL);
  if (*g_strstrip (name) == '\0' && gtk_widget_get_visible (GTK_WIDGET (private->name_bin)))
    blame_name (self, _("This is needed"));
  else if (complete)
    CH_FORM_DIALOG_GET_CLASS (self)->save (self, name);
}

static void
save_cb (ChFormDialog *self)
{
  ChFormDialogClass *class = CH_FORM_DIALOG_GET_CLASS (self);

  if (class->ask_first == NULL || !class->ask_first (self))
    ch_form_dialog_save (self);
}

/* making */

void
ch_form_dialog_begin (ChFormDialog *self,
                      GtkWidget    *where,
                      ChService    *service,
                      ChItem       *item,
                      const char   *title)
{
  ChFormDialogPrivate *private = priv (self);

  gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (gtk_widget_get_root (where)));
  gtk_window_set_title (GTK_WINDOW (self), title);
  private->service = g_object_ref (service);
  if (item == NULL)
    return;

  private->item = g_object_ref (item);
  gtk_button_set_label (private->save, C_("button", "_Save"));
  ch_form_field_set_value (private->name, ch_item_get_text (item, "Name"));
}

void
ch_form_dialog_set_top (ChFormDialog *self,
                        GtkWidget    *widget)
{
  adw_bin_set_child (priv (self)->top_bin, widget);
}

void
ch_form_dialog_set_nameless (ChFormDialog *self,
                             const char   *verb)
{
  gtk_widget_set_visible (GTK_WIDGET (priv (self)->name_bin), FALSE);
  gtk_button_set_label (priv (self)->save, verb);
}

void
ch_form_dialog_present (ChFormDialog *self)
{
  ChFormDialogPrivate *private = priv (self);

  if (gtk_widget_get_visible (GTK_WIDGET (private->name_bin)))
    ch_form_field_focus (private->name);
  else
    gtk_widget_child_focus (GTK_WIDGET (private->form), GTK_DIR_TAB_FORWARD);
  gtk_window_present (GTK_WINDOW (self));
}

/* class */

static void
ch_form_dialog_dispose (GObject *object)
{
  ChFormDialogPrivate *private = priv (CH_FORM_DIALOG (object));

  g_clear_object (&private->service);
  g_clear_object (&private->item);
  G_OBJECT_CLASS (ch_form_dialog_parent_class)->dispose (object);
}

static void
ch_form_dialog_class_init (ChFormDialogClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_form_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/form/dialog.ui");
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, save);
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, spinner);
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, top_bin);
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, name_bin);
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, form_bin);
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, error_box);
  gtk_widget_class_bind_template_child_private (widget, ChFormDialog, error);
  gtk_widget_class_bind_template_callback (widget, save_cb);
}

static void
ch_form_dialog_init (ChFormDialog *self)
{
  ChFormDialogPrivate *private = priv (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  private->name = ch_form_field_new_line ("", C_("form", "Name"),
                                          _("How it is called here: letters, digits, “.”, “_” and “-”"));
  private->form = ch_form_new ();
  adw_bin_set_child (private->name_bin, GTK_WIDGET (private->name));
  adw_bin_set_child (private->form_bin, GTK_WIDGET (private->form));
  ch_closes_on_escape (GTK_WINDOW (self));
}
