/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/dialog.h"

/**
 * ChImportDialog: asks which orders of an account shall be brought here, then brings them, as a job that is
 * followed in a dialog of its own.
 */
#define CH_TYPE_IMPORT_DIALOG (ch_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChImportDialog, ch_import_dialog, CH, IMPORT_DIALOG, ChFormDialog)

/** ch_import_dialog_show: opens it over the window of @where; without an account, offers to add one. */
void ch_import_dialog_show (GtkWidget *where,
                            ChService *service);
