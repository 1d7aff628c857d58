# SPDX-License-Identifier: GPL-3.0-or-later
"""Reissue, change of names, renewal, cancellation and revocation over the whole paid term."""

import re
from datetime import datetime, timedelta, timezone

import pytest

from conftest import make_csr
from steps import DAY, issue, modify, seconds, wait_for_status, wrong_shape

NAME = "www.example.test"


def placed_on(later, clock, dns, date, **changes):
    clock.set_date(date)
    return issue(later, dns, make_csr(NAME), **changes)[0]


def life(sandbox, order, folder):
    """First and last second of an order's certificate."""
    leaf = folder / "life.pem"
    leaf.write_text(sandbox.detail(order).text("X509Cert").replace("\r\n", "\n"))
    return seconds(leaf, "startdate"), seconds(leaf, "enddate")


def test_reissue(sandbox, dns, tmp_path):
    order, _ = issue(sandbox, dns, make_csr(NAME), sans=[(2, "api.example.test")], sub_id="chain")
    dns.clear()
    before = sandbox.balance
    answer = sandbox.reissue(order, make_csr(NAME))
    assert wrong_shape("GASService", answer) == []
    new = answer.text("OrderID")
    assert answer.success == 0 and new != order and answer.text("TargetOrderID") == order
    assert sandbox.balance == before

    detail = sandbox.detail(new)
    assert (detail.text("OrderStatus"), detail.text("OriginalOrderIDForReIssue")) == ("4", order)
    assert (detail.text("SubId"), detail.text("SubjectAltName"), detail.text("Price")) == ("chain", "api.example.test", "0.00")
    assert detail.text("DNSNames") == "www.example.test,example.test,api.example.test"
    assert sandbox.detail(order).text("OrderStatus") == "4"
    assert sandbox.detail(order).text("SerialNumber") != detail.text("SerialNumber")

    again = sandbox.reissue(order, make_csr(NAME))
    assert (again.codes, again.fields) == ([-4016], ["TargetOrderID"])
    sandbox.control("settings", {"reissued-code": -9938})
    assert sandbox.reissue(order, make_csr(NAME)).codes == [-9938]
    less = sandbox.reissue(new, make_csr(NAME), names="www.example.test")
    assert sandbox.detail(less.text("OrderID")).text("DNSNames") == "www.example.test,example.test"


def test_refused_reissues(sandbox, dns, tmp_path):
    key, other_key = str(tmp_path / "key.pem"), str(tmp_path / "other.pem")
    open_order = sandbox.order(make_csr("open.example.test", key_file=other_key)).text("OrderID")
    order, _ = issue(sandbox, dns, make_csr(NAME, key_file=key))
    answer = sandbox.reissue(order, make_csr("api.example.test"))
    assert (answer.codes, answer.fields) == ([-4006], ["OrderParameter.CSR"])
    assert sandbox.reissue(order, "rubbish").codes == [-4007]
    assert sandbox.reissue(order, make_csr(NAME, "rsa", bits=1024)).codes == [-9936]
    assert sandbox.reissue(order, make_csr(NAME, key_file=other_key)).codes == [-6007]
    assert sandbox.reissue(order, make_csr(NAME), names="www.example.test,shop.example.test").codes == [-6018]
    assert sandbox.reissue("CEAP000000000000", make_csr(NAME)).codes == [-9916]
    assert sandbox.reissue(open_order, make_csr("open.example.test")).codes == [-9938]
    modify(sandbox, open_order, "CANCEL")
    assert sandbox.reissue(open_order, make_csr("open.example.test")).codes == [-9915]
    old = sandbox.call("ReIssue", f"<OrderParameter><CSR>{make_csr(NAME)}</CSR></OrderParameter><TargetOrderID>{order}"
                       "</TargetOrderID><HashAlgorithm>SHA1</HashAlgorithm>")
    assert (old.codes, old.fields) == ([-101], ["HashAlgorithm"])
    assert sandbox.reissue(order, make_csr(NAME, key_file=key)).success == 0
    sandbox.fault("ReIssue", code=-9943)
    assert sandbox.reissue(order, make_csr(NAME)).codes == [-9943]


def test_change_of_names(sandbox, dns):
    order, _ = issue(sandbox, dns, make_csr(NAME), sans=[(2, "api.example.test")])
    before = sandbox.balance
    answer = sandbox.change_names(order, (2, "api.example.test"), (2, "shop.example.test"))
    assert answer.success == 0 and answer.text("TargetOrderID") == order and wrong_shape("ServerSSLService", answer) == []
    new = answer.text("OrderID")
    assert sandbox.balance == before - 20
    detail = sandbox.detail(new)
    assert detail.text("DNSNames") == "www.example.test,example.test,api.example.test,shop.example.test"
    assert detail.text("OriginalOrderIDForReIssue") == order
    assert sandbox.change_names(order, (2, "x.example.test")).codes == [-4016]
    assert sandbox.change_names(new, (13, "x.example.test")).codes == [-9101]
    assert sandbox.change_names(new, (2, "x..example.test")).codes == [-6018]
    missing = sandbox.call("ChangeSubjectAltName", "<OrderID/>")
    assert (missing.codes, missing.fields) == ([-102], ["TargetOrderID"])
    none = sandbox.change_names(new)
    assert sandbox.detail(none.text("OrderID")).text("DNSNames") == "www.example.test,example.test"
    low, _ = issue(sandbox, dns, make_csr(NAME), product="DV_LOW_DNS")
    assert sandbox.change_names(low, (2, "api.example.test")).codes == [-9101]


