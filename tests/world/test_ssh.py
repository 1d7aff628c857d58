# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates on servers that are reached by SSH: added, ordered, deployed, and what happens when the service dies on the way."""

import pathlib
import signal
import subprocess

import pytest

from conftest import Admin, BUILD, World, ZONE, eventually
from sshd import SSHD, Sshd

POINTS = ["stage:before", "stage:written", "stage:after", "swap:before", "swap:kept", "swap:renamed", "swap:after", "act:before",
          "act:after", "prove:before", "prove:after", "settle:before", "settle:one", "settle:after"]

pytestmark = pytest.mark.skipif(not SSHD.exists(), reason="sshd is not installed")


@pytest.fixture(scope="module")
def world():
    with World(BUILD) as it:
        Admin(it).set_up()
        yield it


@pytest.fixture(scope="module")
def sshd(world):
    """A server “web” with a key that the service has made."""
    it = Sshd(world, "sshd-web")
    admin = Admin(world)
    admin.run("server", "add", "ssh", "web", "--host", "127.0.0.1", "--port", str(it.port), "--user", "root",
              "--host-key", it.fingerprint, "--folder", str(world.dir / "nginx" / "tls"))
    it.authorized.write_text(admin.run("server", "key", "web").stdout)
    return it


def add_deployment(world, admin, name, host, *action, check=True):
    nginx = world.dir / "nginx"
    action = action or ("--signal", f"{nginx}/nginx.pid:HUP")
    admin.run("deploy", "add", name, "--server", "web", "--name", host, "--fullchain", nginx / "tls" / "www.pem",
              "--key", nginx / "tls" / "www.key", *action,
              "--check", f"127.0.0.1:{world.https_port}/{host}", check=check)


def test_the_key_must_be_known(world, admin, tmp_path):
    it = Sshd(world, "sshd-keys")
    add = ["server", "add", "ssh", "unknown", "--host", "127.0.0.1", "--port", str(it.port), "--user", "root"]
    refused = admin.run(*add, check=False)
    assert refused.returncode != 0
    assert it.fingerprint in refused.stderr and "--host-key" in refused.stderr

    hosts = tmp_path / "known_hosts"
    hosts.write_text("elsewhere.test ssh-ed25519 AAAA\n")
    assert "has no line for" in admin.run(*add, "--known-hosts", str(hosts), check=False).stderr
    key = pathlib.Path(f"{it.key}.pub").read_text()
    hosts.write_text(f"[127.0.0.1]:{it.port} {key}")
    admin.run(*add, "--known-hosts", str(hosts))
    assert admin.json("server", "show", "unknown")["settings"]["host-key"] == key.strip()


def test_what_works_is_told(world, sshd, admin):
    told = admin.run("server", "test", "web")
    for word in ("Connected", "Logged in", "one step", "can be written"):
        assert word in told.stdout + told.stderr
    assert "PRIVATE" not in str(admin.json("server", "show", "web"))


def test_a_new_key(world, sshd, admin):
    before = sshd.authorized.read_text()
    line = admin.run("server", "key", "web", "--rotate").stdout
    assert line != before and line.startswith("restrict ssh-ed25519 ")
    assert admin.run("server", "test", "web", check=False).returncode != 0
    sshd.authorized.write_text(line)
    admin.run("server", "test", "web")


def test_order_to_served(world, sshd, admin):
    host = f"ssh.{ZONE}"
    add_deployment(world, admin, "by-ssh", host, "--command", f"/usr/bin/pkill -HUP -F '{world.dir}/nginx/nginx.pid'")
    admin.run("order", "new", host, "--wait")
    admin.wait_for_deployment("by-ssh", "deployed")
    out = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], input=world.served(), capture_output=True, text=True,
                         check=True).stdout
    assert f"DNS:{host}" in out
    assert (world.dir / "nginx" / "tls" / "www.key").stat().st_mode & 0o777 == 0o600
    admin.run("deploy", "remove", "by-ssh")


