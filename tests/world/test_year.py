# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders that are followed from the day they are placed past the end of their term, by the rules of each day."""

import collections
import functools
import re
import select
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from datetime import datetime, timezone

import pytest
from gi.repository import Gio, GLib

from clock import FAKETIME, Clock
from conftest import BUILD, ZONE, Admin
from world import World

DAY = 86400
HOST, QUIET = f"www.{ZONE}", f"quiet.{ZONE}"
NAME, PATH = "org.chancery.Chancery1", "/org/chancery/Chancery1"

pytestmark = pytest.mark.skipif(not FAKETIME, reason="libfaketime is not installed")


def at(day):
    return datetime.fromisoformat(f"{day}T10:00:00+00:00").timestamp()


def day_of(then):
    return datetime.fromtimestamp(then, timezone.utc).date().isoformat()


def cap(then):
    """What the sandbox allows, in days."""
    return 46 if day_of(then) >= "2029-03-14" else 99 if day_of(then) >= "2027-03-14" else 199


@functools.cache
def life(pem):
    """From when to when, both included."""
    out = subprocess.run(["openssl", "x509", "-noout", "-startdate", "-enddate"], input=pem, capture_output=True, text=True,
                         check=True).stdout
    return tuple(ssl.cert_time_to_seconds(line.split("=")[1]) for line in out.splitlines())


class Service:
    """The service as a program on the bus sees it."""

    def __init__(self, world):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(world.bus_address, flags, None, None)

    def call(self, interface, method, arguments, path=PATH):
        return self.bus.call_sync(NAME, path, f"{NAME}.{interface}", method, arguments, None, 0, 20000, None).unpack()

    def status(self):
        return self.call("Manager", "GetStatus", GLib.Variant("(a{sv})", ({},)))[0]

    def orders(self):
        return self.call("Manager", "ListOrders", GLib.Variant("(a{sv}ssu)", ({}, "", "", 0)))[0]

    def wake(self):
        """Whatever is written makes it look at what is due: nothing else tells it that the clock was moved from outside."""
        settings = {"note": GLib.Variant("s", f"looked at {time.monotonic()}")}
        self.call("Order", "Edit", GLib.Variant("(a{sv}a{sv})", (settings, {})), f"{PATH}/orders/1")


class Calendar:
    """Turns its pages: each day begins at the same hour, and goes on until nothing is under way."""

    def __init__(self, world, clock, start):
        self.world, self.clock, self.day = world, clock, start
        self.service = Service(world)
        self.status, self.orders = {}, []

    @property
    def today(self):
        return day_of(self.clock.now)

    def order(self, number):
        return next(row for row in self.orders if row["Id"] == number)

    def has_due(self):
        self.status = self.service.status()
        return 0 < self.status["NextDue"] <= self.clock.now or {"pending", "running"} & set(self.status["Deployments"])

    def has_orders_under_way(self):
        self.orders = self.service.orders()
        return any(row["Step"] != "none" and row["Due"] <= self.clock.now for row in self.orders)

    def is_busy(self):
        """What ends after the first look may have left something that is due at the second."""
        return self.has_due() or self.has_orders_under_way() or self.has_due()

    def settle(self):
        """Waits that lie within the day are jumped over, but for those for somebody else."""
        patience = time.monotonic() + 60
        while True:
            if self.is_busy():
                assert time.monotonic() < patience, (self.status, self.orders)
                select.select([], [], [], 0.005)
                continue

            waits = [row["Due"] for row in self.orders if row["Step"] not in ("none", "track")]
            if "failed" in self.status["Deployments"]:
                waits.append(self.status["NextDue"])
            if not waits or min(waits) >= self.day + DAY:
                return
            self.clock.set_time(min(waits))
            self.service.wake()

    def turn(self):
        self.day += DAY
        self.clock.set_time(self.day)
        self.service.wake()
        self.settle()

    def turn_until(self, end):
        while self.day < end:
            self.turn()
            yield self.today


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path / "clock")


@pytest.fixture
def world(request, clock):
    clock.set_time(at(request.param))
    with World(BUILD, clock_env=clock.variables) as it:
        yield it
        assert it.stop("chanceryd") == 0, it.log("chanceryd")[-8000:]
        assert "Sanitizer" not in it.log("chanceryd"), it.log("chanceryd")[-8000:]


