/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/host-key.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a server was asked for, until a person has answered. */
typedef struct
{
  ChFormDialog *dialog;           /* (owned) */
  GVariant *keys;                 /* (owned) (nullable): aa{sv} */
  guint chosen;
  gboolean is_saving;             /* what was begun with the dialog's button goes on */
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->dialog);
  g_clear_pointer (&question->keys, g_variant_unref);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* (transfer full): the key that is set, as its fingerprint (RFC 4251, 6.6; OpenSSH shows it without
 * padding) */
static char *
known_fingerprint (ChFormDialog *dialog)
{
  ChItem *item = ch_form_dialog_get_item (dialog);
  g_autoptr(GVariant) settings = item != NULL ? ch_row_list (ch_item_get_row (item), "Settings", "a{ss}")
                                               : NULL;
  const char *pinned = "";
  g_auto(GStrv) words = NULL;

  if (settings != NULL)
    g_variant_lookup (settings, "host-key", "&s", &pinned);
  words = g_strsplit (pinned, " ", 3);
  if (g_strv_length (words) < 2)
    return g_strdup (pinned);

  gsize length = 0;
  g_autofree guchar *blob = g_base64_decode (words[1], &length);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, blob, (gssize) length);
  g_checksum_get_digest (checksum, digest, &size);
  g_autofree char *text = g_base64_encode (digest, size);
  text[strcspn (text, "=")] = '\0';
  return g_strconcat ("SHA256:", text, NULL);
}

static gboolean
is_among (GVariant   *keys,
          const char *fingerprint)
{
  for (gsize i = 0; i < g_variant_n_children (keys); i++)
    {
      g_autoptr(GVariant) key = g_variant_get_child_value (keys, i);

      if (g_str_equal (ch_row_string (key, "fingerprint"), fingerprint))
        return TRUE;
    }

  return FALSE;
}

/* the answer */

/* Where secrets go is changed together with them: for a login key of the service's own, with a new one. */
static void
forget_login_key (ChForm *form)
{
  g_autofree char *auth = ch_form_get_value (form, "auth");

  if (g_str_equal (auth, "generated") && !ch_form_is_changed (form, (const char *[]) { "public-key", NULL }))
    ch_form_enter (form, "public-key", "");
}

static void
answered_cb (AdwMessageDialog *window,
             const char       *response,
             gpointer          data)
{
  Question *question = data;
  g_autoptr(GVariant) key = NULL;

  if (!g_str_equal (response, "yes") || ch_form_dialog_get_service (question->dialog) == NULL)
    return;

  key = g_variant_get_child_value (question->keys, question->chosen);
  ch_form_enter (ch_form_dialog_get_form (question->dialog), "host-key", ch_row_string (key, "value"));
  if (ch_form_dialog_get_item (question->dialog) != NULL)
    forget_login_key (ch_form_dialog_get_form (question->dialog));
  if (question->is_saving)
    ch_form_dialog_save (question->dialog);
}

static void
chosen_cb (GtkCheckButton *button,
           Question       *question)
{
  if (gtk_check_button_get_active (button))
    question->chosen = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "position"));
}

/* showing */

static GtkWidget *
new_fact (const char *title,
          const char *text)
{
  return ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", text,
                          "title-selectable", TRUE, NULL);
}

static GtkWidget *
new_list (Question   *question,
          const char *known)
{
  GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gsize n = g_variant_n_children (question->keys);
  GtkCheckButton *first = NULL;

  gtk_widget_add_css_class (list, "boxed-list");
  if (*known != '\0')
    gtk_list_box_append (GTK_LIST_BOX (list), new_fact (known, _("known until now")));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GVariant) key = g_variant_get_child_value (question->keys, i);
      const char *fingerprint = ch_row_string (key, "fingerprint");
      g_autofree char *type = *known != '\0'
                                  ? g_strdup_printf (_("%s, shown now"), ch_row_string (key, "type"))
                                  : g_strdup (ch_row_string (key, "type"));
      GtkWidget *row = new_fact (fingerprint, type);
      GtkWidget *button = gtk_check_button_new ();

      gtk_check_button_set_group (GTK_CHECK_BUTTON (button), first);
      first = first != NULL ? first : GTK_CHECK_BUTTON (button);
      gtk_widget_set_visible (button, n > 1);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (button), i == 0);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, fingerprint,
                                      -1);
      g_object_set_data (G_OBJECT (button), "position", GUINT_TO_POINTER (i));
      g_signal_connect (button, "toggled", G_CALLBACK (chosen_cb), question);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  return list;
}

