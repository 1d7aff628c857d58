/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libknot/libknot.h>

typedef knot_pkt_t SbPacket;

void sb_packet_free (SbPacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbPacket, sb_packet_free)

/**
 * sb_dns_ask:
 * @type: a type of record
 *
 * Asks once more when there is no answer, and over TCP when it is cut. Blocks: for threads.
 *
 * Returns: (transfer full) (nullable): the answer, whatever it says
 */
SbPacket *sb_dns_ask (GSocketAddress *server,
                      const char     *name,
                      uint16_t        type);
