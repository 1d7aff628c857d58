/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ChError:
 * @CH_ERROR_FAILED: anything that has no better name
 * @CH_ERROR_INVALID: what the caller gave is wrong; the message says what and what would be right
 * @CH_ERROR_NOT_FOUND: no such object
 * @CH_ERROR_EXISTS: the name is taken
 * @CH_ERROR_IN_USE: something else needs the object
 * @CH_ERROR_WRONG_STATE: not possible as things stand; the message says when it would be
 * @CH_ERROR_NOT_AUTHORIZED: polkit said no to our caller
 * @CH_ERROR_LIMIT: too much or too many at a time
 * @CH_ERROR_CANCELLED: a person or a shutdown cancelled it
 * @CH_ERROR_UNREACHABLE: could not be asked: nothing was sent, so nothing has happened there
 * @CH_ERROR_UNKNOWN_OUTCOME: was sent, but no answer came: look before sending it again
 * @CH_ERROR_BAD_ANSWER: an answer came that makes no sense
 * @CH_ERROR_THROTTLED: asked too often; later it will work
 * @CH_ERROR_TRANSIENT: the other side has trouble; later it may work
 * @CH_ERROR_CREDENTIALS: the other side does not know us: user, password, key or token are wrong
 * @CH_ERROR_FORBIDDEN: it knows us and says no: right, plan, address or policy
 * @CH_ERROR_CLOCK: our clock and theirs differ too much
 * @CH_ERROR_CA_REFUSED: the CA refused this request for good
 * @CH_ERROR_MONEY: the account's balance is too low
 * @CH_ERROR_NOT_YET: the CA did not see the proof of control yet
 * @CH_ERROR_ZONE_NOT_FOUND: the DNS account has no zone for that name
 * @CH_ERROR_CONFLICT: something else stands where we have to write
 * @CH_ERROR_TLS: the other side's certificate is not trusted
 * @CH_ERROR_FILE: a file could not be read or written; the message names it
 * @CH_ERROR_NO_SPACE: the disk is full
 * @CH_ERROR_ACTION_FAILED: a reload or another action after installing failed
 * @CH_ERROR_NOT_SERVED: another certificate than ours is being served
 * @CH_ERROR_STORE: the database cannot be used
 * @CH_ERROR_VAULT: secrets cannot be read or written
 *
 * Every failure that a user can meet. Their D-Bus names are org.chancery.Chancery1.Error.*.
 */
typedef enum
{
  CH_ERROR_FAILED,
  CH_ERROR_INVALID,
  CH_ERROR_NOT_FOUND,
  CH_ERROR_EXISTS,
  CH_ERROR_IN_USE,
  CH_ERROR_WRONG_STATE,
  CH_ERROR_NOT_AUTHORIZED,
  CH_ERROR_LIMIT,
  CH_ERROR_CANCELLED,
  CH_ERROR_UNREACHABLE,
  CH_ERROR_UNKNOWN_OUTCOME,
  CH_ERROR_BAD_ANSWER,
  CH_ERROR_THROTTLED,
  CH_ERROR_TRANSIENT,
  CH_ERROR_CREDENTIALS,
  CH_ERROR_FORBIDDEN,
  CH_ERROR_CLOCK,
  CH_ERROR_CA_REFUSED,
  CH_ERROR_MONEY,
  CH_ERROR_NOT_YET,
  CH_ERROR_ZONE_NOT_FOUND,
  CH_ERROR_CONFLICT,
  CH_ERROR_TLS,
  CH_ERROR_FILE,
  CH_ERROR_NO_SPACE,
  CH_ERROR_ACTION_FAILED,
  CH_ERROR_NOT_SERVED,
  CH_ERROR_STORE,
  CH_ERROR_VAULT,
} ChError;

#define CH_ERROR_N_CODES (CH_ERROR_VAULT + 1)

#define CH_ERROR (ch_error_quark ())
GQuark ch_error_quark (void);

/**
 * ch_error_set:
 * @error: (out) (optional): where to put it
 * @code: what kind of failure
 * @format: a whole sentence for a person, already translated; never holds a secret
 *
 * Returns: always %FALSE, so that failing is one line
 */
gboolean ch_error_set (GError    **error,
                       ChError     code,
                       const char *format,
                       ...) G_GNUC_PRINTF (3, 4);

/**
 * ch_error_is_retryable:
 * @error: an error
 *
 * Returns: whether the same request may succeed later without anybody changing anything.
 *   %CH_ERROR_UNKNOWN_OUTCOME counts as retryable: after looking first.
 */
gboolean ch_error_is_retryable (const GError *error);

/**
 * ch_error_name:
 * @code: a code
 *
 * Returns: (transfer none): its name on D-Bus
 */
const char *ch_error_name (ChError code);

/**
 * ch_error_from_gio:
 * @error: (inout) (transfer full): an error of GLib or GIO
 *
 * Translates a foreign error at the border, keeping its message: cancelled, connection and
 * resolver trouble become our codes, all else %CH_ERROR_FAILED. Errors of %CH_ERROR stay.
 */
void ch_error_from_gio (GError **error);
