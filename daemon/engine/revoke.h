/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/**
 * ch_order_revoke: writes the wish down; the engine revokes every certificate of the order that has not ended.
 * @force: also where a deployment serves it; without, %CH_ERROR_IN_USE names what would break
 */
gboolean ch_order_revoke (ChWorld *world, gint64 id, gboolean force, const ChActor *actor, GError **error);

/** ch_order_uses: (transfer full) (nullable): "“web” (127.0.0.1:443), “mail”": the deployments that serve its certificates. */
char *ch_order_uses (ChWorld *world, gint64 id, GError **error);
