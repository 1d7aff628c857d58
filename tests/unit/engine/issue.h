/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** issue: (transfer full): a certificate in PEM for the key of @csr and @name, signed by a throw-away root. */
char *issue (const char *csr,
             const char *name);

/** issue_for_somebody: (transfer full): the same for a key that nobody here has. */
char *issue_for_somebody (const char *name);

/** issue_until: how long a certificate is valid that is issued at @from; 199 days unless a test says otherwise. */
extern gint64 (*issue_until) (gint64 from);

/** issue_root: the root's certificate in PEM. */
const char *issue_root (void);

/** issue_forget: frees the root. */
void issue_forget (void);
