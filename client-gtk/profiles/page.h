/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "peers/page.h"

/** ChProfilesPage: contacts and organisations that orders name. */
#define CH_TYPE_PROFILES_PAGE (ch_profiles_page_get_type ())
G_DECLARE_FINAL_TYPE (ChProfilesPage, ch_profiles_page, CH, PROFILES_PAGE, ChPeersPage)
