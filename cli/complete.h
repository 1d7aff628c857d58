/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/**
 * ch_complete:
 * @nouns: the verb table
 * @globals: options of every command
 * @given: the words after the program's name, options and their values among them; the last one is being written and may
 *   be ""
 *
 * Prints, one a line, what the last word could become, for the shell's completion. Silent on errors.
 */
void ch_complete (ChCli              *cli,
                  const ChNoun       *nouns,
                  const GOptionEntry *globals,
                  const char *const  *given);
