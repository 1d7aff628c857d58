# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that the fake service of these tests gives. The kinds are invented: no client may know any by name."""

import calendar

from gi.repository import GLib

NOW = calendar.timegm((2026, 11, 23, 12, 0, 0))
DAY = 86400
ROOT = "/org/chancery/Chancery1"


def field(name, title, *flags, help="", default="", choices=()):
    row = {
        "name": GLib.Variant("s", name),
        "title": GLib.Variant("s", title),
        "help": GLib.Variant("s", help),
        "default": GLib.Variant("s", default),
        "choices": GLib.Variant("as", choices),
    }
    for flag in ("required", "secret", "multiline", "advanced"):
        row[flag] = GLib.Variant("b", flag in flags)
    return row


def kind(name, title, permissions, *fields):
    return {
        "kind": GLib.Variant("s", name),
        "title": GLib.Variant("s", title),
        "permissions": GLib.Variant("s", permissions),
        "scanned": GLib.Variant("b", False),
        "fields": GLib.Variant("aa{sv}", fields),
    }


def kinds():
    return {
        "account": [
            kind(
                "paperca", "Paper CA", "",
                field("user", "User name", "required", help="It is on the contract."),
                field("password", "Password", "required", "secret"),
                field("environment", "Environment", default="production", choices=["production", "test"]),
                field("ca-certificate", "Extra trust anchor", "multiline", "advanced", help="In PEM form."),
            ),
        ],
        "dns": [
            kind(
                "clay", "Clay tablets", "write to the zone",
                field("server", "Server", "required", help="Name or address."),
                field("port", "Port", default="53"),
                field("key-file", "Key file", "required", "secret", "multiline"),
                field("ttl", "Time to live", "advanced", default="60"),
            ),
            kind("smoke", "Smoke signals", "", field("token", "Token", "required", "secret", help="From the hill.")),
        ],
        "server": [kind("desk", "This desk", "")],
        "profile": [
            kind("scribe", "A person", "", field("first-name", "First name", "required")),
            kind("guild", "A guild", "", field("name", "Name", "required")),
        ],
    }


def peer(ident, name, kind_name, state="enabled", reason="", settings=None, secrets=(), checked=NOW - 300):
    return {
        "Id": ident, "Name": name, "Kind": kind_name, "State": state, "Reason": reason,
        "Settings": settings or {}, "Secrets": list(secrets), "CheckedAt": checked, "CreatedAt": NOW - 3 * DAY,
    }


def order(ident, name, state, step="none", reason="", not_after=0, **more):
    row = {
        "Id": ident, "Name": name, "Names": [name], "State": state, "Step": step, "Reason": reason,
        "StateSince": NOW - 7200, "Due": 0, "Failures": 0, "CancelWanted": False,
        "Account": f"{ROOT}/accounts/1", "AccountName": "prod", "DnsAccount": f"{ROOT}/dns/1", "DnsAccountName": "ns1",
        "Product": "domainssl", "Method": "dns", "Key": "ec-p256", "HasKey": True, "Term": 12,
        "CaOrder": f"CE{ident:06}", "CreatedAt": NOW - 2 * DAY, "UpdatedAt": NOW - 7200, "PlacedAt": NOW - 2 * DAY + 60,
        "IssuedAt": NOW - DAY if not_after else 0, "NotAfter": not_after,
        "TermEnd": NOW + 363 * DAY if not_after else 0,
        "Served": "served" if not_after else "", "Kind": "new", "Renews": "/", "RenewedBy": "/", "AutoReplace": True, "AutoRenew": False,
        "Note": "", "Tags": [], "Contact": {"first-name": "Ada", "last-name": "Byron", "email": "ada@example.test"},
        "Organization": {}, "Options": {}, "Price": "249.00 EUR", "Page": "", "ReplaceAt": not_after - 60 * DAY if not_after else 0, "ReplaceFailures": 0,
    }
    row.update(more)
    return row


def profile(ident, name, what, settings):
    return {"Id": ident, "Name": name, "Kind": what, "Settings": settings, "CreatedAt": NOW - 5 * DAY}


