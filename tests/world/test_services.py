# SPDX-License-Identifier: GPL-3.0-or-later
"""Real services, each deployed to through a template: what they refuse is taken back, and what they had is served on."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest

from conftest import ZONE, eventually
from world import free_port

HOST = f"www.{ZONE}"


def fingerprint(pem: str) -> str:
    return subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=pem, capture_output=True, text=True).stdout.strip()


class Service:
    """One in a folder of its own, with a certificate of its own to begin with."""
    program = ""
    single = False          # key and certificates are one file
    starttls = None
    test = None
    options = ()            # of “deploy add”
    patience = None         # seconds

    def __init__(self, folder: pathlib.Path):
        self.dir = folder
        self.port = free_port()
        self.process = None
        self.pem, self.key = folder / "tls.pem", folder / "tls.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                        "-subj", "/CN=old.invalid", "-keyout", self.key, "-out", self.pem], check=True, capture_output=True)
        if self.single:
            self.pem.write_text(self.key.read_text() + self.pem.read_text())
            self.key.unlink()
            self.pem.chmod(0o600)
        else:
            self.key.chmod(0o600)
        self.configure()

    def configure(self) -> None:
        """Writes the configuration, the sound one."""

    def break_config(self) -> None:
        with self.config.open("a") as out:
            out.write("\nthis is { no configuration\n")

    def start(self) -> None:
        self.process = subprocess.Popen([*map(str, self.command)], stdout=(self.dir / "out").open("wb"), stderr=subprocess.STDOUT,
                                        start_new_session=True)
        eventually(self.served, 20)

    def supervise(self, command: str) -> None:
        """Starts it again whenever it ends, and that is its reload."""
        self.command = ["/bin/sh", "-c", f"while :; do sh -c 'echo $$ >{self.dir}/pid; exec {command}'; sleep 0.2; done"]
        self.reload = ["/bin/sh", "-c", f"kill $(cat {self.dir}/pid) || true"]

    def stop(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)

    def file_groups(self, right: bool) -> str:
        def group(name, part, path):
            return f"[file {name}]\npart={part}\npath={path}\n"
        return (group("all", "all" if right else "fullchain", self.pem) if self.single else
                group("fullchain", "fullchain", self.pem) + group("key", "key" if right else "certificate", self.key))

    def template(self, right: bool = True) -> str:
        """As the template that Chancery brings, in our folder; the wrong one leaves the service without its key."""
        text = f"[template]\ntitle=A service\n{self.file_groups(right)}[reload]\nargv={';'.join(map(str, self.reload))}\n"
        if self.test:
            text += f"[test]\nargv={';'.join(map(str, self.test))}\n"
        text += f"[check]\nhost=127.0.0.1\nport={self.port}\n"
        if self.patience and right:
            text += f"patience={self.patience}\n"
        return text + (f"starttls={self.starttls}\n" if self.starttls else "")

    def served(self) -> str | None:
        words = {"postgresql": "postgres"}
        starttls = ["-starttls", words.get(self.starttls, self.starttls)] if self.starttls else []
        try:
            shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername", HOST, *starttls],
                                   input="", capture_output=True, text=True, timeout=10).stdout
        except subprocess.TimeoutExpired:
            return None
        return fingerprint(shown) or None

    def files(self) -> dict:
        return {p.name: p.read_bytes() for p in self.pem.parent.glob("tls.*")}

    def installed(self) -> str:
        """The fingerprint of what stands in the file."""
        return fingerprint(self.pem.read_text())


class Nginx(Service):
    program = "nginx"

    def configure(self):
        self.config = self.dir / "nginx.conf"
        temporary = "".join(f"{k}_temp_path {self.dir}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.config.write_text(f"""daemon off; pid {self.dir}/pid; error_log {self.dir}/log; events {{}}
http {{ access_log off; {temporary}
  server {{ listen 127.0.0.1:{self.port} ssl; ssl_certificate {self.pem}; ssl_certificate_key {self.key}; }} }}
""")
        self.command = ["/usr/sbin/nginx", "-c", self.config, "-e", self.dir / "log"]
        self.test = [*self.command, "-t", "-q"]
        self.reload = [*self.command, "-s", "reload"]


class Apache(Service):
    program = "apache2"

    def configure(self):
        self.config = self.dir / "apache.conf"
        modules = "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in ("mpm_event", "authz_core", "ssl"))
        self.config.write_text(f"""{modules}ServerRoot {self.dir}
