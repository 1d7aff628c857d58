/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/page.h"

/** ChDnsPage: accounts at DNS services and servers. */
#define CH_TYPE_DNS_PAGE (ch_dns_page_get_type ())
G_DECLARE_FINAL_TYPE (ChDnsPage, ch_dns_page, CH, DNS_PAGE, ChPeersPage)
