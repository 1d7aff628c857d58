/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/error.h"

/** expect_hides: no error that is looked at shows @secret, which must live on. */
void expect_hides (const char *secret);

/**
 * expect:
 * @error: by address: an argument is not read before the call beside it has set it. It is cleared
 * @code: a #ChError, or -1 when it is to be done
 * @says: what the message holds
 */
void expect (gboolean     done,
             GError     **error,
             int          code,
             const char  *says);

/** must: expect() it to be done. */
void must (gboolean   done,
           GError   **error);
