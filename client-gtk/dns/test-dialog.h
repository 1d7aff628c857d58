/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <gtk/gtk.h>

/** ch_dns_test_dialog_show: asks how the DNS account @item is to be tested, and shows the test live. */
void ch_dns_test_dialog_show (GtkWidget *where,
                              ChService *service,
                              ChItem    *item);
