# SPDX-License-Identifier: GPL-3.0-or-later
"""The real daemon on a private system bus; polkit is the real one, with our policy file."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
DATA = TOP / "data"
BUILD = pathlib.Path(os.environ.get("CHANCERY_BUILD", TOP / "build"))
NAME = "org.chancery.Chancery1"
ROOT = "/org/chancery/Chancery1"

# What the stage runs in. A container, or a folder that is no mount point as root, may refuse it.
STAGE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")

# The policy of a real system bus, and on top of it the file that we ship.
BUS_CONFIG = """<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Introspectable"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Properties"/>
  </policy>
  <include>/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf</include>
  <include>{policy}</include>
</busconfig>
"""


class CallError(Exception):
    """What the daemon or the bus answered instead of a reply."""


class World:
    """The stage, and calls in it as somebody."""

    def __init__(self, stage, folder):
        self.stage = stage
        self.folder = folder

    def run(self, user, *argv):
        print(json.dumps({"user": user, "argv": argv}), file=self.stage.stdin, flush=True)
        answer = self.stage.stdout.readline()
        assert answer, self.logs()
        return json.loads(answer)

    def type(self, user, typed, *argv):
        """On a terminal; each question for a password is answered with the next of @typed."""
        print(json.dumps({"user": user, "argv": argv, "typed": typed}), file=self.stage.stdin, flush=True)
        answer = self.stage.stdout.readline()
        assert answer, self.logs()
        return json.loads(answer)

    def call(self, user, path, interface, method, signature="", *args):
        """The reply's values; raises CallError with the message otherwise."""
        if not interface.startswith("org.freedesktop."):
            interface = f"{NAME}.{interface}"
        typed = [signature, *args] if signature else []
        done = self.run(user, "busctl", "--system", "--json=short", "call",
                        NAME, ROOT + path, interface, method, *typed)
        if done["code"] != 0:
            raise CallError(done["err"].strip())
        return json.loads(done["out"])["data"] if done["out"].strip() else []

    def logs(self):
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')}"
                         for log in self.folder.glob("*.log"))


def daemon_command(folder):
    return [BUILD / "daemon" / "chanceryd", "--system", "--state-dir", f"{folder}/state"]


def require_stage():
    if os.geteuid() != 0:
        pytest.skip("needs root for namespaces and other users")
    for program in ("unshare", "setpriv", "dbus-daemon", "busctl", "gdbus", "/usr/lib/polkit-1/polkitd"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if subprocess.run([*STAGE, "true"], capture_output=True).returncode != 0:
        pytest.skip("namespaces cannot be made here")


def start_world(folder, polkit, prepare):
    require_stage()
    folder.chmod(0o755)
    for name in ("actions", "rules", "no-rules"):
        (folder / name).mkdir()
    shutil.copy(DATA / "polkit" / "org.chancery.policy.in", folder / "actions" / "org.chancery.policy")
    shutil.copy(HERE / "test.rules", folder / "rules" / "50-test.rules")
    (folder / "bus.conf").write_text(BUS_CONFIG.format(policy=DATA / "dbus" / "org.chancery.Chancery1.conf"))
    (folder / "state").mkdir(mode=0o700)
    prepare(folder)
    stage = subprocess.Popen(
        [*STAGE, "/usr/bin/python3", HERE / "stage.py", folder, polkit, *daemon_command(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8",
             "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), "G_DEBUG": "fatal-criticals"})
    world = World(stage, folder)
    if stage.stdout.readline() != "ready\n":
        stage.kill()
        pytest.fail("the stage did not come up:\n" + world.logs())
    return world


@contextlib.contextmanager
def running(polkit, prepare=lambda folder: None):
    """A world, whose folder @prepare may change; at its end the daemon must end well, which under ASan
    means without a leak."""
    with tempfile.TemporaryDirectory(prefix="chancery-bus-") as folder:
        world = start_world(pathlib.Path(folder), polkit, prepare)
        yield world
        world.stage.stdin.close()
        code = world.stage.wait(timeout=30)
        world.stage.stdout.close()
        print(world.logs())
        assert code == 0, "chanceryd did not end well"


@pytest.fixture(scope="module")
def system_world():
    """polkit as shipped, with the users of test.rules."""
    with running("real") as world:
        yield world


@pytest.fixture(scope="module")
def world_without_polkit():
    with running("none") as world:
        yield world


@pytest.fixture(scope="module")
def world_with_slow_polkit():
    with running("hanging") as world:
        yield world
