# SPDX-License-Identifier: GPL-3.0-or-later
"""Approval by mail: reservations, mails, and a person's click."""

import urllib.parse
import urllib.request
from datetime import datetime, timezone

import pytest

from conftest import make_csr, order_body
from steps import modify, verify_chain, wrong_shape

NAME = "www.example.test"
MAIL = "hostmaster@example.test"
BOXES = ["admin", "administrator", "hostmaster", "postmaster", "webmaster"]


def reserve(sandbox, name=NAME, extra=""):
    return sandbox.call("GetDVApproverList", f"<FQDN>{name}</FQDN>{extra}")


def place(sandbox, order, address=MAIL, name=NAME, **changes):
    body = order_body(make_csr(name), **{"product": "DV_SHA2", **changes})
    reserved = f"<OrderID>{order}</OrderID><ApproverEmail>{address}</ApproverEmail><ContactInfo>"
    return sandbox.call("DVOrder", body.replace("<ContactInfo>", reserved))


def placed(sandbox, **changes):
    order = reserve(sandbox, changes.get("name", NAME)).text("OrderID")
    answer = place(sandbox, order, **changes)
    assert answer.success == 0, answer.body
    return order


def mails(sandbox, order):
    return [mail for mail in sandbox.control("mails") if mail["order"] == order]


def resend(sandbox, order):
    return sandbox.call("ResendEmail", f"<OrderID>{order}</OrderID><ResendEmailType>APPROVEREMAIL</ResendEmailType>")


def change(sandbox, order, address, name=NAME):
    return sandbox.call("ChangeApproverEmail", f"<OrderID>{order}</OrderID><ApproverEmail>{address}</ApproverEmail>"
                        f"<FQDN>{name}</FQDN>")


def test_order_is_approved(sandbox, tmp_path):
    listed = reserve(sandbox)
    assert wrong_shape("ServerSSLService", listed) == []
    assert listed.texts("ApproverEmail") == [f"{box}@{domain}" for domain in (NAME, "example.test") for box in BOXES]
    assert set(listed.texts("ApproverType")) == {"GENERIC"}
    before = sandbox.balance
    order = listed.text("OrderID")
    answer = place(sandbox, order)
    assert answer.text("OrderID") == order and wrong_shape("ServerSSLService", answer) == []
    assert sandbox.balance == before - 199
    again = place(sandbox, order)
    assert (again.codes, again.fields) == ([-4004], ["OrderID"])

    detail = sandbox.detail(order)
    assert (detail.text("OrderStatus"), detail.text("ApproverEmailAddress")) == ("1", MAIL)
    assert detail.text("ApproverNotifiedDate") and detail.text("ApproverConfirmDate") is None
    [mail] = mails(sandbox, order)
    assert (mail["to"], mail["state"]) == (MAIL, "sent")
    assert sandbox.control("mails/approve", {"mail": mail["mail"]}) == {"ok": True}
    detail = sandbox.detail(order)
    assert detail.text("OrderStatus") == "4" and detail.text("ApproverConfirmDate")
    assert wrong_shape("GASService", detail) == []
    assert detail.text("DNSNames") == "www.example.test,example.test"
    verify_chain(detail, sandbox, tmp_path)
    assert sandbox.control("mails/approve", {"mail": mail["mail"]})[0] == 400
    assert resend(sandbox, order).codes == [-4004]
    newest = sandbox.reissue(order, make_csr(NAME)).text("OrderID")
    assert sandbox.detail(newest).text("OrderStatus") == "4"


def test_the_link_in_the_mail(sandbox):
    order = placed(sandbox)
    [mail] = mails(sandbox, order)
    assert "Reject" in sandbox.page(mail["link"])
    body = urllib.parse.urlencode({"answer": "approve"}).encode()
    urllib.request.urlopen(urllib.request.Request(mail["link"], body), context=sandbox.context, timeout=20).close()
    assert sandbox.detail(order).text("OrderStatus") == "4"


def test_rejection(sandbox):
    before = sandbox.balance
    order = placed(sandbox)
    assert sandbox.control("mails/reject", {"order": order}) == {"ok": True}
    assert sandbox.detail(order).text("OrderStatus") == "3" and sandbox.balance == before
    assert resend(sandbox, order).codes == [-9915]
    assert sandbox.control("mails/approve", {"order": order})[0] == 400


def test_another_mail(sandbox):
    order = placed(sandbox)
    answer = resend(sandbox, order)
    assert answer.text("OrderId") == order and wrong_shape("ServerSSLService", answer) == []
    answer = change(sandbox, order, "admin@example.test")
    assert answer.text("OrderID") == order and wrong_shape("ServerSSLService", answer) == []
    first, second, third = mails(sandbox, order)
    assert (first["state"], second["state"], third["to"]) == ("replaced", "replaced", "admin@example.test")
    assert sandbox.control("mails/approve", {"mail": first["mail"]})[0] == 400
    assert sandbox.control("mails/approve", {"mail": third["mail"]}) == {"ok": True}
    assert sandbox.detail(order).text("ApproverEmailAddress") == "admin@example.test"


