/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/* How many there are of what, in which state. */

/** ChMood: what numbers mean to a person. */
typedef enum
{
  CH_MOOD_NONE,
  CH_MOOD_BUSY,
  CH_MOOD_GOOD,
  CH_MOOD_BAD,
} ChMood;

/** ch_counts_icon_new: (transfer floating): an icon that says it, also to readers of the screen. */
GtkWidget *ch_counts_icon_new (ChMood mood);

/** ch_counts_sum: how many there are under @key of @status, the answer of GetStatus. */
guint ch_counts_sum (GVariant   *status,
                     const char *key);

/** ch_counts_fill_doings: what is under way: orders, deployments and jobs, each as a row of @list that leads
 * to its page. */
void ch_counts_fill_doings (GtkListBox *list,
                            GVariant   *status,
                            ChItemList *jobs);

/** ch_counts_fill_health: accounts, DNS accounts and servers, in the same way. */
void ch_counts_fill_health (GtkListBox *list,
                            GVariant   *status);
