/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/** ch_leftovers_options: of “chancery dns leftovers”. */
extern const GOptionEntry ch_leftovers_options[];

/** ch_leftovers: shows TXT values that are still in somebody's DNS, or removes them. */
gboolean ch_leftovers (ChCli *cli, GError **error);

/** ch_leftovers_fetch: (transfer full) (element-type GVariant): all rows, or %NULL with an error. */
GPtrArray *ch_leftovers_fetch (ChCli *cli, GError **error);
