#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""For scripts/tour-deploy: certificates go to two servers, one of them reached by SSH, and what happens when things go wrong."""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from show import Show  # noqa: E402
from sshd import Sshd  # noqa: E402
from world import ZONE, free_port, kill_with_parent  # noqa: E402

HELP = """scripts/demo -- scripts/tour-deploy brings certificates to two real nginx: one on this machine, one behind a real sshd. It shows a
template, waves, the proof, how a broken configuration and wrong files are taken back, pauses, maintenance windows, drift, the way back to
the certificate before, and proof of control by a file on the web server."""

HOST, SHOP = f"www.{ZONE}", f"shop.{ZONE}"
KEY = ("--key-algorithm", "ec-p256")
SIGKILL = 9

TEMPLATE = """[template]
title=The nginx of this demo

[file fullchain]
path={dir}/tls/www.pem

[file key]
path={dir}/tls/www.key
mode=0600

[test]
argv=/usr/sbin/nginx;-t;-q;-e;{dir}/error.log;-c;{dir}/nginx.conf

[reload]
argv=/usr/bin/pkill;-HUP;-F;{dir}/nginx.pid

[check]
host=127.0.0.1
port={port}
"""

FAR_NGINX = """daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1; events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3; uwsgi_temp_path {dir}/t4;
  scgi_temp_path {dir}/t5;
  server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {dir}/tls/www.pem; ssl_certificate_key {dir}/tls/www.key; }} }}
"""


class Far:
    """The other machine: an sshd and an nginx; both end with the tour."""

    def __init__(self, folder: pathlib.Path):
        self.dir = folder
        (self.dir / "tls").mkdir(parents=True)
        self.port = free_port()
        self.processes: list[subprocess.Popen] = []
        make_certificate(self.dir / "tls", "old.invalid")
        (self.dir / "nginx.conf").write_text(FAR_NGINX.format(dir=self.dir, port=self.port))
        self.spawn("nginx", ["/usr/sbin/nginx", "-e", self.dir / "error.log", "-c", self.dir / "nginx.conf"])
        self.sshd = Sshd(self, "sshd")

    def spawn(self, name: str, argv: list) -> None:
        with open(self.dir / f"{name}.log", "ab") as log:
            self.processes.append(subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                   preexec_fn=kill_with_parent(SIGKILL)))

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(20)


def make_certificate(folder: pathlib.Path, name: str) -> None:
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                    "-days", "90", "-keyout", folder / "www.key", "-out", folder / "www.pem"], check=True, capture_output=True)
    (folder / "www.key").chmod(0o600)


def fingerprint(port: int) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))).hexdigest()


def ask(*argv: str):
    """What chancery answers, as a document."""
    return json.loads(subprocess.run(["chancery", "--json", *argv], check=True, capture_output=True, text=True).stdout)


def eventually(answer, otherwise: str) -> None:
    end = time.monotonic() + 60
    while not answer():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.1)


