# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on the way to a service, on this machine and on a server reached by SSH: the files, and what is served, stay as
they were, and when it is over the next run ends as it should."""

import contextlib
import pathlib
import select
import socket
import subprocess
import threading

import pytest

from conftest import Admin, BUILD, World, ZONE, eventually
from sshd import SSHD, Sshd
from world import free_port

HOST = f"faults.{ZONE}"
WHERE = ["here", "web"]
CUTS = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95]      # of what one good run sends


def may_unshare():
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


pytestmark = [pytest.mark.skipif(not SSHD.exists(), reason="sshd is not installed"),
              pytest.mark.skipif(not may_unshare(), reason="needs a private mount namespace")]


class WalledWorld(World):
    """The service and sshd each have mounts of their own, which nobody else sees."""

    def spawn(self, name, argv, env=None, **kwargs):
        if name == "chanceryd" or name.startswith("sshd"):
            argv = ["unshare", "--mount", *argv]
        return super().spawn(name, argv, env, **kwargs)

    def inside(self, name, script):
        return subprocess.run(["nsenter", f"--mount=/proc/{self.processes[name].pid}/ns/mnt", "sh", "-c", script], check=True,
                              capture_output=True, text=True).stdout


class Proxy(threading.Thread):
    """Hands on to @port until it is told to cut."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.there = port
        self.budget, self.stays_away = None, False
        self.sent, self.cut = 0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def begin(self, budget=None, stays_away=False):
        """Cuts when @budget bytes have gone there; while it @stays_away nobody else is let through then."""
        self.budget, self.stays_away, self.sent, self.cut = budget, stays_away, 0, False

    def run(self):
        while True:
            near, _ = self.listener.accept()
            if self.cut and self.stays_away:
                near.close()
            else:
                threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near):
        with near, socket.create_connection(("127.0.0.1", self.there)) as far, contextlib.suppress(OSError):
            while True:
                for side in select.select([near, far], [], [])[0]:
                    data = side.recv(65536)
                    if not data:
                        return
                    if side is near and self.budget is not None and not self.cut and self.sent + len(data) >= self.budget:
                        far.sendall(data[:self.budget - self.sent])
                        self.cut = True
                        return
                    if side is near:
                        self.sent += len(data)
                    (far if side is near else near).sendall(data)


@pytest.fixture(scope="module")
def world():
    with WalledWorld(BUILD) as it:
        admin = Admin(it)
        admin.set_up()
        it.sshd = Sshd(it, "sshd-web")
        it.proxy = Proxy(it.sshd.port)
        admin.run("server", "add", "ssh", "web", "--host", "127.0.0.1", "--port", str(it.proxy.port), "--user", "root",
                  "--host-key", it.sshd.fingerprint)
        it.sshd.authorized.write_text(admin.run("server", "key", "web").stdout)
        admin.run("order", "new", HOST, "--wait")
        yield it
        assert it.stop("chanceryd") == 0
        assert "Sanitizer" not in it.log("chanceryd"), it.log("chanceryd")[-8000:]


class Site:
    """A deployment to the world's nginx, and how it was before."""

    def __init__(self, world, where):
        self.world, self.admin, self.where = world, Admin(world), where
        self.process = "chanceryd" if where == "here" else "sshd-web"
        self.tls = world.dir / "nginx" / "tls"
        self.right = {"--signal": f"{world.dir}/nginx/nginx.pid:HUP", "--check": f"127.0.0.1:{world.https_port}/{HOST}"}
        world.make_first_certificate(self.tls)
        subprocess.run(["kill", "-HUP", (world.dir / "nginx" / "nginx.pid").read_text().strip()], check=True)
        self.old = (self.tls / "www.pem").read_text()
        eventually(lambda: world.served() == self.old)
        self.files = self.look()

    def look(self):
        """As the one that writes them sees them."""
        return self.world.inside(self.process, f"cd '{self.tls}' && stat -c '%n %a %U' www.* && cat www.* && ls -A | grep chancery || true")

    def add(self, **changes):
        options = {**self.right, **{f"--{k}": v for k, v in changes.items()}}
        self.admin.run("deploy", "add", "site", "--server", self.where, "--name", HOST, "--fullchain", self.tls / "www.pem",
                       "--key", self.tls / "www.key", *(str(part) for pair in options.items() for part in pair))

    def fails(self, *words):
        failed = self.admin.wait_for_deployment("site", "failed", "deployed")
        assert failed["state"] == "failed" and failed["next_try"] > 0
        assert any(word in failed["reason"].lower() for word in words), failed["reason"]

    def is_as_before(self):
        assert self.look() == self.files
        eventually(lambda: self.world.served() == self.old)

    def gets_right(self):
        self.admin.run("deploy", "edit", "site", *(part for pair in self.right.items() for part in pair))
        self.admin.run("server", "test", self.where)
        self.admin.run("deploy", "run", "site", check=False)
        self.admin.wait_for_deployment("site", "deployed")
        assert self.world.served() != self.old
        assert not list(self.tls.glob("*.chancery-*"))