def test_a_template_there(world, sshd, admin):
    """Its programs are run as commands on the server, with the service's own test before and after the switch."""
    nginx, host = world.dir / "nginx", f"template.{ZONE}"
    tls, config = nginx / "tls", nginx / "nginx.conf"
    template = world.templates / "there.conf"
    template.write_text(f"""[template]
title=The nginx there
[file fullchain]
path={tls}/www.pem
[file key]
path={tls}/www.key
owner=root
mode=0600
[test]
argv=/usr/sbin/nginx;-t;-q;-e;{nginx}/error.log;-c;{config}
[reload]
argv=/usr/bin/pkill;-HUP;-F;{nginx}/nginx.pid
[check]
host=127.0.0.1
port={world.https_port}
""")
    template.chmod(0o644)
    admin.run("deploy", "add", "there", "--template", "there", "--server", "web", "--name", host)
    admin.run("order", "new", host, "--wait")
    first = world.served()
    assert (tls / "www.pem").read_text().startswith(first)

    def steps():
        return [(step["step"], step["ok"]) for step in admin.json("deploy", "show", "there")["runs"][0]["steps"]]

    assert [name for name, ok in steps() if ok] == ["stage", "test", "swap", "test-new", "act", "prove", "settle"]

    # wrong files: its own test sees it with the new ones, before the reload
    key = (tls / "www.key").read_bytes()
    admin.run("deploy", "edit", "there", "--certificate", f"{tls}/www.pem", "--chain", f"{tls}/www.key")
    admin.wait_for_deployment("there", "failed")
    assert ("test-new", False) in steps() and steps()[-1] == ("restore", True)
    assert (tls / "www.key").read_bytes() == key and world.served() == first
    admin.run("deploy", "edit", "there", "--template", "there")
    admin.wait_for_deployment("there", "deployed")

    # a configuration that somebody has broken
    sound = config.read_text()
    config.write_text(sound + "this is { no configuration\n")
    failed = admin.run("deploy", "run", "there", check=False).stderr
    config.write_text(sound)
    assert "Nothing was touched" in failed and "this" in failed
    assert world.served() == first
    admin.run("deploy", "remove", "there")


def test_through_another_server(world, sshd, admin):
    gate = Sshd(world, "sshd-gate")
    common = ["--host", "127.0.0.1", "--user", "root"]
    admin.run("server", "add", "ssh", "gate", *common, "--port", str(gate.port), "--host-key", gate.fingerprint)
    gate.authorized.write_text(admin.run("server", "key", "gate").stdout.replace("restrict ", "restrict,port-forwarding "))
    admin.run("server", "add", "ssh", "inner", *common, "--port", str(sshd.port), "--host-key", sshd.fingerprint, "--jump", "gate")
    with sshd.authorized.open("a") as lines:
        lines.write(admin.run("server", "key", "inner").stdout)
    admin.run("server", "test", "inner")
    assert "Accepted publickey" in world.log("sshd-gate")

    assert "inner" in admin.run("server", "remove", "gate", check=False).stderr
    assert "circle" in admin.run("server", "edit", "gate", "--jump", "inner", "--unset", "public-key", check=False).stderr
    assert "no such server" in admin.run("server", "edit", "inner", "--jump", "nobody", "--unset", "public-key", check=False).stderr
    admin.run("server", "remove", "inner")
    admin.run("server", "remove", "gate")


def wait_for_death(world):
    killed = world.processes["chanceryd"]
    assert killed.wait(60) == -signal.SIGKILL, "the point was never reached"
    world.processes.pop("chanceryd")


@pytest.fixture(scope="module")
def ordered(world, sshd):
    admin = Admin(world)
    host = f"killed.{ZONE}"
    admin.run("order", "new", host, "--wait")
    return host


@pytest.mark.parametrize("point", POINTS)
def test_killed(world, sshd, ordered, point):
    """The run that comes after it ends with what was ordered, and leaves nothing behind."""
    admin = Admin(world)
    name = point.replace(":", "-")
    tls = world.dir / "nginx" / "tls"
    world.make_first_certificate(tls)

    world.stop("chanceryd")
    world.start_daemon(CHANCERY_KILL_AT=point)
    add_deployment(world, admin, name, ordered, check=False)
    wait_for_death(world)

    world.start_daemon()
    deployment = admin.wait_for_deployment(name, "deployed")
    served = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=world.served(), capture_output=True, text=True,
                            check=True).stdout
    assert deployment["fingerprint"].lower() in served.lower().replace(":", "")
    assert not list(tls.glob("*.chancery-*"))
    admin.run("deploy", "remove", name)
