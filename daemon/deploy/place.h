/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

/**
 * ChPlace: a path with its folder held open.
 *
 * Everything is done relative to the open folder and by names that are never followed when they are links, so
 * that whoever may write to a folder, or to one above it, cannot lead us somewhere else half-way.
 */
typedef struct
{
  char *path;     /* (owned) */
  int folder;
  char *name;     /* (owned): within the folder, like the other three */
  char *fresh;    /* (owned): what is to come */
  char *old;      /* (owned): what was there before */
  char *none;     /* (owned): that nothing was there before */
} ChPlace;

/**
 * ch_place_open:
 * @path: where a file is or shall be
 *
 * Returns: (transfer full): the place, or %NULL with %CH_ERROR_INVALID for a path that cannot be right, or
 *   %CH_ERROR_FILE when its folder is missing, a symbolic link, behind somebody else's one, or not to be opened
 */
ChPlace *ch_place_open (const char *path,
                        GError    **error);
void ch_place_free (ChPlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPlace, ch_place_free)

/**
 * ch_place_look:
 * @name: one of the names of @place
 * @there: (out): whether a file has that name
 * @info: (out) (optional): the file's facts, when it is there
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_FILE when @name is something else than a plain file
 */
gboolean ch_place_look (const ChPlace *place,
                        const char    *name,
                        gboolean      *there,
                        struct stat   *info,
                        GError       **error);

/** ch_place_remove: removes @name, if it is there. */
gboolean ch_place_remove (const ChPlace *place,
                          const char    *name,
                          GError       **error);

/** ch_place_sync: returns when the folder's names are on the disk. */
gboolean ch_place_sync (const ChPlace *place,
                        GError       **error);

/**
 * ch_place_fail:
 * @path: the file that could not be changed
 * @code: errno
 *
 * Returns: %FALSE with %CH_ERROR_NO_SPACE or %CH_ERROR_FILE
 */
gboolean ch_place_fail (GError    **error,
                        const char *path,
                        int         code);
