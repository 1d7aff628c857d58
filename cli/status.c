/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attention.h"
#include "cli.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

#define MONTHS 12
#define BAR_MAX 40

typedef struct
{
  char *month;              /* (owned): "2027-06" */
  guint count;              /* certificates that end in it */
} Month;

static const struct
{
  const char *key;
  const char *title;
} groups[] = {
  { "Orders", N_("Orders") },
  { "Accounts", N_("Accounts") },
  { "DnsAccounts", N_("DNS accounts") },
  { "Servers", N_("Servers") },
  { "Deployments", N_("Deployments") },
};

static void
clear_month (gpointer data)
{
  g_free (((Month *) data)->month);
}

/* expiries */

/* How many certificates in force end before @time. */
static gboolean
count_before (ChClient *client,
              gint64    time,
              guint    *count,
              GError  **error)
{
  static const char *const in_force[] = { "issued", "reissuing", "renewing", NULL };
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) ids = NULL;
  GVariantDict filter;

  g_variant_dict_init (&filter, NULL);
  g_variant_dict_insert_value (&filter, "states", g_variant_new_strv (in_force, -1));
  g_variant_dict_insert (&filter, "ends-before", "x", time);
  reply = ch_client_call_manager (client, "ListOrderIds",
                                  g_variant_new ("(@a{sv}s)", g_variant_dict_end (&filter), ""),
                                  "(att)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(@att)", &ids, NULL);
  *count = (guint) g_variant_n_children (ids);
  return TRUE;
}

static gboolean
add_month (ChClient  *client,
           GArray    *months,
           GDateTime *start,
           guint     *before,
           GError   **error)
{
  g_autoptr(GDateTime) end = g_date_time_add_months (start, 1);
  guint until_end;
  Month month;

  if (!count_before (client, g_date_time_to_unix (end), &until_end, error))
    return FALSE;

  month.month = g_date_time_format (start, "%Y-%m");
  month.count = until_end > *before ? until_end - *before : 0;
  g_array_append_val (months, month);
  *before = until_end;
  return TRUE;
}

/* The months from this one on; a list of ids per month costs less than the rows of all orders. */
static GArray *
read_months (ChClient *client,
             GError  **error)
{
  g_autoptr(GArray) months = g_array_new (FALSE, FALSE, sizeof (Month));
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (ch_time_now ());
  g_autoptr(GDateTime) first = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                                      1, 0, 0, 0);
  guint before = 0;

  g_array_set_clear_func (months, clear_month);
  if (!count_before (client, g_date_time_to_unix (first), &before, error))
    return NULL;

  for (int i = 0; i < MONTHS; i++)
    {
      g_autoptr(GDateTime) start = g_date_time_add_months (first, i);

      if (!add_month (client, months, start, &before, error))
        return NULL;
    }

  return g_steal_pointer (&months);
}

/* Eighths of a cell, so that small numbers can be told apart. */
static char *
draw_bar (guint count,
          guint most,
          guint width)
{
  static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  guint64 units = most > 0 ? (guint64) count * width * 8 / most : 0;
  GString *bar = g_string_new (NULL);

  if (count > 0)
    units = MAX (units, 1);
  for (guint64 i = 0; i < units / 8; i++)
    g_string_append (bar, "█");
  g_string_append (bar, eighths[units % 8]);

  return g_string_free (bar, FALSE);
}

static void
print_months (GArray *months)
{
  guint most = 0, n_shown = 0;
  guint room = ch_print_width () > 20 ? ch_print_width () - 20 : 10;

  for (guint i = 0; i < months->len; i++)
    {
      most = MAX (most, g_array_index (months, Month, i).count);
      if (g_array_index (months, Month, i).count > 0)
        n_shown = i + 1;
    }
  if (n_shown == 0)
    return;

  /* The empty months at the end tell nothing and take the lines of what does. */
  ch_print ("\n%s", _("Certificates that end in the next 12 months"));
  for (guint i = 0; i < n_shown; i++)
    {
      Month *month = &g_array_index (months, Month, i);
      g_autofree char *bar = ch_print_is_terminal () ? draw_bar (month->count, most, MIN (room, BAR_MAX))
                                                     : g_strdup ("");
      g_autofree char *painted = ch_paint (i == 0 ? CH_COLOUR_BUSY : CH_COLOUR_GOOD, bar);

      ch_print ("  %s  %5u%s%s", month->month, month->count, *bar != '\0' ? "  " : "", painted);
    }
}

/* the rest */

static int
compare_words (const void *a,
               const void *b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* "issued 10, validating 1", in the order of the alphabet, and the sum. */
static char *
describe_counts (GVariant *counts,
                 guint    *total)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  const char *state;
  guint32 count;

  *total = 0;
  g_variant_iter_init (&iter, counts);
  while (g_variant_iter_loop (&iter, "{&su}", &state, &count))
    {
      *total += count;
      if (count > 0)
        g_ptr_array_add (words, g_strdup_printf ("%s %u", state, count));
    }

  g_ptr_array_sort (words, compare_words);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}

