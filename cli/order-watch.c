/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "order-view.h"
#include "print.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

/* Signals tell of changes; this is for one that was lost on the way. */
#define READ_AGAIN_SECONDS 5
/* How long a service that went away is waited for; a restart takes a second or two. */
#define PATIENCE_SECONDS 30

typedef struct
{
  ChCli *cli;               /* (not owned) */
  const char *path;         /* (not owned) */
  ChOrderView *view;        /* (owned) (nullable): as read last */
  GHashTable *said;         /* (element-type utf8 utf8) (owned): what a pipe has been told */
  GVariant *document;       /* (owned) (nullable): what was printed last with --json */
  guint n_drawn;            /* lines that the terminal shows of us */
  gboolean stale;           /* read again */
  gboolean ticked;          /* draw again */
  gboolean interrupted;
  guint seconds;            /* since the start */
  guint silent_since;       /* when the service stopped answering; 0: it answers */
} Watcher;

/* events */

static void
changed_cb (ChClient   *client,
            const char *path,
            const char *interface,
            Watcher    *watcher)
{
  if (g_strcmp0 (path, watcher->path) == 0 || g_str_equal (interface, CH_IFACE_DEPLOYMENT))
    watcher->stale = TRUE;
}

static void
something_changed_cb (Watcher *watcher)
{
  watcher->stale = TRUE;
}

static gboolean
tick_cb (gpointer data)
{
  Watcher *watcher = data;

  watcher->ticked = TRUE;
  watcher->seconds++;
  if (watcher->seconds % READ_AGAIN_SECONDS == 0 || watcher->silent_since != 0)
    watcher->stale = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
interrupted_cb (gpointer data)
{
  ((Watcher *) data)->interrupted = TRUE;
  return G_SOURCE_CONTINUE;
}

/* showing */

static gboolean
is_live (Watcher *watcher)
{
  return !watcher->cli->json && ch_print_is_terminal () && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

static void
add_silence (GPtrArray *lines)
{
  g_autofree char *line = ch_text_fit (_("  The service does not answer; waits for it to come back …"),
                                       MAX (ch_print_width (), 20) - 1);

  g_ptr_array_add (lines, ch_paint (CH_COLOUR_BAD, line));
}

/* Goes back to the first of our lines and writes all anew. A view taller than the terminal loses its end,
 * as what has scrolled away cannot be reached any more. */
static void
draw (Watcher *watcher)
{
  g_autoptr(GPtrArray) lines = ch_order_view_lines (watcher->view);
  g_autoptr(GString) text = g_string_new (NULL);
  guint n;

  if (watcher->silent_since != 0)
    add_silence (lines);
  n = MIN (lines->len, MAX (ch_print_height (), 3) - 1);

  if (watcher->n_drawn > 0)
    g_string_append_printf (text, "\033[%uA", watcher->n_drawn);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "\r\033[K%s\n", (char *) g_ptr_array_index (lines, i));
  g_string_append (text, "\033[J");

  g_print ("%s", text->str);
  fflush (stdout);
  watcher->n_drawn = n;
}

static void
say (const char *key,
     ChColour    colour,
     const char *line,
     gpointer    data)
{
  Watcher *watcher = data;
  g_autofree char *clean = ch_clean (line);
  g_autofree char *now = ch_time_second (ch_time_now ());

  if (g_strcmp0 (g_hash_table_lookup (watcher->said, key), clean) == 0)
    return;

  ch_print ("%s  %s", now, clean);
  fflush (stdout);
  g_hash_table_insert (watcher->said, g_strdup (key), g_steal_pointer (&clean));
}

static void
print_document (Watcher *watcher)
{
  g_autoptr(GVariant) document = ch_order_view_document (watcher->view);

  if (watcher->document != NULL && g_variant_equal (watcher->document, document))
    return;

  ch_json_print_line (document);
  g_clear_pointer (&watcher->document, g_variant_unref);
  watcher->document = g_steal_pointer (&document);
}

static void
show (Watcher *watcher)
{
  if (watcher->cli->json)
    print_document (watcher);
  else if (is_live (watcher))
    draw (watcher);
  else
    ch_order_view_facts (watcher->view, say, watcher);
}

/* following */

/* Returns: FALSE with an error when watching makes no sense any more. */
static gboolean
read_again (Watcher *watcher,
            GError **error)
{
  g_autoptr(GError) failure = NULL;
  ChOrderView *view = ch_order_view_read (watcher->cli->client, watcher->path, &failure);

  watcher->stale = FALSE;
  if (view != NULL)
    {
      g_clear_pointer (&watcher->view, ch_order_view_free);
      watcher->view = view;
      watcher->silent_since = 0;
      show (watcher);
      return TRUE;
    }

  if (!g_error_matches (failure, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE) || watcher->view == NULL
      || (watcher->silent_since != 0 && watcher->seconds > watcher->silent_since + PATIENCE_SECONDS))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (watcher->silent_since == 0)
    watcher->silent_since = MAX (watcher->seconds, 1);
  return TRUE;
}

static gboolean
finish (Watcher   *watcher,
        ChVerdict  verdict,
        const char *reason,
        GError   **error)
{
  if (verdict == CH_VERDICT_FAILED)
    return ch_error_set (error, CH_ERROR_FAILED, "%s", reason);

  if (!watcher->cli->json)
    ch_print_text ("", CH_COLOUR_GOOD, reason);
  return TRUE;
}

static void
wait_for_event (Watcher *watcher)
{
  while (!watcher->stale && !watcher->ticked && !watcher->interrupted)
    g_main_context_iteration (NULL, TRUE);

  /* Several changes at once are read once. */
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
}

static gboolean
follow (Watcher *watcher,
        GError **error)
{
  watcher->stale = TRUE;

  while (!watcher->interrupted)
    {
      g_autofree char *reason = NULL;
      ChVerdict verdict;

      if (watcher->stale && !read_again (watcher, error))
        return FALSE;
      if (watcher->ticked && is_live (watcher))
        show (watcher);
      watcher->ticked = FALSE;

      verdict = ch_order_view_judge (watcher->view, &reason);
      if (verdict != CH_VERDICT_WAIT)
        return finish (watcher, verdict, reason, error);

      wait_for_event (watcher);
    }

  /* The terminal has written ^C. */
  if (is_live (watcher))
    ch_print ("%s", "");
  return ch_error_set (error, CH_ERROR_CANCELLED, _("No longer watched; the order goes on by itself"));
}

gboolean
ch_order_follow (ChCli      *cli,
                 const char *path,
                 GError    **error)
{
  Watcher watcher = { .cli = cli, .path = path };
  ChClient *client = cli->client;
  guint tick = g_timeout_add_seconds (1, tick_cb, &watcher);
  guint interrupt = g_unix_signal_add (SIGINT, interrupted_cb, &watcher);
  gboolean ok;

  watcher.said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_signal_connect (client, "changed", G_CALLBACK (changed_cb), &watcher);
  g_signal_connect_swapped (client, "objects-changed", G_CALLBACK (something_changed_cb), &watcher);
  g_signal_connect_swapped (client, "service-changed", G_CALLBACK (something_changed_cb), &watcher);
  ch_client_subscribe (client);

  ok = follow (&watcher, error);

  g_signal_handlers_disconnect_by_data (client, &watcher);
  g_source_remove (interrupt);
  g_source_remove (tick);
  g_hash_table_unref (watcher.said);
  g_clear_pointer (&watcher.document, g_variant_unref);
  g_clear_pointer (&watcher.view, ch_order_view_free);
  return ok;
}
