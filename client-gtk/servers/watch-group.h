/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/** ch_watch_group_new: (transfer floating): the list of endpoints that are only looked at: how they stand;
 * added, looked at, changed and removed from there. */
GtkWidget *ch_watch_group_new (ChService *service);
