/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-service.h"

/**
 * SbGodaddy:
 * @statuses: (element-type utf8 utf8): of domains that are not "ACTIVE"
 * @servers: (element-type utf8 utf8): of domains that other name servers answer for: one of those
 * @calls: (element-type utf8 guint): requests of this minute by endpoint
 * @minute: that minute, as g_get_monotonic_time() counts them
 * @rate: requests in a minute for each endpoint; 0 for any number
 * @rival: each so many-th change is undone by another client, which had read the set before and now writes
 *   it back with its own value "rival"; 0 for none
 * @changes: how many changes there were
 * @is_restricted: the account has too few domains
 * @is_key_dead: the key has been deleted
 */
typedef struct
{
  GHashTable *statuses;
  GHashTable *servers;
  GHashTable *calls;
  gint64 minute;
  guint rate;
  guint rival;
  guint changes;
  gboolean is_restricted;
  gboolean is_key_dead;
} SbGodaddy;

/* ---- dns-godaddy.c ---- */

/** sb_godaddy_fail: {"code": …, "message": …}; always %FALSE. */
gboolean sb_godaddy_fail (SbDnsCall  *call,
                          guint       status,
                          const char *code,
                          const char *message);

/** sb_godaddy_fail_field: a body that is not as it must be; always %FALSE. */
gboolean sb_godaddy_fail_field (SbDnsCall  *call,
                                guint       record,
                                const char *field,
                                const char *code,
                                const char *message);

/** sb_godaddy_read_number: a parameter of the query; @number keeps its value when there is none. */
gboolean sb_godaddy_read_number (SbDnsCall  *call,
                                 const char *name,
                                 guint64     least,
                                 guint64     most,
                                 guint64    *number);

/* ---- dns-godaddy-records.c ---- */

void sb_godaddy_list         (SbDnsCall *call);
void sb_godaddy_add          (SbDnsCall *call);
void sb_godaddy_replace      (SbDnsCall *call);
void sb_godaddy_replace_type (SbDnsCall *call);
void sb_godaddy_remove       (SbDnsCall *call);
