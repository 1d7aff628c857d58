/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>

/** ChWire: what is read and written through: a socket, until a moment, unless somebody cancels. */
typedef struct
{
  GSocket *socket;            /* (not owned) */
  gint64 deadline;            /* of g_get_monotonic_time() */
  GCancellable *cancellable;  /* (nullable) (not owned) */
  GError *error;              /* (owned) (nullable): what ended it, of %G_IO_ERROR */
} ChWire;

/** ch_wire_carry: lets @session speak through @wire, which must outlive it. */
void ch_wire_carry (ChWire           *wire,
                    gnutls_session_t  session);

/* What is said before TLS; each returns %FALSE with the wire's error. Not a byte more is read than is asked for: what
 * comes next is TLS. */

/** ch_wire_read: exactly @size bytes. */
gboolean ch_wire_read (ChWire *wire,
                       guint8 *bytes,
                       gsize   size);

/** ch_wire_read_line: up to LF, without it and a CR before it; %G_IO_ERROR_INVALID_DATA above 1000 bytes. */
gboolean ch_wire_read_line (ChWire  *wire,
                            GString *line);

/** ch_wire_write: all of it. */
gboolean ch_wire_write (ChWire       *wire,
                        gconstpointer bytes,
                        gsize         size);
