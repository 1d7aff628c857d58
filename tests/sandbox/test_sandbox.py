# SPDX-License-Identifier: GPL-3.0-or-later
import calendar
import http.client
import json
import re
import socket
import ssl
import subprocess
import time
import urllib.error
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from conftest import CONTACT, EVERYTHING, PASSWORD, PROGRAM, USER, Sandbox, make_csr, order_body
from steps import DAY, issue, modify, openssl, schema_folder, seconds, verify_chain, wait_for_status, \
    window, wrong_shape

@pytest.mark.parametrize("key, extra", [("ec", {}), ("ec", {"curve": "P-384"}), ("rsa", {"bits": 2048})])
def test_order_is_issued(sandbox, dns, tmp_path, key, extra):
    csr = make_csr("www.example.test", key, key_file=str(tmp_path / "key.pem"),
                   extra=["-addext", "subjectAltName=DNS:evil.example.test"], **extra)
    before = sandbox.balance

    placed = sandbox.order(csr, sub_id="chancery-7", sans=[(2, "api.example.test")])
    order = placed.text("OrderID")
    token = placed.text("DNSTXT")
    assert placed.success == 0 and b"<Errors/>" in placed.body
    assert re.fullmatch(r"_globalsign-domain-verification=[A-Za-z0-9_-]{41,42}", token)
    assert re.fullmatch(r"CEAP\d{12}", order)
    assert placed.texts("VerificationFQDN") == ["www.example.test", "example.test"]
    assert sandbox.balance == before - 219

    missing = sandbox.verify(order, "example.test")
    assert (missing.success, missing.codes) == (-1, [-3026])
    dns.publish("example.test", "some-other=value")
    assert sandbox.verify(order, "example.test").codes == [-3026]
    dns.publish("example.test", token)
    issued = sandbox.verify(order, "example.test")
    assert issued.success == 0
    assert issued.text("CertificateStatus") == "4"
    assert b"&#13;\n" in issued.body or b"&#xD;\n" in issued.body

    text, leaf = verify_chain(issued, sandbox, tmp_path)
    names = re.search(r"Subject Alternative Name: *\n *(.*)", text).group(1)
    assert names == "DNS:www.example.test, DNS:example.test, DNS:api.example.test"
    assert "TLS Web Server Authentication\n" in text and "Client" not in text
    assert seconds(leaf, "enddate") - seconds(leaf, "startdate") + 1 <= 199 * DAY
    assert openssl("x509", "-noout", "-pubkey", "-in", str(leaf)) == \
        openssl("pkey", "-pubout", "-in", str(tmp_path / "key.pem"))
    pkcs7 = issued.text("PKCS7Cert").replace("\r\n", "\n")
    assert openssl("pkcs7", "-print_certs", "-noout", text=pkcs7).count("subject=") == 3

    again = sandbox.verify(order, "example.test")
    assert again.codes == [-4004]
    detail = sandbox.detail(order)
    assert detail.text("OrderStatus") == "4" and detail.text("SubId") == "chancery-7"
    assert detail.text("OrderKind") == "New" and detail.text("SubjectAltName") == "api.example.test"
    assert detail.text("X509Cert") == issued.text("X509Cert") and detail.text("OriginalCSR")
    assert detail.root.find(".//OrderResponseHeader") is not None
    assert detail.text("OrderDate").endswith("+09:00")


