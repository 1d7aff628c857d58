/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/prove.h"
#include "deploy/wire.h"

/**
 * ch_start_tls:
 * @wire: freshly connected
 *
 * Says what is said before TLS begins; afterwards the next byte either way is TLS's. Reads a few KiB at most.
 *
 * Returns: %TRUE, or %FALSE with the wire's error (the connection was lost, or nothing came in time) or, without
 *   one, with @problem
 * @problem: (out) (transfer full): what is wrong with its answer, a part of a sentence that begins with the endpoint
 */
gboolean ch_start_tls (ChStartTls start_tls,
                       ChWire    *wire,
                       char     **problem);
