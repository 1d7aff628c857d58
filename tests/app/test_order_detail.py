# SPDX-License-Identifier: GPL-3.0-or-later
"""One order beside the list: all that belongs to it, and what can be done about it."""

import re
import subprocess

import pytest

from desktop import eventually

WWW = "www.example.test"


@pytest.fixture(scope="module")
def ready(world, admin):
    """One certificate that is served, and a service that finds names where this world has them."""
    (world.dir / "chanceryd.conf").write_text(f"[dns]\nresolver=127.0.0.1:{world.dns_port}\n"
                                              f"[validation]\nhttp-port={world.http_port}\nhttps-port={world.https_port}\n")
    world.stop("chanceryd")
    world.start_daemon()
    admin.set_up()
    admin.add_deployment("web", WWW)
    admin.run("order", "new", WWW)
    admin.wait_for_state(WWW, "issued")
    admin.wait_for_deployment("web", "deployed")
    return admin


def show(app, admin, name):
    app.act("win", "open", f"/org/chancery/Chancery1/orders/{admin.order(name)['id']}")
    eventually(lambda: app.selected() == [name])


def choose(app, what):
    """In the menu of the order."""
    app.click("push button", "What to Do with the Order")
    app.click("menu item", what)


def text_of(app, name):
    from gi.repository import Atspi

    entry = app.find_entry(name)
    return Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))


def row(app, title, text):
    """Whether some row has that title, and that text below it."""
    labels = [name for _, role, name in app.walk() if role == "label"]
    return any(a == title and text in b for a, b in zip(labels, labels[1:]))


def test_it_tells_all_of_an_order(app, ready):
    order = ready.order(WWW)
    certificate = ready.json("order", "show", WWW)["certificates"][0]
    show(app, ready, WWW)
    eventually(lambda: row(app, "Number at the certificate authority", order["ca_order"]))
    for title, text in (("Names", WWW), ("Product", "AlphaSSL"), ("Validation", "TXT record"), ("Account", "demo"),
                        ("DNS account", "ns1"), ("Key", "kept by the service")):
        assert row(app, title, text), title
    assert app.find("list", "Steps") and app.find("list", "Plan") and app.find("list", "Activity")
    assert app.says("Every name server showed it")
    assert app.says("Free reissue") and app.says("Paid renewal")
    assert app.says(f"Serial number {certificate['serial']}")
    assert app.find("push button", "Run “web” by itself") or app.find("push button", "What to do with “web”")
    assert app.nameless() == []


def test_a_certificate_is_read_and_exported(start, world, ready, tmp_path):
    # The file chooser of GTK does not give everything back.
    app = start("--address", world.bus_address, ASAN_OPTIONS="detect_leaks=0")
    app.await_node("list", "Pages")
    show(app, ready, WWW)
    serial = ready.json("order", "show", WWW)["certificates"][0]["serial"]
    label = eventually(lambda: next((n for n, role, name in app.walk() if role == "label" and serial in name), None))
    app.scroll_to(label)
    app.point(label, "Chancery")
    dialog = app.await_node("dialog", "Certificate")
    eventually(lambda: app.find("label", "SHA-256 fingerprint", within=dialog))
    assert app.nameless() == []

    app.click("push button", "Export…", within=dialog)
    app.await_node("dialog", "Export the Certificate")
    app.choose("Format", "PKCS #12", "Export the Certificate")
    app.click("check box", "With the private key", within=app.find("dialog", "Export the Certificate"))
    app.click("push button", "Export")
    app.await_text("Choose a password; the file holds the private key.")
    app.write("Password of the file", "opensesame")
    app.click("push button", "Export")
    path = tmp_path / "www.p12"
    window = eventually(lambda: app.xdotool("search", "--onlyvisible", "--name", "^Export the Certificate$")[1:])[0]
    app.xdotool("windowfocus", "--sync", window, "key", "--window", window, "ctrl+a")
    app.xdotool("type", "--window", window, "--delay", 5, str(path))
    app.xdotool("key", "--window", window, "Return")
    eventually(lambda: path.exists() and path.stat().st_size > 0)
    text = subprocess.run(["openssl", "pkcs12", "-in", path, "-passin", "pass:opensesame", "-nodes"], capture_output=True,
                          text=True, check=True).stdout
    assert "PRIVATE KEY" in text and text.count("BEGIN CERTIFICATE") >= 2
    app.await_text(f"Written to {path}")
    assert app.quit() == 0


def test_note_tags_and_switches(app, ready):
    show(app, ready, WWW)
    eventually(lambda: app.find_entry("Note"))
    app.enter("Note", "for the shop")
    eventually(lambda: ready.order(WWW)["note"] == "for the shop")
    app.enter("Tags, with commas between", "shop,  public ,")
    eventually(lambda: ready.order(WWW)["tags"] == ["shop", "public"])
    app.click("check box", "Replace by itself")
    eventually(lambda: ready.order(WWW)["auto_replace"] is False)
    ready.run("order", "edit", WWW, "--auto-replace", "yes", "--note", "another")
    eventually(lambda: text_of(app, "Note") == "another")


