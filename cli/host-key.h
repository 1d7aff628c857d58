/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fields.h"

/**
 * ch_host_key_find:
 * @kind: a kind of server of which the service can scan the keys
 * @answers: what was told so far; the setting "host-key" is put into it
 *
 * A server must be known before secrets are sent there. Without a setting "host-key", its keys are fetched: the one that is in
 * the file of --known-hosts counts, or the one whose fingerprint a person at the terminal confirms.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID, which names the fingerprints, %CH_ERROR_CANCELLED, or the service's error
 */
gboolean ch_host_key_find (ChCli     *cli,
                           GVariant  *kind,
                           ChAnswers *answers,
                           GError   **error);
