/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"
#include "notify/digest.h"

#include <gio/gio.h>

/* Telling people by e-mail: what ends, what could not be replaced, what needs a person. One mail a day at most, and only when
 * there is news. Without [mail] in the configuration none of this does anything. */

/** ch_mailer_run: sends what is due. */
void ch_mailer_run (ChWorld *world, gint64 now);

/** ch_mailer_resume: at start: looks soon whether there is news; a mail that was under way is sent again. */
gboolean ch_mailer_resume (ChWorld *world, GError **error);

/** ch_mailer_hasten: there may be news: looks in a minute, so that what happens together is told together. */
void ch_mailer_hasten (ChWorld *world);

/**
 * ch_mailer_test:
 *
 * Sends a mail that says that it is a test, and tells how it goes.
 *
 * Returns: (transfer none): the job, or %NULL with %CH_ERROR_WRONG_STATE that says how to configure it
 */
ChJob *ch_mailer_test (ChWorld *world, const ChActor *actor, GError **error);

/** ch_mailer_set_password_async: @password: for the user of [mail]; "": takes it away */
void ch_mailer_set_password_async (ChWorld *world, const char *password, const ChActor *actor,
                                   GAsyncReadyCallback callback, gpointer data);
gboolean ch_mailer_set_password_finish (GAsyncResult *result, GError **error);

/* ---- between the files of the mailer ---- */

/** ch_mail_gather: (transfer full) (element-type ChDigestItem): all that stands, sorted; %NULL: the database cannot be read */
GPtrArray *ch_mail_gather (ChStore *store, gint64 now, GError **error);

/** ch_mail_send: as ch_smtp_send(), with the password that is kept. */
gboolean ch_mail_send (ChWorld *world, const char *message, void (*say) (const char *text, gpointer data), gpointer data,
                       char **doubt, GCancellable *cancellable, GError **error);
