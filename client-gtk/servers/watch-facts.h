/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/item.h"

#include <adwaita.h>

/** ch_watch_facts_show: what was seen at an endpoint last, in a window over that of @where. */
void ch_watch_facts_show (GtkWidget *where,
                          ChItem    *watch);
