# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop is told while nobody looks at the app, and the app without a window."""

import json
import subprocess

import pytest

from desktop import eventually


class Notes:
    def __init__(self, path):
        self.path = path

    @property
    def all(self):
        return json.loads(self.path.read_text()) if self.path.exists() else []

    def about(self, name):
        return next((note for note in self.all if note["title"] == name), None)

    def press(self, note, action):
        from gi.repository import Gio, GLib

        Gio.bus_get_sync(Gio.BusType.SESSION, None).call_sync(
            "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "Press",
            GLib.Variant("(us)", (note["id"], action)), None, Gio.DBusCallFlags.NONE, 10000, None)


@pytest.fixture
def notes(desktop):
    return Notes(desktop.notes)


@pytest.fixture
def hidden(start, world, tmp_path):
    it = start("--address", world.bus_address, "--background", GSETTINGS_BACKEND="keyfile", XDG_CONFIG_HOME=str(tmp_path))
    yield it
    assert it.quit() == 0, it.log


def frames(app):
    """Its windows; there may be none."""
    from gi.repository import Atspi

    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    mine = [desktop.get_child_at_index(i) for i in range(desktop.get_child_count())]
    return [it for it in mine if it and it.get_process_id() == app.process.pid and it.get_child_count() > 0]


def has_begun(app):
    """It answers on the bus, and knows how everything stands."""
    return app.session_call("/org/chancery/Chancery", "org.gtk.Actions", "List", None)


def test_what_was_issued_is_told_without_a_window(hidden, notes, admin):
    admin.set_up()
    eventually(lambda: has_begun(hidden))
    admin.run("order", "new", "www.example.test")
    admin.wait_for_state("www.example.test", "issued")
    note = eventually(lambda: notes.about("www.example.test"))
    assert "Issued; the certificate is valid until" in note["body"]
    assert frames(hidden) == []

    notes.press(note, "default")
    eventually(lambda: hidden.selected() == ["www.example.test"])


def set_password(admin, password):
    admin.run("account", "edit", "demo", "--password-file", "-", stdin=password)


def test_what_needs_a_person_comes_with_its_button_and_goes(hidden, notes, admin):
    eventually(lambda: has_begun(hidden))
    set_password(admin, "not-it")
    assert admin.run("account", "verify", "demo", check=False).returncode != 0
    eventually(lambda: notes.about("demo"))
    set_password(admin, "sandbox")
    admin.run("account", "verify", "demo")
    eventually(lambda: not notes.about("demo"))

    set_password(admin, "not-it")
    assert admin.run("account", "verify", "demo", check=False).returncode != 0
    note = eventually(lambda: notes.about("demo"))
    set_password(admin, "sandbox")
    assert frames(hidden) == []
    notes.press(note, note["actions"][note["actions"].index("Verify Again") - 1])
    hidden.await_node("dialog", "Job")
    hidden.await_text("Done")
    assert admin.json("status")["attention"] == []


def test_closing_hides_the_window_only_if_that_is_wanted(start, world, tmp_path):
    app = start("--address", world.bus_address, GSETTINGS_BACKEND="keyfile", XDG_CONFIG_HOME=str(tmp_path))
    app.await_node("list", "Pages")
    app.act("app", "preferences")
    app.await_node("dialog", "Preferences")
    assert app.nameless() == []
    app.click("check box", "Run in the Background")
    app.click("check box", "Start When You Log In")
    autostart = tmp_path / "autostart" / "org.chancery.Chancery.desktop"
    eventually(autostart.exists)
    assert "Exec=chancery-gtk --background" in autostart.read_text()
    app.xdotool("key", "Escape")
    eventually(lambda: not app.find("dialog", "Preferences"))
    app.act("win", "page", "orders")
    close(app)
    eventually(lambda: not visible(app))
    assert app.process.poll() is None

    app.act("app", "page", "overview")
    eventually(lambda: visible(app))
    app.act("app", "preferences")
    app.await_node("dialog", "Preferences")
    app.click("check box", "Run in the Background")
    eventually(lambda: not autostart.exists())
    app.xdotool("key", "Escape")
    eventually(lambda: not app.find("dialog", "Preferences"))
    close(app)
    assert app.process.wait(60) == 0, app.log


def visible(app):
    return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Chancery$"], capture_output=True, text=True).stdout.split()


def close(app):
    app.xdotool("windowfocus", visible(app)[0], "key", "ctrl+w")
