# SPDX-License-Identifier: GPL-3.0-or-later
"""What Chancery asks of DNS services is what their vendors' own specifications (OpenAPI) allow. These are no part of the sources:
where they do not stand beside them, or without python3-jsonschema, nothing is tested."""

import copy
import json
import os
import re
import subprocess
import urllib.parse
from pathlib import Path

import pytest

from conftest import TOP, ZONE

SPECIFICATIONS = Path(os.environ.get("CHANCERY_DNS_DATA", TOP.parent / "shared" / "reference" / "dns-data"))
METHODS = {"get", "put", "post", "patch", "delete"}
RECORDS = "/v1/domains/{domain}/records/{type}"


def mend_godaddy(paths, schemas):
    """This copy is older than the service: reading and removing one name's records is missing; and what is added is left open."""
    replace = paths[RECORDS + "/{name}"]["put"]
    name = next(p for p in replace["parameters"] if p["name"] == "name")
    read = paths[RECORDS]["get"]
    paths[RECORDS + "/{name}"]["get"] = {"parameters": [*read["parameters"], name]}
    paths[RECORDS + "/{name}"]["delete"] = {"parameters": replace["parameters"]}
    added = paths["/v1/domains/{domain}/records"]["patch"]["requestBody"]["content"]["application/json"]["schema"]
    assert added["items"] == {}
    added["items"] = {"$ref": "#/components/schemas/DNSRecord"}


def mend_cloudflare(paths, schemas):
    """Of each choice this copy keeps only the first: an A record with automatic TTL."""
    record = schemas["dnsRecordsDnsRecordPost"]["properties"]
    record["type"] = {"$ref": "#/components/schemas/dnsRecordsType"}
    record["content"] = {"type": "string"}
    del record["private_routing"]
    schemas["dnsRecordsTtl"] = {"type": "number", "anyOf": [{"enum": [1]}, {"minimum": 30, "maximum": 86400}]}


SERVICES = {
    "azure": {"files": ["azure/dns-2018-05-01.apisguru.json"], "base": "", "mend": lambda paths, schemas: None, "any_case": True,
              "elsewhere": {"azure.token"}},
    "cloudflare": {"files": ["cloudflare/dns-records.openapi.json", "cloudflare/zones.openapi.json"], "base": "/client/v4",
                   "mend": mend_cloudflare, "any_case": False, "elsewhere": {"cloudflare.verify"}},
    "godaddy": {"files": ["godaddy/domains.openapi.json"], "base": "", "mend": mend_godaddy, "any_case": False, "elsewhere": set()},
}


