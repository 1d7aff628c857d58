# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to a certificate that is served; and what stays of it."""

import json
import pathlib
import re
import subprocess

import pytest

from conftest import TOP, ZONE, eventually

HOST = f"www.{ZONE}"


def openssl(*args, stdin=None):
    return subprocess.run(["openssl", *args], input=stdin, capture_output=True, text=True, check=True).stdout


def newest_certificate(world, admin):
    out = subprocess.run(["busctl", f"--address={world.bus_address}", "--json=short", "call", "org.chancery.Chancery1",
                          f"/org/chancery/Chancery1/orders/{admin.order(HOST)['id']}", "org.chancery.Chancery1.Order", "GetCertificates"],
                         capture_output=True, text=True, check=True).stdout
    return json.loads(out)["data"][0][0]["Pem"]["data"]


def test_order_to_served(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    key_before = (world.dir / "nginx" / "tls" / "www.key").read_text()

    admin.run("order", "new", HOST, "--wait")

    order = admin.order(HOST)
    assert order["state"] == "issued"
    served = world.served()
    assert f"DNS:{HOST}" in openssl("x509", "-noout", "-ext", "subjectAltName", stdin=served)
    assert (world.dir / "nginx" / "tls" / "www.pem").read_text().startswith(served)
    assert (world.dir / "nginx" / "tls" / "www.key").read_text() != key_before
    assert (world.dir / "nginx" / "tls" / "www.key").stat().st_mode & 0o777 == 0o600
    proof = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{world.https_port}", "-servername", HOST,
                            "-verify_return_error", "-verify_hostname", HOST, "-CAfile", world.sandbox["issuing-root"]],
                           input="", capture_output=True, text=True)
    assert "Verify return code: 0 (ok)" in proof.stdout

    # what stood in DNS before stands there still, and nothing of ours
    eventually(lambda: world.dig(HOST) == [])
    assert world.dig(ZONE) == ['"v=spf1 -all"']

    # at most 199 days, to the second: a started second counts as one
    dates = openssl("x509", "-noout", "-dates", stdin=served)
    start, end = (subprocess.run(["date", "-u", "-d", d, "+%s"], capture_output=True, text=True).stdout
                  for d in re.findall(r"=(.*)", dates))
    assert int(end) - int(start) + 1 <= 199 * 86400
    assert order["not_after"] == int(end)


def test_remembered_over_a_restart(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    eventually(lambda: world.dig(HOST) == [])
    before = admin.json("order", "list"), admin.json("deploy", "list"), admin.json("log")

    assert world.stop("chanceryd") == 0
    requests = len(world.control("/requests"))
    world.start_daemon()

    assert (admin.json("order", "list"), admin.json("deploy", "list"), admin.json("log")) == before
    assert len(world.control("/requests")) == requests, "a restart asks the CA nothing when nothing is open"


def test_a_second_service_is_refused(world):
    second = subprocess.run([world.build / "daemon" / "chanceryd", "--address", world.bus_address, "--state-dir", world.state],
                            capture_output=True, text=True, env=world.clean_env())
    assert second.returncode == 1
    assert "Another chanceryd works in" in second.stderr

    elsewhere = subprocess.run([world.build / "daemon" / "chanceryd", "--address", world.bus_address, "--state-dir", world.dir / "other"],
                               capture_output=True, text=True, env=world.clean_env(), timeout=30)
    assert elsewhere.returncode == 1
    assert "org.chancery.Chancery1" in elsewhere.stderr


def test_exported_key_belongs_to_the_certificate(world, admin, tmp_path):
    admin.set_up()
    admin.run("order", "new", HOST, "--wait")
    clear = admin.run("key", "export", HOST, "--plain").stdout
    leaf = newest_certificate(world, admin)
    assert openssl("x509", "-noout", "-pubkey", stdin=leaf) == openssl("pkey", "-pubout", stdin=clear)
    assert any(e["action"] == "key.export" for e in admin.json("log"))


def test_requests_are_valid_by_the_schema(world, admin):
    schemas = TOP.parent / "shared" / "reference" / "globalsign-wsdl" / "xsd"
    if not schemas.is_dir():
        pytest.skip("the reference's schemas are not beside this checkout")

    admin.set_up()
    admin.run("account", "verify", "demo")
    admin.run("order", "new", HOST, f"mail.{ZONE}", f"*.{ZONE}", "--wait")
    admin.run("order", "cancel", HOST, check=False)
    requests = world.control("/requests")
    assert {"DVDNSOrder", "DVDNSVerificationForIssue"} <= {r["operation"] for r in requests}

    for request in requests:
        service = ("GASService" if request["operation"].startswith(("Get", "Decode", "Validate", "ReIssue"))
                   else "AccountService" if request["operation"] == "AccountSnapshot" else "ServerSSLService")
        check = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", schemas / service / "envelope.xsd", "-"],
                               input=request["body"], capture_output=True, text=True)
        assert check.returncode == 0, check.stderr + request["body"]