@pytest.mark.skipif(schema_folder() is None, reason="the folder globalsign-wsdl is not there")
def test_answers_have_the_shape_of_the_wsdl(sandbox, dns):
    csr = make_csr("www.example.test", "rsa")
    placed = sandbox.order(csr, sans=[(2, "api.example.test")])
    order = placed.text("OrderID")
    dns.publish("example.test", placed.text("DNSTXT"))
    answers = [
        ("ServerSSLService", placed),
        ("ServerSSLService", sandbox.verify(order, "www.example.test")),
        ("ServerSSLService", sandbox.verify(order, "example.test")),
        ("GASService", sandbox.detail(order)),
        ("GASService", sandbox.detail("CEAP000000000000")),
        ("GASService", sandbox.call("GetOrderByDateRange", window() + EVERYTHING)),
        ("GASService", sandbox.call("GetModifiedOrders", window(9, -8))),
        ("GASService", sandbox.call("GetCertificateOrders", "")),
        ("GASService", sandbox.call("GetOrderByExpirationDate", "")),
        ("GASService", sandbox.call("DecodeCSR", f"<CSR>{csr}</CSR><ProductType>DV</ProductType>")),
        ("GASService", sandbox.call("ValidateOrderParameters", order_body(csr, sub_id="").replace(CONTACT, ""))),
        ("AccountService", sandbox.call("AccountSnapshot", "")),
        ("ServerSSLService", modify(sandbox, order, "CANCEL")),
        ("ServerSSLService", modify(sandbox, order, "CANCEL")),
    ]
    for service, answer in answers:
        assert wrong_shape(service, answer) == [], answer.body.decode()


def test_wildcard(sandbox, dns, tmp_path):
    csr = make_csr("*.example.test")
    assert sandbox.order(csr).codes == [-9925]
    order, issued = issue(sandbox, dns, csr, base="wildcard")
    assert issued.text("DNSNames") == "*.example.test,example.test"
    verify_chain(issued, sandbox, tmp_path)


def test_a_twin_needs_its_own_proof(sandbox, dns):
    _, issued = issue(sandbox, dns, make_csr("www.example.test"), domain="www.example.test")
    assert issued.text("DNSNames") == "www.example.test"


def test_names_outside_the_proven_domain(sandbox, dns):
    placed = sandbox.order(make_csr("www.example.test"), sans=[(7, "www.other.test")])
    assert placed.texts("VerificationFQDN") == ["www.example.test", "example.test", "www.other.test", "other.test"]
    dns.publish("example.test", placed.text("DNSTXT"))
    assert sandbox.verify(placed.text("OrderID"), "example.test").codes == [-3013]  # that zone is refused here


def test_pending_order(sandbox):
    order = sandbox.order(make_csr("pending.example.test"), sub_id="").text("OrderID")
    detail = sandbox.detail(order)
    assert detail.text("OrderStatus") == "1" and detail.text("OrderCompleteDate")
    assert detail.root.find(".//SubId") is None
    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    assert detail.root.find(".//Fulfillment").get(nil) == "true"
    assert b'<Fulfillment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>' in detail.body
    plain = sandbox.call("GetOrderByOrderID", f"<OrderID>{order}</OrderID>")
    assert plain.root.find(".//CertificateInfo").get(nil) == "true"


