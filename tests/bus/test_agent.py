# SPDX-License-Identifier: GPL-3.0-or-later
"""An ordinary user at a terminal: the program has polkit ask for an administrator's password there.

The machine's passwd, shadow and group are replaced by files with one more user; a rule makes that user an
administrator. Everything between is real: chancery, pkttyagent, PAM, polkitd, chanceryd.
"""

import json
import os
import pathlib
import shutil
import subprocess
import time

import pytest

import conftest

USER = "chancery-tester"
PASSWORD = "open, Sesame 7"
UID = 64999
PROGRAM = str(pathlib.Path(os.environ.get("CHANCERY_BUILD", conftest.BUILD)) / "cli" / "chancery")
ADD = [PROGRAM, "server", "add", "local"]

RULES = f"""
polkit.addAdminRule(function (action, subject) {{ return ["unix-user:{USER}"]; }});
polkit.addRule(function (action, subject) {{
  if (action.id == "org.chancery.view" && subject.user == "{USER}")
    return polkit.Result.YES;
}});
"""


def prepare(folder):
    """The rules, the machine's users with one more, and no other password than that one's."""
    coded = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, check=True, capture_output=True, text=True)
    (folder / "rules" / "40-agent.rules").write_text(RULES)
    (folder / "shadow").write_text(f"{USER}:{coded.stdout.strip()}:19000:0:99999:7:::\n")
    for name, line in (("passwd", f"{USER}:x:{UID}:{UID}::/:/bin/sh\n"), ("group", f"{USER}:x:{UID}:\n")):
        (folder / name).write_text(pathlib.Path("/etc", name).read_text() + line)


def require_agent():
    for program in ("pkttyagent", "openssl", "/usr/lib/polkit-1/polkit-agent-helper-1"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if not any(os.path.exists(f"{folder}/pam.d/polkit-1") for folder in ("/etc", "/usr/lib")):
        pytest.skip("PAM is not set up for polkit")


@pytest.fixture(scope="module")
def world():
    require_agent()
    with conftest.running("real", prepare) as world:
        yield world


def servers(world):
    return world.run("root", PROGRAM, "server", "list", "--json")["out"]


def test_the_password_lets_a_change_through(world):
    done = world.type(USER, [PASSWORD], *ADD, "by-password")
    assert "AUTHENTICATION COMPLETE" in done["out"], world.logs()
    assert "by-password" in servers(world)
    assert (done["code"], done["asked"]) == (0, 1)


def test_polkit_says_what_it_is_asked_for(world):
    done = world.type(USER, [PASSWORD], *ADD, "told-about")
    assert "Authentication is required to change the server “told-about”" in done["out"]


def test_a_wrong_password_changes_nothing(world):
    done = world.type(USER, ["let me in"], *ADD, "by-guessing")
    assert done["code"] == 3
    assert "chancery: The password was wrong, or you are not allowed to do this" in done["out"]
    assert "by-guessing" not in servers(world)


def test_ctrl_c_at_the_question_leaves_the_terminal_well(world):
    script = """trap : INT
      "$0" server add local by-nobody
      echo "ended with $?"
      until stty -a | grep -q ' echo '; do sleep 0.05; done"""
    done = world.type(USER, ["\x03"], "sh", "-c", script, PROGRAM)
    assert "ended with 130" in done["out"]
    assert "by-nobody" not in servers(world)


def test_without_a_terminal_nobody_is_asked(world):
    done = world.run(USER, *ADD, "in-a-script")
    assert (done["code"], done["out"]) == (3, "")
    assert done["err"] == ("chancery: This needs an administrator’s password and nobody could be asked for it (polkit action "
                           "“org.chancery.server.change”): use a terminal or desktop with a polkit agent, or run it as root\n")
    assert "in-a-script" not in servers(world)


def test_looking_asks_for_nothing(world):
    done = world.type(USER, [], PROGRAM, "server", "list")
    assert (done["code"], done["asked"]) == (0, 0)


def add_order(world):
    """Nobody answers for its CA, so it stays open; its key is made before the CA is asked."""
    secret = world.folder / "secret"
    secret.write_text("c2VjcmV0\n")
    for argv in (["account", "add", "globalsign", "nowhere", "--environment", "url", "--url", "https://127.0.0.1:9/",
                  "--user", "tester", "--password-file", secret, "--contact-first-name", "Ada",
                  "--contact-last-name", "Example", "--contact-phone", "+32 2 000 00 00", "--contact-email", "ada@example.test"],
                 ["dns", "add", "rfc2136", "nobody", "--server", "127.0.0.1", "--port", "9", "--key-name", "k",
                  "--tsig-secret-file", secret],
                 ["order", "new", "www.example.test", "--key-algorithm", "ec-p256"]):
        done = world.run("root", PROGRAM, *map(str, argv))
        assert done["code"] == 0, done
    for _ in range(200):
        shown = json.loads(world.run("root", PROGRAM, "order", "show", "1", "--json")["out"])
        if shown["has_key"]:
            return
        time.sleep(0.05)
    raise AssertionError(shown)


def test_a_key_is_asked_for_each_time(world):
    add_order(world)
    for _ in range(2):
        done = world.type(USER, [PASSWORD], "sh", "-c", 'exec "$0" key export 1 --plain >/dev/null', PROGRAM)
        assert "Authentication is required to take the private key for “www.example.test” out" in done["out"]
        assert (done["code"], done["asked"]) == (0, 1), done["out"]
