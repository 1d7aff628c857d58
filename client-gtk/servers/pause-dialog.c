/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/pause-dialog.h"

#include "form/date.h"
#include "form/question.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

struct _ChPauseDialog
{
  ChFormDialog parent_instance;
};

G_DEFINE_FINAL_TYPE (ChPauseDialog, ch_pause_dialog, CH_TYPE_FORM_DIALOG)

static void
ch_pause_dialog_save (ChFormDialog *dialog,
                      const char   *name)
{
  ChForm *form = ch_form_dialog_get_form (dialog);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *until = ch_form_get_value (form, "until");
  g_autofree char *reason = ch_form_get_value (form, "reason");
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  gint64 day = 0;

  if (*g_strstrip (until) != '\0' && !ch_date_read (until, zone, &day))
    {
      ch_date_blame (ch_form_get_field (form, "until"));
      return;
    }

  if (day != 0)
    g_variant_dict_insert (&options, "until", "x", day);
  if (*g_strstrip (reason) != '\0')
    g_variant_dict_insert (&options, "reason", "s", reason);
  ch_form_dialog_act (dialog, ch_item_get_path (ch_form_dialog_get_item (dialog)), CH_IFACE_DEPLOYMENT,
                      "Pause", g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "()");
}

void
ch_pause_dialog_show (GtkWidget *where,
                      ChService *service,
                      ChItem    *deployment)
{
  const ChQuestion questions[] = {
    { .name = "until", .title = C_("pause", "Until"),
      .help = _("It goes on by itself when that day begins; empty: not before somebody resumes it") },
    { .name = "reason", .title = C_("pause", "Reason"), .help = _("For those who come across it") },
  };
  ChFormDialog *self = g_object_new (CH_TYPE_PAUSE_DIALOG, NULL);
  ChForm *form = ch_form_dialog_get_form (self);
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autofree char *title = g_strdup_printf (_("Pause “%s”"), ch_item_get_text (deployment, "Name"));
  g_autoptr(GVariant) all = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    ch_question_add (&questions[i], &fields);
  all = g_variant_ref_sink (g_variant_builder_end (&fields));
  ch_form_dialog_begin (self, where, service, deployment, title);
  ch_form_dialog_set_nameless (self, _("_Pause"));
  ch_form_set_fields (form, all);
  ch_date_add_calendar (ch_form_get_field (form, "until"));
  ch_form_dialog_present (self);
}

/* class */

static void
ch_pause_dialog_class_init (ChPauseDialogClass *class)
{
  CH_FORM_DIALOG_CLASS (class)->save = ch_pause_dialog_save;
}

static void
ch_pause_dialog_init (ChPauseDialog *self)
{
}
