#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cleans up after a world, however its owner ended, by SIGKILL too: janitor.py WHERE, with a pipe as standard input.

Makes the world's folder in WHERE and prints its name. The owner, and nobody else, holds the other end of
the pipe. Process groups of the world arrive in it, one a line: "+ID" when one begins and "-ID" when it is
over. When the pipe ends, the owner is gone, and nothing of the world stays.
"""

import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time


def kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def strays(folder: str) -> list[int]:
    """Whoever was started from inside the world: its state folder stands in the environment (see World.env)."""
    mark = f"CHANCERY_STATE_DIR={folder}/".encode()
    found = []
    for process in pathlib.Path("/proc").iterdir():
        try:
            if process.name.isdigit() and any(line.startswith(mark) for line in (process / "environ").read_bytes().split(b"\0")):
                found.append(int(process.name))
        except OSError:
            pass
    return found


def kill_strays(folder: str) -> None:
    """Again, until nobody is left: one may start another meanwhile."""
    while pids := [pid for pid in strays(folder) if pid != os.getpid()]:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)


def remove(folder: str) -> None:
    """Again, while those that were just killed still write."""
    while os.path.lexists(folder):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.01)


def main() -> None:
    folder = tempfile.mkdtemp(prefix="chancery-", dir=sys.argv[1])
    try:
        os.write(1, os.fsencode(folder) + b"\n")
    except BrokenPipeError:
        pass                # gone already
    groups = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))

    for group in groups:
        kill_group(group)
    kill_strays(folder)
    remove(folder)


if __name__ == "__main__":
    main()
