#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs meson's tests and counts what they were made of: each case of a TAP program or of pytest counts once."""

import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree


def count(report: pathlib.Path) -> dict[str, int]:
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            totals["failed"] += 1
        elif case.find("skipped") is not None:
            totals["skipped"] += 1
        else:
            totals["passed"] += 1
    return totals


def show_failures(log: pathlib.Path) -> None:
    for line in log.read_text().splitlines():
        test = json.loads(line)
        if test["result"] in ("FAIL", "TIMEOUT", "ERROR", "UNEXPECTEDPASS"):
            print(f"\n===== {test['name']}: {test['result']} =====")
            print(test.get("stdout", "")[-20000:])
            print(test.get("stderr", "")[-20000:])


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    logs = build / "meson-logs"
    for old in logs.glob("testlog*"):
        old.unlink()

    status = subprocess.run(["meson", "test", "-C", str(build), "--no-rebuild", *sys.argv[2:]]).returncode
    report = logs / "testlog.junit.xml"
    if not report.exists():
        print("0 passed, 1 failed")
        return status or 1

    show_failures(logs / "testlog.json")
    totals = count(report)
    if status != 0 and totals["failed"] == 0:
        totals["failed"] = 1
    print(f"\n{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return status or (1 if totals["failed"] or not totals["passed"] else 0)


if __name__ == "__main__":
    sys.exit(main())
