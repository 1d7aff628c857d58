# SPDX-License-Identifier: GPL-3.0-or-later
"""OV and EV orders: people and organisations, GlobalSign's staff, and the page on which domains are shown."""

import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from conftest import make_csr, order_body
from steps import issue, openssl, verify_chain, wait_for_status, wrong_shape

NAME = "www.example.test"
ADDRESS = ("<OrganizationAddress><AddressLine1>1 Example Street</AddressLine1><City>Leuven</City><Region>Vlaams-Brabant</Region>"
           "<PostalCode>3000</PostalCode><Country>BE</Country><Phone>+32 16 00 00 00</Phone></OrganizationAddress>")
OV = f"<OrganizationInfo><OrganizationName>Example NV</OrganizationName>{ADDRESS}</OrganizationInfo>"
OFFICER = ("<FirstName>Carl</FirstName><LastName>Example</LastName><Function>CTO</Function><OrganizationName>Example NV"
           "</OrganizationName><OrganizationUnit>IT</OrganizationUnit><Phone>+32 2 000</Phone><Email>carl@example.test</Email>")
EV = ("<OrganizationInfoEV><BusinessAssumedName>Example</BusinessAssumedName><BusinessCategoryCode>PO</BusinessCategoryCode>"
      f"{ADDRESS}</OrganizationInfoEV><RequestorInfo>{OFFICER}</RequestorInfo><ApproverInfo>{OFFICER}</ApproverInfo>"
      "<AuthorizedSignerInfo><OrganizationName>Example NV</OrganizationName><FirstName>Dora</FirstName><LastName>Example"
      "</LastName><Function>CEO</Function><Phone>+32 2 111</Phone><Email>dora@example.test</Email></AuthorizedSignerInfo>"
      "<JurisdictionInfo><JurisdictionCountry>BE</JurisdictionCountry><JurisdictionState>Brabant</JurisdictionState>"
      "<IncorporationAgencyRegistrationNumber>0000.000.000</IncorporationAgencyRegistrationNumber></JurisdictionInfo>")
SECOND = ("<SecondContactInfo><FirstName>Bob</FirstName><LastName>Second</LastName><Email>bob@example.test</Email>"
          "</SecondContactInfo>")


def ov_body(name=NAME, block=OV, **changes):
    body = order_body(make_csr(name), **{"product": "OV_SHA2", **changes})
    return body.replace("<ContactInfo>", block + "<ContactInfo>").replace("</ContactInfo>", "</ContactInfo>" + SECOND)


def ev_body(subject=f"{NAME}/O=Example NV", **changes):
    return ov_body(subject, EV, **{"product": "EV_SHA2", **changes}).replace("SubID>", "SubId>")


def place(sandbox, operation, body, answer="OrderID"):
    placed = sandbox.call(operation, body)
    assert placed.success == 0 and wrong_shape("ServerSSLService", placed) == [], placed.body
    return placed.text(answer)


def press(sandbox, url, domain, method="dns"):
    body = urllib.parse.urlencode({"domain": domain, "method": method}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), context=sandbox.context, timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_ov(sandbox, dns, tmp_path):
    before = sandbox.balance
    order = place(sandbox, "OVOrder", ov_body(sans=[(2, "api.example.test")]))
    assert re.fullmatch(r"CEOV\d{12}", order) and sandbox.balance == before - 319
    detail = sandbox.detail(order)
    assert detail.text("OrderStatus") == "1" and wrong_shape("GASService", detail) == []
    assert detail.texts("OrganizationName") == ["Example NV"] and detail.text("City") == "Leuven"
    assert detail.root.find(".//SecondContactInfo/Email").text == "bob@example.test"
    assert sandbox.call("GetCertificateOrders", "<SubID>own-1</SubID>").texts("OrganizationName")[-1] == "Example NV"
    assert sandbox.verify(order, "example.test").codes == [-9901]

    url = detail.text("VerificationUrl")
    value = re.search(r'id="dns">(.*?)<', sandbox.page(url)).group(1)
    assert press(sandbox, url, "example.test") == 409
    assert press(sandbox, url, "other.test") == 400
    dns.publish("example.test", value)
    assert press(sandbox, url, "example.test") == 200
    assert sandbox.detail(order).text("OrderStatus") == "1"         # the organisation is not vetted
    assert sandbox.control("vet", {"order": order}) == {"ok": True}
    detail = sandbox.detail(order)
    assert detail.text("OrderStatus") == "4" and wrong_shape("GASService", detail) == []
    text, _ = verify_chain(detail, sandbox, tmp_path)
    assert "Subject: C = BE, ST = Vlaams-Brabant, L = Leuven, O = Example NV, CN = www.example.test" in text
    assert "2.23.140.1.2.2" in text
    assert detail.text("SubjectName") == "CN = www.example.test, O = Example NV, L = Leuven, ST = Vlaams-Brabant, C = BE"

    newest = sandbox.reissue(order, make_csr(NAME)).text("OrderID")
    assert sandbox.detail(newest).text("OrderStatus") == "4"


