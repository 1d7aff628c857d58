/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

/* Where servers take the files that prove control of names, by their deployments. */

/** ChWebRoot: one place on one server. */
typedef struct
{
  gint64 server_id;
  char *root;     /* the folder that must be there */
  char *path;     /* of the file, below @root */
} ChWebRoot;

void ch_web_root_free (ChWebRoot *root);

/** ch_web_root_has: whether a deployment takes challenge files at all. */
gboolean ch_web_root_has (const ChDeployment *deployment);

/**
 * ch_web_roots_find:
 * @host: a name that is to be proven
 *
 * Returns: (transfer full) (element-type ChWebRoot): the places that a file for @host has to stand at, each once: of every
 *   deployment that is enabled, on a server that is, for names that cover it; empty: a person puts it
 */
GPtrArray *ch_web_roots_find (ChStore *store, const char *host, GError **error);

/** ch_web_roots_cover: whether none of @names needs a person. */
gboolean ch_web_roots_cover (ChStore *store, const char *const *names);
