# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders that were placed elsewhere: none of them is lost to the CA's limit, and none comes twice."""

import json
import re
import signal
import subprocess

import pytest
from conftest import eventually

ORDERS = 1200


def seed(world, orders=ORDERS):
    world.control("/seed", {"orders": orders, "from": "2026-01-01T00:00:00Z", "to": "2026-10-31T00:00:00Z", "zone": "seed.test"})


def import_all(admin, *words):
    job = json.loads(admin.run("order", "import", "--json", *words, timeout=300).stdout)
    return {key: int(value) for key, value in job["result"].items()}, job


def numbers(admin):
    """The CA's numbers of all that is here: of orders and of their certificates."""
    orders = admin.json("order", "list", "--limit", "5000")
    certificates = admin.json("cert", "list", "--limit", "5000")
    return {order["ca_order"] for order in orders} | {certificate["ca_order"] for certificate in certificates}, orders


@pytest.mark.parametrize("refuses", [False, True])
def test_nothing_is_lost(world, admin, refuses):
    admin.add_account()
    seed(world)
    world.control("/settings", {"order-limit": 500, "limit-is-error": refuses})
    result, job = import_all(admin)

    placed = world.control("/orders")
    here, orders = numbers(admin)
    assert result["found"] == ORDERS, job["lines"]
    assert result["skipped"] == 0, job["lines"]
    assert len(orders) == result["new"]
    # A reissue that came to nothing leaves nothing but what it was to reissue.
    missing = {order["id"] for order in placed} - here
    assert len(missing) + len(here) == ORDERS
    assert len(missing) < ORDERS / 20
    assert any(order["renews"] for order in orders)

    again, job = import_all(admin)
    assert (again["found"], again["new"], again["updated"], again["certificates"]) == (ORDERS, 0, 0, 0), job


def test_deleted_and_brought_back(world, admin):
    admin.add_account()
    seed(world, 30)
    import_all(admin)
    orders = admin.json("order", "list", "--state", "issued")
    admin.run("order", "delete", str(orders[0]["id"]), "--force")
    result, _ = import_all(admin)

    assert result["new"] == 1
    assert len(admin.json("order", "list", "--state", "issued")) == len(orders)


def test_killed_in_the_middle(world, admin):
    """What is written is whole, and the same import goes on from there."""
    admin.add_account()
    seed(world)
    program = subprocess.Popen([str(world.build / "cli" / "chancery"), "order", "import"], env=world.env(), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    for line in program.stdout:
        if re.search(r"\d+ orders until", line):
            break
    world.stop("chanceryd", signal.SIGKILL)
    program.communicate(timeout=30)
    world.start_daemon()
    before = len(eventually(lambda: admin.json("order", "list", "--limit", "5000")))
    result, job = import_all(admin)

    assert "Goes on from" in "\n".join(job["lines"])
    assert before > 0
    assert result["found"] <= ORDERS
    result, _ = import_all(admin)
    assert (result["found"], result["new"], result["updated"]) == (ORDERS, 0, 0)


def test_a_key_on_the_server(world, admin, tmp_path):
    """The key of an order that is imported stands on this machine; or is a stranger's."""
    admin.set_up()
    seed(world, 10)
    import_all(admin)
    order = admin.json("order", "list", "--state", "issued")[0]
    key = tmp_path / "other.key"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key], check=True,
                   capture_output=True)

    run = admin.run("key", "attach", str(order["id"]), "--key-file", key, check=False)
    assert run.returncode != 0 and "belongs to no certificate" in run.stderr
    run = admin.run("key", "find", str(order["id"]), "--server", "here", "--path", key, check=False)
    assert run.returncode != 0 and "belongs to no certificate" in run.stdout + run.stderr
    assert "PRIVATE KEY" not in run.stdout + run.stderr
