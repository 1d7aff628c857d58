# SPDX-License-Identifier: GPL-3.0-or-later
"""A small web server for the HTTP checks of the sandbox."""

import http.server
import ssl
import subprocess
import threading

FILE = "/.well-known/pki-validation/gsdv.txt"


class Web:
    """Serves `pages`: host and path → (status, headers, body); hosts that are not there get 404."""

    def __init__(self, folder=None, address="127.0.0.1", port=0):
        self.pages, self.asked = {}, []
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append((self.headers["Host"], self.path))
                status, headers, body = web.pages.get((self.headers["Host"], self.path), (404, {}, "nothing"))
                self.send_response_only(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, port), Handler)
        if folder is not None:
            self.server.socket = self.wrap(folder, self.server.socket)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    @staticmethod
    def wrap(folder, plain):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                        "/CN=nobody", "-keyout", f"{folder}/web.key", "-out", f"{folder}/web.pem"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/web.pem", f"{folder}/web.key")
        return context.wrap_socket(plain, server_side=True)

    def show(self, host, body, path=FILE, status=200, **headers):
        self.pages[host, path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
