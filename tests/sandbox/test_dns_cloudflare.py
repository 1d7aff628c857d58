# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for Cloudflare: envelope, ids, paging, who may do what; and that its records stand in DNS."""

import urllib.error

import pytest

ZONE = "example.test"


class Service:
    def __init__(self, sandbox, named):
        self.sandbox, self.named = sandbox, named
        self.headers = {"Authorization": "Bearer " + sandbox.facts["dns"]["cloudflare"]["fields"]["api-token"]}
        self.zone = next(z["id"] for z in self("GET", "/zones").json["result"] if z["name"] == ZONE)

    def __call__(self, method, path, body=None, headers=None):
        return self.sandbox.dns("cloudflare", method, path, self.headers if headers is None else headers, body)

    def list(self, query=""):
        return self("GET", f"/zones/{self.zone}/dns_records{query}").json["result"]

    def create(self, **changes):
        body = {"type": "TXT", "name": f"_cf.{ZONE}", "content": '"one"', "ttl": 60, **changes}
        return self("POST", f"/zones/{self.zone}/dns_records", body)

    def delete(self, record):
        return self("DELETE", f"/zones/{self.zone}/dns_records/{record}")


@pytest.fixture
def service(sandbox, named):
    it = Service(sandbox, named)
    yield it
    sandbox.control("clear", {})
    sandbox.control("dns", {"kind": "cloudflare", "reset": True})
    for record in it.list("?type=TXT"):
        it.delete(record["id"])


def code(answer):
    error = answer.json["errors"][0]
    assert answer.json["success"] is False and answer.json["result"] is None
    return (answer.status, error["code"], *[inner["code"] for inner in error.get("error_chain", [])])


def test_records_stand_in_dns(service, named):
    first = service.create()
    assert first.status == 200 and first.json["success"] is True
    assert named.show(f"_cf.{ZONE}") == ['60 "one"']
    second = service.create(content="two", name="_CF", ttl=1, comment="mine").json["result"]
    assert (second["name"], second["content"], second["ttl"], second["comment"]) == (f"_cf.{ZONE}", "two", 1, "mine")
    assert named.show(f"_cf.{ZONE}") == ['300 "one"', '300 "two"']

    listed = service.list(f"?type=TXT&name.exact=_cf.{ZONE}")
    assert {r["id"] for r in listed} == {first.json["result"]["id"], second["id"]}
    gone = service.delete(second["id"])
    assert gone.json["result"] == {"id": second["id"]}
    assert named.show(f"_cf.{ZONE}") == ['300 "one"']
    assert code(service.delete(second["id"])) == (404, 81044)
    again = service.create(content="two").json["result"]
    assert again["id"] != second["id"]


def test_what_others_write_is_seen(service, named):
    named.update(f'update add _cf.{ZONE}. 30 TXT "from" "outside"')
    listed = service.list(f"?name=_cf.{ZONE}")
    assert [r["content"] for r in listed] == ['"from" "outside"']
    assert code(service.create(content="fromoutside")) == (400, 81058)


def test_long_values_and_quotes(service, named):
    service.create(content='"a\\"b" "c"')
    assert named.show(f"_cf.{ZONE}") == ['60 "a\\"b" "c"']
    service.create(content="x" * 300)
    assert any(f'"{"x" * 255}" "{"x" * 45}"' in line for line in named.show(f"_cf.{ZONE}"))


@pytest.mark.parametrize("changes, expected", [
    ({"ttl": 59}, (400, 1004, 9021)),
    ({"ttl": 86401}, (400, 1004, 9021)),
    ({"ttl": "60"}, (400, 1004, 9021)),
    ({"content": ""}, (400, 1004, 9009)),
    ({"content": '"open'}, (400, 1004, 9009)),
    ({"content": "x" * 2049}, (400, 1004, 9011)),
    ({"comment": "x" * 101}, (400, 1004, 9014)),
    ({"type": "A"}, (400, 1004, 9004)),
    ({"name": ""}, (400, 1004, 9000)),
    ({"value": "one"}, (400, 1004, 9207)),
])
def test_wrong_records(service, changes, expected):
    assert code(service.create(**changes)) == expected
    assert service.list("?type=TXT") == []


