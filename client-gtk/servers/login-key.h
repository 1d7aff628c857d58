/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/service.h"

#include <adwaita.h>

/**
 * ch_login_key_show:
 * @where: over whose window
 * @path: of the server
 *
 * What lets the service in on a server that is reached by SSH: the line for authorized_keys and, where
 * commands are run by sudo, the lines for sudoers that its deployments need. Nothing is shown for other
 * servers.
 */
void ch_login_key_show (GtkWidget  *where,
                        ChService  *service,
                        const char *path);
