# SPDX-License-Identifier: GPL-3.0-or-later
"""Which DNS account puts a value where: zones of accounts, and names that lead elsewhere."""

import json
import signal

import pytest

from conftest import ZONE, eventually
from world import free_port

OTHER = "sample.test"


def challenges(admin, name):
    return {c["location"]: c for c in admin.json("order", "show", name)["challenges"]}


def nothing_left(world, *names):
    eventually(lambda: all(world.dig(name) == [] for name in names))


@pytest.mark.zones({OTHER: ""})
def test_each_name_finds_its_account(world, admin, add_service):
    admin.add_account()
    admin.add_dns("ns1", zones=ZONE)
    add_service("cloudflare", zones=f"{OTHER}, bücher.{ZONE}")
    names = [f"www.{ZONE}", f"www.{OTHER}", f"bücher.{ZONE}"]

    admin.run("order", "new", *names, "--wait")

    # the CA offers no place at the third name itself, so it is proven above it, by whoever has that
    shown = challenges(admin, names[0])
    assert {place: c["dns_account_name"] for place, c in shown.items()} == {
        f"www.{ZONE}": "ns1", f"www.{OTHER}": "cloudflare", ZONE: "ns1"}
    story = admin.run("order", "explain", names[0]).stdout
    assert f"“ns1” (www.{ZONE}), “cloudflare” (www.{OTHER}, bücher.{ZONE})" in " ".join(story.split())
    nothing_left(world, f"www.{ZONE}", f"www.{OTHER}")
    eventually(lambda: world.dig(ZONE) == ['"v=spf1 -all"'])


def test_nobody_takes_care_of_a_name(world, admin):
    admin.add_account()
    admin.add_dns("ns1", zones="example.org")
    admin.add_dns("ns2", zones=f"example.net, {OTHER}")
    refused = admin.run("order", "new", f"www.{ZONE}", check=False)
    assert refused.returncode == 2 and "zones" in refused.stderr and f"“www.{ZONE}”" in refused.stderr
    assert admin.json("order", "list") == []

    # as both names are, it is clear what to do
    admin.run("dns", "edit", "ns1", "--set", f"zones={ZONE}")
    admin.run("dns", "edit", "ns2", "--set", f"zones={ZONE}")
    refused = admin.run("order", "new", f"www.{ZONE}", check=False)
    assert "ns1, ns2" in refused.stderr
    admin.run("order", "new", f"www.{ZONE}", "--dns", "ns2", "--wait")
    assert admin.order(f"www.{ZONE}")["dns_account_name"] == "ns2"


def test_wrong_zones_are_refused(world, admin):
    for wrong in ("www.*.test", "192.0.2.1", "a..b"):
        with pytest.raises(Exception) as refusal:
            admin.add_dns("ns1", zones=wrong)
        assert "zones: " in refusal.value.stderr and wrong in refusal.value.stderr
    assert json.loads(admin.run("--json", "dns", "list").stdout) == []


PROOF = f"proof.{OTHER}"
DELEGATED = {
    ZONE: f"shop CNAME hop\nhop CNAME {PROOF}.\nround CNAME about\nabout CNAME round\n*.wild CNAME {PROOF}.",
    OTHER: "",
}


def operations(world, kind):
    return [r["operation"] for r in world.control("/requests") if r["operation"].startswith(f"{kind}.")]


@pytest.mark.zones(DELEGATED)
@pytest.mark.parametrize("name", [f"shop.{ZONE}", f"x.wild.{ZONE}"])
def test_a_name_is_delegated_to_another_service(world, admin, add_service, name):
    admin.add_account()
    admin.add_dns("ns1", zones=ZONE)
    add_service("cloudflare", zones=OTHER)

    admin.run("order", "new", name, "--wait")

    # the CA was asked for the name itself, and the value stood where that leads to
    (challenge,) = challenges(admin, name).values()
    assert challenge["location"] == name and challenge["aliases"][-1] == PROOF
    assert challenge["dns_account_name"] == "cloudflare"
    assert operations(world, "cloudflare")
    story = " ".join(admin.run("order", "explain", name).stdout.split())
    assert " → ".join([name, *challenge["aliases"]]) in story
    nothing_left(world, PROOF)


@pytest.mark.zones(DELEGATED)
def test_a_delegated_value_is_removed_after_a_crash(world, admin, add_service):
    """The service dies while the value stands at the other service, and the name leads nowhere when it comes back."""
    admin.add_account()
    admin.add_dns("ns1", zones=ZONE)
    add_service("cloudflare", zones=OTHER, nameservers="127.0.0.1:1")
    admin.run("order", "new", f"shop.{ZONE}")
    eventually(lambda: world.dig(PROOF) != [])

    world.stop("chanceryd", signal.SIGKILL)
    world.start_daemon()
    admin.run("order", "cancel", f"shop.{ZONE}")
    nothing_left(world, PROOF)
    assert admin.wait_for_state(f"shop.{ZONE}", "cancelled")


