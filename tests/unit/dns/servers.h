/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Real name servers in private folders, on ports of loopback that the kernel chose. */

/**
 * ServerKind: which program.
 *
 * Each serves "example.test", which the key "good" may change, and "static.test", which nobody may change:
 * spf.example.test holds a TXT "v=spf1 -all" with TTL 300, alias.example.test is a CNAME, and
 * sub.example.test is delegated elsewhere. BIND and Knot also know "narrow", which may
 * change _only.example.test alone, and BIND a key "hmac-…" for each algorithm.
 */
typedef enum
{
  SERVER_BIND,
  SERVER_KNOT,
  SERVER_PDNS,
} ServerKind;

typedef struct
{
  ServerKind kind;
  char *folder;
  char *secret;         /* base64: of all keys */
  guint16 port;
  GSubprocess *process;
} Server;

/** server_is_installed: whether the program is there. */
gboolean server_is_installed (ServerKind kind);

/** server_start: starts one and waits until it answers. */
Server *server_start (ServerKind kind);

/**
 * server_start_named: a BIND with a configuration and a zone file of the test's own, whose folder is
 * @folder.
 */
Server *server_start_named (const char *folder,
                            const char *address,
                            guint16     port);

/** server_stop: ends it and removes its folder. */
void server_stop (Server *server);

/** server_halt: ends it, and leaves its folder. */
void server_halt (Server *server);

/**
 * server_show: (transfer full): what dig(1) says of a name's TXT: sorted lines 'TTL "value"', joined
 * by '\n'.
 */
char *server_show (Server     *server,
                   const char *name);

/** server_update: what nsupdate(1) with the key "good" does with lines such as "update add …". */
void server_update (Server     *server,
                    const char *lines);

/** server_free_port: a port of 127.0.0.1 that is free for TCP and UDP. */
guint16 server_free_port (void);

/** remove_folder: with everything in it. */
void remove_folder (const char *folder);

/** write_file: writes @text into @folder/@name. */
void write_file (const char *folder,
                 const char *name,
                 const char *text);