def watch(id):
    return {
        "Id": id, "Name": "mail.example.test:25,starttls=smtp", "Host": "mail.example.test", "Port": 25, "Sni": "", "StartTls": "smtp",
        "Interval": 0, "State": "good", "Reason": "", "LookedAt": NOW, "NextLook": NOW + DAY, "Fingerprint": "ef" * 32,
        "Subject": "CN=mail.example.test", "Issuer": "CN=Somebody", "Names": ["mail.example.test"], "NotBefore": NOW - DAY,
        "NotAfter": NOW + 80 * DAY, "Trusted": True, "CreatedAt": NOW,
    }


def deployment(ident, name, host, state, **more):
    row = {
        "Id": ident, "Name": name, "State": state, "Reason": "", "Enabled": True,
        "Server": f"{ROOT}/servers/1", "ServerName": "here", "Names": [host],
        "Files": [
            {"part": GLib.Variant("s", "fullchain"), "path": GLib.Variant("s", "/etc/ssl/www.pem")},
            {
                "part": GLib.Variant("s", "key"), "path": GLib.Variant("s", "/etc/ssl/www.key"),
                "group": GLib.Variant("s", "www-data"), "mode": GLib.Variant("s", "0640"),
            },
        ],
        "Action": {"kind": GLib.Variant("s", "reload-unit"), "unit": GLib.Variant("s", "nginx.service")},
        "Checks": [
            {
                "host": GLib.Variant("s", "127.0.0.1"), "port": GLib.Variant("u", 443),
                "sni": GLib.Variant("s", "www.example.test"),
            },
        ],
        "Fingerprint": "ab" * 32, "NotAfter": NOW + 198 * DAY + 3600, "DeployedAt": NOW - DAY + 30, "NextTry": 0,
        "InstalledFingerprint": "ab" * 32, "InstalledNotAfter": NOW + 198 * DAY + 3600, "Wave": 0, "Windows": [], "PausedUntil": 0,
        "PauseReason": "", "Secrets": [], "Template": "", "Test": {}, "WebRoot": "", "ChallengeFolder": "", "Drift": "",
        "Failures": 0, "CreatedAt": NOW - 3 * DAY,
    }
    row.update(more)
    return row


def job(state="running", lines=(), **more):
    row = {
        "Id": 1, "Kind": "account.verify", "Title": "Verify account “prod”", "Object": f"{ROOT}/accounts/1",
        "State": state, "Progress": -1.0, "Lines": list(lines), "Result": {}, "Error": "", "ErrorMessage": "",
        "Owner": 0, "StartedAt": NOW, "FinishedAt": 0,
    }
    row.update(more)
    return row


EVENT_TYPES = {
    "Id": "t", "At": "x", "Uid": "x", "Authority": "s", "Action": "s", "Object": "s", "Name": "s", "Ok": "b", "Text": "s",
}


def event(ident, action, target, name, text, uid=0, ok=True):
    return {
        "Id": ident, "At": NOW - 3600 + ident, "Uid": uid, "Authority": "root", "Action": action, "Object": target,
        "Name": name, "Ok": ok, "Text": text,
    }


LEFTOVER_TYPES = {
    "Id": "t", "DnsAccount": "o", "DnsAccountName": "s", "Zone": "s", "Name": "s", "Value": "s", "Order": "o", "Since": "x",
    "Failures": "u", "Reason": "s", "NextTry": "x",
}


def leftover(ident, name, reason="", **more):
    return {
        "Id": ident, "DnsAccount": f"{ROOT}/dns/2", "DnsAccountName": "hill", "Zone": "example.test", "Name": name,
        "Value": "_globalsign-domain-verification=q1w2e3r4t5z6u7i8o9p0", "Order": f"{ROOT}/orders/4", "Since": NOW - 7200,
        "Failures": 5 if reason else 0, "Reason": reason, "NextTry": NOW + 600 if reason else 0, **more,
    }


CHALLENGE_FILE_TYPES = {
    "Id": "t", "Server": "o", "ServerName": "s", "Path": "s", "Order": "o", "State": "s", "Since": "x", "Failures": "u", "Reason": "s",
    "NextTry": "x",
}


def challenge_file(ident, state, reason="", **more):
    return {
        "Id": ident, "Server": f"{ROOT}/servers/1", "ServerName": "here", "Path": "/srv/www/.well-known/pki-validation/gsdv.txt",
        "Order": f"{ROOT}/orders/4", "State": state, "Since": NOW - 7200, "Failures": 5 if reason else 0, "Reason": reason,
        "NextTry": NOW + 600 if reason else 0, **more,
    }


