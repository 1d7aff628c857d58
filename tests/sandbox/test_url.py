# SPDX-License-Identifier: GPL-3.0-or-later
"""URLVerification: the file is really fetched."""

import re

import pytest

from conftest import make_csr, order_body
from steps import modify, verify_chain, wrong_shape
from web import FILE, Web

HOST = "www.example.test"


@pytest.fixture
def web(sandbox, dns, tmp_path):
    server = Web()
    sandbox.control("settings", {"http-port": server.port})
    dns.update("update delete www.example.test. A", "update add www.example.test. 5 A 127.0.0.1")
    yield server
    server.stop()
    dns.update("update delete www.example.test. A", "update delete api.example.test. A",
               "update delete other.example.test. A", "update delete www.example.test. CNAME")


def place(sandbox, name=HOST, **changes):
    return sandbox.call("URLVerification", order_body(make_csr(name), **{"product": "DV_HIGH_URL_SHA2", **changes}))


def verify(sandbox, order, url=f"http://{HOST}"):
    return sandbox.call("URLVerificationForIssue", f"<ApproverURL>{url}</ApproverURL><OrderID>{order}</OrderID>")


def test_order_is_issued(sandbox, web, tmp_path):
    placed = place(sandbox)
    order, tag = placed.text("OrderID"), placed.text("MetaTag")
    assert placed.success == 0 and wrong_shape("ServerSSLService", placed) == []
    assert re.fullmatch(r'<meta name="_globalsign-domain-verification" content="[A-Za-z0-9_-]{41,42}" />', tag)
    assert placed.texts("VerificationURL") == [HOST]

    assert verify(sandbox, order).codes == [-4147]
    web.show(HOST, tag.replace("content", "contents"))
    assert verify(sandbox, order).codes == [-4147]
    web.show(HOST, tag, status=404)
    assert verify(sandbox, order).codes == [-4147]
    web.show(HOST, tag + "\r\n")
    issued = verify(sandbox, order)
    assert issued.success == 0 and wrong_shape("ServerSSLService", issued) == []
    assert issued.text("DNSNames") == HOST
    verify_chain(issued, sandbox, tmp_path)
    assert set(web.asked) == {(HOST, FILE)}
    assert sandbox.detail(order).text("DNSOrderFlag") == "false"
    assert verify(sandbox, order).codes == [-4004]


@pytest.mark.parametrize("url, codes", [
    (HOST, [-9152]), (f"ftp://{HOST}", [-9152]), (f"http://{HOST}/x", [-9152]), (f"http://{HOST}:8080", [-9152]),
    ("http://example.test", [-4147]), ("http://api.example.test", [-4147]), (f"https://{HOST}", [-4147]),
])
def test_wrong_urls(sandbox, web, url, codes):
    placed = place(sandbox)
    web.show(HOST, placed.text("MetaTag"))
    assert verify(sandbox, placed.text("OrderID"), url).codes == codes


def test_refused_orders(sandbox):
    wildcard = place(sandbox, "*.example.test", base="wildcard")
    assert (wildcard.codes, wildcard.fields) == ([-9925], ["OrderRequestParameter.BaseOption"])
    assert place(sandbox, sans=[(13, "*.api.example.test")]).codes == [-9101]
    assert place(sandbox, product="DV_HIGH_DNS").codes == [-9901]
    order = sandbox.order(make_csr(HOST)).text("OrderID")
    assert verify(sandbox, order).codes == [-9901]
    order = place(sandbox).text("OrderID")
    assert sandbox.verify(order, HOST).codes == [-9901]
    modify(sandbox, order, "CANCEL")
    assert verify(sandbox, order).codes == [-9915]


def test_every_name_needs_its_file(sandbox, web, dns):
    dns.update("update add api.example.test. 5 A 127.0.0.1")
    placed = place(sandbox, sans=[(2, "api.example.test")])
    assert placed.texts("VerificationURL") == [HOST, "api.example.test"]
    web.show(HOST, placed.text("MetaTag"))
    assert verify(sandbox, placed.text("OrderID")).codes == [-4147]
    web.show("api.example.test", placed.text("MetaTag"))
    issued = verify(sandbox, placed.text("OrderID"), "http://api.example.test")
    assert issued.text("DNSNames") == "www.example.test,api.example.test"


