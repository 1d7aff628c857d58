# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders that were placed elsewhere are brought here from the window."""

from desktop import eventually


def facts(app, dialog):
    """What the rows of a dialog say, by their titles."""
    labels = [name for _, role, name in app.walk(dialog) if role == "label" and name]
    return dict(zip(labels, labels[1:]))


def test_without_an_account_one_is_offered(app):
    app.go("orders")
    app.await_text("No Orders Yet")
    assert not app.says("chancery order new"), "nobody is sent to a terminal"
    app.click("push button", "Import Orders…")
    app.await_text("There is no account to import from yet")
    app.click("push button", "Add an Account")
    eventually(lambda: app.page() == "accounts")
    app.await_node("dialog", "New Account")


def test_orders_are_brought_and_told(app, world, admin):
    admin.add_account()
    world.control("/seed", {"orders": 40, "from": "2026-01-01T00:00:00Z", "to": "2026-10-31T00:00:00Z", "zone": "seed.test"})
    app.go("orders")
    app.await_text("No Orders Yet")
    eventually(lambda: admin.json("account", "list"))
    app.click("push button", "Import Orders…")
    app.await_node("dialog", "Import Orders")
    assert app.nameless() == []

    app.write("From", "next week")
    app.click("push button", "Import")
    app.await_text("A day is needed, such as 2027-03-15")
    app.write("From", "2026-01-01")
    app.write("To", "2026-10-31")
    app.choose("State", "Issued", "Import Orders")
    app.click("push button", "Import")
    job = app.await_node("dialog", "Job")
    eventually(lambda: "Orders found" in facts(app, job))
    told = facts(app, job)
    orders = admin.json("order", "list", "--limit", "500")
    assert int(told["New here"]) == len(orders) > 0
    assert {order["state"] for order in orders} == {"issued"}
    app.click("push button", "Close", within=job)
    eventually(lambda: len(app.row_names()) > 0)


def test_by_the_menu_and_a_part_of_the_name(app, admin):
    before = len(admin.json("order", "list", "--limit", "500"))
    app.go("orders")
    app.click("push button", "Menu of the Orders")
    app.click("menu item", "Import Orders…")
    app.await_node("dialog", "Import Orders")
    app.write("Name contains", "no-such-name")
    app.click("push button", "Import")
    job = app.await_node("dialog", "Job")
    eventually(lambda: facts(app, job).get("New here") == "0")
    assert len(admin.json("order", "list", "--limit", "500")) == before
