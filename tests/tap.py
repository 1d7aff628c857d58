#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs pytest and speaks TAP, so that meson knows each case by its name: tests/tap.py FILE [pytest arguments…]"""

import os
import sys

import pytest


class Tap:
    def __init__(self):
        self.number = 0
        # pytest's own report goes to standard error, so that standard output holds nothing but TAP
        self.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def say(self, line):
        print(line, file=self.out, flush=True)

    def explain(self, text):
        for line in text.splitlines():
            self.say(f"# {line}")

    def pytest_collection_finish(self, session):
        self.say(f"1..{len(session.items)}")

    def pytest_collectreport(self, report):
        if report.failed:
            self.say("Bail out! The tests could not be collected")
            self.explain(report.longreprtext)

    def pytest_runtest_logreport(self, report):
        # A case is told once: at its call, or at the set-up that skipped or broke it; a broken tear-down breaks the case too late
        # to count as another one, so it ends the run.
        if report.when == "teardown":
            if report.failed:
                self.explain(report.longreprtext)
                self.say(f"Bail out! The tear-down of {report.nodeid} failed")
            return
        if report.when == "setup" and report.passed:
            return

        self.number += 1
        name = report.nodeid.split("::", 1)[-1].replace("#", "")
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "skipped"
            self.say(f"ok {self.number} {name} # SKIP {reason}")
        else:
            self.say(f"{'ok' if report.passed else 'not ok'} {self.number} {name}")
        if report.failed:
            self.explain(report.longreprtext)
            for title, text in report.sections:
                self.explain(f"---- {title}")
                self.explain(text)


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "--capture=fd", *sys.argv[1:]], plugins=[Tap()]))