def certificate(fingerprint, not_after, ident=1, current=True, **more):
    types = {"Names": "as", "NotBefore": "x", "NotAfter": "x", "IssuedAt": "x", "Id": "t", "HasKey": "b", "Current": "b", "Order": "o"}
    values = {
        "Id": ident, "Serial": "0a1b2c3d4e5f60718293a4b5", "Subject": "CN=www.example.test", "Issuer": "CN=Paper Issuing CA 1",
        "Names": ["www.example.test"], "NotBefore": NOW - DAY, "NotAfter": not_after, "Fingerprint": fingerprint,
        "PublicKey": "fe" * 32, "HasKey": True, "IssuedAt": NOW - DAY, "CaOrder": "CE000001", "Pem": "PEM", "Chain": "CHAIN",
        "Root": "ROOT", "Order": f"{ROOT}/orders/1", "OrderState": "issued", "Current": current,
    }
    values.update(more)
    return {key: GLib.Variant(types.get(key, "s"), value) for key, value in values.items()}


def link(subject, issuer, not_after, key="RSA 2048"):
    types = {"NotBefore": "x", "NotAfter": "x"}
    values = {"Subject": subject, "Issuer": issuer, "NotBefore": NOW - 300 * DAY, "NotAfter": not_after, "Key": key,
              "Signature": "RSA-SHA256", "Sha1": "0123456789" * 4, "Fingerprint": "ab" * 32}
    return {key: GLib.Variant(types.get(key, "s"), value) for key, value in values.items()}


def challenge():
    def seen(server, address, result, text=""):
        return {
            "Server": GLib.Variant("s", server), "Address": GLib.Variant("s", address), "Result": GLib.Variant("s", result),
            "Text": GLib.Variant("s", text), "At": GLib.Variant("x", NOW - 5),
        }

    return {
        "Method": GLib.Variant("s", "dns"), "Name": GLib.Variant("s", "shop.example.test"),
        "Location": GLib.Variant("s", "_dnsauth.shop.example.test"), "Aliases": GLib.Variant("as", []),
        "DnsAccount": GLib.Variant("o", f"{ROOT}/dns/1"), "DnsAccountName": GLib.Variant("s", "ns1"), "Value": GLib.Variant("s", "val=1"),
        "ValueAt": GLib.Variant("x", NOW - 60), "PublishedAt": GLib.Variant("x", NOW - 30), "SeenAt": GLib.Variant("x", 0),
        "Observed": GLib.Variant("aa{sv}", [
            seen("ns1.example.test", "192.0.2.1", "value", "shows the value"),
            seen("ns2.example.test", "2001:db8::2", "other", "it has serial 7, the others have 8"),
        ]),
    }


def story():
    def line(at, what, text):
        return {"At": GLib.Variant("x", at), "Kind": GLib.Variant("s", what), "Text": GLib.Variant("s", text)}

    return {
        "Headline": GLib.Variant("s", "Order 3 for shop.example.test waits for ns2.example.test since 2 hours."),
        "Advice": GLib.Variant("s", "Look why ns2.example.test does not follow its primary."),
        "Lines": GLib.Variant("aa{sv}", [
            line(NOW - 2 * DAY, "done", "Ordered at “prod”."),
            line(NOW - 7200, "done", "Published at “ns1”."),
            line(NOW - 5, "seen", "ns1.example.test shows the value."),
            line(NOW - 5, "problem", "ns2.example.test does not."),
            line(0, "now", "Asking all servers of the zone."),
            line(0, "next", "Ask the CA to check."),
        ]),
    }


def status():
    def attention(path, name, text):
        return {"Object": GLib.Variant("o", path), "Name": GLib.Variant("s", name), "Text": GLib.Variant("s", text)}

    return {
        "Version": GLib.Variant("s", "0.1.0"),
        "Orders": GLib.Variant("a{su}", {"issued": 3, "validating": 1, "failed": 1, "cancelled": 2}),
        "Accounts": GLib.Variant("a{su}", {"enabled": 1}),
        "DnsAccounts": GLib.Variant("a{su}", {"enabled": 1, "failing": 1}),
        "Servers": GLib.Variant("a{su}", {"enabled": 1}),
        "Deployments": GLib.Variant("a{su}", {"deployed": 1, "failed": 1}),
        "Watches": GLib.Variant("a{su}", {"good": 1}),
        "Health": GLib.Variant("s", "warning"), "Expiring": GLib.Variant("aa{sv}", []),
            "Attention": GLib.Variant("aa{sv}", [
            attention(f"{ROOT}/dns/2", "hill", "It rains on the hill."),
            attention(f"{ROOT}/orders/4", "old.example.test", "The CA refused the name."),
        ]),
        "NextExpiry": GLib.Variant("x", NOW + 10 * DAY),
        "NextDue": GLib.Variant("x", NOW + 300),
        "Leftovers": GLib.Variant("u", 1),
    }


