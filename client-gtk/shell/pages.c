/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/pages.h"

#include "accounts/page.h"
#include "activity/page.h"
#include "dns/page.h"
#include "jobs/page.h"
#include "lib/paths.h"
#include "orders/page.h"
#include "overview/page.h"
#include "profiles/page.h"
#include "servers/page.h"

#include <glib/gi18n.h>

const ChPageRow ch_pages[] = {
  { "overview", N_("Overview"), "go-home-symbolic", { NULL }, FALSE, ch_overview_page_get_type },
  { "orders", N_("Orders"), "view-list-symbolic", { CH_FOLDER_ORDERS }, FALSE, ch_orders_page_get_type },
  { "dns", N_("DNS Accounts"), "network-server-symbolic", { CH_FOLDER_DNS }, TRUE, ch_dns_page_get_type },
  { "servers",
    N_("Servers & Deployments"),
    "computer-symbolic",
    { CH_FOLDER_SERVERS, CH_FOLDER_DEPLOYMENTS, CH_FOLDER_WATCHES },
    FALSE,
    ch_servers_page_get_type },
  { "accounts",
    N_("Accounts"),
    "avatar-default-symbolic",
    { CH_FOLDER_ACCOUNTS },
    FALSE,
    ch_accounts_page_get_type },
  { "profiles",
    N_("Profiles"),
    "x-office-address-book-symbolic",
    { CH_FOLDER_PROFILES },
    FALSE,
    ch_profiles_page_get_type },
  { "activity", N_("Activity"), "document-open-recent-symbolic", { NULL }, TRUE, ch_activity_page_get_type },
  { "jobs", N_("Jobs"), "emblem-system-symbolic", { CH_FOLDER_JOBS }, FALSE, ch_jobs_page_get_type },
  { NULL }
};

const ChPageRow *
ch_pages_find (const char *id)
{
  for (const ChPageRow *row = ch_pages; row->id != NULL; row++)
    if (g_str_equal (row->id, id))
      return row;

  return NULL;
}

const ChPageRow *
ch_pages_find_by_path (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *folder = g_path_get_basename (parent);

  for (const ChPageRow *row = ch_pages; row->id != NULL; row++)
    if (g_strv_contains (row->folders, folder))
      return row;

  return NULL;
}
