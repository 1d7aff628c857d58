/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/dispatch.h"

/* The objects below the root: one subtree for each folder and nothing in memory for each object.
 * ObjectManager at the root tells of the folders that stay small. */

/** ChFolder: the objects of one kind. */
struct _ChFolder
{
  const char *name;                     /* CH_FOLDER_* */
  const GDBusInterfaceInfo *interface;
  ChPeerRole role;                      /* of peers only */

  /* (transfer floating): the object's properties, an a{sv}; %NULL with %CH_ERROR_NOT_FOUND */
  GVariant *(*properties) (ChBus *bus, const ChFolder *folder, gint64 id, GError **error);

  /* (transfer full) (element-type gint64): all ids. %NULL function: too many to be listed, so they
   * are neither in the tree nor managed. */
  GArray *(*list) (ChBus *bus, const ChFolder *folder, GError **error);

  /* tells polkit which object it is; says nothing when it is not there */
  void (*describe) (const ChCall *call, ChDetails *details);
};

extern const ChFolder ch_folder_accounts;
extern const ChFolder ch_folder_dns;
extern const ChFolder ch_folder_servers;
extern const ChFolder ch_folder_profiles;
extern const ChFolder ch_folder_deployments;
extern const ChFolder ch_folder_watches;
extern const ChFolder ch_folder_orders;
extern const ChFolder ch_folder_jobs;

/** ch_folder_of_role: (transfer none) */
const ChFolder *ch_folder_of_role (ChPeerRole role);

/**
 * ch_objects_ids:
 * @records: (nullable) (transfer full): each begins with its gint64 id
 *
 * Returns: (transfer full) (nullable) (element-type gint64): their ids, for a folder's list(); %NULL for %NULL
 */
GArray *ch_objects_ids (GPtrArray *records);

/** ch_objects_export: puts the folders and ObjectManager on the bus. */
gboolean ch_objects_export (ChBus *bus, GError **error);

/**
 * ch_objects_changed:
 *
 * Tells of a change: InterfacesAdded and InterfacesRemoved for managed folders, PropertiesChanged
 * with all properties, because nobody here remembers the old ones.
 */
void ch_objects_changed (ChBus *bus, const ChFolder *folder, gint64 id, ChChange change);