def test_a_name_without_proof_waits(sandbox, dns):
    order, _ = issue(sandbox, dns, make_csr(NAME))
    waiting = sandbox.change_names(order, (7, "www.unseen.test")).text("OrderID")
    detail = sandbox.detail(waiting)
    page = sandbox.page(detail.text("VerificationUrl"))
    value = re.search(r'id="dns">(_globalsign-domain-verification=[A-Za-z0-9_-]{41,42})<', page).group(1)
    assert detail.text("OrderStatus") == "1" and "<li>unseen.test</li>" in page and waiting in page
    dns.publish("example.test", value)
    assert sandbox.verify(waiting, "example.test").codes == [-3013]     # named refuses the other zone
    assert modify(sandbox, waiting, "CANCEL").success == 0
    assert sandbox.reissue(order, make_csr(NAME)).success == 0          # the older one is the newest again


@pytest.mark.parametrize("date, cap, reuse", [
    ("2026-04-01", 199, 200), ("2027-03-20", 99, 100), ("2029-04-01", 46, 10),
])
def test_caps_and_reuse_of_the_day(later, clock, dns, tmp_path, date, cap, reuse):
    start = datetime.fromisoformat(f"{date}T12:00:00+00:00")
    order = placed_on(later, clock, dns, start, months=12)
    balance = later.balance
    dns.clear()
    first, last = life(later, order, tmp_path)
    assert last - first + 1 == cap * DAY

    # The day before the proof is too old, within the caps of that day.
    near = start + timedelta(days=reuse - 1)
    clock.set_date(near)
    next_order = later.reissue(order, make_csr(NAME)).text("OrderID")
    first, last = life(later, next_order, tmp_path)
    assert abs(first - near.timestamp()) < 60
    assert abs(last + 1 - min(first + cap * DAY, start.replace(year=start.year + 1).timestamp())) < 60

    # Two days later a new one is needed.
    clock.set_date(near + timedelta(days=2))
    waiting = later.reissue(next_order, make_csr(NAME)).text("OrderID")
    detail = later.detail(waiting)
    assert detail.text("OrderStatus") == "1"
    dns.publish("example.test", re.search(r'id="dns">(.*?)<', later.page(detail.text("VerificationUrl"))).group(1))
    assert later.verify(waiting, "example.test").text("CertificateStatus") == "4"

    # The last certificate ends with the paid term.
    clock.set_date(start + timedelta(days=355 if reuse > 10 else reuse + 3))
    later.control("settings", {"reissue-proof": "same"})
    dns.clear()
    last_order = later.reissue(waiting, make_csr(NAME)).text("OrderID")
    if later.detail(last_order).text("OrderStatus") == "1":
        value = re.search(r'id="dns">(.*?)<', later.page(detail.text("VerificationUrl"))).group(1)
        dns.publish("example.test", value)
        assert later.verify(last_order, "example.test").success == 0
    _, last = life(later, last_order, tmp_path)
    if reuse > 10:
        assert abs(last - start.replace(year=start.year + 1).timestamp()) < 60
    assert later.balance == balance

    clock.set_date(start.replace(year=start.year + 1) + timedelta(days=1))
    assert later.reissue(last_order, make_csr(NAME)).codes == [-4005]


def test_same_value_through_a_chain(later, clock, dns):
    """The value of what was issued at once was told to nobody: the one that was told stays good."""
    clock.set_date(datetime(2026, 12, 1, 12, tzinfo=timezone.utc))
    later.control("settings", {"reissue-proof": "same"})
    placed = later.order(make_csr(NAME))
    dns.publish("example.test", placed.text("DNSTXT"))
    assert later.verify(placed.text("OrderID"), "example.test").success == 0
    order = later.reissue(placed.text("OrderID"), make_csr(NAME)).text("OrderID")
    assert later.detail(order).text("OrderStatus") == "4"

    clock.set_date(datetime(2027, 8, 1, 12, tzinfo=timezone.utc))
    waiting = later.reissue(order, make_csr(NAME)).text("OrderID")
    assert later.detail(waiting).text("OrderStatus") == "1"
    assert later.verify(waiting, "example.test").success == 0


def test_refused_without_a_proof(later, clock, dns):
    order = placed_on(later, clock, dns, datetime.now(timezone.utc))
    clock.set(201)
    later.control("settings", {"reissue-proof": "refuse"})
    assert later.reissue(order, make_csr(NAME)).codes == [-3012]


