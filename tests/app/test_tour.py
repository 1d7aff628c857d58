# SPDX-License-Identifier: GPL-3.0-or-later
"""A tour of the app in a world where some months have passed: every page, orders in every state, and the demo that shows it."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import pytest

from conftest import BUILD, OPTIONS, TOP, sanitizer_environment
from desktop import eventually
from furnish import Furnisher, ZONES
from world import World, ZONE

PAGES = ("overview", "orders", "dns", "servers", "accounts", "profiles", "activity", "jobs")


@pytest.fixture(scope="module")
def world(desktop):
    """Here a world that is lived in."""
    with World(BUILD, zones=ZONES, is_local=True) as it:
        Furnisher(it).furnish()
        yield it


def test_every_page_and_order(app, world):
    """Nothing of it may complain, and all that can be used has a name."""
    for page in PAGES:
        app.go(page)
        assert app.nameless() == [], page
    by_name = {order["name"]: order for order in Furnisher(world).answer("order", "list")}
    for name in (f"www.{ZONE}", f"legacy.{ZONE}", "intranet.elsewhere.test", "portal.harbour.test", "events.harbour.test"):
        order = by_name[name]
        app.act("win", "open", f"/org/chancery/Chancery1/orders/{order['id']}")
        # what to type in a terminal is left out
        app.await_text(re.split("[.;:?] ", order["reason"])[0] or order["state"])
        assert app.nameless() == [], name


def test_an_order_at_the_end_of_its_term_is_renewed(app, world):
    orders = Furnisher(world)
    old = next(order for order in orders.answer("order", "list") if order["name"] == "status.harbour.test")
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{old['id']}")
    eventually(lambda: app.selected() == [old["name"]])
    app.click("push button", "What to Do with the Order")
    app.click("menu item", "Renew…")
    form = app.await_node("dialog", f"Renew “{old['name']}”")
    app.click("push button", "Review", within=form)
    review = app.await_node("dialog", "Review")
    assert any("EUR" in name for _, role, name in app.walk(review) if role == "label")
    app.click("push button", "Renew and Pay", within=review)
    new = eventually(lambda: next((order for order in orders.answer("order", "list") if order["name"] == old["name"]
                                   and order["id"] != old["id"] and order["ca_order"]), None))
    order = orders.answer("order", "show", str(new["id"]))
    assert order["kind"] == "renewal" and order["renews"].endswith(f"/{old['id']}")
    eventually(lambda: app.selected() == [old["name"]] and app.says(order["reason"]))


@pytest.fixture
def place():
    """With a short name, as a socket's path is limited."""
    with tempfile.TemporaryDirectory(prefix="demo-", dir="/tmp") as folder:
        yield pathlib.Path(folder)


def test_the_demo_opens_the_app(desktop, place):
    gi = pytest.importorskip("gi.repository.Atspi")
    demo = subprocess.Popen([sys.executable, "-B", TOP / "scripts" / "lib" / "demo.py", BUILD, "--gui"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
                            env={**os.environ, **sanitizer_environment(), "TMPDIR": str(place)}, **OPTIONS)
    try:
        def window():
            assert demo.poll() is None, demo.stdout.read()
            everything = gi.get_desktop(0)
            everything.clear_cache()
            applications = [everything.get_child_at_index(i) for i in range(everything.get_child_count())]
            return any(it and it.get_name() == "chancery-gtk" and it.get_child_count() > 0 for it in applications)
        eventually(window, 120)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)
    assert list(place.iterdir()) == []
