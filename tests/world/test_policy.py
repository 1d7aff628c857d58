# SPDX-License-Identifier: GPL-3.0-or-later
"""An administrator's own rules are put in the place of those that come with the program."""

import json
import subprocess

import pytest

from conftest import ZONE

HOST = f"www.{ZONE}"
OWN = "our contract"
TABLES = {
    "ca-lifetime": [{"days": 30, "source": OWN}],
    "renewal-window": [{"days": 60, "source": OWN}],
    "keys": [{"state": "allowed", "source": "usual"}, {"from": "2020-01-01", "keys": ["rsa-2048"], "state": "ended", "source": OWN}],
}


@pytest.fixture
def rules(world):
    """Starts the service anew with a file of own rules."""
    file = world.dir / "policy.json"

    def write(text):
        world.stop("chanceryd")
        file.write_text(text)
        world.daemon_env["CHANCERY_POLICY_OVERRIDE"] = str(file)
        return file

    return write


def refuse(world):
    """What the service says that does not start."""
    argv = [world.build / "daemon" / "chanceryd", *world.daemon_args, "--address", world.bus_address, "--state-dir", world.state,
            "--config", world.dir / "chanceryd.conf"]
    run = subprocess.run(argv, env={**world.clean_env(), **world.daemon_env}, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    return run.stderr


def test_own_rules(world, admin, rules):
    admin.set_up()
    admin.run("order", "new", HOST, "--key-algorithm", "ec-p256", "--wait")
    before = admin.json("order", "plan", HOST)
    assert OWN not in json.dumps(admin.json("policy"))

    rules(json.dumps({"format": 1, "tables": TABLES}))
    world.start_daemon()
    shown = admin.run("policy").stdout
    assert "30 days" in shown and "60 days" in shown
    told = json.dumps(admin.json("policy"))
    # What is not in the file stays.
    assert OWN in told and "ballot SC-081v3" in told

    after = admin.json("order", "plan", HOST)
    assert len(after) > len(before) + 3
    run = admin.run("order", "new", f"shop.{ZONE}", "--key-algorithm", "rsa-2048", "--dry-run", "--json", check=False)
    preview = json.loads(run.stdout)
    assert run.returncode == 2
    assert any("rsa-2048" in problem for problem in preview["problems"]), preview["problems"]
    run = admin.run("order", "new", f"shop.{ZONE}", "--key-algorithm", "ec-p256", "--dry-run", "--json")
    assert json.loads(run.stdout)["certificates"] > 10


@pytest.mark.parametrize("text, words", [
    ('{ "format": 1,\n  "tables": {\n    "term" [ ] } }', ["3:"]),
    ('{ "format": 2, "tables": {} }', ["format"]),
    ('{ "format": 1, "tables": { "tern": [] } }', ["tern", "not one of"]),
    ('{ "format": 1, "tables": { "term": [ { "months": 12, "source": "a" }, { "months": 0, "source": "a" } ] } }', ["term", "row 2", "months"]),
    ('{ "format": 1, "tables": { "term": [ { "months": 12 } ] } }', ["term", "row 1", "source"]),
])
def test_broken_rules_are_refused(world, rules, text, words):
    file = rules(text)
    told = refuse(world)
    for word in [str(file), *words]:
        assert word in told
