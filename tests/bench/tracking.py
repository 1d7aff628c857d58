#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long other callers wait while the answer for many orders is written down.

tests/bench/tracking.py [BUILD [ORDERS]] on a release build.
"""

import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "world"))
from conftest import TOP, Admin, World  # noqa: E402
from test_tracking import questions, write_orders  # noqa: E402
from test_year import Service  # noqa: E402


def told(world, rounds):
    with sqlite3.connect(f"file:{world.state / 'chancery.db'}?mode=ro", uri=True) as db:
        return db.execute("SELECT count (*) FROM orders WHERE due > 0 AND failures >= ?", (rounds,)).fetchone()[0]


def watch(world, service, rounds, orders):
    """Asks without a pause until all are told; gives the seconds that each answer took."""
    waits, begin, looked = [], time.monotonic(), 0
    while True:
        start = time.monotonic()
        service.status()
        waits.append(time.monotonic() - start)
        if time.monotonic() - looked > 0.5:
            looked = time.monotonic()
            if told(world, rounds) == orders:
                return waits, looked - begin


def show(what, waits, seconds):
    waits = sorted(waits)
    print(f"{what}: {seconds:.1f} s, {len(waits)} calls meanwhile; median {waits[len(waits) // 2] * 1000:.1f} ms, "
          f"99 % within {waits[len(waits) * 99 // 100] * 1000:.1f} ms, longest {waits[-1] * 1000:.1f} ms")


def main() -> None:
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build"
    orders = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with World(build) as world:
        admin = Admin(world)
        admin.add_account()
        account = admin.json("account", "list")[0]["id"]
        world.stop("chanceryd")
        write_orders(world, account, orders)
        world.start_daemon()
        service = Service(world)
        show("at start", *watch(world, service, 1, orders))
        before = questions(world)
        admin.run("order", "retry", str(orders // 2))
        show("the next answer", *watch(world, service, 2, orders))
        print(f"questions to the CA: {questions(world) - before}")


if __name__ == "__main__":
    main()
