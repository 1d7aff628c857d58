/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define CH_BUS_NAME "org.chancery.Chancery1"
#define CH_ROOT_PATH "/org/chancery/Chancery1"

#define CH_IFACE_MANAGER CH_BUS_NAME ".Manager"
#define CH_IFACE_ACCOUNT CH_BUS_NAME ".Account"
#define CH_IFACE_DNS_ACCOUNT CH_BUS_NAME ".DnsAccount"
#define CH_IFACE_SERVER CH_BUS_NAME ".Server"
#define CH_IFACE_PROFILE CH_BUS_NAME ".Profile"
#define CH_IFACE_DEPLOYMENT CH_BUS_NAME ".Deployment"
#define CH_IFACE_WATCH CH_BUS_NAME ".Watch"
#define CH_IFACE_ORDER CH_BUS_NAME ".Order"
#define CH_IFACE_JOB CH_BUS_NAME ".Job"

/* Object paths are CH_ROOT_PATH/<folder>/<id>. */
#define CH_FOLDER_ACCOUNTS "accounts"
#define CH_FOLDER_DNS "dns"
#define CH_FOLDER_SERVERS "servers"
#define CH_FOLDER_PROFILES "profiles"
#define CH_FOLDER_DEPLOYMENTS "deployments"
#define CH_FOLDER_WATCHES "watches"
#define CH_FOLDER_ORDERS "orders"
#define CH_FOLDER_JOBS "jobs"

/**
 * ch_path_new:
 * @folder: one of the CH_FOLDER_* words
 * @id: the object's id, above 0
 *
 * Returns: (transfer full): its object path
 */
char *ch_path_new (const char *folder,
                   gint64      id);

/**
 * ch_path_parse_id:
 * @text: the last element of a path
 * @id: (out): the id
 *
 * Returns: whether @text is an id in its only spelling: decimal, above 0, no sign, no leading zero
 */
gboolean ch_path_parse_id (const char *text,
                           gint64     *id);
