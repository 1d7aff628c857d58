# SPDX-License-Identifier: GPL-3.0-or-later
"""Many past orders at once, and the queries that bring them."""

from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest

from conftest import EVERYTHING, Sandbox, make_csr
from steps import verify_chain, wrong_shape

START, END = datetime(2026, 2, 1, tzinfo=timezone.utc), datetime(2026, 8, 1, tzinfo=timezone.utc)
ORDERS = 1200


def text(date):
    return f"{date:%Y-%m-%dT%H:%M:%S.000Z}"


def window(start, end):
    return f"<FromDate>{text(start)}</FromDate><ToDate>{text(end)}</ToDate>"


@pytest.fixture(scope="module")
def full(named, tmp_path_factory):
    server = Sandbox(tmp_path_factory.mktemp("bulk"), "--dns", named.address)
    body = {"orders": ORDERS, "from": text(START), "to": text(END), "zone": "example.test"}
    assert server.control("seed", body) == {"ok": True}
    yield server
    server.stop()


@pytest.fixture
def bulk(full):
    full.control("clear", {"requests": True})
    return full


def test_the_mix(bulk):
    orders = bulk.control("orders")
    assert len(orders) == ORDERS and bulk.balance == 100000
    assert set(Counter(order["status"] for order in orders)) == {1, 3, 4, 5, 7}
    assert {order["product"] for order in orders} >= {"DV_LOW_DNS", "DV_HIGH_URL_SHA2", "DV_SHA2", "OV_SHA2", "EV_SHA2"}
    by_id = {order["id"]: order for order in orders}
    for field in ("renewal-of", "reissue-of"):
        linked = [order for order in orders if order[field]]
        assert len(linked) >= ORDERS // 20
        assert all(by_id[order[field]]["common-name"] == order["common-name"] for order in linked)
    assert len({order["serial"] for order in orders if order["certificate"]}) > ORDERS * 0.8
    assert len({order["key-id"] for order in orders}) <= 4


def test_every_order_is_found_by_windows(bulk):
    found, step, start = [], timedelta(days=30), START
    while start < END:
        answer = bulk.call("GetOrderByDateRange", window(start, start + step - timedelta(milliseconds=1000)) + EVERYTHING)
        assert wrong_shape("GASService", answer) == []
        ids = answer.texts("OrderId")
        assert 0 < len(ids) < 500
        found += ids
        start += step
    assert sorted(found) == sorted(order["id"] for order in bulk.control("orders"))
    assert bulk.control("counts") == {"GetOrderByDateRange": 7}


@pytest.mark.parametrize("operation, element", [
    ("GetOrderByDateRange", "OrderId"), ("GetModifiedOrders", "OrderId"), ("GetCertificateOrders", "OrderID"),
])
def test_both_limits(bulk, operation, element):
    bulk.control("settings", {"limit-is-error": False})
    answer = bulk.call(operation, window(START, END))
    assert len(answer.texts(element)) == 500
    bulk.control("settings", {"limit-is-error": True})
    assert bulk.call(operation, window(START, END)).codes == [-4005]
    bulk.control("settings", {"order-limit": 5000})
    assert len(bulk.call(operation, window(START, END)).texts(element)) > 1000


def test_expiring(bulk):
    answer = bulk.call("GetOrderByExpirationDate", f"<ExpirationFromDate>{text(END)}</ExpirationFromDate>"
                       f"<ExpirationToDate>{text(END + timedelta(days=50))}</ExpirationToDate><OrderStatus>4</OrderStatus>")
    assert 0 < len(answer.texts("OrderID")) < 500 and set(answer.texts("OrderStatus")) == {"4"}


def test_seeded_orders_are_real(bulk, tmp_path):
    newest = [order for order in bulk.control("orders") if order["status"] == 4 and order["product"] == "DV_HIGH_DNS_SHA2"][-1]
    detail = bulk.detail(newest["id"])
    assert wrong_shape("GASService", detail) == []
    verify_chain(detail, bulk, tmp_path)
    assert detail.text("OriginalCSR").startswith("-----BEGIN")
    answer = bulk.reissue(newest["id"], make_csr(newest["common-name"]))
    assert answer.success == 0 and bulk.detail(answer.text("OrderID")).text("OrderStatus") == "4"


@pytest.mark.parametrize("body", [
    {}, {"orders": 0}, {"orders": 5, "from": "soon"}, {"orders": 5, "to": "2999-01-01T00:00:00Z"}, {"orders": 5, "user": "nobody"},
])
def test_refused_seeds(bulk, body):
    assert bulk.control("seed", body)[0] == 400
