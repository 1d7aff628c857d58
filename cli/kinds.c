/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "fields.h"
#include "json.h"
#include "lib/row.h"
#include "nearest.h"
#include "table.h"

#include <glib/gi18n.h>

static const ChColumn kind_columns[] = {
  { N_("KIND") }, { N_("TITLE"), CH_COLUMN_SHRINKS }, { N_("NEEDS"), CH_COLUMN_WRAPS }, { NULL }
};

static const ChColumn field_columns[] = {
  { N_("OPTION") }, { N_("DEFAULT"), CH_COLUMN_SHRINKS },
  { N_("MEANING"), CH_COLUMN_WRAPS }, { NULL }
};

static char *
describe_needs (GVariant *kind)
{
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  g_autoptr(GPtrArray) needed = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);

      if (ch_row_flag (field, "required"))
        g_ptr_array_add (needed, g_strdup (ch_row_string (field, "name")));
    }

  return ch_join (needed);
}

static void
print_kinds (GPtrArray *kinds)
{
  g_autoptr(ChTable) table = ch_table_new (kind_columns);

  for (guint i = 0; i < kinds->len; i++)
    {
      GVariant *kind = g_ptr_array_index (kinds, i);
      g_autofree char *needs = describe_needs (kind);

      ch_table_add (table, ch_row_string (kind, "kind"), ch_row_string (kind, "title"), needs);
    }

  ch_table_print (table);
}

static void
print_kind (GVariant *kind)
{
  g_autoptr(ChTable) table = ch_table_new (field_columns);
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  g_autofree char *title = ch_clean (ch_row_string (kind, "title"));
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, title);
  g_autofree char *permissions = ch_clean (ch_row_string (kind, "permissions"));

  ch_print ("%s (%s)", heading, ch_row_string (kind, "kind"));
  if (*permissions != '\0')
    ch_print (_("Rights it needs: %s"), permissions);
  ch_print ("%s", "");

  for (gsize i = 0; i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);
      g_autofree char *option = ch_fields_option (field);
      g_auto(GStrv) choices = ch_row_strings (field, "choices");
      g_autofree char *list = g_strjoinv ("|", choices);
      const char *help = ch_row_string (field, "help");
      g_autofree char *meaning = g_strconcat (*list != '\0' ? list : ch_row_string (field, "title"),
                                              *help != '\0' ? ". " : "", help, NULL);
      const char *standard = ch_row_string (field, "default");
      gboolean is_needed = ch_row_flag (field, "required") && *standard == '\0';

      ch_table_add (table, option, is_needed ? _("(needed)") : standard, meaning);
      if (is_needed)
        ch_table_colour (table, 1, CH_COLOUR_BOLD);
    }

  ch_table_print (table);
}

gboolean
ch_peer_types (ChCli   *cli,
               GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  const char *wanted = ch_cli_word (cli, 0);
  g_autoptr(GPtrArray) kinds = NULL;
  g_autoptr(GVariant) kind = NULL;

  if (wanted != NULL)
    {
      kind = ch_fields_kind (cli, noun->role, wanted, error);
      if (kind == NULL)
        return FALSE;
      if (cli->json)
        ch_json_print (kind);
      else
        print_kind (kind);
      return TRUE;
    }

  kinds = ch_fields_kinds (cli, noun->role, error);
  if (kinds == NULL)
    return FALSE;
  if (cli->json)
    ch_json_print_rows (kinds);
  else
    print_kinds (kinds);
  return TRUE;
}
