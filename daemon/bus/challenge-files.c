/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/challenge-files.h"
#include "lib/paths.h"

/* Files of ours on somebody's server that prove control of names, or did. */

static GVariant *
row_of (ChRows                *rows,
        const ChChallengeFile *file)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  gboolean removing = file->state == CH_TXT_STATE_REMOVING;

  g_variant_builder_add (&row, "{sv}", "Id", g_variant_new_uint64 ((guint64) file->id));
  ch_row_put_path (&row, "Server", CH_FOLDER_SERVERS, file->server_id);
  ch_row_put_text (&row, "ServerName", ch_rows_peer_name (rows, CH_PEER_ROLE_SERVER, file->server_id));
  ch_row_put_text (&row, "Path", file->path);
  ch_row_put_path (&row, "Order", CH_FOLDER_ORDERS, file->order_id);
  ch_row_put_text (&row, "State", ch_nick (CH_TYPE_TXT_STATE, file->state));
  g_variant_builder_add (&row, "{sv}", "Since", g_variant_new_int64 (file->created_at));
  g_variant_builder_add (&row, "{sv}", "Failures", g_variant_new_uint32 (removing ? file->failures : 0));
  ch_row_put_text (&row, "Reason", file->reason);
  g_variant_builder_add (&row, "{sv}", "NextTry", g_variant_new_int64 (file->due));
  return g_variant_builder_end (&row);
}

static void
list_files (ChCall *call)
{
  GError *error = NULL;
  GVariant *reply = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  g_autoptr(GPtrArray) files = ch_store_list_challenge_files (call->bus->world->store, 0, &error);
  if (files != NULL)
    {
      GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
      g_autoptr(ChRows) rows = ch_rows_new (call->bus->world->store);

      for (guint i = 0; i < files->len; i++)
        g_variant_builder_add_value (&list, row_of (rows, g_ptr_array_index (files, i)));
      reply = g_variant_new ("(aa{sv})", &list);
    }

  ch_call_answer (call, reply, error);
}

static void
remove_files (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  gboolean ok = ch_challenge_files_remove (call->bus->world, &call->actor, &error);
  ch_call_answer (call, ok ? g_variant_new ("()") : NULL, error);
}

const ChMethod ch_challenge_files_methods[] = {
  { CH_IFACE_MANAGER, "ListChallengeFiles", CH_ACTION_VIEW, list_files },
  { CH_IFACE_MANAGER, "RemoveChallengeFiles", CH_ACTION_SERVER_CHANGE, remove_files },
  { NULL }
};
