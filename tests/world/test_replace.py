# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate takes the place of another: against the sandbox, with a real name server and a real web server."""

import subprocess

import pytest

from conftest import ZONE, eventually

HOST = f"www.{ZONE}"


def subject_key(certificate):
    return subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=certificate, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def issued(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    return admin.order(HOST)


def test_reissue_is_free_and_served(world, admin, issued):
    before = world.served()
    orders = len(world.control("/orders"))
    paid = sum(order["charged"] for order in world.control("/orders"))

    admin.run("order", "reissue", HOST, "--wait")

    after, order = world.served(), admin.order(HOST)
    assert after != before
    assert subject_key(after) != subject_key(before), "the key is new"
    assert (order["state"], order["id"], order["term_end"]) == ("issued", issued["id"], issued["term_end"])
    assert order["ca_order"] != issued["ca_order"], "the CA gave the reissue a number of its own"
    assert len(world.control("/orders")) == orders + 1
    assert sum(order["charged"] for order in world.control("/orders")) == paid, "a reissue costs nothing"
    eventually(lambda: world.dig(HOST) == [])


def test_reissue_with_the_same_key(world, admin, issued):
    before = world.served()
    admin.run("order", "reissue", HOST, "--keep-key", "--wait")
    after = world.served()
    assert after != before
    assert subject_key(after) == subject_key(before)


def test_a_renewal_is_refused_with_its_day(admin, issued):
    run = admin.run("order", "renew", HOST, check=False)
    assert "takes a renewal of order 1 from 20" in run.stderr
    assert "chancery order reissue 1" in run.stderr
    assert admin.order(HOST)["state"] == "issued"


def test_replace_says_what_it_costs(admin, issued):
    assert "would be reissued, which is free" in admin.run("order", "replace", HOST, "--dry-run").stdout
    plan = admin.json("order", "plan", HOST)
    assert [step["what"] for step in plan] == ["reissue"] * (len(plan) - 1) + ["renewal"]
    assert [step["paid"] for step in plan] == [False] * (len(plan) - 1) + [True]
    assert plan[0]["at"] == admin.order(HOST)["replace_at"]
