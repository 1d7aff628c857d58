# SPDX-License-Identifier: GPL-3.0-or-later
"""The CA, the name server, the web server and the disk misbehave; nothing is lost and nothing is paid twice."""

import os
import pathlib
import signal
import sqlite3
import subprocess

import pytest

from conftest import Admin, BUILD, World, ZONE, eventually

HOST = f"www.{ZONE}"


@pytest.fixture
def ready(world, admin):
    admin.set_up()
    return admin


def fault(world, operation, times=1, **kind):
    world.control("/faults", {"operation": operation, "fault": kind, "times": times})


def live_orders(world):
    return [o for o in world.control("/orders") if o["status"] != 3]


@pytest.mark.parametrize("kind", [{"drop": "after"}, {"html": True}, {"garbage": True}, {"truncate": 200}, {"code": -1}, {"soap-fault": True}],
                         ids=lambda kind: "-".join(f"{k}-{v}" for k, v in kind.items()))
def test_a_lost_answer_is_never_paid_twice(world, ready, kind):
    fault(world, "DVDNSOrder", **kind)
    ready.run("order", "new", HOST)
    order = ready.wait_for_state(HOST, "issued", "failed")
    assert order["state"] == "issued", order["reason"]
    assert len(live_orders(world)) == 1
    assert sum(o["charged"] for o in world.control("/orders")) == live_orders(world)[0]["charged"]


@pytest.mark.parametrize("operation, kind", [
    ("DVDNSVerificationForIssue", {"drop": "before"}), ("DVDNSVerificationForIssue", {"html": True}),
    ("DVDNSVerificationForIssue", {"code": -1}), ("DVDNSVerificationForIssue", {"huge": 9000000}),
    ("GetOrderByOrderID", {"drop": "after"}), ("GetOrderByOrderID", {"truncate": 300}),
], ids=lambda value: value if isinstance(value, str) else "-".join(f"{k}-{v}" for k, v in value.items()))
def test_trouble_after_the_order_passes(world, ready, operation, kind):
    fault(world, "DVDNSVerificationForIssue", drop="after")     # so that GetOrderByOrderID is asked at all
    fault(world, operation, **kind)
    ready.run("order", "new", HOST)
    order = ready.wait_for_state(HOST, "issued", "failed")
    assert order["state"] == "issued", order["reason"]
    assert len(live_orders(world)) == 1


def test_wrong_password_waits_for_a_person(world, admin):
    admin.set_up()
    admin.run("account", "edit", "demo", "--password-file", "-", stdin="hunter2-not-it")
    verify = admin.run("account", "verify", "demo", check=False)
    assert verify.returncode == 1
    assert "password" in verify.stderr.lower()
    assert "hunter2" not in verify.stderr + world.log("chanceryd")

    admin.run("order", "new", HOST)
    order = eventually(lambda: (lambda o: o if o["failures"] else None)(admin.order(HOST)))
    assert order["state"] == "queued"
    account = next(a for a in admin.json("account", "list") if a["name"] == "demo")
    assert account["state"] == "failing"

    admin.run("account", "edit", "demo", "--password-file", "-", stdin="sandbox")
    assert admin.wait_for_state(HOST, "issued")
    assert next(a for a in admin.json("account", "list") if a["name"] == "demo")["state"] == "enabled"


@pytest.mark.parametrize("change, words", [({"ip-refused": True}, "address"), ({"locked": True}, "lock")], ids=["address", "locked"])
def test_the_account_says_why_it_is_refused(world, ready, change, words):
    world.control("/account", change)
    verify = ready.run("account", "verify", "demo", check=False)
    assert verify.returncode == 1
    assert words in verify.stderr.lower()


def test_no_money(world, ready):
    world.control("/account", {"balance": 0})
    ready.run("order", "new", HOST)
    order = eventually(lambda: (lambda o: o if o["failures"] else None)(ready.order(HOST)))
    assert order["state"] == "queued" and "balance" in order["reason"].lower()
    world.control("/account", {"balance": 1000})
    ready.run("order", "retry", HOST)
    assert ready.wait_for_state(HOST, "issued")


def test_a_high_risk_name_waits_and_is_tracked_in_bulk(world, ready):
    world.control("/high-risk", {"name": HOST})
    ready.run("order", "new", HOST)
    order = ready.wait_for_state(HOST, "vetting")
    assert "high-risk" in order["reason"]
    world.control("/release", {"order": order["ca_order"]})
    ready.run("order", "retry", HOST)
    assert ready.wait_for_state(HOST, "issued")
    assert any(r["operation"] == "GetModifiedOrders" for r in world.control("/requests"))


def test_cancel_before_validation(world, ready):
    world.stop("named")
    ready.run("order", "new", HOST)
    ready.wait_for_state(HOST, "validating")
    ready.run("order", "cancel", HOST)
    ready.wait_for_state(HOST, "cancelled")
    assert [o["status"] for o in world.control("/orders")] == [3]
    assert sum(o["charged"] for o in world.control("/orders")) == 0
    world.start_named()
    eventually(lambda: ready.json("status")["leftovers"] == 0)
    ready.run("order", "delete", HOST)
    assert ready.order(HOST) is None


