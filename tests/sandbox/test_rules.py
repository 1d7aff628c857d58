# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about keys, names, money and kinds of orders, and the quirks of answers that can be chosen."""

import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from conftest import CONTACT, make_csr, order_body
from steps import issue, wrong_shape

NAME = "www.example.test"
VPC = "<Option><OptionName>VPC</OptionName><OptionValue>true</OptionValue></Option>"


def with_parameter(body, element, text):
    return body.replace("</CSR>", f"</CSR><{element}>{text}</{element}>")


def validate(sandbox, csr="", fqdn=None, **changes):
    body = order_body(csr, sub_id="", **changes).replace(CONTACT, "")
    return sandbox.call("ValidateOrderParameters",
                        body.replace("</OrderRequestParameter>", "</OrderRequestParameter>"
                                     + (f"<FQDN>{fqdn}</FQDN>" if fqdn else "")))


def compressed_csr(folder, curve):
    subprocess.run(["openssl", "ecparam", "-name", curve, "-genkey", "-noout", "-conv_form", "compressed", "-out",
                    f"{folder}/c.pem"], check=True, capture_output=True)
    subprocess.run(["openssl", "ec", "-in", f"{folder}/c.pem", "-conv_form", "compressed", "-out", f"{folder}/d.pem"],
                   check=True, capture_output=True)
    return make_csr(NAME, key_file=f"{folder}/d.pem")


@pytest.mark.parametrize("curve", ["prime256v1", "secp384r1"])
def test_compressed_keys(sandbox, tmp_path, curve):
    assert sandbox.order(compressed_csr(tmp_path, curve)).codes == [-9962]


def test_ecc_products(sandbox, dns):
    assert sandbox.order(make_csr(NAME, "rsa"), product="DV_HIGH_DNS_ECC").codes == [-9964]
    order, _ = issue(sandbox, dns, make_csr(NAME), product="DV_HIGH_DNS_ECC")
    assert sandbox.reissue(order, make_csr(NAME, "rsa")).codes == [-9964]


@pytest.mark.parametrize("element, code, codes, charged", [
    ("Coupon", "TEN", [], 179.1), ("Campaign", "SPRING", [], 169.15), ("Coupon", "EXPIRED", [-9918], 0),
    ("Coupon", "USED", [-9919], 0), ("Coupon", "INACTIVE", [-9920], 0), ("Coupon", "FOREIGN", [-9922], 0),
    ("Coupon", "NONE", [-9913], 0), ("Campaign", "NONE", [-9914], 0), ("Campaign", "AUTUMN", [-9920], 0),
])
def test_coupons(sandbox, element, code, codes, charged):
    before = sandbox.balance
    answer = sandbox.call("DVDNSOrder", with_parameter(order_body(make_csr(NAME)), element, code))
    assert answer.codes == codes
    assert round(before - sandbox.balance, 2) == charged
    if codes:
        assert answer.fields == [f"OrderRequestParameter.{element}"]


def test_a_coupon_for_once(sandbox):
    body = with_parameter(order_body(make_csr(NAME)), "Coupon", "ONCE")
    assert sandbox.call("DVDNSOrder", body).success == 0
    assert sandbox.call("DVDNSOrder", body).codes == [-9919]
    sandbox.control("vouchers", {"code": "NEW", "percent": 100})
    assert sandbox.call("DVDNSOrder", with_parameter(order_body(make_csr(NAME)), "Coupon", "NEW")).success == 0
    assert sandbox.control("vouchers", {"code": "X", "state": "strange"})[0] == 400
    assert "NEW" in [voucher["code"] for voucher in sandbox.control("vouchers")]


def test_transfer(sandbox, tmp_path):
    def certificate(name, days):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                        f"/CN={name}", "-days", str(days), "-keyout", f"{tmp_path}/k", "-out", f"{tmp_path}/c"],
                       check=True, capture_output=True)
        return (tmp_path / "c").read_text()

    plain = order_body(make_csr(NAME), kind="transfer")
    assert sandbox.call("DVDNSOrder", plain).codes == [-102]
    assert sandbox.call("DVDNSOrder", with_parameter(plain, "TargetCERT", "rubbish")).codes == [-6002]
    assert sandbox.call("DVDNSOrder", with_parameter(plain, "TargetCERT", certificate("other.test", 9))).codes == [-4008]
    placed = sandbox.call("DVDNSOrder", with_parameter(plain, "TargetCERT", certificate(NAME, 9)))
    assert placed.success == 0 and sandbox.detail(placed.text("OrderID")).text("OrderKind") == "Transfer"


def test_too_many_names(sandbox):
    sans = [(2, f"n{i}.example.test") for i in range(101)]
    assert sandbox.order(make_csr(NAME), sans=sans).codes == [-6017]
    assert sandbox.order(make_csr(NAME), sans=sans[:100]).success == 0
    assert sandbox.order(make_csr(NAME), sans=[(4, "server")]).codes == [-9971]
    assert sandbox.order(make_csr(NAME), sans=[(1, "api.example.test")]).codes == [-9101]
    assert sandbox.order(make_csr(NAME), sans=[(1, "mail.example.test")]).success == 0
    assert sandbox.order(make_csr(NAME), sans=[(3, "host.example.test")]).codes == [-9101]


