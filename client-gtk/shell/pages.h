/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

/**
 * ChPageRow:
 * @id: its name in win.page and in the settings; never translated, never changed
 * @title: marked for translation
 * @icon: a symbolic one
 * @folders: the folders of the bus whose objects it shows, such as CH_FOLDER_ORDERS, ended by %NULL: win.open
 * finds the page by them, and the sidebar counts what of them needs a person
 * @begins_group: whether the sidebar draws a line above it
 * @type: of its #ChPage
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *icon;
  const char *folders[4];
  gboolean begins_group;
  GType (*type) (void);
} ChPageRow;

/** ch_pages: all pages, as the sidebar shows them, ended by { NULL }. A new page is a folder, its files in
 * meson.build and a row here. */
extern const ChPageRow ch_pages[];

/** ch_pages_find: (nullable): the page with that id. */
const ChPageRow *ch_pages_find (const char *id);

/** ch_pages_find_by_path: (nullable): the page that shows the object at @path. */
const ChPageRow *ch_pages_find_by_path (const char *path);
