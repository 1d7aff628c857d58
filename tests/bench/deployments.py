#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to bring one renewed certificate to many servers by SSH, and what the same work costs with scp and ssh.

tests/bench/deployments.py [BUILD [MOST]] on a release build. Each server has a folder and an nginx of its own; all are reached
through one sshd of this machine.
"""

import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "world"))
from conftest import TOP, ZONE, Admin, World  # noqa: E402
from sshd import Sshd  # noqa: E402
from world import free_port  # noqa: E402

HOST = f"fleet.{ZONE}"
SIZES = (1, 10, 50, 200)
AT_ONCE = 6             # as Chancery with its usual 8 workers

NGINX = """pid {dir}/pid; error_log {dir}/log; worker_processes 1; events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3; uwsgi_temp_path {dir}/t4;
  scgi_temp_path {dir}/t5; server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {dir}/tls.pem; ssl_certificate_key {dir}/tls.key; }} }}
"""


class Machine:
    """One of the fleet."""

    def __init__(self, world, number):
        self.name = f"m{number}"
        self.dir = world.dir / "fleet" / self.name
        self.dir.mkdir(parents=True)
        self.port = free_port()
        for kind in ("pem", "key"):
            (self.dir / f"tls.{kind}").write_bytes((world.dir / "nginx" / "tls" / f"www.{kind}").read_bytes())
        (self.dir / "nginx.conf").write_text(NGINX.format(dir=self.dir, port=self.port))
        subprocess.run(["/usr/sbin/nginx", "-e", self.dir / "log", "-c", self.dir / "nginx.conf"], check=True)

    def stop(self):
        try:
            os.kill(int((self.dir / "pid").read_text()), signal.SIGTERM)
        except (OSError, ValueError):
            pass

    def reload(self) -> str:
        return f"/usr/bin/pkill -HUP -F {self.dir}/pid"


class Fleet:
    def __init__(self, world, admin):
        self.world, self.admin = world, admin
        self.sshd = Sshd(world, "sshd")
        self.key = world.dir / "login"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", self.key], check=True)
        self.sshd.authorized.write_text(pathlib.Path(f"{self.key}.pub").read_text())
        self.hosts = world.dir / "known_hosts"
        self.hosts.write_text(f"[127.0.0.1]:{self.sshd.port} {pathlib.Path(f'{self.sshd.key}.pub').read_text()}")
        self.machines = []

    def grow(self, size) -> None:
        while len(self.machines) < size:
            machine = Machine(self.world, len(self.machines))
            self.machines.append(machine)
            self.admin.run("server", "add", "ssh", machine.name, "--host", "127.0.0.1", "--port", self.sshd.port, "--user", "root",
                           "--host-key", self.sshd.fingerprint, "--auth", "key", "--private-key-file", self.key)
            self.admin.run("deploy", "add", machine.name, "--server", machine.name, "--name", HOST, "--fullchain", machine.dir / "tls.pem",
                           "--key", machine.dir / "tls.key", "--command", machine.reload(), "--check", f"127.0.0.1:{machine.port}/{HOST}")

    # ---- by Chancery ----

    def ask(self, question, *values):
        with sqlite3.connect(f"file:{self.world.state / 'chancery.db'}?mode=ro", uri=True) as db:
            return db.execute(question, values).fetchone()[0]

    def settle(self) -> None:
        newest = self.ask("SELECT max (id) FROM certificates")
        end = time.monotonic() + 600
        while self.ask("SELECT count (*) FROM deployments WHERE state = 'deployed' AND certificate_id = ?", newest) < len(self.machines):
            assert time.monotonic() < end, self.admin.run("deploy", "status").stdout
            time.sleep(0.05)

    def restart(self) -> int:
        """A renewal comes months after the last: no connection is open any more."""
        self.world.stop("chanceryd")
        self.world.start_daemon()
        return self.world.processes["chanceryd"].pid

    def renew(self) -> tuple[float, int]:
        """Seconds from the new certificate until the last machine serves it, and how many were under way at a time at most."""
        before = self.ask("SELECT max (id) FROM certificates")
        self.admin.run("order", "reissue", HOST, "--key-algorithm", "ec-p256")
        while self.ask("SELECT max (id) FROM certificates") == before:
            time.sleep(0.005)
        begin, most, done = time.monotonic(), 0, 0
        while done < len(self.machines):
            most = max(most, self.ask("SELECT count (*) FROM deployments WHERE state = 'running'"))
            done = self.ask("SELECT count (*) FROM deployments WHERE state = 'deployed' AND certificate_id > ?", before)
            time.sleep(0.01)
        return time.monotonic() - begin, most

    # ---- by hand ----

    def run(self, program, *arguments) -> None:
        port = "-P" if program == "scp" else "-p"
        subprocess.run([program, "-q", "-F", "none", "-i", self.key, port, str(self.sshd.port), "-o", "BatchMode=yes",
                        "-o", f"UserKnownHostsFile={self.hosts}", *arguments], check=True, stdin=subprocess.DEVNULL)

    def copy(self, machine, chain, key) -> None:
        """As a script does after “acme.sh --renew”: two files, one reload. Nothing is kept, tested or looked at."""
        self.run("scp", chain, f"root@127.0.0.1:{machine.dir}/tls.pem")
        self.run("scp", key, f"root@127.0.0.1:{machine.dir}/tls.key")
        self.run("ssh", "root@127.0.0.1", machine.reload())

    def copy_all(self, size, at_once) -> float:
        machines = self.machines[:size]
        chain, key = (shutil.copy2(machines[0].dir / f"tls.{kind}", self.world.dir / f"source.{kind}") for kind in ("pem", "key"))
        begin = time.monotonic()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda machine: self.copy(machine, chain, key), machines))
        seconds = time.monotonic() - begin
        return seconds


def cpu(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status[status.index("VmHWM:"):].split()[1]) / 1024


def measure(fleet) -> None:
    for size in (size for size in SIZES if size <= int(sys.argv[2] if len(sys.argv) > 2 else SIZES[-1])):
        fleet.grow(size)
        fleet.settle()
        pid = fleet.restart()
        used = cpu(pid)
        seconds, most = fleet.renew()
        used = cpu(pid) - used
        by_hand = fleet.copy_all(size, 1)
        at_once = fleet.copy_all(size, AT_ONCE)
        print(f"{size:4} machines: Chancery {seconds:6.2f} s, {seconds / size * 1000:5.0f} ms each, at most {most} at a time, "
              f"{used / size * 1000:3.0f} ms of its own CPU each, peak {peak(pid):.0f} MiB; scp one after the other {by_hand:6.2f} s, "
              f"{by_hand / size * 1000:5.0f} ms each; {AT_ONCE} at a time {at_once:6.2f} s, {at_once / size * 1000:5.0f} ms each",
              flush=True)


def main() -> None:
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build"
    with World(build) as world:
        admin = Admin(world)
        admin.set_up()
        fleet = Fleet(world, admin)
        try:
            admin.run("order", "new", HOST, "--key-algorithm", "ec-p256", "--wait")
            measure(fleet)
        finally:
            for machine in fleet.machines:
                machine.stop()


if __name__ == "__main__":
    main()