class Tour(Show):
    def __init__(self, folder: pathlib.Path):
        super().__init__()
        self.nginx = pathlib.Path(os.environ["CHANCERY_NGINX_DIR"])
        self.port = os.environ["CHANCERY_NGINX_HTTPS_PORT"]
        self.config = self.nginx / "nginx.conf"
        self.far = Far(folder)
        self.number = 0

    # ---- telling ----

    def chapter(self, text: str) -> None:
        self.number += 1
        self.say(f"{self.number}. {text}")

    def chancery(self, *argv: str, fails: bool = False, **kwargs) -> None:
        """@fails: whether that is what is to be shown; anything else ends the tour. Nobody is asked anything."""
        status = self.run("chancery", *argv, check=False, stdin="", **kwargs)
        if (status != 0) != fails:
            raise subprocess.CalledProcessError(status, ["chancery", *argv])

    def wait(self, name: str, state: str) -> None:
        """What runs by itself is waited for without a word."""
        eventually(lambda: ask("deploy", "show", name)["state"] == state, f"“{name}” is not {state}")

    def show_served(self) -> None:
        """As any client sees it."""
        for name, port in (("here", self.port), ("far", self.far.port)):
            print(f"   nginx {name} serves {self.paint('35', fingerprint(int(port))[:8])}")
        print(flush=True)

    # ---- chapters ----

    def prepare(self) -> None:
        """That is another subject, so it is not shown."""
        env = os.environ
        for argv in (("account", "add", "globalsign", "demo", "--environment", "url", "--url", env["CHANCERY_SANDBOX_URL"],
                      "--ca-certificate-file", env["CHANCERY_SANDBOX_CA"], "--user", env["CHANCERY_SANDBOX_USER"],
                      "--contact-first-name", "Ada", "--contact-last-name", "Example", "--contact-phone", "+32 2 000 00 00",
                      "--contact-email", f"ada@{ZONE}", "--password-file", "-"),
                     ("dns", "add", "rfc2136", "ns1", "--server", env["CHANCERY_DNS_SERVER"], "--port", env["CHANCERY_DNS_PORT"],
                      "--nameservers", f"127.0.0.1:{env['CHANCERY_DNS_PORT']}", "--key-file", env["CHANCERY_DNS_KEY_FILE"])):
            subprocess.run(["chancery", *argv], input="sandbox", text=True, check=True, stdout=subprocess.DEVNULL)
        self.say("An account at the CA (a stand-in for GlobalSign) and a DNS server (a real BIND) are there. The rest is to come.")
        print(flush=True)

    def add_servers(self) -> None:
        self.chapter("Two servers: this machine, and one that is reached by SSH. Its key must be known before anything is sent")
        self.chancery("server", "add", "local", "here")
        sshd = self.far.sshd
        add = ("server", "add", "ssh", "far", "--host", "127.0.0.1", "--port", str(sshd.port), "--user", "root",
               "--folder", str(self.far.dir / "tls"))
        self.chancery(*add, fails=True)
        self.chancery(*add, "--host-key", sshd.fingerprint)
        self.say("   This line goes into authorized_keys there")
        self.chancery("server", "key", "far")
        sshd.authorized.write_text(subprocess.run(["chancery", "server", "key", "far"], check=True, capture_output=True, text=True).stdout)
        self.chancery("server", "test", "far")

    def add_deployments(self) -> None:
        self.chapter("A template knows files, test, reload and check of a kind of service; this is one of our own")
        path = pathlib.Path(os.environ["CHANCERY_TEMPLATE_DIR"]) / "demo-nginx.conf"
        path.write_text(TEMPLATE.format(dir=self.nginx, port=self.port))
        path.chmod(0o644)
        self.chancery("deploy", "templates")
        self.chancery("deploy", "templates", "demo-nginx")
        self.chancery("deploy", "add", "web", "--template", "demo-nginx", "--server", "here", "--name", HOST)

        self.chapter("The other server is told everything, and is in wave 1: it waits until the first was seen to be well")
        far = self.far
        self.chancery("deploy", "add", "far", "--server", "far", "--name", HOST, "--wave", "1", "--fullchain", str(far.dir / "tls/www.pem"),
                      "--key", str(far.dir / "tls/www.key"), "--command", f"/usr/bin/pkill -HUP -F {far.dir}/nginx.pid",
                      "--check", f"127.0.0.1:{far.port}/{HOST}")

    def order(self) -> None:
        self.chapter("One certificate, installed on both, reloaded, and seen being served")
        self.chancery("order", "new", HOST, *KEY, "--wait")
        self.chancery("deploy", "status")
        self.chancery("deploy", "history", "far")
        self.show_served()

    def break_config(self) -> None:
        self.chapter("Somebody has broken nginx's configuration when the next certificate comes: nothing is touched, and wave 1 waits")
        sound = self.config.read_text()
        self.config.write_text(sound + "this is { no configuration\n")
        self.chancery("order", "reissue", HOST, *KEY, "--wait", fails=True)
        self.chancery("deploy", "status")
        self.show_served()
        self.say("   It is mended, and need not wait for the next try; wave 1 goes on by itself")
        self.config.write_text(sound)
        self.chancery("deploy", "run", "web")
        self.wait("far", "deployed")
        self.chancery("deploy", "status")

    def break_files(self) -> None:
        self.chapter("A mistake: the intermediates go where nginx wants its key. It is noticed after the switch, and taken back")
        tls = self.nginx / "tls"
        self.chancery("deploy", "edit", "web", "--certificate", str(tls / "www.pem"), "--chain", str(tls / "www.key"),
                      quiet=True)
        self.wait("web", "failed")
        self.chancery("deploy", "history", "web", "--limit", "1")
        self.show_served()
        self.chancery("deploy", "edit", "web", "--template", "demo-nginx", quiet=True)
        self.wait("web", "deployed")

    def pause(self) -> None:
        self.chapter("A pause: certificates that come are remembered")
        self.chancery("deploy", "pause", "web", "--reason", "the shop is busy")
        self.chancery("order", "reissue", HOST, *KEY)
        self.wait("web", "pending")
        self.wait("far", "deployed")
        self.chancery("deploy", "status")
        self.chancery("deploy", "run", "web", fails=True)
        self.chancery("deploy", "resume", "web")
        self.wait("web", "deployed")

    def window(self) -> None:
        self.chapter("A maintenance window, which opens the day after tomorrow")
        day = (datetime.date.today() + datetime.timedelta(days=2)).strftime("%a")
        self.chancery("deploy", "edit", "far", "--window", f"{day} 02:00-04:00", quiet=True)
        self.wait("far", "pending")
        self.chancery("deploy", "status", "far")
        self.chancery("deploy", "run", "far", "--now")
        self.chancery("deploy", "edit", "far", "--no-window", quiet=True)
        self.wait("far", "deployed")

    def drift(self) -> None:
        self.chapter("Drift: somebody puts another certificate there by hand. It is looked for once a day, and now")
        make_certificate(self.nginx / "tls", "somebody.invalid")
        self.run("pkill", "-HUP", "-F", str(self.nginx / "nginx.pid"))
        # its old workers serve beside the new ones for a moment
        eventually(is_drifting, "nginx does not serve the other certificate")
        self.chancery("deploy", "look", "web", fails=True)
        self.chancery("deploy", "status", "web")
        self.chancery("deploy", "run", "web")
        self.chancery("deploy", "look", "web")

    def watch(self) -> None:
        self.chapter("What somebody else looks after can be watched, too")
        self.chancery("watch", "add", f"127.0.0.1:{self.far.port}/{HOST}")
        eventually(lambda: ask("watch", "list")[0]["state"] != "new", "the new watch was not looked at")
        self.chancery("watch", "list")

    def roll_back(self) -> None:
        self.chapter("Back to the certificate before; so that it stays, the deployment is paused")
        self.chancery("deploy", "rollback", "web")
        self.chancery("deploy", "status")
        self.chancery("deploy", "resume", "web")
        self.wait("web", "deployed")
        self.chancery("deploy", "status")

    def web_root(self) -> None:
        self.chapter("Proof of control by a file: it is put into the web root, seen, and taken away again")
        self.chancery("deploy", "add", "proof", "--server", "here", "--name", SHOP, "--web-root", os.environ["CHANCERY_WEB_ROOT"])
        self.chancery("order", "new", SHOP, *KEY, "--method", "http", "--wait")
        eventually(lambda: not ask("server", "files"), "the file is not taken away")
        self.chancery("server", "files")

    def all(self) -> None:
        for part in (self.prepare, self.add_servers, self.add_deployments, self.order, self.break_config, self.break_files, self.pause,
                     self.window, self.drift, self.watch, self.roll_back, self.web_root):
            part()
        self.chapter("How everything stands")
        self.chancery("deploy", "list")
        self.chancery("status")


def is_drifting() -> bool:
    return subprocess.run(["chancery", "deploy", "look", "web"], capture_output=True).returncode != 0


def parse() -> None:
    parser = argparse.ArgumentParser(prog="scripts/tour-deploy", description=HELP)
    parser.parse_args()
    if "CHANCERY_TEMPLATE_DIR" not in os.environ or "CHANCERY_NGINX_DIR" not in os.environ:
        parser.error("this is not the demo's world; run scripts/demo -- scripts/tour-deploy")
    if ask("account", "list"):
        parser.error("it begins with an empty world; run scripts/demo -- scripts/tour-deploy")


def main() -> int:
    parse()
    tour = None
    try:
        # in the world's own folder, which goes with it in any case
        tour = Tour(pathlib.Path(os.environ["CHANCERY_STATE_DIR"]).parent / "far")
        tour.all()
        return 0
    except subprocess.CalledProcessError as error:
        print(f"scripts/tour-deploy: the command ended with status {error.returncode}, which was not expected", file=sys.stderr)
    except (TimeoutError, AssertionError) as error:
        print(f"scripts/tour-deploy: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    finally:
        if tour is not None:
            tour.far.stop()
    return 1


if __name__ == "__main__":
    sys.exit(main())
