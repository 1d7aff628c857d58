#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the list of orders costs in the desktop app: until it stands, for each letter of a search, while it is scrolled, and in memory.

tests/bench/app.py [BUILD [ORDERS]] on a release build. Ends with 1 where a limit is passed.
"""

import pathlib
import re
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import gi

TOP = pathlib.Path(__file__).resolve().parents[2]
gi.require_version("Atspi", "2.0")
sys.path[:0] = [str(TOP / "scripts" / "lib"), str(TOP / "tests" / "world"), str(TOP / "tests" / "app")]
from conftest import Admin  # noqa: E402
from desktop import App, Desktop, eventually  # noqa: E402
from test_tracking import write_orders  # noqa: E402
from world import World, kill_with_parent  # noqa: E402

OPTIONS = {"preexec_fn": kill_with_parent(signal.SIGKILL)}
OPEN_MS, LETTER_MS, MEMORY_MIB = 1000, 100, 250
SEARCH = "n4711.example"
PAGES = 100


class Monitor:
    """Who says what on the service's bus, and when: lines of dbus-monitor."""

    def __init__(self, address: str, *arguments: str):
        self.process = subprocess.Popen(["dbus-monitor", "--address", address, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        **OPTIONS)
        self.rest = b""

    def lines(self, seconds: float):
        """Those that have come, once there are any."""
        out = self.process.stdout
        if not select.select([out], [], [], seconds)[0]:
            return []
        *lines, self.rest = (self.rest + out.read1(1 << 20)).split(b"\n")
        return [line.decode() for line in lines]

    def quiet(self, seconds: float) -> None:
        while self.lines(seconds):
            pass


class Traffic(Monitor):
    """Calls of the app and their answers."""

    def __init__(self, address: str):
        super().__init__(address, "--profile")

    def answered(self, member: str) -> None:
        """Waits until a call of this method was answered."""
        serial = None
        end = time.monotonic() + 120
        while time.monotonic() < end:
            for line in self.lines(1):
                kind, _, number, *rest = line.split("\t")
                if kind == "mc" and serial is None and rest[-1] == member:
                    serial = number
                elif kind in ("mr", "err") and rest[-1] == serial:
                    return
        sys.exit(f"tests/bench/app.py: {member} was not answered")


def fill(world: World, account: int, orders: int) -> None:
    write_orders(world, account, orders)
    with sqlite3.connect(world.state / "chancery.db") as db:
        db.execute("UPDATE orders SET state = 'issued', step = 'none', due = 0, not_after = unixepoch () + id % 17000000, "
                   "term_end = unixepoch () + id % 31000000, issued_at = unixepoch ()")
    db.close()


def memory(app: App) -> float:
    text = pathlib.Path(f"/proc/{app.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


class Bench:
    def __init__(self, world: World, app: App):
        self.app = app
        self.traffic = Traffic(world.bus_address)
        self.rows = Monitor(world.bus_address, "type='method_call',member='GetOrders'")
        self.traffic.quiet(2)

    def since(self, begin: float, member: str) -> float:
        """Milliseconds until the app has the answer and has dealt with it, which it does before it answers anybody else."""
        self.traffic.answered(member)
        self.app.root.get_name()
        return 1000 * (time.time() - begin)

    def open(self) -> float:
        begin = time.time()
        self.app.act("win", "page", "orders")
        return self.since(begin, "GetOrders")

    def letters(self) -> list[float]:
        """Each key of a search, and each that is taken back: until the list that it leaves has come."""
        self.app.act("win", "search")
        times = []
        for key in [*SEARCH, *["BackSpace"] * len(SEARCH)]:
            self.traffic.quiet(0.5)
            begin = time.time()
            self.app.xdotool("key", "period" if key == "." else key)
            times.append(self.since(begin, "ListOrderIds"))
        return times

    def scroll(self) -> int:
        """How many orders are asked for from the top to the end."""
        self.rows.quiet(1)
        self.app.xdotool("mousemove", "--window", self.app.window_of("Chancery"), 500, 400, "click", 1, "key", "Home")
        for _ in range(PAGES):
            self.app.xdotool("key", "Page_Down")
        self.app.xdotool("key", "End")
        asked = 0
        while lines := self.rows.lines(3):
            asked += sum(line.strip().startswith("uint64") for line in lines)
        eventually(lambda: self.app.selected() == self.app.row_names()[-1:])
        return asked


def show(what: str, number: float, unit: str, limit: float) -> bool:
    print(f"{what}: {number:.0f} {unit} (limit {limit} {unit})")
    return number <= limit


def measure(build: pathlib.Path, orders: int, scratch: pathlib.Path) -> bool:
    with World(build) as world:
        admin = Admin(world)
        admin.add_account()
        account = admin.json("account", "list")[0]["id"]
        world.stop("chanceryd")
        fill(world, account, orders)
        world.start_daemon()
        app = App(build / "client-gtk" / "chancery-gtk", ["--address", world.bus_address], scratch,
                  {"GSETTINGS_SCHEMA_DIR": str(build / "client-gtk" / "data")}, OPTIONS)
        try:
            app.await_node("list")
            bench = Bench(world, app)
            well = show("the list opens", bench.open(), "ms", OPEN_MS)
            letters = sorted(bench.letters())
            print(f"a letter of a search: median {letters[len(letters) // 2]:.0f} ms")
            well &= show("… the longest", letters[-1], "ms", LETTER_MS)
            print(f"{PAGES} pages down, and the end: {bench.scroll()} of {orders} orders were asked for")
            return show("memory", memory(app), "MiB", MEMORY_MIB) and well
        finally:
            app.kill()


def main() -> int:
    build = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else TOP / "build"
    orders = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        desktop = Desktop(scratch, OPTIONS)
        try:
            desktop.start()
            return 0 if measure(build, orders, pathlib.Path(scratch)) else 1
        finally:
            desktop.stop()


if __name__ == "__main__":
    sys.exit(main())
