/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/page.h"

/** ChServersPage: machines that files are put on, and the deployments that do it. */
#define CH_TYPE_SERVERS_PAGE (ch_servers_page_get_type ())
G_DECLARE_FINAL_TYPE (ChServersPage, ch_servers_page, CH, SERVERS_PAGE, ChPeersPage)
