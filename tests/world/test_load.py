# SPDX-License-Identifier: GPL-3.0-or-later
"""nginx under a steady load of handshakes while its certificate is switched ten times: nobody is turned away."""

import collections
import hashlib
import socket
import ssl
import threading

from conftest import ZONE, eventually

HOST = f"www.{ZONE}"
SWITCHES = 10
VISITORS = 4
PAUSE = 0.005           # between two visits of one; the rest of the machine has to go on, too
SEEN = 25               # handshakes with each certificate, at least


class Load:
    """Visitors who come again and again, each time with a handshake of its own, and who believe only the CA."""

    def __init__(self, port: int, ca: str):
        self.port = port
        self.context = ssl.create_default_context(cafile=ca)
        self.context.options |= ssl.OP_NO_TICKET
        self.lock = threading.Lock()
        self.tried = 0
        self.seen = collections.Counter()
        self.failed = []
        self.over = threading.Event()
        self.visitors = [threading.Thread(target=self.come_and_go) for _ in range(VISITORS)]

    def __enter__(self):
        for visitor in self.visitors:
            visitor.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for visitor in self.visitors:
            visitor.join(60)
            assert not visitor.is_alive()

    def visit(self) -> str:
        """One handshake and one request; gives the fingerprint of the certificate."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as plain, \
             self.context.wrap_socket(plain, server_hostname=HOST) as tls:
            assert not tls.session_reused
            tls.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: tls.recv(4096), b""))
            assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"It works.\n"), answer
            return hashlib.sha256(tls.getpeercert(True)).hexdigest()

    def come_and_go(self) -> None:
        while not self.over.wait(PAUSE):
            with self.lock:
                self.tried += 1
            try:
                fingerprint = self.visit()
                with self.lock:
                    self.seen[fingerprint] += 1
            except Exception as error:          # whatever it was, somebody was turned away
                with self.lock:
                    self.failed.append(repr(error))


def test_nobody_is_turned_away(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--key-algorithm", "ec-p256", "--wait")
    installed = [admin.json("deploy", "show", "web")["fingerprint"].lower()]

    with Load(world.https_port, world.sandbox["issuing-root"]) as load:
        for _ in range(SWITCHES):
            eventually(lambda: load.seen[installed[-1]] >= SEEN)
            admin.run("order", "reissue", HOST, "--key-algorithm", "ec-p256", "--wait")
            deployment = admin.json("deploy", "show", "web")
            assert deployment["state"] == "deployed", deployment
            installed.append(deployment["fingerprint"].lower())
        eventually(lambda: load.seen[installed[-1]] >= SEEN)

    assert load.failed == []
    assert load.tried == sum(load.seen.values())
    assert len(set(installed)) == SWITCHES + 1
    assert set(load.seen) == set(installed), "each of them was seen, and nothing else"
    assert [run["result"] for run in admin.json("deploy", "history", "web", "--limit", "100")["runs"]] == ["deployed"] * len(installed)
