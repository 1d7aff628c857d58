/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ch_words_without_commands:
 * @text: a sentence of the service, in any language
 *
 * The service's sentences end with what to type in a terminal, “chancery order renew 12”; who reads them in a
 * window has a button for that. The clause with the command is left out; a text that says nothing else stays.
 *
 * Returns: (transfer full): the rest
 */
char *ch_words_without_commands (const char *text);
