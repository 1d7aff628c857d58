/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/tell.h"

#include "model/words.h"

#include <glib/gi18n.h>

static AdwToastOverlay *
find_overlay (GtkWidget *where)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (where, ADW_TYPE_TOAST_OVERLAY);

  return overlay != NULL ? ADW_TOAST_OVERLAY (overlay) : NULL;
}

static void
add_toast (GtkWidget *where,
           AdwToast  *toast)
{
  AdwToastOverlay *overlay = find_overlay (where);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, toast);
  else
    g_object_unref (toast);
}

/* The title of a toast is markup. */
static AdwToast *
new_toast (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

void
ch_tell (GtkWidget  *where,
         const char *text)
{
  add_toast (where, new_toast (text));
}

void
ch_tell_error (GtkWidget    *where,
               const char   *what,
               const GError *error)
{
  g_autofree char *why = ch_words_without_commands (error->message);
  AdwToast *toast;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  toast = new_toast (what);
  adw_toast_set_timeout (toast, 10);
  adw_toast_set_button_label (toast, _("_Details"));
  adw_toast_set_action_name (toast, "win.details");
  adw_toast_set_action_target (toast, "(ss)", what, why);
  add_toast (where, toast);
}

/* offering */

typedef struct
{
  ChAnsweredFunc taken;
  GObject *owner;             /* (owned) */
} Offer;

static void
offer_free (gpointer  data,
            GClosure *closure)
{
  Offer *offer = data;

  g_object_unref (offer->owner);
  g_free (offer);
}

static void
taken_cb (AdwToast *toast,
          Offer    *offer)
{
  offer->taken (offer->owner);
}

void
ch_tell_offer (GtkWidget     *where,
               const char    *text,
               const char    *label,
               ChAnsweredFunc taken,
               GObject       *owner)
{
  AdwToast *toast = new_toast (text);
  Offer *offer = g_new0 (Offer, 1);

  offer->taken = taken;
  offer->owner = g_object_ref (owner);
  adw_toast_set_timeout (toast, 15);
  adw_toast_set_button_label (toast, label);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (taken_cb), offer, offer_free,
                         G_CONNECT_DEFAULT);
  add_toast (where, toast);
}

/* asking */

typedef struct
{
  ChAnsweredFunc yes;
  GWeakRef owner;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_weak_ref_clear (&question->owner);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          data)
{
  Question *question = data;
  g_autoptr(GObject) owner = g_weak_ref_get (&question->owner);

  if (owner != NULL && g_str_equal (response, "yes"))
    question->yes (owner);
}

GtkWidget *
ch_ask (GtkWidget     *where,
        const char    *heading,
        const char    *body,
        const char    *verb,
        ChAnsweredFunc yes,
        gpointer       owner)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (where)), heading, body);
  Question *question = g_new0 (Question, 1);

  question->yes = yes;
  g_weak_ref_init (&question->owner, owner);
  g_object_set_data_full (G_OBJECT (dialog), "question", question, question_free);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "no", _("_Cancel"), "yes", verb, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "no");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "no");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), question);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

void
ch_closes_on_escape (GtkWindow *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
}
