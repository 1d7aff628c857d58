# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for Route 53: signatures, lists that are positions, batches that are whole or nothing; records in DNS."""

import datetime
import hashlib
import hmac
import urllib.parse
from xml.sax.saxutils import escape

import pytest

ZONE = "example.test"
NS = "{https://route53.amazonaws.com/doc/2013-04-01/}"
STS = "{https://sts.amazonaws.com/doc/2011-06-15/}"
ROLE = "arn:aws:iam::123456789012:role/sandbox"


def digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Service:
    def __init__(self, sandbox, named):
        self.sandbox, self.named = sandbox, named
        facts = sandbox.facts["dns"]["route53"]
        self.url, self.fields = facts["url"], facts["fields"]
        self.key, self.secret, self.token = self.fields["access-key"], self.fields["secret-access-key"], None
        self.public, self.private = (z.split("/")[2] for z, p in self.zones() if p is not None)

    def sign(self, method, path, body="", service="route53", region="us-east-1", shift=0, tamper=lambda headers: None):
        now = datetime.datetime.utcnow() + datetime.timedelta(seconds=shift)
        stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        parts = urllib.parse.urlsplit(self.url + path)
        headers = {"host": parts.netloc, "x-amz-date": stamp}
        if self.token:
            headers["x-amz-security-token"] = self.token
        names = ";".join(sorted(headers))
        query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
        canonical = "\n".join([method, urllib.parse.quote(parts.path, safe="/-._~"), query,
                               *[f"{n}:{headers[n]}" for n in sorted(headers)], "", names,
                               hashlib.sha256(body.encode()).hexdigest()])
        scope = f"{day}/{region}/{service}/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = b"AWS4" + self.secret.encode()
        for step in (day, region, service, "aws4_request", to_sign):
            signature = digest(signature, step)
        headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, Signature={signature.hex()}"
        tamper(headers)
        return headers

    def __call__(self, method, path, body=None, **how):
        headers = self.sign(method, path, body or "", **how)
        return self.sandbox.dns("route53", method, path, headers, body)

    def zones(self, query=""):
        root = self("GET", f"/2013-04-01/hostedzonesbyname{query}").root
        found = []
        for zone in root.iter(NS + "HostedZone"):
            name = zone.find(NS + "Name").text
            private = zone.find(f"{NS}Config/{NS}PrivateZone").text == "true"
            found.append((zone.find(NS + "Id").text, private if name == ZONE + "." else None))
        return sorted(found, key=lambda z: (z[1] is None, z[1]))

    def change(self, *changes, zone=None, wrap=None):
        items = "".join(f"<Change><Action>{action}</Action><ResourceRecordSet><Name>{name}</Name><Type>TXT</Type><TTL>{ttl}</TTL>"
                        "<ResourceRecords>" + "".join(f"<ResourceRecord><Value>{escape(v)}</Value></ResourceRecord>" for v in values)
                        + "</ResourceRecords></ResourceRecordSet></Change>" for action, name, ttl, *values in changes)
        body = (wrap or '<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>{}'
                        "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>").format(items)
        return self("POST", f"/2013-04-01/hostedzone/{zone or self.public}/rrset/", body)

    def control(self, **order):
        assert self.sandbox.control("dns", {"kind": "route53", **order}) == {"ok": True}


@pytest.fixture
def service(sandbox, named):
    it = Service(sandbox, named)
    yield it
    sandbox.control("clear", {})
    it.control(reset=True)
    named.update(f"update delete _aws.{ZONE}. TXT", f"update delete _new.{ZONE}. TXT")


def code(answer):
    return answer.status, next(answer.root.iter(NS + "Code")).text


def said(answer):
    return next(answer.root.iter(NS + "Message")).text


NAME = f"_aws.{ZONE}."


def test_records_stand_in_dns(service, named):
    first = service.change(("CREATE", NAME, 60, '"one"'))
    assert first.status == 200 and next(first.root.iter(NS + "Status")).text == "PENDING"
    assert named.show(NAME) == ['60 "one"']
    assert service.change(("DELETE", NAME, 60, '"one"'), ("CREATE", NAME, 300, '"one"', '"t\\"w\\\\o" "\\303\\244"')).status == 200
    assert named.show(NAME) == ['300 "one"', '300 "t\\"w\\\\o" "\\195\\164"']
    assert service.change(("UPSERT", NAME, 60, '"three"')).status == 200
    assert named.show(NAME) == ['60 "three"']
    assert service.change(("DELETE", NAME.upper(), 60, '"three"')).status == 200
    assert named.show(NAME) == []