def close(node):
    """Members that a schema does not name are refused, and so are those that only the service writes."""
    if isinstance(node, list):
        return [close(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: close(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and node["properties"]:
        node["properties"] = {k: v for k, v in node["properties"].items() if not (isinstance(v, dict) and v.get("readOnly"))}
        node.setdefault("additionalProperties", False)
    return node


class Specification:
    def __init__(self, kind):
        self.jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
        self.service = SERVICES[kind]
        self.paths, schemas, parameters = {}, {}, {}
        for name in self.service["files"]:
            document = json.loads((SPECIFICATIONS / name).read_text())
            self.paths.update(document["paths"])
            schemas.update(document["components"].get("schemas", {}))
            parameters.update(document["components"].get("parameters", {}))
        self.service["mend"](self.paths, schemas)
        self.root = {"components": {"schemas": close(schemas), "parameters": parameters}}

    def check(self, value, schema, where):
        resolver = self.jsonschema.RefResolver.from_schema(self.root)
        errors = list(self.jsonschema.Draft7Validator(close(copy.deepcopy(schema)), resolver=resolver).iter_errors(value))
        assert not errors, f"{where}: {value!r}: {errors[0].message}"

    def find(self, method, path):
        """The operation, and what stands in the place of each {…}; a fixed path goes before one with a place."""
        flags = re.IGNORECASE if self.service["any_case"] else 0
        for template in sorted(self.paths, key=lambda t: t.count("{")):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            found = re.fullmatch(pattern, path, flags)
            if found and method.lower() in METHODS & set(self.paths[template]):
                operation = self.paths[template][method.lower()]
                shared = self.paths[template].get("parameters", [])
                return operation, [*shared, *operation.get("parameters", [])], found.groupdict()
        raise AssertionError(f"{method} {path} is not in the specification")

    def check_parameters(self, parameters, values, place, where):
        known = {p["name"]: p for p in parameters if p["in"] == place}
        assert set(values) <= set(known), f"{where}: {set(values) - set(known)} in its {place} is unknown"
        missing = {name for name, p in known.items() if p.get("required") and name not in values}
        assert not missing, f"{where}: {missing} is missing"
        for name, text in values.items():
            schema = known[name]["schema"]
            kind = self.root["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema).get("type")
            value = {"integer": int, "number": float, "array": lambda t: t.split(","), "boolean": json.loads}.get(kind, str)(text)
            self.check(value, schema, f"{where}: {name}")

    def check_request(self, text):
        line, _, body = text.partition("\n\n")
        method, target = line.split(" ", 1)
        parts = urllib.parse.urlsplit(target)
        assert parts.path.startswith(self.service["base"]), line
        operation, parameters, places = self.find(method, parts.path.removeprefix(self.service["base"]))
        parameters = [self.root["components"]["parameters"][p["$ref"].rsplit("/", 1)[-1]] if "$ref" in p else p for p in parameters]
        self.check_parameters(parameters, {k: urllib.parse.unquote(v) for k, v in places.items()}, "path", line)
        self.check_parameters(parameters, dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)), "query", line)

        wanted = operation.get("requestBody")
        assert bool(body) == bool(wanted), f"{line}: {'no body is' if body else 'a body is'} expected"
        if body:
            self.check(json.loads(body), wanted["content"]["application/json"]["schema"], line)


@pytest.fixture
def specification(request):
    if not SPECIFICATIONS.is_dir():
        pytest.skip("the vendors' specifications are not at hand")
    return Specification(request.param)


@pytest.mark.parametrize("specification, kind", [(k, k) for k in SERVICES], indirect=["specification"], ids=SERVICES)
def test_requests(world, admin, add_service, specification, kind):
    add_service(kind)
    admin.run("dns", "test", kind, ZONE)
    # with a neighbour, whose value is written back by some
    subprocess.run(["nsupdate", "-k", world.key_file], check=True, text=True, input=(
        f'server 127.0.0.1 {world.dns_port}\nupdate add _chancery-test.{ZONE}. 3600 TXT "neighbour"\nsend\n'))
    admin.run("dns", "test", kind, ZONE)
    assert world.dig(f"_chancery-test.{ZONE}") == ['"neighbour"']
    # and where there is no zone
    admin.run("dns", "test", kind, "elsewhere.invalid", check=False)

    asked = [r for r in world.control("/requests") if r["operation"].startswith(f"{kind}.")]
    checked = [r for r in asked if r["operation"] not in specification.service["elsewhere"]]
    for request in checked:
        specification.check_request(request["body"])
    methods = {r["body"].split(" ", 1)[0] for r in checked}
    assert methods >= {"GET", "DELETE"} and methods & {"PATCH", "POST", "PUT"}, methods


@pytest.mark.parametrize("specification, text", [
    ("azure", "GET /subscriptions/s/providers/Microsoft.Network/dnszones\n\n"),
    ("azure", "GET /subscriptions/s/providers/Microsoft.Network/dnszones?api-version=2018-05-01&top=1\n\n"),
    ("azure", "PUT /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnsZones/z/TXT/n?api-version=2018-05-01\n\n"
              '{"properties": {"ttl": 60}}'),
    ("azure", "PUT /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnsZones/z/TXT/n?api-version=2018-05-01\n\n"
              '{"properties": {"TTL": 60, "TXTRecords": [{"value": "text"}]}}'),
    ("azure", "DELETE /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnsZones/z/SPF/n?api-version=2018-05-01\n\n"),
    ("cloudflare", "GET /client/v4/zones?per_page=51\n\n"),
    ("cloudflare", "GET /client/v4/zones/1/dns_records?nam=x\n\n"),
    ("cloudflare", 'POST /client/v4/zones/1/dns_records\n\n{"type": "TXT", "name": "n", "content": "c"}'),
    ("cloudflare", 'POST /client/v4/zones/1/dns_records\n\n{"type": "TXT", "name": "n", "content": "c", "ttl": 2}'),
    ("cloudflare", 'POST /client/v4/zones/1/dns_records\n\n{"type": "TXT", "name": "n", "value": "c", "ttl": 60}'),
    ("godaddy", "GET /v1/domains?statuses=BUSY\n\n"),
    ("godaddy", 'PATCH /v1/domains/d/records\n\n{"type": "TXT", "name": "n", "data": "d"}'),
    ("godaddy", 'PATCH /v1/domains/d/records\n\n[{"type": "TXT", "name": "n"}]'),
    ("godaddy", 'PUT /v1/domains/d/records/TXT/n\n\n[{"data": "d", "comment": "c"}]'),
    ("godaddy", "PUT /v1/domains/d/records/TXT/n\n\n"),
    ("godaddy", 'POST /v1/domains/d/records\n\n[]'),
], indirect=["specification"])
def test_wrong_requests_are_told(specification, text):
    with pytest.raises(AssertionError):
        specification.check_request(text)
