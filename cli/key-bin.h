/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/* Verbs of the noun “key” about the bin. */
gboolean ch_key_bin (ChCli *cli, GError **error);
gboolean ch_key_restore (ChCli *cli, GError **error);
gboolean ch_key_purge (ChCli *cli, GError **error);
