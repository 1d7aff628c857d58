# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's clients against the stand-ins for DNS services: what they write stands in DNS, and what they remove is gone.
That shows that the stand-ins are no mirrors of Chancery's own client. Route 53 has Amazon's own in test_dns_route53.py."""

import json
import os
import shutil
import ssl
import subprocess
import time
import urllib.request

import pytest
from conftest import free_port
from gateway import Gateway

ZONE = "example.test"
NAME = f"_peer.{ZONE}"


def program(name):
    path = shutil.which(name)
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


@pytest.fixture
def gateway(sandbox, named, tmp_path):
    base = {kind: facts["url"] for kind, facts in sandbox.facts["dns"].items()}
    it = Gateway(tmp_path, {
        "api.godaddy.com": base["godaddy"],
        "api.cloudflare.com": base["cloudflare"].removesuffix("/client/v4"),
        "login.microsoftonline.com": base["azure"],
        "management.azure.com": base["azure"],
    }, sandbox.context)
    yield it
    it.stop()
    for kind in ("azure", "cloudflare", "godaddy"):
        sandbox.control("dns", {"kind": kind, "reset": True})
    named.update(f"update delete {NAME}. TXT", f"update delete other.{ZONE}. TXT", f"update delete _acme-challenge.www.{ZONE}. TXT")


def run(*command, **environment):
    done = subprocess.run([str(part) for part in command], env={"PATH": os.environ["PATH"], **environment}, text=True, timeout=90,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


# ---- lexicon ----

# It takes domains from the public suffix list, in which there is no .test.
LEXICON_WITH_TEST = """
import functools, tldextract
tldextract.TLDExtract = functools.partial(tldextract.TLDExtract, extra_suffixes=["test"])
from lexicon.cli import main
main()
"""
LEXICON = {
    "azure": {"auth-client-id": "client-id", "auth-client-secret": "client-secret", "auth-tenant-id": "tenant",
              "auth-subscription-id": "subscription", "resource-group": "resource-group"},
    "cloudflare": {"auth-token": "api-token"},
    "godaddy": {"auth-key": "key", "auth-secret": "secret"},
}


@pytest.fixture
def lexicon(gateway, sandbox, tmp_path):
    pytest.importorskip("lexicon", reason="lexicon is not installed")

    def call(kind, action, *rest, ttl=None):
        fields = sandbox.facts["dns"][kind]["fields"]
        account = [part for option, field in LEXICON[kind].items() for part in (f"--{option}", fields[field])]
        return run("/usr/bin/python3", "-c", LEXICON_WITH_TEST, kind, action, ZONE, "TXT", *rest, *account, "--output", "JSON",
                   *(["--ttl", ttl] if ttl else []), HOME=str(tmp_path), **gateway.environment)
    return call


@pytest.mark.parametrize("kind", LEXICON)
def test_lexicon(lexicon, gateway, named, kind):
    lexicon(kind, "create", "--name", NAME, "--content", "from lexicon", ttl="3600")
    assert named.show(NAME) == ['3600 "from lexicon"']
    listed = json.loads(lexicon(kind, "list", "--name", NAME))
    assert [r["content"].strip('"') for r in listed] == ["from lexicon"]
    lexicon(kind, "delete", "--name", NAME, "--content", "from lexicon")
    assert named.show(NAME) == []
    assert gateway.asked


# ---- lego, which has a certificate issued by pebble ----

class Pebble:
    """A small ACME server that asks the BIND behind the stand-ins."""

    def __init__(self, path, folder, gateway, named):
        self.port = free_port()
        config = {"listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": "", "certificate": str(gateway.certificate),
                  "privateKey": str(gateway.key), "httpPort": 1, "tlsPort": 1, "ocspResponderURL": "",
                  "externalAccountBindingRequired": False}
        file = folder / "pebble.json"
        file.write_text(json.dumps({"pebble": config}))
        self.process = subprocess.Popen([path, "-config", file, "-dnsserver", named.address],
                                        env={**os.environ, "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"https://127.0.0.1:{self.port}/dir"
        self.wait(ssl.create_default_context(cafile=gateway.certificate))

    def wait(self, context):
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url, context=context, timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)
        raise RuntimeError("pebble does not answer")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def pebble(gateway, named, tmp_path):
    it = Pebble(program("pebble"), tmp_path, gateway, named)
    yield it
    it.stop()


def test_lego_at_godaddy(gateway, pebble, sandbox, named, tmp_path):
    named.update(f'update add other.{ZONE}. 3600 TXT "stays"')
    fields = sandbox.facts["dns"]["godaddy"]["fields"]
    run(program("lego"), "--server", pebble.url, "--accept-tos", "--email", "ada@example.test", "--path", tmp_path / "lego",
        "--dns", "godaddy", "--dns.resolvers", named.address, "--dns.disable-cp", "--domains", f"www.{ZONE}", "run",
        HOME=str(tmp_path), LEGO_CA_CERTIFICATES=str(gateway.certificate), GODADDY_API_KEY=fields["key"],
        GODADDY_API_SECRET=fields["secret"], **gateway.environment)

    certificate = tmp_path / "lego" / "certificates" / f"www.{ZONE}.crt"
    assert f"DNS:www.{ZONE}" in run("openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", certificate)
    assert [line for line in gateway.asked if line.startswith("PUT api.godaddy.com/")]
    assert named.show(f"other.{ZONE}") == ['3600 "stays"']
    assert named.show(f"_acme-challenge.www.{ZONE}") in ([], ['600 ""'])