def test_replace_says_what_it_costs(app, ready):
    host = "new.example.test"
    ready.run("order", "new", host)
    ready.wait_for_state(host, "issued")
    show(app, ready, host)
    choose(app, "Replace…")
    form = app.await_node("dialog", f"Reissue “{host}”")
    app.click("push button", "Review", within=form)
    review = app.await_node("dialog", "Review")
    assert app.find("label", "Free", within=review)
    app.click("push button", "Reissue", within=review)
    eventually(lambda: any(event["action"] == "order.reissued" for event in ready.json("log")))


def test_a_validation_that_fails_is_repaired(app, world, ready):
    host = "shop.example.test"
    ready.add_dns("wrong", port="1")
    ready.run("order", "new", host, "--dns", "wrong")
    eventually(lambda: ready.order(host)["step"] == "publish")
    show(app, ready, host)
    choose(app, "Prove Control Differently…")
    app.await_node("dialog", "Prove Control Differently")
    app.choose("DNS account", "ns1", "Prove Control Differently")
    world.stop("chanceryd")
    app.click("push button", "Change")
    app.await_text("Service Not Running")
    world.start_daemon()
    app.await_no_text("Service Not Running")
    if app.find("dialog", "Prove Control Differently"):     # unless the first try reached the new service
        app.click("push button", "Change")
    eventually(lambda: not app.find("dialog", "Prove Control Differently"))
    assert ready.wait_for_state(host, "issued")["dns_account_name"] == "ns1"
    eventually(lambda: row(app, "DNS account", "ns1"))


def test_a_record_by_hand_is_copied_and_verified(app, world, ready):
    host = "hand.example.test"
    ready.run("order", "new", host, "--dns", "wrong")
    eventually(lambda: ready.order(host)["step"] == "publish")
    show(app, ready, host)
    choose(app, "Prove Control Differently…")
    app.await_node("dialog", "Prove Control Differently")
    app.choose("DNS account", "None: I make the record myself", "Prove Control Differently")
    app.click("push button", "Change")
    value = ready.json("order", "show", host)["challenges"][0]["value"]
    eventually(lambda: row(app, "Value", value))
    app.click("push button", "Copy the Value")
    app.await_text("Copied")
    world.nsupdate("example.test", f"update add {host}. 60 TXT {value}")
    app.click("push button", "Verify Now")
    app.await_node("dialog", "Job")
    ready.wait_for_state(host, "issued")


def test_mail_is_sent_again_and_to_somebody_else(app, world, ready):
    host = "mail.example.test"
    ready.run("order", "new", host, "--method", "email", "--approver", "admin@example.test")
    ready.wait_for_state(host, "validating")
    show(app, ready, host)
    app.await_text("admin@example.test")
    before = len(world.control("/mails"))
    app.click("push button", "Send Again")
    eventually(lambda: len(world.control("/mails")) == before + 1)

    app.click("push button", "Change…")
    app.await_node("dialog", "Prove Control Differently")
    app.choose("Approver", "webmaster@example.test", "Prove Control Differently")
    app.click("push button", "Change")
    eventually(lambda: ready.order(host)["approver"] == "webmaster@example.test")

    choose(app, "Cancel Order…")
    app.await_text("Cancel the Order for “mail.example.test”?")
    app.click("push button", "Cancel Order")
    ready.wait_for_state(host, "cancelled")
    app.await_text("cancelled")


def test_an_order_is_deleted_and_taken_back(app, ready):
    ready.run("order", "edit", WWW, "--note", "kept", "--tag", "shop")
    before = ready.order(WWW)
    show(app, ready, WWW)
    eventually(lambda: row(app, "Number at the certificate authority", before["ca_order"]))
    choose(app, "Delete…")
    app.await_text(f"Delete the Order for “{WWW}”?")
    app.click("push button", "Delete")
    app.await_text(f"“{WWW}” was deleted")
    assert ready.order(WWW) is None

    app.click("push button", "Undo")
    app.await_text("The order is back")
    after = eventually(lambda: (o := ready.order(WWW)) and o["note"] == "kept" and o["has_key"] and o)
    assert after["ca_order"] == before["ca_order"] and after["tags"] == before["tags"] and after["id"] != before["id"]
    eventually(lambda: app.selected() == [WWW])


def test_revoking_names_what_would_break(app, ready):
    ready.run("deploy", "run", "web")
    ready.wait_for_deployment("web", "deployed")
    show(app, ready, WWW)
    eventually(lambda: row(app, "Number at the certificate authority", ready.order(WWW)["ca_order"]))
    choose(app, "Revoke…")
    app.await_text(f"Revoke the Certificates for “{WWW}”?")
    assert app.says("“web” on the server “here”")
    app.click("push button", "Cancel")
    assert ready.order(WWW)["state"] == "issued"
    choose(app, "Revoke…")
    app.click("push button", "Revoke")
    ready.wait_for_state(WWW, "revoked")


def test_it_fits_a_narrow_window(narrow, ready):
    from gi.repository import Atspi

    show(narrow, ready, "shop.example.test")
    eventually(lambda: narrow.find("list", "Steps"))
    assert Atspi.Component.get_extents(narrow.find("frame"), Atspi.CoordType.WINDOW).width <= 360
    assert narrow.nameless() == []
    assert not [name for _, role, name in narrow.walk() if role == "label" and re.search(r"%[sdu]|\(null\)", name)]
