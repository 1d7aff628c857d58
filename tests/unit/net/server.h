/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* An HTTP server on 127.0.0.1 for one test: it reads a request whole, lets a script answer it in raw bytes, and
 * closes the connection. One connection after the other, in a thread of its own. */
typedef struct _TestServer TestServer;

typedef struct
{
  const char *head;        /* request line and headers */
  const char *body;        /* zero-terminated */
  GIOStream *connection;
} TestRequest;

typedef void (*TestScript) (const TestRequest *request,
                            gpointer           data);

TestServer *test_server_new (GTlsCertificate *certificate,
                             TestScript       script,
                             gpointer         data);
void test_server_free (TestServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

guint16 test_server_port (TestServer *server);
/* how many whole requests came */
guint test_server_requests (TestServer *server);

/* for scripts */
void test_send (const TestRequest *request,
                const char        *bytes);
void test_answer (const TestRequest *request,
                  int                status,
                  const char        *content_type,
                  const char        *body);
/* waits until the client closes the connection */
void test_wait_for_close (const TestRequest *request);
