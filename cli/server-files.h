/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/** ch_server_files_options: of “chancery server files”. */
extern const GOptionEntry ch_server_files_options[];

/** ch_server_files: shows the files that prove control of names, or has those removed that nobody needs any more. */
gboolean ch_server_files (ChCli *cli, GError **error);
