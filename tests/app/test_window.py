# SPDX-License-Identifier: GPL-3.0-or-later
"""The app's window, driven as a screen reader would, against the real service."""

import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path.insert(0, str(TOP / "scripts" / "lib"))
sys.path.insert(0, str(TOP / "tests" / "world"))

from conftest import Admin  # noqa: E402
from desktop import App, Desktop, eventually, what_is_missing  # noqa: E402
from world import World, kill_with_parent  # noqa: E402

BUILD = pathlib.Path(os.environ.get("CHANCERY_BUILD", TOP / "build"))
PROGRAM = BUILD / "client-gtk" / "chancery-gtk"
OPTIONS = {"preexec_fn": kill_with_parent(signal.SIGKILL)}

missing = what_is_missing()
pytestmark = pytest.mark.skipif(missing is not None, reason=missing or "")


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    it = Desktop(tmp_path_factory.mktemp("desktop"), OPTIONS)
    try:
        it.start()
        yield it
    finally:
        it.stop()


@pytest.fixture(scope="module")
def world(desktop):
    with World(BUILD) as it:
        yield it


def sanitizer_environment():
    asan = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=16"]))
    given = {"ASAN_OPTIONS": asan, "LSAN_OPTIONS": f"suppressions={HERE / 'lsan.supp'}:print_suppressions=0"}
    # In this order: the sanitizer wants to be the first library.
    libraries = [os.environ.get("LIBASAN"), os.environ.get("KEEP_LOADED")]
    if all(libraries):
        given["LD_PRELOAD"] = " ".join(libraries)
    return given


@pytest.fixture
def start(desktop, tmp_path, request):
    """Starts the app; at the end nothing of what it said may be a complaint."""
    apps = []

    def run(*arguments, **environment):
        folder = tmp_path / str(len(apps))
        folder.mkdir()
        given = {"G_DEBUG": "fatal-criticals", "GSETTINGS_SCHEMA_DIR": str(BUILD / "client-gtk" / "data"), **sanitizer_environment()}
        apps.append(App(PROGRAM, arguments, folder, {**given, **environment}, OPTIONS))
        return apps[-1]

    yield run
    for app in apps:
        app.kill()
        complaints = [line for line in app.log.splitlines() if re.search(r"WARNING|CRITICAL|Sanitizer|runtime error", line)]
        assert complaints == []


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
    app.await_text("No Orders Yet")
    app.await_text("chancery order new www.example.org --wait")
    assert app.quit() == 0


def test_orders_appear_are_found_and_stay_over_a_restart(start, world):
    app = start("--address", world.bus_address)
    app.await_text("No Orders Yet")

    admin = Admin(world)
    admin.set_up()
    for host in ("www", "mail", "shop"):
        admin.run("order", "new", f"{host}.example.test")
    eventually(lambda: app.row_names() == ["mail.example.test", "shop.example.test", "www.example.test"])
    for host in ("www", "mail", "shop"):
        admin.wait_for_state(f"{host}.example.test", "issued")
    eventually(lambda: sum(name == "issued" for _, role, name in app.walk() if role == "label") == 3)

    app.search("shop")
    eventually(lambda: app.row_names() == ["shop.example.test"])
    app.select("shop.example.test")
    app.await_text("Every name server showed it")
    assert app.selected() == ["shop.example.test"]

    world.stop("chanceryd")
    app.await_text("Service Not Running")
    world.start_daemon()
    admin.run("order", "new", "shop2.example.test")
    eventually(lambda: app.row_names() == ["shop.example.test", "shop2.example.test"])
    assert app.selected() == ["shop.example.test"]

    app.search("nothing like this")
    app.await_text("No Order Matches")
    app.search("")
    eventually(lambda: len(app.row_names()) == 4)
    assert app.quit() == 0


def test_everything_that_can_be_used_has_a_name(start, world):
    app = start("--address", world.bus_address)
    eventually(lambda: len(app.row_names()) > 0)
    nameless = [(role, name) for node, role, name in app.walk()
                if role in ("push button", "toggle button", "menu button", "entry", "icon")
                and (not name or name.startswith(("Gtk", "Adw", "Ch")))]
    assert nameless == []
    assert all(name.endswith(".example.test") for name in app.row_names())
    assert app.quit() == 0


def test_a_narrow_window_shows_one_pane(start, world, tmp_path):
    from gi.repository import Atspi

    settings = tmp_path / "glib-2.0" / "settings"
    settings.mkdir(parents=True)
    (settings / "keyfile").write_text("[org/chancery/Chancery]\nwindow-width=360\nwindow-height=640\n")
    app = start("--address", world.bus_address, GSETTINGS_BACKEND="keyfile", XDG_CONFIG_HOME=str(tmp_path))
    eventually(lambda: len(app.row_names()) > 0)
    assert Atspi.Component.get_extents(app.find("frame"), Atspi.CoordType.WINDOW).width <= 360
    assert not app.says("Account")

    app.select("www.example.test")
    app.await_node("push button", "Back to the List")
    app.act("win", "back")
    eventually(lambda: app.selected() == [])
    assert app.quit() == 0
