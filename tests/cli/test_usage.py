# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong input names what was wrong and what would be right; every way to fail has its exit code."""

import re
import subprocess

import pytest

import fake as fake_service
import world
from conftest import PROGRAM

ADD_CLAY = ["dns", "add", "clay", "ns1", "--server", "127.0.0.1"]

WRONG = [
    ([], "A command is missing"),
    (["acount"], "did you mean “account”?"),
    (["xyzzy"], "these are: account, dns, server"),
    (["order"], "A command is missing"),
    (["order", "lst"], "did you mean “order list”?"),
    (["order", "frobnicate"], "these are: list, new, import, show"),
    (["order", "list", "--ssearch", "x"], "did you mean “--search”?"),
    (["order", "list", "-x"], "no option “-x”"),
    (["order", "list", "more"], "“more” is one word too many for “order list”"),
    (["order", "show"], "“order show” needs ORDER after it, for example: chancery order show"),
    (["order", "list", "--limit"], "--limit"),
    (["order", "list", "--limit", "0"], "a number from 1 to"),
    (["order", "list", "--limit", "ten"], "a number from 1 to"),
    (["order", "list", "--state", "isued"], "issued"),
    (["order", "list", "--sort", "colour"], "not-after"),
    (["order", "new", "a.test", "--private-key", "x"], "“--private-key” goes with “--csr”"),
    (["order", "new", "a.test", "--term", "100"], "a number from 1 to 36"),
    (["--session", "--address", "unix:path=/x", "status"], "exclude each other"),
    (["dns", "leftovers", "7"], "add “--remove”"),
    (["dns", "leftovers", "--all"], "add “--remove”"),
    (["dns", "leftovers", "--remove"], "--remove --all"),
    (["dns", "leftovers", "--remove", "--all", "7"], "not both"),
    (["dns", "leftovers", "--remove", "seven"], "“seven” is no number"),
    (["account", "add", "paperca"], "“account add” needs KIND NAME"),
    (["account", "add", "papercat", "x"], "There is no kind “papercat”; these are: paperca"),
    (["account", "add", "paperca", "x", "--usr", "y"], "did you mean “--user”?"),
    (["account", "add", "paperca", "x", "--user"], "“--user” needs a value after it"),
    (["account", "add", "paperca", "x", "--set", "user"], "“--set” wants NAME=VALUE"),
    (["account", "add", "paperca", "x", "--set", "uesr=y"], "did you mean “user”?"),
    (["account", "add", "paperca", "x", "--set", "colour=red"], "these are: user, password"),
    (["account", "add", "paperca", "x"], "“user” (User name) is missing: give it with “--user VALUE”"),
    (["account", "add", "paperca", "x", "--user", "y"], "“password” (Password) is missing: give it with “--password-file FILE”"),
    (["account", "edit", "prod"], "Nothing was given that could change"),
    (["account", "edit", "prod", "--unset", "colour"], "has no setting “colour”"),
    (ADD_CLAY, "“key-file” (Key file) is missing: give it with “--key-file FILE”"),
    (["deploy", "add", "web"], "“--server NAME” is missing"),
    (["deploy", "add", "web", "--server", "here"], "“--name HOST” is missing"),
    (["deploy", "add", "web", "--server", "here", "--name", "a.test"], "No file is named"),
    (["deploy", "add", "web", "--key", "/k,onwer=x"], "“onwer=x” is none of format=pkcs12"),
    (["deploy", "add", "web", "--signal", "HUP"], "PIDFILE:SIGNAL is needed"),
    (["deploy", "add", "web", "--signal", "/p:HUP", "--no-action"], "Only one of"),
    (["deploy", "add", "web", "--check", "localhost"], "HOST:PORT or HOST:PORT/NAME is needed"),
    (["deploy", "add", "web", "--check", "localhost:443,ftp"], "only “starttls=PROTOCOL” and “patience=SECONDS” can stand behind a comma"),
    (["deploy", "add", "web", "--check", "localhost:443/"], "HOST:PORT or HOST:PORT/NAME is needed"),
    (["deploy", "add", "web", "--check", "localhost:99999"], "HOST:PORT or HOST:PORT/NAME is needed"),
    (["deploy", "add", "web", "--check", "a:1", "--no-check"], "exclude each other"),
    (["deploy", "edit", "web"], "Nothing was given that could change"),
    (["log", "--object", "order3"], "KIND/ID is needed"),
    (["key", "export", "1"], "Give a password with “--password-file FILE”"),
    (["key", "export", "1", "--plain", "--password-file", "x"], "exclude each other"),
    (["order", "cancel", "www.example.test"], "say which one by its number: 5 (cancelled), 1 (issued)"),
    (["order", "show", "twice.example.test"], "say which one by its number: 8 (failed), 7 (cancelled)"),
]