def rule(table, title, text, since, now, subjects=()):
    types = {"From": "x", "InForce": "b", "Number": "u", "For": "as"}
    values = {"Table": table, "Title": title, "For": list(subjects), "From": since, "InForce": now, "Number": 0, "State": "",
              "Text": text, "Source": "the guild"}
    return {key: GLib.Variant(types.get(key, "s"), value) for key, value in values.items()}


def policy():
    def day(*date):
        return calendar.timegm((*date, 0, 0, 0))

    return [
        rule("life", "Longest certificate", "199 days", day(2026, 3, 14), True),
        rule("life", "Longest certificate", "99 days", day(2027, 3, 15), False),
        rule("life", "Longest certificate", "46 days", day(2029, 3, 15), False),
        rule("proof", "Proof of control", "allowed", 0, True, ["seal"]),
        rule("proof", "Proof of control", "discouraged", day(2026, 3, 15), True, ["scroll"]),
        rule("proof", "Proof of control", "ended", day(2028, 3, 15), False, ["scroll"]),
        rule("names", "Names", "names and wildcards", 0, True, ["alphassl", "domainssl"]),
        rule("names", "Names", "names only", 0, True, ["extendedssl"]),
    ]


def preview(months):
    def name(text, counted_as):
        return {key: GLib.Variant("s", value) for key, value in
                {"Name": text, "CountedAs": counted_as, "DnsAccountName": "ns1"}.items()}

    broken = months > 12
    return {
        "Problems": GLib.Variant("as", ["The term is 1 to 12 months", "*.shop.example.test: it rains"] if broken else []),
        "Notices": GLib.Variant("as", ["Certificates issued from 2027-03-15 on are for servers only"]),
        "AccountName": GLib.Variant("s", "prod"),
        "Names": GLib.Variant("aa{sv}", [name("shop.example.test", "common name"), name("*.shop.example.test", "wildcard")]),
        "Product": GLib.Variant("s", "domainssl"), "Kind": GLib.Variant("s", "new"), "Method": GLib.Variant("s", "dns"),
        "Key": GLib.Variant("s", "rsa-2048"), "Term": GLib.Variant("u", months),
        "Contact": GLib.Variant("a{ss}", {"first-name": "Ada", "email": "ada@example.test"}),
        "Organization": GLib.Variant("a{ss}", {}), "Options": GLib.Variant("a{ss}", {"licenses": "2"}),
        "NotAfter": GLib.Variant("x", NOW + 199 * DAY), "TermEnd": GLib.Variant("x", NOW + 365 * DAY),
        "Certificates": GLib.Variant("u", 4), "Price": GLib.Variant("s", "" if broken else "249.00 EUR"),
        "Request": GLib.Variant("a{ss}", {} if broken else {"common-name": "shop.example.test"}),
        "Certificate": GLib.Variant("a{ss}", {}),
        "Silence": GLib.Variant("s", "It was not asked" if broken else ""),
    }


