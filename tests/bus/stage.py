#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private system bus with the real polkitd and chanceryd, in mount and PID namespaces of its own.

Run under "unshare --mount --pid --fork --kill-child"; everything dies with it. polkitd's folders are
compiled in, so ours are mounted over them. After the line "ready" it takes commands from standard
input, one JSON object a line, {"user": NAME, "argv": [...]}, runs each inside as that user, and
answers {"code": N, "out": TEXT, "err": TEXT}: programs from outside would have no process id here,
and polkit would not know them. With "typed": [TEXT, ...] the program gets a terminal of its own, and
each time that it asks for a password there it gets the next of these; all that it shows is "out".

The folder may hold passwd, shadow and group, which then are the machine's as far as anyone here can see.
"""

import grp
import json
import os
import pathlib
import pty
import pwd
import select
import subprocess
import sys
import time

SOCKET = "/run/dbus/system_bus_socket"

# polkitd becomes its user by itself; the bus lets only that user own polkit's name.
POLKITS = {
    "real": ["/usr/lib/polkit-1/polkitd", "--no-debug"],
    "hanging": ["setpriv", "--reuid=polkitd", "--regid=polkitd", "--clear-groups", "/usr/bin/python3",
                str(pathlib.Path(__file__).with_name("hanging_polkit.py"))],
}


def mount(*args):
    subprocess.run(["mount", *args], check=True)


def prepare(folder):
    mount("-t", "proc", "proc", "/proc")
    os.makedirs("/run/dbus", exist_ok=True)
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run/dbus")
    mount("--bind", f"{folder}/actions", "/usr/share/polkit-1/actions")
    mount("--bind", f"{folder}/rules", "/etc/polkit-1/rules.d")
    mount("--bind", f"{folder}/no-rules", "/usr/share/polkit-1/rules.d")
    for name in ("passwd", "shadow", "group"):
        if os.path.exists(f"{folder}/{name}"):
            mount("--bind", f"{folder}/{name}", f"/etc/{name}")


def start(folder, name, *argv):
    log = open(f"{folder}/{name}.log", "a")
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def wait_for_name(name, process):
    """Waits until @name is owned, or gives up when its owner died."""
    for _ in range(200):
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended with {process.returncode}")
        if subprocess.run(["gdbus", "wait", "--system", "--timeout", "1", name],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return
    sys.exit(f"nobody owns {name}")


def read_more(terminal, shown, seconds):
    """What the terminal shows within @seconds; None at its end."""
    if not select.select([terminal], [], [], seconds)[0]:
        sys.exit(f"the program neither ends nor asks; it has shown {shown}")
    try:
        return os.read(terminal, 4096) or None
    except OSError:
        return None


def run_on_terminal(argv, typed):
    """The program is the terminal's first process and keeps the process id that it is given here."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(argv[0], argv)

    shown, asked = b"", 0
    while (more := read_more(terminal, shown, 60)) is not None:
        shown += more
        while shown.count(b"Password: ") > asked:
            answer = typed[asked] if asked < len(typed) else ""
            asked += 1
            # The agent throws away what was typed before it turned the echo off.
            time.sleep(0.2)
            os.write(terminal, answer.encode() + b"\n")
    os.close(terminal)
    return {"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "out": shown.decode(), "err": "", "asked": asked}


def run(command):
    user = pwd.getpwnam(command["user"])
    group = grp.getgrgid(user.pw_gid).gr_name
    argv = ["setpriv", f"--reuid={user.pw_name}", f"--regid={group}", "--clear-groups", *command["argv"]]
    if "typed" in command:
        return run_on_terminal(argv, command["typed"])
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def main():
    folder, polkit, *daemon = sys.argv[1:]
    prepare(folder)
    start(folder, "dbus-daemon", "dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile")
    while not pathlib.Path(SOCKET).exists():
        time.sleep(0.01)
    if polkit in POLKITS:
        wait_for_name("org.freedesktop.PolicyKit1", start(folder, "polkitd", *POLKITS[polkit]))
    chanceryd = start(folder, "chanceryd", *daemon)
    wait_for_name("org.chancery.Chancery1", chanceryd)

    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)

    chanceryd.terminate()
    sys.exit(chanceryd.wait(timeout=20))


main()
