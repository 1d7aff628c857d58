# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that are taken out; Java key stores are read again by Java."""

import shutil
import stat
import subprocess

import pytest

PASSWORD = "open sesame"


def openssl(*arguments, folder):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def pkcs12(tmp_path):
    """As the service would write it."""
    made = tmp_path / "made"
    made.mkdir()
    (made / "password").write_text(PASSWORD)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=www.example.test", "-keyout", "key.pem", "-out", "cert.pem",
            folder=made)
    openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-name", "www.example.test", "-passout", "file:password",
            "-out", "made.p12", folder=made)
    (tmp_path / "password").write_text(PASSWORD + "\n")
    return made


@pytest.fixture
def keytool():
    if shutil.which("keytool") is None:
        pytest.skip("keytool is not installed")


def entries(store):
    done = subprocess.run(["keytool", "-list", "-keystore", store, "-storepass:env", "PASSWORD"], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "PASSWORD": PASSWORD, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_java_key_store_with_the_key(chancery, fake, pkcs12, keytool, tmp_path):
    fake.answers["ExportCertificate"] = lambda *_: ((pkcs12 / "made.p12").read_bytes(),)
    run = chancery("certificate", "export", "2", "--format", "jks", "--key", "--password-file", "password", "--out", "out.jks")
    assert run.returncode == 0, run.stderr
    _, _, _, arguments = [c for c in fake.calls if c[1] == "ExportCertificate"][0]
    assert arguments == (2, "pkcs12", {"key": True, "password": PASSWORD})
    assert stat.S_IMODE((tmp_path / "out.jks").stat().st_mode) == 0o600
    assert "PrivateKeyEntry" in entries(tmp_path / "out.jks")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("chancery-")] == []


def test_a_java_key_store_of_certificates(chancery, fake, pkcs12, keytool, tmp_path):
    pem = (pkcs12 / "cert.pem").read_text()
    for row in fake.world["certificates"][1]:
        row["Pem"] = row["Chain"] = type(row["Pem"])("s", pem)
    run = chancery("certificate", "export", "2", "--format", "jks", "--password-file", "password", "--out", "out.jks")
    assert run.returncode == 0, run.stderr
    assert entries(tmp_path / "out.jks").count("trustedCertEntry") == 2


def test_without_keytool_the_error_says_so(chancery, fake, pkcs12):
    run = chancery("certificate", "export", "2", "--format", "jks", "--password-file", "password", env={"PATH": "/nowhere"})
    assert run.returncode == 1
    assert "default-jre-headless" in run.stderr


@pytest.mark.parametrize("arguments, says", [
    (["--format", "jks"], "--password-file"),
    (["--format", "pkcs12", "--key", "--plain"], "always has a password"),
    (["--format", "jks", "--password-file", "short"], "6 characters"),
    (["--format", "jks", "--password-file", "foreign"], "ASCII"),
])
def test_passwords_that_cannot_be(chancery, fake, tmp_path, arguments, says):
    (tmp_path / "short").write_text("12345\n")
    (tmp_path / "foreign").write_text("schönes Geheimnis\n")
    run = chancery("certificate", "export", "2", *arguments)
    assert run.returncode == 2, run.stderr
    assert says in run.stderr


def test_what_is_no_text_is_not_for_a_terminal(chancery, fake):
    run = chancery.terminal("certificate", "export", "2", "--format", "der")
    assert run.wait() == 2
    assert "--out FILE" in run.output


def test_a_file_that_is_there_stays(chancery, fake, tmp_path):
    (tmp_path / "out.pem").write_text("old")
    run = chancery("certificate", "export", "2", "--out", "out.pem")
    assert run.returncode == 1
    assert (tmp_path / "out.pem").read_text() == "old"
