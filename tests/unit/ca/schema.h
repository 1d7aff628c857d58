/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* GlobalSign's schemas, from $CHANCERY_WSDL_DIR or beside the checkout. They are not part of this project. */

/* whether they are there; when not, the running test is marked as skipped */
gboolean test_schema_available (void);

/* the path of a file among the samples, or NULL when there are none */
char *test_schema_sample (const char *name);

/* fails unless @message is valid for @service ("GASService"); does nothing when there are no schemas */
void test_schema_check (const char *service,
                        const char *message);

/* whether it is valid; only when they are there */
gboolean test_schema_accepts (const char *service,
                              const char *message);
