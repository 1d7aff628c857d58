/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/error.h"
#include "lib/row.h"
#include "lib/times.h"
#include "lib/types.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define DAY (24 * 60 * 60)
#define LIMIT_MAX 1000000

const GOptionEntry ch_order_list_options[] = {
  CH_OPTION ("state", N_("Only orders in this state; may be given several times"), N_("STATE")),
  CH_OPTION ("account", N_("Only orders at this account"), N_("NAME")),
  CH_OPTION ("search", N_("Only orders with this in their name, number at the CA, note, tags or id"), N_("TEXT")),
  CH_OPTION ("tag", N_("Only orders with this tag"), N_("TAG")),
  CH_SWITCH ("open", N_("Only orders that have not ended")),
  CH_OPTION ("ends-within", N_("Only orders whose certificate ends within so many days"), N_("DAYS")),
  CH_OPTION ("sort", N_("id, name, state, product, not-after, term-end, served, created, updated or account; "
                        "“-” in front reverses"),
             N_("KEY")),
  CH_OPTION ("limit", N_("How many at most"), N_("NUMBER")),
  { NULL }
};

static const ChColumn columns[] = {
  { N_("ID"), CH_COLUMN_RIGHT }, { N_("NAME"), CH_COLUMN_SHRINKS }, { N_("STATE"), CH_COLUMN_STATE },
  { N_("EXPIRES") }, { N_("ACCOUNT"), CH_COLUMN_SHRINKS }, { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

static const ChColumn columns_with_tags[] = {
  { N_("ID"), CH_COLUMN_RIGHT }, { N_("NAME"), CH_COLUMN_SHRINKS }, { N_("STATE"), CH_COLUMN_STATE },
  { N_("EXPIRES") }, { N_("TAGS"), CH_COLUMN_SHRINKS }, { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

/* Most have one account, and then the room is better used. */
static const ChColumn columns_of_one[] = {
  { N_("ID"), CH_COLUMN_RIGHT }, { N_("NAME"), CH_COLUMN_SHRINKS }, { N_("STATE"), CH_COLUMN_STATE },
  { N_("EXPIRES") }, { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

ChColour
ch_order_expiry_colour (gint64 not_after)
{
  gint64 left = not_after - ch_time_now ();

  if (not_after == 0)
    return CH_COLOUR_NONE;
  if (left < 14 * DAY)
    return CH_COLOUR_BAD;

  return left < 30 * DAY ? CH_COLOUR_BUSY : CH_COLOUR_NONE;
}

static gboolean
add_states (GPtrArray    *states,
            GVariantDict *filter,
            GError      **error)
{
  for (guint i = 0; i < states->len; i++)
    {
      int state;

      if (!ch_from_nick (CH_TYPE_ORDER_STATE, g_ptr_array_index (states, i), &state, error))
        {
          g_prefix_error (error, "--state: ");
          return FALSE;
        }
    }

  g_variant_dict_insert_value (filter, "states",
                               g_variant_new_strv ((const char *const *) states->pdata, states->len));
  return TRUE;
}

static GVariant *
make_filter (ChArgs  *args,
             GError **error)
{
  g_auto(GVariantDict) filter = G_VARIANT_DICT_INIT (NULL);
  GPtrArray *states = ch_args_all (args, "state");
  guint days;

  if (states != NULL && !add_states (states, &filter, error))
    return NULL;
  if (!ch_args_number (args, "ends-within", 0, 0, 100000, &days, error))
    return NULL;

  if (ch_args_has (args, "account"))
    g_variant_dict_insert (&filter, "account", "s", ch_args_get (args, "account"));
  if (ch_args_has (args, "search"))
    {
      g_autofree char *text = ch_order_search_text (ch_args_get (args, "search"));

      g_variant_dict_insert (&filter, "search", "s", text);
    }
  if (ch_args_has (args, "tag"))
    g_variant_dict_insert (&filter, "tag", "s", ch_args_get (args, "tag"));
  if (ch_args_has (args, "open"))
    g_variant_dict_insert (&filter, "open", "b", TRUE);
  if (ch_args_has (args, "ends-within"))
    g_variant_dict_insert (&filter, "ends-before", "x", ch_time_now () + (gint64) days * DAY);

  return g_variant_ref_sink (g_variant_dict_end (&filter));
}

static gboolean
have_one_account (GPtrArray *rows)
{
  for (guint i = 1; i < rows->len; i++)
    if (!g_str_equal (ch_row_string (g_ptr_array_index (rows, i), "AccountName"),
                      ch_row_string (g_ptr_array_index (rows, 0), "AccountName")))
      return FALSE;

  return TRUE;
}

static gboolean
have_tags (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_auto(GStrv) tags = ch_row_strings (g_ptr_array_index (rows, i), "Tags");

      if (tags[0] != NULL)
        return TRUE;
    }

  return FALSE;
}

/* A pipe gets the same columns each time; tags have the place of the account where there are any on a terminal. */
static void
print_orders (GPtrArray *rows)
{
  gboolean tagged = ch_print_is_terminal () && have_tags (rows);
  gboolean one = !tagged && ch_print_is_terminal () && have_one_account (rows);
  g_autoptr(ChTable) table = ch_table_new (tagged ? columns_with_tags : one ? columns_of_one : columns);

  for (guint i = 0; i < rows->len; i++)
    {
      GVariant *row = g_ptr_array_index (rows, i);
      gint64 not_after = ch_row_number (row, "NotAfter");
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));
      g_autofree char *expires = ch_time_relative (not_after);

      g_auto(GStrv) tags = ch_row_strings (row, "Tags");
      g_autofree char *words = g_strjoinv (", ", tags);

      ch_table_add (table, id, ch_row_string (row, "Name"), ch_row_string (row, "State"), expires,
                    tagged ? words : ch_row_string (row, one ? "Reason" : "AccountName"), ch_row_string (row, "Reason"));
      ch_table_colour (table, 3, ch_order_expiry_colour (not_after));
    }

  ch_table_print (table);
}

static gboolean
check_sort (const char *sort,
            GError    **error)
{
  static const char *const keys[] = { "id", "name", "state", "product", "not-after", "term-end", "served",
                                      "created", "updated", "account", NULL };

  if (*sort == '\0' || g_strv_contains (keys, *sort == '-' ? sort + 1 : sort))
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("“--sort %s”: one of id, name, state, product, not-after, term-end, served, created, "
                         "updated and account is needed, with “-” in front for the other way round"), sort);
}

gboolean
ch_order_list (ChCli   *cli,
               GError **error)
{
  g_autoptr(GVariant) filter = make_filter (cli->args, error);
  const char *sort = ch_args_has (cli->args, "sort") ? ch_args_get (cli->args, "sort") : "";
  g_autoptr(GPtrArray) rows = NULL;
  guint limit;

  if (filter == NULL || !check_sort (sort, error)
      || !ch_args_number (cli->args, "limit", 0, 1, LIMIT_MAX, &limit, error)
      || ch_cli_client (cli, error) == NULL)
    return FALSE;

  rows = ch_client_list_orders (cli->client, filter, sort, limit, NULL, error);
  if (rows == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print_rows (rows);
  else if (rows->len > 0)
    print_orders (rows);
  else if (g_variant_n_children (filter) > 0)
    ch_print ("%s", _("No order matches."));
  else
    ch_print ("%s", _("There is no order yet; “chancery order new --help” shows how to place one."));
  return TRUE;
}
