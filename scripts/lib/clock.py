# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that tests move, for the programs that are started with its variables."""

import glob
import os
import pathlib
import time

FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")


class Clock:
    """The time of the programs that run with its variables; timers stay real. Needs libfaketime."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        self.ahead = 0
        self.set(0)

    @property
    def variables(self) -> dict[str, str]:
        options = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        return {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "ASAN_OPTIONS": options}

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, **self.variables}

    @property
    def now(self) -> float:
        return time.time() + self.ahead

    def set_ahead(self, seconds: int) -> None:
        """Whoever reads the file at this moment sees the old time or the new one."""
        self.ahead = seconds
        new = self.path.with_name(self.path.name + ".new")
        new.write_text(f"{seconds:+d}s\n")
        new.replace(self.path)

    def set(self, days: float) -> None:
        self.set_ahead(round(days * 86400))

    def set_time(self, then: float) -> None:
        """@then: seconds since 1970."""
        self.set_ahead(round(then - time.time()))

    def set_date(self, date) -> None:
        """@date: with a zone."""
        self.set_time(date.timestamp())
