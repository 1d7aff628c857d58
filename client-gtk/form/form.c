/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/form.h"

#include "lib/error.h"
#include "lib/row.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ChForm
{
  AdwBin parent_instance;

  GtkBox *usual;
  GtkBox *advanced;
  GtkExpander *expander;

  GPtrArray *fields;          /* (element-type ChFormField): children of the two boxes */
  GHashTable *before;         /* (owned) (element-type utf8 utf8): values that the fields began with */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChForm, ch_form, ADW_TYPE_BIN)

static ChFormField *
find (ChForm     *self,
      const char *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    if (g_str_equal (ch_form_field_get_name (self->fields->pdata[i]), name))
      return self->fields->pdata[i];

  return NULL;
}

/* making */

static void
changed_cb (ChForm *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_field (ChForm   *self,
           GVariant *row)
{
  ChFormField *field = ch_form_field_new (row);

  g_ptr_array_add (self->fields, field);
  g_hash_table_insert (self->before, g_strdup (ch_form_field_get_name (field)),
                       ch_form_field_get_value (field));
  gtk_box_append (ch_row_flag (row, "advanced") ? self->advanced : self->usual, GTK_WIDGET (field));
  g_signal_connect_swapped (field, "changed", G_CALLBACK (changed_cb), self);
}

static GHashTable *
collect_values (ChForm *self)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->fields->len; i++)
    g_hash_table_insert (values, g_strdup (ch_form_field_get_name (self->fields->pdata[i])),
                         ch_form_field_get_value (self->fields->pdata[i]));
  return values;
}

static void
clear (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

void
ch_form_set_fields (ChForm   *self,
                    GVariant *fields)
{
  g_autoptr(GHashTable) typed = collect_values (self);
  GHashTableIter iter;
  gpointer name, value;

  g_ptr_array_set_size (self->fields, 0);
  g_hash_table_remove_all (self->before);
  clear (self->usual);
  clear (self->advanced);

  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);

      add_field (self, field);
    }

  g_hash_table_iter_init (&iter, typed);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (*(char *) value != '\0' && find (self, name) != NULL)
      ch_form_field_set_value (find (self, name), value);

  gtk_widget_set_visible (GTK_WIDGET (self->usual),
                          gtk_widget_get_first_child (GTK_WIDGET (self->usual)) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->expander),
                          gtk_widget_get_first_child (GTK_WIDGET (self->advanced)) != NULL);
}

void
ch_form_fill (ChForm            *self,
              GVariant          *settings,
              const char *const *secrets)
{
  GVariantIter iter;
  const char *name, *value;

  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &value))
    {
      ChFormField *field = find (self, name);

      if (field == NULL || ch_form_field_is_secret (field))
        continue;
      ch_form_field_set_value (field, value);
      g_hash_table_insert (self->before, g_strdup (name), ch_form_field_get_value (field));
    }

  for (gsize i = 0; secrets != NULL && secrets[i] != NULL; i++)
    if (find (self, secrets[i]) != NULL)
      ch_form_field_set_kept (find (self, secrets[i]));
}

/* reading */

static GVariant *
collect_changes (ChForm  *self,
                 gboolean secret)
{
  GVariantBuilder changes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  for (guint i = 0; i < self->fields->len; i++)
    {
      ChFormField *field = self->fields->pdata[i];
      const char *name = ch_form_field_get_name (field);
      g_autofree char *value = ch_form_field_get_value (field);

      if (ch_form_field_is_secret (field) == secret
          && g_strcmp0 (value, g_hash_table_lookup (self->before, name)) != 0)
        g_variant_builder_add (&changes, "{ss}", name, value);
    }

  return g_variant_ref_sink (g_variant_builder_end (&changes));
}

GVariant *
ch_form_get_settings (ChForm *self)
{
  return collect_changes (self, FALSE);
}

GVariant *
ch_form_get_secrets (ChForm *self)
{
  return collect_changes (self, TRUE);
}

char *
ch_form_get_value (ChForm     *self,
                   const char *name)
{
  ChFormField *field = find (self, name);

  return field != NULL ? ch_form_field_get_value (field) : g_strdup ("");
}

void
ch_form_set_value (ChForm     *self,
                   const char *name,
                   const char *value)
{
  ChFormField *field = find (self, name);

  if (field == NULL)
    return;
  ch_form_field_set_value (field, value);
  g_hash_table_insert (self->before, g_strdup (name), ch_form_field_get_value (field));
}

void
ch_form_enter (ChForm     *self,
               const char *name,
               const char *value)
{
  ChFormField *field = find (self, name);

  if (field != NULL)
    ch_form_field_set_value (field, value);
}

