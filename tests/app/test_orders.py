# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of orders, driven as a screen reader would, against the real service."""

from desktop import eventually


def test_orders_appear_are_found_and_stay_over_a_restart(app, world, admin):
    app.go("orders")
    app.await_text("No Orders Yet")

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


def test_columns_tell_of_product_term_and_service(app, admin, world):
    app.go("orders")
    eventually(lambda: len(app.row_names()) == 4)
    for title in ("Name", "State", "Product", "Certificate Ends", "Term Ends", "Served"):
        app.await_node("label", title)
    eventually(lambda: [name for _, role, name in app.walk() if role == "label"].count("AlphaSSL") == 4)

    app.select("www.example.test")
    app.await_text("Every name server showed it")
    eventually(lambda: not app.find("label", "Term Ends") and app.find("label", "State"))
    app.act("win", "back")
    eventually(lambda: app.selected() == [] and app.find("label", "Term Ends"))


def test_orders_are_filtered(app, admin):
    app.go("orders")
    eventually(lambda: len(app.row_names()) == 4)
    admin.run("order", "cancel", "mail.example.test", "--force")
    admin.wait_for_state("mail.example.test", "cancelled")
    app.choose("Show Orders by State", "Ended", "Chancery")
    eventually(lambda: app.row_names() == ["mail.example.test"])
    app.choose("Show Orders by Their End", "Ends within 7 Days", "Chancery")
    app.await_text("No Order Matches")
    number = admin.order("shop.example.test")["id"]
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{number}")
    eventually(lambda: app.selected() == ["shop.example.test"])
    assert len(app.row_names()) == 4


def test_many_orders_are_changed_at_once(app, admin):
    app.go("orders")
    eventually(lambda: len(app.row_names()) == 4)
    app.select("shop.example.test", "shop2.example.test")
    app.await_text("2 Orders")
    app.enter("Add tags, with commas between", "shops, live")
    app.await_text("Add Tags: 2 of 2")
    assert admin.order("shop.example.test")["tags"] == admin.order("shop2.example.test")["tags"] == ["shops", "live"]
    assert admin.order("www.example.test")["tags"] == []
    app.enter("Remove tags, with commas between", "live")
    eventually(lambda: admin.order("shop2.example.test")["tags"] == ["shops"])

    app.select("www.example.test", "mail.example.test", "shop.example.test")
    app.await_text("3 Orders")
    app.click("push button", "Off")
    app.await_text("Replace by itself: 2 of 2")         # one has ended
    assert [admin.order(f"{host}.example.test")["auto_replace"] for host in ("www", "shop", "shop2")] == [False, False, True]

    # What is chosen stays over another search, as far as it is found.
    app.search("shop")
    eventually(lambda: app.row_names() == ["shop.example.test", "shop2.example.test"])
    eventually(lambda: app.selected() == ["shop.example.test"])


def test_many_orders_are_deleted_and_taken_back(app, admin):
    app.go("orders")
    eventually(lambda: len(app.row_names()) == 4)
    before = {host: admin.order(f"{host}.example.test") for host in ("shop", "shop2")}
    app.select("shop.example.test", "shop2.example.test")
    app.click("push button", "Delete…")
    app.await_text("Delete These Orders?")
    assert app.says("• shop2.example.test")
    app.click("push button", "Delete")
    app.await_text("2 orders were deleted")
    eventually(lambda: "shop.example.test" not in app.row_names() and "www.example.test" in app.row_names())
    assert admin.order("shop.example.test") is None

    app.click("push button", "Undo")
    app.await_text("2 orders are back")
    for host, order in before.items():
        after = eventually(lambda: (o := admin.order(f"{host}.example.test")) and o["tags"] == ["shops"] and o["has_key"] and o)
        assert after["ca_order"] == order["ca_order"]


def test_one_order_is_opened_by_its_path(app, admin):
    number = admin.order("mail.example.test")["id"]
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{number}")
    eventually(lambda: app.selected() == ["mail.example.test"])
    assert app.page() == "orders"

    app.search("shop")
    eventually(lambda: len(app.row_names()) == 2)
    number = admin.order("www.example.test")["id"]
    app.act("app", "open", f"/org/chancery/Chancery1/orders/{number}")
    eventually(lambda: app.selected() == ["www.example.test"])


def test_everything_that_can_be_used_has_a_name(app):
    app.go("orders")
    eventually(lambda: len(app.row_names()) > 0)
    assert app.nameless() == []
    assert all(name.endswith(".example.test") for name in app.row_names())


def test_a_narrow_window_shows_one_pane(narrow):
    from gi.repository import Atspi

    narrow.go("orders")
    eventually(lambda: len(narrow.row_names()) > 0)
    assert Atspi.Component.get_extents(narrow.find("frame"), Atspi.CoordType.WINDOW).width <= 360
    eventually(lambda: not narrow.find("label", "Account"))

    narrow.select("www.example.test")
    narrow.await_node("push button", "Back to the List")
    narrow.act("win", "back")
    eventually(lambda: narrow.selected() == [])