def test_http_face(sandbox):
    answer = sandbox.call("AccountSnapshot", "")
    assert answer.headers["Content-Type"] == "text/xml;charset=UTF-8"
    assert "JSESSIONID=" in answer.headers["Set-Cookie"] and "Path=/kb" in answer.headers["Set-Cookie"]
    assert answer.text("Balance") == "100000.00"
    assert sandbox.post("ServerSSLService", "<x/>", content_type="application/json").status == 415
    assert sandbox.post("NoService", "<x/>").status == 404
    fault = sandbox.post("ServerSSLService", "<not xml")
    assert fault.status == 500 and b"faultstring" in fault.body
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sandbox.envelope("AccountSnapshot", "").split("?>")[1]
    assert sandbox.post("AccountService", bomb).status == 500
    connection = http.client.HTTPSConnection("127.0.0.1", int(sandbox.facts["url"].split(":")[2].split("/")[0]),
                                             context=sandbox.context)
    for method, headers, status in [("GET", {}, 405), ("POST", {"Content-Length": "5000000"}, 413),
                                    ("POST", {"Transfer-Encoding": "chunked"}, 411)]:
        connection.putrequest(method, "/kb/ws/v1/GASService?wsdl")
        for name, value in {"Content-Type": "text/xml", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        if status == 413:
            connection.send(b"x" * 5000000)
        elif status == 411:
            connection.send(b"1\r\nx\r\n0\r\n\r\n")
        reply = connection.getresponse()
        assert reply.status == status
        reply.read()
    connection.close()


def test_untrusted_without_its_root(sandbox):
    stranger = ssl.create_default_context(cafile=sandbox.facts["issuing-root"])
    connection = http.client.HTTPSConnection("127.0.0.1", int(sandbox.facts["url"].split(":")[2].split("/")[0]),
                                             context=stranger)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")


def swap(body):
    return body.replace("<OrderKind>new</OrderKind><Licenses>1</Licenses>", "<Licenses>1</Licenses><OrderKind>new</OrderKind>")


@pytest.mark.parametrize("change, codes, field", [
    (swap, [-101], "OrderRequestParameter.OrderKind"),
    (lambda b: b.replace("<SubID>", '<SubID type="string">'), [-101], "SubID"),
    (lambda b: b.replace("<SubID>", "<Colour>red</Colour><SubID>"), [-101], "Colour"),
    (lambda b: b.replace("<Phone>", '<Phone xmlns="https://system.globalsign.com/kb/ws/v1/">'), [-101], "ContactInfo.Phone"),
    (lambda b: re.sub("<CSR>.*</CSR>", "<CSR></CSR>", b, flags=re.S), [-102], "OrderRequestParameter.CSR"),
    (lambda b: re.sub("<CSR>.*</CSR>", "", b, flags=re.S), [-102], "OrderRequestParameter.CSR"),
    (lambda b: b.replace(">new<", ">brandnew<"), [-103], "OrderRequestParameter.OrderKind"),
    (lambda b: b.replace("own-1", "x" * 101), [-103], "SubID"),
    (lambda b: b.replace("anna@example.test", "anna"), [-104], "ContactInfo.Email"),
])
def test_strict_schema(sandbox, change, codes, field):
    good = order_body(make_csr("strict.example.test"))
    bad = change(good)
    assert bad != good
    answer = sandbox.call("DVDNSOrder", bad)
    assert (answer.success, answer.codes, answer.fields[0]) == (-1, codes, field)
    assert answer.root.find(".//OrderID").get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"


@pytest.mark.parametrize("csr, changes, codes", [
    (lambda: "rubbish", {}, [-4007]),
    (lambda: make_csr("short.example.test", "rsa", bits=1024), {}, [-9936]),
    (lambda: make_csr("curve.example.test", curve="P-521"), {}, [-9961]),
    (lambda: make_csr("ed.example.test", "ed25519"), {}, [-9961]),
    (lambda: make_csr("server"), {}, [-9971]),
    (lambda: make_csr("server.local"), {}, [-9971]),
    (lambda: make_csr("a.nosuchtld"), {}, [-9971]),
    (lambda: make_csr("a.example.onion"), {}, [-9934]),
    (lambda: make_csr("under_score.example.test"), {}, [-4006]),
    (lambda: make_csr("192.168.2.1"), {}, [-9971]),
    (lambda: make_csr("192.0.2.1"), {}, [-9925]),
    (lambda: make_csr("192.0.2.1"), {"base": "GIP"}, [-9925]),
    (lambda: make_csr("a.example.ir"), {}, [-9952]),
    (lambda: make_csr("a.example.test"), {"base": "wildcard"}, [-9925]),
    (lambda: make_csr("a.example.test"), {"product": "DV_HIGH_URL"}, [-9901]),
    (lambda: make_csr("a.example.test"), {"product": "NONSENSE"}, [-9901]),
    (lambda: make_csr("a.example.test"), {"sans": [(13, "b.example.test")]}, [-9101]),
    (lambda: make_csr("a.example.test"), {"sans": [(2, "b.other.test")]}, [-9101]),
    (lambda: make_csr("a.example.test"), {"sans": [(7, "*.example.test")]}, [-9101]),
    (lambda: make_csr("a.example.test"), {"sans": [(7, "a.example.test")]}, [-6018]),
    (lambda: make_csr("www.example.test"), {"sans": [(7, "example.test")]}, [-6018]),
    (lambda: make_csr("a.example.test"), {"sans": [(7, "b..example.test")]}, [-6018]),
    (lambda: make_csr("a.example.test"), {"sans": [(7, "b.example.test")], "product": "DV_LOW_DNS"}, [-9101]),
    (lambda: make_csr("a.example.test"), {"kind": "renewal"}, [-102]),
    (lambda: make_csr("a.example.test"), {"kind": "renewal", "renewal": "CEAP000000000000"}, [-9025]),
    (lambda: make_csr("a.example.test"), {"period": "<NotBefore>9999-12-31T23:59:59.000Z</NotBefore>", "options":
     "<Option><OptionName>VPC</OptionName><OptionValue>true</OptionValue></Option>"}, [-9949]),
    (lambda: make_csr("a.example.test"), {"period": "<NotAfter>2099-01-01T00:00:00.000Z</NotAfter>"}, [-105]),
])
def test_refused_orders(sandbox, csr, changes, codes):
    before = sandbox.balance
    answer = sandbox.order(csr(), **changes)
    assert (answer.success, answer.codes) == (-1, codes)
    assert sandbox.balance == before


def test_custom_validity(sandbox, dns, tmp_path):
    option = "<Option><OptionName>VPC</OptionName><OptionValue>true</OptionValue></Option>"
    late = datetime.now(timezone.utc) + timedelta(days=30)
    period = f"<NotAfter>{late:%Y-%m-%dT%H:%M:%S.000Z}</NotAfter>"
    far = f"<NotAfter>{late + timedelta(days=270):%Y-%m-%dT%H:%M:%S.000Z}</NotAfter>"
    assert sandbox.order(make_csr("www.example.test"), options=option, period=far).codes == [-9949]
    assert sandbox.order(make_csr("www.example.test"), options=option, months=1, period=far).codes == [-9933]
    _, issued = issue(sandbox, dns, make_csr("www.example.test"), options=option, period=period)
    _, leaf = verify_chain(issued, sandbox, tmp_path)
    assert seconds(leaf, "enddate") == int(late.timestamp())


def test_renewal(sandbox, dns, tmp_path):
    long, _ = issue(sandbox, dns, make_csr("www.example.test"))
    dns.clear()
    short, issued = issue(sandbox, dns, make_csr("www.example.test"), months=1)
    _, leaf = verify_chain(issued, sandbox, tmp_path)
    assert seconds(leaf, "enddate") - seconds(leaf, "startdate") <= 31 * DAY
    renew = {"kind": "renewal", "renewal": short}
    assert sandbox.order(make_csr("www.example.test"), kind="renewal", renewal=long).codes == [-6102]
    assert sandbox.order(make_csr("api.example.test"), **renew).codes == [-6102]
    placed = sandbox.order(make_csr("www.example.test"), **renew)
    assert placed.success == 0
    detail = sandbox.detail(placed.text("OrderID"))
    assert (detail.text("OrderKind"), detail.text("OriginalOrderIDForRenewal")) == ("Renewal", short)
    assert sandbox.order(make_csr("www.example.test"), **renew).codes == [-6102]
    modify(sandbox, placed.text("OrderID"), "CANCEL")
    assert sandbox.order(make_csr("www.example.test"), **renew).success == 0


def test_twelve_hour_clock(sandbox):
    hours = (15 - datetime.now(timezone.utc).hour + 12) % 24 - 12  # an offset where it is afternoon now
    sandbox.control("account", {"utc-offset": f"{hours:+03d}:00", "twelve-hours": True})
    stamp = sandbox.call("AccountSnapshot", "").text("Timestamp")
    sandbox.control("account", {"utc-offset": "+09:00"})
    behind = datetime.now(timezone.utc) - datetime.fromisoformat(stamp)
    assert timedelta(hours=11, minutes=58) < behind < timedelta(hours=12, minutes=2)


def test_one_key_one_name(sandbox, tmp_path):
    key = str(tmp_path / "key.pem")
    assert sandbox.order(make_csr("one.example.test", key_file=key)).success == 0
    assert sandbox.order(make_csr("two.example.test", key_file=key)).codes == [-6007]
    assert sandbox.order(make_csr("one.example.test", key_file=key)).success == 0


def test_a_broken_signature_is_refused(sandbox):
    lines = make_csr("sig.example.test").strip().split("\n")
    lines[-2] = lines[-2][:4] + ("A" if lines[-2][4] != "A" else "B") + lines[-2][5:]
    assert sandbox.order("\n".join(lines)).codes == [-4007]


def test_credentials(sandbox):
    assert sandbox.call("AccountSnapshot", "", password="wrong").codes == [-4001]
    assert sandbox.call("AccountSnapshot", "", user="PAR1_nobody").codes == [-4001]
    sandbox.control("account", {"ip-refused": True})
    assert sandbox.call("AccountSnapshot", "").codes == [-4201]
    sandbox.control("account", {"ip-refused": False, "locked": True})
    assert sandbox.call("AccountSnapshot", "").codes == [-9939]
    sandbox.control("account", {"locked": False})
    assert sandbox.call("AccountSnapshot", "").success == 0


def test_balance(sandbox):
    sandbox.control("account", {"balance": 198.99})
    assert sandbox.order(make_csr("poor.example.test")).codes == [-6101]
    sandbox.control("account", {"balance": 199})
    assert sandbox.order(make_csr("poor.example.test")).success == 0
    assert sandbox.balance == 0


def test_cancel_gives_the_money_back(sandbox):
    before = sandbox.balance
    order = sandbox.order(make_csr("cancel.example.test")).text("OrderID")
    assert sandbox.balance == before - 199
    assert modify(sandbox, order, "CANCEL").text("OrderID") == order
    assert sandbox.balance == before
    assert sandbox.detail(order).text("OrderStatus") == "3"
    assert modify(sandbox, order, "CANCEL").codes == [-9915]
    assert sandbox.verify(order, "example.test").codes == [-9915]
    assert sandbox.verify("CEAP000000000000", "example.test").codes == [-9916]
    assert modify(sandbox, order, "EXPLODE").codes == [-103]


def test_cancel_and_revoke_after_issue(sandbox, dns, tmp_path):
    order, _ = issue(sandbox, dns, make_csr("www.example.test"))
    assert modify(sandbox, order, "CANCEL").success == 0
    assert sandbox.detail(order).text("OrderStatus") == "5"
    dns.clear()
    csr = make_csr("www.example.test", key_file=str(tmp_path / "key.pem"))
    order, _ = issue(sandbox, dns, csr)
    assert modify(sandbox, order, "REVOKE").success == 0
    assert sandbox.detail(order).text("CertificateStatus") == "6"
    assert modify(sandbox, order, "CANCEL").codes == [-9938]
    wait_for_status(sandbox, order, "7")
    assert sandbox.order(csr).codes == [-9940]


def test_lists(sandbox):
    order = sandbox.order(make_csr("list.example.test"), sub_id="find-me").text("OrderID")
    assert order in sandbox.call("GetOrderByDateRange", window()).texts("OrderId")
    assert order in sandbox.call("GetModifiedOrders", window()).texts("OrderId")
    assert sandbox.call("GetModifiedOrders", window(9, -8)).texts("OrderId") == []
    assert sandbox.call("GetCertificateOrders", "<SubID>find-me</SubID>").texts("OrderID") == [order]
    assert sandbox.call("GetCertificateOrders", "<FQDN>list.example.test</FQDN><OrderStatus>4</OrderStatus>").texts("OrderID") == []
    assert sandbox.call("GetOrderByDateRange", "<FromDate>2026-01-01</FromDate><ToDate>x</ToDate>").codes == [-104, -104]
    sandbox.order(make_csr("list.example.test"))
    sandbox.control("settings", {"order-limit": 1})
    assert len(sandbox.call("GetOrderByDateRange", window()).texts("OrderId")) == 1
    sandbox.control("settings", {"limit-is-error": True})
    assert sandbox.call("GetOrderByDateRange", window()).codes == [-4005]
    assert sandbox.call("GetCertificateOrders", "").codes == [-4005]


def test_expiration_list(sandbox, dns):
    order, _ = issue(sandbox, dns, make_csr("www.example.test"))
    rows = sandbox.call("GetOrderByExpirationDate", "<ExpirationFromDate>2026-01-01T00:00:00.000Z</ExpirationFromDate>")
    assert order in rows.texts("OrderID")


def test_csr_services(sandbox):
    csr = make_csr("www.example.test", "rsa")
    decoded = sandbox.call("DecodeCSR", f"<CSR>{csr}</CSR><ProductType>DV_LOW</ProductType>")
    assert decoded.text("CommonName") == "www.example.test" and decoded.text("KeyLength") == "2048"
    body, before = order_body(csr, sub_id="").replace(CONTACT, ""), len(sandbox.control("orders"))
    assert sandbox.call("ValidateOrderParameters", body).text("Price") == "199.00"
    assert len(sandbox.control("orders")) == before


def test_unknown_operation_and_wrong_service(sandbox):
    assert sandbox.call("Nonsense", "").status == 500
    assert sandbox.post("GASService", sandbox.envelope("ModifyOrder", "")).status == 500
    assert sandbox.post("GASService", sandbox.envelope("DeletePkcs12", "<OrderId>x</OrderId>")).codes == [-9100]


def count(sandbox, name):
    return sum(order["common-name"] == name for order in sandbox.control("orders"))


def test_fault_code(sandbox):
    sandbox.fault("DVDNSOrder", times=2, code=-9942)
    csr = make_csr("faulty.example.test")
    assert sandbox.call("AccountSnapshot", "").success == 0
    assert sandbox.order(csr).codes == [-9942]
    assert sandbox.order(csr).codes == [-9942]
    assert count(sandbox, "faulty.example.test") == 0
    assert sandbox.order(csr).success == 0


@pytest.mark.parametrize("when, orders", [("before", 0), ("after", 1)])
def test_fault_drop(sandbox, when, orders):
    name = f"drop-{when}.example.test"
    sandbox.fault("DVDNSOrder", drop=when)
    with pytest.raises((urllib.error.URLError, http.client.HTTPException, OSError)):
        sandbox.order(make_csr(name))
    assert count(sandbox, name) == orders


def test_fault_bodies(sandbox):
    sandbox.fault("*", html=True)
    page = sandbox.call("AccountSnapshot", "")
    assert page.status == 200 and b"<html>" in page.body
    sandbox.fault("*", html=True, status=503)
    assert sandbox.call("AccountSnapshot", "").status == 503
    sandbox.fault("*", truncate=100)
    assert len(sandbox.call("AccountSnapshot", "").body) == 100
    sandbox.fault("*", garbage=True)
    assert not sandbox.call("AccountSnapshot", "").body.startswith(b"<?xml")
    sandbox.fault("*", huge=3_000_000)
    huge = sandbox.call("AccountSnapshot", "")
    assert len(huge.body) > 3_000_000 and huge.success == 0
    sandbox.fault("*", **{"soap-fault": True})
    assert b"faultstring" in sandbox.call("AccountSnapshot", "").body
    assert sandbox.control("faults") == []


def test_fault_latency(sandbox):
    sandbox.fault("DVDNSOrder", latency_ms=60_000)
    with pytest.raises(TimeoutError):
        sandbox.order(make_csr("slow.example.test"), timeout=1)
    assert count(sandbox, "slow.example.test") == 1
    sandbox.fault("AccountSnapshot", latency_ms=30)
    assert sandbox.call("AccountSnapshot", "").success == 0


def test_control_refuses_nonsense(sandbox):
    for path, body in [("faults", {"fault": {"explode": True}}), ("faults", {}), ("faults", {"fault": {"drop": "often"}}),
                       ("account", {"user": "nobody"}), ("account", {"utc-offset": "noon"}), ("release", {"order": "x"}),
                       ("high-risk", {}), ("settings", {"order-limit": 0})]:
        status, answer = sandbox.control(path, body)
        assert status == 400 and answer["error"]
    assert sandbox.control("nowhere")[0] == 404


def test_high_risk(sandbox, dns):
    sandbox.control("high-risk", {"name": "paypal.example.test"})
    placed = sandbox.order(make_csr("paypal.example.test"))
    order = placed.text("OrderID")
    assert (placed.success, placed.codes) == (1, [-5001])
    assert sandbox.detail(order).text("OrderStatus") == "2"
    dns.publish("example.test", placed.text("DNSTXT"))
    waiting = sandbox.verify(order, "example.test")
    assert (waiting.success, waiting.codes) == (1, [-5001])
    assert sandbox.detail(order).text("OrderStatus") == "2"
    sandbox.control("release", {"order": order})
    assert sandbox.detail(order).text("OrderStatus") == "4"

    order = sandbox.order(make_csr("paypal.example.test")).text("OrderID")
    sandbox.control("release", {"order": order})
    assert sandbox.detail(order).text("OrderStatus") == "1"
    before = sandbox.balance
    order = sandbox.order(make_csr("paypal.example.test")).text("OrderID")
    sandbox.control("release", {"order": order, "reject": True})
    assert sandbox.detail(order).text("OrderStatus") == "3" and sandbox.balance == before


def test_vetting_delay(sandbox, dns):
    sandbox.control("settings", {"vetting-delay-ms": 300})
    order, answer = issue(sandbox, dns, make_csr("www.example.test"))
    assert answer.text("CertificateStatus") == "1" and answer.text("X509Cert") is None
    wait_for_status(sandbox, order, "4")
    assert sandbox.detail(order).text("X509Cert")


def test_every_server_must_show_the_record(named, dns, tmp_path):
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    sandbox = Sandbox(tmp_path, "--dns", named.address, "--dns", f"127.0.0.1:{silent.getsockname()[1]}")
    placed = sandbox.order(make_csr("www.example.test"))
    assert sandbox.verify(placed.text("OrderID"), "example.test").codes == [-3026]
    dns.publish("example.test", placed.text("DNSTXT"))
    assert sandbox.verify(placed.text("OrderID"), "example.test").codes == [-3013]
    assert sandbox.verify(placed.text("OrderID"), "other.test").codes == [-101]
    silent.close()
    sandbox.stop()


def test_a_long_answer_comes_over_tcp(sandbox, dns):
    dns.update(*[f'update add example.test. 5 TXT "{"filler" * 40}{i}"' for i in range(30)])
    order, issued = issue(sandbox, dns, make_csr("www.example.test"))
    assert issued.text("CertificateStatus") == "4"


def test_restart_keeps_everything(named, dns, tmp_path):
    first = Sandbox(tmp_path, "--dns", named.address)
    root = open(first.facts["ca-file"]).read()
    placed = first.order(make_csr("www.example.test"))
    order, before = placed.text("OrderID"), first.balance
    first.fault("DVDNSOrder", drop="after")
    with pytest.raises((urllib.error.URLError, http.client.HTTPException, OSError)):
        first.order(make_csr("lost.example.test"))
    first.process.kill()
    first.process.communicate()

    second = Sandbox(tmp_path, "--dns", named.address)
    assert open(second.facts["ca-file"]).read() == root
    assert second.balance == before - 199
    assert second.detail(order).text("OrderStatus") == "1"
    assert len(second.call("GetCertificateOrders", "<FQDN>lost.example.test</FQDN>").texts("OrderID")) == 1
    dns.publish("example.test", placed.text("DNSTXT"))
    issued = second.verify(order, "example.test")
    verify_chain(issued, second, tmp_path)
    assert second.order(make_csr("more.example.test")).text("OrderID") not in (order, None)
    second.stop()


def test_accounts_are_apart(tmp_path):
    users = tmp_path / "users.json"
    users.write_text(json.dumps([
        {"user": "PAR1_a", "password": "p<1", "utc-offset": "-05:00", "currency": "USD", "balance": 1000},
        {"user": "PAR2_b", "password": "p2", "products": ["DV_LOW_DNS"]},
    ]))
    sandbox = Sandbox(tmp_path / "state", "--users", str(users))
    a, b = {"user": "PAR1_a", "password": "p&lt;1"}, {"user": "PAR2_b", "password": "p2"}
    placed = sandbox.call("DVDNSOrder", order_body(make_csr("a.example.test")), **a)
    assert placed.success == 0 and placed.text("Timestamp").endswith("-05:00")
    query = f"<OrderID>{placed.text('OrderID')}</OrderID>"
    assert sandbox.call("GetOrderByOrderID", query, **b).codes == [-9902]
    assert sandbox.call("GetCertificateOrders", "", **b).texts("OrderID") == []
    assert sandbox.call("DVDNSOrder", order_body(make_csr("b.example.test")), **b).codes == [-9901]
    # Without --dns nothing can be seen.
    verify = f"<ApproverFQDN>example.test</ApproverFQDN>{query}"
    assert sandbox.call("DVDNSVerificationForIssue", verify, **a).codes == [-3013]
    kept = json.dumps(sandbox.control("requests"))
    assert "p&lt;1" not in kept and "********" in kept
    sandbox.stop()


def test_lenient(tmp_path):
    sandbox = Sandbox(tmp_path, "--lenient")
    assert sandbox.call("DVDNSOrder", swap(order_body(make_csr("a.example.test")))).success == 0
    sandbox.stop()


def test_requests_are_kept(sandbox):
    sandbox.order(make_csr("kept.example.test"), sans=[(2, "api.example.test")])
    requests = sandbox.control("requests")
    assert [entry["operation"] for entry in requests] == ["DVDNSOrder"]
    assert requests[0]["outcome"] == "0" and USER in requests[0]["body"]
    assert f"<Password>{PASSWORD}<" not in requests[0]["body"]
    order = [order for order in sandbox.control("orders") if order["common-name"] == "kept.example.test"][0]
    assert [entry["operation"] for entry in order["requests"]] == ["DVDNSOrder"]
    assert order["charged"] == 219 and order["names"] == ["kept.example.test", "api.example.test"]


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20)


def test_usage(tmp_path):
    assert run().returncode == 2 and "--state-dir" in run().stderr
    assert run("--state-dir", str(tmp_path), "extra").returncode == 2
    wrong = run("--state-dir", str(tmp_path), "--dns", "nowhere.example")
    assert wrong.returncode == 1 and "IP address" in wrong.stderr
    (tmp_path / "users.json").write_text("[]")
    assert "JSON list" in run("--state-dir", str(tmp_path), "--users", str(tmp_path / "users.json")).stderr
    assert "Example" in run("--help").stdout
    first = Sandbox(tmp_path)
    second = run("--state-dir", str(tmp_path))
    assert second.returncode == 1 and "locked" in second.stderr
    first.stop()
