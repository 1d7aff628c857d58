# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets come from files, standard input and prompts; never from the command line, never back out."""

import signal
import stat

import pytest

SECRET = "Sesame-öffne-dich"
ADD = ["account", "add", "paperca", "prod", "--user", "jane"]


def sent(fake, method="AddAccount"):
    (call,) = [c for c in fake.calls if c[1] == method]
    return call[3]


@pytest.mark.parametrize("content", [SECRET, SECRET + "\n", SECRET + "\r\n"])
@pytest.mark.parametrize("options", [
    ["--password-file", "secret"], ["--password-file=secret"], ["--secret-file", "password=secret"],
])
def test_from_a_file(chancery, fake, tmp_path, options, content):
    (tmp_path / "secret").write_bytes(content.encode())
    run = chancery(*ADD, *options)
    assert run.returncode == 0, run.stderr
    assert sent(fake) == ("paperca", "prod", {"user": "jane"}, {"password": SECRET}, {})
    assert SECRET not in run.stdout + run.stderr


def test_from_standard_input(chancery, fake):
    run = chancery(*ADD, "--password-file", "-", input=SECRET + "\n")
    assert run.returncode == 0, run.stderr
    assert sent(fake)[3] == {"password": SECRET}


def test_a_key_file_keeps_its_lines(chancery, fake, tmp_path):
    key = 'key "x" {\n  secret "abc";\n};\n'
    (tmp_path / "key").write_text(key)
    for options in (["--key-file", "key"], ["--secret-file", "key-file=key"]):
        fake.calls.clear()
        run = chancery("dns", "add", "clay", "ns1", "--server", "127.0.0.1", *options)
        assert run.returncode == 0, run.stderr
        assert sent(fake, "AddDnsAccount")[3] == {"key-file": key}


def test_a_setting_from_a_file(chancery, fake, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "ca.pem").write_text("one\ntwo\n")
    run = chancery(*ADD, "--password-file", "secret", "--set-file", "ca-certificate=ca.pem", "--set", "environment=test")
    assert run.returncode == 0, run.stderr
    assert sent(fake)[2] == {"user": "jane", "environment": "test", "ca-certificate": "one\ntwo\n"}


@pytest.mark.parametrize("options", [
    ["--password", SECRET], [f"--password={SECRET}"], ["--set", f"password={SECRET}"],
])
def test_refused_on_the_command_line(chancery, fake, options):
    run = chancery(*ADD, *options)
    assert run.returncode == 2
    assert "give the name of a file with “--password-file FILE”" in run.stderr
    assert SECRET not in run.stdout + run.stderr
    assert "AddAccount" not in [c[1] for c in fake.calls]


@pytest.mark.parametrize("content,sentence", [
    (b"", "is empty"),
    (b"\n", "must be one line"),
    (b"two\nlines\n", "must be one line"),
    (b"zero\0byte", "not text in UTF-8"),
    (b"\xff\xfe", "not text in UTF-8"),
    (b"x" * (64 * 1024 + 1), "longer than 64 KiB"),
])
def test_bad_files(chancery, fake, tmp_path, content, sentence):
    (tmp_path / "secret").write_bytes(content)
    run = chancery(*ADD, "--password-file", "secret")
    assert run.returncode == 2
    assert sentence in run.stderr
    assert "password" in run.stderr


def test_unreadable_files(chancery, fake, tmp_path):
    for name, why in (("absent", "No such file"), (".", "Is a directory")):
        run = chancery(*ADD, "--password-file", name)
        assert run.returncode == 1
        assert f"“{name}” for “password” cannot be read" in run.stderr and why in run.stderr


def test_an_endless_file_is_not_read_to_its_end(chancery, fake):
    run = chancery(*ADD, "--password-file", "/dev/zero")
    assert run.returncode == 2


def test_asked_without_echo(chancery, fake):
    terminal = chancery.terminal(*ADD)
    terminal.expect("Password (password): ")
    assert not terminal.echoes()
    terminal.send(SECRET + "\n")
    assert terminal.wait() == 0
    assert SECRET not in terminal.output
    assert sent(fake)[3] == {"password": SECRET}


def test_the_terminal_is_as_it_was_after_ctrl_c(chancery, fake):
    terminal = chancery.terminal(*ADD)
    terminal.expect("Password (password): ")
    terminal.send("half\003")
    terminal._read(lambda: terminal.echoes())
    assert terminal.echoes()
    assert terminal.wait() == -signal.SIGINT
    assert "AddAccount" not in [c[1] for c in fake.calls]


def test_nothing_typed(chancery, fake):
    terminal = chancery.terminal(*ADD)
    terminal.expect("Password (password): ")
    terminal.send("\004")
    assert terminal.wait() == 1
    assert "Nothing was typed" in terminal.output


def test_what_is_missing_is_said_before_a_secret_is_typed(chancery, fake):
    terminal = chancery.terminal("account", "add", "paperca", "prod")
    assert terminal.wait() == 2
    assert "“user” (User name) is missing" in terminal.output
    assert "Password (password)" not in terminal.output


def test_edit_sends_only_what_changes(chancery, fake, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    run = chancery("account", "edit", "prod", "--password-file", "secret", "--unset", "environment", "--rename", "main")
    assert run.returncode == 0, run.stderr
    assert sent(fake, "Edit") == ({"environment": ""}, {"password": SECRET}, {"name": "main"})


def test_key_export_to_a_file(chancery, fake, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    run = chancery("key", "export", "1", "--password-file", "secret", "--out", "www.key")
    assert run.returncode == 0, run.stderr
    assert sent(fake, "ExportKey") == ({"password": SECRET},)
    file = tmp_path / "www.key"
    assert file.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    again = chancery("key", "export", "1", "--plain", "--out", "www.key")
    assert again.returncode == 1
    assert "is there already" in again.stderr


def test_key_export_asks_twice(chancery, fake):
    terminal = chancery.terminal("key", "export", "1")
    terminal.expect("Password to encrypt the key with: ")
    terminal.send(SECRET + "\n")
    terminal.expect("The same again: ")
    terminal.send("something else\n")
    assert terminal.wait() == 2
    assert "The two passwords differ" in terminal.output
    assert "ExportKey" not in [c[1] for c in fake.calls]


def test_no_open_key_on_a_terminal(chancery, fake):
    terminal = chancery.terminal("key", "export", "1", "--plain")
    assert terminal.wait() == 2
    assert "not shown on a terminal" in terminal.output
