# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for GoDaddy: who may, empty answers, whole sets, the shape of bodies, a rival; and that its records stand in DNS."""

import pytest

ZONE = "example.test"
NAME = f"_gd.{ZONE}"
RECORDS = f"/v1/domains/{ZONE}/records"


class Service:
    def __init__(self, sandbox, named):
        self.sandbox, self.named = sandbox, named
        self.fields = sandbox.facts["dns"]["godaddy"]["fields"]
        self.headers = {"Authorization": f"sso-key {self.fields['key']}:{self.fields['secret']}"}

    def __call__(self, method, path, body=None, headers=None):
        return self.sandbox.dns("godaddy", method, path, self.headers if headers is None else headers, body)

    def add(self, data="one", **changes):
        return self("PATCH", RECORDS, [{"type": "TXT", "name": "_gd", "data": data, "ttl": 600, **changes}])

    def put(self, *records, path="/TXT/_gd"):
        return self("PUT", RECORDS + path, list(records))

    def list(self, query="", path="/TXT/_gd"):
        return self("GET", RECORDS + path + query).json

    def control(self, **order):
        assert self.sandbox.control("dns", {"kind": "godaddy", **order}) == {"ok": True}


@pytest.fixture
def service(sandbox, named):
    it = Service(sandbox, named)
    yield it
    sandbox.control("clear", {})
    it.control(reset=True)
    named.update(f"update delete {NAME}. TXT", f"update delete {NAME}. CNAME", f"update delete other.{ZONE}. TXT")


def code(answer):
    return answer.status, answer.json["code"]


def field(answer):
    assert code(answer) == (422, "INVALID_BODY")
    return answer.json["fields"][0]["path"], answer.json["fields"][0]["code"]


def test_records_stand_in_dns(service, named):
    assert service.list() == []
    added = service.add()
    assert (added.status, added.body) == (200, b"")
    assert service.add("two").status == 200
    assert named.show(NAME) == ['600 "one"', '600 "two"']
    assert service.list() == [{"data": d, "name": "_gd", "ttl": 600, "type": "TXT"} for d in ("one", "two")]

    replaced = service.put({"data": "three", "ttl": 3600}, {"data": ""})
    assert (replaced.status, replaced.body) == (200, b"")
    assert named.show(NAME) == ['3600 ""', '3600 "three"']
    gone = service("DELETE", RECORDS + "/TXT/_gd")
    assert (gone.status, gone.body) == (204, b"")
    assert code(service("DELETE", RECORDS + "/TXT/_gd")) == (404, "NOT_FOUND")
    assert named.show(NAME) == []


def test_apex_and_whole_type(service, named):
    assert service("PATCH", RECORDS, [{"type": "TXT", "name": "@", "data": "top", "ttl": 600}]).status == 200
    assert named.show(ZONE) == ['600 "top"']
    service.add()
    assert {r["name"] for r in service.list(path="/TXT")} == {"@", "_gd"}
    assert {r["type"] for r in service.list(path="")} >= {"SOA", "NS", "TXT"}
    # every TXT of the domain goes: some clients do it, and that is theirs to answer for
    assert service.put({"name": "other", "data": "x", "ttl": 600}, path="/TXT").status == 200
    assert (named.show(ZONE), named.show(NAME), named.show(f"other.{ZONE}")) == ([], [], ['600 "x"'])


@pytest.mark.parametrize("changes, expected", [
    ({"ttl": 599}, ("records[0].ttl", "INVALID_VALUE")),
    ({"ttl": 604801}, ("records[0].ttl", "INVALID_VALUE")),
    ({"ttl": "600"}, ("records[0].ttl", "UNEXPECTED_TYPE")),
    ({"data": 7}, ("records[0].data", "MISSING_FIELD")),
    ({"data": "x" * 1025}, ("records[0].data", "INVALID_VALUE")),
    ({"name": ""}, ("records[0].name", "MISSING_FIELD")),
    ({"type": None}, ("records[0].type", "MISSING_FIELD")),
    ({"comment": "mine"}, ("records[0].comment", "UNEXPECTED_FIELD")),
])
def test_what_is_refused(service, named, changes, expected):
    assert field(service.add(**changes)) == expected
    assert named.show(NAME) == []


def test_nonsense(service):
    for body in ("", "{}", "[", '"text"'):
        assert code(service("PATCH", RECORDS, body)) == (400, "INVALID_JSON")
    assert code(service("PATCH", RECORDS, [])) == (422, "INVALID_BODY")
    assert field(service("PATCH", RECORDS, [7])) == ("records[0]", "UNEXPECTED_TYPE")
    assert code(service("PATCH", RECORDS, "[]", {**service.headers, "Content-Type": "text/plain"}))[0] == 415
    assert code(service("GET", RECORDS + "/NONE/_gd")) == (422, "INVALID_TYPE")
    assert code(service("GET", RECORDS + "/TXT/_gd?limit=501")) == (422, "INVALID_QUERY")
    assert code(service("GET", "/v1/domains/other.test/records/TXT/_gd")) == (404, "UNKNOWN_DOMAIN")
    assert code(service("GET", "/v1/elsewhere")) == (404, "NOT_FOUND")