def test_the_name_server_is_away_for_a_while(world, ready):
    world.stop("named")
    ready.run("order", "new", HOST)
    order = eventually(lambda: (lambda o: o if o and o["failures"] else None)(ready.order(HOST)))
    assert order["state"] == "validating" and order["step"] == "publish"
    world.start_named()
    ready.run("order", "retry", HOST)
    assert ready.wait_for_state(HOST, "issued")
    eventually(lambda: world.dig(HOST) == [])


def test_cleaning_up_goes_on_after_a_crash(world, ready):
    """The record is removed even if the service died and the name server was away."""
    fault(world, "DVDNSVerificationForIssue", code=-3026, times=100)
    ready.run("order", "new", HOST)
    eventually(lambda: any("globalsign" in t for t in world.dig(HOST)))
    ready.run("order", "cancel", HOST)
    ready.wait_for_state(HOST, "cancelled")
    world.stop("chanceryd", signal.SIGKILL)
    world.start_daemon()
    eventually(lambda: world.dig(HOST) == [])
    eventually(lambda: ready.json("status")["leftovers"] == 0)


@pytest.mark.parametrize("broken", ["check", "action", "folder"])
def test_a_deployment_that_fails_is_rolled_back(world, ready, broken):
    nginx = world.dir / "nginx"
    before = world.served(), (nginx / "tls" / "www.pem").read_text(), (nginx / "tls" / "www.key").read_text()
    port = world.http_port if broken == "check" else world.https_port
    pid_file = nginx / ("missing.pid" if broken == "action" else "nginx.pid")
    folder = nginx / ("missing" if broken == "folder" else "tls")
    ready.run("deploy", "add", "web", "--server", "here", "--name", HOST, "--fullchain", folder / "www.pem", "--key", folder / "www.key",
              "--signal", f"{pid_file}:HUP", "--check", f"127.0.0.1:{port}/{HOST}")
    ready.run("order", "new", HOST)
    deployment = ready.wait_for_deployment("web", "failed")
    assert deployment["reason"] and deployment["next_try"] > 0
    eventually(lambda: (world.served(), (nginx / "tls" / "www.pem").read_text(), (nginx / "tls" / "www.key").read_text()) == before)
    assert not list((nginx / "tls").glob("*.chancery-*"))

    # mended, it goes on by itself
    ready.run("deploy", "edit", "web", "--fullchain", nginx / "tls" / "www.pem", "--key", nginx / "tls" / "www.key",
              "--signal", f"{nginx}/nginx.pid:HUP", "--check", f"127.0.0.1:{world.https_port}/{HOST}")
    ready.wait_for_deployment("web", "deployed")
    assert world.served() != before[0]


def test_names_that_cannot_be_certified_are_refused_before_anything_is_sent(world, ready):
    for name in ("example", "a..example.test", "under_score.example.test", "*.*.example.test", "10.0.0.1"):
        refused = ready.run("order", "new", name, check=False)
        assert refused.returncode == 2, (name, refused.stderr)
        assert name in refused.stderr or name.strip("*.") in refused.stderr
    assert world.control("/orders") == []


def test_a_newer_database_is_refused(world):
    world.stop("chanceryd")
    with sqlite3.connect(world.state / "chancery.db") as database:
        database.execute("PRAGMA user_version = 9999")
    refused = subprocess.run([world.build / "daemon" / "chanceryd", "--address", world.bus_address, "--state-dir", world.state],
                             capture_output=True, text=True, env=world.clean_env())
    assert refused.returncode == 1
    assert "newer" in refused.stderr


def test_jobs_that_ended_do_not_pile_up(world, admin):
    """Each is remembered for an hour, but not any number of them."""
    admin.add_server()
    address = [f"--address={world.bus_address}", "org.chancery.Chancery1"]
    call = " ".join(["busctl", "call", *address, "/org/chancery/Chancery1/servers/1", "org.chancery.Chancery1.Server", "Test", "a{sv}", "0"])
    subprocess.run(["sh", "-c", f"for i in $(seq 230); do {call} || exit 1; done"], check=True, capture_output=True, timeout=120)
    tree = subprocess.run(["busctl", "tree", "--list", *address], check=True, capture_output=True, text=True).stdout
    jobs = [path for path in tree.split() if path.startswith("/org/chancery/Chancery1/jobs/")]
    assert 100 < len(jobs) <= 200 + 16
    assert "/org/chancery/Chancery1/jobs/230" in jobs


def test_a_kept_password_goes_nowhere_else(world, ready):
    """Who may change an account may not read its password, by naming a service of his own."""
    url = world.env()["CHANCERY_SANDBOX_URL"]
    for change in (["--url", url.replace("localhost", "127.0.0.1") + "/elsewhere"], ["--unset", "url", "--environment", "test"],
                   ["--unset", "ca-certificate"]):
        refused = ready.run("account", "edit", "demo", *change, check=False)
        assert refused.returncode == 2, (change, refused.stderr)
        assert "“password”" in refused.stderr
    ready.run("account", "edit", "demo", "--contact-phone", "+32 2 111 11 11")
    ready.run("account", "edit", "demo", "--url", f"{url}/", "--password-file", "-", stdin="sandbox")
    ready.run("account", "verify", "demo")


