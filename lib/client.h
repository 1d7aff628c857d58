/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChClientError:
 * @CH_CLIENT_ERROR_NO_BUS: the bus itself cannot be reached
 * @CH_CLIENT_ERROR_NO_SERVICE: nobody answers there: not running, not activatable, gone, or hanging
 *
 * What keeps a client from asking at all. Everything that the service answers is a #ChError.
 */
typedef enum
{
  CH_CLIENT_ERROR_NO_BUS,
  CH_CLIENT_ERROR_NO_SERVICE,
} ChClientError;

#define CH_CLIENT_ERROR (ch_client_error_quark ())
GQuark ch_client_error_quark (void);

/** ChClientBus: where the service is looked for. */
typedef enum
{
  CH_CLIENT_BUS_SYSTEM,
  CH_CLIENT_BUS_SESSION,
  CH_CLIENT_BUS_ADDRESS,
} ChClientBus;

/**
 * ChObject:
 * @path: its object path
 * @row: its properties, a{sv}; read with ch_row_string() and its like
 *
 * A snapshot of one account, DNS account, server, deployment or job.
 */
typedef struct
{
  char *path;
  GVariant *row;
} ChObject;

ChObject *ch_object_new (const char *path,
                         GVariant   *row);
void ch_object_free (ChObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChObject, ch_object_free)

/**
 * ChClient:
 *
 * The client side of org.chancery.Chancery1: a connection, calls with errors of our vocabulary,
 * paging, and one match rule for everything that changes.
 *
 * Signals, after ch_client_subscribe(), in the main context that was the default one then:
 * - changed (path, interface): properties of an object changed; read them again
 * - orders-changed (generation, ids): as Manager.OrdersChanged; ids is a #GVariant at
 * - event-added (event): as Manager.EventAdded; a #GVariant a{sv}
 * - objects-changed: an account, DNS account, server, deployment or job came or went
 * - service-changed (present): the service came or went
 */
#define CH_TYPE_CLIENT (ch_client_get_type ())
G_DECLARE_FINAL_TYPE (ChClient, ch_client, CH, CLIENT, GObject)

/**
 * ch_client_open:
 * @bus: which bus
 * @address: (nullable): the address, for %CH_CLIENT_BUS_ADDRESS
 * @cancellable: (nullable): a #GCancellable
 *
 * Connects. The service itself is reached by the first call, which may activate it. Blocks.
 *
 * Returns: (transfer full): the client, or %NULL with %CH_CLIENT_ERROR_NO_BUS
 */
ChClient *ch_client_open (ChClientBus   bus,
                          const char   *address,
                          GCancellable *cancellable,
                          GError      **error);

/** ch_client_open_async: the same without blocking. */
void ch_client_open_async (ChClientBus         bus,
                           const char         *address,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data);
/** ch_client_open_finish: (transfer full): as ch_client_open() */
ChClient *ch_client_open_finish (GAsyncResult *result,
                                 GError      **error);

/** ch_client_allow_interaction: lets polkit ask for a password; calls then wait for as long as it takes. */
void ch_client_allow_interaction (ChClient *client);

/**
 * ch_client_call:
 * @path: an object
 * @interface: one of CH_IFACE_*
 * @method: its method
 * @parameters: (nullable): a tuple; a floating one is taken
 * @reply_type: the type of the answer, such as "(o)"
 *
 * Blocks.
 *
 * Returns: (transfer full): the answer, or %NULL with a #ChError or a #ChClientError
 */
GVariant *ch_client_call (ChClient     *client,
                          const char   *path,
                          const char   *interface,
                          const char   *method,
                          GVariant     *parameters,
                          const char   *reply_type,
                          GCancellable *cancellable,
                          GError      **error);

/** ch_client_call_async: the same without blocking. */
void ch_client_call_async (ChClient           *client,
                           const char         *path,
                           const char         *interface,
                           const char         *method,
                           GVariant           *parameters,
                           const char         *reply_type,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data);
/** ch_client_act_async: the same on behalf of somebody who waits: polkit may ask for a password this once. */
void ch_client_act_async (ChClient           *client,
                          const char         *path,
                          const char         *interface,
                          const char         *method,
                          GVariant           *parameters,
                          const char         *reply_type,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            data);
/** ch_client_call_finish: (transfer full): as ch_client_call(); also for ch_client_act_async() */
GVariant *ch_client_call_finish (ChClient     *client,
                                 GAsyncResult *result,
                                 GError      **error);

/** ch_client_call_manager: ch_client_call() on the service itself. */
GVariant *ch_client_call_manager (ChClient     *client,
                                  const char   *method,
                                  GVariant     *parameters,
                                  const char   *reply_type,
                                  GCancellable *cancellable,
                                  GError      **error);

/**
 * ch_client_get:
 * @path: an object
 * @interface: which of its interfaces
 *
 * Returns: (transfer full): all properties, or %NULL with %CH_ERROR_NOT_FOUND or another error
 */
ChObject *ch_client_get (ChClient     *client,
                         const char   *path,
                         const char   *interface,
                         GCancellable *cancellable,
                         GError      **error);

/**
 * ch_client_list:
 * @interface: %CH_IFACE_ACCOUNT, %CH_IFACE_DNS_ACCOUNT, %CH_IFACE_SERVER, %CH_IFACE_PROFILE, %CH_IFACE_DEPLOYMENT or
 *   %CH_IFACE_JOB
 *
 * Returns: (transfer full) (element-type ChObject): all objects that have it, by id
 */
GPtrArray *ch_client_list (ChClient     *client,
                           const char   *interface,
                           GCancellable *cancellable,
                           GError      **error);

/** ch_client_list_async: the same without blocking. */
void ch_client_list_async (ChClient           *client,
                           const char         *interface,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data);
/** ch_client_list_finish: (transfer full) (element-type ChObject): as ch_client_list() */
GPtrArray *ch_client_list_finish (ChClient     *client,
                                  GAsyncResult *result,
                                  GError      **error);

/**
 * ch_client_list_orders:
 * @filter: a{sv} as Manager.ListOrders wants it; a floating one is taken
 * @sort: as there; "" for the order of the ids
 * @limit: rows at most; 0: all
 *
 * Reads page after page.
 *
 * Returns: (transfer full) (element-type GVariant): the rows
 */
GPtrArray *ch_client_list_orders (ChClient     *client,
                                  GVariant     *filter,
                                  const char   *sort,
                                  guint         limit,
                                  GCancellable *cancellable,
                                  GError      **error);

/**
 * ch_client_subscribe:
 *
 * From now on the signals of #ChClient are emitted. Call it before reading what is to be followed, or
 * a change in between is missed. Costs the connection one match rule for everything, and one for
 * the service's presence.
 */
void ch_client_subscribe (ChClient *client);

/** ch_client_is_closed: whether the connection to the bus was lost for good. */
gboolean ch_client_is_closed (ChClient *client);