static void
ask (Question   *question,
     const char *known)
{
  gboolean has_changed = *known != '\0';
  g_autofree char *host = ch_form_get_value (ch_form_dialog_get_form (question->dialog), "host");
  g_autofree char *heading = g_strdup_printf (has_changed ? _("The Key of “%s” Has Changed")
                                                          : _("Is This the Key of “%s”?"), host);
  GtkWidget *window = adw_message_dialog_new (GTK_WINDOW (question->dialog), heading, NULL);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (window);

  if (has_changed)
    adw_message_dialog_set_body (dialog,
                                 _("It was set up anew, or somebody stands in between. Go on only if its "
                                   "administrator has told you this fingerprint. A login key that the "
                                   "service has made is made anew, too."));
  else
    adw_message_dialog_set_body (dialog,
                                 _("Compare it with what the server’s administrator says, or on the server "
                                   "with “ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub”."));
  adw_message_dialog_set_extra_child (dialog, new_list (question, known));
  adw_message_dialog_add_responses (dialog, "no", C_("button", "_Cancel"), "yes", _("_This Is Its Key"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "yes", has_changed ? ADW_RESPONSE_DESTRUCTIVE
                                                                         : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "no");
  adw_message_dialog_set_close_response (dialog, "no");
  g_object_set_data_full (G_OBJECT (dialog), "question", question, (GDestroyNotify) question_free);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), question);
  gtk_window_present (GTK_WINDOW (window));
}

static void
tell_known (Question *question)
{
  GtkWidget *window;

  if (question->is_saving)
    {
      forget_login_key (ch_form_dialog_get_form (question->dialog));
      ch_form_dialog_save (question->dialog);
      return;
    }

  window = adw_message_dialog_new (GTK_WINDOW (question->dialog), _("The Server Shows the Known Key"), NULL);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (window), "yes", C_("button", "_Close"));
  gtk_window_present (GTK_WINDOW (window));
}

/* asking */

static void
scanned_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(Question) question = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  g_autofree char *known = known_fingerprint (question->dialog);

  /* Closed meanwhile. */
  if (ch_form_dialog_get_service (question->dialog) == NULL)
    return;

  ch_form_dialog_set_busy (question->dialog, FALSE);
  if (reply == NULL)
    {
      ch_form_dialog_tell (question->dialog, error);
      return;
    }

  question->keys = g_variant_get_child_value (reply, 0);
  if (is_among (question->keys, known))
    tell_known (question);
  else if (g_variant_n_children (question->keys) > 0)
    ask (g_steal_pointer (&question), known);
}

static void
scan (ChFormDialog *dialog,
      const char   *kind,
      gboolean      is_saving)
{
  g_autoptr(GVariant) settings = ch_form_get_all (ch_form_dialog_get_form (dialog));
  Question *question = g_new0 (Question, 1);

  question->dialog = g_object_ref (dialog);
  question->is_saving = is_saving;
  ch_form_dialog_set_busy (dialog, TRUE);
  ch_service_act_async (ch_form_dialog_get_service (dialog), CH_ROOT_PATH, CH_IFACE_MANAGER, "ScanServer",
                        g_variant_new ("(s@a{ss}@a{sv})", kind, settings, ch_no_options ()), "(aa{sv})", NULL,
                        scanned_cb, question);
}

static void
scan_cb (ChFormDialog *dialog,
         GtkWidget    *button)
{
  scan (dialog, g_object_get_data (G_OBJECT (button), "kind"), FALSE);
}

void
ch_host_key_dress (ChFormDialog *dialog,
                   GVariant     *kind)
{
  ChFormField *field = ch_form_get_field (ch_form_dialog_get_form (dialog), "host-key");
  GtkWidget *button;

  if (field == NULL || !ch_row_flag (kind, "scanned"))
    return;

  button = g_object_new (GTK_TYPE_BUTTON, "label", _("As_k the Server"), "use-underline", TRUE, "valign",
                         GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "kind", g_strdup (ch_row_string (kind, "kind")), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (scan_cb), dialog, G_CONNECT_SWAPPED);
  ch_form_field_add_suffix (field, button);
}

gboolean
ch_host_key_ask_first (ChFormDialog *dialog,
                       GVariant     *kind)
{
  ChForm *form = ch_form_dialog_get_form (dialog);
  g_autofree char *key = ch_form_get_value (form, "host-key");
  g_autofree char *host = ch_form_get_value (form, "host");
  gboolean is_new = ch_form_dialog_get_item (dialog) == NULL;
  gboolean other_place = ch_form_is_changed (form, (const char *[]) { "host", "port", "jump", NULL });
  gboolean other_key = ch_form_is_changed (form, (const char *[]) { "host-key", NULL });

  if (!ch_row_flag (kind, "scanned") || *g_strstrip (host) == '\0')
    return FALSE;
  if (*g_strstrip (key) == '\0' || (!is_new && other_place && !other_key))
    {
      scan (dialog, ch_row_string (kind, "kind"), TRUE);
      return TRUE;
    }

  if (!is_new && other_key)
    forget_login_key (form);
  return FALSE;
}