@pytest.fixture
def site(world, request):
    it = Site(world, getattr(request, "param", "web"))
    yield it
    Admin(world).run("deploy", "remove", "site")


both = pytest.mark.parametrize("site", WHERE, indirect=True)


@both
def test_disk_full(world, site):
    world.inside(site.process, f"cd / && cp -a '{site.tls}' /run/kept-$$ && mount -t tmpfs -o size=32k,mode=755 none '{site.tls}'"
                 f" && cp -a /run/kept-$$/. '{site.tls}' && rm -r /run/kept-$$; dd if=/dev/zero of='{site.tls}/ballast' bs=1k 2>&1 || true")
    site.add()
    site.fails("full", "space")
    site.is_as_before()
    world.inside(site.process, f"umount '{site.tls}'")
    site.gets_right()


@both
def test_read_only(world, site):
    world.inside(site.process, f"mount --bind '{site.tls}' '{site.tls}' && mount -o remount,bind,ro '{site.tls}'")
    site.add()
    site.fails("read-only", "readwritepaths")
    site.is_as_before()
    world.inside(site.process, f"umount '{site.tls}'")
    site.gets_right()


@both
def test_reload_fails(world, site):
    site.add(signal=f"{world.dir}/missing.pid:HUP")
    site.fails("missing.pid")
    site.is_as_before()
    site.gets_right()


@both
def test_reload_succeeds_but_the_old_one_is_served(world, site):
    """The signal goes to somebody else."""
    deaf = world.spawn("deaf", ["sh", "-c", "trap '' HUP; while :; do sleep 1; done"])
    (world.dir / "deaf.pid").write_text(f"{deaf.pid}\n")
    site.add(signal=f"{world.dir}/deaf.pid:HUP")
    site.fails("old.invalid")
    site.is_as_before()
    site.gets_right()
    world.stop("deaf")


@both
def test_endpoint_unreachable(world, site):
    site.add(check=f"127.0.0.1:{free_port()}/{HOST}")
    site.fails("cannot be reached")
    site.is_as_before()
    site.gets_right()


def test_host_key_changed(world, site):
    keys = {path: path.read_bytes() for path in (world.sshd.key, pathlib.Path(f"{world.sshd.key}.pub"))}
    known = world.sshd.fingerprint
    world.sshd.stop()
    world.sshd.make_key()
    world.sshd.start()
    site.add()
    site.fails("key")
    reason = next(d for d in site.admin.json("deploy", "list") if d["name"] == "site")["reason"]
    assert known in reason and world.sshd.fingerprint in reason, reason
    site.is_as_before()

    world.sshd.stop()
    for path, text in keys.items():
        path.write_bytes(text)
    world.sshd.start()
    site.gets_right()


def test_password_refused(world, site):
    admin = site.admin
    admin.run("server", "add", "ssh", "by-password", "--host", "127.0.0.1", "--port", str(world.sshd.port), "--user", "root",
              "--host-key", world.sshd.fingerprint, "--auth", "password", "--password-file", "-", stdin="surely not")
    site.where = "by-password"
    site.add()
    site.fails("password")
    site.is_as_before()
    admin.run("deploy", "edit", "site", "--server", "web")
    site.where = "web"
    site.gets_right()
    admin.run("server", "remove", "by-password")


@pytest.fixture(scope="module")
def one_run(world):
    """How much a whole run sends."""
    it = Site(world, "web")
    it.admin.run("server", "test", "web")
    world.proxy.begin()
    it.add()
    it.admin.wait_for_deployment("site", "deployed")
    it.admin.run("deploy", "remove", "site")
    return world.proxy.sent


@pytest.mark.parametrize("stays_away", [False, True], ids=["comes-back", "stays-away"])
@pytest.mark.parametrize("share", CUTS)
def test_cut(world, site, one_run, share, stays_away):
    """In the middle of a file, and elsewhere. As long as nobody answers, nothing can be put back: what is served stays."""
    site.admin.run("server", "test", "web")     # so that a connection is open
    world.proxy.begin(int(one_run * share), stays_away)
    site.add()
    ended = site.admin.wait_for_deployment("site", "failed", "deployed")
    assert world.proxy.cut
    if ended["state"] == "failed" and not stays_away:
        site.is_as_before()
    assert world.served() is not None
    world.proxy.begin()
    site.gets_right()
