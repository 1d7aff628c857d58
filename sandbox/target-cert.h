/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * sb_target_cert_judge:
 * @pem: the TargetCERT of a transfer
 * @now: milliseconds since 1970
 *
 * Returns: 0; -6002 when it cannot be parsed; -4008 when it is expired or for another name
 */
int sb_target_cert_judge (const char *pem,
                          const char *common_name,
                          gint64      now);
