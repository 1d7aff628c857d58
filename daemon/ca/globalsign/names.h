/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* The names of an order as GlobalSign wants them (docs/globalsign.md, Products and names). The first is the common name. */

/** ch_gs_names_are_several: whether there is a name that the common name does not bring with it. */
gboolean ch_gs_names_are_several (const char *const *names);

gboolean ch_gs_name_is_wildcard (const char *name);

/** ch_gs_name_base: (transfer none): @name without "*.". */
const char *ch_gs_name_base (const char *name);

/** ch_gs_names_base_option: (transfer none) (nullable): BaseOption: "wildcard", "GIP" for an address, or nothing. */
const char *ch_gs_names_base_option (const char *common_name);

/** ch_gs_names_describe: (transfer full): for each what GlobalSign counts it as, in words. */
char **ch_gs_names_describe (const char *const *names);

/** ch_gs_names_write: adds SANEntries with those that need an entry, which may be none. */
void ch_gs_names_write (xmlNode           *parent,
                        const char *const *names);