def test_renewal_window(later, clock, dns, tmp_path):
    start = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)
    order = placed_on(later, clock, dns, start)
    newest = later.reissue(order, make_csr(NAME)).text("OrderID")
    end = start.replace(year=2027)
    clock.set_date(end - timedelta(days=91))
    assert later.order(make_csr(NAME), kind="renewal", renewal=newest).codes == [-6102]
    later.control("settings", {"renewal-window-days": 92})
    assert later.order(make_csr(NAME), kind="renewal", renewal=order).codes == [-6102]      # not the newest
    later.control("settings", {"renewal-window-days": 90})
    clock.set_date(end + timedelta(days=1))
    assert later.order(make_csr(NAME), kind="renewal", renewal=newest).codes == [-6102]
    later.control("settings", {"renewal-grace-days": 7})
    assert later.order(make_csr(NAME), kind="renewal", renewal=newest).success == 0
    clock.set_date(end - timedelta(days=89))
    assert later.order(make_csr(NAME), kind="renewal", renewal=newest).codes == [-6102]     # renewed already


def test_a_renewal_may_reuse_proofs(sandbox, dns):
    order, _ = issue(sandbox, dns, make_csr(NAME), months=1)
    placed = sandbox.order(make_csr(NAME), kind="renewal", renewal=order)
    assert sandbox.detail(placed.text("OrderID")).text("OrderStatus") == "1"
    modify(sandbox, placed.text("OrderID"), "CANCEL")
    sandbox.control("settings", {"renewal-reuses-proof": True})
    before = sandbox.balance
    unseen = sandbox.order(make_csr(NAME), kind="renewal", renewal=order, sans=[(7, "www.unseen.test")]).text("OrderID")
    assert sandbox.detail(unseen).text("OrderStatus") == "1"
    modify(sandbox, unseen, "CANCEL")
    placed = sandbox.order(make_csr(NAME), kind="renewal", renewal=order)
    assert sandbox.detail(placed.text("OrderID")).text("OrderStatus") == "4" and sandbox.balance < before
    assert sandbox.verify(placed.text("OrderID"), "example.test").codes == [-4004]
    # A reissue does not make the term renewable once more.
    newest = sandbox.reissue(order, make_csr(NAME)).text("OrderID")
    assert sandbox.order(make_csr(NAME), kind="renewal", renewal=newest).codes == [-6102]


def test_cancel_within_seven_days(later, clock, dns):
    start = datetime.now(timezone.utc)
    full = later.balance
    order = placed_on(later, clock, dns, start)
    clock.set(6)
    newest = later.reissue(order, make_csr(NAME)).text("OrderID")
    assert modify(later, order, "CANCEL").codes == [-9938]
    assert modify(later, newest, "CANCEL").success == 0
    assert later.balance == full and later.detail(newest).text("OrderStatus") == "5"

    dns.clear()
    order = issue(later, dns, make_csr(NAME))[0]
    clock.set(14)
    assert modify(later, order, "CANCEL").codes == [-4005]
    later.control("settings", {"refund-days": 9})
    assert modify(later, order, "CANCEL").success == 0


def test_revocation(sandbox, dns):
    order, _ = issue(sandbox, dns, make_csr(NAME))
    newest = sandbox.reissue(order, make_csr(NAME)).text("OrderID")
    assert modify(sandbox, order, "REVOKE").success == 0
    assert sandbox.detail(order).text("CertificateStatus") == "6"
    assert modify(sandbox, order, "REVOKE").codes == [-9938]
    assert sandbox.reissue(order, make_csr(NAME)).codes == [-9938]
    wait_for_status(sandbox, order, "7")
    sandbox.control("settings", {"revocation-delay-ms": 0})
    assert modify(sandbox, newest, "REVOKE").success == 0
    assert sandbox.detail(newest).text("CertificateStatus") == "7"


def test_settings_are_checked(sandbox):
    assert sandbox.control("settings")["renewal-window-days"] == 90
    for wrong in ({"nothing": 1}, {"reissue-proof": "maybe"}, {"order-limit": "x"}, {"limit-is-error": 1}):
        assert sandbox.control("settings", wrong)[0] == 400


def test_the_reuse_is_that_of_the_day_of_issue(later, clock, dns):
    order = placed_on(later, clock, dns, datetime(2026, 12, 1, 12, tzinfo=timezone.utc))
    clock.set_date(datetime(2027, 3, 14, 12, tzinfo=timezone.utc))
    newest = later.reissue(order, make_csr(NAME)).text("OrderID")
    assert later.detail(newest).text("OrderStatus") == "4"
    clock.set_date(datetime(2027, 3, 15, 12, tzinfo=timezone.utc))
    assert later.detail(later.reissue(newest, make_csr(NAME)).text("OrderID")).text("OrderStatus") == "1"
