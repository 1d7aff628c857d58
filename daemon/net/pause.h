/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Services that were asked too often say how long they want to be left alone. That holds for all who ask
 * with the same credentials, so it is kept here for the whole process. Any thread; times are of
 * g_get_monotonic_time(). */

/**
 * ch_pause_caller:
 * @url: where
 * @credential: as whom; may be a secret
 *
 * Returns: (transfer full): a word for the two, from which neither can be told
 */
char *ch_pause_caller (const char *url,
                       const char *credential);

/**
 * ch_pause_begin:
 * @seconds: how long; negative when the service did not say: then a second, doubled each time up to a minute,
 *   until ch_pause_end()
 *
 * An hour is the longest.
 */
void ch_pause_begin (const char *caller,
                     gint64      now,
                     gint64      seconds);

/** ch_pause_end: the service has answered as usual. */
void ch_pause_end (const char *caller);

/**
 * ch_pause_check:
 * @service: its name, for the message
 *
 * Returns: %TRUE when it may be asked, or %FALSE with %CH_ERROR_THROTTLED
 */
gboolean ch_pause_check (const char *caller,
                         gint64      now,
                         const char *service,
                         GError    **error);
