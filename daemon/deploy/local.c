/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/target.h"

#include "deploy/actions.h"
#include "deploy/local-files.h"
#include "deploy/local-proof.h"
#include "lib/error.h"

#include <glib/gi18n.h>

static const ChField fields[] = {
  { .name = "folder", .title = N_("Folder to try"),
    .help = N_("A folder that certificates are to be installed in; a test of the server writes an empty file "
               "there and removes it"),
    .check = ch_target_check_path },
  { NULL },
};

static gboolean
try_folder (const ChServerAccess *access,
            GPtrArray            *sentences,
            GError              **error)
{
  const char *folder = ch_fields_get (fields, access->settings, "folder");

  if (folder == NULL)
    {
      g_ptr_array_add (sentences,
                       g_strdup (_("Writing was not tried: set “folder” to a folder to try it in.")));
      return TRUE;
    }

  if (!ch_local_try_folder (folder, error))
    return FALSE;

  g_ptr_array_add (sentences, g_strdup_printf (_("Files can be written in “%s”."), folder));
  return TRUE;
}

static char *
describe_programs (void)
{
  g_autofree char *names = ch_programs_names ();

  if (*names == '\0')
    return g_strdup (_("The daemon's configuration names no programs to run."));

  return g_strdup_printf (_("These programs of the daemon's configuration can be run: %s."), names);
}

static char *
describe_systemd (GCancellable *cancellable)
{
  if (ch_systemd_is_reachable (cancellable))
    return g_strdup (_("systemd answers on the system bus, so units can be reloaded."));

  return g_strdup (_("systemd does not answer on the system bus, so units cannot be reloaded."));
}

static gboolean
probe (const ChServerAccess *access,
       GPtrArray            *sentences,
       GCancellable         *cancellable,
       GError              **error)
{
  if (!try_folder (access, sentences, error))
    return FALSE;

  g_ptr_array_add (sentences, describe_systemd (cancellable));
  g_ptr_array_add (sentences, describe_programs ());

  return !g_cancellable_is_cancelled (cancellable)
         || ch_error_set (error, CH_ERROR_CANCELLED, _("The test of the server was cancelled"));
}

const ChTarget ch_target_local = {
  .kind = "local",
  .title = N_("This machine"),
  .fields = fields,
  .probe = probe,
  .stage = ch_local_stage,
  .swap = ch_local_swap,
  .restore = ch_local_restore,
  .settle = ch_local_settle,
  .pending = ch_local_pending,
  .read = ch_local_read,
  .check_action = ch_act_check,
  .act = ch_act,
  .survey = ch_local_survey,
  .publish = ch_local_publish,
  .withdraw = ch_local_withdraw,
};