@pytest.mark.skipif(os.getuid() != 0, reason="only a service of root is looked after so closely")
@pytest.mark.parametrize("what, mode, owner, word", [
    ("state", 0o700, 0, "No such file"),            # all is well, and there is no bus
    ("state", 0o755, 0, "No such file"),
    ("state", 0o777, 0, "others may write"),
    ("state", 0o770, 0, "others may write"),
    ("state", 0o700, 65534, "others may write"),
    ("chanceryd.conf", 0o644, 0, "No such file"),
    ("chanceryd.conf", 0o664, 0, "others may write"),
    ("chanceryd.conf", 0o602, 0, "others may write"),
    ("chanceryd.conf", 0o644, 65534, "others may write"),
])
def test_what_others_may_write_is_not_believed(tmp_path, what, mode, owner, word):
    """The configuration names programs that root runs; the state holds where root writes files."""
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "chanceryd.conf").write_text("[program touch]\nargv=/usr/bin/touch;/tmp/x\n")
    os.chown(tmp_path / what, owner, owner)
    (tmp_path / what).chmod(mode)
    refused = subprocess.run([BUILD / "daemon" / "chanceryd", "--address", f"unix:path={tmp_path}/none",
                              "--state-dir", tmp_path / "state", "--config", tmp_path / "chanceryd.conf"],
                             capture_output=True, text=True, timeout=30, env={"LC_ALL": "C.UTF-8"})
    assert refused.returncode == 1
    assert word in refused.stderr


def test_a_wrong_vault_key_is_refused(world, ready):
    world.stop("chanceryd")
    (world.state / "vault.key").write_bytes(os.urandom(32))
    refused = subprocess.run([world.build / "daemon" / "chanceryd", "--address", world.bus_address, "--state-dir", world.state],
                             capture_output=True, text=True, env=world.clean_env())
    assert refused.returncode == 1
    assert "key" in refused.stderr


class SmallDisk(World):
    """The service sees its state folder on a disk of sixteen megabytes."""

    def spawn(self, name, argv, env=None, **kwargs):
        if name == "chanceryd":
            self.state.mkdir(exist_ok=True)
            argv = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size=16m,mode=700 none "{self.state}" && exec "$@"', "sh", *argv]
        return super().spawn(name, argv, env, **kwargs)

    @property
    def disk(self):
        return pathlib.Path(f"/proc/{self.processes['chanceryd'].pid}/root{self.state}")

    def fill(self):
        with open(self.disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass

    def empty(self):
        (self.disk / "ballast").unlink()


def may_unshare():
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


@pytest.mark.skipif(not may_unshare(), reason="needs a private mount namespace")
def test_a_full_disk_loses_nothing():
    with SmallDisk(BUILD) as world:
        admin = Admin(world)
        admin.set_up()
        world.fill()
        refused = admin.run("order", "new", HOST, check=False)
        assert refused.returncode == 1
        assert "disk" in refused.stderr.lower()
        world.empty()

        # the disk fills up while the CA takes the order: its number must not be lost
        fault(world, "DVDNSOrder", latency_ms=3000)
        admin.run("order", "new", HOST)
        eventually(lambda: world.control("/orders"))
        world.fill()
        eventually(lambda: "database cannot be used" in world.log("chanceryd"))
        world.empty()
        order = admin.wait_for_state(HOST, "issued", "failed")
        assert order["state"] == "issued", order["reason"]
        assert len(world.control("/orders")) == 1


def test_a_certificate_in_force_is_not_cancelled_by_mistake(world, ready):
    ready.run("order", "new", HOST, "--wait")
    refused = ready.run("order", "cancel", HOST, check=False)
    assert refused.returncode == 1 and "force" in refused.stderr.lower()
    assert ready.run("order", "retry", HOST, check=False).returncode == 1
    ready.run("order", "cancel", HOST, "--force")
    ready.wait_for_state(HOST, "cancelled")
    assert [o["status"] for o in world.control("/orders")] == [5]


def test_what_the_ca_cannot_do_is_told_before_it_is_asked(world, ready):
    several = [HOST, ZONE.replace("example", "other")]
    for options, words in (([*several, "--product", "alphassl"], "domainssl"), ([*several, "--product", "extendedssl"], "organization"),
                           ([f"*.{ZONE}", "--method", "http"], "wildcard")):
        refused = ready.run("order", "new", *options, check=False)
        assert refused.returncode == 2 and words in refused.stderr, refused.stderr
    assert ready.json("order", "list") == []


def test_a_test_of_a_foreign_zone_leaves_nothing_to_clean(world, ready):
    refused = ready.run("dns", "test", "ns1", "other.test", check=False)
    assert refused.returncode == 1 and "other.test" in refused.stderr
    eventually(lambda: ready.json("status")["leftovers"] == 0)
