/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leftovers.h"

#include "job.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

#define PAGE 500

const GOptionEntry ch_leftovers_options[] = {
  CH_SWITCH ("remove", N_("Remove those with these numbers now")),
  CH_SWITCH ("all", N_("With --remove: all that there are")),
  { NULL }
};

static const ChColumn columns[] = {
  { N_("ID"), CH_COLUMN_RIGHT }, { N_("DNS ACCOUNT") }, { N_("NAME") }, { N_("VALUE"), CH_COLUMN_SHRINKS },
  { N_("SINCE") }, { N_("NEXT TRY") }, { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

GPtrArray *
ch_leftovers_fetch (ChCli   *cli,
                    GError **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  guint64 after = 0;
  gsize n = PAGE;

  if (client == NULL)
    return NULL;

  while (n == PAGE)
    {
      g_autoptr(GVariant) reply = ch_client_call_manager (client, "ListLeftovers", g_variant_new ("(tu)", after, PAGE),
                                                          "(aa{sv})", NULL, error);
      if (reply == NULL)
        return NULL;

      g_autoptr(GVariant) page = g_variant_get_child_value (reply, 0);
      n = g_variant_n_children (page);
      for (gsize i = 0; i < n; i++)
        g_ptr_array_add (rows, g_variant_get_child_value (page, i));
      if (n > 0)
        after = (guint64) ch_row_number (rows->pdata[rows->len - 1], "Id");
    }

  return g_steal_pointer (&rows);
}

static void
add_row (ChTable  *table,
         GVariant *row)
{
  gint64 due = ch_row_number (row, "NextTry");
  const char *reason = ch_row_string (row, "Reason");
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));
  g_autofree char *since = ch_time_relative (ch_row_number (row, "Since"));
  g_autofree char *next = ch_time_relative (due);

  ch_table_add (table, id, ch_row_string (row, "DnsAccountName"), ch_row_string (row, "Name"),
                ch_row_string (row, "Value"), since, due != 0 ? next : _("now"), reason);
  if (*reason != '\0')
    ch_table_colour (table, 6, CH_COLOUR_BAD);
}

static gboolean
list (ChCli   *cli,
      GError **error)
{
  g_autoptr(GPtrArray) rows = ch_leftovers_fetch (cli, error);
  g_autoptr(ChTable) table = ch_table_new (columns);

  if (rows == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print_rows (rows);
      return TRUE;
    }

  for (guint i = 0; i < rows->len; i++)
    add_row (table, g_ptr_array_index (rows, i));
  ch_table_print (table);
  if (rows->len == 0)
    ch_print ("%s", _("No TXT value is left over."));
  else
    ch_print ("\n%s", _("The service goes on trying to remove them; “chancery dns leftovers --remove --all” tries it now."));
  return TRUE;
}

/* (transfer floating) (nullable): the numbers that were given, an "at" */
static GVariant *
read_ids (ChArgs  *args,
          GError **error)
{
  GVariantBuilder ids = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("at"));

  for (guint i = 0; i < args->words->len; i++)
    {
      const char *word = ch_args_word (args, i);
      gint64 id;

      if (!ch_path_parse_id (word, &id))
        {
          g_variant_builder_clear (&ids);
          ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no number; the column ID of “chancery dns leftovers” has them"),
                        word);
          return NULL;
        }
      g_variant_builder_add (&ids, "t", (guint64) id);
    }

  return g_variant_builder_end (&ids);
}

static gboolean
remove_now (ChCli   *cli,
            GError **error)
{
  gboolean all = ch_args_has (cli->args, "all");

  if (all && cli->args->words->len > 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("Give numbers or “--all”, not both"));
  if (!all && cli->args->words->len == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Say which: “chancery dns leftovers --remove ID…” or “--remove --all”"));

  GVariant *ids = read_ids (cli->args, error);
  return ids != NULL && ch_job_run (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "RemoveLeftovers",
                                    g_variant_new ("(@at@a{sv})", ids, ch_no_options ()), error);
}

gboolean
ch_leftovers (ChCli   *cli,
              GError **error)
{
  if (ch_args_has (cli->args, "remove"))
    return remove_now (cli, error);
  if (ch_args_has (cli->args, "all") || cli->args->words->len > 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("To remove left-over values, add “--remove”"));

  return list (cli, error);
}
