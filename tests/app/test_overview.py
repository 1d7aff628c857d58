# SPDX-License-Identifier: GPL-3.0-or-later
"""The overview: what needs somebody, what ends when, what goes on and how everything is."""

import datetime
import re

from desktop import eventually


def row(app, text, within):
    """The row of a list that says it."""
    def search():
        rows = app.find("list", within)
        return next((n for n, role, _ in app.walk(rows) if role == "list item" and any(text in name for _, _, name in app.walk(n))),
                    None) if rows else None
    return eventually(search)


def months(app):
    """The words of each month, in order."""
    box = eventually(lambda: app.find("panel", "What comes in which month") or app.find("grouping", "What comes in which month"))
    return [name for _, role, name in app.walk(box) if role == "push button" and ": " in name]


def month_of(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%B %Y")


def test_it_says_what_to_begin_with(app, admin):
    app.await_text("Begin with an account")
    app.point(row(app, "Begin with an account", "Nothing needs you"), "Chancery")
    eventually(lambda: app.page() == "accounts")

    app.go("overview")
    admin.set_up()
    app.await_text("Order the first certificate")
    assert row(app, "1 enabled", "Accounts and servers")
    assert len(months(app)) == 12
    assert all(name.endswith(": nothing comes") for name in months(app))


def test_what_comes_is_counted_live_and_listed(app, admin):
    for host in ("www", "mail"):
        admin.run("order", "new", f"{host}.example.test")
    for host in ("www", "mail"):
        admin.wait_for_state(f"{host}.example.test", "issued")
    order = admin.order("www.example.test")
    ends, replaced = month_of(order["not_after"]), month_of(order["replace_at"])

    app.await_text("2 in force")
    app.await_text("Nothing needs you")
    name = eventually(lambda: next((n for n in months(app) if n.startswith(f"{ends}: 2 certificates end")), None))
    assert any(n.startswith(f"{replaced}: ") and "2 free reissues are planned" in n for n in months(app)) or ends == replaced

    app.click("push button", name)
    app.await_text(name)
    assert row(app, "mail.example.test", "Orders of this month")
    assert app.says("certificate ends " + datetime.datetime.fromtimestamp(order["not_after"], datetime.timezone.utc).strftime("%Y-%m-%d"))

    # What is pressed stays so while the numbers change.
    admin.run("order", "edit", "www.example.test", "--auto-replace", "no")
    eventually(lambda: any(re.match(f"{ends}: 2 certificates end, nothing replaces 1 of them", n) for n in months(app)))
    app.await_text("nothing replaces 1 of them")
    assert row(app, "www.example.test", "Orders of this month")

    app.click("push button", next(n for n in months(app) if n.startswith(ends)))
    eventually(lambda: not app.find("list", "Orders of this month"))


def test_what_needs_somebody_has_its_button(app, admin):
    admin.add_account("bad", password="wrong")
    admin.run("account", "verify", "bad", check=False)
    assert row(app, "bad", "What needs you")
    app.await_text("1 failing")
    assert not app.says("Nothing needs you")

    app.click("push button", "Verify Again")
    app.await_node("dialog", "Job")
    reason = admin.json("account", "show", "bad")["reason"]
    dialog = app.find("dialog", "Job")
    eventually(lambda: any(role == "label" and reason in name for _, role, name in app.walk(dialog)))
    app.click("push button", "Close", within=app.find("dialog", "Job"))
    eventually(lambda: not app.find("dialog", "Job"))

    app.point(row(app, "bad", "What needs you"), "Chancery")
    eventually(lambda: app.page() == "accounts")
    app.go("overview")
    admin.run("account", "remove", "bad")
    app.await_text("Nothing needs you")


def test_the_service_comes_back(app, world):
    before = eventually(lambda: months(app))
    world.stop("chanceryd")
    app.await_text("Service Not Running")
    assert months(app) == before
    world.start_daemon()
    app.await_no_text("Service Not Running")
    assert months(app) == before


def test_everything_that_can_be_used_has_a_name(app):
    eventually(lambda: months(app))
    assert app.nameless() == []


def test_it_fits_a_narrow_window(narrow):
    from gi.repository import Atspi

    eventually(lambda: months(narrow))
    assert Atspi.Component.get_extents(narrow.find("frame"), Atspi.CoordType.WINDOW).width <= 360
