# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole order through each DNS service: its stand-in writes into the BIND that the CA asks."""

import base64
import json
import subprocess
import urllib.parse

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
    no_secrets(world, admin, kind)


def spellings(secret):
    """How a secret may stand somewhere."""
    plain = secret.encode()
    yield from (plain, plain.hex().encode(), urllib.parse.quote(secret, safe="").encode(), urllib.parse.quote_plus(secret).encode())
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + plain)[4:-4]
        if len(coded) > 8:
            yield coded


def no_secrets(world, admin, kind):
    """Neither what is told nor what is kept holds a secret of the account."""
    told = world.log("chanceryd") + json.dumps([admin.json("dns", "show", kind), admin.json("order", "list"), admin.json("log")])
    told += "".join(admin.run("order", "explain", order["name"]).stdout for order in admin.json("order", "list"))
    seen = told.encode() + b"".join(path.read_bytes() for path in world.state.rglob("*") if path.is_file())
    for name in secret_fields(admin, kind) & set(world.sandbox["dns"][kind]["fields"]):
        for spelling in spellings(world.sandbox["dns"][kind]["fields"][name]):
            assert spelling not in seen, (name, spelling)


NONSENSE = [({"garbage": True}, ""), ({"truncate": 10}, ""), ({"huge": 20_000_000}, "longer than"), ({"status": 200, "html": True}, "web page"),
            ({"status": 302, "body": "", "content-type": "text/plain", "headers": {"Location": "https://example.org/"}}, "elsewhere")]


@pytest.mark.parametrize("kind", stand_ins())
def test_nonsense_is_told_and_passes(world, admin, add_service, kind):
    """Whatever answers in place of the service, the order says so and goes on when it is back, at once after a test."""
    admin.add_account()
    add_service(kind)
    for fault, word in NONSENSE:
        world.control("/faults", {"operation": f"{kind}.*", "times": -1, "fault": fault})
        refused = admin.run("dns", "test", kind, ZONE, check=False)
        assert refused.returncode == 1 and word in refused.stderr and len(refused.stderr) < 400, refused.stderr
        world.control("/clear", {})

    world.control("/faults", {"operation": f"{kind}.*", "times": -1, "fault": NONSENSE[0][0]})
    admin.run("order", "new", HOST)
    reason = eventually(lambda: admin.order(HOST)["reason"])
    world.control("/clear", {})
    admin.run("dns", "test", kind, ZONE)
    admin.wait_for_state(HOST, "issued", seconds=30)
    eventually(lambda: admin.json("dns", "leftovers") == [])
    assert reason
    no_secrets(world, admin, kind)
