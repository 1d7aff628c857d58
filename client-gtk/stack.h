/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/**
 * ch_stack_show:
 * @name: of a page
 *
 * Shows one page and hides the others for good: what is only covered in a #GtkStack of GTK 4.8 is still
 * read out by screen readers.
 */
void ch_stack_show (GtkStack   *stack,
                    const char *name);