@pytest.mark.parametrize("arguments,sentence", WRONG, ids=[" ".join(w[0]) or "nothing" for w in WRONG])
def test_wrong_input(chancery, fake, arguments, sentence):
    run = chancery(*arguments)
    assert sentence in run.stderr
    assert run.stderr.splitlines()[-1].startswith("chancery: ")
    assert run.stdout == ""
    assert run.returncode == 2
    changing = {"AddAccount", "AddDnsAccount", "AddDeployment", "NewOrder", "Edit", "Cancel", "ExportKey"}
    assert not changing & {call[1] for call in fake.calls}


@pytest.mark.parametrize("error,code", [
    ("org.chancery.Chancery1.Error.Failed", 1),
    ("org.chancery.Chancery1.Error.WrongState", 1),
    ("org.chancery.Chancery1.Error.InUse", 1),
    ("org.chancery.Chancery1.Error.Exists", 1),
    ("org.chancery.Chancery1.Error.Unreachable", 1),
    ("org.chancery.Chancery1.Error.ZoneNotFound", 1),
    ("org.freedesktop.DBus.Error.UnknownMethod", 1),
    ("com.example.Other", 1),
    ("org.chancery.Chancery1.Error.Invalid", 2),
    ("org.freedesktop.DBus.Error.InvalidArgs", 2),
    ("org.chancery.Chancery1.Error.NotAuthorized", 3),
    ("org.freedesktop.DBus.Error.AccessDenied", 3),
    ("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", 3),
    ("org.chancery.Chancery1.Error.NotFound", 4),
    ("org.freedesktop.DBus.Error.UnknownObject", 4),
    ("org.freedesktop.DBus.Error.ServiceUnknown", 5),
    ("org.freedesktop.DBus.Error.NoReply", 5),
])
def test_exit_codes(chancery, fake, error, code):
    fake.failures["Cancel"] = (error, "This is why.")
    run = chancery("order", "cancel", "3")
    assert "This is why." in run.stderr
    assert "GDBus.Error" not in run.stderr
    assert run.returncode == code


@pytest.mark.parametrize("arguments", [
    ["account", "show", "nobody"], ["dns", "test", "nowhere", "example.test"], ["deploy", "run", "7"],
    ["order", "show", "99"], ["order", "explain", "nowhere.example.test"],
])
def test_not_found(chancery, fake, arguments):
    run = chancery(*arguments)
    assert run.returncode == 4
    assert run.stderr.startswith("chancery: ")


def test_names_and_ids_and_unicode_find_orders(chancery, fake):
    for reference in ("9", "bücher.example.test", "xn--bcher-kva.example.test"):
        run = chancery("order", "show", reference)
        assert run.returncode == 0, run.stderr
        assert run.stdout.startswith("Order 9: bücher.example.test")
    assert chancery("order", "show", "www.example.test").stdout.startswith("Order 1:")
    assert "bücher.example.test" in chancery("order", "list", "--search", "bücher").stdout


