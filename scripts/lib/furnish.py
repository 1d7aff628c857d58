# SPDX-License-Identifier: GPL-3.0-or-later
"""A world with something to look at: accounts, servers, deployments, watches, and orders in every state."""

import datetime
import json
import time

from sshd import SSHD, Sshd
from world import World, ZONE

HOSTS = ["portal", "crm", "billing", "status", "wiki", "vpn", "files", "login", "git", "docs", "tickets", "news", "careers", "cdn",
         "metrics", "build", "store", "chat", "forum", "video", "partners", "press", "events", "sso", "backup", "mx", "autoconfig",
         "survey", "maps", "search"]
ZONES = {ZONE: "shop IN A 127.0.0.1\napi IN A 127.0.0.1"}


class Furnisher:
    """Does what an administrator would have done over some months, with the ordinary commands."""

    def __init__(self, world: World):
        self.world = world
        self.nginx = world.dir / "nginx"

    def add(self, noun: str, *words: str, stdin: str | None = None, **options: object) -> None:
        flat = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]
        self.world.chancery(noun, "add", *words, *flat, stdin=stdin)

    def answer(self, *words: str):
        return json.loads(self.world.chancery("--json", *words).stdout)

    def furnish(self) -> None:
        self.add_accounts()
        self.add_profiles()
        self.add_servers()
        self.import_past()
        self.place_orders()
        self.add_watches()

    def add_accounts(self) -> None:
        world, sandbox = self.world, self.world.sandbox
        self.add("account", "globalsign", "GlobalSign", stdin="sandbox", environment="url", url=sandbox["url"], user=sandbox["user"],
                 ca_certificate_file=sandbox["ca-file"], contact_first_name="Ada", contact_last_name="Example",
                 contact_phone="+32 2 000 00 00", contact_email=f"ada@{ZONE}", password_file="-")
        self.add("dns", "rfc2136", "ns1", server="127.0.0.1", port=world.dns_port, nameservers=f"127.0.0.1:{world.dns_port}",
                 key_file=world.key_file, zones=ZONE)
        token = world.dir / "cloudflare-token"
        token.touch(0o600)
        token.write_text(sandbox["dns"]["cloudflare"]["fields"]["api-token"])
        self.add("dns", "cloudflare", "edge", url=sandbox["dns"]["cloudflare"]["url"], secret_file=f"api-token={token}",
                 ca_certificate_file=sandbox["ca-file"], nameservers=f"127.0.0.1:{world.dns_port}")

    def add_profiles(self) -> None:
        self.add("profile", "contact", "operations", first_name="Grace", last_name="Example", email=f"ops@{ZONE}", phone="+32 2 000 00 01")

    def add_servers(self) -> None:
        self.add("server", "local", "web-1")
        self.add("deploy", "shop", server="web-1", name=f"www.{ZONE}", fullchain=self.nginx / "tls" / "www.pem",
                 key=self.nginx / "tls" / "www.key", signal=f"{self.nginx}/nginx.pid:HUP",
                 check=f"127.0.0.1:{self.world.https_port}/www.{ZONE}")
        if SSHD.exists():
            self.add_ssh_server()

    def add_ssh_server(self) -> None:
        sshd = Sshd(self.world, "mail-1")
        self.add("server", "ssh", "mail-1", host="127.0.0.1", port=sshd.port, user="root", host_key=sshd.fingerprint)
        sshd.authorized.write_text(self.world.chancery("server", "key", "mail-1").stdout)
        folder = self.world.dir / "mail"
        folder.mkdir()
        self.add("deploy", "mail", server="mail-1", name=f"mail.{ZONE}", fullchain=folder / "mail.pem", key=folder / "mail.key")

    def import_past(self) -> None:
        """Orders of half a year that were placed in the portal; nobody here has their keys."""
        begin = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=190)
        self.world.control("/seed", {"orders": len(HOSTS), "hosts": HOSTS, "zone": "harbour.test", "from": f"{begin:%Y-%m-%dT%H:%M:%SZ}"})
        self.world.chancery("order", "import", timeout=300)

    def place_orders(self) -> None:
        self.place(f"www.{ZONE}", f"shop.{ZONE}")
        self.place(f"mail.{ZONE}")
        self.place(f"api.{ZONE}", "--dns", "edge")
        self.world.chancery("order", "new", "intranet.elsewhere.test", "--dns", "ns1")
        self.world.chancery("order", "new", f"legacy.{ZONE}", "--method", "http")
        self.await_settled()

    def place(self, *words: str) -> None:
        self.world.chancery("order", "new", *words, "--wait", check=False, timeout=300)

    def await_settled(self, seconds: float = 60) -> None:
        """Until the service has nothing to do for the moment but to wait."""
        end = time.monotonic() + seconds
        busy = {"new", "placing", "ready", "collecting", "running", "wanted"}
        while time.monotonic() < end:
            states = [row["state"] for noun in ("order", "deploy") for row in self.answer(noun, "list")]
            if not busy & set(states):
                return
            time.sleep(0.2)

    def add_watches(self) -> None:
        self.world.chancery("watch", "add", f"127.0.0.1:{self.world.https_port}/intranet.{ZONE}", check=False)
