# SPDX-License-Identifier: GPL-3.0-or-later
"""What several tests of the sandbox do or look at."""

import calendar
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

DAY = 86400


def openssl(*arguments, text=None):
    return subprocess.run(["openssl", *arguments], input=text, text=True, capture_output=True, check=True).stdout


def window(days_back=1, days_on=1):
    now = datetime.now(timezone.utc)
    dates = (now - timedelta(days=days_back), now + timedelta(days=days_on))
    return "".join(f"<{name}>{date:%Y-%m-%dT%H:%M:%S.000Z}</{name}>"
                   for name, date in zip(("FromDate", "ToDate"), dates))


def issue(sandbox, dns, csr, domain="example.test", **changes):
    placed = sandbox.order(csr, **changes)
    assert placed.success == 0, placed.body
    dns.publish(domain, placed.text("DNSTXT"))
    issued = sandbox.verify(placed.text("OrderID"), domain)
    assert issued.success == 0, issued.body
    return placed.text("OrderID"), issued


def verify_chain(answer, sandbox, folder):
    """openssl says whether the chain of the answer holds; returns the leaf as text and PEM."""
    certificates = answer.texts("CACert")
    assert answer.texts("CACertType") == ["ROOT", "INTER"]
    leaf = answer.text("X509Cert")
    for name, pem in zip(("root", "inter", "leaf"), (*certificates, leaf)):
        (folder / f"{name}.pem").write_text(pem.replace("\r\n", "\n"))
    assert certificates[0].replace("\r\n", "\n") == open(sandbox.facts["issuing-root"]).read()
    out = openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", str(folder / "root.pem"),
                  "-untrusted", str(folder / "inter.pem"), str(folder / "leaf.pem"))
    assert out.strip().endswith("OK")
    return openssl("x509", "-noout", "-text", "-in", str(folder / "leaf.pem")), folder / "leaf.pem"


def seconds(path, which):
    text = openssl("x509", "-noout", f"-{which}", "-in", str(path)).split("=")[1].strip()
    return calendar.timegm(time.strptime(text, "%b %d %H:%M:%S %Y GMT"))


def modify(sandbox, order, what):
    return sandbox.call("ModifyOrder", f"<OrderID>{order}</OrderID><ModifyOrderOperation>{what}</ModifyOrderOperation>")


def wait_for_status(sandbox, order, status):
    for _ in range(200):
        if sandbox.detail(order).text("OrderStatus") == status:
            return
        time.sleep(0.05)
    raise AssertionError(sandbox.detail(order).body)


def schema_folder():
    """The copies of GlobalSign's schemas, which are not part of the sources."""
    for parent in Path(__file__).resolve().parents:
        folder = parent / "shared/reference/globalsign-wsdl/xsd"
        if folder.is_dir():
            return folder
    return None


def wrong_shape(service, answer):
    """What xmllint finds wrong with an answer, without the real quirks: orders without a SubID lack SubId, and open ones the
    dates of a certificate."""
    if schema_folder() is None:
        return []
    result = subprocess.run(["xmllint", "--noout", "--schema", f"{schema_folder()}/{service}/envelope.xsd", "-"],
                            input=answer.body, capture_output=True)
    return [line for line in result.stderr.decode().splitlines()
            if "error" in line and "SubId" not in line and "CertificateInfo" not in line
            and "Expected is ( StartDate )" not in line]
