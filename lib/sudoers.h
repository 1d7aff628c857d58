/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ch_sudoers_line: (transfer full): what lets @user run just @argv without a password (sudoers(5)). */
char *ch_sudoers_line (const char        *user,
                       const char *const *argv);