ServerName localhost
PidFile {self.dir}/pid
DefaultRuntimeDir {self.dir}
ErrorLog {self.dir}/log
User www-data
Group www-data
Mutex posixsem
Listen 127.0.0.1:{self.port}
SSLEngine on
SSLCertificateFile {self.pem}
SSLCertificateKeyFile {self.key}
""")
        command = ["/usr/sbin/apache2", "-d", self.dir, "-f", self.config]
        # Its own test does not see that a key is another certificate's; a graceful restart with such files ends it, and
        # whoever supervises it starts it again.
        self.command = ["/bin/sh", "-c", f"while :; do {' '.join(map(str, command))} -D FOREGROUND; sleep 0.2; done"]
        self.test = [*command, "-t"]
        self.reload = ["/bin/sh", "-c", f"kill -USR1 $(cat {self.dir}/pid) || true"]


class HAProxy(Service):
    program = "haproxy"
    single = True

    def configure(self):
        self.config = self.dir / "haproxy.cfg"
        self.config.write_text(f"""defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend tls
  bind 127.0.0.1:{self.port} ssl crt {self.pem}
  http-request return status 200
""")
        self.command = ["/usr/sbin/haproxy", "-W", "-p", self.dir / "pid", "-f", self.config]
        self.test = ["/usr/sbin/haproxy", "-c", "-q", "-f", self.config]
        self.reload = ["/bin/sh", "-c", f"kill -USR2 $(cat {self.dir}/pid)"]


class Postfix(Service):
    program = "postfix"
    single = True
    starttls = "smtp"

    def configure(self):
        self.config = self.dir / "main.cf"
        for name in ("queue", "data"):
            (self.dir / name).mkdir(exist_ok=True)
        shutil.chown(self.dir / "data", "postfix")
        self.config.write_text(f"""compatibility_level = 3.6
queue_directory = {self.dir}/queue
data_directory = {self.dir}/data
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_tls_chain_files = {self.pem}
smtpd_tls_security_level = may
smtpd_tls_session_cache_database =
alias_maps =
""")
        (self.dir / "master.cf").write_text(f"""127.0.0.1:{self.port} inet n - n - - smtpd
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
""")
        command = ["/usr/sbin/postfix", "-c", self.dir]
        self.command = [*command, "start-fg"]
        # A configuration that cannot be parsed is only warned of by its own check; a wrong file of keys is not looked at.
        self.test = ["/bin/sh", "-c", f"/usr/sbin/postfix -c {self.dir} check && openssl pkey -noout -in {self.pem}"]
        self.reload = [*command, "reload"]

    def break_config(self):
        (self.dir / "main.cf").write_text("queue_directory = /nowhere\n")

    def stop(self):
        subprocess.run(["/usr/sbin/postfix", "-c", self.dir, "stop"], capture_output=True)
        super().stop()


class Dovecot(Service):
    program = "dovecot"
    starttls = "imap"

    def configure(self):
        self.config = self.dir / "dovecot.conf"
        self.config.write_text(f"""base_dir = {self.dir}/run