@pytest.fixture
def admin(world):
    admin = Admin(world)
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--auto-renew", "--wait")
    return admin


@pytest.fixture
def calendar(request, world, clock, admin):
    return Calendar(world, clock, at(request.node.callspec.params["world"]))


def days(*dates):
    return pytest.mark.parametrize("world", dates, indirect=True)


def charges(world):
    """Name by name: how often money was asked for."""
    return collections.Counter(order["names"][0] for order in world.control("/orders") if order["charged"] > 0)


def assert_in_time(pem, now):
    begin, end = life(pem)
    assert begin <= now, f"{day_of(now)}: not valid yet"
    assert now < end - 6 * DAY, f"{day_of(now)}: what is served ends on {day_of(end)}"
    assert end - begin + 1 <= cap(begin) * DAY, f"issued on {day_of(begin)} for {(end - begin + 1) / DAY} days"


def assert_no_haste(before, after):
    """Not replaced before a third of its life was left, give or take the spread and the day that we look at."""
    begin, end = life(before)
    assert end - life(after)[0] <= (end - begin) * 11 / 30 + DAY


@days("2026-12-01", "2027-03-01", "2029-03-10")
def test_year(world, clock, admin, calendar):
    """One order may spend, the other must ask."""
    world.control("/settings", {"reissue-proof": "same"})
    admin.run("order", "new", QUIET, "--wait")
    calendar.settle()
    term_end = calendar.order(1)["TermEnd"]
    served = [world.served()]
    asked, attention = [], []

    for today in calendar.turn_until(term_end + 35 * DAY):
        pem = world.served()
        assert_in_time(pem, clock.now)
        if pem != served[-1]:
            assert_no_haste(served[-1], pem)
            served.append(pem)

        # Whatever lies beyond the first term was paid for, once; and nothing else was.
        in_term = life(pem)[1] <= term_end
        assert charges(world) == {HOST: 1 if in_term else 2, QUIET: 1}, today
        if "chancery order renew 2" in calendar.order(2)["Reason"]:
            asked.append(today)
        if "/org/chancery/Chancery1/orders/2" in [row["Object"] for row in calendar.status["Attention"]]:
            attention.append(today)

    renewal = calendar.order(3)
    assert (renewal["State"], renewal["Kind"], renewal["Renews"]) == ("issued", "renewal", f"{PATH}/orders/1")
    assert [row["State"] for row in calendar.orders] == ["expired", "expired", "issued"]
    assert len(set(served)) == len(served)
    # It asks from the day on which a renewal is due until the end, in the order itself and in the status.
    assert asked == attention
    assert asked[0] <= day_of(term_end - 14 * DAY) and asked[-1] >= day_of(term_end - DAY)


def prove_by_page(world, page):
    """What a person does: reads the value, puts it into DNS, presses the button."""
    context = ssl.create_default_context(cafile=world.sandbox["ca-file"])
    context.verify_flags |= 0x200000    # X509_V_FLAG_NO_CHECK_TIME: our own clock was not moved
    with urllib.request.urlopen(page, context=context, timeout=20) as answer:
        value = re.search(r'id="dns">([^<]+)<', answer.read().decode()).group(1)
    world.nsupdate(ZONE, f'update add {HOST}. 5 TXT "{value}"')
    form = urllib.parse.urlencode({"domain": HOST, "method": "dns"}).encode()
    with urllib.request.urlopen(page, form, context=context, timeout=20) as answer:
        assert answer.status == 200


@days("2029-03-10")
def test_person_proves_by_page(world, clock, admin, calendar):
    """Proofs are good for ten days: each reissue is proven anew, here by somebody who is told where."""
    world.control("/settings", {"reissue-proof": "page"})
    calendar.settle()
    used = []

    for today in calendar.turn_until(calendar.day + 110 * DAY):
        assert_in_time(world.served(), clock.now)
        order = calendar.order(1)
        if order["Step"] != "track":
            continue

        assert order["State"] == "reissuing" and order["Page"] in order["Reason"], today
        assert order["Page"] not in used, f"{today}: was used already"
        used.append(order["Page"])
        assert any(order["Page"] in row["Text"] for row in calendar.status["Attention"]), calendar.status
        prove_by_page(world, order["Page"])

    assert len(used) == 2
    assert calendar.order(1)["State"] == "issued"
    assert charges(world) == {HOST: 1}
