# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell scripts by shellcheck, and how check counts."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "scripts" / "lib"))
import check  # noqa: E402

SHEBANG = re.compile(rb"#!\s*/(?:usr/)?bin/(?:env )?(?:ba|da)?sh\b")


def scripts():
    files = (pathlib.Path(folder, name) for top in (".ci", "scripts", "tests", "data")
             for folder, _, names in os.walk(TOP / top) for name in names)
    return sorted(path for path in files if SHEBANG.match(path.read_bytes()[:40]))


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.relative_to(TOP).as_posix())
@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck(script):
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_scripts_are_found_and_may_be_run():
    names = {path.relative_to(TOP).as_posix() for path in scripts()}
    assert {"scripts/demo", "scripts/check", ".ci/run"} <= names
    assert [name for name in names if not os.access(TOP / name, os.X_OK)] == []


@pytest.mark.parametrize("result, stdout, passed, failed, skipped", [
    ("OK", "1..3\nok 1 one\nok 2 /two\n# talk\nok 3 three # SKIP no such program\n", 2, 0, 1),
    ("ERROR", "1..2\nok 1 one\nnot ok 2 two\n", 1, 1, 0),
    ("ERROR", "1..2\nok 1 one\nBail out! assertion failed\n", 1, 1, 0),     # a crash
    ("TIMEOUT", "1..2\nok 1 one\n", 1, 1, 0),
    ("TIMEOUT", "", 0, 1, 0),
    ("INTERRUPT", "1..2\n", 0, 1, 0),
    ("SKIP", "1..0 # SKIP needs root\n", 0, 0, 1),
    ("OK", "", 1, 0, 0),                                                    # no TAP
    ("OK", "ok 1 - has # in its name\nok 2 todo # TODO later\nokay\n    ok 1 nested\n", 1, 0, 1),
    ("OK", "ok 1 with \x1b[0m\0 in it\n", 1, 0, 0),
])
def test_every_case_counts_once(result, stdout, passed, failed, skipped):
    assert check.count_test(result, stdout) == {"passed": passed, "failed": failed, "skipped": skipped}


def test_what_cannot_run_has_failed(tmp_path):
    """A build folder that meson does not know; the last line is there all the same."""
    done = subprocess.run([sys.executable, "-B", TOP / "scripts" / "lib" / "check.py", tmp_path], capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
