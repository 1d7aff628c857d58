# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that are reached by SSH: their key is confirmed, a changed one is shown, and what lets the service in."""

import subprocess

import pytest

from desktop import eventually
from sshd import SSHD, Sshd

pytestmark = pytest.mark.skipif(not SSHD.exists(), reason="sshd is not installed")


@pytest.fixture(scope="module")
def sshd(world):
    return Sshd(world, "sshd-app")


def menu(app, what):
    app.click("push button", "What to do with “web”")
    app.click("menu item", what)


def test_a_key_is_confirmed(app, sshd, admin):
    app.go("servers")
    app.act("win", "add")
    app.await_node("dialog", "New Server")
    app.choose("Kind", "A server that is reached by SSH", "New Server")
    app.write("Name (required)", "web")
    app.write("Host (required)", "127.0.0.1")
    app.write("Port", str(sshd.port))
    app.write("User (required)", "root")
    app.click("push button", "Add")
    app.await_text("Is This the Key of “127.0.0.1”?")
    app.await_text(sshd.fingerprint)
    app.await_text("ssh-ed25519")
    app.click("push button", "Cancel", within=app.find("dialog", "Is This the Key of “127.0.0.1”?"))
    assert admin.json("server", "list") == []

    app.click("push button", "Add")
    app.click("push button", "This Is Its Key")
    app.await_node("dialog", "Login at “web”")
    server = admin.json("server", "show", "web")
    assert server["settings"]["host-key"].split()[:2] == open(f"{sshd.key}.pub").read().split()[:2]
    assert app.says(f"restrict {server['settings']['public-key']} chancery-web")
    app.click("push button", "Copy “Line for authorized_keys”")
    app.await_node("push button", "Copy “Line for authorized_keys”")
    assert app.nameless() == []


def test_it_is_tested_step_by_step(app, sshd, admin):
    sshd.authorized.write_text(admin.run("server", "key", "web").stdout)
    app.go("servers")
    menu(app, "Login Key…")
    dialog = app.await_node("dialog", "Login at “web”")
    app.click("push button", "Test", within=dialog)
    app.await_node("dialog", "Job")
    app.await_text("Logged in as “root”.")
    app.await_text("Done")


def test_the_rights_that_sudo_needs(app, sshd, admin):
    admin.run("server", "edit", "web", "--sudo", "yes")
    admin.run("deploy", "add", "www", "--server", "web", "--name", "www.example.test", "--fullchain", "/tmp/www.pem",
              "--key", "/tmp/www.key", "--reload-unit", "nginx.service")
    app.go("servers")
    app.await_node("push button", "What to do with “www”")
    menu(app, "Login Key…")
    app.await_text("root ALL=(root) NOPASSWD: /usr/bin/systemctl reload-or-restart nginx.service")
    admin.run("server", "edit", "web", "--sudo", "no")


def test_a_changed_key_is_never_taken_silently(app, sshd, world, admin):
    old = sshd.fingerprint
    before = admin.json("server", "show", "web")["settings"]
    other = Sshd(world, "sshd-other")
    app.go("servers")
    menu(app, "Edit…")
    app.await_node("dialog", "Server “web”")
    app.click("push button", "Ask the Server")
    app.await_node("dialog", "The Server Shows the Known Key")
    app.click("push button", "Close", within=app.find("dialog", "The Server Shows the Known Key"))
    eventually(lambda: not app.find("dialog", "The Server Shows the Known Key"))

    app.write("Port", str(other.port))
    app.click("push button", "Save")
    app.await_text("The Key of “127.0.0.1” Has Changed")
    assert app.says(old) and app.says(other.fingerprint) and app.says("known until now")
    app.click("push button", "Cancel", within=app.find("dialog", "The Key of “127.0.0.1” Has Changed"))
    assert admin.json("server", "show", "web")["settings"] == before

    app.click("push button", "Save")
    app.click("push button", "This Is Its Key")
    app.await_node("dialog", "Login at “web”")
    after = admin.json("server", "show", "web")["settings"]
    assert after["port"] == str(other.port)
    assert after["public-key"] != before["public-key"], "the login key is made anew with the place"
    other.authorized.write_text(admin.run("server", "key", "web").stdout)
    admin.run("server", "test", "web")
    assert subprocess.run(["ssh-keygen", "-lf", "-"], input=after["host-key"], text=True, capture_output=True).stdout.split()[1] \
        == other.fingerprint
