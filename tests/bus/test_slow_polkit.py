# SPDX-License-Identifier: GPL-3.0-or-later
"""polkit takes its time, and callers do not wait for ever."""

import ast
import shlex
import time

import pytest

MANAGER = ["org.chancery.Chancery1", "/org/chancery/Chancery1", "org.chancery.Chancery1.Manager"]
ORDER = ["NewOrder", "asa{sv}a{sv}", "2", "www.example.test", "api.example.test",
         "1", "account", "s", "main", "0"]


def asked(world, method):
    """The arguments of the last call of @method; waits until there is one."""
    for _ in range(500):
        lines = (world.folder / "polkitd.log").read_text().splitlines()
        calls = [line.split(" ", 1)[1] for line in lines if line.startswith(method + " ")]
        if calls:
            return ast.literal_eval(calls[-1])
        time.sleep(0.02)
    raise AssertionError(f"polkit was not asked: {method}\n{world.logs()}")


@pytest.fixture
def waiting(world_with_slow_polkit):
    """Makes a call that hangs; gives the process that waits for its end."""
    def start(*argv):
        command = shlex.join(["busctl", "--system", *argv])
        done = world_with_slow_polkit.run("nobody", "sh", "-c", f"{command} >/dev/null 2>&1 & echo $!")
        return done["out"].strip()

    (world_with_slow_polkit.folder / "polkitd.log").write_text("")
    return start


def test_a_caller_who_leaves_is_not_asked_for(world_with_slow_polkit, waiting):
    process = waiting("call", *MANAGER, *ORDER)

    subject, action, details, flags, cancellation = asked(world_with_slow_polkit, "CheckAuthorization")
    assert subject[0] == "system-bus-name"
    assert subject[1]["name"].startswith(":")
    assert action == "org.chancery.order.create"
    assert details == {"name": "www.example.test", "account": "main", "domain": "example.test",
                       "names": "www.example.test api.example.test"}
    assert flags == 1

    world_with_slow_polkit.run("nobody", "kill", process)
    assert asked(world_with_slow_polkit, "CancelCheckAuthorization") == (cancellation,)


def test_no_password_is_asked_for_unless_the_caller_says_so(world_with_slow_polkit, waiting):
    process = waiting("--allow-interactive-authorization=no", "call", *MANAGER, *ORDER)

    assert asked(world_with_slow_polkit, "CheckAuthorization")[3] == 0
    world_with_slow_polkit.run("nobody", "kill", process)
    asked(world_with_slow_polkit, "CancelCheckAuthorization")


def test_others_are_served_meanwhile(world_with_slow_polkit, waiting):
    """The caller is left waiting: the fixture then checks that the daemon ends well all the same."""
    waiting("call", *MANAGER, *ORDER)

    asked(world_with_slow_polkit, "CheckAuthorization")
    world_with_slow_polkit.call("root", "", "Manager", "GetStatus", "a{sv}", "0")


def add_account(world, name):
    """Its path below the root."""
    path, = world.call("root", "", "Manager", "AddAccount", "ssa{ss}a{ss}a{sv}", "globalsign", name,
                       "1", "user", "u", "1", "password", "p", "0")
    return path.removeprefix("/org/chancery/Chancery1")


@pytest.mark.parametrize("settings", [
    ["0"],
    ["1", "account", "s", ""],
])
def test_a_rule_sees_the_account_that_will_be_taken(world_with_slow_polkit, waiting, settings):
    """No account, an empty one: the engine takes the only one that is enabled, so polkit is told that one."""
    world = world_with_slow_polkit
    paths = [add_account(world, name) for name in ("guarded", "idle")]
    world.call("root", paths[1], "Account", "SetEnabled", "ba{sv}", "false", "0")
    process = waiting("call", *MANAGER, "NewOrder", "asa{sv}a{sv}", "1", "www.example.test", *settings, "0")

    assert asked(world, "CheckAuthorization")[2]["account"] == "guarded"
    world.run("nobody", "kill", process)
    for path in paths:
        world.call("root", path, "Account", "Remove", "a{sv}", "0")


FLOOD = """
import sys
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
loop = GLib.MainLoop()
def answered(bus, result):
    try:
        bus.call_finish(result)
    except GLib.Error as error:
        print(error.message)
        loop.quit()
for i in range(100):
    bus.call("org.chancery.Chancery1", "/org/chancery/Chancery1", "org.chancery.Chancery1.Manager", "GetStatus",
             GLib.Variant("(a{sv})", ({},)), None, 0, 60000, None, answered)
GLib.timeout_add_seconds(20, loop.quit)
loop.run()
"""


def test_a_flood_of_one_user_is_stopped(world_with_slow_polkit, waiting):
    """Questions to polkit are few for each user: the bus lets a service have only some that are not answered."""
    done = world_with_slow_polkit.run("nobody", "/usr/bin/python3", "-c", FLOOD)
    assert "Error.Limit" in done["out"], done

    # It has gone, and so have its questions.
    process = waiting("call", *MANAGER, *ORDER)
    asked(world_with_slow_polkit, "CheckAuthorization")
    world_with_slow_polkit.run("nobody", "kill", process)
