/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key-bin.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

static const ChColumn columns[] = {
  { N_("ID"), CH_COLUMN_RIGHT }, { N_("NAME"), CH_COLUMN_SHRINKS }, { N_("WAS ORDER"), CH_COLUMN_RIGHT }, { N_("CA NUMBER") },
  { N_("DELETED") }, { N_("REMOVED") }, { NULL }
};

gboolean
ch_key_bin (ChCli   *cli,
            GError **error)
{
  g_autoptr(GVariant) reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListBin",
                                           g_variant_new ("(@a{sv})", ch_no_options ()), "(aa{sv})", error);
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autoptr(ChTable) table = ch_table_new (columns);

  if (rows == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print (rows);
      return TRUE;
    }

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));
      g_autofree char *order = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "OrderId"));
      g_autofree char *put = ch_time_relative (ch_row_number (row, "PutAt"));
      g_autofree char *removed = ch_time_relative (ch_row_number (row, "RemovedAt"));

      ch_table_add (table, id, ch_row_string (row, "Name"), order, ch_row_string (row, "CaOrder"), put, removed);
    }

  if (g_variant_n_children (rows) == 0)
    ch_print ("%s", _("The bin is empty."));
  ch_table_print (table);
  return TRUE;
}

static gboolean
read_id (ChCli   *cli,
         gint64  *id,
         GError **error)
{
  return ch_path_parse_id (ch_args_word (cli->args, 0), id)
         || ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no number of a key; “chancery key bin” shows them"),
                          ch_args_word (cli->args, 0));
}

/* Whether the key in @row is of the order that @word names: by its first name or by the CA's number. */
static gboolean
is_of_order (GVariant   *row,
             const char *word)
{
  return g_ascii_strcasecmp (ch_row_string (row, "Name"), word) == 0 || g_ascii_strcasecmp (ch_row_string (row, "CaOrder"), word) == 0;
}

static gboolean
find_key (ChCli       *cli,
          const char  *word,
          gint64      *id,
          GError     **error)
{
  g_autoptr(GVariant) reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListBin",
                                           g_variant_new ("(@a{sv})", ch_no_options ()), "(aa{sv})", error);
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autofree char *name = g_str_is_ascii (word) ? NULL : g_hostname_to_ascii (word);
  guint n_found = 0;

  if (rows == NULL)
    return FALSE;

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      if (!is_of_order (row, name != NULL ? name : word))
        continue;
      *id = ch_row_number (row, "Id");
      n_found++;
    }

  if (n_found == 0)
    return ch_error_set (error, CH_ERROR_NOT_FOUND, _("The bin has no key of an order “%s”; “chancery key bin” shows what it has"), word);
  if (n_found > 1)
    return ch_error_set (error, CH_ERROR_INVALID, _("The bin has %u keys of orders “%s”: name one by its number; “chancery key bin” shows them"),
                         n_found, word);

  return TRUE;
}

gboolean
ch_key_restore (ChCli   *cli,
                GError **error)
{
  const char *word = ch_args_word (cli->args, 0);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) paths = NULL;
  gint64 id;

  if ((!ch_path_parse_id (word, &id) && !find_key (cli, word, &id, error))
      || (reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "RestoreKey",
                               g_variant_new ("(t@a{sv})", (guint64) id, ch_no_options ()), "(ao)", error)) == NULL)
    return FALSE;

  paths = g_variant_get_child_value (reply, 0);
  if (cli->json)
    ch_json_print (paths);
  for (gsize i = 0; i < g_variant_n_children (paths) && !cli->json; i++)
    {
      g_autoptr(GVariant) path = g_variant_get_child_value (paths, i);
      g_autofree char *order = g_path_get_basename (g_variant_get_string (path, NULL));

      ch_print (_("Order %s has its private key again."), order);
    }

  return TRUE;
}

gboolean
ch_key_purge (ChCli   *cli,
              GError **error)
{
  g_autoptr(GVariant) reply = NULL;
  gint64 id;

  if (!read_id (cli, &id, error)
      || (reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "PurgeKey",
                               g_variant_new ("(t@a{sv})", (guint64) id, ch_no_options ()), "()", error)) == NULL)
    return FALSE;

  if (!cli->json)
    ch_print (_("Key %d is removed for good."), (int) id);
  return TRUE;
}
