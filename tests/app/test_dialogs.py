# SPDX-License-Identifier: GPL-3.0-or-later
"""The service is killed behind each dialog: nothing that was typed is lost, and the window goes on by itself."""

import signal

import pytest

from desktop import eventually

WWW, MAIL = "www.example.test", "mail.example.test"


@pytest.fixture(scope="module")
def ready(world, admin):
    """One of everything that has a dialog."""
    admin.set_up()
    admin.add_deployment("web", WWW)
    admin.run("order", "new", WWW)
    admin.run("order", "new", MAIL, "--method", "email", "--approver", "admin@example.test")
    admin.wait_for_state(WWW, "issued")
    admin.wait_for_state(MAIL, "validating")
    admin.wait_for_deployment("web", "deployed")
    return admin


def of_menu(button, item):
    def click(app, admin):
        app.click("push button", button)
        app.click("menu item", item)
    return click


def of_order(name, item):
    def click(app, admin):
        app.act("win", "open", f"/org/chancery/Chancery1/orders/{admin.order(name)['id']}")
        eventually(lambda: app.selected() == [name])
        of_menu("What to Do with the Order", item)(app, admin)
    return click


def certificate(app, admin):
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{admin.order(WWW)['id']}")
    eventually(lambda: app.selected() == [WWW])
    serial = admin.json("order", "show", WWW)["certificates"][0]["serial"]
    label = eventually(lambda: next((n for n, role, name in app.walk() if role == "label" and serial in name), None))
    app.scroll_to(label)
    app.point(label, "Chancery")


def add(app, admin):
    app.act("win", "add")


def button(name):
    return lambda app, admin: app.click("push button", name)


# Its page, how it is opened, its title, and where one types in it.
DIALOGS = [
    ("accounts", add, "New Account", "Name (required)"),
    ("accounts", of_menu("What to do with “demo”", "Edit…"), "Account “demo”", "First name"),
    ("dns", add, "New DNS Account", "Name (required)"),
    ("servers", add, "New Server", "Name (required)"),
    ("servers", button("New Deployment"), "New Deployment", "Name (required)"),
    ("servers", button("Watch an Endpoint"), "Watch an Endpoint", "Endpoint (required)"),
    ("servers", of_menu("What to do with “web”", "Pause…"), "Pause “web”", "Reason"),
    ("servers", of_menu("What to do with “web”", "History"), "Runs of “web”", None),
    ("profiles", add, "New Profile", "Name (required)"),
    ("orders", add, "New Order", "Names (required)"),
    ("orders", of_menu("Menu of the Orders", "Import Orders…"), "Import Orders", "Name contains"),
    ("orders", of_order(MAIL, "Prove Control Differently…"), "Prove Control Differently", None),
    ("orders", of_order(WWW, "Reissue…"), f"Reissue “{WWW}”", "Names (required)"),
    ("orders", of_order(WWW, "Delete…"), None, None),
    ("orders", certificate, "Certificate", None),
]


def text_of(app, name, within):
    from gi.repository import Atspi

    entry = app.find_entry(name, within)
    return entry and Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))


def close(app, dialog):
    name = eventually(lambda: next((n for _, role, n in app.walk(dialog) if role == "push button" and n.endswith(("Cancel", "Close"))), None))
    app.click("push button", name, within=dialog)


def test_the_service_is_killed_behind_each_dialog(app, world, ready):
    for page, open_it, title, entry in DIALOGS:
        app.go(page)
        open_it(app, ready)
        dialog = eventually(lambda: app.find("dialog", title) or app.find("alert", title))
        if entry:
            app.write(entry, "kept.example.test", within=dialog)
        world.stop("chanceryd", signal.SIGKILL)
        app.await_text("Service Not Running")
        assert app.find("dialog", title) or app.find("alert", title), title
        world.start_daemon()
        app.await_no_text("Service Not Running")
        if entry:
            assert text_of(app, entry, dialog) == "kept.example.test", title
        close(app, dialog)
        eventually(lambda: not app.find("dialog", title) and not app.find("alert", title))
    assert [order["state"] for order in (ready.order(WWW), ready.order(MAIL))] == ["issued", "validating"]
