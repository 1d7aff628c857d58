/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/** ch_tell: a short note in the window of @where, which goes by itself. */
void ch_tell (GtkWidget  *where,
              const char *text);

/**
 * ch_tell_error:
 * @what: what could not be done, a short sentence such as “The account was not removed”
 * @error: why
 *
 * A note with a button that shows the whole error. What the person broke off is not told.
 */
void ch_tell_error (GtkWidget    *where,
                    const char   *what,
                    const GError *error);

/**
 * ChAnsweredFunc: what is done once somebody said yes.
 */
typedef void (*ChAnsweredFunc) (gpointer data);

/**
 * ch_tell_offer:
 * @label: of a button, such as “_Undo”
 * @taken: called if that button was pressed
 * @owner: given to @taken; kept as long as the note is there
 *
 * A note that offers something.
 */
void ch_tell_offer (GtkWidget     *where,
                    const char    *text,
                    const char    *label,
                    ChAnsweredFunc taken,
                    GObject       *owner);

/**
 * ch_ask:
 * @where: in whose window
 * @heading: the question, which names the object
 * @body: what it means
 * @verb: (of the button) such as “_Remove”
 * @yes: called only if that button was pressed
 * @owner: given to @yes; nothing is called once it is gone
 *
 * Asks before something that cannot be undone.
 *
 * Returns: (transfer none): the dialog, which may be given @owner to keep
 */
GtkWidget *ch_ask (GtkWidget     *where,
                   const char    *heading,
                   const char    *body,
                   const char    *verb,
                   ChAnsweredFunc yes,
                   gpointer       owner);

/** ch_closes_on_escape: for windows that are dialogs: the key Escape closes them. */
void ch_closes_on_escape (GtkWindow *window);
