#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py BUILD [meson test arguments…]: runs the tests and closes with the line "N passed, N failed, N skipped".

Each case of a TAP program counts once; a program that breaks outside its cases (a crash, a timeout, a bad
plan) counts as one failure more.
"""

import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

CASE = re.compile(r"^(not )?ok\b(?:[^#]|#(?! *(?:skip|todo)))*(?:# *(skip|todo))?", re.I)
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


def count_test(result: str, stdout: str) -> dict[str, int]:
    """What one test of meson's, with that result, was made of."""
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for bad, directive in (case.groups() for case in map(CASE.match, stdout.splitlines()) if case):
        totals["skipped" if directive else "failed" if bad else "passed"] += 1

    if result not in GOOD and not totals["failed"]:
        totals["failed"] = 1
    if not any(totals.values()):
        totals["skipped" if result == "SKIP" else "passed"] = 1
    return totals


def read_log(log: pathlib.Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def show_failures(tests: list[dict]) -> None:
    for test in tests:
        if test["result"] not in GOOD:
            print(f"\n===== {test['name']}: {test['result']} =====")
            print(test.get("stdout", "")[-20000:])
            print(test.get("stderr", "")[-20000:])


def run_meson(build: pathlib.Path, arguments: list[str], place: str) -> int:
    """Ctrl-C reaches only this process, which ends meson by SIGTERM: that ends the tests too."""
    PR_SET_PDEATHSIG = 1
    libc = ctypes.CDLL(None)
    # More at once than there are processors: the longest tests wait most of their time.
    argv = ["meson", "test", "-C", str(build), "--no-rebuild", "--num-processes", str((os.cpu_count() or 1) * 2),
            "--timeout-multiplier", "3", *arguments]
    process = subprocess.Popen(argv, env={**os.environ, "TMPDIR": place}, process_group=0,
                               preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: process.terminate())
    return process.wait()


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    logs = build / "meson-logs"
    for old in logs.glob("testlog*"):
        old.unlink()

    # What a test that was killed leaves behind goes with this folder; other users' programs must get into it.
    with tempfile.TemporaryDirectory(prefix="chancery-check-", ignore_cleanup_errors=True) as place:
        os.chmod(place, 0o755)
        status = run_meson(build, sys.argv[2:], place)

    tests = read_log(logs / "testlog.json")
    show_failures(tests)
    counts = [count_test(test["result"], test.get("stdout", "")) for test in tests]
    totals = {kind: sum(count[kind] for count in counts) for kind in ("passed", "failed", "skipped")}
    if status != 0 and not totals["failed"]:
        totals["failed"] = 1
    print("\n{passed} passed, {failed} failed, {skipped} skipped".format(**totals), flush=True)
    return 0 if totals["passed"] and not totals["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
