/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What a call is about, for polkit: rules match these keys by action.lookup(), the messages of the
 * policy file name $(name). Keys: "name" (always), "account", "dns", "server", "deployment",
 * "order", "kind", "names", "domain". A key that cannot be told for sure is left out, so that a
 * rule that waits for a certain value does not match. */

typedef GHashTable ChDetails;

ChDetails *ch_details_new (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDetails, g_hash_table_unref)

/** ch_details_set: @value %NULL leaves it out. */
void ch_details_set (ChDetails *details, const char *key, const char *value);

/** ch_details_set_id: */
void ch_details_set_id (ChDetails *details, const char *key, gint64 id);

/**
 * ch_details_set_names:
 * @names: (array zero-terminated=1): host names as people write them
 *
 * Sets "names", all of them with blanks between, and "domain": what all of them end in, as A-labels
 * in lower case. One name is its own domain; "www.example.test" and "api.example.test" have
 * "example.test"; names that share nothing have none. So a rule that looks only at the domain
 * cannot be deceived by a second name. Names that are no names have none either.
 */
void ch_details_set_names (ChDetails *details, const char *const *names);

/** ch_details_to_variant: (transfer floating): an a{ss} */
GVariant *ch_details_to_variant (ChDetails *details);