def test_refusals(sandbox):
    missing = sandbox.call("GetDVApproverList", "")
    assert (missing.codes, missing.fields) == ([-102], ["FQDN"])
    assert b"<Approvers/>" in missing.body
    assert reserve(sandbox, "no..name").codes == [-104]
    assert reserve(sandbox, "host.local").codes == [-9971]
    assert place(sandbox, "CEAP000000000000").codes == [-4003]
    order = reserve(sandbox).text("OrderID")
    wrong = place(sandbox, order, "anna@example.test")
    assert (wrong.codes, wrong.fields) == ([-4009], ["ApproverEmail"])
    assert place(sandbox, order, name="api.example.test").codes == [-6021]
    assert place(sandbox, order, product="DV_HIGH_DNS").codes == [-9901]
    assert place(sandbox, order).success == 0
    assert change(sandbox, order, "anna@example.test").codes == [-4009]
    assert change(sandbox, order, MAIL, "api.example.test").codes == [-6021]
    nothing = sandbox.call("ChangeApproverEmail", f"<OrderID>{order}</OrderID>")
    assert (nothing.codes, nothing.fields) == ([-102, -102], ["ApproverEmail", "FQDN"])
    dns_order = sandbox.order(make_csr(NAME)).text("OrderID")
    assert resend(sandbox, dns_order).codes == [-9901]
    sandbox.fault("DVOrder", code=-9912)
    assert place(sandbox, reserve(sandbox).text("OrderID")).codes == [-9912]


def test_times(later, clock):
    reserved = reserve(later).text("OrderID")
    order = placed(later)
    clock.set(1.1)
    assert place(later, reserved).codes == [-4003]
    assert later.control("mails/approve", {"order": order})[0] == 400
    assert resend(later, order).success == 0
    assert later.control("mails/approve", {"order": order}) == {"ok": True}
    # Mail ends on 2028-03-15, and what was shown by it.
    clock.set_date(datetime(2028, 3, 1, tzinfo=timezone.utc))
    order = placed(later)
    later.control("mails/approve", {"order": order})
    newest = later.reissue(order, make_csr(NAME)).text("OrderID")
    assert later.detail(newest).text("OrderStatus") == "4"
    reserved = reserve(later).text("OrderID")
    clock.set_date(datetime(2028, 3, 15, 1, tzinfo=timezone.utc))
    assert later.detail(later.reissue(newest, make_csr(NAME)).text("OrderID")).text("OrderStatus") == "1"
    later.control("settings", {"reservation-ms": 10**12})
    assert reserve(later).codes == [-4009]


def test_other_domains_have_their_own_mail(sandbox):
    sans = "<SANEntries><SANEntry><SANOptionType>7</SANOptionType><SubjectAltName>www.other.test</SubjectAltName></SANEntry></SANEntries>"
    listed = reserve(sandbox, extra=sans)
    assert "admin@other.test" in listed.texts("ApproverEmail")
    order = listed.text("OrderID")
    more = reserve(sandbox, extra=f"<OrderID>{order}</OrderID>")
    assert more.text("OrderID") == order
    assert reserve(sandbox, "api.example.test", f"<OrderID>{order}</OrderID>").codes == [-6021]
    assert place(sandbox, order, sans=[(7, "www.other.test"), (2, "api.example.test")]).success == 0
    first, second = mails(sandbox, order)
    assert (first["to"], second["to"]) == (MAIL, "hostmaster@other.test")
    sandbox.control("mails/approve", {"mail": second["mail"]})
    assert sandbox.detail(order).text("OrderStatus") == "1"
    sandbox.control("mails/approve", {"mail": first["mail"]})
    assert sandbox.detail(order).text("OrderStatus") == "4"

    reserved = reserve(sandbox).text("OrderID")
    entries = "<SANEntries><SANEntry><SANOptionType>7</SANOptionType><SubjectAltName>third.test</SubjectAltName></SANEntry></SANEntries>"
    answer = sandbox.call("ChangeSubjectAltName", f"<OrderID>{reserved}</OrderID><TargetOrderID>{order}</TargetOrderID>"
                          f"<ApproverEmail>admin@example.test</ApproverEmail>{entries}")
    assert answer.text("OrderID") == reserved
    assert [mail["to"] for mail in mails(sandbox, reserved)] == ["admin@third.test"]
    assert modify(sandbox, reserved, "CANCEL").success == 0


def test_high_risk_and_wildcard(sandbox):
    sandbox.control("high-risk", {"name": "paypal.example.test"})
    listed = reserve(sandbox, "paypal.example.test")
    assert (listed.success, listed.codes) == (1, [-5001])
    order = listed.text("OrderID")
    assert place(sandbox, order, name="paypal.example.test").success == 1
    sandbox.control("mails/approve", {"order": order})
    assert sandbox.detail(order).text("OrderStatus") == "2"
    sandbox.control("release", {"order": order})
    assert sandbox.detail(order).text("OrderStatus") == "4"
    order = reserve(sandbox, "example.test").text("OrderID")
    assert place(sandbox, order, name="*.example.test", base="wildcard").success == 0


@pytest.mark.parametrize("operation", ["GetApproverList"])
def test_list_alone(sandbox, operation):
    answer = sandbox.call(operation, f"<FQDN>{NAME}</FQDN>")
    assert len(answer.texts("ApproverEmail")) == 10 and answer.text("OrderID") is None
