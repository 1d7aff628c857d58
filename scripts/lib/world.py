# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole world for Chancery on this machine: bus, service, stand-in CA, name server, web server.

The demo shows it to people, the tests use the same. Everything lives in one folder and in processes
that die with this one; leaving the context removes both, and a janitor does so when this process is killed.
"""

import base64
import ctypes
import json
import os
import pathlib
import secrets
import select
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
ZONE = "example.test"

BUS_CONF = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={dir}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""

NAMED_CONF = """options {{
  directory "{dir}"; pid-file "named.pid"; session-keyfile none; lock-file none;
  listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  recursion no; dnssec-validation no; notify no; allow-transfer {{ any; }};
}};
controls {{ }};
include "{dir}/update.key";
"""

NAMED_ZONE = """zone "{zone}" {{
  type primary; file "{zone}.zone";
  update-policy {{ grant chancery zonesub TXT; }};
}};
"""

ZONE_FILE = """$TTL 300
@    IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 600 86400 60
@    IN NS  ns.{zone}.
@    IN TXT "v=spf1 -all"
ns   IN A   127.0.0.1
www  IN A   127.0.0.1
"""

NGINX_CONF = """daemon off;
user {user};
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {dir}/tmp1; proxy_temp_path {dir}/tmp2; fastcgi_temp_path {dir}/tmp3;
  uwsgi_temp_path {dir}/tmp4; scgi_temp_path {dir}/tmp5;
  server {{ listen 127.0.0.1:{http}; root {dir}/www; }}
  server {{
    listen 127.0.0.1:{https} ssl;
    server_name www.{zone};
    ssl_certificate {dir}/tls/www.pem;
    ssl_certificate_key {dir}/tls/www.key;
    root {dir}/www;
  }}
}}
"""


LOCAL_CONFIG = """[dns]
resolver=127.0.0.1:{dns}
[validation]
http-port={http}
https-port={https}
"""


class WorldError(Exception):
    """Something of the world did not start; the text says what and holds the end of its log."""


def free_port() -> int:
    """A TCP port that is free for UDP, too."""
    for _ in range(50):
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise WorldError("no free port")


def kill_with_parent(how: int):
    """What a child does between fork and exec, so that @how is sent to it when this process goes, however it goes."""
    PR_SET_PDEATHSIG = 1
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def begin() -> None:
        libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:      # gone already
            os.kill(os.getpid(), how)

    return begin


class World:
    def __init__(self, build: pathlib.Path = TOP / "build", daemon_args: tuple = ("--system",), bus: str | None = None,
                 zones: dict[str, str] | None = None, clock_env: dict[str, str] | None = None, is_local: bool = False):
        """@zones: more of them, or more lines for the one there is: {"sample.test": "alias CNAME www.example.test."}.
        @clock_env: by which the service, the CA and the name server, which signs with the time, see another one.
        @is_local: whether the service finds names, and files that prove control of them, where this world has them."""
        self.zones = {ZONE: "", **(zones or {})}
        self.build = pathlib.Path(build)
        self.daemon_args = daemon_args
        # The janitor makes the folder, so that there is no moment at which nobody would remove it.
        self.janitor = subprocess.Popen([sys.executable, "-B", pathlib.Path(__file__).with_name("janitor.py"), tempfile.gettempdir()],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True, env={})
        self.dir = pathlib.Path(os.fsdecode(self.janitor.stdout.readline().removesuffix(b"\n")))
        self.state = self.dir / "state"
        self.processes: dict[str, subprocess.Popen] = {}
        self.given_bus = bus
        self.bus_address = bus or f"unix:path={self.dir}/bus"
        self.dns_port = 0
        self.http_port = 0
        self.https_port = 0
        self.sandbox: dict = {}
        self.daemon_env: dict[str, str] = {}
        self.clock_env = clock_env or {}
        self.is_local = is_local
        self.templates = self.dir / "templates"

    # ---- life ----

    def __enter__(self) -> "World":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *unused) -> None:
        self.close()

    def start(self) -> None:
        if not self.given_bus:
            self.start_bus()
        self.start_named()
        self.start_nginx()
        self.start_sandbox()
        self.write_config()
        self.start_daemon()

    def close(self) -> None:
        try:
            for name in reversed(list(self.processes)):
                self.stop(name)
        finally:
            self.janitor.stdin.close()
            self.janitor.wait()

    # ---- processes ----

    def log(self, name: str) -> str:
        path = self.dir / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def spawn(self, name: str, argv: list, env: dict | None = None, **kwargs) -> subprocess.Popen:
        die = kill_with_parent(signal.SIGKILL)

        # Ctrl-C between fork and exec would be an exception of a Python that is not there any more.
        held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}

        def begin() -> None:
            """In the child: the janitor knows of it before it can start others."""
            for number in held:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, held)
            os.setpgid(0, 0)
            os.write(self.janitor.stdin.fileno(), b"+%d\n" % os.getpid())
            die()

        with open(self.dir / f"{name}.log", "ab") as log:
            kwargs.setdefault("stdout", log)
            before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
            try:
                self.processes[name] = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stderr=log,
                                                        env=env or self.clean_env(), preexec_fn=begin, **kwargs)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return self.processes[name]

    def stop(self, name: str, how: int = signal.SIGTERM) -> int:
        process = self.processes.pop(name)
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.janitor.stdin.write(b"-%d\n" % process.pid)
        return process.returncode

    def wait_for(self, name: str, ready, seconds: float = 20) -> None:
        process = self.processes[name]
        end = time.monotonic() + seconds
        while not ready():
            # a process that has just ended may be what is waited for
            if (process.poll() is not None and not ready()) or time.monotonic() > end:
                raise WorldError(f"{name} did not start:\n{self.log(name)[-4000:]}")
            select.select([], [], [], 0.02)

    def clean_env(self) -> dict:
        """Nothing of the caller's environment but what a program needs."""
        env = {"PATH": f"{self.build}/cli:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.dir), "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_DEBUG", "TERM", "NO_COLOR", "COLUMNS"):
            if name in os.environ:
                env[name] = os.environ[name]
        return env

    # ---- parts ----

    def start_bus(self) -> None:
        conf = self.dir / "bus.conf"
        conf.write_text(BUS_CONF.format(dir=self.dir))
        self.spawn("dbus-daemon", ["dbus-daemon", f"--config-file={conf}", "--nofork", "--nopidfile"])
        self.wait_for("dbus-daemon", (self.dir / "bus").exists)

    @property
    def key_file(self) -> pathlib.Path:
        return self.dir / "named" / "update.key"

    def start_named(self) -> None:
        folder = self.dir / "named"
        folder.mkdir(exist_ok=True)
        if not self.dns_port:
            self.dns_port = free_port()
            secret = base64.b64encode(secrets.token_bytes(32)).decode()
            self.key_file.write_text(f'key "chancery" {{ algorithm hmac-sha256; secret "{secret}"; }};\n')
            self.key_file.chmod(0o600)
            for zone, lines in self.zones.items():
                (folder / f"{zone}.zone").write_text(ZONE_FILE.format(zone=zone) + lines + "\n")
            (folder / "named.conf").write_text(NAMED_CONF.format(dir=folder, port=self.dns_port)
                                               + "".join(NAMED_ZONE.format(zone=zone) for zone in self.zones))
        self.spawn("named", ["named", "-f", "-c", folder / "named.conf", "-n", "1"], env={**self.clean_env(), **self.named_clock_env()})
        self.wait_for("named", lambda: self.dig(ZONE, "SOA") != [])

    def named_clock_env(self) -> dict[str, str]:
        """jemalloc asks for the time while libfaketime waits for its memory: here the C library's memory comes first."""
        env = dict(self.clock_env)
        if "LD_PRELOAD" in env:
            env["LD_PRELOAD"] += " libc.so.6"
        return env

    def dig(self, name: str, kind: str = "TXT") -> list[str]:
        out = subprocess.run(["dig", "@127.0.0.1", "-p", str(self.dns_port), "+short", "+norecurse", "+time=1", "+tries=1",
                              name, kind], capture_output=True, text=True)
        return [line for line in out.stdout.splitlines() if line and not line.startswith(";")]

    def nsupdate(self, zone: str, *lines: str) -> None:
        """A person's change of a zone."""
        script = "\n".join([f"server 127.0.0.1 {self.dns_port}", f"zone {zone}", *lines, "send", ""])
        subprocess.run(["nsupdate", "-k", self.key_file], input=script, text=True, check=True, capture_output=True,
                       env={**self.clean_env(), **self.named_clock_env()})

    def start_nginx(self) -> None:
        folder = self.dir / "nginx"
        if not self.https_port:
            (folder / "www").mkdir(parents=True)
            (folder / "tls").mkdir()
            (folder / "www" / "index.html").write_text("It works.\n")
            self.http_port, self.https_port = free_port(), free_port()
            user = "root" if os.getuid() == 0 else "nobody"
            (folder / "nginx.conf").write_text(NGINX_CONF.format(dir=folder, user=user, http=self.http_port,
                                                                 https=self.https_port, zone=ZONE))
            self.make_first_certificate(folder / "tls")
        self.spawn("nginx", ["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"])
        self.wait_for("nginx", lambda: (folder / "nginx.pid").exists() and self.served() is not None)

    def make_first_certificate(self, folder: pathlib.Path) -> None:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=old.invalid", "-days", "1", "-keyout", folder / "www.key", "-out", folder / "www.pem"],
                       check=True, capture_output=True)
        (folder / "www.key").chmod(0o600)

    def served(self) -> str | None:
        """The certificate that nginx serves, PEM; None when nobody answers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", self.https_port), 5) as plain:
                with context.wrap_socket(plain, server_hostname=f"www.{ZONE}") as tls:
                    return ssl.DER_cert_to_PEM_cert(tls.getpeercert(True))
        except OSError:
            return None

    def start_sandbox(self) -> None:
        port = urllib.parse.urlsplit(self.sandbox["url"]).port if self.sandbox else 0
        process = self.spawn("sandbox", [self.build / "sandbox" / "chancery-sandbox", "--state-dir", self.dir / "sandbox",
                                         "--port", port, "--dns", f"127.0.0.1:{self.dns_port}",
                                         *[part for zone in self.zones for part in ("--zone", zone)],
                                         "--http-port", self.http_port, "--https-port", self.https_port,
                                         "--update-server", f"127.0.0.1:{self.dns_port}", "--update-key", self.key_file],
                             env={**self.clean_env(), **self.clock_env}, stdout=subprocess.PIPE)
        ready, _, _ = select.select([process.stdout], [], [], 30)
        line = process.stdout.readline() if ready else b""
        if not line:
            raise WorldError(f"chancery-sandbox did not start:\n{self.log('sandbox')[-4000:]}")
        self.sandbox = json.loads(line)

    def write_config(self) -> None:
        self.templates.mkdir(mode=0o755)
        config = LOCAL_CONFIG.format(dns=self.dns_port, http=self.http_port, https=self.https_port) if self.is_local else ""
        (self.dir / "chanceryd.conf").write_text(config)

    def start_daemon(self, **env: str) -> None:
        full = {**self.clean_env(), "CHANCERY_TEMPLATE_DIR": str(self.templates), **self.clock_env, **self.daemon_env, **env}
        self.spawn("chanceryd", [self.build / "daemon" / "chanceryd", *self.daemon_args, "--address", self.bus_address,
                                 "--state-dir", self.state, "--config", self.dir / "chanceryd.conf"], env=full)
        self.wait_for("chanceryd", self.daemon_is_there)

    def daemon_is_there(self) -> bool:
        if self.processes["chanceryd"].poll() is not None and "KILL_AT" in str(self.daemon_env):
            return True
        return subprocess.run(["busctl", f"--address={self.bus_address}", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                               "org.freedesktop.DBus", "GetNameOwner", "s", "org.chancery.Chancery1"],
                              capture_output=True).returncode == 0

    # ---- use ----

    def env(self) -> dict:
        """What `scripts/demo --help` lists."""
        env = dict(os.environ)
        env.update({
            "PATH": f"{self.build}/cli:{self.build}/client-gtk:{env.get('PATH', '/usr/sbin:/usr/bin:/sbin:/bin')}",
            "GSETTINGS_SCHEMA_DIR": f"{self.build}/client-gtk/data",
            "CHANCERY_BUS_ADDRESS": self.bus_address,
            "CHANCERY_SANDBOX_URL": self.sandbox["url"],
            "CHANCERY_SANDBOX_CA": self.sandbox["ca-file"],
            "CHANCERY_SANDBOX_ROOT": self.sandbox["issuing-root"],
            "CHANCERY_SANDBOX_CONTROL": self.sandbox["control"],
            "CHANCERY_SANDBOX_USER": self.sandbox["user"],
            "CHANCERY_SANDBOX_DNS": json.dumps(self.sandbox["dns"]),
            "CHANCERY_DNS_SERVER": "127.0.0.1",
            "CHANCERY_DNS_PORT": str(self.dns_port),
            "CHANCERY_DNS_KEY_FILE": str(self.key_file),
            "CHANCERY_NGINX_HTTP_PORT": str(self.http_port),
            "CHANCERY_NGINX_HTTPS_PORT": str(self.https_port),
            "CHANCERY_NGINX_DIR": str(self.dir / "nginx"),
            "CHANCERY_WEB_ROOT": str(self.dir / "nginx" / "www"),
            "CHANCERY_STATE_DIR": str(self.state),
            "CHANCERY_TEMPLATE_DIR": str(self.templates),
        })
        return env

    def chancery(self, *args: str, check: bool = True, stdin: str | None = None, timeout: float = 120):
        return subprocess.run([str(self.build / "cli" / "chancery"), *map(str, args)], env=self.env(), check=check,
                              input=stdin, capture_output=True, text=True, timeout=timeout)

    def control(self, path: str, body: dict | None = None):
        """The sandbox's control interface: GET without a body, POST with one."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.sandbox["control"] + path, data=data, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        return json.loads(text) if text else None
