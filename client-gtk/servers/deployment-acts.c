/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-acts.h"

#include "jobs/start.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

/* Kept by @where, for what is done once somebody said yes. */
static void
remember (GtkWidget *where,
          ChService *service,
          ChItem    *deployment)
{
  g_object_set_data_full (G_OBJECT (where), "acts-service", g_object_ref (service), g_object_unref);
  g_object_set_data_full (G_OBJECT (where), "acts-item", g_object_ref (deployment), g_object_unref);
}

static void
start (GtkWidget  *where,
       const char *method,
       GVariant   *options)
{
  ChItem *deployment = g_object_get_data (G_OBJECT (where), "acts-item");

  ch_job_start (where, g_object_get_data (G_OBJECT (where), "acts-service"), ch_item_get_path (deployment),
                CH_IFACE_DEPLOYMENT, method, g_variant_new ("(@a{sv})", options));
}

static void
run_all_the_same (gpointer where)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "now", "b", TRUE);
  start (where, "Run", g_variant_dict_end (&options));
}

void
ch_deployment_run (GtkWidget *where,
                   ChService *service,
                   ChItem    *deployment)
{
  g_auto(GStrv) windows = ch_row_strings (ch_item_get_row (deployment), "Windows");
  gboolean is_paused = ch_deployment_is_paused (deployment);
  g_autofree char *question = g_strdup_printf (_("Run “%s” Now?"), ch_item_get_text (deployment, "Name"));

  remember (where, service, deployment);
  if (!is_paused && windows[0] == NULL)
    start (where, "Run", ch_no_options ());
  else
    ch_ask (where, question,
            is_paused ? _("It is paused. It runs this once, and stays paused.")
                      : _("It has maintenance windows. It runs now, whether or not one is open."),
            _("_Run Now"), run_all_the_same, where);
}

static void
roll_back (gpointer where)
{
  start (where, "Rollback", ch_no_options ());
}

void
ch_deployment_roll_back (GtkWidget *where,
                         ChService *service,
                         ChItem    *deployment)
{
  g_autofree char *question = g_strdup_printf (_("Roll Back “%s”?"), ch_item_get_text (deployment, "Name"));

  remember (where, service, deployment);
  ch_ask (where, question,
          _("The certificate that was installed before the present one is installed again. If that goes well "
            "the deployment is paused, so that it stays."),
          _("_Roll Back"), roll_back, where);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(GtkWidget) where = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL && gtk_widget_get_root (where) != NULL)
    ch_tell_error (where, _("The deployment still rests"), error);
}

void
ch_deployment_resume (GtkWidget *where,
                      ChService *service,
                      ChItem    *deployment)
{
  ch_service_act_async (service, ch_item_get_path (deployment), CH_IFACE_DEPLOYMENT, "Resume",
                        g_variant_new ("(@a{sv})", ch_no_options ()), "()", NULL, resumed_cb,
                        g_object_ref (where));
}

gboolean
ch_deployment_is_paused (ChItem *deployment)
{
  return ch_item_get_number (deployment, "PausedUntil") > 0;
}

char *
ch_deployment_describe_pause (ChItem *deployment)
{
  gint64 until = ch_item_get_number (deployment, "PausedUntil");
  const char *why = ch_item_get_text (deployment, "PauseReason");
  g_autofree char *when = until < G_MAXINT64 ? ch_time_full (until) : NULL;
  g_autofree char *text = when != NULL ? g_strdup_printf (C_("deployment", "paused until %s"), when)
                                       : g_strdup (C_("deployment", "paused"));

  return *why != '\0' ? g_strdup_printf ("%s: %s", text, why) : g_steal_pointer (&text);
}