def test_a_file_shows_one_name_only(later, dns):
    web = Web()
    later.control("settings", {"http-port": web.port})
    dns.update("update delete www.example.test. A", "update add www.example.test. 5 A 127.0.0.1")
    placed = place(later)
    order = placed.text("OrderID")
    web.show(HOST, placed.text("MetaTag"))
    assert verify(later, order).success == 0
    newest = later.reissue(order, make_csr(HOST)).text("OrderID")
    assert later.detail(newest).text("OrderStatus") == "4"
    waiting = later.change_names(newest, (2, "deep.www.example.test")).text("OrderID")
    assert later.detail(waiting).text("OrderStatus") == "1"
    web.stop()


def test_every_address_must_show_it(sandbox, web, dns):
    second = Web(address="127.0.0.2", port=web.port)
    dns.update("update add www.example.test. 5 A 127.0.0.2")
    placed = place(sandbox)
    web.show(HOST, placed.text("MetaTag"))
    assert verify(sandbox, placed.text("OrderID")).codes == [-4147]
    second.show(HOST, placed.text("MetaTag"))
    assert verify(sandbox, placed.text("OrderID")).success == 0
    assert second.asked
    second.stop()


def test_cname(sandbox, web, dns):
    dns.update("update delete www.example.test. A", "update add www.example.test. 5 CNAME other.example.test.",
               "update add other.example.test. 5 A 127.0.0.1")
    placed = place(sandbox)
    web.show(HOST, placed.text("MetaTag"))
    assert verify(sandbox, placed.text("OrderID")).success == 0


@pytest.mark.parametrize("status, target, works", [
    (301, f"http://{HOST}/elsewhere", True), (302, "/elsewhere", True), (307, f"http://{HOST}:80/elsewhere", True),
    (308, "http://other.example.test/elsewhere", True), (303, "/elsewhere", False),
    (301, f"http://{HOST}:8080/elsewhere", False), (301, f"ftp://{HOST}/elsewhere", False),
])
def test_redirections(sandbox, web, dns, status, target, works):
    dns.update("update add other.example.test. 5 A 127.0.0.1")
    placed = place(sandbox)
    order = placed.text("OrderID")
    web.show(HOST, "", status=status, Location=target)
    for host in (HOST, "other.example.test"):
        web.show(host, placed.text("MetaTag"), path="/elsewhere")
    sandbox.control("settings", {"follow-redirects": False})
    assert verify(sandbox, order).codes == [-4147]
    sandbox.control("settings", {"follow-redirects": True})
    assert verify(sandbox, order).codes == ([] if works else [-4147])


def test_redirection_without_end(sandbox, web):
    order = place(sandbox).text("OrderID")
    web.show(HOST, "", status=302, Location=FILE)
    assert verify(sandbox, order).codes == [-4147]
    assert len(web.asked) < 10


def test_https_and_public_address(sandbox, web, dns, tmp_path):
    secure = Web(tmp_path)
    sandbox.control("settings", {"https-port": secure.port})
    placed = place(sandbox)
    secure.show(HOST, placed.text("MetaTag"))
    assert verify(sandbox, placed.text("OrderID"), f"https://{HOST}").success == 0
    secure.stop()

    sandbox.control("addresses", {"203.0.113.7": "127.0.0.1", "2001:db8::7": "127.0.0.1"})
    placed = place(sandbox, "203.0.113.7", base="GIP", sans=[(3, "2001:db8::7"), (7, HOST)])
    assert placed.texts("VerificationURL") == ["203.0.113.7", "2001:db8::7", HOST]
    for host in ("203.0.113.7", "[2001:db8::7]", HOST):
        assert verify(sandbox, placed.text("OrderID"), "http://203.0.113.7").codes == [-4147]
        web.show(host, placed.text("MetaTag"))
    issued = verify(sandbox, placed.text("OrderID"), "http://[2001:db8::7]")
    text, _ = verify_chain(issued, sandbox, tmp_path)
    assert "IP Address:203.0.113.7, IP Address:2001:DB8:0:0:0:0:0:7, DNS:www.example.test" in text
    assert place(sandbox, "203.0.113.7").codes == [-9925]
    assert place(sandbox, sans=[(3, "10.0.0.1")]).codes == [-9971]
    assert place(sandbox, sans=[(7, "203.0.113.8")]).codes == [-9101]
    assert sandbox.order(make_csr(HOST), sans=[(3, "203.0.113.8")]).codes == [-9101]
    assert sandbox.control("addresses", {"x": "y"})[0] == 400
