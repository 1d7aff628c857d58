# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: its tour, its world for other commands, and that nothing of it stays, however it ends."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import pytest

from conftest import BUILD, TOP, ZONE, eventually

SCRIPT = TOP / "scripts" / "demo"
DEMO = [sys.executable, "-B", TOP / "scripts" / "lib" / "demo.py", BUILD]


@pytest.fixture
def place():
    """Where the demo puts its folder."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        yield pathlib.Path(folder)


def demo(place, *command, **kwargs):
    """The demo in a session of its own, so that a signal to its process group is Ctrl-C in its terminal."""
    return subprocess.Popen([*DEMO, *command], env={**os.environ, "TMPDIR": str(place)}, stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **kwargs)


def finish(place, *command):
    with demo(place, *command) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def belongs(process, place):
    """Whether a process has the place in its arguments, its environment, as its folder, or holds a file there."""
    mark = os.fsencode(place)
    try:
        return (mark in (process / "cmdline").read_bytes() or mark in (process / "environ").read_bytes()
                or any(os.readlink(link).startswith(str(place)) for link in [process / "cwd", *(process / "fd").iterdir()]))
    except OSError:
        return False


def left(place):
    running = [(p / "cmdline").read_bytes() for p in pathlib.Path("/proc").iterdir()
               if p.name.isdigit() and int(p.name) != os.getpid() and belongs(p, place)]
    return running + list(place.iterdir())


def test_the_tour(place):
    code, out, err = finish(place)
    assert code == 0, out + err
    assert "Issued, deployed and seen being served" in out
    proof = out[out.index("5. What nginx serves now"):]
    assert "Verification: OK" in proof
    assert f"0 s:CN = www.{ZONE}" in proof
    assert 'TXT records left in DNS: "v=spf1 -all"' in proof
    assert left(place) == []


TOUR_DNS = TOP / "scripts" / "tour-dns"


def test_the_tour_of_the_dns_services(place):
    """One certificate through each; nothing is left in DNS."""
    code, out, err = finish(place, TOUR_DNS)
    assert code == 0, out + err
    kinds = re.findall(r"^\$ chancery dns add (\w+)", out, re.M)
    assert {"azure", "cloudflare", "rfc2136", "route53"} <= set(kinds)
    table = out[out.index("SERVICE"):].splitlines()[1:]
    assert len(table) == len(kinds)
    for kind, line in zip(kinds, table):
        assert re.search(rf" \d+ {kind}\.{ZONE} +\d+\.\d s +issued$", line), line
    assert "No TXT value is left over." in out
    assert left(place) == []


def test_the_tour_goes_on_when_a_service_fails(place):
    fault = json.dumps({"operation": "cloudflare.*", "times": -1, "fault": {"status": 503, "body": "out of order"}})
    script = ('curl -sf "$CHANCERY_SANDBOX_CONTROL/faults" -H "Content-Type: application/json" -d "$1" && '
              'exec "$0" --seconds 5 cloudflare rfc2136')
    code, out, err = finish(place, "sh", "-c", script, TOUR_DNS, fault)
    assert code == 1, out + err
    cloudflare, rfc2136 = out[out.index("SERVICE"):].splitlines()[1:]
    assert "503" in cloudflare and "issued" not in cloudflare
    assert rfc2136.endswith("issued")


TOUR_DEPLOY = TOP / "scripts" / "tour-deploy"


def test_the_tour_of_deployments(place):
    """Each thing that goes wrong is told and mended, and both servers serve the newest at the end."""
    code, out, err = finish(place, TOUR_DEPLOY)
    assert code == 0, out + err
    chapter = {int(number): text for number, text in re.findall(r"^(\d+)\. (.*?)(?=^\d+\. |\Z)", out, re.M | re.S)}
    served = {n: re.findall(r"nginx (?:here|far) serves (\w{8})", text) for n, text in chapter.items()}
    assert "Issued, deployed and seen being served" in chapter[4]
    first, again = served[4]
    assert first == again
    assert "Nothing was touched" in chapter[5] and served[5][:2] == [first, first]
    assert "✗" in chapter[6] and "Put the old files back." in chapter[6] and first not in served[6]
    assert "somebody.invalid" in chapter[9] and "Its certificate is served, as it should be" in chapter[9]
    assert "No file that proves control of a name stands on a server." in chapter[12]
    assert "Nothing needs you." in chapter[13]
    assert left(place) == []


def test_the_tour_of_deployments_wants_the_demo():
    alone = subprocess.run([TOUR_DEPLOY], capture_output=True, text=True, timeout=30,
                           env={k: v for k, v in os.environ.items() if not k.startswith("CHANCERY_")})
    assert alone.returncode == 2 and "scripts/demo -- scripts/tour-deploy" in alone.stderr


def test_the_tour_refuses_what_it_has_not(place):
    code, _, err = finish(place, TOUR_DNS, "carrier-pigeon")
    assert code == 2 and "there is no “carrier-pigeon” here; these are: azure" in err
    alone = subprocess.run([TOUR_DNS], capture_output=True, text=True, timeout=30,
                           env={k: v for k, v in os.environ.items() if k != "CHANCERY_SANDBOX_DNS"})
    assert alone.returncode == 2 and "scripts/demo -- scripts/tour-dns" in alone.stderr


@pytest.mark.parametrize("command, code", [
    (["true"], 0), (["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -9 $$"], 137), (["no-such-program"], 127), (["/etc/passwd"], 126),
], ids=["0", "7", "killed", "missing", "no program"])
def test_the_status_is_the_commands(place, command, code):
    assert finish(place, *command)[0] == code
    assert left(place) == []


def test_chancery_and_busctl_just_work(place):
    code, out, err = finish(place, "chancery", "order", "list", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == []

    code, out, err = finish(place, "sh", "-c", 'busctl --address="$CHANCERY_BUS_ADDRESS" tree org.chancery.Chancery1')
    assert (code, err) == (0, "")
    assert "/org/chancery/Chancery1/accounts" in out


def test_help_lists_every_variable(place):
    code, out, _ = finish(place, "env", "-0")
    assert code == 0
    given = {name for name in (line.partition("=")[0] for line in out.split("\0")) if name.startswith("CHANCERY_")} - set(os.environ)
    shown = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  (CHANCERY_\w+)", shown, re.M)) == given
    assert len(given) > 10


@pytest.mark.parametrize("arguments", [["bogus"], ["--bogus"], ["-x", "--", "true"], ["--"]], ids=" ".join)
def test_what_is_not_understood_is_refused_at_once(arguments):
    refused = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=30)
    assert refused.returncode == 2
    assert "see scripts/demo --help" in refused.stderr


def wait_for_moment(process, place, moment):
    """Comes back when a file of that name stands in the world, or when the tour prints a line that begins so."""
    if moment[0].isdigit():
        for line in process.stdout:
            if line.startswith(moment):
                return
        pytest.fail(process.stderr.read())
    eventually(lambda: list(place.glob(moment)))


@pytest.mark.parametrize("moment", ["*", "*/bus", "*/named/named.pid", "*/sandbox.log", "1.", "4."])
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)],
                         ids=["INT", "TERM", "HUP", "KILL"])
def test_nothing_is_left(place, number, code, moment):
    with demo(place) as process:
        wait_for_moment(process, place, moment)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err

    # After SIGKILL its janitor goes on; and the kernel takes a moment for what dies with its parent.
    eventually(lambda: left(place) == [])


def test_ctrl_c_is_the_commands_own_affair(place):
    with demo(place, "sh", "-c", 'trap "echo caught; exit 3" INT; echo ready; sleep 1000 & wait') as process:
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "caught\n")
    assert left(place) == []


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGKILL], ids=["ends", "TERM", "KILL"])
def test_what_the_command_started_ends_too(place, number):
    script = "sleep 1000 & setsid sleep 1000 & echo ready; " + ("" if number is None else "sleep 1000; true")
    with demo(place, "sh", "-c", script) as process:
        assert process.stdout.readline() == "ready\n"
        if number is not None:
            process.send_signal(number)
        process.communicate(timeout=60)     # comes back when nobody holds its standard output any more
    eventually(lambda: left(place) == [])
