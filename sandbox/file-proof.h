/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * SbFileProof:
 * @servers: (element-type GSocketAddress): whom to ask for addresses
 * @mapping: (element-type utf8 utf8): addresses that are asked in place of others
 * @value: the whole text of the file
 * @is_https: whether to begin with https
 * @http_port, @https_port: in place of 80 and 443
 * @follow: whether redirections are followed
 * @hosts: (element-type utf8): all must show the file at all of their addresses
 */
typedef struct
{
  GPtrArray *servers;
  GHashTable *mapping;
  char *value;
  gboolean is_https;
  guint16 http_port;
  guint16 https_port;
  gboolean follow;
  GPtrArray *hosts;
} SbFileProof;

SbFileProof *sb_file_proof_new  (GPtrArray   *servers,
                                 GHashTable  *mapping);
void         sb_file_proof_free (SbFileProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbFileProof, sb_file_proof_free)

/**
 * sb_file_prove_async:
 * @proof: (transfer full): what to look for
 *
 * Fetches `/.well-known/pki-validation/gsdv.txt` of each host, in a thread, by the rules of the Baseline
 * Requirements (3.2.2.4.18): a status of 2xx; redirections by 301, 302, 307 and 308 only, and only to http
 * or https on port 80 or 443. The certificate of an https server does not matter.
 */
void     sb_file_prove_async  (SbFileProof          *proof,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data);

/**
 * sb_file_prove_finish:
 * @seen: (out) (transfer full): the hosts
 *
 * Returns: 0 when all is proven, otherwise -4147
 */
int      sb_file_prove_finish (GAsyncResult         *result,
                               GStrv                *seen);
