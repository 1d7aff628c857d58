# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for Azure DNS: log-in, who may do what, entity tags, the exact shape of sets, paging; records in DNS."""

import time
import urllib.parse

import pytest

ZONE = "example.test"
VERSION = "?api-version=2018-05-01"


class Service:
    def __init__(self, sandbox, named):
        self.sandbox, self.named = sandbox, named
        self.url = sandbox.facts["dns"]["azure"]["url"]
        self.fields = sandbox.facts["dns"]["azure"]["fields"]
        self.subscription = f"/subscriptions/{self.fields['subscription']}"
        self.zones = f"{self.subscription}/resourceGroups/{self.fields['resource-group']}/providers/Microsoft.Network/dnsZones"
        self.token = self.log_in().json["access_token"]

    def log_in(self, path="oauth2/v2.0/token", tenant=None, **changes):
        form = {"grant_type": "client_credentials", "client_id": self.fields["client-id"],
                "client_secret": self.fields["client-secret"], "scope": self.url + "/.default", **changes}
        return self.sandbox.dns("azure", "POST", f"/{tenant or self.fields['tenant']}/{path}",
                                {"Content-Type": "application/x-www-form-urlencoded"}, urllib.parse.urlencode(form))

    def __call__(self, method, path, body=None, token=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.sandbox.dns("azure", method, path, {"Authorization": f"Bearer {token or self.token}", **headers}, body)

    def path(self, name="_az", zone=ZONE):
        return f"{self.zones}/{zone}/TXT/{name}{VERSION}"

    def put(self, *values, name="_az", ttl=60, **headers):
        records = [{"value": [value] if isinstance(value, str) else value} for value in values]
        return self("PUT", self.path(name), {"properties": {"TTL": ttl, "TXTRecords": records}}, **headers)

    def control(self, **order):
        assert self.sandbox.control("dns", {"kind": "azure", **order}) == {"ok": True}


@pytest.fixture
def service(sandbox, named):
    it = Service(sandbox, named)
    yield it
    sandbox.control("clear", {})
    it.control(reset=True)
    it.token = it.log_in().json["access_token"]
    for name in ("_az", "@"):
        it("DELETE", it.path(name))


def code(answer):
    return answer.status, answer.json.get("error", answer.json)["code"]


def number(answer):
    return answer.status, answer.json["error"], answer.json["error_codes"][0]


def test_log_in(service):
    good = service.log_in().json
    assert good["token_type"] == "Bearer" and good["expires_in"] == 3599 and good["access_token"]
    old = service.log_in("oauth2/token", resource=service.url).json
    assert old["expires_in"] == "3599" and int(old["expires_on"]) > time.time() and old["resource"] == service.url
    assert service("GET", service.zones + VERSION, token=old["access_token"]).status == 200


def test_log_in_is_checked(service):
    assert number(service.log_in(client_secret="wrong")) == (401, "invalid_client", 7000215)
    assert number(service.log_in(client_secret=service.fields["client-secret"].replace("+", " "))) == (401, "invalid_client", 7000215)
    assert number(service.log_in(client_id="00000000-0000-0000-0000-000000000000")) == (400, "unauthorized_client", 700016)
    assert number(service.log_in(tenant="00000000-0000-0000-0000-000000000000"))[2] == 90002
    assert number(service.log_in(tenant="nonsense"))[2] == 900023
    assert number(service.log_in(grant_type="password"))[2] == 70003
    assert number(service.log_in(scope=service.url))[:2] == (400, "invalid_scope")
    assert number(service.log_in(scope="https://elsewhere.example/.default"))[:2] == (400, "invalid_resource")
    service.control(**{"secret-expired": True})
    assert number(service.log_in()) == (401, "invalid_client", 7000222)


def test_tokens_are_checked(service):
    path = service.zones + VERSION
    assert code(service.sandbox.dns("azure", "GET", path)) == (401, "AuthenticationFailed")
    assert code(service("GET", path, token="invented")) == (401, "InvalidAuthenticationToken")
    graph = service.log_in(scope="https://graph.microsoft.com/.default").json["access_token"]
    assert code(service("GET", path, token=graph)) == (401, "InvalidAuthenticationTokenAudience")
    service.control(**{"token-life": 0})
    assert code(service("GET", path, token=service.log_in().json["access_token"])) == (401, "ExpiredAuthenticationToken")
    service.control(**{"other-tenant": True})
    refused = service("GET", path)
    assert code(refused) == (401, "InvalidAuthenticationTokenTenant") and "authorization_uri" in refused.headers["WWW-Authenticate"]


def test_paths_are_checked(service):
    assert code(service("GET", service.zones)) == (400, "MissingApiVersionParameter")
    assert code(service("GET", service.zones + "?api-version=1999-01-01")) == (400, "InvalidApiVersionParameter")
    other = service.zones.replace(service.fields["subscription"], "00000000-0000-0000-0000-000000000000")
    assert code(service("GET", other + VERSION)) == (404, "SubscriptionNotFound")
    assert code(service("GET", service.zones.replace("sandbox-dns", "nowhere") + VERSION)) == (404, "ResourceGroupNotFound")
    assert code(service("GET", f"{service.zones}/other.test{VERSION}")) == (404, "ResourceNotFound")
    assert code(service("GET", service.path(zone="other.test"))) == (404, "ParentResourceNotFound")
    assert code(service("GET", service.path())) == (404, "NotFound")
    loud = service.zones.replace("resourceGroups", "RESOURCEGROUPS").replace("sandbox-dns", "Sandbox-DNS")
    assert service("GET", f"{loud}/EXAMPLE.test{VERSION}").json["name"] == ZONE


def test_sets_stand_in_dns(service, named):
    first = service.put("one", If_None_Match="*")
    assert first.status == 201 and named.show(f"_az.{ZONE}") == ['60 "one"']
    assert first.headers["ETag"] == f'"{first.json["etag"]}"'
    second = service.put("one", ["tw", "o"], ttl=300, If_Match=first.json["etag"])
    assert second.status == 200 and second.json["etag"] != first.json["etag"]
    assert named.show(f"_az.{ZONE}") == ['300 "one"', '300 "tw" "o"']
    shown = service("GET", service.path()).json
    assert shown["properties"]["TTL"] == 300 and shown["etag"] == second.json["etag"]
    assert shown["properties"]["TXTRecords"] == [{"value": ["one"]}, {"value": ["tw", "o"]}]
    assert service("DELETE", service.path(), If_Match=f'"{second.json["etag"]}"').status == 200
    assert service("DELETE", service.path()).status == 204
    assert named.show(f"_az.{ZONE}") == []


def test_apex_and_metadata(service, named):
    body = {"properties": {"TTL": 60, "metadata": {"owner": "me"}, "TXTRecords": [{"value": ["top"]}]}}
    assert service("PUT", service.path("@"), body).json["properties"]["metadata"] == {"owner": "me"}
    assert named.show(ZONE) == ['60 "top"']
    assert "metadata" not in service.put("top", name="@").json["properties"]


def test_conditions(service, named):
    etag = service.put("one").json["etag"]
    assert code(service.put("two", If_None_Match="*")) == (412, "PreconditionFailed")
    assert code(service.put("two", If_Match="other")) == (412, "PreconditionFailed")
    assert code(service("DELETE", service.path(), If_Match="other")) == (412, "PreconditionFailed")
    again = service.put("one", If_Match=etag).json["etag"]
    assert again != etag
    named.update(f'update add _az.{ZONE}. 60 TXT "from outside"')
    assert code(service.put("two", If_Match=again)) == (412, "PreconditionFailed")
    assert code(service.put("two", name="_never", If_Match="*")) == (412, "PreconditionFailed")


@pytest.mark.parametrize("properties, expected", [
    ({"ttl": 60, "TXTRecords": []}, "InvalidRequestContent"),
    ({"TTL": 60, "txtRecords": []}, "InvalidRequestContent"),
    ({"TXTRecords": [{"value": ["a"]}]}, "BadRequest"),
    ({"TTL": 0, "TXTRecords": [{"value": ["a"]}]}, "BadRequest"),
    ({"TTL": 60}, "BadRequest"),
    ({"TTL": 60, "TXTRecords": [{"value": "a"}]}, "BadRequest"),
    ({"TTL": 60, "TXTRecords": [{"value": ["a" * 256]}]}, "BadRequest"),
    ({"TTL": 60, "TXTRecords": [{"value": ["a"]}, {"value": ["a"]}]}, "BadRequest"),
    ({"TTL": 60, "TXTRecords": [{"value": [str(i)]} for i in range(21)]}, "BadRequest"),
])
def test_what_is_refused(service, named, properties, expected):
    assert code(service("PUT", service.path(), {"properties": properties})) == (400, expected)
    assert named.show(f"_az.{ZONE}") == []


def test_alias(service, named):
    named.update(f"update add _az.{ZONE}. 60 CNAME ns.{ZONE}.")
    refused = service.put("one")
    named.update(f"update delete _az.{ZONE}. CNAME")
    assert code(refused) == (409, "Conflict") and "CNAME" in refused.json["message"]


def test_lists_have_pages(service):
    service.control(page=1)
    first = service("GET", f"{service.subscription}/providers/Microsoft.Network/dnszones{VERSION}").json
    assert len(first["value"]) == 1 and first["nextLink"].startswith(service.url)
    second = service("GET", first["nextLink"].removeprefix(service.url)).json
    assert {first["value"][0]["name"], second["value"][0]["name"]} == {ZONE, "deep." + ZONE}
    assert "nextLink" not in second
    assert first["value"][0]["properties"]["nameServers"] in ([], [f"ns.{ZONE}."])


def test_roles(service, named):
    service.control(role="zone")
    listed = service("GET", f"{service.subscription}/providers/Microsoft.Network/dnszones{VERSION}")
    assert (listed.status, listed.json["value"]) == (200, [])
    assert service("GET", f"{service.zones}/{ZONE}{VERSION}").status == 200
    assert code(service("GET", f"{service.zones}/_az.{ZONE}{VERSION}")) == (403, "AuthorizationFailed")
    assert service.put("one").status == 201
    service.control(role="reader", locked=True)
    assert service("GET", service.path()).status == 200
    assert code(service.put("two")) == (403, "AuthorizationFailed")
    service.control(role="group")
    assert code(service("DELETE", service.path())) == (409, "ScopeLocked")
