/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ch_name_shown: (transfer full): @name as people write it, with its A-label form beside where that differs. */
char *ch_name_shown (const char *name);

/** ch_names_shown: (transfer full): ch_name_shown() of all, with commas between. */
char *ch_names_shown (GStrv names);
