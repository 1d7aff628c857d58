# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody sets the clock forth and back again."""

import pytest

from conftest import ZONE, eventually
from portal import Portal

DAY = 86400
HOST = f"www.{ZONE}"


def move(world, admin, days):
    """Its timers are real: any call that writes wakes it."""
    world.clock.set(days)
    admin.run("order", "note", "1", f"day {days}")


def reissues(admin):
    return sum(event["action"] == "order.reissued" for event in admin.json("log", "--limit", "500"))


def rest(admin, name, seconds=60):
    """Waits until nothing is under way; gives the order."""
    return eventually(lambda: (o := admin.order(name)) and o["state"] == "issued" and o["step"] == "none" and o, seconds)


@pytest.mark.clock
def test_a_month_forth_and_back(world, admin):
    world.control("/settings", {"reissue-proof": "same"})
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    admin.run("order", "new", f"waits.{ZONE}", "--method", "http")
    eventually(lambda: admin.order(f"waits.{ZONE}")["step"] == "propagate")
    due = admin.order(HOST)["replace_at"]
    base = round((due - world.clock.now) / DAY) - 10

    # nothing is due on the way
    move(world, admin, base)
    before = rest(admin, HOST)
    assert (before["replace_at"], reissues(admin)) == (due, 0)

    # it falls due in the month that comes, and was replaced when the clock goes back
    move(world, admin, base + 30)
    eventually(lambda: reissues(admin) == 1)
    admin.wait_for_deployment("web", "deployed")
    after = rest(admin, HOST)
    assert after["replace_at"] > due
    served = world.served()
    move(world, admin, base)
    waits = eventually(lambda: (o := admin.order(f"waits.{ZONE}"))["due"] <= world.clock.now + 3600 and o)
    assert (waits["state"], waits["step"]) == ("validating", "propagate")
    assert (rest(admin, HOST)["replace_at"], reissues(admin), world.served()) == (after["replace_at"], 1, served)

    # what somebody does elsewhere is heard of before the month is over again
    Portal(world).modify(after["ca_order"], "REVOKE")
    hours = iter(range(8, 28 * 24, 8))

    def heard():
        move(world, admin, base + next(hours) / 24)
        return admin.order(HOST)["state"] == "revoked"

    eventually(heard)
    assert sum(o["charged"] > 0 for o in world.control("/orders")) == 2
