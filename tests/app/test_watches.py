# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints that are only watched, in the page of servers."""

import signal
import subprocess

import pytest

from desktop import eventually

HOST = "www.example.test"


@pytest.fixture(scope="module")
def name(world):
    return f"127.0.0.1:{world.https_port}/{HOST}"


def serve(world, issuer):
    """nginx serves another certificate from now on."""
    tls = world.dir / "nginx" / "tls"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    f"/CN={issuer}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "90", "-keyout", tls / "www.key",
                    "-out", tls / "www.pem"], check=True, capture_output=True)
    before = world.served()
    world.processes["nginx"].send_signal(signal.SIGHUP)
    # old workers serve beside the new ones for a moment
    eventually(lambda: all(world.served() not in (None, before) for _ in range(20)))


def menu(app, name, what):
    app.click("push button", f"What to do with “{name}”")
    app.click("menu item", what)


def test_one_is_added_where_there_is_no_server(app, world, admin, name):
    serve(world, "Somebody")
    app.go("servers")
    app.await_text("No Servers Yet")
    app.click("push button", "Watch an Endpoint…")
    app.await_node("dialog", "Watch an Endpoint")
    assert app.nameless() == []
    app.click("push button", "Watch")
    app.await_text("This is needed")
    app.write("Endpoint (required)", f"127.0.0.1:99999/{HOST}")
    app.click("push button", "Watch")
    eventually(lambda: any("99999" in text or "port" in text.lower() for _, role, text in app.walk() if role == "label"))
    app.write("Endpoint (required)", name)
    app.choose("Is looked at", "Every hour", "Watch an Endpoint")
    app.click("push button", "Watch")
    app.await_node("push button", f"What to do with “{name}”")
    eventually(lambda: admin.json("watch", "show", name)["state"] == "good")
    assert admin.json("watch", "show", name)["interval"] == 3600
    app.await_text("good · valid until")


def test_another_certificate_is_told_and_accepted(app, world, admin, name):
    serve(world, "Someone Else")
    app.go("servers")
    menu(app, name, "Look Now")
    job = app.await_node("dialog", "Job")
    eventually(lambda: admin.json("watch", "show", name)["state"] == "changed")
    app.click("push button", "Close", within=job)
    app.act("win", "open", f"/org/chancery/Chancery1/watches/{admin.json('watch', 'show', name)['id']}")
    facts = app.await_node("dialog", name)
    assert any("Someone Else" in text for _, _, text in app.walk(facts))
    app.click("push button", "Close", within=facts)
    menu(app, name, "Accept Certificate")
    eventually(lambda: admin.json("watch", "show", name)["state"] == "good")


def test_it_is_looked_at_less_often_and_no_more(app, admin, name):
    app.go("servers")
    menu(app, name, "Edit…")
    app.await_node("dialog", name)
    app.choose("Is looked at", "Every week", name)
    app.click("push button", "Save")
    eventually(lambda: admin.json("watch", "show", name)["interval"] == 604800)
    menu(app, name, "Stop Watching…")
    app.await_text(f"Stop Watching “{name}”?")
    app.click("push button", "Stop Watching")
    eventually(lambda: admin.json("watch", "list") == [])
    app.await_text("No Servers Yet")
