/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server-files.h"

#include "json.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

const GOptionEntry ch_server_files_options[] = {
  CH_SWITCH ("remove", N_("Try now to remove those that nobody needs any more")),
  { NULL }
};

static const ChColumn columns[] = {
  { N_("SERVER") }, { N_("FILE"), CH_COLUMN_SHRINKS }, { N_("ORDER"), CH_COLUMN_RIGHT }, { N_("STATE") }, { N_("SINCE") },
  { N_("NEXT TRY") }, { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

static const char *
state_word (GVariant *row)
{
  const char *state = ch_row_string (row, "State");

  if (g_str_equal (state, "removing"))
    return _("to be removed");

  return g_str_equal (state, "present") ? _("stands") : _("being put");
}

static void
add_row (ChTable  *table,
         GVariant *row)
{
  gint64 due = ch_row_number (row, "NextTry");
  const char *reason = ch_row_string (row, "Reason");
  gint64 order_id = 0;
  const char *order_path = ch_row_string (row, "Order");
  g_autofree char *since = ch_time_relative (ch_row_number (row, "Since"));
  g_autofree char *next = due != 0 ? ch_time_relative (due) : g_strdup ("");

  ch_path_parse_id (strrchr (order_path, '/') + 1, &order_id);
  g_autofree char *order = g_strdup_printf ("%" G_GINT64_FORMAT, order_id);
  ch_table_add (table, ch_row_string (row, "ServerName"), ch_row_string (row, "Path"), order, state_word (row), since, next, reason);
  if (*reason != '\0')
    ch_table_colour (table, 6, CH_COLOUR_BAD);
}

static gboolean
list (ChCli   *cli,
      GError **error)
{
  g_autoptr(GVariant) reply = ch_client_call_manager (cli->client, "ListChallengeFiles",
                                                      g_variant_new ("(@a{sv})", ch_no_options ()), "(aa{sv})", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr(ChTable) table = ch_table_new (columns);

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_ptr_array_add (all, g_variant_get_child_value (rows, i));
      add_row (table, all->pdata[i]);
    }

  if (cli->json)
    {
      ch_json_print_rows (all);
      return TRUE;
    }

  ch_table_print (table);
  if (all->len == 0)
    ch_print ("%s", _("No file that proves control of a name stands on a server."));
  return TRUE;
}

gboolean
ch_server_files (ChCli   *cli,
                 GError **error)
{
  if (ch_cli_client (cli, error) == NULL)
    return FALSE;
  if (!ch_args_has (cli->args, "remove"))
    return list (cli, error);

  g_autoptr(GVariant) reply = ch_client_call_manager (cli->client, "RemoveChallengeFiles",
                                                      g_variant_new ("(@a{sv})", ch_no_options ()), "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  ch_print ("%s", _("The service tries it now; “chancery server files” shows what is still there."));
  return TRUE;
}
