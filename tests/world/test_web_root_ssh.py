# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that prove control of names, put onto web servers that are reached by SSH."""

import pytest

from conftest import ZONE, eventually
from sshd import SSHD, Sshd
from test_web_root import FILE, HOST, POINTS, assert_clean, files, leftovers, root, start

FRONTS = f"fronts.{ZONE}"
SLOW = {"operation": "URLVerificationForIssue", "fault": {"latency_ms": 3000}, "times": 1}

SECOND = """daemon off;
worker_processes 1;
user root;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {dir}/tmp1; proxy_temp_path {dir}/tmp2; fastcgi_temp_path {dir}/tmp3;
  uwsgi_temp_path {dir}/tmp4; scgi_temp_path {dir}/tmp5;
  server {{ listen 127.0.0.2:{http}; root {dir}/www; }}
}}
"""

pytestmark = [pytest.mark.zones({ZONE: "fronts IN A 127.0.0.1\nfronts IN A 127.0.0.2"}),
              pytest.mark.skipif(not SSHD.exists(), reason="sshd is not installed")]


def add_ssh(world, admin, name, folder, *hosts):
    """A server with a deployment that takes challenge files, and nothing else."""
    it = Sshd(world, f"sshd-{name}")
    admin.run("server", "add", "ssh", name, "--host", "127.0.0.1", "--port", str(it.port), "--user", "root",
              "--host-key", it.fingerprint)
    it.authorized.write_text(admin.run("server", "key", name).stdout)
    flat = [part for host in hosts for part in ("--name", host)]
    admin.run("deploy", "add", f"root-{name}", "--server", name, *flat, "--web-root", folder)
    return it


@pytest.fixture
def ready(world):
    return start(world)


@pytest.fixture
def second_root(world):
    """The web root of another machine with the same names."""
    folder = world.dir / "second"
    (folder / "www").mkdir(parents=True)
    (folder / "nginx.conf").write_text(SECOND.format(dir=folder, http=world.http_port))
    world.spawn("second", ["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    world.wait_for("second", (folder / "nginx.pid").exists)
    return folder / "www"


def asked(world):
    return sum(r["operation"] == "URLVerificationForIssue" for r in world.control("/requests"))


def test_from_nothing_to_served(world, ready):
    admin = ready
    add_ssh(world, admin, "web", root(world), HOST)
    admin.add_deployment("served", HOST)
    before = world.served()
    admin.run("order", "new", HOST, "--method", "http")
    admin.wait_for_state(HOST, "issued")
    admin.wait_for_deployment("served", "deployed")
    assert world.served() != before
    assert_clean(world, admin)
    assert "Every address of the host showed the file" in " ".join(admin.run("order", "explain", HOST).stdout.split())


def test_foreign_file_is_left_alone(world, ready):
    admin = ready
    add_ssh(world, admin, "web", root(world), HOST)
    foreign = root(world) / FILE
    foreign.parent.mkdir(parents=True)
    foreign.write_text("somebody else's\n")
    admin.run("order", "new", HOST, "--method", "http")
    eventually(lambda: "not ours" in (admin.order(HOST)["reason"] or ""))
    assert foreign.read_text() == "somebody else's\n"
    foreign.unlink()
    admin.run("order", "retry", HOST)
    admin.wait_for_state(HOST, "issued")
    eventually(lambda: files(admin) == [])
    assert leftovers(world) == [".well-known", ".well-known/pki-validation"]


def test_several_front_ends(world, ready, second_root):
    """The CA is asked when the file stands on all of them, and not before."""
    admin = ready
    add_ssh(world, admin, "one", root(world), FRONTS)
    two = add_ssh(world, admin, "two", second_root, FRONTS)
    two.stop()
    admin.run("order", "new", FRONTS, "--method", "http")
    reason = eventually(lambda: (o := admin.order(FRONTS)) and "The server “two”" in (o["reason"] or "") and o["reason"])
    assert f"port {two.port}" in reason and asked(world) == 0

    world.control("/faults", SLOW)
    two.start()
    admin.run("order", "retry", FRONTS)
    eventually(lambda: admin.order(FRONTS)["step"] == "check")
    assert (root(world) / FILE).read_text() == (second_root / FILE).read_text()
    assert {f["path"] for f in files(admin)} == {str(root(world) / FILE), str(second_root / FILE)}
    admin.wait_for_state(FRONTS, "issued")
    assert_clean(world, admin)
    assert list(second_root.iterdir()) == []


def test_away_at_removal(world, ready):
    """The file goes as soon as its server is back, by itself."""
    admin = ready
    web = add_ssh(world, admin, "web", root(world), HOST)
    world.control("/faults", SLOW)
    admin.run("order", "new", HOST, "--method", "http")
    eventually(lambda: admin.order(HOST)["step"] == "check")
    web.stop()
    admin.wait_for_state(HOST, "issued")
    left = eventually(lambda: [f for f in files(admin) if f["reason"]])
    assert left[0]["state"] == "removing" and left[0]["path"].endswith(FILE)
    assert admin.run("server", "remove", "web", check=False).returncode != 0
    assert (root(world) / FILE).exists()
    web.start()
    assert_clean(world, admin)


def test_killed(world, ready):
    """One world for all of them: after each death the service goes on, and nothing is left."""
    admin = ready
    add_ssh(world, admin, "web", root(world), HOST)
    for point in POINTS:
        world.stop("chanceryd")
        world.start_daemon(CHANCERY_KILL_AT=point)
        admin.run("order", "new", HOST, "--method", "http", check=False)
        eventually(lambda: world.processes["chanceryd"].poll() is not None, 60)
        world.stop("chanceryd")
        world.start_daemon()
        eventually(lambda: all(o["state"] == "issued" for o in admin.json("order", "list")), 90)
        assert_clean(world, admin)
    assert len(admin.json("order", "list")) >= len(POINTS)
