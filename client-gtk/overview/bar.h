/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/period.h"

#include <gtk/gtk.h>

/**
 * ChBar:
 *
 * One period as a bar of stacked parts, with the sum above and a short name below. Each part has a colour of
 * the theme and a pattern of its own, so that they can be told apart without colours. Without a period it is
 * the swatch of one part, for a legend.
 */
#define CH_TYPE_BAR (ch_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChBar, ch_bar, CH, BAR, GtkWidget)

/** ch_bar_set_period: @most: the largest sum of all bars beside it, which is as high as the bar can be. */
void ch_bar_set_period (ChBar             *bar,
                        const ChPeriodRow *period,
                        gint64             most);

/** ch_bar_new_swatch: (transfer floating): a sample of @part. */
GtkWidget *ch_bar_new_swatch (ChPeriodPart part);
