# SPDX-License-Identifier: GPL-3.0-or-later
"""What is served afterwards: another certificate than the one installed, and endpoints of others."""

import signal
import subprocess

import pytest

from conftest import ZONE, eventually

HOST = f"www.{ZONE}"
DAY = 86400


def events(admin, action):
    return [e for e in admin.json("log", "--limit", "500") if e["action"] == action]


def attention(admin):
    return {a["name"]: a["text"] for a in admin.json("status")["attention"]}


def serve(world, name, days, issuer="Somebody"):
    """nginx serves another certificate from now on, which nobody ordered."""
    tls = world.dir / "nginx" / "tls"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    f"/CN={issuer}", "-addext", f"subjectAltName=DNS:{name}", "-days", str(days), "-keyout", tls / "www.key",
                    "-out", tls / "www.pem"], check=True, capture_output=True)
    before = world.served()
    world.processes["nginx"].send_signal(signal.SIGHUP)
    # old workers serve beside the new ones for a moment
    eventually(lambda: all(world.served() not in (None, before) for _ in range(20)))


def look(admin, watch):
    """Gives what is known of it after a look."""
    admin.run("watch", "look", watch, check=False)
    return admin.json("watch", "show", watch)


@pytest.mark.clock
def test_drift_is_told_and_over_when_the_right_one_is_back(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    assert admin.json("deploy", "show", "web")["drift"] == ""

    serve(world, HOST, 90)
    world.clock.set(2)
    admin.run("order", "list")
    world.stop("chanceryd")
    world.start_daemon()
    drift = eventually(lambda: admin.json("deploy", "show", "web")["drift"])
    assert f"127.0.0.1:{world.https_port} (as {HOST}) serves another certificate" in drift
    assert "“chancery deploy run web”" in drift
    assert attention(admin)["web"] == drift
    assert [e["ok"] for e in events(admin, "deployment.drift")] == [False]

    assert "serves another certificate" in admin.run("deploy", "look", "web", check=False).stderr
    assert admin.json("deploy", "show", "web")["drift"] == drift

    admin.run("deploy", "run", "web")
    assert admin.json("deploy", "show", "web")["drift"] == ""

    serve(world, HOST, 91)
    assert admin.run("deploy", "look", "web", check=False).returncode == 1
    assert "web" in attention(admin)
    admin.run("deploy", "run", "web")
    assert "should be" in admin.run("deploy", "look", "web").stdout
    admin.run("deploy", "edit", "web", "--no-check")
    admin.wait_for_deployment("web", "deployed")
    assert "--check HOST:PORT" in admin.run("deploy", "look", "web", check=False).stderr
    admin.run("deploy", "disable", "web")
    assert "is not deployed" in admin.run("deploy", "look", "web", check=False).stderr
    assert "web" not in attention(admin)


def test_an_old_backup_is_named(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    tls = world.dir / "nginx" / "tls"
    backup = {path: path.read_bytes() for path in tls.glob("www.*")}
    older = world.served()
    admin.run("order", "reissue", HOST, "--wait")
    assert world.served() != older

    for path, content in backup.items():
        path.write_bytes(content)
    world.processes["nginx"].send_signal(signal.SIGHUP)
    eventually(lambda: all(world.served() == older for _ in range(20)))
    told = admin.run("deploy", "look", "web", check=False).stderr
    assert f"That is an older certificate of ours (order {admin.order(HOST)['id']})." in " ".join(told.split())
    assert "an older certificate of ours" in admin.json("deploy", "show", "web")["drift"]


def test_how_often_is_changed(world, admin):
    watch = f"127.0.0.1:{world.https_port}/{HOST}"
    admin.run("watch", "add", watch, "--interval", "12h")
    assert admin.json("watch", "show", watch)["interval"] == 12 * 3600
    assert "7d" in admin.run("watch", "edit", watch, "--interval", "7d").stdout
    assert admin.json("watch", "show", watch)["interval"] == 7 * DAY
    admin.run("watch", "edit", watch, "--interval", "default")
    assert admin.json("watch", "show", watch)["interval"] == 0
    for wrong in ("often", "5", "-1h", "m", ""):
        assert admin.run("watch", "edit", watch, "--interval", wrong, check=False).returncode != 0
    assert "ten minutes" in admin.run("watch", "edit", watch, "--interval", "5m", check=False).stderr
    assert "--interval" in admin.run("watch", "edit", watch, check=False).stderr
    admin.run("watch", "remove", watch)


def test_an_endpoint_of_somebody_else(world, admin):
    watch = f"127.0.0.1:{world.https_port}/{HOST}"
    serve(world, HOST, 300)
    admin.run("watch", "add", watch)
    first = eventually(lambda: (w := admin.json("watch", "show", watch))["state"] != "new" and w)
    assert first["state"] == "good" and first["names"] == [HOST] and not first["trusted"]
    assert admin.run("watch", "add", watch, check=False).returncode == 1

    serve(world, HOST, 310)
    changed = look(admin, watch)
    assert changed["state"] == "good", "an own issuer of the same name that ends later is a renewal"
    assert events(admin, "watch.renewed")

    serve(world, HOST, 400, issuer="Mallory")
    changed = look(admin, watch)
    assert changed["state"] == "changed" and "Mallory" in changed["reason"]
    assert "Mallory" in attention(admin)[watch]
    admin.run("watch", "accept", watch)
    assert look(admin, watch)["state"] == "good" and watch not in attention(admin)

    serve(world, f"mail.{ZONE}", 410, issuer="Mallory")
    assert look(admin, watch)["state"] == "mismatch"

    world.stop("nginx")
    gone = look(admin, watch)
    assert gone["state"] == "unreachable" and f"127.0.0.1:{world.https_port}" in gone["reason"]
    world.start_nginx()
    serve(world, HOST, 500, issuer="Mallory")
    look(admin, watch)
    admin.run("watch", "accept", watch)
    assert look(admin, watch)["state"] == "good"

    admin.run("watch", "remove", watch)
    assert admin.json("watch", "list") == []


@pytest.mark.clock
def test_it_ends_soon(world, admin):
    watch = f"127.0.0.1:{world.https_port}/{HOST}"
    serve(world, HOST, 90)
    admin.run("watch", "add", watch)
    eventually(lambda: admin.json("watch", "show", watch)["state"] == "good")

    world.clock.set(80)
    ending = look(admin, watch)
    assert ending["state"] == "ending" and "days" in ending["reason"]
    assert attention(admin)[watch] == ending["reason"]

    world.clock.set(100)
    assert look(admin, watch)["state"] == "ended"
    assert [e["action"] for e in events(admin, "watch.ending")] == ["watch.ending"]
