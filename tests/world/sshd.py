# SPDX-License-Identifier: GPL-3.0-or-later
"""A real sshd in a world."""

import os
import pathlib
import signal
import socket
import subprocess

from conftest import eventually
from world import free_port

SSHD = pathlib.Path("/usr/sbin/sshd")


class Sshd:
    """Of its own folder, keys and port; ended with the world."""

    def __init__(self, world, name):
        self.dir = world.dir / name
        self.dir.mkdir()
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.port = free_port()
        self.key = self.dir / "host"
        self.make_key()
        self.authorized = self.dir / "authorized_keys"
        config = self.dir / "sshd_config"
        config.write_text(f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.key}\nPidFile none\nUsePAM no\nStrictModes no\n"
                          f"AuthorizedKeysFile {self.authorized}\nSubsystem sftp internal-sftp\n")
        self.world, self.name, self.config = world, name, config
        self.start()

    def make_key(self):
        for path in (self.key, pathlib.Path(f"{self.key}.pub")):
            path.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", self.key], check=True)

    def start(self):
        self.world.spawn(self.name, [SSHD, "-D", "-e", "-f", self.config])
        eventually(self.answers)

    def stop(self):
        """With the connections that are open: the machine is gone."""
        master = self.world.processes[self.name].pid
        sessions = pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split()
        self.world.stop(self.name)
        for pid in sessions:
            os.kill(int(pid), signal.SIGKILL)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def fingerprint(self):
        out = subprocess.run(["ssh-keygen", "-lf", f"{self.key}.pub"], capture_output=True, text=True, check=True).stdout
        return out.split()[1]
