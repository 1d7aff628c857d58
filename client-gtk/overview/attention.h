/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ch_attention_row_new:
 * @item: one of ch_service_get_attention()
 *
 * Returns: (transfer floating): a row that says what is needed, leads to where it is, and has the button that
 * does what can be done with one press
 */
GtkWidget *ch_attention_row_new (ChService *service,
                                 ChItem    *item);

/**
 * ch_attention_row_new_calm:
 * @status: the answer of GetStatus
 *
 * Returns: (transfer floating): the row that stands there when nothing needs a person: that, or what to begin
 * with
 */
GtkWidget *ch_attention_row_new_calm (GVariant *status);

/** ch_attention_name_act: (transfer full) (nullable): what can be done at once about what is at @path, such
 * as “Run Again”. */
char *ch_attention_name_act (const char *path);
/** ch_attention_act: does it, and shows it in the window of @where. */
void ch_attention_act (GtkWidget  *where,
                       ChService  *service,
                       const char *path);
