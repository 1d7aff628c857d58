/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/** ch_copy_row_new: (transfer floating): a row that shows @text, to be typed or pasted elsewhere as it is,
 * with a button that copies it; @title is what it is. */
GtkWidget *ch_copy_row_new (const char *title,
                            const char *text);
