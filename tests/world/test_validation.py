# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way of proof, by hand: files that nginx serves, mails that somebody clicks, staff that vet; and changing the way."""

import pathlib
import re

import pytest

from conftest import ZONE, eventually

HOST = f"www.{ZONE}"
FILE = ".well-known/pki-validation/gsdv.txt"


@pytest.fixture
def ready(world, admin):
    """The service finds names and files where this world has them."""
    (world.dir / "chanceryd.conf").write_text(f"[dns]\nresolver=127.0.0.1:{world.dns_port}\n"
                                              f"[validation]\nhttp-port={world.http_port}\nhttps-port={world.https_port}\n")
    world.stop("chanceryd")
    world.start_daemon()
    admin.add_account()
    return admin


def show_file(world, content):
    path = pathlib.Path(world.dir) / "nginx" / "www" / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def challenge(admin, name):
    return admin.json("order", "show", name)["challenges"][0]


def live_orders(world):
    return [o for o in world.control("/orders") if o["status"] not in (3, 5)]


def verify(admin, host):
    return admin.run("order", "verify", host).stdout


def test_file_by_hand(world, ready):
    admin = ready
    said = admin.run("order", "new", HOST, "--method", "http").stdout
    wanted = challenge(admin, HOST)
    assert wanted["url"] == f"http://{HOST}/{FILE}"
    assert f"    {wanted['url']}\n" in said and f"    {wanted['value']}\n" in said
    for verb in ("show", "explain"):
        text = " ".join(admin.run("order", verb, HOST).stdout.split())
        assert wanted["url"] in text and wanted["value"] in text
    eventually(lambda: "404" in (admin.order(HOST)["reason"]))

    # another content is told, with the address that shows it
    show_file(world, "hello")
    verified = verify(admin, HOST)
    assert "127.0.0.1" in verified and "another content" in verified and "The CA:" in verified
    assert admin.order(HOST)["state"] == "validating"

    show_file(world, wanted["value"] + "\n")
    admin.run("order", "retry", HOST)
    admin.wait_for_state(HOST, "issued")
    assert {r["operation"] for r in world.control("/requests")} >= {"URLVerification", "URLVerificationForIssue"}


def test_mail(world, ready):
    admin = ready
    refused = admin.run("order", "new", HOST, "--method", "email", check=False)
    assert refused.returncode == 2 and f"admin@{ZONE}" in refused.stderr
    assert f"webmaster@{ZONE}" in admin.json("order", "approvers", HOST)

    said = admin.run("order", "new", HOST, "--method", "email", "--approver", f"admin@{ZONE}").stdout
    assert "2028" in said and f"admin@{ZONE}" in said
    order = admin.wait_for_state(HOST, "validating")
    assert f"admin@{ZONE}" in order["reason"] and order["approver"] == f"admin@{ZONE}"

    admin.run("order", "resend-mail", HOST)
    admin.run("order", "approver", HOST, f"webmaster@{ZONE}")
    assert admin.order(HOST)["approver"] == f"webmaster@{ZONE}"
    mails = world.control("/mails")
    assert [m["to"] for m in mails] == [f"admin@{ZONE}", f"admin@{ZONE}", f"webmaster@{ZONE}"]

    world.control("/mails/approve", {"mail": mails[-1]["mail"]})
    assert "The CA:" in verify(admin, HOST)
    admin.wait_for_state(HOST, "issued")
    assert len(live_orders(world)) == 1


def test_lost_mail_order_is_adopted(world, ready):
    admin = ready
    world.control("/faults", {"operation": "DVOrder", "fault": {"drop": "after"}, "times": 2})
    admin.run("order", "new", HOST, "--method", "email", "--approver", f"admin@{ZONE}")
    admin.wait_for_state(HOST, "validating")
    assert len(world.control("/orders")) == 1


def test_another_method(world, ready):
    admin = ready
    admin.run("order", "new", HOST, "--method", "http")
    eventually(lambda: admin.order(HOST)["step"] == "propagate")
    admin.add_dns()
    admin.run("order", "validate", HOST, "--method", "dns")
    order = admin.wait_for_state(HOST, "issued")
    assert order["method"] == "dns" and order["dns_account_name"] == "ns1"

    first, second = sorted(world.control("/orders"), key=lambda o: o["id"])
    assert (first["status"], second["status"]) == (3, 4)
    eventually(lambda: world.dig(HOST) == [])
    refused = admin.run("order", "validate", HOST, "--method", "http", check=False)
    assert refused.returncode != 0 and "has its certificate" in refused.stderr


def test_another_dns_account(world, ready):
    admin = ready
    admin.add_dns("wrong", port="1")
    admin.run("order", "new", HOST, "--dns", "wrong")
    eventually(lambda: admin.order(HOST)["step"] == "publish")
    admin.add_dns("right")
    admin.run("order", "validate", HOST, "--dns", "right")
    order = admin.wait_for_state(HOST, "issued")
    assert order["dns_account_name"] == "right"
    assert len(world.control("/orders")) == 1


def test_record_by_hand(world, ready):
    admin = ready
    said = admin.run("order", "new", HOST).stdout
    wanted = challenge(admin, HOST)
    assert re.search(rf"^    {re.escape(HOST)}$", said, re.M) and f"    {wanted['value']}\n" in said


def test_fresh_value(world, ready):
    admin = ready
    admin.run("order", "new", HOST, "--method", "http")
    before = challenge(admin, HOST)["value"]
    admin.run("order", "retry", HOST, "--fresh")
    eventually(lambda: [c["value"] for c in admin.json("order", "show", HOST)["challenges"] if c["value"] != before])
    assert sorted(o["status"] for o in world.control("/orders")) == [1, 3]


def test_staff(world, ready):
    admin = ready
    admin.run("profile", "add", "organization", "firm", "--name", "Example AG", "--address-1", "Hauptstr. 1", "--city", "Berlin",
              "--region", "Berlin", "--postal-code", "10115", "--country", "DE", "--phone", "+49 30 000000")
    admin.run("order", "new", HOST, "--product", "organizationssl")
    order = admin.wait_for_state(HOST, "vetting")
    page = eventually(lambda: admin.order(HOST)["page"])
    assert page.startswith("https://") and order["step"] == "track"
    assert page in "".join(admin.run("order", "explain", HOST).stdout.split())
    refused = admin.run("order", "validate", HOST, "--method", "http", check=False)
    assert refused.returncode != 0 and "staff" in refused.stderr

    number = world.control("/orders")[0]["id"]
    world.control("/vet", {"order": number, "domains": True})
    verify(admin, HOST)
    admin.wait_for_state(HOST, "issued")
