/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChWatchRow: one watched endpoint in a list. Activating it shows what was seen there.
 *
 * Actions: watch.look, watch.accept (while another certificate was seen), watch.edit, watch.remove
 */
#define CH_TYPE_WATCH_ROW (ch_watch_row_get_type ())
G_DECLARE_FINAL_TYPE (ChWatchRow, ch_watch_row, CH, WATCH_ROW, AdwActionRow)

ChWatchRow *ch_watch_row_new (ChService *service,
                              ChItem    *item);
