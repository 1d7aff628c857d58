# SPDX-License-Identifier: GPL-3.0-or-later
"""The app's window: what it says before there is anything to show, and its way from page to page."""

import os
import pathlib
import subprocess
import sys

from conftest import OPTIONS
from desktop import eventually

HERE = pathlib.Path(__file__).resolve().parent


def test_no_bus(start, tmp_path):
    app = start("--address", f"unix:path={tmp_path}/nowhere")
    app.await_text("No Message Bus")
    assert app.find("push button", "Try Again")
    assert app.quit() == 0


def test_not_allowed(start, desktop):
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    service = subprocess.Popen([sys.executable, HERE / "refusing.py", address], **OPTIONS)
    try:
        app = start("--session")
        app.await_text("Not Allowed")
        app.await_text("Only <root> & friends may look.")
        assert app.find("push button", "Unlock…")
        app.act("win", "unlock")
        app.await_text("Not Allowed")
        assert app.quit() == 0
    finally:
        service.terminate()
        service.wait()


def test_the_service_comes_while_one_waits(start, world):
    world.stop("chanceryd")
    app = start("--address", world.bus_address)
    app.await_text("Service Not Running")
    app.await_text(f"chanceryd --address '{world.bus_address}'")
    world.start_daemon()
    app.await_node("list", "Pages")
    app.go("orders")
    app.await_text("No Orders Yet")
    assert app.quit() == 0


def test_a_screen_reader_may_ask_for_a_window_that_has_gone(app):
    assert app.root.get_child_at_index(7).get_role_name() == "frame"
    app.act("app", "shortcuts")
    app.await_text("This Page")


def test_pages_are_shown_and_remembered(start, world, tmp_path):
    settings = {"GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": str(tmp_path)}
    app = start("--address", world.bus_address, **settings)
    app.await_node("list", "Pages")
    assert app.page() == "overview"
    for page in ("orders", "overview", "orders"):
        app.go(page)
        assert app.find("list item", "Orders") or app.find("list", "Pages")
    app.act("win", "page", "no such page")
    assert app.page() == "orders"
    assert app.quit() == 0

    app = start("--address", world.bus_address, **settings)
    app.await_node("list", "Pages")
    assert app.page() == "orders"
    app.await_text("No Orders Yet")
    assert app.quit() == 0


def test_the_service_goes_and_comes_back(start, world):
    app = start("--address", world.bus_address)
    app.go("orders")
    app.await_text("No Orders Yet")
    world.stop("chanceryd")
    app.await_text("Service Not Running")
    assert app.says("No Orders Yet"), "what was there stays"
    world.start_daemon()
    app.await_no_text("Service Not Running")
    assert app.quit() == 0


def test_a_narrow_window_folds_the_list_of_pages(narrow):
    from gi.repository import Atspi

    assert Atspi.Component.get_extents(narrow.find("frame"), Atspi.CoordType.WINDOW).width <= 360
    narrow.click("push button", "List of Pages")
    narrow.go("orders")
    assert narrow.nameless() == []
