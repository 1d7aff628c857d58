#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private system bus with the real polkitd and chanceryd, in mount and PID namespaces of its own.

Run under "unshare --mount --pid --fork --kill-child"; everything dies with it. polkitd's folders are
compiled in, so ours are mounted over them. After the line "ready" it takes commands from standard
input, one JSON object a line, {"user": NAME, "argv": [...]}, runs each inside as that user, and
answers {"code": N, "out": TEXT, "err": TEXT}: programs from outside would have no process id here,
and polkit would not know them.
"""

import grp
import json
import os
import pathlib
import pwd
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


def run(command):
    user = pwd.getpwnam(command["user"])
    group = grp.getgrgid(user.pw_gid).gr_name
    argv = ["setpriv", f"--reuid={user.pw_name}", f"--regid={group}", "--clear-groups", *command["argv"]]
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
