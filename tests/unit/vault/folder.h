/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Removes a folder of a test and all that is in it. */
void remove_folder (const char *folder);
