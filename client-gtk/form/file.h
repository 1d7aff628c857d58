/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

typedef void (*ChFileTextFunc) (const char *text,
                                gpointer    owner);
typedef void (*ChFileErrorFunc) (const GError *error,
                                 gpointer      owner);

/**
 * ch_file_read:
 * @where: in whose window
 * @title: of the dialog
 * @done: called with what the file holds, which is UTF-8
 * @failed: called if it cannot be read, holds no text, or more than a field takes
 * @owner: a #GObject, given to both; neither is called once it is gone
 *
 * Lets a person choose a file. Neither is called if that is broken off.
 */
void ch_file_read (GtkWidget      *where,
                   const char     *title,
                   ChFileTextFunc  done,
                   ChFileErrorFunc failed,
                   gpointer        owner);

/**
 * ch_file_write:
 * @where: in whose window
 * @title: of the dialog
 * @name: proposed for the file
 * @content: what it shall hold
 * @done: called with the path once it is written
 * @failed: called if it cannot be written
 * @owner: a #GObject, given to both; neither is called once it is gone
 *
 * Lets a person choose where to write a file.
 */
void ch_file_write (GtkWidget      *where,
                    const char     *title,
                    const char     *name,
                    GBytes         *content,
                    ChFileTextFunc  done,
                    ChFileErrorFunc failed,
                    gpointer        owner);
