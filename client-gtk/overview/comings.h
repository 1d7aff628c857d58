/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ChComings: what ends when: the next 12 months as a #ChTimeline, and below it the orders of the month that
 * is pressed. Asks the service again whenever that has told how everything stands.
 */
#define CH_TYPE_COMINGS (ch_comings_get_type ())
G_DECLARE_FINAL_TYPE (ChComings, ch_comings, CH, COMINGS, AdwBin)

/** ch_comings_set_service: whom to ask; set once. */
void ch_comings_set_service (ChComings *comings,
                             ChService *service);