def test_no_service(chancery):
    run = chancery("status")
    assert run.returncode == 5
    assert "chanceryd does not answer" in run.stderr
    assert "systemctl status chanceryd" in run.stderr


def test_no_bus(chancery, tmp_path):
    run = chancery("--address", f"unix:path={tmp_path}/nothing", "status")
    assert run.returncode == 5
    assert f"unix:path={tmp_path}/nothing" in run.stderr


def test_session_bus(chancery, fake):
    run = chancery("--session", "account", "list", env={"CHANCERY_BUS_ADDRESS": "", "DBUS_SESSION_BUS_ADDRESS": chancery.address})
    assert run.returncode == 0, run.stderr


def test_options_stand_anywhere(chancery, fake):
    lines = [
        ["--json", "order", "list", "--open"], ["order", "--json", "list", "--open"], ["order", "list", "--open", "--json"],
        ["--address", chancery.address, "order", "list", "--json", "--open"],
        [f"--address={chancery.address}", "order", "list", "--open", "--json"],
    ]
    outputs = {chancery(*line).stdout for line in lines}
    assert len(outputs) == 1


def test_text_that_is_none(chancery, fake):
    for arguments in ([b"account", b"show", b"\xff"], [b"order", b"new", b"a.test", b"--account=\xff"], [b"\xc3"]):
        run = chancery(*arguments)
        assert run.returncode == 2
        assert "is not text in UTF-8" in run.stderr
    run = chancery("status", env={"CHANCERY_BUS_ADDRESS": b"unix:path=/\xff"})
    assert run.returncode == 5


def test_any_locale(chancery, fake):
    run = chancery("order", "new", "bücher.example.test", "--contact-first-name", "Åsa", env={"LC_ALL": "C"})
    assert run.returncode == 0, run.stderr
    (call,) = [c for c in fake.calls if c[1] == "NewOrder"]
    assert call[3][:2] == (["bücher.example.test"], {"contact": {"first-name": "Åsa"}})


def test_version(chancery):
    for arguments in (["--version"], ["order", "list", "--version"]):
        run = chancery(*arguments)
        assert run.stdout.startswith("chancery 0.")
        assert run.returncode == 0


def test_help_on_every_level_shows_an_example(chancery):
    """And needs no service."""
    nouns = [w for w in chancery("__complete", "").stdout.split()]
    assert len(nouns) == 13
    for noun in nouns:
        verbs = chancery("__complete", noun, "").stdout.split()
        for line in [[noun]] + [[noun, verb] for verb in verbs]:
            run = chancery(*line, "--help")
            assert run.returncode == 0
            assert "Example:\n  chancery " + noun in run.stdout, line
            assert run.stderr == ""


def test_what_comes_from_the_service_cannot_drive_the_terminal(chancery, fake):
    evil = "a\033]0;gotcha\007\u202e\u009b31m\nb"
    for row in fake.world["orders"].values():
        row["Reason"] = evil
    fake.world["accounts"][1]["Reason"] = evil
    fake.failures["Cancel"] = ("org.chancery.Chancery1.Error.Failed", evil)
    for arguments in (["order", "list"], ["order", "show", "3"], ["order", "watch", "4"], ["account", "show", "prod"], ["order", "cancel", "3"]):
        run = chancery(*arguments)
        text = run.stdout + run.stderr
        assert "gotcha" in text
        for bad in ("\033", "\007", "\u202e", "\u009b"):
            assert bad not in text, arguments


def test_long_lists_are_read_in_pages(chancery, fake):
    fake.world["page"] = 2
    run = chancery("order", "list")
    assert len(run.stdout.splitlines()) == 1 + 9
    assert [c[3][2] for c in fake.calls if c[1] == "ListOrders"] == ["", "2", "4", "6", "8"]
    fake.calls.clear()
    assert len(chancery("order", "list", "--limit", "3").stdout.splitlines()) == 1 + 3
    assert [c[3][3] for c in fake.calls if c[1] == "ListOrders"] == [3, 1]


