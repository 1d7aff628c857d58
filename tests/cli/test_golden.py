# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see, compared with files in git.

CHANCERY_TEST_REGENERATE=1 writes them anew; the change is then seen in review.
"""

import os
import pathlib

import pytest

EXPECTED = pathlib.Path(__file__).parent / "expected"

COMMANDS = {
    "help": ["--help"],
    "help-order": ["order", "--help"],
    "help-order-import": ["order", "import", "--help"],
    "help-order-new": ["order", "new", "--help"],
    "help-dns-add": ["dns", "add", "--help"],
    "help-deploy-add": ["deploy", "add", "--help"],
    "help-log": ["log", "-h"],
    "account-list": ["account", "list"],
    "account-show": ["account", "show", "prod"],
    "account-verify": ["account", "verify", "prod"],
    "account-remove": ["account", "remove", "prod"],
    "dns-types": ["dns", "types"],
    "dns-types-kind": ["dns", "types", "clay"],
    "dns-list": ["dns", "list"],
    "server-files": ["server", "files"],
    "dns-leftovers": ["dns", "leftovers"],
    "dns-leftovers-remove": ["dns", "leftovers", "--remove", "7", "12"],
    "help-dns-leftovers": ["dns", "leftovers", "--help"],
    "json-dns-leftovers": ["dns", "leftovers", "--json"],
    "dns-disable": ["dns", "disable", "ns1"],
    "server-add": ["server", "add", "desk", "here"],
    "profile-list": ["profile", "list"],
    "profile-show": ["profile", "show", "firm"],
    "profile-add": ["profile", "add", "scribe", "ada", "--first-name", "Ada"],
    "profile-edit": ["profile", "edit", "ada", "--set", "first-name=Augusta", "--rename", "augusta"],
    "profile-remove": ["profile", "remove", "ada"],
    "deploy-list": ["deploy", "list"],
    "deploy-show": ["deploy", "show", "web"],
    "deploy-add": [
        "deploy", "add", "web", "--server", "here", "--name", "www.example.test", "--fullchain", "/etc/ssl/www.pem",
        "--key", "/etc/ssl/www.key,group=www-data,mode=0640", "--reload-unit", "nginx.service",
        "--check", "127.0.0.1:443/www.example.test",
    ],
    "order-import": ["order", "import", "--from", "2026-01-01", "--state", "issued"],
    "order-list": ["order", "list"],
    "order-list-none": ["order", "list", "--search", "nowhere"],
    "order-new": ["order", "new", "shop.example.test"],
    "order-new-dry": ["order", "new", "shop.example.test", "*.shop.example.test", "--dry-run"],
    "order-new-dry-bad": ["order", "new", "shop.example.test", "--dry-run", "--term", "24"],
    "order-show": ["order", "show", "1"],
    "order-show-idn": ["order", "show", "9"],
    "order-explain": ["order", "explain", "shop.example.test"],
    "order-watch-issued": ["order", "watch", "1"],
    "order-watch-failed": ["order", "watch", "4"],
    "order-plan": ["order", "plan", "1"],
    "order-replace": ["order", "replace", "1"],
    "order-replace-dry-run": ["order", "replace", "1", "--dry-run"],
    "order-reissue": ["order", "reissue", "1"],
    "order-renew": ["order", "renew", "1"],
    "order-cancel": ["order", "cancel", "3"],
    "order-validate": ["order", "validate", "3", "--method", "email", "--approver", "admin@example.test"],
    "order-validate-both": ["order", "validate", "3", "--dns", "ns1", "--by-hand"],
    "order-approvers": ["order", "approvers", "www.example.test"],
    "order-approver": ["order", "approver", "3", "admin@example.test"],
    "order-resend-mail": ["order", "resend-mail", "3"],
    "order-retry-fresh": ["order", "retry", "3", "--fresh"],
    "order-verify": ["order", "verify", "3"],
    "certificate-list": ["certificate", "list"],
    "certificate-show": ["cert", "show", "www.example.test"],
    "certificate-show-old": ["certificate", "show", "0f:0e:0d:0c:0b:0a"],
    "certificate-export": ["certificate", "export", "1"],
    "help-certificate-export": ["certificate", "export", "--help"],
    "order-note": ["order", "note", "1", "Ask", "Marvin", "first"],
    "order-tag": ["order", "tag", "1", "shop", "--untag", "old"],
    "order-revoke": ["order", "revoke", "1", "--yes"],
    "order-revoke-unasked": ["order", "revoke", "1"],
    "key-bin": ["key", "bin"],
    "key-restore": ["key", "restore", "2"],
    "key-export": ["key", "export", "1", "--plain"],
    "log": ["log"],
    "log-object": ["log", "--object", "dns/2"],
    "policy": ["policy"],
    "policy-none": ["policy", "--on", "tomorrow"],
    "status": ["status"],
    "status-calendar": ["status", "--calendar"],
    "status-check": ["status", "--check"],
    "json-account-list": ["account", "list", "--json"],
    "json-order-show": ["order", "show", "1", "--json"],
    "json-status": ["status", "--json"],
}

# Where the width of the terminal or its colours matter.
ON_A_TERMINAL = [
    "account-list",
    "account-verify",
    "certificate-list",
    "certificate-show",
    "deploy-list",
    "deploy-show",
    "dns-leftovers",
    "server-files",
    "dns-types-kind",
    "help-deploy-add",
    "log",
    "order-explain",
    "order-list",
    "order-plan",
    "order-show",
    "order-watch-failed",
    "order-watch-issued",
    "policy",
    "status",
    "status-calendar",
]


def compare(name, text):
    file = EXPECTED / f"{name}.txt"
    if os.environ.get("CHANCERY_TEST_REGENERATE"):
        file.write_text(text)
    assert text == file.read_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_in_a_pipe(chancery, fake, name):
    run = chancery(*COMMANDS[name])
    compare(name, f"$ chancery {' '.join(COMMANDS[name])}\n{run.stdout}{run.stderr}exit {run.returncode}\n")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ON_A_TERMINAL)
def test_on_a_terminal(chancery, fake, name, width):
    run = chancery.terminal(*COMMANDS[name], width=width)
    code = run.wait()
    text = run.output.replace("\033", "␛").replace("\r", "␍")
    compare(f"{name}.{width}", f"$ chancery {' '.join(COMMANDS[name])}\n{text}exit {code}\n")


def test_every_file_is_used():
    names = set(COMMANDS) | {f"{name}.{width}" for name in ON_A_TERMINAL for width in (80, 120)}
    assert {file.stem for file in EXPECTED.glob("*.txt")} == names
