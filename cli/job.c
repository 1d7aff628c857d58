/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "table.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  ChCli *cli;               /* (not owned) */
  ChClient *client;         /* (not owned) */
  const char *path;         /* (not owned): of the job */
  ChObject *job;            /* (owned) (nullable): as read last */
  guint n_lines;            /* how many have been printed */
  gboolean stale;           /* something changed since it was read */
  gboolean present;         /* the service was seen */
  gboolean gone;            /* the service was seen and went away */
  guint interrupts;
  gboolean has_bar;         /* one is drawn */
} Follower;

#define BAR_WIDTH 40

static void
changed_cb (ChClient   *client,
            const char *path,
            const char *interface,
            Follower   *follower)
{
  if (g_strcmp0 (path, follower->path) == 0)
    follower->stale = TRUE;
}

/* What comes first may still tell how it was before our call activated the service. */
static void
service_changed_cb (ChClient *client,
                    gboolean  present,
                    Follower *follower)
{
  follower->gone = follower->present && !present;
  follower->present = present;
  follower->stale = TRUE;
}

static gboolean
interrupted_cb (gpointer data)
{
  ((Follower *) data)->interrupts++;
  return G_SOURCE_CONTINUE;
}

static gboolean
is_running (Follower *follower)
{
  return follower->job == NULL || g_str_equal (ch_row_string (follower->job->row, "State"), "running");
}

/* On a terminal only, below the lines, and gone at the end. */
static void
draw_bar (Follower *follower)
{
  double progress = 0;
  char bar[BAR_WIDTH + 1];

  if (!ch_print_is_terminal () || !isatty (STDERR_FILENO) || !g_variant_lookup (follower->job->row, "Progress", "d", &progress)
      || progress <= 0 || !is_running (follower))
    return;

  int filled = (int) (CLAMP (progress, 0, 1) * BAR_WIDTH);
  memset (bar, '#', (gsize) filled);
  memset (bar + filled, '-', (gsize) (BAR_WIDTH - filled));
  bar[BAR_WIDTH] = '\0';
  g_printerr ("  [%s] %d %%", bar, (int) (CLAMP (progress, 0, 1) * 100));
  follower->has_bar = TRUE;
}

static void
wipe_bar (Follower *follower)
{
  if (follower->has_bar)
    g_printerr ("\r\033[K");
  follower->has_bar = FALSE;
}

static void
print_new_lines (Follower *follower)
{
  g_auto(GStrv) lines = ch_row_strings (follower->job->row, "Lines");

  wipe_bar (follower);
  for (guint n = g_strv_length (lines); follower->n_lines < n; follower->n_lines++)
    ch_print_text ("  ", CH_COLOUR_NONE, lines[follower->n_lines]);
  draw_bar (follower);
}

static gboolean
read_job (Follower *follower,
          GError  **error)
{
  g_clear_pointer (&follower->job, ch_object_free);
  follower->stale = FALSE;
  follower->job = ch_client_get (follower->client, follower->path, CH_IFACE_JOB, NULL, error);
  if (follower->job == NULL)
    return FALSE;

  if (!follower->cli->json)
    print_new_lines (follower);
  return TRUE;
}

/* The first Ctrl-C asks the service to stop; the end is then seen as any other. */
static gboolean
follow (Follower *follower,
        GError  **error)
{
  gboolean asked = FALSE;

  while (is_running (follower))
    {
      if (!read_job (follower, error))
        return FALSE;

      while (is_running (follower) && !follower->stale && !follower->gone
             && follower->interrupts == (asked ? 1 : 0))
        g_main_context_iteration (NULL, TRUE);

      if (follower->gone)
        {
          g_set_error (error, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE,
                       _("The service chanceryd went away while it worked; try again when it is back"));
          return FALSE;
        }
      if (follower->interrupts > 1)
        return ch_error_set (error, CH_ERROR_CANCELLED, _("Left alone; the service still works on it"));
      if (follower->interrupts == 1 && !asked)
        {
          g_autoptr(GVariant) reply = ch_client_call (follower->client, follower->path, CH_IFACE_JOB,
                                                      "Cancel",
                                                      NULL, "()", NULL, NULL);
          asked = TRUE;
        }
    }

  return TRUE;
}

static void
print_result (GVariant *row)
{
  g_autoptr(GVariant) result = ch_row_list (row, "Result", "a{ss}");
  g_autoptr(ChTable) facts = ch_facts_new ();

  ch_facts_add_all (facts, result);
  ch_table_print (facts);
}

static gboolean
report (Follower *follower,
        GError  **error)
{
  GVariant *row = follower->job->row;
  const char *state = ch_row_string (row, "State");
  g_autofree char *message = ch_clean (ch_row_string (row, "ErrorMessage"));

  if (follower->cli->json)
    ch_json_print (row);
  else
    print_result (row);

  if (g_str_equal (state, "done"))
    {
      if (!follower->cli->json)
        {
          g_autofree char *done = ch_paint (CH_COLOUR_GOOD, _("Done"));

          ch_print ("%s", done);
        }
      return TRUE;
    }
  if (g_str_equal (state, "cancelled"))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Cancelled"));

  return ch_error_set (error, CH_ERROR_FAILED, "%s", *message != '\0' ? message : _("It failed"));
}

static gboolean
follow_and_report (Follower *follower,
                   GError  **error)
{
  gulong changed = g_signal_connect (follower->client, "changed", G_CALLBACK (changed_cb), follower);
  gulong service = g_signal_connect (follower->client, "service-changed", G_CALLBACK (service_changed_cb),
                                     follower);
  guint interrupt = g_unix_signal_add (SIGINT, interrupted_cb, follower);
  gboolean ok = follow (follower, error);

  wipe_bar (follower);
  ok = ok && report (follower, error);
  g_source_remove (interrupt);
  g_signal_handler_disconnect (follower->client, service);
  g_signal_handler_disconnect (follower->client, changed);
  g_clear_pointer (&follower->job, ch_object_free);
  return ok;
}

gboolean
ch_job_run (ChCli      *cli,
            const char *path,
            const char *interface,
            const char *method,
            GVariant   *parameters,
            GError    **error)
{
  g_autoptr(GVariant) kept = g_variant_ref_sink (parameters);
  g_autoptr(GVariant) reply = NULL;
  Follower follower = { .cli = cli, .client = ch_cli_client (cli, error) };

  if (follower.client == NULL)
    return FALSE;

  /* Before the call, or the end of a short job is missed. */
  ch_client_subscribe (follower.client);
  reply = ch_client_call (follower.client, path, interface, method, kept, "(o)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&o)", &follower.path);
  return follow_and_report (&follower, error);
}
