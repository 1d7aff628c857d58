/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/job.h"

/* Private keys that stayed where an order was placed, brought to the order that was imported. */

/**
 * ch_key_attach_async:
 * @pem: the private key, perhaps encrypted
 * @password: (nullable): then, its password
 *
 * Keeps a key in the vault and gives it to every order and certificate here that it belongs to, by its public half; those
 * that were imported replace themselves from now on. %CH_ERROR_INVALID when it belongs to no certificate of the order,
 * %CH_ERROR_EXISTS when the order lacks none.
 */
void ch_key_attach_async (ChWorld *world, gint64 order_id, GBytes *pem, const char *password, const ChActor *actor,
                          GAsyncReadyCallback callback, gpointer data);
gboolean ch_key_attach_finish (GAsyncResult *result, GError **error);

/**
 * ch_key_find:
 * @server: the handle of a server
 * @paths: (nullable): files to look into, besides the key files of deployments for the names of the order
 *
 * Starts the job "key.find", which looks on a server for a key of the order and attaches the first that belongs to it.
 */
ChJob *ch_key_find (ChWorld *world, gint64 order_id, const char *server, const char *const *paths, const ChActor *actor,
                    GError **error);

/** ch_keys_attached: joins an open transaction: these orders have got a key. @ids: (element-type gint64) */
gboolean ch_keys_attached (ChWorld *world, GArray *ids, GError **error);
