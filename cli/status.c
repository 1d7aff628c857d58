/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attention.h"
#include "cli.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "periods.h"
#include "table.h"

#include <glib/gi18n.h>

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
              GVariant *periods)
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
  ch_periods_print_ends (periods);
  ch_attention_print (status);
}

static void
print_document (GVariant *status,
                GVariant *periods)
{
  g_autoptr(GVariant) rows = ch_periods_document (periods);
  g_autoptr(GVariant) document = ch_json_extend (status, "Expiries", rows);

  ch_json_print (document);
}

/* ---- for monitoring ---- */

static const GOptionEntry status_options[] = {
  CH_SWITCH ("check", N_("Print one line, and exit with 0 (ok), 1 (warning), 2 (critical) or 3 (unknown), as monitoring plugins do")),
  CH_SWITCH ("calendar", N_("Show what comes in each of the next 12 months: ends, reissues, renewals, ends of terms")),
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
show_calendar (ChCli    *cli,
               GVariant *periods)
{
  g_autoptr(GVariant) rows = ch_periods_document (periods);

  if (cli->json)
    ch_json_print (rows);
  else
    ch_periods_print (periods);
  return TRUE;
}

static gboolean
run (ChCli   *cli,
     GError **error)
{
  ChClient *client = NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) status = NULL;
  g_autoptr(GVariant) periods = NULL;

  if (ch_args_has (cli->args, "check"))
    return check (cli);

  client = ch_cli_client (cli, error);

  if (client == NULL)
    return FALSE;

  periods = ch_periods_read (client, error);
  if (periods == NULL)
    return FALSE;
  if (ch_args_has (cli->args, "calendar"))
    return show_calendar (cli, periods);

  reply = ch_client_call_manager (client, "GetStatus", g_variant_new ("(@a{sv})", ch_no_options ()),
                                  "(a{sv})", NULL, error);
  if (reply == NULL)
    return FALSE;

  status = g_variant_get_child_value (reply, 0);
  if (cli->json)
    print_document (status, periods);
  else
    print_status (status, periods);
  return TRUE;
}

const ChCommand ch_status_commands[] = {
  { "", "", 0, 0, N_("Show how everything stands, and what needs you"),
    "chancery status", status_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, run },
  { NULL }
};
