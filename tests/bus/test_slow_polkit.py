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
