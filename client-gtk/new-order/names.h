/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_names_split:
 * @text: host names as people paste them: with blanks, commas, semicolons, bars or line ends between them, in
 * quotes or brackets, as addresses of pages (“https://www.example.org:443/shop”), with dots at their ends, or
 * as openssl prints them (“DNS:www.example.org”)
 *
 * Whether they are names is for the service to say.
 *
 * Returns: (transfer full): the names alone, each once, in the order of @text
 */
GStrv ch_names_split (const char *text);
