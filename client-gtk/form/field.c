/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/field.h"

#include "form/file.h"
#include "lib/row.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

struct _ChFormField
{
  AdwBin parent_instance;

  GtkWidget *box;
  GtkWidget *input;           /* the row, or the text view */
  GtkLabel *help;
  GtkWidget *error_box;
  GtkLabel *error;

  GVariant *field;            /* (owned) */
  GStrv choices;              /* (owned): values in the order of the list; empty: no choice */
  gboolean is_kept;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChFormField, ch_form_field, ADW_TYPE_BIN)

/* values */

const char *
ch_form_field_get_name (ChFormField *self)
{
  return ch_row_string (self->field, "name");
}

gboolean
ch_form_field_is_secret (ChFormField *self)
{
  return ch_row_flag (self->field, "secret");
}

gboolean
ch_form_field_is_required (ChFormField *self)
{
  return ch_row_flag (self->field, "required") && !self->is_kept;
}

static char *
get_text (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

char *
ch_form_field_get_value (ChFormField *self)
{
  if (GTK_IS_TEXT_VIEW (self->input))
    return get_text (GTK_TEXT_VIEW (self->input));
  if (ADW_IS_COMBO_ROW (self->input))
    {
      guint chosen = adw_combo_row_get_selected (ADW_COMBO_ROW (self->input));

      return g_strdup (chosen < g_strv_length (self->choices) ? self->choices[chosen] : "");
    }
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->input)));
}

static void
choose (ChFormField *self,
        const char  *value)
{
  for (guint i = 0; self->choices[i] != NULL; i++)
    if (g_str_equal (self->choices[i], value))
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->input), i);
}

void
ch_form_field_set_value (ChFormField *self,
                         const char  *value)
{
  if (GTK_IS_TEXT_VIEW (self->input))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->input)), value, -1);
  else if (ADW_IS_COMBO_ROW (self->input))
    choose (self, value);
  else
    gtk_editable_set_text (GTK_EDITABLE (self->input), value);
}

/* what stands below */

static void
show_help (ChFormField *self)
{
  const char *help = ch_row_string (self->field, "help");
  const char *fallback = ch_row_string (self->field, "default");
  g_autoptr(GString) text = g_string_new (help);

  if (self->is_kept)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ". " : "",
                            _("One is set; leave this empty to keep it"));
  else if (*fallback != '\0' && !ADW_IS_COMBO_ROW (self->input))
    {
      g_string_append (text, text->len > 0 ? ". " : "");
      g_string_append_printf (text, _("Without it: %s"), fallback);
    }

  gtk_label_set_label (self->help, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->help), text->len > 0);
}

void
ch_form_field_set_kept (ChFormField *self)
{
  self->is_kept = TRUE;
  show_help (self);
}

void
ch_form_field_set_error (ChFormField *self,
                         const char  *text)
{
  gtk_label_set_label (self->error, text != NULL ? text : "");
  gtk_widget_set_visible (self->error_box, text != NULL);
  if (text != NULL)
    gtk_widget_add_css_class (self->input, "error");
  else
    gtk_widget_remove_css_class (self->input, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->input), GTK_ACCESSIBLE_STATE_INVALID,
                               text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

void
ch_form_field_focus (ChFormField *self)
{
  gtk_widget_grab_focus (self->input);
}

void
ch_form_field_add_suffix (ChFormField *self,
                          GtkWidget   *widget)
{
  if (ADW_IS_ENTRY_ROW (self->input))
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (self->input), widget);
  else if (ADW_IS_ACTION_ROW (self->input))
    adw_action_row_add_suffix (ADW_ACTION_ROW (self->input), widget);
  else
    gtk_box_append (GTK_BOX (self->box), widget);
}

