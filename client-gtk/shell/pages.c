/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/pages.h"

#include "lib/paths.h"
#include "orders/page.h"
#include "overview/page.h"

#include <glib/gi18n.h>

const ChPageRow ch_pages[] = {
  { "overview", N_("Overview"), "go-home-symbolic", { NULL }, FALSE, ch_overview_page_get_type },
  { "orders", N_("Orders"), "view-list-symbolic", { CH_FOLDER_ORDERS }, FALSE, ch_orders_page_get_type },
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