def test_no_secret_in_clear(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    tsig = re.search(r'secret "(.*?)"', world.key_file.read_text()).group(1).encode()
    key = (world.dir / "nginx" / "tls" / "www.key").read_text().splitlines()[2].encode()
    pid = world.processes["chanceryd"].pid

    places = [p for p in world.state.rglob("*") if p.is_file()] + [world.dir / "chanceryd.log", pathlib.Path(f"/proc/{pid}/cmdline"),
                                                                   pathlib.Path(f"/proc/{pid}/environ")]
    assert any(p.name == "chancery.db" for p in places)
    for place in places:
        content = place.read_bytes()
        for secret in (tsig, key, b"PRIVATE KEY", b"<Password>"):
            assert secret not in content, f"{place} holds a secret"
        if place.is_relative_to(world.state):
            assert place.stat().st_mode & 0o077 == 0, f"{place} can be read by others"

    managed = subprocess.run(["busctl", f"--address={world.bus_address}", "call", "org.chancery.Chancery1", "/org/chancery/Chancery1",
                              "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"], capture_output=True, check=True).stdout
    assert tsig not in managed and b"tsig-secret" in managed


def test_orders_by_hand(world, admin):
    """Without a DNS account a person makes the record, and the service finds it by itself."""
    admin.add_account()
    (world.dir / "chanceryd.conf").write_text(f"[dns]\nresolver=127.0.0.1:{world.dns_port}\n")
    world.stop("chanceryd")
    world.start_daemon()
    admin.run("order", "new", HOST)
    order = admin.wait_for_state(HOST, "validating")
    # BIND serves its zone on another port than 53 here, so the name server itself is not found: that is told, not hidden
    story = eventually(lambda: (lambda s: s if "TXT record" in s else None)(admin.run("order", "explain", HOST).stdout))
    assert re.search(r"_globalsign-domain-verification=\S+", story)
    assert order["dns_account_name"] == ""


def test_the_story_is_told_in_order(world, admin):
    """Also when all of it happened within one second."""
    admin.set_up()
    admin.run("order", "new", HOST, "--wait")
    story = admin.run("order", "explain", HOST).stdout
    told = [story.index(text) for text in ("Ordered", "Placed at the CA", "TXT record at", "Put the record into DNS",
                                           "Every name server showed it", "Issued;")]
    assert told == sorted(told)


def test_bring_your_own_request(world, admin, tmp_path):
    admin.set_up()
    key, csr = tmp_path / "own.key", tmp_path / "own.csr"
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-subj", f"/CN={HOST}",
            "-addext", f"subjectAltName=DNS:{HOST}", "-out", str(csr))
    admin.run("order", "new", HOST, "--csr", csr, "--wait")
    assert admin.order(HOST)["has_key"] is False
    refused = admin.run("key", "export", HOST, "--plain", check=False)
    assert refused.returncode == 4
    assert "stayed with whoever made the certificate request" in refused.stderr

    admin.add_deployment("web", HOST)
    failed = admin.wait_for_deployment("web", "failed")
    assert "private key" in failed["reason"]


def test_several_names_are_proven_where_one_value_is_enough(world, admin):
    """www.x and x share one record at x; a name of another domain has its own."""
    admin.set_up()
    admin.run("order", "new", HOST, ZONE, "--wait")
    challenges = subprocess.run(["busctl", f"--address={world.bus_address}", "--json=short", "call", "org.chancery.Chancery1",
                                 f"/org/chancery/Chancery1/orders/{admin.order(HOST)['id']}", "org.chancery.Chancery1.Order",
                                 "GetChallenges"], capture_output=True, text=True, check=True).stdout
    locations = [row["Location"]["data"] for row in json.loads(challenges)["data"][0]]
    assert locations == [ZONE]
    names = openssl("x509", "-noout", "-ext", "subjectAltName", stdin=newest_certificate(world, admin))
    assert f"DNS:{HOST}" in names and f"DNS:{ZONE}" in names
    eventually(lambda: world.dig(ZONE) == ['"v=spf1 -all"'])


@pytest.mark.parametrize("algorithm, words", [("rsa-3072", "3072 bit"), ("rsa-4096", "4096 bit"), ("ec-p256", "prime256v1"),
                                              ("ec-p384", "secp384r1")])
def test_kinds_of_key(world, admin, algorithm, words):
    admin.set_up()
    admin.run("order", "new", HOST, "--key-algorithm", algorithm, "--wait")
    assert words in openssl("x509", "-noout", "-text", stdin=newest_certificate(world, admin))
