/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/types.h"

#include <glib/gi18n.h>

/* Orders of one name are a handful; the rows that merely contain it may be many. */
#define SEARCH_MAX 1000
#define CANDIDATES_MAX 10

static gboolean
has_ended (GVariant *row)
{
  int state;

  return ch_from_nick (CH_TYPE_ORDER_STATE, ch_row_string (row, "State"), &state, NULL)
         && ch_order_state_is_final (state);
}

static gboolean
is_named (GVariant   *row,
          const char *name)
{
  g_auto(GStrv) names = ch_row_strings (row, "Names");

  return g_strcmp0 (ch_row_string (row, "Name"), name) == 0
         || (names[0] != NULL && g_ascii_strcasecmp (names[0], name) == 0);
}

char *
ch_order_search_text (const char *text)
{
  char *ascii = g_str_is_ascii (text) ? NULL : g_hostname_to_ascii (text);

  return ascii != NULL ? ascii : g_strdup (text);
}

/* The rows that have the name, the newest first. */
static GPtrArray *
search (ChCli      *cli,
        const char *name,
        GError    **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autofree char *text = ch_order_search_text (name);
  g_autoptr(GPtrArray) rows = NULL;
  GVariantDict filter;

  if (client == NULL)
    return NULL;

  g_variant_dict_init (&filter, NULL);
  g_variant_dict_insert (&filter, "search", "s", text);
  rows = ch_client_list_orders (client, g_variant_dict_end (&filter), "-id", SEARCH_MAX, NULL, error);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    if (!is_named (g_ptr_array_index (rows, i - 1), name))
      g_ptr_array_remove_index (rows, i - 1);

  return g_steal_pointer (&rows);
}

static char *
list_candidates (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (rows->len, CANDIDATES_MAX); i++)
    {
      GVariant *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s%" G_GINT64_FORMAT " (%s)", i > 0 ? ", " : "",
                              ch_row_number (row, "Id"),
                              ch_row_string (row, "State"));
    }
  if (rows->len > CANDIDATES_MAX)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

static GVariant *
choose (GPtrArray   *rows,
        const char  *name,
        ChOrderPick  pick,
        GError     **error)
{
  g_autofree char *candidates = NULL;

  if (rows->len == 0)
    {
      ch_error_set (error, CH_ERROR_NOT_FOUND,
                    _("There is no order for “%s”; “chancery order list” shows those that are"),
                    name);
      return NULL;
    }

  if (rows->len == 1)
    return g_ptr_array_index (rows, 0);

  for (guint i = 0; pick == CH_ORDER_PICK_NEWEST && i < rows->len; i++)
    if (!has_ended (g_ptr_array_index (rows, i)))
      return g_ptr_array_index (rows, i);

  candidates = list_candidates (rows);
  ch_error_set (error, CH_ERROR_INVALID,
                _("There are several orders for “%s”; say which one by its number: %s"),
                name, candidates);
  return NULL;
}

ChObject *
ch_order_find (ChCli       *cli,
               const char  *reference,
               ChOrderPick  pick,
               GError     **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *path = NULL;
  GVariant *row;
  gint64 id;

  if (client == NULL)
    return NULL;

  if (ch_path_parse_id (reference, &id))
    {
      path = ch_path_new (CH_FOLDER_ORDERS, id);
      return ch_client_get (client, path, CH_IFACE_ORDER, NULL, error);
    }

  rows = search (cli, reference, error);
  row = rows != NULL ? choose (rows, reference, pick, error) : NULL;
  if (row == NULL)
    return NULL;

  path = ch_path_new (CH_FOLDER_ORDERS, ch_row_number (row, "Id"));
  return ch_object_new (path, row);
}

ChObject *
ch_order_find_first (ChCli       *cli,
                     ChOrderPick  pick,
                     GError     **error)
{
  return ch_order_find (cli, ch_args_word (cli->args, 0), pick, error);
}

GVariant *
ch_order_rows (ChCli      *cli,
               const char *path,
               const char *method,
               GError    **error)
{
  g_autoptr(GVariant) reply = ch_cli_call (cli, path, CH_IFACE_ORDER, method, NULL, "(aa{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}