static void
changed_cb (ChFormField *self)
{
  ch_form_field_set_error (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* inputs */

static char *
make_title (ChFormField *self)
{
  const char *title = ch_row_string (self->field, "title");

  if (!ch_row_flag (self->field, "required"))
    return g_strdup (title);
  /* Translators: the title of a field that must be filled in. */
  return g_strdup_printf (C_("form", "%s (required)"), title);
}

static void
add_to_list (ChFormField *self,
             GtkWidget   *row)
{
  GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);

  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (GTK_BOX (self->box), list);
  self->input = row;
}

static void
make_line (ChFormField *self,
           const char  *title)
{
  GType type = ch_form_field_is_secret (self) ? ADW_TYPE_PASSWORD_ENTRY_ROW : ADW_TYPE_ENTRY_ROW;
  GtkWidget *row = ch_text_row_new (type, "title", title, NULL);

  g_signal_connect_swapped (row, "changed", G_CALLBACK (changed_cb), self);
  add_to_list (self, row);
}

/* A choice that may be left open begins with an empty one. */
static void
list_choices (ChFormField       *self,
              const char *const *values,
              const char *const *titles)
{
  const char *unset = ch_row_string (self->field, "unset");
  gboolean has_default = *ch_row_string (self->field, "default") != '\0';
  gboolean is_open = !has_default && (values[0] == NULL || *values[0] != '\0');
  gboolean are_titled = g_strv_length ((char **) titles) == g_strv_length ((char **) values);
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();
  g_autoptr(GtkStringList) shown = gtk_string_list_new (NULL);

  if (is_open)
    {
      g_strv_builder_add (all, "");
      gtk_string_list_append (shown, *unset != '\0' ? unset : C_("choice", "Not set"));
    }
  for (gsize i = 0; values[i] != NULL; i++)
    {
      g_strv_builder_add (all, values[i]);
      gtk_string_list_append (shown, are_titled ? titles[i] : values[i]);
    }

  g_strfreev (self->choices);
  self->choices = g_strv_builder_end (all);
  adw_combo_row_set_model (ADW_COMBO_ROW (self->input), G_LIST_MODEL (shown));
}

/* What counts without a choice is chosen at first. */
static void
make_choice (ChFormField *self,
             const char  *title)
{
  g_auto(GStrv) values = ch_row_strings (self->field, "choices");
  g_auto(GStrv) titles = ch_row_strings (self->field, "titles");

  add_to_list (self, ch_text_row_new (ADW_TYPE_COMBO_ROW, "title", title, NULL));
  list_choices (self, (const char *const *) values, (const char *const *) titles);
  choose (self, ch_row_string (self->field, "default"));
  g_signal_connect_swapped (self->input, "notify::selected", G_CALLBACK (changed_cb), self);
}

void
ch_form_field_set_choices (ChFormField       *self,
                           const char *const *values,
                           const char *const *titles)
{
  g_autofree char *chosen = ch_form_field_get_value (self);

  g_signal_handlers_block_by_func (self->input, changed_cb, self);
  list_choices (self, values, titles);
  choose (self, chosen);
  g_signal_handlers_unblock_by_func (self->input, changed_cb, self);
}

static void
file_cb (const char *text,
         gpointer    data)
{
  ch_form_field_set_value (data, text);
}

static void
file_failed_cb (const GError *error,
                gpointer      data)
{
  ch_form_field_set_error (data, error->message);
}

static void
choose_file_cb (ChFormField *self)
{
  ch_file_read (GTK_WIDGET (self), ch_row_string (self->field, "title"), file_cb, file_failed_cb, self);
}

static void
make_text (ChFormField *self,
           const char  *title)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "hexpand", TRUE, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Read from _File…"));
  GtkWidget *scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "min-content-height", 96,
                                      "max-content-height", 240, "propagate-natural-height", TRUE, NULL);
  GtkWidget *view = g_object_new (GTK_TYPE_TEXT_VIEW, "monospace", TRUE, "accepts-tab", FALSE, "top-margin",
                                  8, "bottom-margin", 8, "left-margin", 12, "right-margin", 12, NULL);

  gtk_box_append (GTK_BOX (head), label);
  gtk_box_append (GTK_BOX (head), button);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_add_css_class (view, "plain-text");
  gtk_box_append (GTK_BOX (self->box), head);
  gtk_box_append (GTK_BOX (self->box), scroller);
  self->input = view;
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (choose_file_cb), self);
  g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "changed",
                            G_CALLBACK (changed_cb), self);
}

static void
make_notes (ChFormField *self)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-error-symbolic", "valign",
                                  GTK_ALIGN_START, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->error_box = g_object_new (GTK_TYPE_BOX, "spacing", 6, "visible", FALSE, "margin-start", 12,
                                  "margin-end", 12, NULL);
  self->error = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                              "hexpand", TRUE, NULL);
  gtk_widget_add_css_class (self->error_box, "error");
  gtk_box_append (GTK_BOX (self->error_box), icon);
  gtk_box_append (GTK_BOX (self->error_box), GTK_WIDGET (self->error));

  self->help = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                             "margin-start", 12, "margin-end", 12, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->help), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->help), "dim-label");
  gtk_box_append (GTK_BOX (self->box), self->error_box);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->help));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->input), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  self->help, NULL, -1);
}

ChFormField *
ch_form_field_new (GVariant *field)
{
  ChFormField *self = g_object_new (CH_TYPE_FORM_FIELD, NULL);
  g_autofree char *title = NULL;

  self->field = g_variant_ref_sink (field);
  self->choices = ch_row_strings (field, "choices");
  title = make_title (self);
  if (self->choices[0] != NULL || ch_row_flag (field, "choice"))
    make_choice (self, title);
  else if (ch_row_flag (field, "multiline"))
    make_text (self, title);
  else
    make_line (self, title);
  make_notes (self);
  show_help (self);
  return self;
}

ChFormField *
ch_form_field_new_line (const char *name,
                        const char *title,
                        const char *help)
{
  GVariantDict field;

  g_variant_dict_init (&field, NULL);
  g_variant_dict_insert (&field, "name", "s", name);
  g_variant_dict_insert (&field, "title", "s", title);
  g_variant_dict_insert (&field, "help", "s", help);
  g_variant_dict_insert (&field, "required", "b", TRUE);
  return ch_form_field_new (g_variant_dict_end (&field));
}

/* class */

static void
ch_form_field_finalize (GObject *object)
{
  ChFormField *self = CH_FORM_FIELD (object);

  g_clear_pointer (&self->field, g_variant_unref);
  g_clear_pointer (&self->choices, g_strfreev);
  G_OBJECT_CLASS (ch_form_field_parent_class)->finalize (object);
}

static void
ch_form_field_class_init (ChFormFieldClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_form_field_finalize;
  signals[CHANGED] = g_signal_new ("changed", CH_TYPE_FORM_FIELD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
ch_form_field_init (ChFormField *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  adw_bin_set_child (ADW_BIN (self), self->box);
}
