# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments in the page of servers: from a form to a certificate that is served."""

import pytest

from desktop import eventually


@pytest.fixture(scope="module")
def issued(admin):
    admin.set_up()
    admin.run("order", "new", "www.example.test")
    admin.wait_for_state("www.example.test", "issued")
    return admin


def menu(app, what):
    app.click("push button", "What to do with “www”")
    app.click("menu item", what)


def test_a_deployment_is_added_and_served(app, issued, world):
    nginx = world.dir / "nginx"
    app.go("servers")
    app.click("push button", "New Deployment")
    app.await_node("dialog", "New Deployment")
    app.click("push button", "Add")
    app.await_text("This is needed")
    app.write("Name (required)", "www")
    app.write("Names (required)", "www.example.test")
    app.write("Certificate with its chain", "tls/www.pem")
    app.write("Private key", str(nginx / "tls" / "www.key"))
    app.write("Checks", f"127.0.0.1:{world.https_port}/www.example.test")
    assert not app.find_entry("PID file"), "only what the chosen action asks is shown"
    app.choose("Action", "Send a signal", "New Deployment")
    app.write("PID file", str(nginx / "nginx.pid"))
    app.write("Signal", "HUP")
    app.click("push button", "Add")
    app.await_text("tls/www.pem")
    app.write("Certificate with its chain", str(nginx / "tls" / "www.pem"))
    app.click("push button", "Add")
    app.await_node("push button", "What to do with “www”")
    app.await_text("the new certificate was seen")


def test_it_is_run_and_its_runs_are_told(app, issued):
    app.go("servers")
    menu(app, "Run Now")
    dialog = app.await_node("dialog", "Job")
    app.await_text("Done")
    app.click("push button", "Close", within=dialog)
    menu(app, "History")
    dialog = app.await_node("dialog", "Runs of “www”")
    eventually(lambda: sum(name == "Deployed" for _, role, name in app.walk(dialog) if role == "label") == 2)


def test_it_is_paused_run_all_the_same_and_goes_on(app, issued):
    app.go("servers")
    menu(app, "Pause…")
    app.await_node("dialog", "Pause “www”")
    app.write("Until", "2031-02-30")
    app.click("push button", "Pause")
    app.await_text("A day is needed, such as 2027-03-15")
    app.write("Until", "2031-02-28")
    app.write("Reason", "the shop is busy")
    app.click("push button", "Pause")
    app.await_text("the shop is busy")
    assert issued.json("deploy", "show", "www")["pause_reason"] == "the shop is busy"

    menu(app, "History")
    dialog = app.await_node("dialog", "Runs of “www”")
    assert app.nameless() == []
    app.click("push button", "Run Now", within=dialog)
    question = app.await_node("dialog", "Run “www” Now?")
    app.click("push button", "Run Now", within=question)
    job = app.await_node("dialog", "Job")
    eventually(lambda: app.find("label", "Done", within=job))
    app.click("push button", "Close", within=job)
    eventually(lambda: sum(name == "Deployed" for _, role, name in app.walk(dialog) if role == "label") == 3)
    app.click("push button", "Resume", within=dialog)
    eventually(lambda: issued.json("deploy", "show", "www").get("paused_until") in (None, 0))
    app.await_no_text("the shop is busy")


def test_it_is_rolled_back(app, issued):
    issued.run("order", "reissue", "www.example.test")
    first = issued.json("deploy", "show", "www")["installed_fingerprint"]
    eventually(lambda: issued.json("deploy", "show", "www")["installed_fingerprint"] != first)
    app.go("servers")
    menu(app, "Roll Back…")
    question = app.await_node("dialog", "Roll Back “www”?")
    app.click("push button", "Roll Back", within=question)
    job = app.await_node("dialog", "Job")
    eventually(lambda: app.find("label", "Done", within=job))
    assert issued.json("deploy", "show", "www")["installed_fingerprint"] == first
    app.click("push button", "Close", within=job)
    menu(app, "Resume")
    eventually(lambda: issued.json("deploy", "show", "www")["installed_fingerprint"] != first)


def test_an_edit_keeps_what_the_form_does_not_show(app, issued):
    before = issued.json("deploy", "show", "www")
    app.go("servers")
    menu(app, "Edit…")
    app.write("Names (required)", "www.example.test, www2.example.test")
    app.click("push button", "Save")
    eventually(lambda: issued.json("deploy", "show", "www")["names"] == ["www.example.test", "www2.example.test"])
    after = issued.json("deploy", "show", "www")
    assert {key: after[key] for key in ("files", "action", "checks")} == {key: before[key] for key in ("files", "action", "checks")}


def test_what_is_rarely_needed(app, issued):
    app.go("servers")
    menu(app, "Edit…")
    app.await_node("dialog", "Deployment “www”")
    app.write("Checks", "mail.example.test:25,starttls=smtp")
    app.click("push button", "Rarely Needed")
    app.write("Wave", "2")
    app.write("Maintenance windows", "Sat,Sun 02:00-05:00; Mon 03:00-04:00")
    app.write("Web root", "/var/www/html")
    app.write("Key store (PKCS#12)", "/etc/store.p12")
    app.write("Password of key stores", "a password")
    app.click("push button", "Save")
    eventually(lambda: issued.json("deploy", "show", "www")["wave"] == 2)
    after = issued.json("deploy", "show", "www")
    assert after["windows"] == ["Sat,Sun 02:00-05:00", "Mon 03:00-04:00"]
    assert after["web_root"] == "/var/www/html"
    assert after["secrets"] == ["password"]
    assert [file["format"] for file in after["files"] if file["path"] == "/etc/store.p12"] == ["pkcs12"]
    assert after["checks"][0]["starttls"] == "smtp" and after["checks"][0]["port"] == 25


def test_a_template_fills_in_what_it_knows(app, issued):
    app.go("servers")
    app.click("push button", "New Deployment")
    app.await_node("dialog", "New Deployment")
    app.write("Name (required)", "by-template")
    # no certificate is for this name, so nothing is ever written there
    app.write("Names (required)", "shop.example.test")
    app.choose("Service", "Apache HTTP Server", "New Deployment")
    from gi.repository import Atspi
    entry = app.find_entry("Private key")
    eventually(lambda: Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))
               == "/etc/apache2/shop.example.test.key")
    app.click("push button", "Add")
    eventually(lambda: issued.run("deploy", "show", "by-template", check=False).returncode == 0)
    shown = issued.json("deploy", "show", "by-template")
    assert shown["template"] == "apache"
    assert {file["path"]: file.get("mode") for file in shown["files"]} == {
        "/etc/apache2/shop.example.test.pem": "0644", "/etc/apache2/shop.example.test.key": "0600"}
    issued.run("deploy", "remove", "by-template")


def test_it_is_switched_off_and_removed(app, issued):
    app.go("servers")
    app.toggle("Run “www” by itself")
    eventually(lambda: issued.json("deploy", "show", "www")["state"] == "stopped")
    menu(app, "Remove…")
    app.await_text("Remove the Deployment “www”?")
    app.click("push button", "Remove")
    eventually(lambda: issued.json("deploy", "list") == [])
    assert app.nameless() == []
