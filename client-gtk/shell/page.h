/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChPage:
 *
 * What all pages of the window have in common. A page is made when it is shown first, and stays. It has a
 * header bar of its own, which begins with a #ChSidebarButton and shows the title buttons at its start only
 * while the page is alone:
 * |[
 *   <object class="AdwHeaderBar">
 *     <property name="show-start-title-buttons" bind-source="ChMyPage" bind-property="alone"
 * bind-flags="sync-create"/> <child type="start"><object class="ChSidebarButton"/></child>
 * ]|
 *
 * Properties: service (#ChService, given when it is made: read it in the constructed() of your class), alone
 * (boolean: the sidebar is folded away).
 */
#define CH_TYPE_PAGE (ch_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChPage, ch_page, CH, PAGE, AdwBin)

/**
 * ChPageClass:
 * @search: (nullable): win.search: puts the cursor where one searches
 * @add: (nullable): win.add: begins a new one of what the page lists
 * @back: (nullable): win.back: from a detail to the list; returns whether there was anything to leave
 * @open: (nullable): win.open: shows the object at @path, which is in one of the folders of the page's row in
 * pages.c; the models may not have it yet
 */
struct _ChPageClass
{
  AdwBinClass parent_class;

  void (*search) (ChPage *page);
  void (*add) (ChPage *page);
  gboolean (*back) (ChPage *page);
  void (*open) (ChPage *page, const char *path);
};

/** ch_page_get_service: (transfer none): the service that it shows. */
ChService *ch_page_get_service (ChPage *page);
