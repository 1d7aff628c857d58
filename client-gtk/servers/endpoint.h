/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Where a certificate must be seen, as people write it: "HOST", "HOST:PORT", "[ADDRESS]:PORT/NAME", and
 * behind a comma "starttls=PROTOCOL" or "patience=SECONDS". As rows they have "host", "port", "sni",
 * "starttls" and "patience". */

/** ch_endpoint_write: (transfer full): what is usual is left out. */
char *ch_endpoint_write (GVariant *endpoint);

/** ch_endpoint_read: a{sv}, floating; the service says what is wrong with it: a port that is none
 * becomes 0. */
GVariant *ch_endpoint_read (const char *text);

/** ch_endpoint_split: (transfer full): the endpoints of a line, with blanks, commas or semicolons between
 * them. */
GStrv ch_endpoint_split (const char *text);
