# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for ClouDNS: status 200 for everything, odd shapes, ids, who sees what; and that its records stand in DNS."""

import urllib.parse

import pytest

ZONE = "example.test"
PASSWORD = "sandbox-cloudns+password"


class Service:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.caller = {"auth-id": "1234", "auth-password": PASSWORD}

    def __call__(self, call, caller=None, method="POST", **params):
        form = urllib.parse.urlencode({**(self.caller if caller is None else caller),
                                       **{name.replace("_", "-"): value for name, value in params.items()}})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = (self.sandbox.dns("cloudns", "POST", f"/{call}.json", headers, form) if method == "POST"
                  else self.sandbox.dns("cloudns", "GET", f"/{call}.json?{form}"))
        assert answer.status == 200
        return answer.json

    def add(self, record="one", **changes):
        return self("dns/add-record", **{"domain-name": ZONE, "record-type": "TXT", "host": "_cns", "record": record, "ttl": 60,
                                         **{name.replace("_", "-"): value for name, value in changes.items()}})

    def delete(self, record, zone=ZONE):
        return self("dns/delete-record", domain_name=zone, record_id=record)

    def list(self, zone=ZONE, **filters):
        return self("dns/records", domain_name=zone, **filters)

    def control(self, **order):
        assert self.sandbox.control("dns", {"kind": "cloudns", **order}) == {"ok": True}


@pytest.fixture
def service(sandbox, named):
    it = Service(sandbox)
    yield it
    sandbox.control("clear", {})
    it.control(reset=True)
    named.update(f"update delete _cns.{ZONE}. TXT", f"update delete {ZONE}. TXT")


def failed(answer):
    assert answer["status"] == "Failed" and set(answer) == {"status", "statusDescription"}
    return answer["statusDescription"]


def test_records_stand_in_dns(service, named):
    assert service.list(host="_cns", type="TXT") == []
    first, second = service.add(), service.add("two", ttl=300)
    assert first["status"] == "Success" and isinstance(first["data"]["id"], int)
    assert named.show(f"_cns.{ZONE}") == ['300 "one"', '300 "two"']

    listed = service.list(host="_CNS", type="TXT")
    assert set(listed) == {str(first["data"]["id"]), str(second["data"]["id"])}
    one = listed[str(first["data"]["id"])]
    assert (one["id"], one["type"], one["host"], one["record"], one["ttl"], one["status"]) == (
        str(first["data"]["id"]), "TXT", "_cns", "one", "300", 1)

    assert service.delete(first["data"]["id"])["status"] == "Success"
    assert named.show(f"_cns.{ZONE}") == ['300 "two"']
    assert failed(service.delete(first["data"]["id"])) == "Invalid record-id param."
    assert service.add()["data"]["id"] != first["data"]["id"]


def test_apex_and_long_values(service, named):
    long = "a" * 255 + "b" * 45
    service.add("top", host="")
    service.add(long)
    assert named.show(ZONE) == ['60 "top"']
    assert named.show(f"_cns.{ZONE}") == [f'60 "{"a" * 255}" "{"b" * 45}"']
    assert [r["record"] for r in service.list(host="_cns").values()] == [long]
    assert [r["record"] for r in service.list(host="", type="TXT").values()] == ["top"]
    assert {r["type"] for r in service.list().values()} >= {"A", "NS", "TXT"}


def test_what_others_write_is_seen(service, named):
    named.update(f'update add _cns.{ZONE}. 60 TXT "from" "outside"')
    assert [r["record"] for r in service.list(host="_cns").values()] == ["fromoutside"]
    assert failed(service.add("fromoutside")) == "There is already the same record."
    named.update(f"update add alias.{ZONE}. 60 CNAME www.{ZONE}.")
    assert "CNAME" in failed(service.add(host="alias"))
    named.update(f"update delete alias.{ZONE}. CNAME")


@pytest.mark.parametrize("changes, words", [
    ({"ttl": 59}, "Invalid TTL"),
    ({"ttl": 61}, "Invalid TTL"),
    ({"ttl": ""}, "Invalid TTL"),
    ({"record": ""}, "Invalid record param"),
    ({"record": "x" * 2049}, "Invalid record param"),
    ({"record_type": "A"}, "Invalid record-type param"),
    ({"host": "a b"}, "Invalid host param"),
    ({"host": "@"}, "Invalid host param"),
    ({"domain_name": ""}, "Missing domain-name"),
    ({"domain_name": "elsewhere.invalid"}, "Missing domain-name"),
])
def test_wrong_records(service, changes, words):
    assert words in failed(service.add(**changes))
    assert service.list(host="_cns", type="TXT") == []


@pytest.mark.parametrize("caller, good", [
    ({"auth-id": "1234"}, True),
    ({"sub-auth-id": "5678"}, True),
    ({"sub-auth-user": "sandbox"}, True),
    ({}, False),
    ({"auth-id": "5678"}, False),
    ({"auth-id": "1234", "sub-auth-id": "5678"}, False),
    ({"auth-id": "1234", "sub-auth-user": "sandbox"}, False),
    ({"sub-auth-user": "Sandbox"}, False),
])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_who_calls(service, caller, good, method):
    answer = service("login/login", {**caller, "auth-password": PASSWORD}, method)
    assert answer["status"] == ("Success" if good else "Failed")
    for wrong in ("", "wrong", PASSWORD + "x"):
        assert "Invalid authentication" in failed(service("login/login", {**caller, "auth-password": wrong}, method))


