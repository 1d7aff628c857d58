# SPDX-License-Identifier: GPL-3.0-or-later
"""What would come of an order, told by the service and the CA, without one."""

import json

from conftest import ZONE


def dry_run(admin, *words):
    run = admin.run("order", "new", *words, "--dry-run", "--json", check=False)
    return json.loads(run.stdout), run.returncode


def test_dry_run_tells_and_orders_nothing(world, admin):
    admin.set_up()
    preview, code = dry_run(admin, f"www.{ZONE}", f"*.{ZONE}")

    assert code == 0, preview
    assert preview["problems"] == []
    assert preview["price"], preview["silence"]
    assert preview["request"]["common-name"] == f"www.{ZONE}"
    assert [name["dns_account_name"] for name in preview["names"]] == ["ns1", "ns1"]
    assert [name["counted_as"] for name in preview["names"]] == ["common name", "wildcard"]
    assert preview["certificates"] > 1
    assert admin.json("order", "list") == []


def test_every_rule_is_told(world, admin):
    admin.set_up()
    preview, code = dry_run(admin, f"*.{ZONE}", "--product", "extendedssl", "--term", "13")

    assert code == 2
    told = "\n".join(preview["problems"])
    for part in ("wildcard", "12 months", "organization"):
        assert part in told
    assert preview["silence"]


def test_organisation_from_a_profile(world, admin):
    admin.set_up()
    admin.run("profile", "add", "organization", "firm", "--name", "Example AG", "--address-1", "Hauptstr. 1", "--city", "Berlin",
              "--region", "Berlin", "--postal-code", "10115", "--country", "de", "--phone", "+49 30 1234567")
    preview, code = dry_run(admin, f"www.{ZONE}", "--product", "organizationssl")

    assert code == 0, preview
    assert preview["organization"]["country"] == "DE"
    assert preview["price"], preview["silence"]
