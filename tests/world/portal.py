# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who changes orders at the CA, past the service: raw XML, none of Chancery's own SOAP code."""

import ssl
import subprocess
import urllib.request
import xml.etree.ElementTree as ET

ENVELOPE = """<?xml version="1.0"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<v1:{name} xmlns:v1="https://system.globalsign.com/kb/ws/v1/"><Request><OrderRequestHeader><AuthToken><UserName>{user}</UserName>
<Password>sandbox</Password></AuthToken></OrderRequestHeader>{body}</Request></v1:{name}>
</soap:Body></soap:Envelope>"""

CONTACT = ("<ContactInfo><FirstName>Bo</FirstName><LastName>Elsewhere</LastName><Phone>+32 2 000 00 01</Phone>"
           "<Email>bo@example.test</Email></ContactInfo>")


class Portal:
    def __init__(self, world):
        self.world = world
        self.context = ssl.create_default_context(cafile=world.sandbox["ca-file"])
        self.context.verify_flags |= 0x200000    # X509_V_FLAG_NO_CHECK_TIME: our own clock was not moved

    def call(self, service, name, body):
        text = ENVELOPE.format(name=name, user=self.world.sandbox["user"], body=body)
        request = urllib.request.Request(f"{self.world.sandbox['url']}/{service}", text.encode(),
                                         {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'})
        with urllib.request.urlopen(request, context=self.context, timeout=20) as reply:
            answer = reply.read()
        assert b"<SuccessCode>0</SuccessCode>" in answer, answer.decode()
        return ET.fromstring(answer)

    def modify(self, number, what):
        """@what: CANCEL, REVOKE"""
        self.call("ServerSSLService", "ModifyOrder",
                  f"<OrderID>{number}</OrderID><ModifyOrderOperation>{what}</ModifyOrderOperation>")

    @staticmethod
    def make_csr(name):
        return subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout",
                               "/dev/null", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
                              capture_output=True, text=True, check=True).stdout

    def reissue(self, number, name):
        answer = self.call("GASService", "ReIssue", f"<OrderParameter><CSR>{self.make_csr(name)}</CSR></OrderParameter>"
                           f"<TargetOrderID>{number}</TargetOrderID>")
        return answer.findtext(".//OrderID")

    def place(self, name, renews=None):
        """Ordered and proven; gives the CA's number."""
        kind, target = ("renewal", f"<RenewalTargetOrderID>{renews}</RenewalTargetOrderID>") if renews else ("new", "")
        answer = self.call("ServerSSLService", "DVDNSOrder",
                           f"<OrderRequestParameter><ProductCode>DV_LOW_DNS_SHA2</ProductCode><OrderKind>{kind}</OrderKind>"
                           "<Licenses>1</Licenses><ValidityPeriod><Months>12</Months></ValidityPeriod>"
                           f"<CSR>{self.make_csr(name)}</CSR>{target}</OrderRequestParameter>{CONTACT}")
        number = answer.findtext(".//OrderID")
        zone = name.split(".", 1)[1]
        self.world.nsupdate(zone, f'update add {name}. 5 TXT "{answer.findtext(".//DNSTXT")}"')
        self.call("ServerSSLService", "DVDNSVerificationForIssue", f"<ApproverFQDN>{name}</ApproverFQDN><OrderID>{number}</OrderID>")
        return number
