/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy-desire.h"

#include "json.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib/gi18n.h>

#define RUNS_SHOWN 10

const GOptionEntry ch_deploy_history_options[] = {
  CH_OPTION ("limit", N_("Runs at most; 10 by itself"), N_("NUMBER")),
  { NULL }
};

/* ---- status ---- */

static const ChColumn status_columns[] = {
  { N_("NAME") }, { N_("STATE"), CH_COLUMN_STATE }, { N_("INSTALLED") }, { N_("SERVED") }, { N_("WAVE"), CH_COLUMN_RIGHT },
  { N_("NEXT") }, { N_("WHY"), CH_COLUMN_WRAPS }, { NULL }
};

char *
ch_deploy_describe_pause (GVariant *row)
{
  gint64 until = ch_row_number (row, "PausedUntil");
  const char *reason = ch_row_string (row, "PauseReason");
  g_autofree char *time = until != G_MAXINT64 ? ch_time_full (until) : NULL;

  if (until <= ch_time_now ())
    return NULL;

  return g_strconcat (time != NULL ? time : _("until somebody resumes it"), *reason != '\0' ? ": " : "", reason, NULL);
}

/* The first letters of a fingerprint are enough to tell one certificate from another. */
static char *
describe_installed (GVariant *row)
{
  const char *fingerprint = ch_row_string (row, "InstalledFingerprint");
  g_autofree char *day = ch_time_day (ch_row_number (row, "InstalledNotAfter"));

  return *fingerprint != '\0' ? g_strdup_printf (_("%.8s until %s"), fingerprint, day) : g_strdup (_("nothing"));
}

static const char *
describe_served (GVariant *row,
                 ChColour *colour)
{
  g_autoptr(GVariant) checks = ch_row_list (row, "Checks", "aa{sv}");

  *colour = CH_COLOUR_DIM;
  if (*ch_row_string (row, "InstalledFingerprint") == '\0')
    return "–";
  if (*ch_row_string (row, "Drift") != '\0')
    {
      *colour = CH_COLOUR_BAD;
      return _("no");
    }
  if (g_variant_n_children (checks) == 0)
    return _("not checked");

  *colour = CH_COLOUR_GOOD;
  return _("yes");
}

static char *
describe_next (GVariant *row)
{
  gint64 until = ch_row_number (row, "PausedUntil");

  if (until == G_MAXINT64)
    return g_strdup (_("paused"));
  if (until > ch_time_now ())
    {
      g_autofree char *end = ch_time_relative (until);
      return g_strdup_printf (_("paused, goes on %s"), end);
    }

  return ch_time_relative (ch_row_number (row, "NextTry"));
}

static void
add_status (ChTable  *table,
            GVariant *row)
{
  g_autofree char *installed = describe_installed (row), *next = describe_next (row);
  g_autofree char *wave = g_strdup_printf ("%d", (int) ch_row_number (row, "Wave"));
  g_autofree char *pause = ch_deploy_describe_pause (row);
  const char *why = ch_row_string (row, "Reason");
  ChColour colour;
  const char *served = describe_served (row, &colour);

  if (*why == '\0' && pause != NULL)
    why = ch_row_string (row, "PauseReason");
  if (*why == '\0')
    why = ch_row_string (row, "Drift");

  ch_table_add (table, ch_row_string (row, "Name"), ch_row_string (row, "State"), installed, served, wave, next, why);
  ch_table_colour (table, 3, colour);
  if (pause != NULL)
    ch_table_colour (table, 5, CH_COLOUR_BUSY);
}

static void
print_status (GPtrArray *deployments)
{
  g_autoptr(ChTable) table = ch_table_new (status_columns);

  for (guint i = 0; i < deployments->len; i++)
    add_status (table, ((ChObject *) g_ptr_array_index (deployments, i))->row);

  ch_table_print (table);
  if (deployments->len == 0)
    ch_print ("%s", _("There is no deployment yet; “chancery deploy add --help” shows how to add one."));
}

gboolean
ch_deploy_status (ChCli   *cli,
                  GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  const char *name = ch_cli_word (cli, 0);
  g_autoptr(GPtrArray) deployments = NULL;

  if (name != NULL)
    {
      ChObject *one = ch_find_object (cli, noun->interface, _(noun->title), name, error);

      if (one == NULL)
        return FALSE;
      deployments = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_object_free);
      g_ptr_array_add (deployments, one);
    }
  else
    {
      ChClient *client = ch_cli_client (cli, error);

      deployments = client != NULL ? ch_client_list (client, noun->interface, NULL, error) : NULL;
    }

  if (deployments == NULL)
    return FALSE;
  if (cli->json)
    ch_json_print_objects (deployments);
  else
    print_status (deployments);
  return TRUE;
}

/* ---- history ---- */

void
ch_deploy_print_steps (GVariant *steps)
{
  for (gsize i = 0; i < g_variant_n_children (steps); i++)
    {
      g_autoptr(GVariant) step = g_variant_get_child_value (steps, i);
      gboolean ok = ch_row_flag (step, "Ok");
      g_autofree char *at = ch_time_second (ch_row_number (step, "At"));
      g_autofree char *mark = ch_paint (ok ? CH_COLOUR_GOOD : CH_COLOUR_BAD, ok ? "✓" : "✗");
      g_autofree char *lead = g_strdup_printf ("  %s %s  ", mark, at);

      ch_print_text (lead, ok ? CH_COLOUR_NONE : CH_COLOUR_BAD, ch_row_string (step, "Text"));
    }
}

static void
print_run (GVariant *run)
{
  const char *result = ch_row_string (run, "Result");
  g_autoptr(GVariant) steps = ch_row_list (run, "Steps", "aa{sv}");
  g_autofree char *started = ch_time_full (ch_row_number (run, "StartedAt"));
  g_autofree char *clean = ch_clean (result);
  g_autofree char *painted = ch_paint (ch_state_colour (result), clean);
  g_autofree char *fingerprint = ch_clean (ch_row_string (run, "Fingerprint"));

  if (*fingerprint != '\0')
    ch_print (_("%s  %s  certificate %.8s"), started, painted, fingerprint);
  else
    ch_print ("%s  %s", started, painted);
  ch_deploy_print_steps (steps);
  ch_print ("%s", "");
}

gboolean
ch_deploy_history (ChCli   *cli,
                   GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  guint limit;

  if (!ch_args_number (cli->args, "limit", RUNS_SHOWN, 1, 500, &limit, error))
    return FALSE;

  g_autoptr(ChObject) deployment = ch_find_object (cli, noun->interface, _(noun->title), ch_args_word (cli->args, 0), error);
  g_autoptr(GVariant) reply = deployment != NULL
    ? ch_client_call (cli->client, deployment->path, noun->interface, "ListRuns", g_variant_new ("(u)", (guint32) limit),
                      "(aa{sv})", NULL, error) : NULL;
  if (reply == NULL)
    return FALSE;

  g_autoptr(GVariant) runs = g_variant_get_child_value (reply, 0);
  if (cli->json)
    {
      g_autoptr(GVariant) document = ch_json_extend (deployment->row, "Runs", runs);

      ch_json_print (document);
      return TRUE;
    }

  for (gsize i = 0; i < g_variant_n_children (runs); i++)
    {
      g_autoptr(GVariant) run = g_variant_get_child_value (runs, i);

      print_run (run);
    }
  if (g_variant_n_children (runs) == 0)
    ch_print ("%s", _("It has not run yet."));
  return TRUE;
}
