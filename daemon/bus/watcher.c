/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/watcher.h"

#include "bus/objects.h"
#include "bus/orders.h"
#include "bus/rows.h"

#include "engine/job.h"
#include "lib/paths.h"

/* Signals go to everybody on the bus. They carry what org.chancery.view lets people read, and
 * never a secret, a key or a challenge's value. */

static void
order_changed (gpointer data,
               gint64   id,
               ChChange change)
{
  ChBus *bus = data;

  ch_objects_changed (bus, &ch_folder_orders, id, change);
  ch_order_feed_note (bus, id);
}

static void
peer_changed (gpointer   data,
              ChPeerRole role,
              gint64     id,
              ChChange   change)
{
  ch_objects_changed (data, ch_folder_of_role (role), id, change);
}

static void
deployment_changed (gpointer data,
                    gint64   id,
                    ChChange change)
{
  ch_objects_changed (data, &ch_folder_deployments, id, change);
}

static void
watch_changed (gpointer data,
               gint64   id,
               ChChange change)
{
  ch_objects_changed (data, &ch_folder_watches, id, change);
}

static void
job_changed (gpointer data,
             ChJob   *job,
             ChChange change)
{
  ch_objects_changed (data, &ch_folder_jobs, job->id, change);
}

static void
certificate_expiring (gpointer       data,
                      const ChOrder *order,
                      int            days)
{
  g_autofree char *path = ch_path_new (CH_FOLDER_ORDERS, order->id);
  g_autofree char *name = ch_row_valid (order->names[0]);

  ch_bus_emit (data, CH_ROOT_PATH, CH_IFACE_MANAGER, "CertificateExpiring",
               g_variant_new ("(osxi)", path, name, order->not_after, days));
}

static void
event_added (gpointer       data,
             const ChEvent *event)
{
  ch_bus_emit (data, CH_ROOT_PATH, CH_IFACE_MANAGER, "EventAdded",
               g_variant_new ("(@a{sv})", ch_row_event (event)));
}

ChWatcher
ch_bus_watcher (ChBus *bus)
{
  return (ChWatcher) {
    .data = bus,
    .order_changed = order_changed,
    .peer_changed = peer_changed,
    .deployment_changed = deployment_changed,
    .watch_changed = watch_changed,
    .job_changed = job_changed,
    .certificate_expiring = certificate_expiring,
    .event_added = event_added,
  };
}