def test_ev(sandbox, tmp_path):
    order = place(sandbox, "EVOrder", ev_body(), "OrderId")
    detail = sandbox.detail(order)
    assert order.startswith("CEEV") and wrong_shape("GASService", detail) == []
    assert detail.root.find(".//AuthorizedSignerInfo/Function").text == "CEO"
    assert detail.root.find(".//JurisdictionInfo/JurisdictionState").text == "Brabant"
    assert detail.root.find(".//OrderOption/OrganizationInfo/BusinessCategoryCode").text == "PO"
    sandbox.control("vet", {"order": order, "domains": True})
    detail = sandbox.detail(order)
    text, leaf = verify_chain(detail, sandbox, tmp_path)
    subject = openssl("x509", "-noout", "-subject", "-nameopt", "lname", "-in", str(leaf))
    for part in ("organizationName=Example NV", "businessCategory=Private Organization", "serialNumber=0000.000.000",
                 "jurisdictionCountryName=BE", "jurisdictionStateOrProvinceName=Brabant"):
        assert part in subject
    assert "2.23.140.1.1\n" in text and detail.text("DNSNames") == "www.example.test,example.test"


def test_rejection_and_delay(sandbox):
    before = sandbox.balance
    order = place(sandbox, "OVOrder", ov_body())
    assert sandbox.control("vet", {"order": order, "reject": True}) == {"ok": True}
    assert sandbox.detail(order).text("OrderStatus") == "3" and sandbox.balance == before
    assert sandbox.control("vet", {"order": order})[0] == 400
    assert sandbox.control("vet", {"order": sandbox.order(make_csr(NAME)).text("OrderID")})[0] == 400
    order = place(sandbox, "OVOrder", ov_body())
    sandbox.control("settings", {"organization-delay-ms": 50})
    wait_for_status(sandbox, order, "4")


@pytest.mark.parametrize("operation, body, codes, field", [
    ("OVOrder", lambda: ov_body(block=""), [-102], "OrganizationInfo"),
    ("OVOrder", lambda: ov_body(block=OV.replace("<City>Leuven</City>", "")), [-102],
     "OrganizationInfo.OrganizationAddress.City"),
    ("OVOrder", lambda: ov_body(block=OV.replace(">BE<", ">be<")), [-104], "OrganizationInfo.OrganizationAddress.Country"),
    ("OVOrder", lambda: ov_body(block=OV.replace(">BE<", ">KP<")), [-9953], "OrganizationInfo.OrganizationAddress.Country"),
    ("OVOrder", lambda: ov_body(product="EV_SHA2"), [-9901], "OrderRequestParameter.ProductCode"),
    ("OVOrder", lambda: ov_body().replace("<SubID>own-1</SubID>", ""), [-102], "SubID"),
    ("EVOrder", lambda: ev_body(product="OV_SHA2"), [-9901], "OrderRequestParameter.ProductCode"),
    ("EVOrder", lambda: ev_body(NAME), [-4007], "OrderRequestParameter.CSR"),
    ("EVOrder", lambda: ev_body("*.example.test/O=Example NV", base="wildcard"), [-9925], "OrderRequestParameter.BaseOption"),
    ("EVOrder", lambda: ev_body(sans=[(13, "*.example.test")]), [-9101], "SANEntries.SANEntry.SANOptionType"),
    ("EVOrder", lambda: ev_body().replace("JurisdictionState", "StateOrProvince"), [-101], "JurisdictionInfo.StateOrProvince"),
    ("EVOrder", lambda: ev_body().replace("<Function>CEO</Function>", ""), [-102], "AuthorizedSignerInfo.Function"),
    ("EVOrder", lambda: ev_body().replace(">PO<", ">XX<"), [-103], "OrganizationInfoEV.BusinessCategoryCode"),
])
def test_refused(sandbox, operation, body, codes, field):
    answer = sandbox.call(operation, body())
    assert (answer.codes, answer.fields[0]) == (codes, field)


def test_wildcard_ov(sandbox, tmp_path):
    order = place(sandbox, "OVOrder", ov_body("*.example.test", base="wildcard"))
    sandbox.control("vet", {"order": order, "domains": True})
    verify_chain(sandbox.detail(order), sandbox, tmp_path)


def test_the_vetting_of_an_organisation_ages(later, clock, dns):
    order = place(later, "OVOrder", ov_body(months=12))
    later.control("vet", {"order": order, "domains": True})
    clock.set(300)
    issue(later, dns, make_csr(NAME))                 # shows the domain again
    order = later.reissue(order, make_csr(NAME)).text("OrderID")
    assert later.detail(order).text("OrderStatus") == "4"
