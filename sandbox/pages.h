/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "world.h"

#include <libsoup/soup.h>

#define SB_PAGES_PATH "/dvp"

/**
 * sb_page_link:
 * @order: with a `page`
 *
 * Returns: (transfer full): the address of the order's Domain Verification Page
 */
char *sb_page_link (SbWorld       *world,
                    const SbOrder *order);

/* Serves the pages for people; @user_data is the #SbWorld. */
void sb_page_request_cb (SoupServer        *server,
                         SoupServerMessage *message,
                         const char        *path,
                         GHashTable        *query,
                         gpointer           user_data);
