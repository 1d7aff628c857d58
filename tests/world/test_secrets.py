# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole tour, with successes and failures, after which no secret may be found anywhere that somebody looks."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest

from conftest import ZONE, eventually
from sshd import SSHD, Sshd

WWW = f"www.{ZONE}"
WORDS = {
    "password of an account": "Account-Ahpheeth7",
    "password of a server": "Server-Eiw3thoh",
    "passphrase of a login": "Passphrase-Ohd9aiqu",
    "password of a key store": "Keystore-Xeiv4aem",
    "password of an export": "Export-Ru3aifoh",
    "password of the mail": "Mail-Oon7eiph",
}

pytestmark = pytest.mark.skipif(not SSHD.exists() or not shutil.which("strace"), reason="sshd or strace is not installed")


class Watch:
    """What the bus tells everybody, and which programs the service starts with which arguments."""

    def __init__(self, world):
        self.world = world
        self.traced = world.dir / "execve.log"
        pid = world.processes["chanceryd"].pid
        world.spawn("strace", ["strace", "-f", "-qq", "-e", "trace=execve", "-s", "65536", "-v", "-o", self.traced, "-p", str(pid)])
        eventually(lambda: re.search(r"^TracerPid:\s+[1-9]", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M))
        world.spawn("monitor", ["dbus-monitor", "--address", world.bus_address, "type='signal'"])
        eventually(lambda: world.log("monitor"))

    def stop(self):
        # The sanitizer cannot look for leaks while somebody traces.
        self.world.stop("strace")
        self.world.stop("monitor")


def add_ssh_servers(world, admin):
    """One that works by a key of its own with a passphrase, and one whose password is wrong."""
    sshd = Sshd(world, "sshd")
    key = world.dir / "login"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", WORDS["passphrase of a login"], "-f", key], check=True)
    sshd.authorized.write_text(pathlib.Path(f"{key}.pub").read_text())
    usual = ["--host", "127.0.0.1", "--port", str(sshd.port), "--user", "root", "--host-key", sshd.fingerprint]
    admin.run("server", "add", "ssh", "far", *usual, "--private-key-file", key, "--passphrase-file", "-",
              stdin=WORDS["passphrase of a login"])
    admin.run("server", "add", "ssh", "wrong", *usual, "--password-file", "-", stdin=WORDS["password of a server"])
    return key


def tour(world, admin):
    """What goes well."""
    store = world.dir / "nginx" / "tls" / "www.p12"
    admin.add_deployment("web", WWW)
    admin.run("deploy", "add", "far", "--server", "far", "--name", WWW, "--all", f"{store},format=pkcs12", "--key",
              world.dir / "nginx" / "tls" / "far.key", "--password-file", "-", "--no-action", "--no-check",
              stdin=WORDS["password of a key store"])
    admin.run("deploy", "add", "store", "--server", "here", "--name", WWW, "--all", f"{world.dir}/www.jks,format=jks",
              "--password-file", "-", "--no-action", "--no-check", stdin=WORDS["password of a key store"])
    admin.run("order", "new", WWW, "--wait")
    admin.wait_for_deployment("store", "deployed")
    admin.wait_for_deployment("far", "deployed")
    admin.run("order", "reissue", WWW, "--wait")
    for form in ("pkcs12", "jks"):
        admin.run("certificate", "export", WWW, "--format", form, "--key", "--out", world.dir / f"out.{form}", "--password-file", "-",
                  stdin=WORDS["password of an export"])


def mishaps(world, admin):
    """What goes wrong, and what people are told then."""
    said = []

    def fail(*words, **more):
        done = admin.run(*words, check=False, **more)
        said.append(done.stdout + done.stderr)
        return done

    admin.add_account("bad", WORDS["password of an account"])
    assert fail("account", "verify", "bad").returncode != 0
    assert fail("server", "test", "wrong").returncode != 0
    assert fail("dns", "test", "ns1", "not-served.test").returncode != 0
    fail("deploy", "add", "lost", "--server", "wrong", "--name", WWW, "--fullchain", "/tmp/lost.pem", "--no-action", "--no-check")
    fail("deploy", "run", "lost")
    fail("order", "new", f"api.{ZONE}", "--csr", "-", stdin="-----BEGIN CERTIFICATE REQUEST-----\nnothing\n")
    admin.run("notify", "set-password", "--password-file", "-", stdin=WORDS["password of the mail"])
    assert fail("notify", "test").returncode != 0
    for path in ("order", "deploy", "server", "account", "dns", "key"):
        said.append(admin.run("--json", path, "list", check=False).stdout)
    said.append(admin.run("log", "--limit", "500", check=False).stdout)
    return said


def properties(world):
    """Everything that every object of the bus shows."""
    call = ["busctl", f"--address={world.bus_address}"]
    tree = subprocess.run([*call, "--list", "tree", "org.chancery.Chancery1"], capture_output=True, text=True, check=True).stdout
    paths = [line.strip() for line in tree.splitlines() if line.strip().startswith("/org/chancery")]
    assert len(paths) > 8, paths
    return "".join(subprocess.run([*call, "introspect", "--full", "org.chancery.Chancery1", path], capture_output=True, text=True,
                                  check=True).stdout for path in paths)


def test_no_secret_is_found_after_a_tour(world, admin):
    admin.set_up()
    login = add_ssh_servers(world, admin)
    watch = Watch(world)
    tour(world, admin)
    said = mishaps(world, admin)
    shown = properties(world)
    pid = world.processes["chanceryd"].pid
    watch.stop()

    body = pathlib.Path(world.dir / "nginx" / "tls" / "www.key").read_text().splitlines()[3]
    secrets = {**WORDS, "key of the certificate": body, "key of a login": login.read_text().splitlines()[2],
               "key of the name server": re.search(r'secret "(.*?)"', world.key_file.read_text()).group(1)}
    places = {"what people were told": "\n".join(said), "properties": shown, "signals": world.log("monitor"),
              "programs": watch.traced.read_text(), "log": world.log("chanceryd"),
              "the CA's stand-in": json.dumps(world.control("/requests")),
              "arguments": pathlib.Path(f"/proc/{pid}/cmdline").read_text(),
              "environment": pathlib.Path(f"/proc/{pid}/environ").read_text()}
    places |= {str(path): path.read_bytes().decode("latin-1") for path in world.state.rglob("*") if path.is_file()}

    # Where nothing is found at all, nothing was looked through.
    assert all(WWW in places[where] for where in ("properties", "signals", "what people were told", "the CA's stand-in"))
    assert "keytool" in places["programs"]
    assert any(path.endswith("chancery.db") for path in places)
    assert [(what, where) for what, secret in secrets.items() for where, content in places.items() if secret in content] == []
