#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""demo.py BUILD [--gui | COMMAND…], for scripts/demo: the main job, shown with the ordinary commands; or a world to try things in."""

import os
import shlex
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from furnish import Furnisher, ZONES  # noqa: E402
from show import Show  # noqa: E402
from world import World, WorldError, ZONE, kill_with_parent  # noqa: E402

HOST = f"www.{ZONE}"


class Tour(Show):
    def __init__(self, world: World):
        super().__init__(world.env())
        self.world = world

    def show(self) -> None:
        world, env = self.world, self.env
        nginx = env["CHANCERY_NGINX_DIR"]
        self.say("1. Here is my account at the CA (the stand-in for GlobalSign)")
        self.run("chancery", "account", "add", "globalsign", "demo", "--environment", "url", "--url", env["CHANCERY_SANDBOX_URL"],
                 "--ca-certificate-file", env["CHANCERY_SANDBOX_CA"], "--user", env["CHANCERY_SANDBOX_USER"],
                 "--contact-first-name", "Ada", "--contact-last-name", "Example", "--contact-phone", "+32 2 000 00 00",
                 "--contact-email", f"ada@{ZONE}", "--password-file", "-", stdin="sandbox")
        self.run("chancery", "account", "verify", "demo")

        self.say("2. Here is my DNS server (a real BIND)")
        self.run("chancery", "dns", "add", "rfc2136", "ns1", "--server", env["CHANCERY_DNS_SERVER"], "--port", env["CHANCERY_DNS_PORT"],
                 "--nameservers", f"127.0.0.1:{env['CHANCERY_DNS_PORT']}", "--key-file", env["CHANCERY_DNS_KEY_FILE"])
        self.run("chancery", "dns", "test", "ns1", ZONE)

        self.say("3. Here is my web server (a real nginx), and where the certificate goes")
        self.run("chancery", "server", "add", "local", "here")
        self.run("chancery", "deploy", "add", "web", "--server", "here", "--name", HOST,
                 "--fullchain", f"{nginx}/tls/www.pem", "--key", f"{nginx}/tls/www.key",
                 "--signal", f"{nginx}/nginx.pid:HUP", "--check", f"127.0.0.1:{env['CHANCERY_NGINX_HTTPS_PORT']}/{HOST}")

        self.say(f"4. Get me a certificate for {HOST}")
        self.run("chancery", "order", "new", HOST, "--wait")
        self.run("chancery", "order", "explain", HOST)
        self.run("chancery", "status")

        self.say("5. What nginx serves now, verified against the stand-in's root")
        self.run("sh", "-c", f"echo | openssl s_client -connect 127.0.0.1:{env['CHANCERY_NGINX_HTTPS_PORT']} -servername {HOST} "
                 f"-verify_hostname {HOST} -verify_return_error -CAfile {shlex.quote(env['CHANCERY_SANDBOX_ROOT'])} 2>&1 "
                 "| grep -E 'Verification|^ *[0-9] s:|^ *i:|NotAfter|Verify return code' | sort -u")
        left = world.dig(ZONE) + world.dig(HOST)
        self.say(f"TXT records left in DNS: {', '.join(left)} (only what was there before)")


def quit_on_signal(number, frame) -> None:
    raise SystemExit(128 + number)


def run_command(world: World, argv: list[str]) -> int:
    """Ctrl-C is the command's own affair; a shell hears by SIGHUP that its world is gone."""
    die = kill_with_parent(signal.SIGHUP)

    def begin() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        die()

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        status = subprocess.run(argv, env=world.env(), preexec_fn=begin).returncode
        return status if status >= 0 else 128 - status
    except FileNotFoundError:
        print(f"scripts/demo: there is no program “{argv[0]}”", file=sys.stderr)
        return 127
    except PermissionError:
        print(f"scripts/demo: “{argv[0]}” cannot be run", file=sys.stderr)
        return 126
    finally:
        signal.signal(signal.SIGINT, before)


def main() -> int:
    build, *command = sys.argv[1:]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, quit_on_signal)
    try:
        with World(build, zones=ZONES, is_local=True) as world:
            if command == ["--gui"]:
                print("Placing some orders to look at …", flush=True)
                Furnisher(world).furnish()
                return run_command(world, ["chancery-gtk"])
            if command:
                return run_command(world, command)
            Tour(world).show()
            return 0
    except WorldError as error:
        print(f"scripts/demo: {error}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"scripts/demo: the command failed with status {error.returncode}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
