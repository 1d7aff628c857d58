# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole order through each DNS service: its stand-in writes into the BIND that the CA asks."""

import json
import subprocess

import pytest

from conftest import BUILD, ZONE, eventually, secret_fields

HOST = f"www.{ZONE}"


def stand_ins() -> list[str]:
    """The kinds that the sandbox of this build stands in for, read from its source list."""
    text = (BUILD / "sandbox" / "dns-services.h").read_text()
    return [line[3:-1] for line in text.splitlines() if line.startswith("X (")]


def test_the_list_is_not_empty():
    assert "cloudflare" in stand_ins()


@pytest.mark.parametrize("kind", stand_ins())
def test_order_through(world, admin, add_service, kind):
    admin.add_account()
    admin.add_server()
    add_service(kind)
    tested = admin.run("dns", "test", kind, ZONE)
    assert world.dig(f"_chancery-test.{ZONE}") == [], tested.stdout
    admin.add_deployment("web", HOST)

    admin.run("order", "new", HOST, "--wait")

    assert admin.order(HOST)["state"] == "issued"
    shown = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], input=world.served(),
                           capture_output=True, text=True, check=True).stdout
    assert f"DNS:{HOST}" in shown

    # it went through the service, what stood there before stands there still, and no secret is anywhere
    seen = [r["operation"] for r in world.control("/requests") if r["operation"].startswith(f"{kind}.")]
    assert seen
    eventually(lambda: world.dig(HOST) == [])
    assert world.dig(ZONE) == ['"v=spf1 -all"']
    told = world.log("chanceryd").encode() + json.dumps([admin.json("dns", "show", kind), admin.json("log")]).encode()
    kept = b"".join(path.read_bytes() for path in world.state.rglob("*") if path.is_file())
    for name in secret_fields(admin, kind) & set(world.sandbox["dns"][kind]["fields"]):
        assert world.sandbox["dns"][kind]["fields"][name].encode() not in told + kept, name
