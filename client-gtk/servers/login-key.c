/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/login-key.h"

#include "jobs/start.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/sudoers.h"
#include "shell/copy.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *where;               /* (owned) */
  ChService *service;             /* (owned) */
  char *path;                     /* (owned) */
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->where);
  g_object_unref (request->service);
  g_free (request->path);
  g_free (request);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static const char *
get_setting (GVariant   *settings,
             const char *name)
{
  const char *value = "";

  g_variant_lookup (settings, name, "&s", &value);
  return value;
}

/* sudo */

/* (transfer full) (nullable): the line that an action or a test needs, as docs/ssh.md says how they are
 * run */
static char *
line_for (const char *user,
          GVariant   *action)
{
  const char *kind = ch_row_string (action, "kind");
  g_auto(GStrv) command = ch_row_strings (action, "command");
  g_autofree char *option = g_strdup_printf ("-%s", ch_row_string (action, "signal"));
  const char *reload[] = { "/usr/bin/systemctl", "reload-or-restart", ch_row_string (action, "unit"), NULL };
  const char *kill[] = { "/usr/bin/pkill", option, "-F", ch_row_string (action, "pid-file"), NULL };

  if (g_str_equal (kind, "reload-unit"))
    return ch_sudoers_line (user, reload);
  if (g_str_equal (kind, "signal"))
    return ch_sudoers_line (user, kill);
  if (g_str_equal (kind, "command") && command[0] != NULL)
    return ch_sudoers_line (user, (const char *const *) command);
  return NULL;
}

static void
add_line (GHashTable *lines,
          const char *user,
          GVariant   *deployment,
          const char *key)
{
  g_autoptr(GVariant) action = ch_row_list (deployment, key, "a{sv}");
  char *line = line_for (user, action);

  if (line != NULL)
    g_hash_table_add (lines, line);
}

/* (transfer full): each line once; one for an example where no deployment needs any */
static GHashTable *
collect_lines (ChService  *service,
               const char *path,
               const char *user)
{
  static const char *const example[] = { "/usr/bin/systemctl", "reload-or-restart", "nginx.service", NULL };
  GListModel *deployments = G_LIST_MODEL (ch_service_get_list (service, CH_IFACE_DEPLOYMENT));
  GHashTable *lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (deployments); i++)
    {
      g_autoptr(ChItem) deployment = g_list_model_get_item (deployments, i);

      if (!g_str_equal (ch_item_get_text (deployment, "Server"), path))
        continue;
      add_line (lines, user, ch_item_get_row (deployment), "Action");
      add_line (lines, user, ch_item_get_row (deployment), "Test");
    }

  if (g_hash_table_size (lines) == 0)
    g_hash_table_add (lines, ch_sudoers_line (user, example));
  return lines;
}

static GtkWidget *
new_sudo_group (ChService  *service,
                const char *path,
                const char *user)
{
  GtkWidget *group
      = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _("Rights"), "description",
                      _("These go into a file below /etc/sudoers.d there, mode 0440. Nothing else is "
                         "run with them."),
                      NULL);
  g_autoptr(GHashTable) lines = collect_lines (service, path, user);
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, lines);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), ch_copy_row_new (_("Line for sudoers"), line));
  return group;
}

/* the window */

static void
test_cb (GtkWidget *button,
         Request   *request)
{
  ch_job_start (button, request->service, request->path, CH_IFACE_SERVER, "Test",
                g_variant_new ("(@a{sv})", ch_no_options ()));
}

static GtkWidget *
new_content (Request  *request,
             GVariant *row)
{
  g_autoptr(GVariant) settings = ch_row_list (row, "Settings", "a{ss}");
  const char *user = get_setting (settings, "user");
  g_autofree char *line = g_strdup_printf ("restrict %s chancery-%s", get_setting (settings, "public-key"),
                                           ch_row_string (row, "Name"));
  g_autofree char *text
      = g_strdup_printf (_("It goes into ~/.ssh/authorized_keys of “%s” on “%s”. For a server that "
                            "others are reached through, write “restrict,port-forwarding”."),
                         user, get_setting (settings, "host"));
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _("Login Key"), "description",
                                   escaped, NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                             ch_copy_row_new (_("Line for authorized_keys"), line));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  if (g_str_equal (get_setting (settings, "sudo"), "yes"))
    adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (
                              new_sudo_group (request->service, request->path, user)));
  return page;
}

static void
show (Request  *request,
      GVariant *row)
{
  g_autofree char *title = g_strdup_printf (_("Login at “%s”"), ch_row_string (row, "Name"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *test = gtk_button_new_with_mnemonic (_("_Test"));
  GtkWidget *content = new_content (request, row);
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG,
                                    "transient-for", gtk_widget_get_root (request->where), "modal", TRUE,
                                    "destroy-with-parent", TRUE, "default-width", 560, "default-height", 480,
                                    "width-request", 320, "title", title, "content", box, NULL);

  gtk_widget_set_vexpand (content, TRUE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), test);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), content);
  g_object_set_data_full (G_OBJECT (window), "request", request, (GDestroyNotify) request_free);
  g_signal_connect (test, "clicked", G_CALLBACK (test_cb), request);
  ch_closes_on_escape (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Request) request = data;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);
  g_autoptr(GVariant) row = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  g_autoptr(GVariant) settings = row != NULL ? ch_row_list (row, "Settings", "a{ss}") : NULL;

  if (settings != NULL && *get_setting (settings, "public-key") != '\0'
      && gtk_widget_get_root (request->where) != NULL)
    show (g_steal_pointer (&request), row);
}

void
ch_login_key_show (GtkWidget  *where,
                   ChService  *service,
                   const char *path)
{
  ChClient *client = ch_service_get_client (service);
  Request *request;

  if (client == NULL)
    return;

  request = g_new0 (Request, 1);
  request->where = g_object_ref (where);
  request->service = g_object_ref (service);
  request->path = g_strdup (path);
  ch_client_call_async (client, path, "org.freedesktop.DBus.Properties", "GetAll",
                        g_variant_new ("(s)", CH_IFACE_SERVER), "(a{sv})", NULL, read_cb, request);
}
