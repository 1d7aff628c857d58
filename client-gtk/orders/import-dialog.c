/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/import-dialog.h"

#include "form/date.h"
#include "form/question.h"
#include "jobs/view.h"
#include "lib/paths.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

struct _ChImportDialog
{
  ChFormDialog parent_instance;
};

G_DEFINE_FINAL_TYPE (ChImportDialog, ch_import_dialog, CH_TYPE_FORM_DIALOG)

/* Those that Account.Import() knows; the first is any. */
static const char *const states[] = {
  "", "issued", "validating", "vetting", "expired", "cancelled", "revoked", "rejected", NULL
};
static const char *const state_titles[] = {
  NC_("orders to import", "All"),
  NC_("orders to import", "Issued"),
  NC_("orders to import", "Being validated"),
  NC_("orders to import", "Being vetted"),
  NC_("orders to import", "Expired"),
  NC_("orders to import", "Cancelled"),
  NC_("orders to import", "Revoked"),
  NC_("orders to import", "Rejected"),
  NULL
};

/* the account */

static GListModel *
list_accounts (ChService *service)
{
  return G_LIST_MODEL (ch_service_get_list (service, CH_IFACE_ACCOUNT));
}

static GStrv
name_accounts (ChService *service)
{
  GListModel *accounts = list_accounts (service);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(ChItem) account = g_list_model_get_item (accounts, i);

      g_strv_builder_add (names, ch_item_get_text (account, "Name"));
    }
  return g_strv_builder_end (names);
}

/* (transfer full) (nullable): it may be gone since the dialog was opened */
static char *
find_account (ChImportDialog *self)
{
  GListModel *accounts = list_accounts (ch_form_dialog_get_service (CH_FORM_DIALOG (self)));
  g_autofree char *name = ch_form_get_value (ch_form_dialog_get_form (CH_FORM_DIALOG (self)), "account");

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(ChItem) account = g_list_model_get_item (accounts, i);

      if (g_str_equal (ch_item_get_text (account, "Name"), name))
        return g_strdup (ch_item_get_path (account));
    }
  return NULL;
}

/* saving */

/* Returns whether it is a day or nothing; says at the field what it is not. */
static gboolean
take_day (ChForm       *form,
          const char   *name,
          gint64        more,
          GVariantDict *options)
{
  ChFormField *field = ch_form_get_field (form, name);
  g_autofree char *text = ch_form_field_get_value (field);
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  gint64 day;

  if (*g_strstrip (text) == '\0')
    return TRUE;
  if (!ch_date_read (text, zone, &day))
    {
      ch_date_blame (field);
      return FALSE;
    }

  g_variant_dict_insert (options, name, "x", day + more);
  return TRUE;
}

/* Names are kept with A-labels. */
static void
take_name (ChForm       *form,
           GVariantDict *options)
{
  g_autofree char *text = ch_form_get_value (form, "name");
  g_autofree char *ascii = NULL;

  g_strstrip (text);
  if (!g_str_is_ascii (text))
    ascii = g_hostname_to_ascii (text);
  if (*text != '\0')
    g_variant_dict_insert (options, "name", "s", ascii != NULL ? ascii : text);
}

static void
take_state (ChForm       *form,
            GVariantDict *options)
{
  g_autofree char *state = ch_form_get_value (form, "states");
  const char *const chosen[] = { state, NULL };

  if (*state != '\0')
    g_variant_dict_insert_value (options, "states", g_variant_new_strv (chosen, -1));
}

static void
ch_import_dialog_save (ChFormDialog *dialog,
                       const char   *name)
{
  ChForm *form = ch_form_dialog_get_form (dialog);
  g_autofree char *account = find_account (CH_IMPORT_DIALOG (dialog));
  g_autofree char *restart = ch_form_get_value (form, "restart");
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (account == NULL)
    {
      ch_form_field_set_error (ch_form_get_field (form, "account"), _("It is not there any more"));
      return;
    }
  /* The last day goes on to its end. */
  if (!take_day (form, "from", 0, &options) || !take_day (form, "to", DAY - 1, &options))
    return;

  take_state (form, &options);
  take_name (form, &options);
  if (g_str_equal (restart, "yes"))
    g_variant_dict_insert (&options, "restart", "b", TRUE);
  ch_form_dialog_act (dialog, account, CH_IFACE_ACCOUNT, "Import",
                      g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "(o)");
}

static void
ch_import_dialog_saved (ChFormDialog *dialog,
                        GVariant     *reply)
{
  GtkWindow *over = gtk_window_get_transient_for (GTK_WINDOW (dialog));
  const char *job;

  g_variant_get (reply, "(&o)", &job);
  if (over != NULL)
    ch_job_dialog_show (GTK_WIDGET (over), ch_form_dialog_get_service (dialog), job);
}

/* making */

static void
add_questions (GVariantBuilder   *fields,
               const char *const *accounts)
{
  const char *titles[G_N_ELEMENTS (state_titles)] = { NULL };
  const char *const no_yes[] = { "no", "yes", NULL };
  const char *const beginnings[] = { C_("import", "Go on where it was interrupted"),
                                     C_("import", "Begin anew"), NULL };
  const ChQuestion questions[] = {
    { .name = "account", .title = _("Account"), .help = _("Where they were placed"), .choices = accounts },
    { .name = "from", .title = _("From"),
      .help = _("Placed on that day or later, in UTC; empty: from the first order on") },
    { .name = "to", .title = _("To"),
      .help = _("Placed on that day or before, in UTC; empty: up to now") },
    { .name = "states", .title = _("State"), .help = _("Only orders that stand so"), .choices = states,
      .titles = titles },
    { .name = "name", .title = _("Name contains"),
      .help = _("Only orders with this text in one of their names") },
    { .name = "restart", .title = _("The same import was interrupted"), .help = "", .choices = no_yes,
      .titles = beginnings, .advanced = TRUE },
  };

  for (gsize i = 0; state_titles[i] != NULL; i++)
    titles[i] = g_dpgettext2 (NULL, "orders to import", state_titles[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    ch_question_add (&questions[i], fields);
}

static void
add_account (gpointer where)
{
  gtk_widget_activate_action (where, "win.page", "s", "accounts");
  gtk_widget_activate_action (where, "win.add", NULL);
}

void
ch_import_dialog_show (GtkWidget *where,
                       ChService *service)
{
  g_auto(GStrv) accounts = name_accounts (service);
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(GVariant) all = NULL;
  ChFormDialog *self;
  ChForm *form;

  if (accounts[0] == NULL)
    {
      ch_tell_offer (where, _("There is no account to import from yet"), _("_Add an Account"), add_account,
                     G_OBJECT (where));
      return;
    }

  self = g_object_new (CH_TYPE_IMPORT_DIALOG, NULL);
  form = ch_form_dialog_get_form (self);
  add_questions (&fields, (const char *const *) accounts);
  all = g_variant_ref_sink (g_variant_builder_end (&fields));
  ch_form_dialog_begin (self, where, service, NULL, _("Import Orders"));
  ch_form_dialog_set_nameless (self, _("_Import"));
  ch_form_set_fields (form, all);
  ch_date_add_calendar (ch_form_get_field (form, "from"));
  ch_date_add_calendar (ch_form_get_field (form, "to"));
  ch_form_dialog_present (self);
}

/* class */

static void
ch_import_dialog_class_init (ChImportDialogClass *class)
{
  CH_FORM_DIALOG_CLASS (class)->save = ch_import_dialog_save;
  CH_FORM_DIALOG_CLASS (class)->saved = ch_import_dialog_saved;
}

static void
ch_import_dialog_init (ChImportDialog *self)
{
}
