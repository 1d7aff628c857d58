# SPDX-License-Identifier: GPL-3.0-or-later
"""An order is placed, reissued and looked at before it is paid, all in the window."""

import pytest

from desktop import eventually

WWW = "www.example.test"


@pytest.fixture
def ready(world, admin):
    """An account, and DNS that proves control."""
    if not admin.json("account", "list"):
        admin.set_up()
    return admin


def dialog(app, title):
    return app.await_node("dialog", title)


def text_of(app, name, within=None):
    from gi.repository import Atspi

    entry = app.find_entry(name, within)
    return Atspi.Text.get_text(entry, 0, -1) if entry else None


def titles(app, within):
    return [name for _, role, name in app.walk(within) if role == "label" and name]


def begin(app):
    app.go("orders")
    app.act("win", "add")
    return dialog(app, "New Order")


def test_from_nothing_to_an_issued_certificate(app, ready):
    app.go("orders")
    app.await_text("No Orders Yet")
    app.click("push button", "New Order…")
    form = dialog(app, "New Order")
    assert app.nameless() == []
    assert not app.find_entry("Private key of the request"), "asked only with a request"
    app.write("Names (required)", f"https://{WWW}/shop")
    app.click("push button", "Review", within=form)

    review = dialog(app, "Review")
    assert app.nameless() == []
    told = titles(app, review)
    assert "49.00 EUR" in told
    assert WWW in told
    assert any("proven by the DNS account “ns1”" in text for text in told)
    assert any("Nothing puts this certificate on a server yet" in text for text in told)
    assert ready.json("order", "list") == [], "looking costs nothing"
    app.click("push button", "Place Order", within=review)
    eventually(lambda: app.selected() == [WWW])
    assert not app.find("dialog", "New Order")
    order = ready.wait_for_state(WWW, "issued")
    assert order["product"] == "alphassl"


def test_what_is_wrong_stands_at_its_question(app, ready):
    form = begin(app)
    app.click("push button", "Review", within=form)
    app.await_text("This is needed")
    app.write("Names (required)", "not_a_name!")
    app.click("push button", "Review", within=form)
    app.await_text("not_a_name!")
    assert app.find("dialog", "New Order") and not app.find("dialog", "Review")
    app.write("Names (required)", "*.example.test")
    app.click("toggle button", "Rarely Needed") if app.find("toggle button", "Rarely Needed") else None
    app.choose("Product", "ExtendedSSL", "New Order")
    app.click("push button", "Review", within=form)
    app.await_text("ildcard")
    app.choose("Product", "OrganizationSSL", "New Order")
    app.click("push button", "Review", within=form)
    eventually(lambda: any("organi" in text.lower() for text in titles(app, form)))
    app.click("push button", "Cancel", within=form)
    eventually(lambda: not app.find("dialog", "New Order"))


def test_a_pasted_list_with_a_mailed_proof(app, ready):
    form = begin(app)
    app.write("Names (required)", "DNS:a.example.test, DNS:b.example.test;\n\"a.example.test\"")
    app.choose("Proof of control", "E-mail to an approver", "New Order")
    eventually(lambda: app.find("label", "Choose who is mailed"))
    app.click("push button", "Review", within=form)
    app.await_text("This is needed")
    app.choose("Approver (required)", "admin@example.test", "New Order")
    app.click("push button", "Review", within=form)
    review = dialog(app, "Review")
    told = titles(app, review)
    assert "a.example.test" in told and "b.example.test" in told
    assert "DomainSSL" in told
    assert any("2028-03-15" in text for text in told), "e-mail ends, and that is said"
    app.click("push button", "Back", within=review)
    eventually(lambda: not app.find("dialog", "Review"))
    assert "b.example.test" in text_of(app, "Names (required)")


def test_nothing_is_lost_when_the_service_goes(app, world, ready):
    form = begin(app)
    app.write("Names (required)", "kept.example.test")
    world.stop("chanceryd")
    app.click("push button", "Review", within=form)
    eventually(lambda: any("chanceryd" in text for text in titles(app, form)))
    assert text_of(app, "Names (required)") == "kept.example.test"
    world.start_daemon()
    app.await_no_text("Service Not Running")
    def review():
        if not app.find("dialog", "Review"):
            app.click("push button", "Review", within=form)
        return app.find("dialog", "Review")
    eventually(review)
    world.stop("chanceryd")
    app.click("push button", "Place Order", within=app.find("dialog", "Review"))
    app.await_text("Look in the list of orders whether it was written down")
    assert text_of(app, "Names (required)") == "kept.example.test"
    world.start_daemon()
    app.await_no_text("Service Not Running")
    assert ready.order("kept.example.test") is None


def test_a_reissue_begins_with_what_there_is(app, ready):
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{ready.order(WWW)['id']}")
    eventually(lambda: app.selected() == [WWW])
    app.click("push button", "What to Do with the Order")
    app.click("menu item", "Reissue…")
    form = dialog(app, f"Reissue “{WWW}”")
    assert text_of(app, "Names (required)") == WWW
    app.choose("Key", "ECC P-256", f"Reissue “{WWW}”")
    app.click("push button", "Review", within=form)
    review = dialog(app, "Review")
    assert "Free" in titles(app, review)
    app.click("push button", "Reissue", within=review)
    eventually(lambda: any(event["action"] == "order.reissued" for event in ready.json("log")))


def test_a_renewal_before_its_time_says_from_when(app, ready):
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{ready.order(WWW)['id']}")
    eventually(lambda: app.selected() == [WWW])
    app.click("push button", "What to Do with the Order")
    app.click("menu item", "Renew…")
    form = dialog(app, f"Renew “{WWW}”")
    app.click("push button", "Review", within=form)
    eventually(lambda: any("from 20" in text for text in titles(app, form)))