@pytest.mark.parametrize("start, end, months, codes", [
    (-1, None, 12, [-9940]), (None, -1, 12, [-9940]), (None, 40, 1, [-9933]), (None, 250, 12, [-9949]),
    (None, 100, 12, []), (10, 100, 12, []),
])
def test_custom_validity(sandbox, start, end, months, codes):
    now = datetime.now(timezone.utc)
    period = "".join(f"<{name}>{now + timedelta(days=days):%Y-%m-%dT%H:%M:%S.000Z}</{name}>"
                     for name, days in (("NotBefore", start), ("NotAfter", end)) if days is not None)
    assert sandbox.order(make_csr(NAME), options=VPC, months=months, period=period).codes == codes


def test_licences(sandbox):
    body = order_body(make_csr(NAME))
    for number, codes in (("0", [-103]), ("100", [-103]), ("x", [-104]), ("99", [])):
        answer = sandbox.call("DVDNSOrder", body.replace("<Licenses>1<", f"<Licenses>{number}<"))
        assert answer.codes == codes


def test_validate_order_parameters(sandbox):
    csr = make_csr(NAME, extra=())
    answer = validate(sandbox, csr, sans=[(7, "other.test")])
    assert wrong_shape("GASService", answer) == []
    assert (answer.text("Price"), answer.text("Currency"), answer.text("Months")) == ("249.00", "EUR", "12")
    assert (answer.text("Subject"), answer.text("IsValidDomainName")) == ("CN=www.example.test", "true")
    by_name = validate(sandbox, fqdn=NAME)
    assert by_name.text("Price") == "199.00" and wrong_shape("GASService", by_name) == []
    assert validate(sandbox, csr, fqdn=NAME).codes == [-105]
    assert validate(sandbox).codes == [-102]
    assert validate(sandbox, fqdn="*.example.test").codes == [-9925]
    assert validate(sandbox, fqdn="*.example.test", base="wildcard").text("Price") == "599.00"
    assert validate(sandbox, fqdn="a..b").codes == [-104]
    assert validate(sandbox, fqdn="203.0.113.9", base="GIP", product="OV_SHA2").success == 0
    sandbox.fault("ValidateOrderParameters", code=-9952)
    assert validate(sandbox, csr).codes == [-9952]


def test_renewal_notice(sandbox):
    order = sandbox.order(make_csr(NAME)).text("OrderID")
    answer = sandbox.call("ToggleRenewalNotice", f"<OrderID>{order}</OrderID><RenewalNotice>false</RenewalNotice>")
    assert answer.text("OrderID") == order and wrong_shape("GASService", answer) == []
    [kept] = [one for one in sandbox.control("orders") if one["id"] == order]
    assert kept["no-notice"] == 1
    assert sandbox.call("ToggleRenewalNotice", f"<OrderID>{order}</OrderID><RenewalNotice>no</RenewalNotice>").codes == [-103]


def test_quirks(sandbox):
    order = sandbox.order(make_csr(NAME), product="DV_LOW_DNS", months=1).text("OrderID")
    assert (sandbox.detail(order).text("ProductCode"), sandbox.detail(order).text("OrderKind")) == ("DV_LOW_DNS", "New")
    sandbox.control("settings", {"product-code-quirk": True, "kind-as-sent": True, "nil-style": "omit"})
    detail = sandbox.detail(order)
    assert (detail.text("ProductCode"), detail.text("OrderKind")) == ("DV_LOW_MONTH_OP", "new")
    assert b"nil=" not in detail.body and detail.root.find(".//BaseOption") is None
    sandbox.control("settings", {"nil-style": "empty"})
    detail = sandbox.detail(order)
    assert b"nil=" not in detail.body and b"<BaseOption/>" in detail.body


def test_without_csr(sandbox):
    body = ("<TargetOrderID>x</TargetOrderID><ReIssueParameterWithoutCSR><Pin>1</Pin></ReIssueParameterWithoutCSR>")
    assert sandbox.post("GASService", sandbox.envelope("ReIssueWithoutCSR", body)).codes == [-9151]


ANSWER_NAMES = ["GetDVApproverList", "GetApproverList", "DVOrder", "URLVerification", "URLVerificationForIssue", "OVOrder", "EVOrder",
                "ModifyOrder", "ChangeSubjectAltName", "ChangeApproverEmail", "ResendEmail", "ReIssue", "ToggleRenewalNotice"]


@pytest.mark.parametrize("operation", ANSWER_NAMES)
def test_faults_of_every_operation(sandbox, operation):
    for code in (-1, -201, -3026, -4147, -6102, -9943):
        sandbox.fault(operation, code=code, field="OrderID")
        answer = sandbox.call(operation, "")
        assert (answer.success, answer.codes, answer.fields) == (-1, [code], ["OrderID"])