def test_filters_arrive(chancery, fake):
    chancery("order", "list", "--state", "issued", "--state", "failed", "--account", "prod", "--search", "www", "--open",
             "--ends-within", "30", "--sort", "-not-after")
    (call,) = [c for c in fake.calls if c[1] == "ListOrders"]
    wanted, sort = call[3][:2]
    assert abs(wanted.pop("ends-before") - (world.NOW + 30 * 86400)) < 5
    assert wanted == {"states": ["issued", "failed"], "account": "prod", "search": "www", "open": True}
    assert sort == "-not-after"


def test_deployment_arrives(chancery, fake):
    chancery("deploy", "add", "web", "--server", "here", "--name", "a.test", "--name", "b.test", "--all", "/x,owner=root",
             "--signal", "/run/x:1.pid:HUP", "--check", "[::1]:8443/a.test", "--check", "localhost:1",
             "--check", "[::1]:25/a.test,starttls=smtp,patience=90")
    (call,) = [c for c in fake.calls if c[1] == "AddDeployment"]
    assert call[3] == ("web", {
        "server": "here", "names": ["a.test", "b.test"], "files": [{"part": "all", "path": "/x", "owner": "root"}],
        "action": {"kind": "signal", "pid-file": "/run/x:1.pid", "signal": "HUP"},
        "checks": [{"host": "::1", "port": 8443, "sni": "a.test"}, {"host": "localhost", "port": 1},
                   {"host": "::1", "port": 25, "sni": "a.test", "starttls": "smtp", "patience": 90}],
    }, {})


def test_order_arrives(chancery, fake, tmp_path):
    (tmp_path / "csr").write_text("CSR\n")
    (tmp_path / "key").write_text("KEY\n")
    chancery("order", "new", "a.test", "b.test", "--account", "prod", "--dns", "ns1", "--product", "alphassl", "--method", "dns",
             "--key-algorithm", "rsa-2048", "--term", "6", "--contact-first-name", "Ada", "--contact-email", "a@b.test",
             "--csr", "csr", "--private-key", "key")
    (call,) = [c for c in fake.calls if c[1] == "NewOrder"]
    assert call[3] == (["a.test", "b.test"], {
        "account": "prod", "dns-account": "ns1", "product": "alphassl", "method": "dns", "key": "rsa-2048", "term": 6,
        "contact": {"first-name": "Ada", "email": "a@b.test"}, "csr": "CSR\n", "private-key": "KEY\n",
    }, {})


def test_completion(chancery, fake):
    def offered(*words):
        return chancery("__complete", *words).stdout.split()

    assert offered("or") == ["order"]
    assert offered("order", "ca") == ["cancel"]
    assert offered("account", "show", "") == ["prod"]
    assert offered("dns", "test", "h") == ["hill"]
    assert offered("dns", "leftovers", "--remove", "7", "1") == ["12"]
    assert offered("dns", "add", "") == ["clay", "smoke"]
    assert offered("order", "show", "shop") == ["shop.example.test"]
    assert "--reload-unit" in offered("deploy", "add", "--re")
    assert offered("nothing", "here", "") == []
    assert offered("--dns", "") == ["ns1", "hill"]
    assert offered("order", "new", "a.test", "--account", "p") == ["prod"]
    assert offered("order", "new", "a.test", "--method", "s") == ["seal", "scroll"]
    assert offered("order", "new", "*.a.test", "--method", "") == ["seal"]
    assert offered("order", "new", "--product", "o") == ["organizationssl"]
    assert offered("profile", "show", "f") == ["firm"]
    assert offered("deploy", "add", "web", "--server", "") == ["here"]
    assert offered("order", "list", "--state", "iss") == ["issued"]
    assert offered("certificate", "export", "shop", "--format", "pk") == ["pkcs7", "pkcs12"]
    assert offered("key", "restore", "o") == ["old.example.test"]
    assert offered("dns", "add", "clay", "new", "--po") == ["--port"]
    assert offered("dns", "edit", "ns1", "--key") == ["--key-file"]
    assert offered("profile", "edit", "firm", "--n") == ["--name", "--no-color"]
    # Options and their values are no words of the command, wherever they stand.
    assert offered("--address", "unix:path=/x", "or") == ["order"]
    assert offered("--json", "order", "--account", "prod", "sh") == ["show"]
    assert offered("order", "show", "--json", "shop") == ["shop.example.test"]
    assert offered("dns", "add", "clay", "new", "--port", "53", "--po") == ["--port"]
    assert offered("dns", "add", "clay", "new", "--port", "") == []
    assert offered("account", "add", "paperca", "new", "--environment", "") == ["production", "test"]
    assert offered("account", "add", "paperca", "new", "--user", "jane", "--environment", "t") == ["test"]


