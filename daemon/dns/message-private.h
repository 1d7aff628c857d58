/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/message.h"

#include <libknot/libknot.h>

/* Between message.c and answer.c only. */

struct ChTsigKey
{
  knot_tsig_key_t knot;
};

struct ChDnsRequest
{
  GBytes *wire;
  gsize question_size;
  gboolean is_update;
  const ChTsigKey *key;       /* (nullable) (unowned) */
  guint8 mac[64];             /* of the request, needed to verify the answer; SHA-512 is the longest */
  gsize mac_length;
};

/* the cleanup functions of libknot take more than the pointer */
static inline void
ch_dns_free_packet (knot_pkt_t **packet)
{
  knot_pkt_free (*packet);
}
#define auto_packet __attribute__ ((cleanup (ch_dns_free_packet))) knot_pkt_t
