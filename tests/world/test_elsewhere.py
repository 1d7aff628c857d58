# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody changes orders at the CA while the service follows them: noticed, logged and signalled."""

import pytest

from conftest import ZONE, eventually, signals
from portal import Portal

DAY = 86400
HOST = f"www.{ZONE}"


@pytest.fixture
def portal(world):
    return Portal(world)


def later(world, admin, seconds):
    """Its timers are real: any call that writes wakes it."""
    world.clock.set_ahead(world.clock.ahead + seconds)
    admin.run("order", "note", "1", f"{world.clock.ahead} s later")


def events(admin):
    return {(event["object"], event["action"]) for event in admin.json("log", "--limit", "500")}


@pytest.mark.clock
def test_ended_and_reissued(world, admin, portal, bus):
    admin.set_up()
    names = revoked, cancelled, reissued, waits = [f"{word}.{ZONE}" for word in ("revoked", "cancelled", "reissued", "waits")]
    for name in names[:3]:
        admin.run("order", "new", name, "--wait")
    admin.run("order", "new", waits, "--method", "http")
    eventually(lambda: admin.order(waits)["step"] == "propagate")
    numbers = {name: admin.order(name)["ca_order"] for name in names}

    portal.modify(numbers[revoked], "REVOKE")
    portal.modify(numbers[cancelled], "CANCEL")
    portal.modify(numbers[waits], "CANCEL")
    number = portal.reissue(numbers[reissued], reissued)
    eventually(lambda: next(o for o in world.control("/orders") if o["id"] == number)["status"] == 4)
    later(world, admin, 30 * 60)

    admin.wait_for_state(revoked, "revoked")
    admin.wait_for_state(cancelled, "cancelled")
    admin.wait_for_state(waits, "cancelled")
    eventually(lambda: [o for o in [admin.order(reissued)] if o["ca_order"] == number and o["state"] == "issued"])
    noticed = {(1, "order.revoked"), (2, "order.cancelled"), (3, "order.reissued-elsewhere"), (3, "order.reissued"), (4, "order.cancelled")}
    noticed = {(f"order/{id}", action) for id, action in noticed}
    assert noticed <= events(admin)

    def are_told():
        told = {(row["Object"]["data"], row["Action"]["data"]) for (row,) in signals(bus, "EventAdded")}
        return noticed <= told and {1, 2, 3, 4} <= {id for _, ids in signals(bus, "OrdersChanged") for id in ids}
    eventually(are_told)

    # nobody here has the key of that one; the next has one again
    assert not admin.order(reissued)["has_key"]
    admin.run("order", "reissue", reissued, "--wait")
    assert admin.order(reissued)["has_key"]


@pytest.mark.clock
def test_renewed(world, admin, portal):
    """What was paid there is not paid again here."""
    admin.set_up()
    world.control("/settings", {"reissue-proof": "same"})
    admin.run("order", "new", HOST, "--auto-renew", "--wait")
    order = admin.order(HOST)
    later(world, admin, order["term_end"] - 60 * DAY - round(world.clock.now))
    # the certificate has ended meanwhile
    order = eventually(lambda: [o for o in [admin.order(HOST)] if o["state"] == "issued" and o["ca_order"] != order["ca_order"]])[0]

    number = portal.place(HOST, renews=order["ca_order"])
    later(world, admin, 8 * 3600)
    eventually(lambda: not admin.order(HOST)["auto_renew"])
    assert number in admin.order(HOST)["reason"]
    assert ("order/1", "order.renewed-elsewhere") in events(admin)

    later(world, admin, 50 * DAY)
    eventually(lambda: admin.order(HOST)["state"] == "issued" and not admin.json("order", "list", "--state", "reissuing"))
    assert sum(o["charged"] > 0 for o in world.control("/orders")) == 2
