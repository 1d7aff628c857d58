/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/**
 * ch_export_dialog_show:
 * @certificate: a row of a certificate
 *
 * Writes it to a file in the form that another program wants.
 */
void ch_export_dialog_show (GtkWidget *where,
                            ChService *service,
                            GVariant  *certificate);
