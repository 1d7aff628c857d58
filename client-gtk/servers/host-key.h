/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/dialog.h"

/* The key by which a server is known: nothing is ever sent to one whose key no person has confirmed. */

/** ch_host_key_dress: a button at the line of the key, if @kind has one, that asks the server for it. */
void ch_host_key_dress (ChFormDialog *dialog,
                        GVariant     *kind);

/**
 * ch_host_key_ask_first:
 *
 * Before a server is added, and before it is looked for elsewhere, its key is shown, beside the one that was
 * known; ch_form_dialog_save() goes on once a person said that it is right.
 *
 * Returns: whether somebody is asked
 */
gboolean ch_host_key_ask_first (ChFormDialog *dialog,
                                GVariant     *kind);
