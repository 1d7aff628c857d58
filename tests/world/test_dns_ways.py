# SPDX-License-Identifier: GPL-3.0-or-later
"""Which DNS account puts a value where: zones of accounts, and names that lead elsewhere."""

import json

import pytest

from conftest import ZONE, eventually

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
