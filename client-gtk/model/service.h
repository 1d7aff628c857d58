/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/item-list.h"
#include "model/order-model.h"

/**
 * ChServiceState:
 * @CH_SERVICE_LOADING: nothing was answered yet
 * @CH_SERVICE_READY: what the models hold is what the service says
 * @CH_SERVICE_FAILED: it is old, or there is none; see ch_service_get_error()
 */
typedef enum
{
  CH_SERVICE_LOADING,
  CH_SERVICE_READY,
  CH_SERVICE_FAILED,
} ChServiceState;

/**
 * ChService:
 *
 * The service chanceryd as the pages see it: models that stay the same objects over its restarts, how
 * everything stands, and the way to ask it for something. Knows nothing of windows. Nothing here blocks.
 *
 * It connects by itself, follows the service's coming and going, and tries again when the bus was lost.
 *
 * Properties: state (int, a #ChServiceState), client (#ChClient, (nullable)), status (a #GVariant a{sv},
 * (nullable): the answer of Manager.GetStatus, kept fresh). All tell of changes.
 *
 * Signals:
 * - kinds-changed: ch_service_get_kinds() knows more
 */
#define CH_TYPE_SERVICE (ch_service_get_type ())
G_DECLARE_FINAL_TYPE (ChService, ch_service, CH, SERVICE, GObject)

/**
 * ch_service_new:
 * @bus: where it is
 * @address: (nullable): for %CH_CLIENT_BUS_ADDRESS
 *
 * Returns: (transfer full): one that waits for ch_service_open()
 */
ChService *ch_service_new (ChClientBus bus,
                           const char *address);

/** ch_service_open: connects, also anew. */
void ch_service_open (ChService *service);
/** ch_service_close: ends all that is under way; the models keep what they hold. */
void ch_service_close (ChService *service);
/** ch_service_reload: reads everything again; starts the service where the bus can, connects where that is
 * needed. */
void ch_service_reload (ChService *service);
/** ch_service_unlock: from now on polkit may ask for a password even so that one may look; connects anew. */
void ch_service_unlock (ChService *service);

ChServiceState ch_service_get_state (ChService *service);
/** ch_service_get_error: (transfer none) (nullable): why it is FAILED; a #ChError or #ChClientError. */
const GError *ch_service_get_error (ChService *service);
/** ch_service_get_client: (transfer none) (nullable): for reading; follow notify::client. */
ChClient *ch_service_get_client (ChService *service);
/** ch_service_get_bus: where it is looked for; @address is (out) (transfer none) (nullable). */
ChClientBus ch_service_get_bus (ChService   *service,
                                const char **address);

/** ch_service_get_orders: (transfer none): the list of the orders page; for another search make another
 * model. */
ChOrderModel *ch_service_get_orders (ChService *service);

/**
 * ch_service_get_list:
 * @interface: CH_IFACE_ACCOUNT, CH_IFACE_DNS_ACCOUNT, CH_IFACE_SERVER, CH_IFACE_PROFILE, CH_IFACE_DEPLOYMENT,
 * CH_IFACE_WATCH or CH_IFACE_JOB
 *
 * Returns: (transfer none): all of them, followed
 */
ChItemList *ch_service_get_list (ChService  *service,
                                 const char *interface);

/** ch_service_find: (transfer none) (nullable): the account, DNS account, server, profile, deployment, watch
 * or job at @path. */
ChItem *ch_service_find (ChService  *service,
                         const char *path);

/** ch_service_get_kinds: (transfer none) (nullable): aa{sv}, what Manager.ListKinds() said to @role; %NULL:
 * nothing yet. */
GVariant *ch_service_get_kinds (ChService  *service,
                                const char *role);
/** ch_service_get_kind: (transfer full) (nullable): the row of one kind of @role. */
GVariant *ch_service_get_kind (ChService  *service,
                               const char *role,
                               const char *kind);

/** ch_service_get_status: (transfer none) (nullable): the last answer of Manager.GetStatus. */
GVariant *ch_service_get_status (ChService *service);

/** ch_service_get_attention: (transfer none): what needs a person: #ChItem with "Object", "Name" and "Text",
 * as in GetStatus. */
GListModel *ch_service_get_attention (ChService *service);

/** ch_service_count_attention: how many of these are about objects in @folder, such as CH_FOLDER_ORDERS;
 * %NULL: all. */
guint ch_service_count_attention (ChService  *service,
                                  const char *folder);

/**
 * ch_service_act_async:
 * @path: an object
 * @interface: one of CH_IFACE_*
 * @method: its method
 * @parameters: (nullable): a tuple; a floating one is taken
 * @reply_type: the type of the answer, such as "(o)"
 *
 * What a person asked for just now: polkit may ask for a password, and the answer may take as long as that
 * takes. Fails with %CH_CLIENT_ERROR_NO_SERVICE where there is no service. Use ch_client_call_async() for
 * what is only read.
 */
void ch_service_act_async (ChService          *service,
                           const char         *path,
                           const char         *interface,
                           const char         *method,
                           GVariant           *parameters,
                           const char         *reply_type,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data);
/** ch_service_act_finish: (transfer full): the answer, or %NULL with a #ChError or #ChClientError. */
GVariant *ch_service_act_finish (ChService    *service,
                                 GAsyncResult *result,
                                 GError      **error);

/** ch_no_options: the a{sv} of nothing that most methods end with; floating. */
GVariant *ch_no_options (void);
