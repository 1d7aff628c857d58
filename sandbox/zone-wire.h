/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "zones.h"

/* DNS messages for the zones, by libknot. Answers come from a name server of one's own on this machine: their
 * signatures are not looked at. */

typedef struct _SbTsigKey SbTsigKey;

/** sb_tsig_key_parse: (transfer full) (nullable): the key in the text of a BIND key file. */
SbTsigKey *sb_tsig_key_parse (const char *text);
void       sb_tsig_key_free  (SbTsigKey  *key);

void sb_record_free (SbRecord *record);

/** sb_wire_new_transfer: (transfer full): the question for a zone transfer. */
GBytes *sb_wire_new_transfer (const char *zone);

/**
 * sb_wire_read_transfer:
 * @records: (element-type SbRecord): what is in @answer is added, the first SOA once
 * @soas: (inout): the SOA records seen so far
 */
gboolean sb_wire_read_transfer (GBytes     *question,
                                GBytes     *answer,
                                GPtrArray  *records,
                                guint      *soas,
                                GError    **error);

/** sb_wire_new_update: (transfer full) (nullable): the signed update (RFC 2136). */
GBytes *sb_wire_new_update (const char         *zone,
                            const SbTxtChange  *changes,
                            gsize               n_changes,
                            const SbTsigKey    *key,
                            GError            **error);

/** sb_wire_check_update: whether the server says NOERROR. */
gboolean sb_wire_check_update (GBytes  *update,
                               GBytes  *answer,
                               GError **error);