def test_duplicates(service, named):
    service.add()
    assert field(service.add()) == ("records[0]", "DUPLICATE_RECORD")
    assert field(service.put({"data": "a"}, {"data": "a"})) == ("records[1]", "DUPLICATE_RECORD")
    service("DELETE", RECORDS + "/TXT/_gd")
    named.update(f"update add {NAME}. 60 CNAME ns.{ZONE}.")
    assert field(service.add()) == ("records[0]", "DUPLICATE_RECORD")
    assert service.list() == []


def test_who_calls(service):
    def answer(text):
        return code(service("GET", "/v1/domains", headers={} if text is None else {"Authorization": text}))

    key, secret = service.fields["key"], service.fields["secret"]
    assert service("GET", "/v1/domains").status == 200
    assert answer(None) == (401, "MISSING_CREDENTIALS")
    assert answer(f"Bearer {key}:{secret}") == (401, "MALFORMED_CREDENTIALS")
    assert answer(f"sso-key {key}") == (401, "MALFORMED_CREDENTIALS")
    assert answer(f"sso-key {key}:wrong") == (401, "UNABLE_TO_AUTHENTICATE")
    assert answer(f"sso-key {secret}:{key}") == (401, "UNABLE_TO_AUTHENTICATE")
    service.control(restricted=True)
    assert code(service("GET", "/v1/domains")) == (403, "ACCESS_DENIED")
    service.control(restricted=False, key=False)
    assert code(service("GET", "/v1/domains")) == (401, "UNABLE_TO_AUTHENTICATE")


def test_domains(service):
    both = service("GET", "/v1/domains?statuses=ACTIVE&includes=nameServers").json
    assert [d["domain"] for d in both] == ["deep." + ZONE, ZONE]
    assert both[0]["nameServers"] == ["ns01.domaincontrol.com"] and "authCode" not in both[0]
    first = service("GET", "/v1/domains?limit=1").json
    assert [d["domain"] for d in first] == ["deep." + ZONE] and first[0]["nameServers"] is None
    assert [d["domain"] for d in service("GET", "/v1/domains?limit=1&marker=deep." + ZONE).json] == [ZONE]
    assert service("GET", f"/v1/domains?marker={ZONE}").json == []

    one = service("GET", f"/v1/domains/{ZONE.upper()}").json
    assert (one["domain"], one["status"]) == (ZONE, "ACTIVE") and one["authCode"]
    missing = service("GET", "/v1/domains/other.test")
    assert code(missing) == (404, "NOT_FOUND") and missing.json["message"] == "Domain other.test not found for shopper"
    assert code(service("GET", f"/v1/domains/_x.{ZONE}"))[0] == 422

    service.control(zone=ZONE, status="CANCELLED", server="ns1.elsewhere.test")
    assert [d["domain"] for d in service("GET", "/v1/domains?statuses=ACTIVE").json] == ["deep." + ZONE]
    assert service("GET", f"/v1/domains/{ZONE}").json["nameServers"] == ["ns1.elsewhere.test"]


def test_pages_of_records(service, named):
    for first in range(0, 120, 40):
        named.update(*[f"update add {NAME}. 600 TXT v{i:03}" for i in range(first, first + 40)])
    assert len(service.list()) == 100
    assert len(service.list("?limit=500")) == 120
    assert [r["data"] for r in service.list("?offset=118&limit=10")] == ["v118", "v119"]


def test_rate(service):
    service.control(rate=2)
    answers = [service("GET", RECORDS + "/TXT/_gd") for _ in range(6)]
    refused = [a for a in answers if a.status != 200]
    assert 2 <= len(refused) <= 4 and all(code(a) == (429, "TOO_MANY_REQUESTS") for a in refused)
    assert all(1 <= a.json["retryAfterSec"] <= 60 and "Retry-After" not in a.headers for a in refused)
    # each endpoint has its own
    assert service.add().status == 200


def test_rival(service, named):
    service.control(rival=2)
    service.add("one")
    assert named.show(NAME) == ['600 "one"']
    service.add("two")
    assert named.show(NAME) == ['600 "one"', '600 "rival"']
    service.put({"data": "two", "ttl": 600})
    assert named.show(NAME) == ['600 "two"']
    service("DELETE", RECORDS + "/TXT/_gd")
    assert named.show(NAME) == ['600 "rival"', '600 "two"']
