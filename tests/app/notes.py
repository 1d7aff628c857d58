# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's part that shows notifications, which keeps them in a file: notes.py FILE PIPE"""

import itertools
import json
import os
import pathlib
import sys

from gi.repository import Gio, GLib

NODE = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
<arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="Press"><arg type="u" direction="in"/><arg type="s" direction="in"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal></interface></node>"""
PATH, NAME = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"

out = pathlib.Path(sys.argv[1])
shown = {}
numbers = itertools.count(1)


def called(_bus, _sender, _path, _interface, method, parameters, call):
    given = parameters.unpack()
    if method == "Press":
        bus.emit_signal(None, PATH, NAME, "ActionInvoked", parameters)
    if method in ("Press", "CloseNotification"):
        shown.pop(given[0], None)
        answer = None
        bus.emit_signal(None, PATH, NAME, "NotificationClosed", GLib.Variant("(uu)", (given[0], 2)))
    else:
        number = given[1] or next(numbers)
        shown[number] = {"id": number, "title": given[3], "body": given[4], "actions": given[5]}
        answer = GLib.Variant("(u)", (number,))
    # Readers see the whole of it or nothing.
    fresh = out.with_suffix(".new")
    fresh.write_text(json.dumps(list(shown.values())))
    fresh.rename(out)
    call.return_value(answer)


bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(NODE).interfaces[0], called, None, None)
bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", GLib.Variant("(su)", (NAME, 0)), None,
              Gio.DBusCallFlags.NONE, -1, None)
os.write(int(sys.argv[2]), b"ready\n")
GLib.MainLoop().run()
