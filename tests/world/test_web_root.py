# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that prove control of names, put onto a web server by the service: an order that nobody has to help."""

import subprocess

import pytest

from conftest import Admin, ZONE, eventually

HOST = f"www.{ZONE}"
OTHER = f"shop.{ZONE}"
LINES = "shop IN A 127.0.0.1\nkill IN A 127.0.0.1\n"
FILE = ".well-known/pki-validation/gsdv.txt"


def root(world):
    return world.dir / "nginx" / "www"


def leftovers(world):
    """What stands below the root that was not there before."""
    return sorted(str(p.relative_to(root(world))) for p in root(world).rglob("*") if p.name != "index.html")


def files(admin):
    return admin.json("server", "files")


def start(world):
    """The service finds names and files where this world has them."""
    (world.dir / "chanceryd.conf").write_text(f"[dns]\nresolver=127.0.0.1:{world.dns_port}\n"
                                              f"[validation]\nhttp-port={world.http_port}\nhttps-port={world.https_port}\n")
    world.stop("chanceryd")
    world.start_daemon()
    admin = Admin(world)
    admin.add_account()
    admin.add_server()
    return admin


pytestmark = pytest.mark.zones({ZONE: LINES})


@pytest.fixture
def ready(world):
    return start(world)


def add_root(world, admin, name="root", *hosts, **options):
    flat = [part for host in hosts or (HOST, OTHER) for part in ("--name", host)]
    flat += [part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", value)]
    admin.run("deploy", "add", name, "--server", "here", *flat, *([] if options else ["--web-root", root(world)]))


def assert_clean(world, admin):
    eventually(lambda: files(admin) == [])
    assert leftovers(world) == []


def test_from_nothing_to_served(world, ready):
    admin = ready
    add_root(world, admin)
    admin.add_deployment("web", HOST)
    shown = next(d for d in admin.json("deploy", "list") if d["name"] == "root")
    assert shown["state"] == "idle" and "nothing to install" in shown["reason"]
    assert "nothing to install" in admin.run("deploy", "show", "root").stdout + shown["reason"]
    assert admin.run("deploy", "run", "root", check=False).returncode != 0

    before = world.served()
    admin.run("order", "new", HOST, "--method", "http")
    admin.wait_for_state(HOST, "issued")
    admin.wait_for_deployment("web", "deployed")
    assert world.served() != before
    assert {r["operation"] for r in world.control("/requests")} >= {"URLVerification", "URLVerificationForIssue"}
    assert_clean(world, admin)
    story = " ".join(admin.run("order", "explain", HOST).stdout.split())
    assert "Put the file onto every server" in story and "Every address of the host showed the file" in story

    # the same again, by nobody: a free reissue proves control again where the CA wants that
    first = world.served()
    admin.run("order", "reissue", HOST)
    eventually(lambda: world.served() != first)
    admin.wait_for_deployment("web", "deployed")
    assert_clean(world, admin)


def test_exact_folder(world, ready):
    admin = ready
    folder = root(world) / ".well-known" / "pki-validation"
    folder.mkdir(parents=True)
    add_root(world, admin, challenge_folder=folder)
    admin.run("order", "new", HOST, "--method", "http")
    admin.wait_for_state(HOST, "issued")
    eventually(lambda: files(admin) == [])
    assert folder.is_dir() and list(folder.iterdir()) == []


def test_two_take_turns(world, ready):
    admin = ready
    add_root(world, admin)
    world.control("/faults", {"operation": "URLVerificationForIssue", "fault": {"latency_ms": 2000}, "times": 1})
    for host in (HOST, OTHER):
        admin.run("order", "new", host, "--method", "http", timeout=120)
    orders = {host: admin.order(host)["id"] for host in (HOST, OTHER)}
    for host in (HOST, OTHER):
        admin.wait_for_state(host, "issued")
    assert_clean(world, admin)
    assert len(orders) == 2


def test_waits_for_its_turn_and_says_so(world, ready):
    admin = ready
    add_root(world, admin)
    # the CA takes its time with the first one's file
    world.control("/faults", {"operation": "URLVerificationForIssue", "fault": {"latency_ms": 6000}, "times": 1})
    admin.run("order", "new", HOST, "--method", "http")
    eventually(lambda: admin.order(HOST)["step"] == "check")
    admin.run("order", "new", OTHER, "--method", "http")
    waiting = eventually(lambda: (o := admin.order(OTHER)) and "Waits until order" in (o["reason"] or "") and o)
    assert f"order {admin.order(HOST)['id']}" in waiting["reason"] and f"http://{OTHER}/{FILE}" in waiting["reason"]
    for host in (HOST, OTHER):
        admin.wait_for_state(host, "issued")
    assert_clean(world, admin)


def test_foreign_file_is_left_alone(world, ready):
    admin = ready
    foreign = root(world) / FILE
    foreign.parent.mkdir(parents=True)
    foreign.write_text("somebody else's\n")
    add_root(world, admin)
    admin.run("order", "new", HOST, "--method", "http")
    eventually(lambda: "not ours" in (admin.order(HOST)["reason"] or ""))
    assert foreign.read_text() == "somebody else's\n"

    foreign.unlink()
    admin.run("order", "retry", HOST)
    admin.wait_for_state(HOST, "issued")
    eventually(lambda: files(admin) == [])
    assert leftovers(world) == [".well-known", ".well-known/pki-validation"]     # they were there before us


def test_by_hand_until_a_deployment_covers_it(world, ready):
    admin = ready
    admin.run("order", "new", HOST, "--method", "http")
    eventually(lambda: admin.order(HOST)["step"] == "propagate")
    assert "--web-root" in admin.run("order", "explain", HOST).stdout
    add_root(world, admin)
    admin.wait_for_state(HOST, "issued")
    assert_clean(world, admin)


def test_away_at_removal(world, ready):
    """The root cannot be written while the file is to be removed; it goes as soon as it can be."""
    admin = ready
    add_root(world, admin)
    world.control("/faults", {"operation": "URLVerificationForIssue", "fault": {"latency_ms": 4000}, "times": 1})
    admin.run("order", "new", HOST, "--method", "http")
    folder = root(world) / ".well-known" / "pki-validation"
    eventually(lambda: (folder / "gsdv.txt").exists())
    if subprocess.run(["chattr", "+i", folder / "gsdv.txt"], capture_output=True).returncode != 0:
        pytest.skip("this file system has no immutable files")
    try:
        admin.wait_for_state(HOST, "issued")
        left = eventually(lambda: [f for f in files(admin) if f["reason"]])
        assert left[0]["state"] == "removing" and left[0]["path"].endswith(FILE)
        assert "cannot be changed" in left[0]["reason"]
        assert "still to be removed" in " ".join(admin.run("order", "explain", HOST).stdout.split())
        assert admin.run("server", "remove", "here", check=False).returncode != 0
    finally:
        subprocess.run(["chattr", "-i", folder / "gsdv.txt"], check=True)
    admin.run("server", "files", "--remove")
    assert_clean(world, admin)


POINTS = ["publish:before", "publish:noted", "proof:folders", "proof:written", "publish:put", "publish:after",
          "propagate:after", "check:after", "unpublish:before", "proof:removed", "proof:folder-removed", "unpublish:after"]


def test_killed(world, ready):
    """One world for all of them: after each death the service goes on, and nothing is left."""
    admin = ready
    add_root(world, admin, "root", HOST)
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
