/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pinned.h"

/* GIO's TLS takes the name for SNI from a #GNetworkAddress and from nothing else that has an address; so this is one, and only
 * where it leads to is another matter. */
#define CH_TYPE_PINNED (ch_pinned_get_type ())
G_DECLARE_FINAL_TYPE (ChPinned, ch_pinned, CH, PINNED, GNetworkAddress)

struct _ChPinned
{
  GNetworkAddress parent;
  GSocketConnectable *address;    /* (owned) */
};

static GSocketAddressEnumerator *
enumerate (GSocketConnectable *connectable)
{
  return g_socket_connectable_enumerate (CH_PINNED (connectable)->address);
}

static void
connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = enumerate;
  iface->proxy_enumerate = enumerate;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ChPinned, ch_pinned, G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE, connectable_init))

static void
finalize (GObject *object)
{
  g_clear_object (&CH_PINNED (object)->address);
  G_OBJECT_CLASS (ch_pinned_parent_class)->finalize (object);
}

static void
ch_pinned_class_init (ChPinnedClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
}

static void
ch_pinned_init (ChPinned *pinned)
{
}

GSocketConnectable *
ch_pinned_new (const char   *host,
               guint16       port,
               GInetAddress *address)
{
  ChPinned *pinned = g_object_new (CH_TYPE_PINNED, "hostname", host, "port", (guint) port, NULL);

  pinned->address = G_SOCKET_CONNECTABLE (g_inet_socket_address_new (address, port));
  return G_SOCKET_CONNECTABLE (pinned);
}
