/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * SbProof:
 * @servers: (element-type GSocketAddress): every one must show the value
 * @value: the whole text of the TXT record
 * @seen: (element-type utf8): the places where it stood
 * @places: (element-type GStrv): for each thing to prove, the names where the record may stand; one is enough
 */
typedef struct
{
  GPtrArray *servers;
  char *value;
  GPtrArray *places;
  GPtrArray *seen;
} SbProof;

SbProof *sb_proof_new  (GPtrArray  *servers,
                        const char *value);
void     sb_proof_add  (SbProof    *proof,
                        GStrv       names);
void     sb_proof_free (SbProof    *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbProof, sb_proof_free)

/**
 * sb_dns_prove_async:
 * @proof: (transfer full): what to look for
 *
 * Asks real servers for TXT records, in a thread.
 */
void sb_dns_prove_async  (SbProof             *proof,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data);

/**
 * sb_dns_prove_finish:
 *
 * @seen: (out) (transfer full): the names where it stood
 *
 * Returns: 0 when all is proven; -3026 when a record is missing; -3013 when a server gave no useful answer
 */
int  sb_dns_prove_finish (GAsyncResult        *result,
                          GStrv               *seen);

/**
 * sb_dns_addresses:
 * @servers: (element-type GSocketAddress): all are asked
 * @name: a host name
 *
 * Blocks: for threads.
 *
 * Returns: (transfer full) (element-type GInetAddress) (nullable): every address that any of the servers tells;
 *   %NULL when there is none or a server gives no useful answer
 */
GPtrArray *sb_dns_addresses (GPtrArray  *servers,
                             const char *name);
