"""HTTPS with NTLM or Kerberos checked on this side (pyspnego), in front of ``Shells``."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from spnego.exceptions import SpnegoError

from checkers.channels.kerberos import bound_to
from tests.tls import greeted
from tests.wsman.shells import Program, Shells, action_of

USER, PASSWORD = "epreuve", "Tkhd=Rnfg=Gbjp"
MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"


@dataclass(frozen=True)
class Identity:
    """A certificate that signs itself, and its key, in one PEM file."""

    pem: Path
    der: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.der).hexdigest()


def identity(folder: Path, name: str) -> Identity:
    """A new certificate for this host name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = folder / f"{name}-{certificate.serial_number}.pem"
    pem.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return Identity(pem, certificate.public_bytes(serialization.Encoding.DER))


Fault = Callable[["Handler", str], bool]
"""What goes wrong with a request, given the last word of its action; True when it was answered, or is not to be."""


Listen = Callable[[Callable[[tuple[str, int]], "_Server"]], "_Server"]
"""Where a server listens, given how it is made at an address."""


@dataclass
class Served:
    """A server that listens. ``actions``: what was asked, in order. ``connections``: how many were opened."""

    port: int
    shells: Shells
    actions: list[str] = field(default_factory=list)
    logons: list[str] = field(default_factory=list)
    connections: int = 0


@contextmanager
def wsman(
    certificate: Identity,
    program: Program,
    *,
    fault: Fault | None = None,
    client: Identity | None = None,
    kerberos: str = "",
    listen: Listen = lambda make: make(("127.0.0.1", 0)),
) -> Iterator[Served]:
    """A server with this certificate that lets ``USER`` in (NTLM), or this client's certificate, and runs ``program``.

    ``NTLM_USER_FILE`` must name a file with ``:USER:PASSWORD`` (the fixture ``ntlm`` does it). kerberos: this machine's
    name in the realm; whoever the realm vouches for is let in then (``KRB5_KTNAME`` has the key), and nobody by NTLM.
    listen: makes the server at an address, elsewhere than on loopback.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.pem)
    if client is not None:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(client.pem)
    server = listen(lambda address: _Server(address, Handler))
    server.tls, server.certificate, server.fault, server.kerberos = context, certificate, fault, kerberos
    server.served = Served(server.server_address[1], Shells(program))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.served
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    tls: ssl.SSLContext
    certificate: Identity
    fault: Fault | None
    kerberos: str
    served: Served

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.over = threading.Event()

    def finish_request(self, request: Any, client_address: Any) -> None:  # in a thread of the connection's own
        self.served.connections += 1
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with greeted(self.tls, request) as line, suppress(OSError):
            if line is not None:
                Handler(line, client_address, self)


class Handler(BaseHTTPRequestHandler):
    """One connection: NTLM lets in a connection, not a request."""

    server: _Server
    protocol_version = "HTTP/1.1"
    context: spnego.ContextProxy | None = None
    let_in = False
    proof = ""

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.let_in and not self._authenticated():
            return
        action = action_of(body)
        self.server.served.actions.append(action)
        if self.server.fault is not None and self.server.fault(self, action):
            return
        self.answer(*self.server.served.shells.answer(body))

    def answer(self, status: int, body: bytes) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        if self.proof:
            self.send_header("WWW-Authenticate", self.proof)
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """End the connection, whatever was said on it."""
        self.close_connection = True

    @property
    def over(self) -> threading.Event:
        """Set when the test is."""
        return self.server.over

    def _authenticated(self) -> bool:
        given = self.headers.get("Authorization", "")
        if given == MUTUAL and self.connection.getpeercert():
            self.let_in = True
            return True
        kind, _, token = given.partition(" ")
        wanted = "Negotiate" if self.server.kerberos else "NTLM"
        reply = self._step(base64.b64decode(token)) if kind == wanted else None
        said = f"{wanted} {base64.b64encode(reply).decode()}" if reply else wanted
        if self.context is not None and self.context.complete:
            self.let_in = True
            self.proof = said if self.server.kerberos else ""
            self.server.served.logons.append(self.context.client_principal or "")
            return True
        self.send_response(401)
        self.send_header("WWW-Authenticate", said)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def _step(self, token: bytes) -> bytes | None:
        """What is said to a token; None when it is refused."""
        if self.context is None and self.server.kerberos:
            self.context = spnego.server(hostname=self.server.kerberos, service="HTTP", protocol="kerberos")
        self.context = self.context or spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
        try:
            return self.context.step(token, channel_bindings=bound_to(self.server.certificate.der))
        except (SpnegoError, AttributeError):  # the latter of a Kerberos context that did not even begin
            self.context = None
            return None
