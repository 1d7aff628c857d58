# SPDX-License-Identifier: GPL-3.0-or-later
"""The real chancery-sandbox and a real named, driven by raw XML: none of Chancery's own SOAP code."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from clock import FAKETIME, Clock  # noqa: E402

PROGRAM = os.environ.get("CHANCERY_SANDBOX", "chancery-sandbox")
USER, PASSWORD = "PAR00000_sandbox", "sandbox"

ENVELOPE = """<?xml version="1.0"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<v1:{name} xmlns:v1="https://system.globalsign.com/kb/ws/v1/"><Request>{header}{body}</Request></v1:{name}>
</soap:Body></soap:Envelope>"""

QUERIES = {
    "DecodeCSR", "GetOrderByOrderID", "GetOrderByDateRange", "GetOrderByExpirationDate", "GetModifiedOrders",
    "GetCertificateOrders", "AccountSnapshot", "GetDVApproverList", "GetApproverList",
}
SERVICES = {"AccountSnapshot": "AccountService", "ValidateOrderParameters": "GASService", "ReIssue": "GASService",
            "ToggleRenewalNotice": "GASService"}
SERVICES.update({name: "GASService" for name in QUERIES - {"AccountSnapshot", "GetDVApproverList", "GetApproverList"}})
CONTACT = ("<ContactInfo><FirstName>Anna</FirstName><LastName>Example</LastName><Phone>+32 2 000 00 00</Phone>"
           "<Email>anna@example.test</Email></ContactInfo>")
EVERYTHING = ("<OrderQueryOption><ReturnOrderOption>true</ReturnOrderOption>"
              "<ReturnCertificateInfo>true</ReturnCertificateInfo><ReturnFulfillment>true</ReturnFulfillment>"
              "<ReturnCACerts>true</ReturnCACerts><ReturnOriginalCSR>true</ReturnOriginalCSR>"
              "<ReturnSANEntries>true</ReturnSANEntries></OrderQueryOption>")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def root(self):
        return ET.fromstring(self.body)

    def text(self, name):
        found = self.root.find(f".//{name}")
        return None if found is None else found.text

    def texts(self, name):
        return [node.text for node in self.root.iter(name)]

    @property
    def success(self):
        return int(self.text("SuccessCode"))

    @property
    def codes(self):
        return [int(code) for code in self.texts("ErrorCode")]

    @property
    def fields(self):
        return self.texts("ErrorField")


class Sandbox:
    """One running chancery-sandbox."""

    def __init__(self, state_dir, *arguments, env=None):
        self.process = subprocess.Popen([PROGRAM, "--state-dir", str(state_dir), *arguments], env=env,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.stderr.read())
        self.facts = json.loads(line)
        self.context = ssl.create_default_context(cafile=self.facts["ca-file"])

    def stop(self):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, errors
        assert PASSWORD not in errors.replace(USER, "").replace("chancery-sandbox", "")
        return errors

    def post(self, service, body, timeout=20, content_type="text/xml; charset=utf-8"):
        request = urllib.request.Request(f"{self.facts['url']}/{service}", body.encode(), method="POST",
                                         headers={"Content-Type": content_type, "SOAPAction": '""'})
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=timeout) as reply:
                return Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def envelope(self, name, body, user=USER, password=PASSWORD):
        kind = "Query" if name in QUERIES else "Order"
        header = (f"<{kind}RequestHeader><AuthToken><UserName>{user}</UserName><Password>{password}</Password>"
                  f"</AuthToken></{kind}RequestHeader>")
        return ENVELOPE.format(name=name, header=header, body=body)

    def call(self, name, body, timeout=20, **credentials):
        return self.post(SERVICES.get(name, "ServerSSLService"), self.envelope(name, body, **credentials), timeout)

    def dns(self, kind, method, path, headers=None, body=None, url=None):
        """A call of a DNS service; @body may be text or what becomes JSON."""
        data = json.dumps(body) if body is not None and not isinstance(body, str) else body
        url = (url or self.facts["dns"][kind]["url"]) + path
        request = urllib.request.Request(url, data.encode() if data is not None else None, method=method,
                                         headers={"Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=20) as reply:
                return Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{self.facts['control']}/{path}", data)) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def fault(self, operation, times=1, **fault):
        assert self.control("faults", {"operation": operation, "fault": fault, "times": times}) == {"ok": True}

    @property
    def balance(self):
        return self.control("accounts")[0]["balance"]

    def order(self, csr, timeout=20, **changes):
        return self.call("DVDNSOrder", order_body(csr, **changes), timeout)

    def verify(self, order, domain):
        return self.call("DVDNSVerificationForIssue",
                         f"<ApproverFQDN>{domain}</ApproverFQDN><OrderID>{order}</OrderID>")

    def reissue(self, order, csr, names=None):
        names = f"<DNSNames>{names}</DNSNames>" if names else ""
        return self.call("ReIssue", f"<OrderParameter><CSR>{csr}</CSR>{names}</OrderParameter>"
                         f"<TargetOrderID>{order}</TargetOrderID>")

    def change_names(self, order, *sans):
        entries = "".join(f"<SANEntry><SANOptionType>{kind}</SANOptionType><SubjectAltName>{name}</SubjectAltName>"
                          "</SANEntry>" for kind, name in sans)
        return self.call("ChangeSubjectAltName", f"<OrderID/><TargetOrderID>{order}</TargetOrderID>"
                         f"<SANEntries>{entries}</SANEntries>")

    def page(self, url):
        with urllib.request.urlopen(url, context=self.context, timeout=20) as reply:
            return reply.read().decode()

    def detail(self, order):
        return self.call("GetOrderByOrderID", f"<OrderID>{order}</OrderID>{EVERYTHING}")


def order_body(csr, product="DV_HIGH_DNS_SHA2", base=None, kind="new", months=12, sub_id="own-1", sans=(), renewal=None,
               period="", options=""):
    options += "<Option><OptionName>SAN</OptionName><OptionValue>true</OptionValue></Option>" if sans else ""
    entries = "".join(f"<SANEntry><SANOptionType>{kind_}</SANOptionType><SubjectAltName>{name}</SubjectAltName></SANEntry>"
                      for kind_, name in sans)
    return (f"<OrderRequestParameter><ProductCode>{product}</ProductCode>"
            + (f"<BaseOption>{base}</BaseOption>" if base else "")
            + f"<OrderKind>{kind}</OrderKind><Licenses>1</Licenses>"
            + (f"<Options>{options}</Options>" if options else "")
            + f"<ValidityPeriod><Months>{months}</Months>{period}</ValidityPeriod><CSR>{csr}</CSR>"
            + (f"<RenewalTargetOrderID>{renewal}</RenewalTargetOrderID>" if renewal else "")
            + "</OrderRequestParameter>"
            + (f"<SubID>{sub_id}</SubID>" if sub_id else "") + CONTACT
            + (f"<SANEntries>{entries}</SANEntries>" if sans else ""))


def make_csr(name, key="ec", curve="P-256", bits=2048, key_file=None, extra=()):
    """A CSR made by OpenSSL; returns its PEM."""
    with tempfile.TemporaryDirectory() as folder:
        path = key_file or f"{folder}/key.pem"
        if not os.path.exists(path):
            options = {"ec": ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"],
                       "rsa": ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"],
                       "ed25519": ["-algorithm", "ED25519"]}[key]
            subprocess.run(["openssl", "genpkey", *options, "-out", path], check=True, capture_output=True)
        return subprocess.run(["openssl", "req", "-new", "-key", path, "-subj", f"/CN={name}", *extra],
                              check=True, capture_output=True, text=True).stdout


class Named:
    """A BIND server with one zone, example.test, that takes signed updates."""

    KEY = "c2VjcmV0LW9mLXRoZS10ZXN0LXpvbmUtb25seQ=="

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_port()
        (self.folder / "example.test.zone").write_text(
            "$TTL 5\n@ SOA ns.example.test. admin.example.test. 1 3600 600 86400 5\n@ NS ns\nns A 127.0.0.1\n")
        (self.folder / "named.conf").write_text(f"""
