/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include "json.h"
#include "lib/error.h"
#include "lib/row.h"
#include "lib/times.h"
#include "table.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <pwd.h>
#include <stdio.h>

#define LIMIT 50
#define LIMIT_MAX 1000000
#define PAGE 500

static const GOptionEntry options[] = {
  CH_OPTION ("object", N_("Only what concerns this, such as order/3 or dns/1"), N_("KIND/ID")),
  CH_OPTION ("limit", N_("How many at most, the newest; 50 unless given"), N_("NUMBER")),
  CH_SWITCH ("follow", N_("Go on with what happens from now on, until Ctrl-C")),
  { NULL }
};

static const ChColumn columns[] = {
  { N_("TIME") }, { N_("WHO") }, { N_("ACTION") }, { N_("OBJECT") }, { N_("NAME"), CH_COLUMN_SHRINKS },
  { N_("RESULT"), CH_COLUMN_STATE }, { N_("TEXT"), CH_COLUMN_WRAPS }, { NULL }
};

typedef struct
{
  ChCli *cli;               /* (not owned) */
  const char *object;       /* (not owned) (nullable) */
  gint64 last;              /* the newest that was printed */
  gboolean interrupted;
  gboolean present;
  gboolean gone;
} Follower;

static char *
name_user (gint64 uid)
{
  struct passwd *entry;

  if (uid < 0)
    return g_strdup ("chanceryd");

  entry = getpwuid ((uid_t) uid);
  return entry != NULL ? g_strdup (entry->pw_name) : g_strdup_printf ("%" G_GINT64_FORMAT, uid);
}

static void
add_event (ChTable  *table,
           GVariant *row)
{
  g_autofree char *at = ch_time_second (ch_row_number (row, "At"));
  g_autofree char *who = name_user (ch_row_number (row, "Uid"));

  ch_table_add (table, at, who, ch_row_string (row, "Action"), ch_row_string (row, "Object"),
                ch_row_string (row, "Name"),
                ch_row_flag (row, "Ok") ? "done" : "failed", ch_row_string (row, "Text"));
}

/* reading */

static GVariant *
make_filter (const char *object)
{
  GVariantDict filter;

  g_variant_dict_init (&filter, NULL);
  if (object != NULL)
    g_variant_dict_insert (&filter, "object", "s", object);
  return g_variant_dict_end (&filter);
}

/* Pages go back in time; what is shown goes forward. */
static GPtrArray *
read_events (ChClient   *client,
             const char *object,
             guint       limit,
             GError    **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  guint64 before = 0;
  guint got;

  do
    {
      guint want = MIN (limit - rows->len, PAGE);
      g_autoptr(GVariant) reply = ch_client_call_manager (client, "ListEvents",
                                                          g_variant_new ("(@a{sv}tu)", make_filter (object),
                                                                         before, want),
                                                          "(aa{sv})", NULL, error);
      g_autoptr(GVariantIter) iter = NULL;
      GVariant *row;

      if (reply == NULL)
        return NULL;

      got = 0;
      g_variant_get (reply, "(aa{sv})", &iter);
      while ((row = g_variant_iter_next_value (iter)) != NULL)
        {
          before = (guint64) ch_row_number (row, "Id");
          g_ptr_array_insert (rows, 0, row);
          got++;
        }
    }
  while (got > 0 && before > 1 && rows->len < limit);

  return g_steal_pointer (&rows);
}

/* following */

static void
print_event (Follower *follower,
             GVariant *row)
{
  g_autofree char *at = ch_time_second (ch_row_number (row, "At"));
  g_autofree char *who = name_user (ch_row_number (row, "Uid"));
  gboolean ok = ch_row_flag (row, "Ok");
  g_autofree char *lead = g_strconcat (at, "  ", NULL);
  g_autofree char *text = g_strdup_printf ("%s  %s  %s  %s  %s  %s", who, ch_row_string (row, "Action"),
                                           ch_row_string (row, "Object"), ch_row_string (row, "Name"),
                                           ok ? "done" : "failed", ch_row_string (row, "Text"));

  if (follower->cli->json)
    ch_json_print_line (g_variant_ref (row));
  else
    ch_print_text (lead, ok ? CH_COLOUR_NONE : CH_COLOUR_BAD, text);
  fflush (stdout);
}

static void
event_added_cb (ChClient *client,
                GVariant *event,
                Follower *follower)
{
  if (ch_row_number (event, "Id") <= follower->last
      || (follower->object != NULL && !g_str_equal (ch_row_string (event, "Object"), follower->object)))
    return;

  follower->last = ch_row_number (event, "Id");
  print_event (follower, event);
}

static void
service_changed_cb (ChClient *client,
                    gboolean  present,
                    Follower *follower)
{
  follower->gone = follower->present && !present;
  follower->present = present;
}

static gboolean
interrupted_cb (gpointer data)
{
  ((Follower *) data)->interrupted = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
follow (Follower *follower,
        GError  **error)
{
  guint interrupt = g_unix_signal_add (SIGINT, interrupted_cb, follower);
  gulong event = g_signal_connect (follower->cli->client, "event-added", G_CALLBACK (event_added_cb),
                                   follower);
  gulong service = g_signal_connect (follower->cli->client, "service-changed",
                                     G_CALLBACK (service_changed_cb), follower);

  while (!follower->interrupted && !follower->gone)
    g_main_context_iteration (NULL, TRUE);

  g_signal_handler_disconnect (follower->cli->client, service);
  g_signal_handler_disconnect (follower->cli->client, event);
  g_source_remove (interrupt);

  if (follower->gone)
    g_set_error (error, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE, _("The service chanceryd went away"));
  return !follower->gone;
}

static void
print_table (GPtrArray *rows)
{
  g_autoptr(ChTable) table = ch_table_new (columns);

  for (guint i = 0; i < rows->len; i++)
    add_event (table, g_ptr_array_index (rows, i));

  ch_table_print (table);
  fflush (stdout);
}

static gboolean
check_object (const char *object,
              GError    **error)
{
  if (object == NULL || g_regex_match_simple ("^[a-z]+/[0-9]+$", object, G_REGEX_DEFAULT,
                                              G_REGEX_MATCH_DEFAULT))
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("“--object %s”: KIND/ID is needed, such as order/3, dns/1, account/1, "
                                                  "server/1 or deployment/2"), object);
}

static gboolean
run (ChCli   *cli,
     GError **error)
{
  gboolean wants_more = ch_args_has (cli->args, "follow");
  Follower follower = { .cli = cli, .object = ch_args_get (cli->args, "object") };
  g_autoptr(GPtrArray) rows = NULL;
  guint limit;

  if (!check_object (follower.object, error)
      || !ch_args_number (cli->args, "limit", LIMIT, 1, LIMIT_MAX, &limit, error)
      || ch_cli_client (cli, error) == NULL)
    return FALSE;

  if (wants_more)
    ch_client_subscribe (cli->client);

  rows = read_events (cli->client, follower.object, limit, error);
  if (rows == NULL)
    return FALSE;

  if (cli->json && !wants_more)
    ch_json_print_rows (rows);
  else if (!wants_more)
    print_table (rows);
  for (guint i = 0; wants_more && i < rows->len; i++)
    print_event (&follower, g_ptr_array_index (rows, i));
  if (rows->len > 0)
    follower.last = ch_row_number (g_ptr_array_index (rows, rows->len - 1), "Id");

  return !wants_more || follow (&follower, error);
}

const ChCommand ch_log_commands[] = {
  { "", "", 0, 0, N_("Show who did what, when, and how it went"),
    "chancery log --object order/3", options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, run },
  { NULL }
};
