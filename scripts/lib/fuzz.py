#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fuzz.py BUILD SECONDS [NAME…]: runs each fuzzer of that build for so long, and closes with "N passed, N failed, N skipped".

What a fuzzer learns stays in BUILD/corpus/NAME; what it finds, with its log, in BUILD/found/NAME.
"""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
PREFIX = "fuzz-"


def fuzz(program: pathlib.Path, build: pathlib.Path, seconds: int) -> bool:
    name = program.name.removeprefix(PREFIX)
    corpus, found = build / "corpus" / name, build / "found" / name
    shutil.rmtree(found, ignore_errors=True)
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    log = found / "log"
    argv = [program, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
            f"-artifact_prefix={found}/", corpus, TOP / "tests" / "fuzz" / "seeds" / name]
    with log.open("w", encoding="utf-8") as out:
        status = subprocess.run(argv, stdout=out, stderr=subprocess.STDOUT, timeout=seconds + 300, check=False).returncode
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if status == 0:
        runs = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "?")
        print(f"ok     {name}: {runs} inputs", flush=True)
        shutil.rmtree(found)
    else:
        print(f"not ok {name}: see {found}", *lines[-40:], sep="\n  ", flush=True)
    return status == 0


def main() -> int:
    build, seconds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
    programs = sorted(p for p in (build / "tests" / "fuzz").glob(PREFIX + "*") if p.is_file() and os.access(p, os.X_OK))
    wanted = [p for p in programs if not sys.argv[3:] or p.name.removeprefix(PREFIX) in sys.argv[3:]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda program: fuzz(program, build, seconds), wanted))
    print(f"\n{results.count(True)} passed, {results.count(False)} failed, 0 skipped", flush=True)
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
