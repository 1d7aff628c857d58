# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that lets nobody look: refusing.py ADDRESS"""

import sys

from gi.repository import Gio, GLib

NODE = """<node><interface name="org.freedesktop.DBus.ObjectManager"><method name="GetManagedObjects">
<arg type="a{oa{sa{sv}}}" direction="out"/></method></interface><interface name="org.chancery.Chancery1.Manager"><method name="ListOrderIds">
<arg type="a{sv}" direction="in"/><arg type="s" direction="in"/><arg type="at" direction="out"/><arg type="t" direction="out"/>
</method></interface></node>"""


def refuse(_bus, _sender, _path, _interface, _method, _parameters, call):
    call.return_dbus_error("org.chancery.Chancery1.Error.NotAuthorized", "Only <root> & friends may look.")


flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
bus = Gio.DBusConnection.new_for_address_sync(sys.argv[1], flags, None, None)
for interface in Gio.DBusNodeInfo.new_for_xml(NODE).interfaces:
    bus.register_object("/org/chancery/Chancery1", interface, refuse, None, None)
bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
              GLib.Variant("(su)", ("org.chancery.Chancery1", 0)), None, Gio.DBusCallFlags.NONE, -1, None)
GLib.MainLoop().run()
