/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "notify/server.h"

#include <gio/gio.h>

/** ChSmtpSay: hears how it goes, in sentences. */
typedef void (*ChSmtpSay) (const char *text, gpointer data);

/**
 * ch_smtp_send:
 * @password: (nullable): for @server's user
 * @message: what ch_message_compose() gave
 * @say: (nullable): called on this thread
 * @doubt: (out) (optional) (transfer full): what the server said against a recipient while it took the mail for another;
 *   %NULL: nothing
 *
 * Blocks for two minutes at most; on a worker. Nothing is said without TLS to another machine, nor to a server whose
 * certificate is not trusted.
 *
 * Returns: whether the server took it for one recipient at least; or %FALSE with %CH_ERROR_UNREACHABLE,
 *   %CH_ERROR_TLS, %CH_ERROR_CREDENTIALS, %CH_ERROR_FORBIDDEN (who sends or receives), %CH_ERROR_TRANSIENT,
 *   %CH_ERROR_FILE, %CH_ERROR_CANCELLED, or %CH_ERROR_UNKNOWN_OUTCOME (it may have taken it)
 */
gboolean ch_smtp_send (const ChMailServer *server, const char *password, const char *message,
                       ChSmtpSay say, gpointer data, char **doubt, GCancellable *cancellable, GError **error);
