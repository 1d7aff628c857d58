/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/client.h"
#include "model/item-list.h"

/**
 * ChObjects:
 *
 * What the service's ObjectManager gives: accounts, DNS accounts, servers, profiles, deployments and jobs,
 * each as a #ChItemList that lives as long as this. One call reads all; afterwards changes are followed one
 * by one. Nothing here blocks.
 *
 * Signals:
 * - updated: the list was read, or it could not be; see ch_objects_get_error()
 */
#define CH_TYPE_OBJECTS (ch_objects_get_type ())
G_DECLARE_FINAL_TYPE (ChObjects, ch_objects, CH, OBJECTS, GObject)

/** ch_objects_new: (transfer full): empty, without a client. */
ChObjects *ch_objects_new (void);

/** ch_objects_set_client: @client is (nullable), and subscribed; reads all. */
void ch_objects_set_client (ChObjects *objects,
                            ChClient  *client);

/** ch_objects_reload: reads all again. */
void ch_objects_reload (ChObjects *objects);

/**
 * ch_objects_get_list:
 * @interface: CH_IFACE_ACCOUNT, CH_IFACE_DNS_ACCOUNT, CH_IFACE_SERVER, CH_IFACE_PROFILE, CH_IFACE_DEPLOYMENT,
 * CH_IFACE_WATCH or CH_IFACE_JOB
 *
 * Returns: (transfer none): the objects that have it; by name, jobs with the newest first
 */
ChItemList *ch_objects_get_list (ChObjects  *objects,
                                 const char *interface);

/** ch_objects_find: (transfer none) (nullable): whatever is at @path. */
ChItem *ch_objects_find (ChObjects  *objects,
                         const char *path);

/** ch_objects_get_error: (transfer none) (nullable): why the last reading failed; a #ChError or
 * #ChClientError. */
const GError *ch_objects_get_error (ChObjects *objects);