@pytest.mark.zones(DELEGATED)
def test_a_circle_is_refused_in_words(world, admin):
    admin.add_account()
    admin.add_dns("ns1", zones=ZONE)
    admin.run("order", "new", f"round.{ZONE}")
    way = f"round.{ZONE} → about.{ZONE} → round.{ZONE}"
    eventually(lambda: way in admin.order(f"round.{ZONE}")["reason"])
    assert "circle" in admin.order(f"round.{ZONE}")["reason"]
    admin.run("order", "cancel", f"round.{ZONE}")


def test_a_server_that_is_silent_is_named_and_not_waited_for_for_ever(world, admin):
    admin.add_account()
    dead = f"127.0.0.1:{free_port()}"
    admin.add_dns("ns1", nameservers=f"127.0.0.1:{world.dns_port},{dead}", **{"maximum-wait": "10"})
    name = f"www.{ZONE}"

    admin.run("order", "new", name)
    told = f"{dead} does not answer. The CA is asked all the same 10 seconds"
    eventually(lambda: told in admin.order(name)["reason"])
    admin.wait_for_state(name, "issued")
    story = " ".join(admin.run("order", "explain", name).stdout.split())
    assert f"{dead} does not answer" in story and "not every name server" in story


def test_waits_are_checked_in_words(admin):
    for settings, word in (({"minimum-wait": "301"}, "maximum-wait"), ({"maximum-wait": "9"}, "86400"),
                           ({"address-family": "6"}, "IPv6")):
        with pytest.raises(Exception) as refusal:
            admin.add_dns("ns1", **settings)
        assert word in refusal.value.stderr


def test_credentials_are_tested_without_writing(world, admin, add_service, tmp_path):
    admin.add_dns("ns1", zones=ZONE)
    add_service("cloudflare")
    seen = admin.run("dns", "test", "ns1", "--read-only").stdout
    assert "credentials are good" in seen and f"“{ZONE}” there is the zone “{ZONE}”" in seen
    seen = admin.run("dns", "test", "cloudflare", f"a.b.{ZONE}", "--read-only").stdout
    assert ZONE in seen and f"“a.b.{ZONE}” there is the zone “{ZONE}”" in seen
    refused = admin.run("dns", "test", "cloudflare", OTHER, "--read-only", check=False)
    assert refused.returncode == 1 and OTHER in refused.stderr
    written = [r["operation"] for r in world.control("/requests") if r["operation"].startswith("cloudflare.")]
    assert written and not any(word in name for name in written for word in ("create", "delete", "put", "post")), written

    # a key that the server does not know
    wrong = tmp_path / "wrong.key"
    wrong.write_text('key "stranger" { algorithm hmac-sha256; secret "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="; };')
    admin.run("dns", "edit", "ns1", "--secret-file", f"key-file={wrong}")
    refused = admin.run("dns", "test", "ns1", "--read-only", check=False)
    assert refused.returncode == 1 and "stranger" in refused.stderr
    assert admin.json("dns", "show", "ns1")["state"] == "failing"


CUTS = {f"deep.{ZONE}": "", "example.co.uk": "", "xn--bcher-kva.test": ""}


@pytest.mark.zones(CUTS)
@pytest.mark.parametrize("kind", ["azure", "cloudflare", "cloudns", "godaddy", "rfc2136", "route53"])
def test_zones_of_every_shape(world, admin, add_service, kind):
    """Cut below another zone of the same service, right below a public suffix, and international."""
    admin.add_account()
    if kind == "rfc2136":
        admin.add_dns(kind)
    else:
        add_service(kind)
    if kind == "cloudns":       # a sub-user sees what is delegated to it
        for zone in CUTS:
            world.control("/dns", {"kind": kind, "zone": zone, "delegated": True})
    names = {f"www.deep.{ZONE}": f"deep.{ZONE}", "www.example.co.uk": "example.co.uk", "bücher.test": "xn--bcher-kva.test"}
    for name, zone in names.items():
        seen = admin.run("dns", "test", kind, name, "--read-only").stdout
        assert f"there is the zone “{zone}”" in seen, seen
        admin.run("order", "new", name, "--wait")
        (challenge,) = challenges(admin, name).values()
        assert challenge["location"] == name.replace("bücher", "xn--bcher-kva")
        eventually(lambda: world.dig(challenge["location"]) in ([], ['"v=spf1 -all"']))
