# SPDX-License-Identifier: GPL-3.0-or-later
"""Many orders that wait at the CA: one question for all of them."""

import json
import sqlite3
import subprocess

from conftest import eventually

MANY = 3_000       # all are told within the half minute after which the first is asked for again, on a slow machine, too


def write_orders(world, account, many=MANY):
    """As if they had been placed: written where the service keeps them, while it is not there."""
    with sqlite3.connect(world.state / "chancery.db") as db:
        db.execute("""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            INSERT INTO orders (state, step, due, account_id, not_after, term_end, created_at, updated_at, ca_order, names, failures,
                                state_since, cancel_wanted, product, method, key_algorithm, term_months, contact, own_key, attempt,
                                placed_at, issued_at)
            SELECT 'vetting', 'track', unixepoch (), ?, 0, 0, unixepoch (), unixepoch (), 'CEXX' || i, json_array ('n' || i || '.example.test'),
                   0, unixepoch (), 0, 'domainssl', 'dns', 'rsa-2048', 12, '{}', 'own-' || i, 1, unixepoch (), 0 FROM n""",
                   (many, account))
    db.close()


def questions(world):
    return sum(n for name, n in world.control("/counts").items() if name in ("GetModifiedOrders", "GetOrderByDateRange", "GetOrderByOrderID"))


def asked(world):
    """How many orders have been told by an answer."""
    with sqlite3.connect(f"file:{world.state / 'chancery.db'}?mode=ro", uri=True) as db:
        return db.execute("SELECT count (*) FROM orders WHERE due > unixepoch () - 5 AND failures >= ?", (asked.round,)).fetchone()[0]


def test_one_question_for_thousands(world, admin):
    admin.add_account()
    account = admin.json("account", "list")[0]["id"]
    assert world.stop("chanceryd") == 0
    write_orders(world, account)
    world.control("/clear", {"requests": True})
    before = questions(world)

    world.start_daemon()
    asked.round = 1
    eventually(lambda: asked(world) == MANY, 120)
    assert questions(world) - before == 1, "the first round"

    # one of them is asked for by a person: all are told by the same answer
    admin.run("order", "retry", str(MANY // 2))
    asked.round = 2
    eventually(lambda: asked(world) == MANY, 120)
    assert questions(world) - before == 2, "the second round"

    rows = json.loads(subprocess.run(["busctl", f"--address={world.bus_address}", "--json=short", "call", "org.chancery.Chancery1",
                                      "/org/chancery/Chancery1", "org.chancery.Chancery1.Manager", "GetStatus", "a{sv}", "0"],
                                     capture_output=True, text=True, check=True).stdout)
    assert rows["data"][0]["Orders"]["data"]["vetting"] == MANY
