# SPDX-License-Identifier: GPL-3.0-or-later
"""How orders and certificates end: told of, expired, revoked, cancelled, deleted, taken out."""

import os
import pty
import subprocess

import pytest

from conftest import ZONE, eventually, signals

HOST = f"www.{ZONE}"
DAY = 86400


@pytest.fixture
def issued(world, admin):
    admin.set_up()
    admin.run("order", "new", HOST, "--wait")
    return admin.order(HOST)


def on_terminal(world, answer, *args):
    """Somebody types an answer; gives the exit status and all that the terminal shows."""
    master, slave = pty.openpty()
    process = subprocess.Popen([str(world.build / "cli" / "chancery"), *args], env=world.env(), stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    os.write(master, answer.encode() + b"\n")
    shown = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    return process.wait(60), shown.decode()


def at_ca(world, order):
    return next(o for o in world.control("/orders") if o["id"] == order["ca_order"])


# ---- revoke, cancel, delete ----

def test_revoke(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    order = admin.order(HOST)

    unasked = admin.run("order", "revoke", HOST, check=False)
    assert unasked.returncode == 2 and "--yes" in unasked.stderr

    code, shown = on_terminal(world, "mail.example.test", "order", "revoke", HOST)
    assert code == 1 and "nothing was revoked" in shown
    assert "deployment web on here serves it" in shown and f"127.0.0.1:{world.https_port}" in shown
    assert admin.order(HOST)["state"] == "issued"

    code, shown = on_terminal(world, HOST, "order", "revoke", HOST)
    assert code == 0, shown
    admin.wait_for_state(HOST, "revoked")
    assert at_ca(world, order)["status"] in (6, 7)
    again = admin.run("order", "revoke", HOST, "--yes", check=False)
    assert again.returncode != 0


@pytest.mark.clock
def test_cancel_gives_the_money_back_for_seven_days(world, admin, issued):
    assert at_ca(world, issued)["charged"] > 0
    admin.run("order", "cancel", HOST, "--force")
    admin.wait_for_state(HOST, "cancelled")
    assert (at_ca(world, issued)["status"], at_ca(world, issued)["charged"]) == (5, 0)     # cancelled after it was issued

    late = f"late.{ZONE}"
    admin.run("order", "new", late, "--wait")
    order = admin.order(late)
    world.clock.set(8)
    refused = admin.run("order", "cancel", late, "--force", check=False)
    assert refused.returncode != 0 and "7 days" in refused.stderr
    assert admin.order(late)["state"] == "issued" and at_ca(world, order)["charged"] > 0


def test_a_key_goes_into_the_bin_and_comes_back(world, admin, issued, tmp_path):
    key, request = tmp_path / "www.key", tmp_path / "www.csr"
    admin.run("key", "export", HOST, "--plain", "--out", key)
    subprocess.run(["openssl", "req", "-new", "-key", key, "-subj", f"/CN={HOST}", "-out", request], check=True)
    admin.run("order", "delete", HOST, "--force")
    assert [(row["name"], row["order_id"]) for row in admin.json("key", "bin")] == [(HOST, issued["id"])]

    lonely = admin.run("key", "restore", HOST, check=False)
    assert lonely.returncode == 4 and issued["ca_order"] in lonely.stderr
    assert admin.run("key", "restore", "mail.example.test", check=False).returncode == 4

    admin.run("order", "new", HOST, "--csr", request, "--wait")
    again = admin.order(HOST)
    assert admin.run("key", "export", HOST, "--plain", check=False).returncode != 0
    assert f"Order {again['id']} has its private key again" in admin.run("key", "restore", HOST).stdout
    assert admin.json("key", "bin") == []

    def public(pem):
        return subprocess.run(["openssl", "pkey", "-pubout"], input=pem, capture_output=True, text=True, check=True).stdout
    assert public(admin.run("key", "export", HOST, "--plain").stdout) == public(key.read_text())


# ---- taking out ----

READERS = {
    "pem": ["openssl", "x509", "-noout", "-subject", "-in", "FILE"],
    "fullchain": ["openssl", "x509", "-noout", "-subject", "-in", "FILE"],
    "der": ["openssl", "x509", "-inform", "DER", "-noout", "-subject", "-in", "FILE"],
    "pkcs7": ["openssl", "pkcs7", "-print_certs", "-noout", "-in", "FILE"],
    "pkcs12": ["openssl", "pkcs12", "-nodes", "-passin", "pass:over-and-out", "-in", "FILE"],
    "jks": ["keytool", "-list", "-v", "-storepass", "over-and-out", "-keystore", "FILE"],
}


def test_every_format_is_read_by_others(world, admin, issued, tmp_path):
    (tmp_path / "password").write_text("over-and-out\n")
    for kind, reader in READERS.items():
        file = tmp_path / f"www.{kind}"
        with_key = ["--key", "--password-file", tmp_path / "password"] if kind in ("pkcs12", "jks") else []
        admin.run("certificate", "export", HOST, "--format", kind, *with_key, "--out", file)
        argv = [str(file) if word == "FILE" else word for word in reader]
        if kind == "pkcs7" and not file.read_bytes().startswith(b"-----"):
            argv[2:2] = ["-inform", "DER"]
        read = subprocess.run(argv, capture_output=True, text=True)
        assert read.returncode == 0 and HOST in read.stdout, (kind, read.stdout, read.stderr)
        if with_key:
            assert "PRIVATE KEY" in read.stdout or "PrivateKeyEntry" in read.stdout


# ---- being told ----

def move_to(world, admin, at):
    world.clock.set_time(at)
    admin.run("order", "note", HOST, f"day {at}")       # its timers are real: any call that writes wakes it


def told(admin):
    return [e for e in admin.json("log", "--limit", "500") if e["action"] in ("order.expiring", "order.ended", "order.expired")]


@pytest.mark.clock
def test_told_of_the_end_until_it_has_expired(world, admin, issued, bus):
    admin.run("order", "edit", HOST, "--auto-replace", "no")
    end, term = issued["not_after"], issued["term_end"]
    assert admin.run("status", "--check", check=False).returncode == 0

    moments = [(days, 2 if days <= 3 else 1) for days in (60, 30, 14, 7, 3, 1)]
    for n, (days, code) in enumerate(moments):
        move_to(world, admin, end - days * DAY + 60)
        eventually(lambda: len(told(admin)) == n + 1)
        check = admin.run("status", "--check", check=False)
        assert check.returncode == code and HOST in check.stdout, (days, check.stdout)

    move_to(world, admin, end + 60)
    eventually(lambda: any(e["action"] == "order.ended" for e in told(admin)))
    assert admin.run("status", "--check", check=False).returncode == 2

    said = eventually(lambda: len(all := signals(bus, "CertificateExpiring")) == 7 and all)
    assert said == [["/org/chancery/Chancery1/orders/1", HOST, end, days] for days in (60, 30, 14, 7, 3, 1, 0)]

    move_to(world, admin, max(term, end) + DAY)
    admin.wait_for_state(HOST, "expired")
    assert admin.run("status", "--check", check=False).returncode == 0


@pytest.mark.clock
def test_quiet_about_what_replaces_itself(world, admin, issued):
    move_to(world, admin, issued["replace_at"] - DAY)
    assert told(admin) == []
    assert admin.run("status", "--check", check=False).returncode == 0
