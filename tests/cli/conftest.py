# SPDX-License-Identifier: GPL-3.0-or-later
"""A private bus and a fake service for each test, and ways to run the program: in a pipe and on a terminal."""

import fcntl
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import termios
import time

import gi

gi.require_version("Gio", "2.0")
sys.path.insert(0, str(pathlib.Path(__file__).parent))

import pytest  # noqa: E402

import fake as fake_service  # noqa: E402
import world  # noqa: E402

PROGRAM = os.environ.get("CHANCERY", "chancery")
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
PATIENCE = 60


@pytest.fixture(scope="session")
def bus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bus")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={folder}/socket", "--print-address"],
        stdout=subprocess.PIPE, text=True,
    )
    yield daemon.stdout.readline().strip()
    daemon.kill()
    daemon.wait()


@pytest.fixture
def fake(bus):
    service = fake_service.Fake(bus, world.make())
    yield service
    service.stop()


class Terminal:
    """A run on a terminal of a given width."""

    def __init__(self, command, environment, width):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        self.process = subprocess.Popen(
            command, env=environment, stdin=slave, stdout=slave, stderr=slave,
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),
        )
        os.close(slave)
        self.output = ""

    def _read(self, until):
        deadline = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < deadline, self.output
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:  # the other side is closed
                    return
                if not data:
                    return
                self.output += data.decode().replace("\r\n", "\n")

    def expect(self, text):
        self._read(lambda: text in self.output)
        assert text in self.output

    def echoes(self):
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def send(self, text):
        os.write(self.master, text.encode())

    def wait(self):
        self._read(lambda: False)
        code = self.process.wait(PATIENCE)
        os.close(self.master)
        return code


class Chancery:
    def __init__(self, address, folder):
        self.address = address
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color",
            "CHANCERY_BUS_ADDRESS": address, "G_DEBUG": "fatal-criticals",
            # The day is always the same, and only the day: timers run as ever.
            "LD_PRELOAD": FAKETIME, "FAKETIME": "2026-11-23 12:00:00", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", ""),
        }

    def start(self, *arguments, **more):
        return subprocess.Popen(
            [PROGRAM, *arguments], env={**self.environment, **more.pop("env", {})}, stdin=more.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder, **more,
        )

    def __call__(self, *arguments, input=None, env=None):
        return subprocess.run(
            [PROGRAM, *arguments], env={**self.environment, **(env or {})}, input=input, capture_output=True, text=True,
            timeout=PATIENCE, cwd=self.folder, **({} if input is not None else {"stdin": subprocess.DEVNULL}),
        )

    def terminal(self, *arguments, width=80, env=None):
        return Terminal([PROGRAM, *arguments], {**self.environment, **(env or {})}, width)


@pytest.fixture
def chancery(bus, tmp_path):
    return Chancery(bus, tmp_path)
