#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""For scripts/tour-dns: orders one certificate through each DNS service that the demo's world stands in for."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unicodedata

sys.path.insert(0, os.path.dirname(__file__))
from show import Show  # noqa: E402
from world import ZONE  # noqa: E402

HELP = f"""scripts/demo -- scripts/tour-dns orders one certificate through each DNS service, and closes with a table of what
became of each: the stand-ins of the sandbox for the web services, the demo's BIND for dynamic updates. The values stand in
the zone {ZONE} of that BIND, and the stand-in for GlobalSign looks for them there."""


def ask(*argv: str):
    """What chancery answers, as a document."""
    return json.loads(subprocess.run(["chancery", "--json", *argv], check=True, capture_output=True, text=True).stdout)


def accounts() -> dict[str, dict[str, str]]:
    """What an account of each kind needs to be told, here."""
    env = os.environ
    found = {"rfc2136": {"server": env["CHANCERY_DNS_SERVER"], "port": env["CHANCERY_DNS_PORT"],
                         "key-file": pathlib.Path(env["CHANCERY_DNS_KEY_FILE"]).read_text()}}
    for kind, service in json.loads(env["CHANCERY_SANDBOX_DNS"]).items():
        found[kind] = {"url": service["url"], **service["fields"]}
    return dict(sorted(found.items()))


class Tour(Show):
    def __init__(self, folder: str, seconds: float):
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.seconds = seconds
        self.kinds = {kind["kind"]: kind for kind in ask("dns", "types")}
        self.rows: list[tuple[str, ...]] = []

    def add_ca_account(self) -> None:
        if ask("account", "list"):
            return
        env = os.environ
        self.say("An account at the CA (the stand-in for GlobalSign)")
        self.run("chancery", "account", "add", "globalsign", "demo", "--environment", "url", "--url", env["CHANCERY_SANDBOX_URL"],
                 "--ca-certificate-file", env["CHANCERY_SANDBOX_CA"], "--user", env["CHANCERY_SANDBOX_USER"],
                 "--contact-first-name", "Ada", "--contact-last-name", "Example", "--contact-phone", "+32 2 000 00 00",
                 "--contact-email", f"ada@{ZONE}", "--password-file", "-", stdin="sandbox")

    def options(self, kind: str, values: dict[str, str]) -> list[str]:
        """Secrets in files, as they cannot be given otherwise."""
        fields = {field["name"]: field for field in self.kinds[kind]["fields"]}
        options = []
        for name, value in values.items():
            if not fields[name]["secret"]:
                options += [f"--{name}", value]
                continue
            path = self.folder / f"{kind}-{name}"
            path.touch(0o600)
            path.write_text(value)
            options += ["--secret-file", f"{name}={path}"]
        if "ca-certificate" in fields:
            options += ["--ca-certificate-file", os.environ["CHANCERY_SANDBOX_CA"]]
        return [*options, "--nameservers", f"127.0.0.1:{os.environ['CHANCERY_DNS_PORT']}"]

    def order(self, number: int, kind: str, values: dict[str, str]) -> None:
        title, host = self.kinds[kind]["title"], f"{kind}.{ZONE}"
        begun = time.monotonic()
        self.say(f"{number}. {title}")
        self.run("chancery", "dns", "add", kind, kind, *self.options(kind, values))
        self.run("chancery", "order", "new", host, "--dns", kind, "--wait", check=False, timeout=self.seconds)
        order = next((o for o in ask("order", "list", "--search", host) if o["name"] == host), None)
        result = "no order" if order is None else order["state"] + (f": {order['reason']}" if order["reason"] else "")
        self.rows.append((title, f"{order['id']} {host}" if order else host, f"{time.monotonic() - begun:.1f} s", result))

    def try_order(self, number: int, kind: str, values: dict[str, str]) -> None:
        try:
            self.order(number, kind, values)
        except subprocess.CalledProcessError as error:
            self.rows.append((self.kinds[kind]["title"], f"{kind}.{ZONE}", "", f"a command failed with status {error.returncode}"))

    def show_leftovers(self) -> None:
        """A value goes right after its order has ended; what is still there some seconds later has a reason."""
        end = time.monotonic() + 10
        while any(not row["failures"] for row in ask("dns", "leftovers")) and time.monotonic() < end:
            time.sleep(0.1)
        self.say("What is left in DNS")
        self.run("chancery", "dns", "leftovers", check=False)

    def show_table(self) -> int:
        """How many were not issued."""
        def cells(text: str) -> int:
            return sum(2 if unicodedata.east_asian_width(c) in "FW" else 1 for c in text)

        rows = [("SERVICE", "ORDER", "TIME", "RESULT"), *self.rows]
        widths = [max(cells(row[i]) for row in rows) for i in range(3)]
        bad = 0
        for number, row in enumerate(rows):
            line = "  ".join(cell + " " * (width - cells(cell)) for cell, width in zip(row, widths))
            good = row[3].startswith("issued")
            bad += number > 0 and not good
            colour = "1" if number == 0 else "32" if good else "31"
            print(f"{self.paint('1', line) if number == 0 else line}  {self.paint(colour, row[3])}")
        return bad


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/tour-dns", description=HELP)
    parser.add_argument("kind", nargs="*", metavar="KIND", help="only these, as “chancery dns types” calls them")
    parser.add_argument("--seconds", type=float, default=180, metavar="N", help="wait so long for one certificate (default: 180)")
    arguments = parser.parse_args()
    if "CHANCERY_SANDBOX_DNS" not in os.environ:
        parser.error("this is not the demo's world; run scripts/demo -- scripts/tour-dns")
    unknown = [kind for kind in arguments.kind if kind not in accounts()]
    if unknown:
        parser.error(f"there is no “{unknown[0]}” here; these are: {', '.join(accounts())}")
    return arguments


def main() -> int:
    arguments = parse()
    chosen = {kind: values for kind, values in accounts().items() if not arguments.kind or kind in arguments.kind}
    try:
        # in the world's own folder, which goes with it in any case
        with tempfile.TemporaryDirectory(prefix="tour-dns-", dir=pathlib.Path(os.environ["CHANCERY_STATE_DIR"]).parent) as folder:
            tour = Tour(folder, arguments.seconds)
            tour.add_ca_account()
            for number, (kind, values) in enumerate(chosen.items(), 1):
                tour.try_order(number, kind, values)
            tour.show_leftovers()
            return 1 if tour.show_table() else 0
    except subprocess.CalledProcessError as error:
        print(f"scripts/tour-dns: the command failed with status {error.returncode}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
