/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

extern const GOptionEntry ch_key_attach_options[];
extern const GOptionEntry ch_key_find_options[];
gboolean ch_key_attach (ChCli *cli, GError **error);
gboolean ch_key_find (ChCli *cli, GError **error);
