"""A device's page as far as ``/ubus`` goes: HTTPS, JSON-RPC 2.0, sessions and access lists, as uhttpd and rpcd do it.

Written from uhttpd's ``ubus.c`` (the answers' form, ``-32002`` for what a session may not call) and rpcd's
``session.c`` (a login with an account of ``/etc/config/rpcd``; root's password may be empty, and any word is right).
"""

from __future__ import annotations

import json
import secrets
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.tls import greeted
from tests.wsman.server import Identity

Fault = Callable[["Page", str], bool]
"""What goes wrong with a call, given ``object method``; True when it was answered, or is not to be."""


@dataclass
class Device:
    """What answers. says: the answer (``[status, data]``) by ``object method args`` (``{}`` where there are none).
    accounts: passwords; an empty one lets anybody in. calls: what was called, in order."""

    port: int
    says: dict[str, list[Any]]
    accounts: dict[str, str]
    fault: Fault | None = None
    calls: list[str] = field(default_factory=list)
    connections: int = 0
    sessions: set[str] = field(default_factory=set)

    def dial(self, timeout_s: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)

    def login(self, args: Mapping[str, Any]) -> list[Any]:
        """``session login``."""
        password = self.accounts.get(args["username"])
        if password is None or (password and password != args["password"]):
            return [6]
        sid = secrets.token_hex(16)
        self.sessions.add(sid)
        return [0, {"ubus_rpc_session": sid, "timeout": 300, "expires": 300, "acls": {}, "data": {}}]


class Page(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    device: Device

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sid, name, method, args = asked["params"]
        called = f"{name} {method}"
        self.device.calls.append(called)
        if self.device.fault is not None and self.device.fault(self, called):
            return
        said = {"jsonrpc": "2.0", "id": asked["id"]}
        if called == "session login":
            said["result"] = self.device.login(args)
        elif sid not in self.device.sessions:
            said["error"] = {"code": -32002, "message": "Access denied"}
        else:
            key = f"{called} {json.dumps(args, sort_keys=True)}"
            answer = self.device.says.get(key)
            if answer is None:
                said["error"] = {"code": -32002, "message": "Access denied"}
            else:
                said["result"] = answer
        self.answer(json.dumps(said).encode())

    def answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def ubus(
    identity: Identity,
    says: Mapping[str, list[Any]],
    *,
    accounts: Mapping[str, str],
    fault: Fault | None = None,
    address: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[Device]:
    """A device that listens, with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.pem)
    device = Device(0, dict(says), dict(accounts), fault)
    page = type("OwnPage", (Page,), {"device": device})

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:  # in a thread of the connection's own
            device.connections += 1
            with greeted(context, request) as line, suppress(OSError):
                if line is not None:
                    page(line, client_address, self)

        def handle_error(self, *_: Any) -> None:
            pass

    with Server((address, port), page) as server:
        device.port = server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield device
        finally:
            server.shutdown()


# --- what goes wrong
def on(called: str, fault: Fault) -> Fault:
    """A fault of one call only."""
    return lambda page, name: name == called and fault(page, name)


def deaf(page: Page, _: str) -> bool:
    """Nothing comes, until the other side has gone."""
    with suppress(OSError):
        page.connection.recv(1)
    page.close_connection = True
    return True


def drip(page: Page, _: str) -> bool:
    """A byte now and then."""
    page.send_response(200)
    page.send_header("Content-Length", "100000")
    page.end_headers()
    with suppress(OSError):
        while True:
            page.wfile.write(b" ")
            threading.Event().wait(0.05)
    page.close_connection = True
    return True


def cut(page: Page, _: str) -> bool:
    """The line breaks in the middle of an answer."""
    page.send_response(200)
    page.send_header("Content-Length", "1000")
    page.end_headers()
    page.wfile.write(b'{"jsonrpc": "2.0", "res')
    page.close_connection = True
    return True


def flood(page: Page, _: str) -> bool:
    """An answer without end."""
    page.send_response(200)
    page.end_headers()
    with suppress(OSError):
        while True:
            page.wfile.write(b" " * 65536)
    page.close_connection = True
    return True


def says(body: bytes, status: int = 200) -> Fault:
    """Something else than what was asked for."""

    def fault(page: Page, _: str) -> bool:
        page.answer(body, status)
        return True

    return fault


http_500 = says(b"no", 500)
garbled = says(b"{" * 100_000)
strange = says(b'{"jsonrpc": "2.0", "id": 1, "result": ["0", [{"uptime": 1}]]}')
elsewhere = says(b"<html>Sign in</html>")