state_dir = {self.dir}/state
log_path = {self.dir}/log
protocols = imap
ssl = required
ssl_cert = <{self.pem}
ssl_key = <{self.key}
mail_location = maildir:{self.dir}/mail
passdb {{
  driver = static
  args = nopassword=y
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
        self.command = ["/usr/sbin/dovecot", "-F", "-c", self.config]
        self.test = ["/usr/bin/doveconf", "-c", self.config, "ssl"]
        self.reload = ["/usr/bin/doveadm", "-c", self.config, "reload"]


class PostgreSQL(Service):
    program = "pg_ctl"
    starttls = "postgresql"

    def configure(self):
        binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        as_user = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(self.key, "root", "postgres")
        self.key.chmod(0o640)
        data = self.dir / "data"
        data.mkdir(mode=0o700)
        shutil.chown(data, "postgres", "postgres")
        subprocess.run([*as_user, binaries / "initdb", "-D", data, "-A", "trust", "--no-sync"], check=True, capture_output=True, cwd="/")
        self.config = data / "postgresql.conf"
        self.config.write_text(f"""listen_addresses = '127.0.0.1'
port = {self.port}
unix_socket_directories = ''
ssl = on
ssl_cert_file = '{self.pem}'
ssl_key_file = '{self.key}'
""")
        self.command = [*as_user, binaries / "postgres", "-D", data]
        self.reload = [*as_user, binaries / "pg_ctl", "reload", "-D", data]

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)


class OpenLDAP(Service):
    program = "slapd"
    starttls = "ldap"

    def configure(self):
        self.config = self.dir / "slapd.conf"
        (self.dir / "data").mkdir()
        self.config.write_text(f"""include /etc/ldap/schema/core.schema
pidfile {self.dir}/pid
TLSCertificateFile {self.pem}
TLSCertificateKeyFile {self.key}
database ldif
suffix dc=example,dc=test
directory {self.dir}/data
""")
        # it takes new files only when it is started again
        self.supervise(f"/usr/sbin/slapd -h ldap://127.0.0.1:{self.port} -f {self.config} -d 0")
        self.test = ["/usr/sbin/slaptest", "-Q", "-u", "-f", self.config]


class Tomcat(Service):
    program = "tomcat"
    password = "geheim-8"
    patience = 60
    home = pathlib.Path("/usr/share/tomcat10")

    def configure(self):
        given = self.dir / "password"
        given.write_text(self.password)
        self.options = ["--password-file", given]
        pem, self.pem = self.pem, self.dir / "tls.p12"
        subprocess.run(["openssl", "pkcs12", "-export", "-in", pem, "-inkey", self.key, "-name", "tomcat", "-passout",
                        f"pass:{self.password}", "-out", self.pem], check=True)
        for name in ("conf", "logs", "temp", "webapps", "work"):
            (self.dir / name).mkdir()
        (self.dir / "conf" / "web.xml").write_text("<web-app/>")
        (self.dir / "conf" / "server.xml").write_text(f"""<Server port="-1"><Service name="Catalina">
<Connector address="127.0.0.1" port="{self.port}" SSLEnabled="true"><SSLHostConfig>
<Certificate certificateKeystoreFile="{self.pem}" certificateKeystoreType="PKCS12" certificateKeystorePassword="{self.password}"
  certificateKeyAlias="tomcat"/></SSLHostConfig></Connector>
<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>
""")
        self.supervise(f"env CATALINA_BASE={self.dir} CATALINA_HOME={self.home} {self.home}/bin/catalina.sh run")

    def file_groups(self, right):
        return f"[file all]\nformat=pkcs12\nalias={'tomcat' if right else 'nobody'}\npath={self.pem}\n"

    def installed(self):
        return fingerprint(subprocess.run(["openssl", "pkcs12", "-in", self.pem, "-nokeys", "-clcerts", "-passin", f"pass:{self.password}"],
                                          check=True, capture_output=True, text=True).stdout)


class Cockpit(Service):
    program = "cockpit-ws"
    folder = pathlib.Path("/usr/lib/cockpit")

    def configure(self):
        place = self.dir / "cockpit" / "ws-certs.d"
        place.mkdir(parents=True)
        self.pem, self.key = self.pem.rename(place / "tls.cert"), self.key.rename(place / "tls.key")
        # its TLS of before systemd's sockets, which takes the same files
        there = f"env XDG_CONFIG_DIRS={self.dir} {self.folder}"
        self.supervise(f"{there}/cockpit-ws --address=127.0.0.1 --port={self.port}")
        self.test = ["/usr/bin/env", f"XDG_CONFIG_DIRS={self.dir}", self.folder / "cockpit-certificate-ensure", "--check"]

    def break_config(self):
        # the last of the folder counts
        (self.pem.parent / "zzz.cert").write_text("this is no certificate\n")


def is_installed(kind) -> bool:
    if kind is PostgreSQL:
        return any(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if kind is Tomcat:
        return (kind.home / "bin" / "catalina.sh").exists()
    if kind is Cockpit:
        return (kind.folder / kind.program).exists()
    return shutil.which(kind.program, path="/usr/sbin:/usr/bin") is not None


@pytest.fixture
def service(request):
    if not is_installed(request.param):
        pytest.skip(f"{request.param.program} is not installed")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="chancery-service-"))
    folder.chmod(0o755)
    it = request.param(folder)
    try:
        it.start()
        yield it
    finally:
        it.stop()
        shutil.rmtree(folder)


def run_of(admin):
    run = admin.json("deploy", "show", "web")["runs"][0]
    return run["result"], [step["step"] + ("" if step["ok"] else "!") for step in run["steps"]], run


@pytest.mark.parametrize("service", [Nginx, Apache, HAProxy, Postfix, Dovecot, PostgreSQL, OpenLDAP, Tomcat, Cockpit], indirect=True,
                         ids=lambda kind: kind.__name__.lower())
def test_service(world, admin, service):
    for name, text in {"service": service.template(), "wrong": service.template(right=False)}.items():
        (world.templates / f"{name}.conf").write_text(text)
        (world.templates / f"{name}.conf").chmod(0o644)
    admin.set_up()
    admin.run("order", "new", HOST, "--wait")
    old, files = service.served(), service.files()

    # what the service refuses is taken back
    admin.run("deploy", "add", "web", "--template", "wrong", "--server", "here", "--name", HOST, *map(str, service.options))
    assert admin.wait_for_deployment("web", "failed", "deployed")["state"] == "failed"
    result, steps, run = run_of(admin)
    assert "swap" in steps and "restore" in steps and "settle" not in steps, run
    assert service.files() == files
    eventually(lambda: service.served() == old, 20)

    # what it takes is served
    admin.run("deploy", "edit", "web", "--template", "service")
    admin.wait_for_deployment("web", "deployed")
    result, steps, run = run_of(admin)
    assert result == "deployed" and steps[-1] == "settle", run
    new = service.served()
    assert new != old
    assert new == service.installed()

    # a configuration that is broken already is not touched
    if service.test:
        files = service.files()
        service.break_config()
        failed = admin.run("deploy", "run", "web", check=False)
        result, steps, run = run_of(admin)
        assert failed.returncode != 0 and "Nothing was touched" in failed.stderr
        assert "test!" in steps and "swap" not in steps, run
        assert service.files() == files
        assert service.served() == new
