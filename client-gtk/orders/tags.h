/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ch_tags_split: (transfer full): the tags in a list with commas, without the blanks around them. */
GStrv ch_tags_split (const char *text);
