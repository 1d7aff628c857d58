/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/page.h"

/** ChAccountsPage: accounts at certificate authorities. */
#define CH_TYPE_ACCOUNTS_PAGE (ch_accounts_page_get_type ())
G_DECLARE_FINAL_TYPE (ChAccountsPage, ch_accounts_page, CH, ACCOUNTS_PAGE, ChPeersPage)
