/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A certificate authority for one test, in memory. */
typedef struct _TestAuthority TestAuthority;

TestAuthority *test_authority_new (void);
void test_authority_free (TestAuthority *authority);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestAuthority, test_authority_free)

/* its own certificate, PEM */
const char *test_authority_pem (TestAuthority *authority);

/* a server's certificate with key for @host (a name or address), valid from and until so many seconds from now */
GTlsCertificate *test_authority_issue (TestAuthority *authority,
                                       const char    *host,
                                       int            from,
                                       int            until);
