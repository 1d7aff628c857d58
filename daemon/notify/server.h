/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ChMailTls: how the way to the mail server is kept private. */
typedef enum
{
  CH_MAIL_STARTTLS,   /* RFC 3207; a server that does not offer it gets nothing */
  CH_MAIL_TLS,        /* from the first byte, RFC 8314 */
  CH_MAIL_PLAIN,      /* only to this machine itself */
} ChMailTls;

/** ChMailServer: who takes mail from us, and for whom; [mail] of the configuration. */
typedef struct
{
  char *server;           /* a host name or an address */
  guint16 port;           /* 587, 465 or 25 unless given, by @tls */
  ChMailTls tls;
  char *user;             /* (nullable): %NULL: nobody logs in */
  char *from;
  char **to;              /* one at least */
  char *ca_certificate;   /* (nullable): a PEM file of who is trusted; %NULL: whom the system trusts */
} ChMailServer;

/** CH_MAIL_KEYS: what the group may have, with blanks between. */
#define CH_MAIL_KEYS "server port tls user from to ca-certificate"

/**
 * ch_mail_server_read:
 * @file: has the group [mail]
 *
 * Returns: (transfer full): what it says, or %NULL with %CH_ERROR_INVALID that names the key
 */
ChMailServer *ch_mail_server_read (GKeyFile *file, GError **error);
void ch_mail_server_free (ChMailServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChMailServer, ch_mail_server_free)
