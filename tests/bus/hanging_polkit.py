#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A polkit that never answers and prints what it was asked."""

from gi.repository import Gio, GLib

INTERFACE = """<node><interface name="org.freedesktop.PolicyKit1.Authority">
  <method name="CheckAuthorization">
    <arg type="(sa{sv})" direction="in"/><arg type="s" direction="in"/><arg type="a{ss}" direction="in"/>
    <arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="(bba{ss})" direction="out"/>
  </method>
  <method name="CancelCheckAuthorization"><arg type="s" direction="in"/></method>
</interface></node>"""

waiting = []


def called(connection, sender, path, interface, method, parameters, call):
    print(method, repr(parameters.unpack()), flush=True)
    if method == "CheckAuthorization":
        waiting.append(call)
    else:
        call.return_value(None)


bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
info = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
bus.register_object("/org/freedesktop/PolicyKit1/Authority", info, called, None, None)
Gio.bus_own_name_on_connection(bus, "org.freedesktop.PolicyKit1", Gio.BusNameOwnerFlags.NONE, None, None)
GLib.MainLoop().run()
