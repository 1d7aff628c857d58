# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of activity and of jobs."""

import csv
import json
import signal

import pytest

from desktop import eventually


@pytest.fixture(scope="module")
def busy(admin):
    """A log with something of each kind: accounts and servers, and a test that failed."""
    admin.set_up()
    admin.run("dns", "test", "ns1", "nowhere.invalid", check=False)
    admin.run("account", "verify", "demo")
    return admin


def lines(app):
    """What the list says, from above."""
    view = app.find("list", "Activity")
    return [name for _, role, name in app.walk(view) if role == "label"] if view else []


def test_the_activity_is_listed_and_followed(app, busy):
    app.go("activity")
    app.await_text("account/1 demo")
    busy.run("server", "add", "local", "third")
    app.await_text("third")
    assert "third" in " ".join(lines(app)[:2]), "the newest stands above"


def test_the_activity_is_filtered(app, busy):
    app.go("activity")
    app.await_text("account/1 demo")
    app.write("Search the activity", "NS1")
    eventually(lambda: lines(app) and all("ns1" in pair[0] + pair[1] for pair in zip(lines(app)[::2], lines(app)[1::2])))
    app.write("Search the activity", "no such thing")
    app.await_text("Nothing Found")
    app.write("Search the activity", "")
    app.await_text("account/1 demo")
    app.click("push button", "Only Failures")
    app.await_no_text("account/1 demo")


def export(app, what, path):
    """Chooses in the menu, and types where to."""
    app.click("push button", "Export What Is Listed")
    app.click("menu item", what)
    window = app.window_of("Export the Activity")
    app.xdotool("windowfocus", "--sync", window, "key", "--window", window, "ctrl+a")
    app.xdotool("type", "--window", window, "--delay", 5, str(path))
    app.xdotool("key", "--window", window, "Return")
    eventually(lambda: path.exists() and path.stat().st_size > 0)
    return path.read_text()


def test_the_activity_is_exported(start, world, busy, tmp_path):
    # The file chooser of GTK does not give everything back.
    app = start("--address", world.bus_address, ASAN_OPTIONS="detect_leaks=0")
    app.go("activity")
    app.await_text("account/1 demo")
    rows = json.loads(export(app, "Export as JSON…", tmp_path / "log.json"))
    assert {row["name"] for row in rows} >= {"demo", "ns1", "here"}
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)

    table = list(csv.DictReader((export(app, "Export as CSV…", tmp_path / "log.csv")).splitlines()))
    assert [row["id"] for row in table] == [str(row["id"]) for row in rows]
    assert {row["ok"] for row in table} <= {"true", "false"}
    assert app.quit() == 0


def test_an_entry_leads_to_its_object(app, busy):
    app.go("activity")
    app.write("Search the activity", "ns1")
    eventually(lambda: any("ns1" in line for line in lines(app)))
    label = next(node for node, role, name in app.walk(app.find("list", "Activity")) if role == "label" and "ns1" in name)
    app.point(label, "Chancery")
    app.point(label, "Chancery")
    app.xdotool("key", "Return")
    app.await_node("dialog", "DNS Account “ns1”")
    assert app.page() == "dns"


def test_jobs_are_listed_followed_and_cancelled(app, busy, world):
    app.go("jobs")
    app.await_text("nowhere.invalid")
    sandbox = world.processes["sandbox"]
    sandbox.send_signal(signal.SIGSTOP)     # so that it takes long
    try:
        app.go("accounts")
        app.click("push button", "What to do with “demo”")
        app.click("menu item", "Verify")
        dialog = app.await_node("dialog", "Job")
        eventually(lambda: app.find("list item", "Jobs, 1 is running"))
        app.click("push button", "Cancel Job", within=dialog)
        app.await_text("Cancelled")
    finally:
        sandbox.send_signal(signal.SIGCONT)
    app.click("push button", "Close", within=dialog)
    app.go("jobs")
    app.await_text("Cancelled ·")


def test_everything_that_can_be_used_has_a_name(app, busy):
    for page in ("activity", "jobs"):
        app.go(page)
        assert app.nameless() == []


def test_they_fit_into_a_narrow_window(narrow, busy):
    from gi.repository import Atspi

    for page in ("activity", "jobs"):
        narrow.go(page)
        assert Atspi.Component.get_extents(narrow.find("frame"), Atspi.CoordType.WINDOW).width <= 360
