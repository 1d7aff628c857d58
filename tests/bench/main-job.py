#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the main job takes, and what the service costs while it waits.

tests/bench/main-job.py [BUILD [SECONDS]] on a release build; ninja -C BUILD tests/bench/bare-service first.
"""

import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "world"))
from conftest import TOP, ZONE, Admin, World, eventually  # noqa: E402


def resident(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


def switches(pid: int) -> int:
    """How often any of its threads was woken."""
    total = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        try:
            total += int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", status.read_text()).group(1))
        except FileNotFoundError:
            pass
    return total


def main() -> None:
    build = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build"
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    with World(build) as world:
        admin = Admin(world)
        pid = world.processes["chanceryd"].pid
        print(f"resident, just started: {resident(pid)} KiB")
        admin.set_up()
        admin.add_deployment("web", f"www.{ZONE}")

        start = time.monotonic()
        admin.run("order", "new", f"www.{ZONE}", "--wait")
        print(f"from “order new” to seen being served: {time.monotonic() - start:.2f} s")

        eventually(lambda: not world.dig(f"www.{ZONE}"))
        bare = world.spawn("bare", [build / "tests" / "bench" / "bare-service", world.bus_address])
        time.sleep(20)      # idle threads of the pool leave after 15 s
        before = switches(pid)
        time.sleep(seconds)
        print(f"wake-ups in {seconds:.0f} s of waiting: {switches(pid) - before}")
        print(f"resident, after the job: {resident(pid)} KiB; a bare service: {resident(bare.pid)} KiB; "
              f"more: {(resident(pid) - resident(bare.pid)) / 1024:.1f} MiB")
        sockets = subprocess.run(["ss", "-f", "netlink", "-p"], capture_output=True, text=True).stdout
        print(f"netlink sockets: {sum(f'pid={pid},' in line for line in sockets.splitlines())}")


if __name__ == "__main__":
    main()