@pytest.mark.parametrize("changes, words", [
    ([("CREATE", NAME, 60, '"two"')], "but it already exists"),
    ([("DELETE", NAME, 60, '"two"')], "values provided do not match"),
    ([("DELETE", NAME, 61, '"one"')], "values provided do not match"),
    ([("DELETE", f"_new.{ZONE}", 60, '"one"')], "but it was not found"),
    ([("CREATE", f"_new.{ZONE}", 60, '"new"'), ("CREATE", NAME, 60, '"two"')], "but it already exists"),
    ([("UPSERT", NAME, 60, "bare")], "enclosed in quotation marks"),
    ([("UPSERT", NAME, 60, '"open')], "Unterminated"),
    ([("UPSERT", NAME, 60, f'"{"x" * 256}"')], "TooLong"),
    ([("UPSERT", NAME, 60, '"a"', '"b"', '"a"')], "Duplicate Resource Record"),
    ([("UPSERT", "_x.elsewhere.invalid.", 60, '"a"')], "not permitted in zone"),
    ([("UPSERT", f"_new.{ZONE}", 60, *[f'"{i}"' for i in range(501)])], "limit"),
])
def test_a_batch_fails_as_a_whole(service, named, changes, words):
    service.change(("CREATE", NAME, 60, '"one"'))
    answer = service.change(*changes)
    assert code(answer) == (400, "InvalidChangeBatch") and words in said(answer)
    assert named.show(NAME) == ['60 "one"'] and named.show(f"_new.{ZONE}") == []


def test_nonsense(service):
    for wrap in ("", "<a/>", "{{", '<ChangeResourceRecordSetsRequest xmlns="urn:x"/>',
                 '<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes/>'
                 "</ChangeBatch></ChangeResourceRecordSetsRequest>"):
        assert code(service.change(wrap=wrap or " ")) == (400, "InvalidInput")
    assert code(service.change(("REPLACE", NAME, 60, '"a"'))) == (400, "InvalidInput")
    assert code(service.change(("CREATE", NAME, "soon", '"a"'))) == (400, "InvalidInput")
    assert code(service.change(("CREATE", NAME, 60, '"a"'), zone="Z0")) == (404, "NoSuchHostedZone")
    assert code(service.change(("CREATE", NAME, 60, '"a"'), zone=service.private)) == (403, "AccessDenied")
    assert code(service("GET", "/2013-04-01/change/C0")) == (404, "NoSuchChange")


@pytest.mark.parametrize("how, expected", [
    ({"region": "eu-central-1"}, "SignatureDoesNotMatch"),
    ({"service": "sts"}, "SignatureDoesNotMatch"),
    ({"shift": -310}, "SignatureDoesNotMatch"),
    ({"shift": 310}, "SignatureDoesNotMatch"),
    ({"tamper": lambda h: h.pop("Authorization")}, "MissingAuthenticationToken"),
    ({"tamper": lambda h: h.update(Authorization="AWS4-HMAC-SHA256 nonsense")}, "IncompleteSignature"),
    ({"tamper": lambda h: h.update(Authorization=h["Authorization"][:-1] + ("0" if h["Authorization"][-1] != "0" else "1"))},
     "SignatureDoesNotMatch"),
    ({"tamper": lambda h: h.update(Authorization=h["Authorization"].replace("AKIA", "AKIB"))}, "InvalidClientTokenId"),
    ({"tamper": lambda h: h.update({"x-amz-security-token": "stray"})}, "InvalidClientTokenId"),
])
def test_signatures(service, how, expected):
    assert code(service("GET", "/2013-04-01/hostedzone", **how)) == (403, expected)
    assert service("GET", "/2013-04-01/hostedzone", shift=-290).status == 200


def test_lists_are_positions(service):
    assert len(service.zones()) == len({z for z, _ in service.zones()}) >= 4
    later = service("GET", "/2013-04-01/hostedzonesbyname?dnsname=examplf.test")
    assert later.texts(NS + "Name") == ["neighbour.test."]
    seen, query = [], "dnsname=test&maxitems=1"
    for _ in range(20):
        page = service("GET", f"/2013-04-01/hostedzonesbyname?{query}")
        seen += page.texts(NS + "Id")
        if page.text(NS + "IsTruncated") == "false":
            break
        query = f"dnsname={page.text(NS + 'NextDNSName')}&hostedzoneid={page.text(NS + 'NextHostedZoneId')}&maxitems=1"
    assert sorted(seen) == sorted(z for z, _ in service.zones())

    service.change(("CREATE", NAME, 60, '"one"'))
    path = f"/2013-04-01/hostedzone/{service.public}/rrset?maxitems=1&name="
    assert service("GET", path + f"{NAME}&type=TXT").texts(NS + "Value") == ['"one"']
    later = service("GET", path + f"_awr.{ZONE}.&type=TXT")
    assert later.texts(NS + "Name") == [NAME] and later.text(NS + "IsTruncated") == "true"


