/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* How facts are shown. These are closures of templates, so each takes what the template belongs to. */

/**
 * ch_format_bind: makes known to a template:
 * - state_icon (nick): name of an icon
 * - state_classes (nick): classes for CSS
 * - state_word (nick), served_word (nick), format_product (nick): for people
 * - served_classes (nick): classes for CSS
 * - format_day (Unix seconds): local; "" for 0
 * - is_text (text): whether there is any
 */
void ch_format_bind (GtkWidgetClass *widget);

/** ch_format_line_icon: (transfer none): an icon for a kind of line of Order.Explain. */
const char *ch_format_line_icon (const char *kind);

/** ch_format_line_title: (transfer none): a word for a kind of line of Order.Explain. */
const char *ch_format_line_title (const char *kind);

/** ch_format_state: (transfer none): a state of an order, in the user's language; one that is not known, as
 * it is. */
const char *ch_format_state (const char *nick);

/** ch_format_product: (transfer full): the name of a product, as it is sold; one that is not known, as it
 * is. */
char *ch_format_product (const char *nick);

/** ch_format_method: (transfer none): how control of the names is proven. */
const char *ch_format_method (const char *nick);
