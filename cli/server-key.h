/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/** ch_server_key: prints the line for authorized_keys by which the service logs in to a server. */
gboolean ch_server_key (ChCli   *cli,
                        GError **error);

extern const GOptionEntry ch_server_key_options[];