ChFormField *
ch_form_get_field (ChForm     *self,
                   const char *name)
{
  return find (self, name);
}

GVariant *
ch_form_get_all (ChForm *self)
{
  GVariantBuilder all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  for (guint i = 0; i < self->fields->len; i++)
    {
      ChFormField *field = self->fields->pdata[i];
      g_autofree char *value = ch_form_field_get_value (field);

      if (*value != '\0' && !ch_form_field_is_secret (field))
        g_variant_builder_add (&all, "{ss}", ch_form_field_get_name (field), value);
    }

  return g_variant_ref_sink (g_variant_builder_end (&all));
}

gboolean
ch_form_is_changed (ChForm            *self,
                    const char *const *names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *value = ch_form_get_value (self, *names);

      if (g_strcmp0 (value, g_hash_table_lookup (self->before, *names)) != 0)
        return TRUE;
    }

  return FALSE;
}

void
ch_form_show_field (ChForm     *self,
                    const char *name,
                    gboolean    visible)
{
  ChFormField *field = find (self, name);

  if (field != NULL)
    gtk_widget_set_visible (GTK_WIDGET (field), visible);
}

/* errors */

static void
show_at (ChForm      *self,
         ChFormField *field,
         const char  *text)
{
  if (gtk_widget_is_ancestor (GTK_WIDGET (field), GTK_WIDGET (self->advanced)))
    gtk_expander_set_expanded (self->expander, TRUE);
  ch_form_field_set_error (field, text);
  ch_form_field_focus (field);
}

gboolean
ch_form_check (ChForm *self)
{
  ChFormField *missing = NULL;

  for (guint i = self->fields->len; i > 0; i--)
    {
      ChFormField *field = self->fields->pdata[i - 1];
      g_autofree char *value = ch_form_field_get_value (field);

      ch_form_field_set_error (field, NULL);
      if (*g_strstrip (value) != '\0' || !ch_form_field_is_required (field)
          || !gtk_widget_get_visible (GTK_WIDGET (field)))
        continue;
      missing = field;
      show_at (self, field, _("This is needed"));
    }

  return missing == NULL;
}

/* The service names the field in quotes, or in front: “url: …”. Where it names several, the last one is what
 * shall be given. */
static ChFormField *
find_blamed (ChForm      *self,
             const char  *message,
             const char **text)
{
  ChFormField *blamed = NULL;
  const char *last = NULL;

  *text = message;
  for (guint i = 0; i < self->fields->len; i++)
    {
      const char *name = ch_form_field_get_name (self->fields->pdata[i]);
      g_autofree char *prefix = g_strdup_printf ("%s: ", name);
      g_autofree char *quoted = g_strdup_printf ("“%s”", name);
      const char *found = g_strrstr (message, quoted);

      if (g_str_has_prefix (message, prefix))
        {
          *text = message + strlen (prefix);
          return self->fields->pdata[i];
        }
      if (found != NULL && found > last)
        {
          blamed = self->fields->pdata[i];
          last = found;
        }
    }

  return blamed;
}

gboolean
ch_form_show_error (ChForm       *self,
                    const GError *error)
{
  const char *text;
  ChFormField *field = error->domain == CH_ERROR ? find_blamed (self, error->message, &text) : NULL;

  if (field == NULL)
    return FALSE;

  show_at (self, field, text);
  return TRUE;
}

gboolean
ch_form_show_problem (ChForm     *self,
                      const char *name,
                      const char *text)
{
  ChFormField *field = find (self, name);

  if (field == NULL || !gtk_widget_get_visible (GTK_WIDGET (field)))
    return FALSE;

  show_at (self, field, text);
  return TRUE;
}

/* class */

ChForm *
ch_form_new (void)
{
  return g_object_new (CH_TYPE_FORM, NULL);
}

static void
ch_form_finalize (GObject *object)
{
  ChForm *self = CH_FORM (object);

  g_ptr_array_unref (self->fields);
  g_hash_table_unref (self->before);
  G_OBJECT_CLASS (ch_form_parent_class)->finalize (object);
}

static void
ch_form_class_init (ChFormClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_form_finalize;
  signals[CHANGED] = g_signal_new ("changed", CH_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
ch_form_init (ChForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->fields = g_ptr_array_new ();
  self->before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->usual = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->advanced = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 12,
                                 "margin-top", 12, NULL);
  self->expander = g_object_new (GTK_TYPE_EXPANDER, "label", _("Rarely Needed"), "child", self->advanced,
                                 NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Rarely Needed"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->usual));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->expander));
  adw_bin_set_child (ADW_BIN (self), box);
}
