/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Times are milliseconds since 1970, 0 for “never”. */

gint64 sb_now (void);

/**
 * sb_date_parse:
 * @text: `2026-01-31T23:59:59.000Z`, or with an offset such as `-05:00`
 * @time: (out): milliseconds since 1970
 *
 * Returns: whether it is a date with seconds and zone
 */
gboolean sb_date_parse (const char *text,
                        gint64     *time);

/**
 * sb_date_format:
 * @time: milliseconds since 1970
 * @offset: as `+09:00`: it belongs to the account, not to the host
 *
 * Returns: (transfer full): as in `2026-01-02T03:04:05.678+09:00`
 */
char *sb_date_format (gint64      time,
                      const char *offset);

/* @months of the calendar after @time. */
gint64 sb_add_months (gint64 time,
                      gint64 months);

gboolean sb_offset_is_valid (const char *offset);
