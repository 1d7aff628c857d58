# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets clients that know only a service's real address talk to its stand-in: a proxy (HTTPS_PROXY) that ends their TLS
with a throw-away certificate for the real host names, and asks the sandbox instead. It reaches nothing else."""

import http.server
import ssl
import subprocess
import threading
import urllib.error
import urllib.request


class Gateway:
    def __init__(self, folder, hosts, context):
        """@hosts: the stand-in's URL by the real host name; @context: trusts the sandbox"""
        self.hosts, self.context, self.asked = hosts, context, []
        self.certificate, self.key = folder / "gateway.pem", folder / "gateway.key"
        names = ",".join(["IP:127.0.0.1", *[f"DNS:{host}" for host in hosts]])
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2",
                        "-subj", "/CN=throw-away gateway", "-addext", f"subjectAltName={names}", "-keyout", self.key, "-out",
                        self.certificate], check=True, capture_output=True)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, self.key)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.gateway, self.server.daemon_threads = self, True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def environment(self):
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return {"HTTPS_PROXY": url, "https_proxy": url, "SSL_CERT_FILE": str(self.certificate),
                "REQUESTS_CA_BUNDLE": str(self.certificate)}

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host = None

    def do_CONNECT(self):
        host = self.path.rsplit(":", 1)[0]
        if host not in self.server.gateway.hosts:
            self.send_error(403)
            return

        self.send_response(200)
        self.end_headers()
        self.host = host
        self.connection = self.server.gateway.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.close_connection = False

    def forward(self):
        if self.host is None:
            self.send_error(403)
            return

        gateway = self.server.gateway
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
        request = urllib.request.Request(gateway.hosts[self.host] + self.path, body, headers, method=self.command)
        gateway.asked.append(f"{self.command} {self.host}{self.path}")
        try:
            with urllib.request.urlopen(request, context=gateway.context, timeout=20) as reply:
                self.answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.headers, error.read())

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward

    def log_message(self, *args):
        pass
