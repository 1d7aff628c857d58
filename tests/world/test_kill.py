# SPDX-License-Identifier: GPL-3.0-or-later
"""The service is killed before and after every effect, and goes on where it was."""

import signal
import subprocess

import pytest

from conftest import Admin, BUILD, World, ZONE, eventually

STEPS = ["make-key", "submit", "follow", "publish", "propagate", "check", "clean", "stage", "swap", "act", "prove", "settle"]
POINTS = ["key:made"] + [f"{step}:{when}" for step in STEPS for when in ("before", "after")] + [
    "stage:written", "swap:kept", "swap:renamed", "settle:one"]

# steps that are only taken after an answer was lost
LOST = {"find": "DVDNSOrder", "withdraw": "DVDNSOrder", "fetch": "DVDNSVerificationForIssue"}
LOST_POINTS = [f"{step}:{when}" for step in LOST for when in ("before", "after")]


@pytest.fixture(scope="module")
def world():
    with World(BUILD) as it:
        Admin(it).set_up()
        yield it


def test_the_points_are_many_enough():
    assert len(set(POINTS)) >= 20


def wait_for_death(world):
    killed = world.processes["chanceryd"]
    assert killed.wait(60) == -signal.SIGKILL, "the point was never reached"
    world.processes.pop("chanceryd")


@pytest.mark.parametrize("point", POINTS + LOST_POINTS)
def test_killed(world, point):
    admin = Admin(world)
    lost = LOST.get(point.split(":")[0])
    if lost:
        world.control("/faults", {"operation": lost, "fault": {"drop": "after"}, "times": 1})
    host = f"{point.replace(':', '-')}.{ZONE}"

    world.stop("chanceryd")
    world.start_daemon(CHANCERY_KILL_AT=point)
    admin.add_deployment(point.replace(":", "-"), host)
    # the order itself may be answered or not: the service can be dead before the client hears of it
    admin.run("order", "new", host, check=False)
    wait_for_death(world)

    world.start_daemon()
    order = admin.wait_for_state(host, "issued", "failed")
    assert order["state"] == "issued", order["reason"]
    deployment = admin.wait_for_deployment(point.replace(":", "-"), "deployed")

    served = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-ext", "subjectAltName"],
                            input=world.served(), capture_output=True, text=True, check=True).stdout
    assert f"DNS:{host}" in served
    assert deployment["fingerprint"].lower() in served.lower().replace(":", "")

    there = [o for o in world.control("/orders") if host in o["names"]]
    live = [o for o in there if o["status"] != 3]
    assert len(live) == 1 and live[0]["status"] == 4, there
    # a placement whose answer was lost with its validation value is withdrawn, free of charge; nothing else is ever placed twice
    assert len(there) == (2 if point == "submit:after" or lost == "DVDNSOrder" else 1), there
    assert sum(o["charged"] for o in there) == live[0]["charged"]

    eventually(lambda: not [t for t in world.dig(host) if "globalsign" in t])
    leftovers = list((world.dir / "nginx" / "tls").glob("*.chancery-*"))
    assert not leftovers
    admin.run("deploy", "remove", point.replace(":", "-"))


def test_killed_while_the_dns_service_is_down(world, admin, add_service):
    """In the middle of a removal that fails, and again in the next one: the value is neither lost nor forgotten."""
    add_service("cloudflare")
    world.control("/faults", {"operation": "cloudflare.delete", "times": -1, "fault": {"status": 503, "body": "out of order"}})
    host = f"down.{ZONE}"

    world.stop("chanceryd")
    world.start_daemon(CHANCERY_KILL_AT="clean:after")
    admin.run("order", "new", host, "--dns", "cloudflare", check=False)
    wait_for_death(world)

    # the next one takes it up as soon as it starts, and may be dead before it has a name on the bus
    world.daemon_env = {"CHANCERY_KILL_AT": "clean:before"}
    world.start_daemon()
    wait_for_death(world)
    world.daemon_env = {}

    world.start_daemon()
    admin.wait_for_state(host, "issued")
    left = eventually(lambda: [r for r in admin.json("dns", "leftovers") if "503" in r["reason"]])
    assert [r["name"] for r in left] == [host] and world.dig(host)

    world.control("/clear", {})
    eventually(lambda: admin.json("dns", "leftovers") == [])
    assert not [t for t in world.dig(host) if "globalsign" in t]
    # the orders after this find the other account by themselves again
    admin.run("dns", "disable", "cloudflare")


