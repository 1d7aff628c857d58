/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/watch-dialog.h"

#include "form/question.h"
#include "lib/paths.h"
#include "servers/endpoint.h"

#include <glib/gi18n.h>

struct _ChWatchDialog
{
  ChFormDialog parent_instance;
};

G_DEFINE_FINAL_TYPE (ChWatchDialog, ch_watch_dialog, CH_TYPE_FORM_DIALOG)

/* saving */

static void
take_interval (ChForm       *form,
               GVariantDict *settings)
{
  g_autofree char *text = ch_form_get_value (form, "interval");

  g_variant_dict_insert (settings, "interval", "u", (guint32) g_ascii_strtoull (text, NULL, 10));
}

static void
add (ChFormDialog *dialog)
{
  ChForm *form = ch_form_dialog_get_form (dialog);
  g_autofree char *text = ch_form_get_value (form, "endpoint");
  g_autofree char *start_tls = ch_form_get_value (form, "starttls");
  g_autofree char *host = NULL;
  g_autoptr(GVariant) endpoint = g_variant_ref_sink (ch_endpoint_read (g_strstrip (text)));
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (endpoint);

  if (!g_variant_dict_lookup (&settings, "host", "s", &host) || *host == '\0')
    {
      ch_form_field_set_error (ch_form_get_field (form, "endpoint"), _("A host is needed"));
      return;
    }

  g_variant_dict_remove (&settings, "host");
  if (*start_tls != '\0')
    g_variant_dict_insert (&settings, "starttls", "s", start_tls);
  take_interval (form, &settings);
  ch_form_dialog_act (dialog, CH_ROOT_PATH, CH_IFACE_MANAGER, "AddWatch",
                      g_variant_new ("(s@a{sv}@a{sv})", host, g_variant_dict_end (&settings),
                                     ch_no_options ()), "(o)");
}

static void
ch_watch_dialog_save (ChFormDialog *dialog,
                      const char   *name)
{
  ChItem *item = ch_form_dialog_get_item (dialog);
  GVariantDict settings;

  if (item == NULL)
    {
      add (dialog);
      return;
    }

  g_variant_dict_init (&settings, NULL);
  take_interval (ch_form_dialog_get_form (dialog), &settings);
  ch_form_dialog_act (dialog, ch_item_get_path (item), CH_IFACE_WATCH, "Edit",
                      g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ()),
                      "()");
}

/* making */

static void
add_place (GVariantBuilder *fields)
{
  const char *const protocols[] = { "", "smtp", "imap", "pop3", "ldap", "postgresql", NULL };
  const char *const titles[] = { C_("starttls", "TLS at once"), "SMTP", "IMAP", "POP3", "LDAP", "PostgreSQL",
                                 NULL };
  const ChQuestion questions[] = {
    { .name = "endpoint", .title = _("Endpoint"), .required = TRUE,
      .help = _("HOST:PORT, or HOST:PORT/NAME where another name is asked for; without a port it is 443") },
    { .name = "starttls", .title = _("Begins with"), .help = _("The protocol that TLS is started in"),
      .choices = protocols, .titles = titles },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    ch_question_add (&questions[i], fields);
}

/* @now: what it is, which may be none of the usual ones */
static void
add_interval (GVariantBuilder *fields,
              gint64           now)
{
  static const guint usual[] = { 3600, 12 * 3600, 24 * 3600, 7 * 24 * 3600 };
  g_autofree char *other = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  g_autofree char *minutes =
    g_strdup_printf (ngettext ("Every minute", "Every %u minutes", (gulong) (now / 60)), (guint) (now / 60));
  const char *values[7] = { "0", "3600", "43200", "86400", "604800", NULL };
  const char *titles[7] = { _("As usual"), _("Every hour"), _("Every 12 hours"), _("Every day"),
                            _("Every week"), NULL };
  gboolean is_other = now != 0;

  for (gsize i = 0; i < G_N_ELEMENTS (usual); i++)
    is_other = is_other && now != usual[i];
  if (is_other)
    {
      values[5] = other;
      titles[5] = minutes;
    }

  ch_question_add (&(const ChQuestion) { .name = "interval", .title = _("Is looked at"),
                                         .help = _("What is usual stands in the service’s configuration"),
                                         .choices = values, .titles = titles }, fields);
}

void
ch_watch_dialog_show (GtkWidget *where,
                      ChService *service,
                      ChItem    *item)
{
  ChFormDialog *self = g_object_new (CH_TYPE_WATCH_DIALOG, NULL);
  ChForm *form = ch_form_dialog_get_form (self);
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  gint64 interval = item != NULL ? ch_item_get_number (item, "Interval") : 0;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, interval);
  g_autoptr(GVariant) all = NULL;

  if (item == NULL)
    add_place (&fields);
  add_interval (&fields, interval);
  all = g_variant_ref_sink (g_variant_builder_end (&fields));
  ch_form_dialog_begin (self, where, service, item,
                        item != NULL ? ch_item_get_text (item, "Name") : _("Watch an Endpoint"));
  ch_form_dialog_set_nameless (self, item != NULL ? C_("button", "_Save") : C_("button", "_Watch"));
  ch_form_set_fields (form, all);
  ch_form_set_value (form, "interval", text);
  ch_form_dialog_present (self);
}

/* class */

static void
ch_watch_dialog_class_init (ChWatchDialogClass *class)
{
  CH_FORM_DIALOG_CLASS (class)->save = ch_watch_dialog_save;
}

static void
ch_watch_dialog_init (ChWatchDialog *self)
{
}