def test_pending_before_insync(service):
    service.control(pending=10 ** 9)
    change = service.change(("CREATE", NAME, 60, '"one"')).text(NS + "Id")
    assert service("GET", f"/2013-04-01{change}").text(NS + "Status") == "PENDING"
    service.control(pending=0)
    change = service.change(("DELETE", NAME, 60, '"one"')).text(NS + "Id")
    assert service("GET", f"/2013-04-01{change}").text(NS + "Status") == "INSYNC"


def test_rights_and_rates(service):
    service.control(deny="GetChange")
    assert code(service("GET", "/2013-04-01/change/C0")) == (403, "AccessDenied")
    service.control(reset=True, **{"only-upsert": True})
    assert code(service.change(("CREATE", NAME, 60, '"one"'))) == (403, "AccessDenied")
    assert service.change(("UPSERT", NAME, 60, '"one"')).status == 200
    service.control(reset=True, rate=1)
    assert (400, "Throttling") in [code(a) for a in (service("GET", "/2013-04-01/hostedzone") for _ in range(4)) if a.status != 200]


def assume(service, **changes):
    form = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": ROLE, "RoleSessionName": "test",
            "ExternalId": "sandbox-external-id", **changes}
    body = urllib.parse.urlencode(form)
    return service("POST", "/sts/", body, service="sts")


def test_roles(service):
    answer = assume(service)
    service.key, service.secret = answer.text(STS + "AccessKeyId"), answer.text(STS + "SecretAccessKey")
    assert code(service("GET", "/2013-04-01/hostedzone")) == (403, "InvalidClientTokenId")
    service.token = answer.text(STS + "SessionToken")
    assert service("GET", "/2013-04-01/hostedzone").status == 200
    service.control(**{"expire-sessions": True})
    assert code(service("GET", "/2013-04-01/hostedzone")) == (403, "ExpiredToken")


@pytest.mark.parametrize("changes, expected", [
    ({"RoleArn": ROLE + "2"}, "AccessDenied"),
    ({"ExternalId": "other"}, "AccessDenied"),
    ({"RoleSessionName": "a b"}, "ValidationError"),
    ({"DurationSeconds": "1"}, "ValidationError"),
    ({"Action": "GetSessionToken"}, "InvalidAction"),
])
def test_roles_refused(service, changes, expected):
    assert assume(service, **changes).text(STS + "Code") == expected


# ---- somebody else's client ----

@pytest.fixture
def boto(sandbox, service):
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed")

    def client(name, path="", **credentials):
        credentials = credentials or {"aws_access_key_id": service.key, "aws_secret_access_key": service.secret}
        return boto3.client(name, region_name="us-east-1", endpoint_url=service.url + path, verify=sandbox.facts["ca-file"],
                            **credentials)
    return client


def test_boto_changes_records(boto, service, named):
    client = boto("route53")
    zones = client.list_hosted_zones_by_name(DNSName=ZONE)["HostedZones"]
    zone = next(z["Id"] for z in zones if z["Name"] == ZONE + "." and not z["Config"]["PrivateZone"])
    assert {z["Id"] for z in client.list_hosted_zones()["HostedZones"]} >= {z["Id"] for z in zones}
    assert client.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]
    change = client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": {
        "Name": NAME, "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"from boto" "<&>"'}]}}]})["ChangeInfo"]
    assert change["Status"] == "PENDING"
    client.get_waiter("resource_record_sets_changed").wait(Id=change["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    assert named.show(NAME) == ['60 "from boto" "<&>"']
    first = client.list_resource_record_sets(HostedZoneId=zone, StartRecordName=NAME, StartRecordType="TXT", MaxItems="1")
    assert first["ResourceRecordSets"][0]["ResourceRecords"] == [{"Value": '"from boto" "<&>"'}]
    with pytest.raises(client.exceptions.InvalidChangeBatch):
        client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": {
            "Name": NAME, "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"x"'}]}}]})


def test_boto_assumes_a_role(boto):
    given = boto("sts", "/sts").assume_role(RoleArn=ROLE, RoleSessionName="boto", ExternalId="sandbox-external-id")["Credentials"]
    client = boto("route53", aws_access_key_id=given["AccessKeyId"], aws_secret_access_key=given["SecretAccessKey"],
                  aws_session_token=given["SessionToken"])
    assert client.list_hosted_zones()["HostedZones"]
