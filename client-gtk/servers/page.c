/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/page.h"

#include "jobs/start.h"
#include "lib/paths.h"
#include "servers/deployment-group.h"
#include "servers/host-key.h"
#include "servers/login-key.h"
#include "servers/runs-dialog.h"
#include "servers/watch-dialog.h"
#include "servers/watch-facts.h"
#include "servers/watch-group.h"

#include <glib/gi18n.h>

struct _ChServersPage
{
  ChPeersPage parent_instance;
};

G_DEFINE_FINAL_TYPE (ChServersPage, ch_servers_page, CH_TYPE_PEERS_PAGE)

static void
test (GtkWidget *where,
      ChService *service,
      ChItem    *item)
{
  ch_job_start (where, service, ch_item_get_path (item), CH_IFACE_SERVER, "Test",
                g_variant_new ("(@a{sv})", ch_no_options ()));
}

/* A key that was made just now must be let in before anything works. */
static void
saved (ChFormDialog *dialog,
       const char   *path)
{
  GtkWindow *over = gtk_window_get_transient_for (GTK_WINDOW (dialog));
  ChForm *form = ch_form_dialog_get_form (dialog);
  g_autofree char *key = ch_form_get_value (form, "public-key");

  if (over != NULL && *key == '\0')
    ch_login_key_show (GTK_WIDGET (over), ch_form_dialog_get_service (dialog), path);
}

static void
watch (GtkWidget *where,
       ChService *service)
{
  ch_watch_dialog_show (where, service, NULL);
}

static const ChPeerRole role = {
  .role = "server",
  .interface = CH_IFACE_SERVER,
  .add = "AddServer",
  .has_state = TRUE,
  .test = test,
  .dress = ch_host_key_dress,
  .ask_first = ch_host_key_ask_first,
  .saved = saved,
  .login = ch_login_key_show,
  .title = N_("Servers & Deployments"),
  .new_title = N_("New Server"),
  .edit_title = N_("Server “%s”"),
  .test_label = N_("_Test"),
  .remove_question = N_("Remove the Server “%s”?"),
  .remove_text = N_("It is removed here with its secrets; the files on it stay."),
  .removed_not = N_("The server was not removed"),
  .empty_title = N_("No Servers Yet"),
  .empty_text = N_("A server is a machine that certificates are installed on. Deployments say which, and "
                   "where."),
  .also_label = N_("_Watch an Endpoint…"),
  .also = watch,
  .icon = "computer-symbolic",
};

static void
ch_servers_page_constructed (GObject *object)
{
  ChService *service;

  G_OBJECT_CLASS (ch_servers_page_parent_class)->constructed (object);
  service = ch_page_get_service (CH_PAGE (object));
  ch_peers_page_add_group (CH_PEERS_PAGE (object), ADW_PREFERENCES_GROUP (ch_deployment_group_new (service)),
                           NULL);
  /* What is only watched needs no server. */
  ch_peers_page_add_group (CH_PEERS_PAGE (object), ADW_PREFERENCES_GROUP (ch_watch_group_new (service)),
                           ch_service_get_list (service, CH_IFACE_WATCH));
}

/* A deployment is opened by its runs, a watch by what was seen, a server by its form. */
static void
ch_servers_page_open (ChPage     *page,
                      const char *path)
{
  ChService *service = ch_page_get_service (page);
  ChItem *deployment = ch_item_list_find (ch_service_get_list (service, CH_IFACE_DEPLOYMENT), path);
  ChItem *watch = ch_item_list_find (ch_service_get_list (service, CH_IFACE_WATCH), path);

  if (deployment != NULL)
    ch_runs_dialog_show (GTK_WIDGET (page), service, deployment);
  else if (watch != NULL)
    ch_watch_facts_show (GTK_WIDGET (page), watch);
  else
    CH_PAGE_CLASS (ch_servers_page_parent_class)->open (page, path);
}

static void
ch_servers_page_class_init (ChServersPageClass *class)
{
  G_OBJECT_CLASS (class)->constructed = ch_servers_page_constructed;
  CH_PAGE_CLASS (class)->open = ch_servers_page_open;
  CH_PEERS_PAGE_CLASS (class)->role = &role;
}

static void
ch_servers_page_init (ChServersPage *self)
{
}
