/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Who may do what. polkit decides, except for root and in the user's own service. */

typedef struct _ChAuthority ChAuthority;

/** ChGrant: a caller that was let in. */
typedef struct
{
  gint64 uid;
  char *authority;      /* "root", "owner", "polkit:<action>": what the audit log keeps */
} ChGrant;

void ch_grant_free (ChGrant *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChGrant, ch_grant_free)

/**
 * ChDescribe: tells what a call is about, for polkit's rules and messages.
 *
 * Called only when polkit is asked, because finding it out costs a look into the store.
 *
 * Returns: (transfer floating): an a{ss}
 */
typedef GVariant *(*ChDescribe) (gpointer data);

/**
 * ch_authority_new:
 * @connection: the bus that the callers are on
 * @session: the user's own service: the daemon's own user may do everything, others nothing
 */
ChAuthority *ch_authority_new (GDBusConnection *connection,
                               gboolean         session);

/** ch_authority_free: what is still being asked is cancelled. */
void ch_authority_free (ChAuthority *authority);

/**
 * ch_authority_check_async:
 * @call: who asks; whether a person may be asked for a password is taken from its message
 * @action: (nullable): the polkit action; %NULL: nobody may, root neither
 * @describe: called with @data, at most once and before @callback
 *
 * Asks without blocking; while a person types a password, others are served.
 */
void ch_authority_check_async (ChAuthority           *authority,
                               GDBusMethodInvocation *call,
                               const char            *action,
                               ChDescribe             describe,
                               GAsyncReadyCallback    callback,
                               gpointer               data);

/**
 * ch_authority_check_finish:
 *
 * Returns: (transfer full): who it is and why he may, or %NULL with %CH_ERROR_NOT_AUTHORIZED, or
 *   %CH_ERROR_CANCELLED when the caller left or the service ends
 */
ChGrant *ch_authority_check_finish (GAsyncResult *result,
                                    GError      **error);