key "sandbox-test" {{ algorithm hmac-sha256; secret "{self.KEY}"; }};
options {{ directory "{folder}"; pid-file "{folder}/named.pid"; session-keyfile none; recursion no; notify no;
  listen-on port {self.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; dnssec-validation no;
  max-records-per-type 1000; }};
controls {{ }};
zone "example.test" {{ type primary; file "example.test.zone"; allow-update {{ key "sandbox-test"; }}; }};
""")
        self.process = subprocess.Popen([shutil.which("named") or "/usr/sbin/named", "-f", "-c",
                                         f"{folder}/named.conf", "-n", "1"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()

    @property
    def key_file(self):
        path = self.folder / "update.key"
        path.write_text(f'key "sandbox-test" {{\n\talgorithm hmac-sha256;\n\tsecret "{self.KEY}";\n}};\n')
        return path

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def wait(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("named does not answer")

    def update(self, *lines):
        script = "\n".join([f"server 127.0.0.1 {self.port}", f"key hmac-sha256:sandbox-test {self.KEY}",
                            "zone example.test", *lines, "send", ""])
        subprocess.run(["nsupdate"], input=script, text=True, check=True, capture_output=True)

    def publish(self, name, value):
        self.update(f'update add {name}. 5 TXT "{value}"')

    def show(self, name):
        """What stands at a name: sorted lines 'TTL "value"'."""
        out = subprocess.run(["dig", "@127.0.0.1", "-p", str(self.port), "+noall", "+answer", "+norecurse", name, "TXT"],
                             capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 4) for line in out.splitlines() if line]
        return sorted(f"{row[1]} {row[4]}" for row in rows if row[3] == "TXT")

    def clear(self):
        self.update("update delete example.test. TXT", "update delete www.example.test. TXT")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="session")
def named(tmp_path_factory):
    if not (shutil.which("named") or os.path.exists("/usr/sbin/named")):
        pytest.skip("named is not installed")
    server = Named(tmp_path_factory.mktemp("named"))
    yield server
    server.stop()


@pytest.fixture
def dns(named):
    named.clear()
    return named


@pytest.fixture(scope="session")
def shared_sandbox(named, tmp_path_factory):
    server = Sandbox(tmp_path_factory.mktemp("state"), "--dns", named.address, "--zone", "example.test", "--zone",
                     "deep.example.test", "--update-server", named.address, "--update-key", named.key_file)
    yield server
    server.stop()


@pytest.fixture
def sandbox(shared_sandbox):
    shared_sandbox.control("clear", {"requests": True})
    shared_sandbox.control("account", {"balance": 100000, "locked": False, "ip-refused": False, "twelve-hours": False})
    return shared_sandbox


@pytest.fixture
def clock(tmp_path):
    if not FAKETIME:
        pytest.skip("libfaketime is not installed")
    return Clock(tmp_path / "clock")


@pytest.fixture
def later(named, dns, clock, tmp_path):
    """A sandbox of its own whose clock can be moved."""
    server = Sandbox(tmp_path / "state", "--dns", named.address, env=clock.env)
    yield server
    server.stop()
