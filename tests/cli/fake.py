# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that answers as data/dbus/org.chancery.Chancery1.xml says, from canned rows.

It runs in a thread, so that a test can look at the calls that came in and prepare failures.
Nothing in it is decided: what a method does to the rows is the test's business.
"""

import pathlib
import threading

from gi.repository import Gio, GLib

BUS_NAME = "org.chancery.Chancery1"
ROOT = "/org/chancery/Chancery1"
DAY = 86400
XML = pathlib.Path(__file__).parents[2] / "data/dbus/org.chancery.Chancery1.xml"

OBJECT_MANAGER = """
<node><interface name='org.freedesktop.DBus.ObjectManager'>
  <method name='GetManagedObjects'><arg type='a{oa{sa{sv}}}' direction='out'/></method>
</interface></node>"""

FOLDERS = {
    "accounts": "Account",
    "dns": "DnsAccount",
    "servers": "Server",
    "profiles": "Profile",
    "deployments": "Deployment",
    "watches": "Watch",
    "orders": "Order",
    "jobs": "Job",
}


def vardict(signatures, values):
    return {key: GLib.Variant(signatures[key], value) for key, value in values.items()}


def without(row, *keys):
    return {key: value for key, value in row.items() if key not in keys}


def successor(what, at, until):
    return vardict({"What": "s", "Paid": "b", "At": "x", "Until": "x"},
                   {"What": what, "Paid": what == "renewal", "At": at, "Until": until})


class Fake:
    def __init__(self, address, world):
        self.world = world
        self.calls = []  # (interface, method, path, unpacked arguments)
        self.failures = {}  # method → (error, message)
        self.answers = {}  # method → function (fake, path, arguments) → tuple of results
        self.registered = {}
        self.node = Gio.DBusNodeInfo.new_for_xml(XML.read_text())
        self.manager_info = Gio.DBusNodeInfo.new_for_xml(OBJECT_MANAGER).interfaces[0]
        self.started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(address,), daemon=True)
        self.thread.start()
        assert self.started.wait(20)

    def _run(self, address):
        self.context = GLib.MainContext()
        self.context.push_thread_default()
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address,
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION,
            None,
            None,
        )
        self.bus.set_exit_on_close(False)
        self._register(ROOT, self._interface("Manager"))
        self._register(ROOT, self.manager_info)
        for folder, kind in FOLDERS.items():
            for ident in self.world[folder]:
                self._register(f"{ROOT}/{folder}/{ident}", self._interface(kind))
        self.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
            GLib.Variant("(su)", (BUS_NAME, 4)), None, Gio.DBusCallFlags.NONE, -1, None,
        )
        self.loop = GLib.MainLoop(self.context)
        self.started.set()
        self.loop.run()
        self.bus.close_sync(None)

    def stop(self):
        self.later(self.loop.quit)      # in the loop: it may not run yet, and quitting before that is lost
        self.thread.join()

    def later(self, function, milliseconds=0):
        """Runs function in the service's thread."""
        source = GLib.timeout_source_new(milliseconds)
        source.set_callback(lambda *_: function() and False)
        source.attach(self.context)

    def _interface(self, name):
        return self.node.lookup_interface(f"{BUS_NAME}.{name}")

    def _register(self, path, info):
        self.bus.register_object(path, info, self._called, self._get, None)

    def signatures(self, interface):
        return {p.name: p.signature for p in self._interface(interface).properties}

    def row(self, path):
        folder, ident = path.removeprefix(ROOT + "/").split("/")
        return self.world[folder][int(ident)]

    def properties(self, path):
        folder = path.removeprefix(ROOT + "/").split("/")[0]
        return vardict(self.signatures(FOLDERS[folder]), self.row(path))

    def add(self, folder, row):
        """A new object; call it in the service's thread."""
        self.world[folder][row["Id"]] = row
        path = f"{ROOT}/{folder}/{row['Id']}"
        self._register(path, self._interface(FOLDERS[folder]))
        return path

    def change(self, path, **values):
        """Properties change and a signal tells; call it in the service's thread."""
        folder = path.removeprefix(ROOT + "/").split("/")[0]
        self.row(path).update(values)
        changed = vardict(self.signatures(FOLDERS[folder]), values)
        self.bus.emit_signal(
            None, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (f"{BUS_NAME}.{FOLDERS[folder]}", changed, [])),
        )

    def emit_event(self, event):
        self.bus.emit_signal(
            None, ROOT, f"{BUS_NAME}.Manager", "EventAdded",
            GLib.Variant("(a{sv})", (vardict(self.world["event_types"], event),)),
        )

    def _get(self, _bus, _sender, path, interface, name):
        if path == ROOT:
            return GLib.Variant(self.signatures("Manager")[name], {"Version": "0.1.0"}.get(name, 0))
        return self.properties(path)[name]

    def _called(self, _bus, _sender, path, interface, method, parameters, invocation):
        arguments = parameters.unpack()
        self.calls.append((interface.rsplit(".", 1)[-1], method, path, arguments))
        if method in self.failures:
            invocation.return_dbus_error(*self.failures[method])
            return
        try:
            handler = self.answers.get(method) or getattr(Fake, f"_{method}", Fake._nothing)
            result = handler(self, path, arguments)
            info = self._lookup(interface, method)
            out = "(" + "".join(arg.signature for arg in info.out_args) + ")"
            invocation.return_value(GLib.Variant(out, result) if info.out_args else None)
        except Exception as problem:  # the client must get an answer, or the test hangs
            invocation.return_dbus_error(f"{BUS_NAME}.Error.Failed", f"fake: {problem!r}")

    def _lookup(self, interface, method):
        if interface == "org.freedesktop.DBus.ObjectManager":
            return self.manager_info.lookup_method(method)
        return self.node.lookup_interface(interface).lookup_method(method)

    def _nothing(self, path, arguments):
        return ()

    def _GetManagedObjects(self, path, arguments):
        objects = {}
        for folder, kind in FOLDERS.items():
            if folder != "orders":
                for ident in self.world[folder]:
                    where = f"{ROOT}/{folder}/{ident}"
                    objects[where] = {f"{BUS_NAME}.{kind}": self.properties(where)}
        return (objects,)

    def _ListKinds(self, path, arguments):
        return (self.world["kinds"][arguments[0]],)

    def _matching(self, wanted):
        """Only what the tests use of the filter."""
        rows = []
        for row in self.world["orders"].values():
            if "states" in wanted and row["State"] not in wanted["states"]:
                continue
            if wanted.get("search", "") not in " ".join(row["Names"]) + f" {row['Id']}":
                continue
            if "ends-before" in wanted and not 0 < row["NotAfter"] < wanted["ends-before"]:
                continue
            if wanted.get("open") and row["State"] in ("failed", "cancelled", "rejected", "revoked", "expired"):
                continue
            rows.append(row)
        return rows

    def _ListOrders(self, path, arguments):
        wanted, sort, cursor, limit = arguments
        rows = self._matching(wanted)
        if sort == "-id":
            rows.reverse()
        start = int(cursor or 0)
        end = start + min(limit or 100, self.world.get("page", 500))
        types = self.signatures("Order")
        return ([vardict(types, r) for r in rows[start:end]], str(end) if end < len(rows) else "")

    def _ListOrderIds(self, path, arguments):
        return ([r["Id"] for r in self._matching(arguments[0])], 1)

    def _ListEvents(self, path, arguments):
        wanted, before, limit = arguments
        rows = [e for e in self.world["events"] if before == 0 or e["Id"] < before]
        rows = [e for e in rows if wanted.get("object", e["Object"]) == e["Object"]]
        return ([vardict(self.world["event_types"], e) for e in sorted(rows, key=lambda e: -e["Id"])[:limit]],)

    def _ListLeftovers(self, path, arguments):
        after, limit = arguments
        rows = [r for r in self.world["leftovers"] if r["Id"] > after]
        return ([vardict(self.world["leftover_types"], r) for r in rows[:limit]],)

    def _ListChallengeFiles(self, path, arguments):
        return ([vardict(self.world["challenge_file_types"], r) for r in self.world["challenge_files"]],)

    def _CheckOrder(self, path, arguments):
        return (self.world["preview"](arguments[1].get("term", 12)),)

    def _GetPolicy(self, path, arguments):
        return (self.world["policy"],)

    def _ListMethods(self, path, arguments):
        wildcard = any(name.startswith("*.") for name in arguments[0])
        return ([{"Method": GLib.Variant("s", method), "Allowed": GLib.Variant("b", method != "scroll" or not wildcard),
                  "Notice": GLib.Variant("s", "")} for method in ("seal", "scroll")],)

    def _GetCalendar(self, path, arguments):
        def period(start, stop):
            rows = [r for r in self.world["orders"].values() if r["State"] in ("issued", "reissuing", "renewing")]
            ends = [r for r in rows if start <= r["NotAfter"] < stop]
            values = {"From": start, "Until": stop, "Ends": len(ends), "Unattended": sum(not r["AutoReplace"] for r in ends),
                      "Reissues": sum(start <= r["ReplaceAt"] < stop for r in rows), "Renewals": 0,
                      "TermEnds": sum(start <= r["TermEnd"] < stop for r in rows)}
            return {key: GLib.Variant("x" if key in ("From", "Until") else "u", value) for key, value in values.items()}
        return ([period(*bounds) for bounds in zip(arguments[0], arguments[0][1:])],)

    def _GetStatus(self, path, arguments):
        return (self.world["status"],)

    def _AddAccount(self, path, arguments):
        return (f"{ROOT}/accounts/1",)

    def _AddDnsAccount(self, path, arguments):
        return (f"{ROOT}/dns/1",)

    def _AddServer(self, path, arguments):
        return (f"{ROOT}/servers/1",)

    def _AddProfile(self, path, arguments):
        return (f"{ROOT}/profiles/1",)

    def _AddDeployment(self, path, arguments):
        return (f"{ROOT}/deployments/1",)

    def _NewOrder(self, path, arguments):
        return (f"{ROOT}/orders/3",)

    def _Explain(self, path, arguments):
        return (self.world["stories"][path.rsplit("/", 1)[1]],)

    def _GetPlan(self, path, arguments):
        row = self.world["orders"][int(path.rsplit("/", 1)[1])]
        return ([successor("reissue", row["ReplaceAt"], row["TermEnd"]),
                 successor("renewal", row["TermEnd"] - 30 * DAY, row["TermEnd"] + 69 * DAY)],)

    def _Replace(self, path, arguments):
        now = self.world["orders"][int(path.rsplit("/", 1)[1])]["CreatedAt"]
        return ({**successor("reissue", now, now + 199 * DAY), "Order": GLib.Variant("o", path)},)

    def _Reissue(self, path, arguments):
        return ()

    def _SetValidation(self, path, arguments):
        return ()

    def _RenewChallenge(self, path, arguments):
        return ()

    def _ResendMail(self, path, arguments):
        return ()

    def _ChangeApprover(self, path, arguments):
        return ()

    def _ListApprovers(self, path, arguments):
        return ([f"{who}@example.test" for who in ("admin", "postmaster", "webmaster")],)

    def _Renew(self, path, arguments):
        return (path[:-1] + "7",)

    def _GetChallenges(self, path, arguments):
        return (self.world["challenges"].get(int(path.rsplit("/", 1)[1]), []),)

    def _GetCertificates(self, path, arguments):
        rows = self.world["certificates"].get(int(path.rsplit("/", 1)[1]), [])
        return ([without(row, "Order", "OrderState", "Current") for row in rows],)

    def _ListCertificates(self, path, arguments):
        wanted, before, limit = arguments
        rows = [dict(row) for rows in self.world["certificates"].values() for row in rows]
        rows = sorted(rows, key=lambda row: -row["Id"].unpack())
        rows = [row for row in rows if before == 0 or row["Id"].unpack() < before]
        if "order" in wanted:
            rows = [row for row in rows if row["Order"].unpack() == f"{ROOT}/orders/{wanted['order']}"]
        if "serial" in wanted:
            rows = [row for row in rows if row["Serial"].unpack().startswith(wanted["serial"].replace(":", ""))]
        return ([without(row, "Pem", "Chain", "Root") for row in rows[:limit]],)

    def _GetCertificate(self, path, arguments):
        for rows in self.world["certificates"].values():
            for row in rows:
                if row["Id"].unpack() == arguments[0]:
                    return ({**row, "Path": GLib.Variant("aa{sv}", self.world["path"])},)
        raise KeyError(arguments[0])

    def _ExportCertificate(self, path, arguments):
        return (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",)

    def _ListBin(self, path, arguments):
        types = {"Id": "t", "OrderId": "t", "PutAt": "x", "RemovedAt": "x"}
        row = {"Id": 2, "Name": "old.example.test", "OrderId": 7, "CaOrder": "CE000007", "PublicKey": "ab" * 32,
               "PutAt": self.world["now"] - 5 * 86400, "RemovedAt": self.world["now"] + 25 * 86400}
        return ([{key: GLib.Variant(types.get(key, "s"), value) for key, value in row.items()}],)

    def _RestoreKey(self, path, arguments):
        return ([f"{ROOT}/orders/1"],)

    def _ListRuns(self, path, arguments):
        return (self.world["runs"],)

    def _ExportKey(self, path, arguments):
        return ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",)

    def _Verify(self, path, arguments):
        return (f"{ROOT}/jobs/1",)

    def _AttachKey(self, path, arguments):
        return ()

    _Test = _Run = _RemoveLeftovers = _Import = _FindKey = _Verify
