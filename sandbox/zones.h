/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The zones that the DNS services hold. Their records stand in a real name server and nowhere else: what a
 * service shows is read from there (AXFR), and what it writes goes there (RFC 2136 with TSIG). So what
 * another program changes is seen by the services, too. Everything blocks, on the main loop: a service's
 * work on one request is atomic to its clients. */
typedef struct _SbZones SbZones;

/**
 * SbRecord:
 * @name: lower case, no final dot
 * @type: "TXT"
 * @data: as in a zone file
 * @strings: (nullable): of a TXT: its character-strings
 */
typedef struct
{
  char *name;
  char *type;
  guint32 ttl;
  char *data;
  GStrv strings;
} SbRecord;

/**
 * SbTxtAction:
 * @SB_TXT_ADD: one record; it has no effect when it is there
 * @SB_TXT_REMOVE: one record
 * @SB_TXT_REMOVE_ALL: all TXT records of a name
 */
typedef enum
{
  SB_TXT_ADD,
  SB_TXT_REMOVE,
  SB_TXT_REMOVE_ALL,
} SbTxtAction;

/** SbTxtChange: @ttl and @strings (each at most 255 octets) as the action needs them. */
typedef struct
{
  SbTxtAction action;
  const char *name;
  guint32 ttl;
  const char *const *strings;
} SbTxtChange;

/**
 * sb_zones_open:
 * @names: (nullable): the zones
 * @server: (nullable): ADDRESS:PORT of the primary, from where zones may be transferred
 * @key_file: (nullable): a BIND key file with the key for updates
 *
 * Returns: (transfer full) (nullable): the zones; without names none, which is no error
 */
SbZones *sb_zones_open (char        **names,
                        const char   *server,
                        const char   *key_file,
                        GError      **error);
void     sb_zones_free (SbZones      *zones);

/** sb_zones_names: (transfer none): as they were given, in lower case without final dot. */
const char *const *sb_zones_names (SbZones *zones);

/** sb_zones_find: (transfer none) (nullable): the zone that holds @name: the longest one. */
const char *sb_zones_find (SbZones    *zones,
                           const char *name);

/**
 * sb_zones_read:
 * @name: (nullable): only the records of that name
 * @type: (nullable): only the records of that type
 *
 * Returns: (transfer full) (element-type SbRecord) (nullable): the records, sorted by name, type and data
 */
GPtrArray *sb_zones_read (SbZones     *zones,
                          const char  *zone,
                          const char  *name,
                          const char  *type,
                          GError     **error);

/**
 * sb_zones_change:
 *
 * Does all changes in their order, or none: they are one message. The TTL of a set is that of the record
 * that was added last.
 */
gboolean sb_zones_change (SbZones            *zones,
                          const char         *zone,
                          const SbTxtChange  *changes,
                          gsize               n_changes,
                          GError            **error);

/**
 * sb_txt_split:
 *
 * Returns: (transfer full): a text in character-strings of at most 255 octets
 */
GStrv sb_txt_split (const char *text);