def test_nonsense(service):
    path = f"/zones/{service.zone}/dns_records"
    for body in ("", "[]", "{", '"text"'):
        assert code(service("POST", path, body)) == (400, 9207)
    assert code(service("GET", "/zones/none/dns_records")) == (400, 7003)
    assert code(service("GET", f"/zones/{'0' * 32}/dns_records")) == (404, 7003)
    assert code(service("GET", "/elsewhere")) == (400, 7003)


def test_who_calls(service, sandbox):
    token = service.headers["Authorization"]
    key = {"X-Auth-Email": "admin@example.test", "X-Auth-Key": "0123456789abcdef0123456789abcdef01234"}
    assert service("GET", "/user/tokens/verify").json["result"]["status"] == "active"
    assert service("GET", "/zones", headers=key).status == 200
    assert code(service("GET", "/zones", headers={})) == (400, 9106)
    assert code(service("GET", "/zones", headers={**key, "Authorization": token})) == (400, 6003, 6111)
    assert code(service("GET", "/zones", headers={"Authorization": "Bearer a b"})) == (400, 6003, 6111)
    assert code(service("GET", "/zones", headers={"Authorization": token + "x"})) == (401, 1000)
    assert code(service("GET", "/zones", headers={**key, "X-Auth-Key": "short"})) == (400, 6003, 6103)
    assert code(service("GET", "/zones", headers={**key, "X-Auth-Email": "nobody"})) == (400, 6003, 6102)
    assert code(service("GET", "/zones", headers={**key, "X-Auth-Email": "other@example.test"})) == (403, 9103)


def test_rights(service, sandbox):
    sandbox.control("dns", {"kind": "cloudflare", "zone-read": False})
    assert service("GET", "/zones").json["result"] == []
    assert code(service("GET", f"/zones/{service.zone}")) == (403, 9109)
    assert service.create().status == 200
    sandbox.control("dns", {"kind": "cloudflare", "zone-read": True, "dns-edit": False})
    assert code(service.create()) == (403, 10000)
    sandbox.control("dns", {"kind": "cloudflare", "reset": True, "token": False})
    assert code(service("GET", "/zones")) == (401, 1000)
    sandbox.control("dns", {"kind": "cloudflare", "reset": True})


def test_paging(service):
    ids = {service.create(content=f"value {i}").json["result"]["id"] for i in range(7)}
    assert len(ids) == 7
    pages = [service("GET", f"/zones/{service.zone}/dns_records?type=TXT&per_page=3&page={n}").json for n in (1, 2, 3, 4)]
    assert [p["result_info"]["count"] for p in pages] == [3, 3, 1, 0]
    assert pages[0]["result_info"] == {"page": 1, "per_page": 3, "count": 3, "total_count": 7, "total_pages": 3}
    assert {r["id"] for p in pages for r in p["result"]} == ids
    assert code(service("GET", "/zones?per_page=4")) == (400, 1004)
    assert code(service("GET", "/zones?per_page=51")) == (400, 1004)
    assert [z["name"] for z in service("GET", f"/zones?name={ZONE}").json["result"]] == [ZONE]


def test_faults_and_log(service, sandbox, named):
    sandbox.fault("cloudflare.create", status=429, body='{"success":false}', headers={"Retry-After": "7"})
    answer = service.create()
    assert answer.status == 429 and answer.headers["Retry-After"] == "7" and answer.json == {"success": False}
    assert answer.headers["Content-Type"] == "application/json"
    sandbox.fault("cloudflare.*", status=502, html=True)
    assert b"<html>" in service.create().body
    assert named.show(f"_cf.{ZONE}") == []

    sandbox.fault("cloudflare.create", drop="after")
    with pytest.raises((urllib.error.URLError, OSError)):
        service.create()
    assert named.show(f"_cf.{ZONE}") == ['60 "one"']

    done = [r for r in sandbox.control("requests") if r["operation"] == "cloudflare.create"]
    assert [r["outcome"] for r in done] == ["scripted answer", "page", "200"]
    assert done[0]["body"].startswith(f"POST /client/v4/zones/{service.zone}/dns_records\n\n{{")
    assert not any(service.headers["Authorization"].split()[1] in r["body"] for r in sandbox.control("requests"))


def test_no_such_service(sandbox):
    facts = sandbox.facts["dns"]["cloudflare"]["url"].replace("/dns/cloudflare", "/dns/cloudflared")
    assert sandbox.dns("cloudflare", "GET", "/zones", url=facts).status == 404
    assert sandbox.control("dns", {"kind": "none"})[0] == 400
