/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/file.h"

#include "lib/error.h"

#include <glib/gi18n.h>

/* As the service says of a field. */
#define SIZE_MAX_FIELD 65536

typedef struct
{
  GtkFileChooserNative *chooser;    /* (owned) */
  GWeakRef owner;
  ChFileTextFunc done;
  ChFileErrorFunc failed;
  GBytes *content;                  /* (owned) (nullable): to be written */
} Choice;

static void
choice_free (Choice *choice)
{
  g_object_unref (choice->chooser);
  g_weak_ref_clear (&choice->owner);
  g_clear_pointer (&choice->content, g_bytes_unref);
  g_free (choice);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Choice, choice_free)

static void
tell (Choice       *choice,
      const char   *text,
      const GError *error)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&choice->owner);

  if (owner == NULL)
    return;
  if (error != NULL)
    choice->failed (error, owner);
  else
    choice->done (text, owner);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Choice) choice = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  g_autofree char *text = NULL;
  gsize length;

  if (bytes != NULL)
    {
      gconstpointer content = g_bytes_get_data (bytes, &length);

      text = g_strndup (content != NULL ? content : "", length);
      if (length > SIZE_MAX_FIELD || !g_utf8_validate (text, (gssize) length, NULL))
        ch_error_set (&error, CH_ERROR_INVALID, _("This file is no text, or is longer than 64 KiB"));
    }
  tell (choice, text, error);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(Choice) choice = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    tell (choice, NULL, error);
  else
    g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), SIZE_MAX_FIELD + 1, G_PRIORITY_DEFAULT, NULL,
                                     read_cb, g_steal_pointer (&choice));
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(Choice) choice = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_file_get_parse_name (G_FILE (source));

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  tell (choice, path, error);
}

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           gpointer         data)
{
  g_autoptr(Choice) choice = data;
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response != GTK_RESPONSE_ACCEPT || file == NULL)
    return;

  GBytes *content = choice->content;
  if (content == NULL)
    g_file_read_async (file, G_PRIORITY_DEFAULT, NULL, opened_cb, g_steal_pointer (&choice));
  else
    g_file_replace_contents_bytes_async (file, content, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb,
                                         g_steal_pointer (&choice));
}

static void
choose (GtkWidget           *where,
        const char          *title,
        GtkFileChooserAction action,
        Choice              *choice)
{
  choice->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (where)), action,
                                                 NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->chooser), TRUE);
  g_signal_connect (choice->chooser, "response", G_CALLBACK (chosen_cb), choice);
}

static Choice *
choice_new (ChFileTextFunc  done,
            ChFileErrorFunc failed,
            gpointer        owner)
{
  Choice *choice = g_new0 (Choice, 1);

  g_weak_ref_init (&choice->owner, owner);
  choice->done = done;
  choice->failed = failed;
  return choice;
}

void
ch_file_read (GtkWidget      *where,
              const char     *title,
              ChFileTextFunc  done,
              ChFileErrorFunc failed,
              gpointer        owner)
{
  Choice *choice = choice_new (done, failed, owner);

  choose (where, title, GTK_FILE_CHOOSER_ACTION_OPEN, choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choice->chooser));
}

void
ch_file_write (GtkWidget      *where,
               const char     *title,
               const char     *name,
               GBytes         *content,
               ChFileTextFunc  done,
               ChFileErrorFunc failed,
               gpointer        owner)
{
  Choice *choice = choice_new (done, failed, owner);

  choice->content = g_bytes_ref (content);
  choose (where, title, GTK_FILE_CHOOSER_ACTION_SAVE, choice);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (choice->chooser), name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choice->chooser));
}
