# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of accounts, DNS accounts, servers and profiles: added, tested, changed, switched and removed in the window."""

import base64
import re

from desktop import eventually


def menu(app, name, what):
    """Chooses from the menu of the row with that name."""
    app.click("push button", f"What to do with “{name}”")
    app.click("menu item", what)


def test_an_account_is_added_by_its_form(app, world, admin):
    sandbox = world.sandbox
    app.go("accounts")
    app.await_text("No Accounts Yet")
    app.act("win", "add")
    app.await_node("dialog", "New Account")

    app.click("push button", "Add")
    app.await_text("This is needed")
    app.write("Name (required)", "demo account")
    app.write("User name (required)", sandbox["user"])
    app.write("Password (required)", "sandbox")
    app.write("URL", "http://ca.example/")
    app.choose("Environment", "url", "New Account")
    app.click("push button", "Add")
    app.await_text("A name is 1 to 64 of the characters")

    app.write("Name (required)", "demo")
    app.click("push button", "Add")
    app.await_text("“http://ca.example/” must begin with https://")
    assert not app.says("url: “http"), "the field that it stands at is name enough"
    app.write("URL", sandbox["url"])
    app.click("push button", "Rarely Needed")
    app.write("Extra CA certificate", open(sandbox["ca-file"]).read())
    app.click("push button", "Add")

    app.await_no_text("New Account")
    app.await_text("GlobalSign")
    assert [account["name"] for account in admin.json("account", "list")] == ["demo"]


def test_an_account_is_verified_live(app):
    app.go("accounts")
    menu(app, "demo", "Verify")
    app.await_node("dialog", "Job")
    app.await_text("Done")
    app.click("push button", "Close", within=app.find("dialog", "Job"))
    eventually(lambda: not app.find("dialog", "Job"))


def test_the_password_is_never_shown(app, admin):
    from gi.repository import Atspi

    app.go("accounts")
    menu(app, "demo", "Edit…")
    app.await_text("One is set; leave this empty to keep it")
    password = eventually(lambda: app.find_entry("Password (required)"))
    assert Atspi.Text.get_character_count(password) == 0
    app.write("Name (required)", "renamed")
    app.write("First name", "Ada")
    app.click("push button", "Save")
    app.await_no_text("Account “demo”")
    app.await_node("push button", "What to do with “renamed”")
    account = admin.json("account", "show", "renamed")
    assert account["settings"]["contact-first-name"] == "Ada"
    admin.run("account", "verify", "renamed")


def test_the_service_dies_while_a_form_is_open(app, world, admin):
    app.go("accounts")
    menu(app, "renamed", "Edit…")
    for name, value in (("Last name", "Lovelace"), ("Phone", "+32 2 000 00 00"), ("E-mail", "ada@example.test")):
        app.write(name, value)
    world.stop("chanceryd")
    app.click("push button", "Save")
    app.await_text("Service Not Running")
    world.start_daemon()
    app.await_no_text("Service Not Running")
    if app.says("Account “renamed”"):       # unless the bus had started the service for the first try
        app.click("push button", "Save")
    app.await_no_text("Account “renamed”")
    assert admin.json("account", "show", "renamed")["settings"]["contact-last-name"] == "Lovelace"


def test_a_dns_account_is_added_and_tested(app, world):
    key = re.search(r'secret "(.*?)"', world.key_file.read_text()).group(1)
    assert base64.b64decode(key)
    app.go("dns")
    app.await_text("No DNS Accounts Yet")
    app.act("win", "add")
    app.await_node("dialog", "New DNS Account")
    app.choose("Kind", "DNS server with dynamic updates (RFC 2136)", "New DNS Account")
    app.write("Name (required)", "ns1")
    app.write("Server (required)", f"127.0.0.1:{world.dns_port}")
    app.write("Zones", "example.test")
    app.write("Key name", "chancery")
    app.write("Secret", key)
    app.click("push button", "Rarely Needed")
    app.write("Name servers to ask", f"127.0.0.1:{world.dns_port}")
    app.click("push button", "Add")
    app.await_node("push button", "What to do with “ns1”")

    menu(app, "ns1", "Test…")
    app.await_text("Test the DNS Account “ns1”")
    app.click("push button", "Test")
    app.await_text("Done")
    app.click("push button", "Close", within=app.find("dialog", "Job"))


