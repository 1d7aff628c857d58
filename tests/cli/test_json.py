# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of the documents are those of the manual page, all of them and no others."""

import json
import pathlib
import re

import pytest

MANUAL = pathlib.Path(__file__).parents[2] / "docs/man/chancery.1.rst"

DEPLOY_ADD = ["deploy", "add", "w", "--server", "here", "--name", "a.test", "--all", "/x"]

# Name in the manual → command, way to the document, keys that the manual says this command adds.
DOCUMENTS = {
    "account": (["account", "list"], lambda d: d[0], []),
    "dns": (["dns", "show", "ns1"], lambda d: d, []),
    "server": (["server", "add", "desk", "here"], lambda d: d, []),
    "login": (["server", "key", "here"], lambda d: d, []),
    "kind": (["dns", "types"], lambda d: d[0], []),
    "field": (["dns", "types", "clay"], lambda d: d["fields"][0], []),
    "profile": (["profile", "list"], lambda d: d[0], []),
    "watch": (["watch", "list"], lambda d: d[0], []),
    "deployment": (["deploy", "list"], lambda d: d[0], []),
    "deployment add": (DEPLOY_ADD, lambda d: d, []),
    "deployment show": (["deploy", "show", "web"], lambda d: d, ["runs"]),
    "run": (["deploy", "show", "web"], lambda d: d["runs"][0], []),
    "step": (["deploy", "show", "web"], lambda d: d["runs"][0]["steps"][0], []),
    "order": (["order", "list"], lambda d: d[0], []),
    "order new": (["order", "new", "shop.example.test"], lambda d: d, []),
    "order show": (["order", "show", "1"], lambda d: d, ["certificates", "challenges"]),
    "certificate": (["order", "show", "1"], lambda d: d["certificates"][0], ["pem", "chain", "root"]),
    "certificate list": (["certificate", "list"], lambda d: d[0], ["order", "order_state", "current"]),
    "certificate show": (["cert", "show", "2"], lambda d: d,
                         ["pem", "chain", "root", "order", "order_state", "current", "path"]),
    "link": (["certificate", "show", "2"], lambda d: d["path"][0], []),
    "challenge": (["order", "show", "3"], lambda d: d["challenges"][0], []),
    "answer": (["order", "show", "3"], lambda d: d["challenges"][0]["observed"][0], []),
    "story": (["order", "explain", "3"], lambda d: d, []),
    "line": (["order", "explain", "3"], lambda d: d["lines"][0], []),
    "left-over": (["dns", "leftovers"], lambda d: d[0], []),
    "proof-file": (["server", "files"], lambda d: d[0], []),
    "job": (["account", "verify", "prod"], lambda d: d, []),
    "event": (["log"], lambda d: d[0], []),
    "preview": (["order", "new", "shop.example.test", "--dry-run"], lambda d: d, []),
    "name": (["order", "new", "shop.example.test", "--dry-run"], lambda d: d["names"][0], []),
    "rule": (["policy"], lambda d: d[0], []),
    "status": (["status"], lambda d: d, []),
    "attention": (["status"], lambda d: d["attention"][0], []),
    "expiry": (["status"], lambda d: d["expiries"][0], []),
    "expiry calendar": (["status", "--calendar"], lambda d: d[0], []),
    "kept": (["key", "bin"], lambda d: d[0], []),
    "result": (["dns", "disable", "ns1"], lambda d: d, []),
    "result cancel": (["order", "cancel", "3"], lambda d: d, []),
    "key": (["key", "export", "1", "--plain"], lambda d: d, []),
}


def documented():
    section = MANUAL.read_text().split("\nJSON\n====\n")[1].split("\nENVIRONMENT\n")[0]
    keys = {}
    for heading, body in re.findall(r"^(\w[^\n]*)\n((?:    [^\n]*\n)+)", section, re.M):
        always = body.split("**")[0]
        for name in re.sub(r"\(.*", "", heading).split(","):
            keys[name.strip()] = re.findall(r"``(\w+)``", always)
    return keys


@pytest.mark.parametrize("name", DOCUMENTS)
def test_keys(chancery, fake, name):
    command, way, added = DOCUMENTS[name]
    run = chancery(*command, "--json")
    document = way(json.loads(run.stdout))
    assert sorted(document) == sorted(documented()[name.split()[0]] + added)


@pytest.mark.parametrize("name,key", [("file", "files"), ("check", "checks")])
def test_keys_of_parts(chancery, fake, name, key):
    document = json.loads(chancery("deploy", "show", "web", "--json").stdout)
    for part in document[key]:
        assert set(part) <= set(documented()[name])
    assert set(document["action"]) <= set(documented()["action"])


def test_every_document_of_the_manual_is_looked_at():
    looked_at = {name.split()[0] for name in DOCUMENTS} | {"file", "action", "check"}
    assert set(documented()) == looked_at


def test_types_and_data_keys_stay(chancery, fake):
    run = chancery("account", "show", "prod", "--json")
    document = json.loads(run.stdout)
    assert document["settings"] == {"user": "jane", "environment": "test"}
    assert document["id"] == 1 and document["checked_at"] > 1700000000
    fake.world["accounts"][1]["Settings"] = {"ca-certificate": "PEM"}
    assert json.loads(chancery("account", "show", "prod", "--json").stdout)["settings"] == {"ca-certificate": "PEM"}


def test_empty_lists_are_documents(chancery, fake):
    for folder in ("accounts", "dns", "servers", "profiles", "deployments", "orders"):
        fake.world[folder].clear()
    fake.world["events"].clear()
    fake.world["leftovers"].clear()
    for command in (["account", "list"], ["dns", "list"], ["dns", "leftovers"], ["server", "list"], ["profile", "list"],
                    ["deploy", "list"], ["order", "list"], ["log"]):
        run = chancery(*command, "--json")
        assert json.loads(run.stdout) == [], run.stderr


def test_errors_are_no_documents(chancery, fake):
    run = chancery("order", "show", "99", "--json")
    assert (run.stdout, run.returncode) == ("", 4)


def test_no_text_drives_the_terminal(chancery, fake):
    """json-glib escapes the controls of ASCII; those of C1, and what turns lines around, go out as they are."""
    evil = "a\033[2J\u009b2J\u202eb\u2028c\U000e0001d“ü”\n"
    fake.world["accounts"][1]["Settings"] = {"user": evil}
    run = chancery("account", "show", "prod", "--json")
    assert json.loads(run.stdout)["settings"]["user"] == evil
    assert not set("\033\u009b\u202e\u2028\U000e0001") & set(run.stdout)
    assert "“ü”" in run.stdout
