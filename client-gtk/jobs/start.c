/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/start.h"

#include "jobs/view.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(GtkWidget) where = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  const char *path;

  /* Its page or dialog was closed meanwhile. */
  if (gtk_widget_get_root (where) == NULL)
    return;
  if (reply == NULL)
    {
      ch_tell_error (where, _("It could not be started"), error);
      return;
    }

  g_variant_get (reply, "(&o)", &path);
  ch_job_dialog_show (where, CH_SERVICE (source), path);
}

void
ch_job_start (GtkWidget  *where,
              ChService  *service,
              const char *path,
              const char *interface,
              const char *method,
              GVariant   *parameters)
{
  ch_service_act_async (service, path, interface, method, parameters, "(o)", NULL, started_cb,
                        g_object_ref (where));
}
