/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/**
 * ch_help:
 * @nouns: all that there are, ended by { NULL }
 * @global_options: those of every command
 * @noun: (nullable): what is asked about; %NULL: the program
 * @command: (nullable): what is asked about; %NULL: all that can be done with @noun
 *
 * Returns: (transfer full): the page that --help shows, as wide as the terminal, or as 80 columns in a pipe
 */
char *ch_help (const ChNoun       *nouns,
               const GOptionEntry *global_options,
               const ChNoun       *noun,
               const ChCommand    *command);