def test_completion_in_bash(chancery, fake, tmp_path):
    """The shell's part: options do not count as words, files come from the shell."""
    (tmp_path / "chancery").symlink_to(PROGRAM)
    script = fake_service.XML.parents[1] / "completions/chancery.bash"
    code = f"""
        PATH=$PWD:$PATH; . {script}; compopt() {{ :; }}
        complete_line() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _chancery; echo "${{COMPREPLY[*]}}"; }}
        complete_line chancery --json dns sh
        complete_line chancery account show --no-color ""
        complete_line chancery order new --csr cha
        complete_line chancery order list --op
        complete_line chancery order new www.example.test --dns n
        complete_line chancery order new "*.example.test" --json --method s
        complete_line chancery order new www.example.test --dns =
        complete_line chancery order new www.example.test --account = pr
        complete_line chancery --address unix:path=/x dns sh
    """
    run = subprocess.run(["bash", "-c", code], env=chancery.environment, cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.splitlines() == ["show", "prod", "chancery", "--open", "ns1", "seal", "ns1 hill", "prod", "show"], run.stderr


def test_a_dns_test_writes_in_a_zone_or_nothing(chancery, fake):
    refused = chancery("dns", "test", "ns1")
    assert refused.returncode == 2 and "--read-only" in refused.stderr
    fake.world["jobs"][1] = world.job("done", ["The credentials are good"])
    run = chancery("dns", "test", "ns1", "--read-only")
    assert "The credentials are good" in run.stdout
    assert any(call[1] == "Test" and call[3][0] == "" and call[3][1]["read-only"] for call in fake.calls), fake.calls


def test_long_settings_do_not_fill_the_screen(chancery, fake):
    fake.world["accounts"][1]["Settings"]["ca-certificate"] = "one\ntwo\nthree\n"
    run = chancery("account", "show", "prod")
    assert "  ca-certificate  (3 lines)\n" in run.stdout
    assert "two" not in run.stdout


def test_the_program_knows_no_provider():
    """What a kind needs is told by the service."""
    root = fake_service.XML.parents[2]
    names = ["globalsign", "rfc2136", "cloudflare", "route53", "azure", "godaddy", "cloudns"]
    for folder in ("cli", "lib"):
        for file in (root / folder).glob("*.[ch]"):
            text = file.read_text().lower()
            # The products are GlobalSign's, and the comment of their enumeration may say so.
            text = text.replace("globalsign's retail tls products", "").replace("globalsign's api accept", "")
            assert not [name for name in names if name in text], file


def test_an_order_shows_what_was_agreed(chancery, fake):
    fake.world["orders"][1].update({"Kind": "transfer", "Options": {"licenses": "3", "coupon": "SAVE", "replaces": "M" * 900}})
    shown = chancery("order", "show", "1").stdout
    assert re.search(r"Kind +transfer\n", shown)
    assert re.search(r"Options +coupon=SAVE, licenses=3, replaces=…\n", shown)