def test_sub_users_see_what_is_delegated(service):
    sub = {"sub-auth-id": "5678", "auth-password": PASSWORD}
    deep = f"deep.{ZONE}"
    pages = {"page": 1, "rows_per_page": 10}
    assert [z["name"] for z in service("dns/list-zones", **pages)] == [ZONE, deep]
    assert [z["name"] for z in service("dns/list-zones", sub, **pages)] == [ZONE]
    assert service("dns/get-zone-info", domain_name=deep)["type"] == "master"
    assert "access" in failed(service("dns/get-zone-info", sub, domain_name=deep))
    service.control(zone=deep, delegated=True)
    assert service("dns/get-zone-info", sub, domain_name=deep) == {"name": deep, "type": "master", "zone": "domain", "status": "1"}
    service.control(zone=ZONE, delegated=False)
    assert "access" in failed(service("dns/records", sub, domain_name=ZONE))
    service.control(reset=True, **{"read-only": True})
    service.caller = sub
    assert "permission" in failed(service.add()) and "permission" in failed(service.delete(1))
    assert "not allowed" in failed(service("dns/is-updated", domain_name=ZONE))


def test_zones(service):
    assert failed(service("dns/get-zone-info", domain_name="elsewhere.invalid")) == "Missing domain-name"
    assert failed(service("dns/get-zone-info")) == "Missing domain-name"
    assert service("dns/get-pages-count", rows_per_page=10) == 1
    assert [z["name"] for z in service("dns/list-zones", page=1, rows_per_page=20, search="deep")] == [f"deep.{ZONE}"]
    assert service("dns/list-zones", page=2, rows_per_page=20) == []
    assert "rows-per-page" in failed(service("dns/list-zones", page=1, rows_per_page=11))
    assert "page" in failed(service("dns/list-zones", page=0, rows_per_page=10))
    service.control(zone=ZONE, type="slave", off=True)
    answer = service("dns/get-zone-info", domain_name=ZONE)
    assert (answer["type"], answer["status"]) == ("slave", "0")
    assert "master" in failed(service.add())


def test_pages_of_records(service):
    ids = {str(service.add(f"value {i}")["data"]["id"]) for i in range(12)}
    pages = [service.list(host="_cns", page=n, rows_per_page=10) for n in (1, 2, 3)]
    assert [len(p) for p in pages] == [10, 2, 0] and pages[2] == []
    assert set(pages[0]) | set(pages[1]) == ids


def test_until_all_servers_have_it(service):
    service.control(pending=3600000)
    service.add()
    assert service("dns/is-updated", domain_name=ZONE) is False
    assert [s["updated"] for s in service("dns/update-status", domain_name=ZONE)] == [True, False]
    service.control(pending=0)
    service.add("two")
    assert service("dns/is-updated", domain_name=ZONE) is True
    assert [s["updated"] for s in service("dns/update-status", domain_name=ZONE)] == [True, True]


def test_limit(service):
    service.control(rate=1)
    answers = [service("login/login") for _ in range(20)]
    assert "limit" in next(a["statusDescription"] for a in answers if a["status"] == "Failed")


def test_faults_and_log(service, sandbox, named):
    sandbox.fault("cloudns.create", body='{"status":0,"message":"odd"}')
    assert service.add() == {"status": 0, "message": "odd"}
    assert named.show(f"_cns.{ZONE}") == []
    assert service("login/login", method="GET")["status"] == "Success"
    kept = [r["body"] for r in sandbox.control("requests") if r["operation"].startswith("cloudns.")]
    assert kept and not any(urllib.parse.quote_plus(PASSWORD) in body or PASSWORD in body for body in kept)


# ---- somebody else's client ----

@pytest.fixture
def lexicon(sandbox, service, monkeypatch):
    """Lexicon's own client for ClouDNS, told nothing but where and what to trust."""
    pytest.importorskip("lexicon", reason="lexicon is not installed")
    from lexicon.config import ConfigResolver
    from lexicon.providers.cloudns import Provider
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", sandbox.facts["ca-file"])
    config = {"provider_name": "cloudns", "domain": ZONE, "action": "create", "ttl": 300,
              "cloudns": {"auth_subid": "5678", "auth_password": PASSWORD}}
    client = Provider(ConfigResolver().with_dict(config))
    client.api_endpoint = sandbox.facts["dns"]["cloudns"]["url"]
    client.authenticate()
    return client


def test_lexicon_changes_records(lexicon, service, named):
    record = ("TXT", f"_cns.{ZONE}", "from lexicon")
    assert lexicon.create_record(*record)
    assert named.show(f"_cns.{ZONE}") == ['300 "from lexicon"']
    assert [r["content"] for r in lexicon.list_records("TXT", f"_cns.{ZONE}")] == ["from lexicon"]
    service.add("neighbour", ttl=300)
    assert lexicon.delete_record(None, *record)
    assert named.show(f"_cns.{ZONE}") == ['300 "neighbour"']


def test_lexicon_is_refused(lexicon, service):
    service.control(**{"read-only": True})
    with pytest.raises(Exception, match="permission"):
        lexicon.create_record("TXT", f"_cns.{ZONE}", "x")
