# SPDX-License-Identifier: GPL-3.0-or-later
"""Showing somebody how a program is used: each command stands before what it prints."""

import os
import shlex
import subprocess
import sys


class Show:
    def __init__(self, env: dict | None = None):
        self.env = env
        self.colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self.colour else text

    def say(self, text: str) -> None:
        print(self.paint("1", text), flush=True)

    def run(self, *argv: str, stdin: str | None = None, check: bool = True, timeout: float | None = None, quiet: bool = False) -> int:
        """What takes longer than the timeout is killed, and has status 124. @quiet: what it prints need not be read."""
        print(self.paint("36", f"$ {' '.join(shlex.quote(a) for a in argv)}"), flush=True)
        try:
            status = subprocess.run(argv, env=self.env, text=True, input=stdin, timeout=timeout,
                                    stdout=subprocess.DEVNULL if quiet else None).returncode
        except subprocess.TimeoutExpired:
            status = 124
        print(flush=True)
        if check and status != 0:
            raise subprocess.CalledProcessError(status, argv)
        return status