static void
print_counts (GVariant *status)
{
  static const ChColumn columns[] = { { "" }, { "", CH_COLUMN_RIGHT }, { "", CH_COLUMN_WRAPS }, { NULL } };
  g_autoptr(ChTable) table = ch_table_new (columns);

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autoptr(GVariant) counts = ch_row_list (status, groups[i].key, "a{su}");
      g_autofree char *title = g_strconcat ("  ", _(groups[i].title), NULL);
      g_autofree char *number = NULL;
      g_autofree char *words = NULL;
      guint total;

      words = describe_counts (counts, &total);
      number = g_strdup_printf ("%u", total);
      ch_table_add (table, title, number, words);
    }

  ch_table_print (table);
}

static void
print_status (GVariant *status,
              GArray   *months)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_autofree char *version = ch_clean (ch_row_string (status, "Version"));
  g_autofree char *heading = g_strdup_printf (_("Chancery %s"), version);
  g_autofree char *painted = ch_paint (CH_COLOUR_BOLD, heading);
  g_autofree char *expiry = ch_time_full (ch_row_number (status, "NextExpiry"));
  g_autofree char *due = ch_time_full (ch_row_number (status, "NextDue"));
  gint64 n_leftovers = ch_row_number (status, "Leftovers");
  g_autofree char *leftovers = n_leftovers > 0 ? g_strdup_printf (_("%d; “chancery dns leftovers” shows them"), (int) n_leftovers)
                                                : NULL;

  ch_print ("%s", painted);
  print_counts (status);
  ch_print ("%s", "");
  ch_facts_add (facts, _("Next expiry"), *expiry != '\0' ? expiry : _("none"));
  ch_facts_add (facts, _("Next due"), *due != '\0' ? due : _("nothing"));
  ch_facts_add (facts, _("TXT values to remove"), leftovers);
  ch_table_print (facts);
  print_months (months);
  ch_attention_print (status);
}

static void
print_document (GVariant *status,
                GArray   *months)
{
  g_autoptr(GVariantBuilder) rows = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(GVariant) document = NULL;

  for (guint i = 0; i < months->len; i++)
    {
      Month *month = &g_array_index (months, Month, i);
      g_autoptr(GVariant) name = ch_json_extend (NULL, "Month", g_variant_new_string (month->month));
      g_autoptr(GVariant) row = ch_json_extend (name, "Count", g_variant_new_uint32 (month->count));

      g_variant_builder_add_value (rows, row);
    }

  document = ch_json_extend (status, "Expiries", g_variant_builder_end (rows));
  ch_json_print (document);
}

/* ---- for monitoring ---- */

static const GOptionEntry status_options[] = {
  CH_SWITCH ("check", N_("Print one line, and exit with 0 (ok), 1 (warning), 2 (critical) or 3 (unknown), as monitoring plugins do")),
  { NULL }
};

static GVariant *
ask (ChCli   *cli,
     GError **error)
{
  g_autoptr(GVariant) reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetStatus",
                                           g_variant_new ("(@a{sv})", ch_no_options ()), "(a{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static int
code_of (const char *health)
{
  static const char *const words[] = { "ok", "warning", "critical" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], health))
      return (int) i;

  return 3;
}

static gboolean
check (ChCli *cli)
{
  static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) status = ask (cli, &error);

  cli->code = 3;
  if (status == NULL)
    {
      ch_print ("CHANCERY UNKNOWN: %s", error->message);
      return TRUE;
    }

  g_autoptr(GVariant) list = ch_row_list (status, "Attention", "aa{sv}");
  gsize n = g_variant_n_children (list);

  cli->code = code_of (ch_row_string (status, "Health"));
  if (n == 0)
    {
      ch_print ("CHANCERY %s: %s", words[cli->code], _("nothing needs you"));
      return TRUE;
    }

  g_autoptr(GVariant) first = g_variant_get_child_value (list, 0);
  g_autofree char *name = ch_clean (ch_row_string (first, "Name"));
  g_autofree char *text = ch_clean (ch_row_string (first, "Text"));
  ch_print (ngettext ("CHANCERY %s: %s: %s (%u thing needs you)", "CHANCERY %s: %s: %s (%u things need you)", (gulong) n),
            words[cli->code], name, text, (guint) n);
  return TRUE;
}

static gboolean
run (ChCli   *cli,
     GError **error)
{
  ChClient *client = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) status = NULL;
  g_autoptr(GArray) months = NULL;

  if (ch_args_has (cli->args, "check"))
    return check (cli);

  client = ch_cli_client (cli, error);

  if (client == NULL)
    return FALSE;

  reply = ch_client_call_manager (client, "GetStatus", g_variant_new ("(@a{sv})", ch_no_options ()),
                                  "(a{sv})", NULL, error);
  months = reply != NULL ? read_months (client, error) : NULL;
  if (months == NULL)
    return FALSE;

  status = g_variant_get_child_value (reply, 0);
  if (cli->json)
    print_document (status, months);
  else
    print_status (status, months);
  return TRUE;
}

const ChCommand ch_status_commands[] = {
  { "", "", 0, 0, N_("Show how everything stands, and what needs you"),
    "chancery status", status_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, run },
  { NULL }
};
