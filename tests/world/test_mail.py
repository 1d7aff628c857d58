# SPDX-License-Identifier: GPL-3.0-or-later
"""People are told by e-mail: by a real SMTP server with STARTTLS and a login."""

import email
import email.policy
import pathlib
import socket
import ssl
import subprocess
import threading

import pytest

aiosmtpd = pytest.importorskip("aiosmtpd")
from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import SMTP, AuthResult  # noqa: E402

from conftest import ZONE, eventually  # noqa: E402

HOST = f"www.{ZONE}"
PASSWORD = "correct-horse-7313"
NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"


def run_openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A throw-away CA: ca.pem, and server.pem with its key."""
    folder = tmp_path_factory.mktemp("authority")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run_openssl("req", "-x509", *key, "-subj", "/CN=Throw-away CA", "-days", 30, "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    run_openssl("req", *key, "-subj", "/CN=localhost", "-keyout", folder / "server.key", "-out", folder / "server.csr")
    (folder / "ext").write_text(NAMES + "\n")
    run_openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
                "-days", 30, "-extfile", folder / "ext", "-out", folder / "server.pem")
    return folder


class Mailbox:
    """An SMTP server that keeps what it takes. One that is down gives its port to nobody."""

    def __init__(self, authority: pathlib.Path):
        self.mails, self.logins, self.port, self.controller = [], [], 0, None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority / "server.pem", authority / "server.key")

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((mechanism, bytes(data.login), bytes(data.password)))
        good = data.login == b"mailer" and data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=good)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 Taken as number 1"

    def start(self):
        mailbox = self

        class Server(Controller):
            def factory(self):
                return SMTP(mailbox, hostname="mail.test", require_starttls=True, tls_context=mailbox.context, auth_required=True,
                            authenticator=mailbox.authenticate, loop=self.loop)

        if not self.port:
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                self.port = one.getsockname()[1]
        self.controller = Server(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
            self.controller = None

    def parsed(self, index=-1):
        return email.message_from_bytes(self.mails[index].content, policy=email.policy.default)


@pytest.fixture
def mailbox(authority):
    it = Mailbox(authority)
    it.start()
    yield it
    it.stop()


def configure(world, mailbox, authority, **changes):
    values = {"server": "127.0.0.1", "port": mailbox.port, "user": "mailer", "from": "chancery@example.test",
              "to": "ada@example.test;ben@example.test", "ca-certificate": authority / "ca.pem", **changes}
    lines = "".join(f"{key}={value}\n" for key, value in values.items() if value is not None)
    (world.dir / "chanceryd.conf").write_text("[mail]\n" + lines)
    restart(world)


def restart(world):
    assert world.stop("chanceryd") == 0, world.log("chanceryd")[-4000:]
    world.start_daemon()


def set_password(admin, password=PASSWORD):
    admin.run("notify", "set-password", "--password-file", "-", stdin=password + "\n")


def assert_secret(world, *outputs):
    """The password is nowhere but in the vault, which is sealed."""
    process = world.processes["chanceryd"].pid
    places = [world.log("chanceryd"), *outputs]
    places += [pathlib.Path(f"/proc/{process}/{what}").read_bytes().decode(errors="replace") for what in ("environ", "cmdline")]
    places += [path.read_bytes().decode("latin-1") for path in world.state.rglob("*") if path.is_file()]
    assert len(places) > 4
    assert not [text for text in places if PASSWORD in text]


def test_how_to_configure(admin):
    test = admin.run("notify", "test", check=False)
    assert test.returncode == 1
    assert "[mail]" in test.stderr and "chanceryd.conf" in test.stderr


def test_a_test_mail(world, admin, mailbox, authority):
    configure(world, mailbox, authority)
    before = admin.run("notify", "test", check=False)
    assert before.returncode == 1 and "chancery notify set-password" in before.stderr
    assert not mailbox.logins

    set_password(admin, "wrong-one")
    wrong = admin.run("notify", "test", check=False)
    assert wrong.returncode == 1 and "does not take user “mailer”" in wrong.stderr and "wrong-one" not in wrong.stderr
    assert mailbox.logins and not mailbox.mails

    set_password(admin)
    good = admin.run("notify", "test")
    assert f"Connects to 127.0.0.1 port {mailbox.port}, STARTTLS" in good.stdout
    assert "encrypted" in good.stdout and "user “mailer”" in good.stdout and "250 Taken as number 1" in good.stdout

    assert [(mail.mail_from, mail.rcpt_tos) for mail in mailbox.mails] == [("chancery@example.test", ["ada@example.test", "ben@example.test"])]
    mail = mailbox.parsed()
    assert mail["Subject"].startswith("Chancery on ") and mail["Auto-Submitted"] == "auto-generated"
    assert [str(a) for a in mail["To"].addresses] == ["ada@example.test", "ben@example.test"]
    assert mail.get_content_type() == "text/plain" and "mail from Chancery arrives" in mail.get_content()
    assert_secret(world, wrong.stderr, good.stdout, admin.run("log").stdout, admin.run("--json", "log").stdout)


def test_nothing_goes_to_a_server_that_is_not_trusted(world, admin, mailbox, authority):
    configure(world, mailbox, authority, **{"ca-certificate": None})
    set_password(admin)
    test = admin.run("notify", "test", check=False)
    assert test.returncode == 1 and "not trusted" in test.stderr and "ca-certificate" in test.stderr
    assert not mailbox.logins and not mailbox.mails


def test_what_else_can_be_wrong(world, admin, mailbox, authority):
    configure(world, mailbox, authority, to="ada@example.test;nobody@example.test")
    set_password(admin)
    assert "nobody of that name" in admin.run("notify", "test").stdout      # the other one got it
    assert len(mailbox.mails) == 1

    configure(world, mailbox, authority, to="nobody@example.test")
    refused = admin.run("notify", "test", check=False)
    assert refused.returncode == 1 and "nobody of that name" in refused.stderr

    configure(world, mailbox, authority, **{"tls": "tls"})
    assert "starttls or tls" in admin.run("notify", "test", check=False).stderr

    mailbox.stop()
    configure(world, mailbox, authority)
    assert f"does not answer at port {mailbox.port}" in admin.run("notify", "test", check=False).stderr

    with socket.create_server(("127.0.0.1", mailbox.port)) as plain:        # offers no encryption
        heard = []

        def talk():
            peer, _ = plain.accept()
            with peer:
                peer.sendall(b"220 plain ESMTP\r\n")
                peer.recv(1000)
                peer.sendall(b"250-plain\r\n250 AUTH PLAIN\r\n")
                heard.append(peer.recv(1000))

        thread = threading.Thread(target=talk)
        thread.start()
        assert "offers no encryption" in admin.run("notify", "test", check=False).stderr
        thread.join(20)
        assert heard and b"AUTH" not in heard[0] and b"MAIL" not in heard[0]


def test_the_password_as_a_credential(world, admin, mailbox, authority, tmp_path):
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "chancery-mail-password").write_text(PASSWORD + "\n")
    world.daemon_env = {"CREDENTIALS_DIRECTORY": str(folder)}
    configure(world, mailbox, authority)
    admin.run("notify", "test")
    assert len(mailbox.mails) == 1
    assert_secret(world)


@pytest.mark.clock
def test_told_once_when_the_server_is_back(world, admin, mailbox, authority):
    admin.add_account(password="wrong")
    admin.add_dns()
    configure(world, mailbox, authority)
    set_password(admin)
    admin.run("account", "verify", "demo", check=False)
    assert admin.json("account", "list")[0]["state"] == "failing"
    mailbox.stop()

    def pass_time(seconds):
        world.clock.set_ahead(world.clock.ahead + seconds)
        restart(world)
        world.clock.set_ahead(world.clock.ahead + 90)
        for verb in ("disable", "enable"):      # the service looks at its clock when something happens
            admin.run("dns", verb, "ns1")

    pass_time(3600)
    failed = eventually(lambda: [e for e in admin.json("log") if e["action"] == "mail.failed"])
    assert "does not answer" in failed[0]["text"]
    assert any(row["name"] == "E-mail" for row in admin.json("status")["attention"])
    assert "E-mail" in admin.run("status").stdout

    mailbox.start()
    pass_time(3600)
    eventually(lambda: mailbox.mails)
    mail = mailbox.parsed()
    assert mail["Subject"] == "Chancery: demo needs you"
    assert "chancery account show demo" in mail.get_content() and "password" in mail.get_content()
    assert f"“chancery status” on {socket.gethostname()}" in mail.get_content()

    eventually(lambda: [e for e in admin.json("log") if e["action"] == "mail.sent"])
    for _ in range(3):
        pass_time(90000)
    assert len(mailbox.mails) == 1, "there was no news"
    assert not any(row["name"] == "E-mail" for row in admin.json("status")["attention"])
    assert_secret(world)
