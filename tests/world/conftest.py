# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for tests against the whole world: real bus, BIND, nginx, and the stand-in CA."""

import json
import os
import pathlib
import select
import subprocess
import sys
import threading
import time

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "scripts" / "lib"))
from clock import FAKETIME, Clock  # noqa: E402
from world import World, ZONE  # noqa: E402

BUILD = pathlib.Path(os.environ.get("CHANCERY_BUILD", TOP / "build"))


def eventually(what, seconds=60):
    """Asks until the answer is true; for what no event can be awaited on (another program's state)."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < end, f"did not happen within {seconds} s: {what}"
        select.select([], [], [], 0.05)


class Admin:
    """Somebody who uses the chancery command in a world."""

    def __init__(self, world):
        self.world = world

    def run(self, *args, **kwargs):
        return self.world.chancery(*args, **kwargs)

    def json(self, *args):
        return json.loads(self.run("--json", *args).stdout)

    def add_account(self, name="demo", password="sandbox", **settings):
        sandbox = self.world.sandbox
        options = {
            "environment": "url", "url": sandbox["url"], "user": sandbox["user"],
            "contact-first-name": "Ada", "contact-last-name": "Example",
            "contact-phone": "+32 2 000 00 00", "contact-email": "ada@example.test", **settings,
        }
        flat = [part for key, value in options.items() for part in (f"--{key}", value)]
        self.run("account", "add", "globalsign", name, *flat, "--set-file", f"ca-certificate={sandbox['ca-file']}",
                 "--password-file", "-", stdin=password)

    def add_dns(self, name="ns1", **settings):
        port = self.world.dns_port
        options = {"server": "127.0.0.1", "port": str(port), "nameservers": f"127.0.0.1:{port}", **settings}
        flat = [part for key, value in options.items() for part in (f"--{key}", value)]
        self.run("dns", "add", "rfc2136", name, *flat, "--secret-file", f"key-file={self.world.key_file}")

    def add_server(self, name="here"):
        self.run("server", "add", "local", name)

    def add_deployment(self, name, host):
        nginx = self.world.dir / "nginx"
        self.run("deploy", "add", name, "--server", "here", "--name", host,
                 "--fullchain", nginx / "tls" / "www.pem", "--key", nginx / "tls" / "www.key",
                 "--signal", f"{nginx}/nginx.pid:HUP", "--check", f"127.0.0.1:{self.world.https_port}/{host}")

    def set_up(self):
        self.add_account()
        self.add_dns()
        self.add_server()

    def order(self, name):
        return next((o for o in self.json("order", "list") if o["name"] == name), None)

    def wait_for_state(self, name, *states, seconds=90):
        def there():
            order = self.order(name)
            return order if order and order["state"] in states else None
        return eventually(there, seconds)

    def wait_for_deployment(self, name, *states, seconds=90):
        def there():
            found = next(d for d in self.json("deploy", "list") if d["name"] == name)
            return found if found["state"] in states else None
        return eventually(there, seconds)


def secret_fields(admin, kind) -> set[str]:
    return {f["name"] for f in admin.json("dns", "types", kind)["fields"] if f["secret"]}


def pytest_collection_modifyitems(items):
    if os.geteuid() != 0:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="needs root: without polkit the service listens to nobody else"))


def pytest_configure(config):
    config.addinivalue_line("markers", "zones(lines): DNS zones of the world, see World")
    config.addinivalue_line("markers", "clock: the clock of the world, world.clock, can be moved")


@pytest.fixture
def world(request):
    marker = request.node.get_closest_marker("zones")
    moves = request.node.get_closest_marker("clock") is not None
    if moves and not FAKETIME:
        pytest.skip("libfaketime is not installed")
    clock = Clock(request.getfixturevalue("tmp_path") / "clock") if moves else None
    with World(BUILD, zones=marker.args[0] if marker else None, clock_env=clock.variables if clock else None) as it:
        it.clock = clock
        yield it
        if it.processes.get("chanceryd") and it.processes["chanceryd"].poll() is None:
            assert it.stop("chanceryd") == 0, it.log("chanceryd")[-8000:]
        assert "Sanitizer" not in it.log("chanceryd"), it.log("chanceryd")[-8000:]


@pytest.fixture
def admin(world):
    return Admin(world)


@pytest.fixture
def bus(world):
    """What the service says to everybody meanwhile."""
    world.spawn("monitor", ["busctl", f"--address={world.bus_address}", "--json=short", "--match",
                            "type='signal',sender='org.chancery.Chancery1'", "monitor"],
                stdout=subprocess.PIPE, text=True)
    lines = []
    threading.Thread(target=lambda pipe: lines.extend(pipe), args=[world.processes["monitor"].stdout], daemon=True).start()
    return lines


def signals(bus, member):
    return [message["payload"]["data"] for line in list(bus) if (message := json.loads(line)).get("member") == member]


@pytest.fixture
def add_service(world, admin, tmp_path):
    """Adds a DNS account of a kind as the sandbox says that one needs it; arguments change or add fields."""
    def add(kind, **changes):
        service = world.sandbox["dns"][kind]
        values = {"url": service["url"], "nameservers": f"127.0.0.1:{world.dns_port}", **service["fields"], **changes}
        secret = secret_fields(admin, kind)
        options = ["--set-file", f"ca-certificate={world.sandbox['ca-file']}"]
        for name, value in values.items():
            if name in secret:
                path = tmp_path / name
                path.write_text(value)
                options += ["--secret-file", f"{name}={path}"]
            else:
                options += [f"--{name}", value]
        return admin.run("dns", "add", kind, kind, *options)
    return add


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows what the programs said when a test fails."""
    outcome = yield
    report = outcome.get_result()
    world = getattr(item, "funcargs", {}).get("world")
    if report.failed and world:
        for name in ("chanceryd", "sandbox"):
            report.sections.append((f"log of {name}", world.log(name)[-6000:]))