def make():
    end = NOW + 198 * DAY + 3600
    rows = [
        order(1, "www.example.test", "issued", not_after=end),
        order(2, "mail.example.test", "issued", not_after=NOW + 10 * DAY),
        order(3, "shop.example.test", "validating", "propagate", "ns2.example.test does not show the value yet", Due=NOW + 30),
        order(4, "old.example.test", "failed", reason="The CA refused the name: it is on its list of names for which it wants "
              "a person to look first, and that person said no", HasKey=False),
        order(5, "www.example.test", "cancelled", reason="You cancelled it"),
        order(6, "a-rather-long-name-of-a-host.department.branch.example.test", "issued", not_after=NOW + 20 * DAY),
        order(7, "twice.example.test", "cancelled"),
        order(8, "twice.example.test", "failed"),
        order(9, "bücher.example.test", "issued", not_after=end, Names=["xn--bcher-kva.example.test"]),
    ]
    return {
        "kinds": kinds(),
        "accounts": {1: peer(1, "prod", "paperca", settings={"user": "jane", "environment": "test"}, secrets=["password"])},
        "dns": {
            1: peer(1, "ns1", "clay", settings={"server": "127.0.0.1", "port": "5301"}, secrets=["key-file"]),
            2: peer(2, "hill", "smoke", "failing", "It rains on the hill.", secrets=["token"], checked=0),
        },
        "profiles": {
            1: profile(1, "ada", "scribe", {"first-name": "Ada", "last-name": "Byron", "email": "ada@example.test"}),
            2: profile(2, "firm", "guild", {"name": "Example AG", "city": "Berlin", "country": "DE"}),
        },
        "servers": {1: peer(1, "here", "desk", checked=0, settings={"public-key": "ssh-ed25519 AAAA"})},
        "watches": {1: watch(1)},
        "deployments": {
            1: deployment(1, "web", "www.example.test", "deployed"),
            2: deployment(2, "shop", "shop.example.test", "failed", Reason="nginx did not reload.", NextTry=NOW + 600,
                          Fingerprint="", NotAfter=0, DeployedAt=0),
        },
        "orders": {row["Id"]: row for row in rows},
        "jobs": {1: job("done", ["Asking the CA …", "It knows us."], Result={"balance": "1000"}, Progress=1.0, FinishedAt=NOW)},
        "events": [
            event(1, "account.add", "account/1", "prod", "Added"),
            event(2, "order.new", "order/3", "shop.example.test", "Ordered", uid=65534),
            event(3, "order.publish", "order/3", "shop.example.test", "Published at “ns1”", uid=-1),
            event(4, "dns.test", "dns/2", "hill", "It rains on the hill.", ok=False),
        ],
        "event_types": EVENT_TYPES,
        "leftovers": [
            leftover(7, "_dnsauth.old.example.test", "It rains on the hill, and nobody knows for how long it will go on."),
            leftover(12, "_chancery-test.example.test", Order="/"),
        ],
        "leftover_types": LEFTOVER_TYPES,
        "challenge_files": [
            challenge_file(3, "present"),
            challenge_file(5, "removing", "The folder “/srv/old” is under water, and nobody knows for how long it will be.",
                           Path="/srv/old/gsdv.txt", Order=f"{ROOT}/orders/3"),
        ],
        "challenge_file_types": CHALLENGE_FILE_TYPES,
        "stories": {str(i): story() for i in range(1, 10)},
        "challenges": {3: [challenge()]},
        "now": NOW,
        "certificates": {1: [certificate("ab" * 32, end, 2),
                             certificate("cd" * 32, NOW + 9 * DAY, 1, False, Serial="0f0e0d0c0b0a", HasKey=False)]},
        "path": [
            link("CN=www.example.test", "CN=Paper Issuing CA 1,O=Paper", end, "ECDSA SECP256R1"),
            link("CN=Paper Issuing CA 1,O=Paper", "CN=Paper Root", NOW + 2000 * DAY),
            link("CN=Paper Root", "CN=Paper Root", NOW + 9000 * DAY, "RSA 4096"),
        ],
        "runs": [
            {
                "Id": GLib.Variant("t", 2), "StartedAt": GLib.Variant("x", NOW - DAY), "FinishedAt": GLib.Variant("x", NOW - DAY + 30),
                "Result": GLib.Variant("s", "deployed"), "Error": GLib.Variant("s", ""), "Fingerprint": GLib.Variant("s", "ab" * 32),
                "Steps": GLib.Variant("aa{sv}", [
                    {"At": GLib.Variant("x", NOW - DAY), "Step": GLib.Variant("s", "write"), "Ok": GLib.Variant("b", True),
                     "Text": GLib.Variant("s", "Wrote 2 files.")},
                    {"At": GLib.Variant("x", NOW - DAY + 30), "Step": GLib.Variant("s", "check"), "Ok": GLib.Variant("b", True),
                     "Text": GLib.Variant("s", "127.0.0.1:443 serves it.")},
                ]),
            },
        ],
        "policy": policy(),
        "preview": preview,
        "status": status(),
    }