@pytest.mark.parametrize("point", ["withdraw:before", "withdraw:after", "submit:before", "submit:after"])
def test_killed_while_the_method_changes(world, point):
    """One living order at every moment, and one that is paid."""
    admin = Admin(world)
    host = f"switch-{point.replace(':', '-')}.{ZONE}"
    admin.run("order", "new", host, "--method", "http")
    eventually(lambda: admin.order(host)["step"] == "propagate")

    world.stop("chanceryd")
    world.start_daemon(CHANCERY_KILL_AT=point)
    admin.run("order", "validate", host, "--method", "dns", check=False)
    wait_for_death(world)
    world.start_daemon()
    assert admin.wait_for_state(host, "issued", "failed")["state"] == "issued"

    there = [o for o in world.control("/orders") if host in o["names"]]
    live = [o for o in there if o["status"] != 3]
    assert len(live) == 1 and live[0]["status"] == 4, there
    assert len(there) == (3 if point == "submit:after" else 2), there
    assert sum(o["charged"] for o in there) == live[0]["charged"]


@pytest.mark.parametrize("point", ["revoke:before", "revoke:after"])
def test_killed_while_it_revokes(world, point):
    admin = Admin(world)
    host = f"{point.replace(':', '-')}.{ZONE}"
    admin.run("order", "new", host, "--wait")
    number = admin.order(host)["ca_order"]

    world.stop("chanceryd")
    world.start_daemon(CHANCERY_KILL_AT=point)
    admin.run("order", "revoke", host, "--yes", check=False)
    wait_for_death(world)

    world.start_daemon()
    admin.wait_for_state(host, "revoked")
    assert [o["status"] for o in world.control("/orders") if o["id"] == number][0] in (6, 7)


REISSUE = ["key:made", "stage:before", "prove:after"] + [f"{step}:{when}" for step in ("submit", "find", "fetch") for when in ("before", "after")]


@pytest.fixture(scope="module")
def in_force(world):
    """Reissued again and again."""
    admin = Admin(world)
    admin.add_deployment("reissue", f"reissue.{ZONE}")
    admin.run("order", "new", f"reissue.{ZONE}", "--wait")
    yield admin
    admin.run("deploy", "remove", "reissue")


@pytest.mark.parametrize("point", REISSUE)
def test_killed_while_it_reissues(world, in_force, point):
    """The old one is served until the new one is, and nothing is paid."""
    admin, host = in_force, f"reissue.{ZONE}"
    before = admin.wait_for_state(host, "issued")
    served = world.served()
    paid = sum(o["charged"] for o in world.control("/orders"))
    if point.startswith("find"):
        world.control("/faults", {"operation": "ReIssue", "fault": {"drop": "after"}, "times": 1})

    world.stop("chanceryd")
    world.start_daemon(CHANCERY_KILL_AT=point)
    admin.run("order", "reissue", host, check=False)
    wait_for_death(world)
    world.start_daemon()
    eventually(lambda: admin.order(host)["ca_order"] != before["ca_order"])
    admin.wait_for_state(host, "issued")
    eventually(lambda: world.served() != served)
    deployment = admin.wait_for_deployment("reissue", "deployed")

    certificates = admin.json("order", "show", host)["certificates"]
    assert deployment["fingerprint"] == certificates[0]["fingerprint"]
    chain = {o["id"]: o for o in world.control("/orders") if host in (o["common-name"], *o["names"]) and o["status"] == 4}
    assert sum(o["reissue-of"] == before["ca_order"] for o in chain.values()) == 1, chain
    assert chain[admin.order(host)["ca_order"]]["reissue-of"] == before["ca_order"]
    assert sum(o["charged"] for o in world.control("/orders")) == paid
