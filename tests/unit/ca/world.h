/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "lib/error.h"

#include "server.h"

#define ORDERS "/ServerSSLService"
#define QUERIES "/GASService"
#define ACCOUNT "/AccountService"

#define PEM(what) "-----BEGIN CERTIFICATE-----&#xD;\n" what "&#xD;\n-----END CERTIFICATE-----&#xD;\n"
#define LF_PEM(what) "-----BEGIN CERTIFICATE-----\n" what "\n-----END CERTIFICATE-----\n"
#define FULFILLMENT "<Fulfillment><CACertificates><CACertificate><CACertType>ROOT</CACertType><CACert>" PEM ("ROOT") \
                    "</CACert></CACertificate><CACertificate><CACertType>INTER</CACertType><CACert>" PEM ("INTER") \
                    "</CACert></CACertificate></CACertificates><ServerCertificate><X509Cert>" PEM ("LEAF") "</X509Cert>" \
                    "<PKCS7Cert>x</PKCS7Cert></ServerCertificate></Fulfillment>"

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

/** world_init: begins a test program. */
void world_init (int *argc, char ***argv);

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

/* (transfer full): an answer to GetOrderByOrderID; @more goes into the OrderDetail */
char *fetched (const char *number,
               int         status,
               const char *more);

/* issued, with the leaf and the chain of FULFILLMENT in LF */
void assert_has_chain (const ChCaOrder *order);

/* and says nothing of the password */
void assert_failed (const GError *error,
                    ChError       code);

/* what a service can do instead of an answer, and what each means for a request that is safe to repeat and for
 * one that places an order */
typedef struct
{
  int status;               /* 0: closes */
  const char *type;
  const char *body;
  ChError query;
  ChError submit;
} Trouble;

#define N_TROUBLES 14
extern const Trouble troubles[N_TROUBLES];

void world_trouble (World         *world,
                    const Trouble *trouble);