def test_a_dns_account_of_each_other_kind(app, world, admin):
    """Its form asks what the service wants, and what is typed there works: the whole test writes, sees and removes a record."""
    kinds = [kind for kind in world.sandbox["dns"] if kind != "rfc2136"]
    assert len(kinds) >= 5
    app.go("dns")
    for kind in kinds:
        service, about = world.sandbox["dns"][kind], admin.json("dns", "types", kind)
        values = {"url": service["url"], "nameservers": f"127.0.0.1:{world.dns_port}", "zones": "example.test",
                  "ca-certificate": open(world.sandbox["ca-file"]).read(), **service["fields"]}
        app.act("win", "add")
        dialog = app.await_node("dialog", "New DNS Account")
        app.choose("Kind", about["title"], "New DNS Account")
        app.write("Name (required)", kind)
        app.click("push button", "Rarely Needed", within=dialog)
        for field in about["fields"]:
            if field["name"] in values:
                title = f"{field['title']} (required)" if field["required"] else field["title"]
                if field.get("choices"):
                    app.choose(title, values[field["name"]], "New DNS Account")
                else:
                    app.write(title, values[field["name"]], within=dialog)
        app.click("push button", "Add", within=dialog)
        app.await_node("push button", f"What to do with “{kind}”")

        menu(app, kind, "Test…")
        app.await_text(f"Test the DNS Account “{kind}”")
        app.click("push button", "Test")
        app.await_text("Done")
        app.click("push button", "Close", within=app.find("dialog", "Job"))
        eventually(lambda: not app.find("dialog", "Job"))
    assert world.dig("_chancery-test.example.test") == []


def test_a_server_is_switched_off_and_removed(app, admin):
    app.go("servers")
    app.act("win", "add")
    app.write("Name (required)", "here")
    app.click("push button", "Add")
    app.await_node("push button", "What to do with “here”")

    app.toggle("Use “here”")
    eventually(lambda: admin.json("server", "show", "here")["state"] == "disabled")
    app.toggle("Use “here”")
    eventually(lambda: admin.json("server", "show", "here")["state"] == "enabled")

    menu(app, "here", "Remove…")
    app.await_text("Remove the Server “here”?")
    app.click("push button", "Cancel")
    menu(app, "here", "Remove…")
    app.click("push button", "Remove")
    app.await_text("No Servers Yet")


def test_what_is_in_use_stays(app, admin):
    admin.run("order", "new", "www.example.test", "--account", "renamed", "--dns", "ns1")
    app.go("accounts")
    menu(app, "renamed", "Remove…")
    app.click("push button", "Remove")
    app.await_text("The account was not removed")
    app.click("push button", "Details")
    app.await_text("www.example.test")
    app.click("push button", "Close", within=app.find("dialog", "The account was not removed"))
    admin.wait_for_state("www.example.test", "issued")


def test_a_profile_is_added_opened_and_changed(app, admin):
    app.go("profiles")
    app.await_text("No Profiles Yet")
    app.act("win", "add")
    for name, value in (("Name (required)", "ada"), ("First name (required)", "Ada"), ("Last name (required)", "Lovelace"),
                        ("Phone (required)", "+32 2 000 00 00"), ("E-mail (required)", "ada@example.test")):
        app.write(name, value)
    app.click("push button", "Add")
    app.await_node("push button", "What to do with “ada”")

    profile = admin.json("profile", "show", "ada")
    app.go("overview")
    app.act("win", "open", f"/org/chancery/Chancery1/profiles/{profile['id']}")
    app.await_node("dialog", "Profile “ada”")
    assert app.page() == "profiles"
    app.write("First name (required)", "Augusta")
    app.click("push button", "Save")
    eventually(lambda: admin.json("profile", "show", "ada")["settings"]["first-name"] == "Augusta")


def test_everything_that_can_be_used_has_a_name(app):
    for page in ("accounts", "dns", "servers", "profiles"):
        app.go(page)
        assert app.nameless() == []


def test_they_fit_into_a_narrow_window(narrow):
    from gi.repository import Atspi

    for page in ("accounts", "dns", "servers", "profiles"):
        narrow.go(page)
        assert Atspi.Component.get_extents(narrow.find("frame"), Atspi.CoordType.WINDOW).width <= 360
