/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"

#include <adwaita.h>

/**
 * ChStatusView: in place of everything else: that something is under way, or why it cannot be shown
 * and what to do about it.
 */
#define CH_TYPE_STATUS_VIEW (ch_status_view_get_type ())
G_DECLARE_FINAL_TYPE (ChStatusView, ch_status_view, CH, STATUS_VIEW, AdwBin)

/** ch_status_view_show_waiting: a spinner, after a moment. */
void ch_status_view_show_waiting (ChStatusView *view);

/**
 * ch_status_view_show_error:
 * @error: a #ChError or #ChClientError
 * @bus: where the service should be
 * @address: (nullable): for %CH_CLIENT_BUS_ADDRESS
 */
void ch_status_view_show_error (ChStatusView *view,
                                const GError *error,
                                ChClientBus   bus,
                                const char   *address);
