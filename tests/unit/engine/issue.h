/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/** issue: (transfer full): a certificate in PEM for the key of @csr and @name, signed by a throw-away root. */
char *issue (const char *csr,
             const char *name);

/** issue_root: the root's certificate in PEM. */
const char *issue_root (void);

/** issue_forget: frees the root. */
void issue_forget (void);
