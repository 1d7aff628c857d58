# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS service is down while an order ends: the value that stays there is listed, and goes."""

import json
import signal

import pytest

from conftest import ZONE, eventually


def there(world, host):
    """The validation values that DNS still shows; with that method they stand at the name itself or below it."""
    return [value for name in (host, f"_dnsauth.{host}") for value in world.dig(name) if "globalsign" in value]


def down(world, times=-1):
    world.control("/faults", {"operation": "cloudflare.delete", "times": times,
                              "fault": {"status": 503, "body": "out of order", "content-type": "text/plain"}})


@pytest.fixture
def shop(admin, add_service):
    admin.add_account()
    add_service("cloudflare")
    return admin


def order(admin, name):
    """An order that ends while its value cannot be removed; gives the left-over."""
    host = f"{name}.{ZONE}"
    admin.run("order", "new", host, "--wait")
    return host, eventually(lambda: next((r for r in admin.json("dns", "leftovers") if r["failures"]), None))


def test_removed_on_demand(world, shop):
    down(world)
    host, left = order(shop, "www")
    assert left["name"].endswith(host) and left["dns_account_name"] == "cloudflare" and left["zone"] == ZONE
    assert "503" in left["reason"] and left["next_try"] > left["since"]
    shown = shop.run("dns", "leftovers").stdout
    assert left["name"] in shown and left["reason"] in shown
    assert shop.json("status")["leftovers"] == 1

    # still down: it says so, and fails
    refused = shop.run("dns", "leftovers", "--remove", "--all", check=False)
    assert refused.returncode == 1
    assert left["name"] in refused.stdout and "1 of 1 value is still there" in refused.stderr
    assert there(world, host)

    # killed while it is down: it is not forgotten
    world.stop("chanceryd", signal.SIGKILL)
    world.start_daemon()
    (kept,) = shop.json("dns", "leftovers")
    assert (kept["id"], kept["value"]) == (left["id"], left["value"])

    world.control("/clear", {})
    done = json.loads(shop.run("--json", "dns", "leftovers", "--remove", str(left["id"])).stdout)
    assert (done["state"], done["result"]) == ("done", {"removed": str(left["id"])})
    assert shop.json("dns", "leftovers") == []
    assert not there(world, host)
    assert shop.run("dns", "leftovers", "--remove", str(left["id"]), check=False).returncode == 4


def test_removed_by_itself(world, shop):
    down(world, times=1)
    host, _ = order(shop, "mail")
    eventually(lambda: shop.json("dns", "leftovers") == [])
    assert not there(world, host)
