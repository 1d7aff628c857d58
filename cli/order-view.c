/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order-view.h"

#include "json.h"
#include "lib/cover.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "lib/types.h"
#include "names.h"

#include <glib/gi18n.h>
#include <string.h>

/* reading */

/* Others take the files that prove control of names, and are never deployed. */
static gboolean
installs_anything (GVariant *deployment)
{
  g_autoptr(GVariant) files = g_variant_lookup_value (deployment, "Files", NULL);

  return files == NULL || g_variant_n_children (files) > 0;
}

static GPtrArray *
read_deployments (ChClient *client,
                  GVariant *order,
                  GError  **error)
{
  GPtrArray *list = ch_client_list (client, CH_IFACE_DEPLOYMENT, NULL, error);
  g_auto(GStrv) have = ch_row_strings (order, "Names");

  for (guint i = list != NULL ? list->len : 0; i > 0; i--)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (list, i - 1))->row;
      g_auto(GStrv) want = ch_row_strings (row, "Names");

      if (!ch_row_flag (row, "Enabled") || !installs_anything (row) || !ch_names_cover (have, want))
        g_ptr_array_remove_index (list, i - 1);
    }

  return list;
}

static GVariant *
read_rows (ChClient   *client,
           const char *path,
           const char *method,
           GError    **error)
{
  g_autoptr(GVariant) reply = ch_client_call (client, path, CH_IFACE_ORDER, method, NULL, "(aa{sv})", NULL,
                                              error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static char *
read_fingerprint (ChClient   *client,
                  const char *path,
                  GError    **error)
{
  g_autoptr(GVariant) rows = read_rows (client, path, "GetCertificates", error);
  g_autoptr(GVariant) newest = NULL;

  if (rows == NULL)
    return NULL;
  if (g_variant_n_children (rows) == 0)
    return g_strdup ("");

  newest = g_variant_get_child_value (rows, 0);
  return g_strdup (ch_row_string (newest, "Fingerprint"));
}

ChOrderView *
ch_order_view_read (ChClient   *client,
                    const char *path,
                    GError    **error)
{
  g_autoptr(ChOrderView) view = g_new0 (ChOrderView, 1);
  g_autoptr(ChObject) order = ch_client_get (client, path, CH_IFACE_ORDER, NULL, error);

  if (order == NULL)
    return NULL;

  view->order = g_variant_ref (order->row);
  view->challenges = read_rows (client, path, "GetChallenges", error);
  view->fingerprint = view->challenges != NULL ? read_fingerprint (client, path, error) : NULL;
  view->deployments = view->fingerprint != NULL ? read_deployments (client, view->order, error) : NULL;

  return view->deployments != NULL ? g_steal_pointer (&view) : NULL;
}

void
ch_order_view_free (ChOrderView *view)
{
  g_clear_pointer (&view->order, g_variant_unref);
  g_clear_pointer (&view->challenges, g_variant_unref);
  g_clear_pointer (&view->deployments, g_ptr_array_unref);
  g_free (view->fingerprint);
  g_free (view);
}

/* judging */

/* A deployment still tells about the certificate before until the service has turned to this one. */
static gboolean
is_about (ChOrderView *view,
          GVariant    *deployment)
{
  return g_str_equal (ch_row_string (deployment, "Fingerprint"), view->fingerprint)
         || ch_row_number (deployment, "DeployedAt") >= ch_row_number (view->order, "IssuedAt");
}

/* Reasons are told as sentences, with or without their full stop. */
static const char *
stop_for (const char *reason)
{
  return *reason == '\0' || g_str_has_suffix (reason, ".") ? "" : ".";
}

/* For its maintenance window, or the end of its pause: nobody watches that long. */
static gboolean
waits_long (GVariant *row)
{
  g_auto(GStrv) windows = ch_row_strings (row, "Windows");
  gint64 now = ch_time_now ();

  return g_str_equal (ch_row_string (row, "State"), "pending") && *ch_row_string (row, "Reason") != '\0'
         && (ch_row_number (row, "PausedUntil") > now
             || (windows[0] != NULL && ch_row_number (row, "NextTry") > now + 60));
}

static ChVerdict
judge_deployments (ChOrderView *view,
                   char       **reason)
{
  g_autofree char *until = ch_time_full (ch_row_number (view->order, "NotAfter"));
  guint waiting = 0;

  for (guint i = 0; i < view->deployments->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (view->deployments, i))->row;
      const char *state = ch_row_string (row, "State");
      const char *why = ch_row_string (row, "Reason");
      g_autofree char *next = ch_time_relative (ch_row_number (row, "NextTry"));

      if (g_str_equal (state, "failed") && is_about (view, row))
        {
          g_free (*reason);
          *reason = g_strdup_printf (_("The certificate is issued, but deployment “%s” failed: %s%s "
                                       "It is tried again %s."),
                                     ch_row_string (row, "Name"), why, stop_for (why),
                                     *next != '\0' ? next : _("later"));
          return CH_VERDICT_FAILED;
        }
      if (waits_long (row))
        {
          g_free (*reason);
          *reason = g_strdup_printf (_("Issued; deployment “%s” comes later. %s%s"), ch_row_string (row, "Name"), why,
                                     stop_for (why));
          continue;
        }
      if (!g_str_equal (state, "stopped") && !(g_str_equal (state, "deployed") && is_about (view, row)))
        waiting++;
    }

  if (waiting > 0)
    {
      g_clear_pointer (reason, g_free);
      return CH_VERDICT_WAIT;
    }

  if (*reason != NULL)
    return CH_VERDICT_DONE;
  if (view->deployments->len > 0)
    *reason = g_strdup_printf (_("Issued, deployed and seen being served; valid until %s."), until);
  else
    *reason = g_strdup_printf (_("Issued; valid until %s. No deployment installs it yet: "
                                 "“chancery deploy add --help” shows how."), until);
  return CH_VERDICT_DONE;
}

ChVerdict
ch_order_view_judge (ChOrderView *view,
                     char       **reason)
{
  const char *nick = ch_row_string (view->order, "State");
  int state;

  /* A state that this program does not know yet is no end. */
  if (!ch_from_nick (CH_TYPE_ORDER_STATE, nick, &state, NULL))
    return CH_VERDICT_WAIT;

  if (state == CH_ORDER_STATE_ISSUED)
    return judge_deployments (view, reason);
  if (!ch_order_state_is_final (state))
    return CH_VERDICT_WAIT;

  *reason = g_strdup_printf (_("The order for %s ended: %s. %s"), ch_row_string (view->order, "Name"), nick,
                             ch_row_string (view->order, "Reason"));
  g_strchomp (*reason);
  return CH_VERDICT_FAILED;
}

/* showing */

GVariant *
ch_order_view_document (ChOrderView *view)
{
  g_autoptr(GVariantBuilder) deployments = g_variant_builder_new (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(GVariant) more = ch_json_extend (view->order, "Challenges", view->challenges);

  for (guint i = 0; i < view->deployments->len; i++)
    g_variant_builder_add_value (deployments, ((ChObject *) g_ptr_array_index (view->deployments, i))->row);

  return ch_json_extend (more, "Deployments", g_variant_builder_end (deployments));
}

static char *
describe_order (GVariant *order)
{
  const char *step = ch_row_string (order, "Step");
  const char *reason = ch_row_string (order, "Reason");
  GString *text = g_string_new (ch_row_string (order, "State"));

  if (*step != '\0' && !g_str_equal (step, "none"))
    g_string_append_printf (text, " (%s)", step);
  if (*reason != '\0')
    g_string_append_printf (text, ": %s", reason);

  return g_string_free (text, FALSE);
}

/* Whatever else a server may have answered, this is what is waited for. */
static gboolean
is_shown (GVariant *answer)
{
  return g_str_equal (ch_row_string (answer, "Result"), "value");
}

static char *
describe_answer (GVariant *challenge,
                 GVariant *answer)
{
  const char *server = ch_row_string (answer, "Server");
  const char *address = ch_row_string (answer, "Address");
  const char *text = ch_row_string (answer, "Text");
  g_autofree char *who = g_str_equal (server, address) ? g_strdup (server)
      : g_strdup_printf ("%s (%s)", server, address);
  g_autofree char *where = ch_name_shown (ch_row_string (challenge, "Location"));

  return g_strdup_printf ("%s: %s: %s", where, who, *text != '\0' ? text : ch_row_string (answer, "Result"));
}

static void
add_answers (GVariant           *challenge,
             ChOrderViewAddFact  add,
             gpointer            data)
{
  g_autoptr(GVariant) answers = ch_row_list (challenge, "Observed", "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (answers); i++)
    {
      g_autoptr(GVariant) answer = g_variant_get_child_value (answers, i);
      g_autofree char *key = g_strdup_printf ("%s %s", ch_row_string (challenge, "Location"),
                                              ch_row_string (answer, "Address"));
      g_autofree char *line = describe_answer (challenge, answer);

      add (key, is_shown (answer) ? CH_COLOUR_GOOD : CH_COLOUR_BUSY, line, data);
    }
}

static char *
describe_deployment (GVariant *row)
{
  const char *reason = ch_row_string (row, "Reason");

  return g_strdup_printf (_("deployment %s: %s%s%s"), ch_row_string (row, "Name"),
                          ch_row_string (row, "State"),
                          *reason != '\0' ? ": " : "", reason);
}

void
ch_order_view_facts (ChOrderView        *view,
                     ChOrderViewAddFact  add,
                     gpointer            data)
{
  g_autofree char *order = describe_order (view->order);

  add ("order", CH_COLOUR_NONE, order, data);
  if (*ch_row_string (view->order, "Page") != '\0')
    add ("page", CH_COLOUR_NONE, ch_row_string (view->order, "Page"), data);

  for (gsize i = 0; i < g_variant_n_children (view->challenges); i++)
    {
      g_autoptr(GVariant) challenge = g_variant_get_child_value (view->challenges, i);

      add_answers (challenge, add, data);
    }

  for (guint i = 0; i < view->deployments->len; i++)
    {
      ChObject *deployment = g_ptr_array_index (view->deployments, i);
      g_autofree char *line = describe_deployment (deployment->row);

      add (deployment->path, ch_state_colour (ch_row_string (deployment->row, "State")), line, data);
    }
}
