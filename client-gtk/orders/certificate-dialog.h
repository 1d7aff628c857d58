/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/** ch_certificate_dialog_show: what stands in the certificate with that id, in words, with its chain and
 * its text to copy. */
void ch_certificate_dialog_show (GtkWidget *where,
                                 ChService *service,
                                 guint64    id);
