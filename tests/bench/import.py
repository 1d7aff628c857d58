#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import costs: seconds, memory of the service, and questions to the CA.

tests/bench/import.py [BUILD [ORDERS]] on a release build.
"""

import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "world"))
from conftest import TOP, Admin, World  # noqa: E402


def memory(pid: int, what: str) -> float:
    """MiB, of VmRSS or its peak VmHWM."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", status).group(1)) / 1024


def main() -> None:
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build"
    orders = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    with World(build) as world:
        admin = Admin(world)
        pid = world.processes["chanceryd"].pid
        admin.add_account()
        print(f"resident, just started: {memory(pid, 'VmRSS'):.1f} MiB")
        for part in range(0, orders, 2000):
            month = 1 + part // 2000 * 2
            world.control("/seed", {"orders": min(2000, orders - part), "zone": "seed.test",
                                    "from": f"2026-{month:02}-01T00:00:00Z", "to": f"2026-{month + 1:02}-28T00:00:00Z"})

        for round_name in ("first import", "the same again"):
            before = world.control("/counts")
            start = time.monotonic()
            job = json.loads(admin.run("order", "import", "--json", timeout=600).stdout)
            seconds = time.monotonic() - start
            after = world.control("/counts")
            asked = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
            print(f"{round_name}: {seconds:.1f} s; {job['result']}")
            print(f"  questions: {asked}; peak resident: {memory(pid, 'VmHWM'):.1f} MiB, now {memory(pid, 'VmRSS'):.1f} MiB")


if __name__ == "__main__":
    main()
