/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"

#include "server.h"

/* A GlobalSign of a few lines for one test: it gives the answers that were put down, one per request, and keeps what it
 * was asked. At the end every request is checked against the schemas. */
typedef struct
{
  TestServer *server;
  GQueue steps;             /* (element-type Step) (owned) */
  const char *always;       /* (nullable): the answer to everything when nothing is put down */
  GPtrArray *asked;         /* (element-type utf8) (owned): path, newline, body */
  GPtrArray *heads;         /* (element-type utf8) (owned) */
  ChCaAccess access;
  const ChCa *ca;
} World;

/* over plain HTTP, which is quicker */
void world_start (World *world);
void world_start_tls (World *world);
void world_stop (World *world);

/* the next answer is: a message; a page with a status; a connection that closes */
void world_answer (World      *world,
                   char       *message);
void world_page (World      *world,
                 int         status,
                 const char *type,
                 const char *body);
void world_close (World *world);

/* (transfer full): an answer of an operation; @code 0: none; @payload goes after the header */
char *answer (const char *operation,
              int         success,
              int         code,
              const char *payload);

/* (transfer full): an OrderDetail */
char *detail (const char *number,
              int         status,
              const char *sub_id,
              const char *date);

/* request @n: begins with @what (its path, then its operation in the body), or holds it */
void assert_asked (World      *world,
                   guint       n,
                   const char *path,
                   const char *operation);
void assert_holds (World      *world,
                   guint       n,
                   const char *what);
