"""One browser's connection: who may open it, to what, and what happens until it ends. Runs in a process of its own."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from websockify.websockifyserver import WebSockifyRequestHandler

from orchestrator.engine.desk import Desk
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.store import open_store
from web.console.gate import may_be_open
from web.console.machines import open_machine
from web.console.relay import End, relay
from web.console.tokens import Claims, TokenError, read
from web.console.wire import ConsoleSocket

if TYPE_CHECKING:
    from web.console.proxy import ConsoleServer

log = logging.getLogger("epreuve.console")

CODES = {End.LEFT: 1000, End.FORBIDDEN: 4001, End.OFF: 4002}
"""Close codes of the WebSocket (4000–4999 are for applications, RFC 6455, 7.4.2)."""


class ConsoleHandler(WebSockifyRequestHandler):  # type: ignore[misc] # websockify has no types
    """Answers WebSocket handshakes and nothing else."""

    SocketClass = ConsoleSocket
    server_version = "Epreuve"
    sys_version = ""

    server: ConsoleServer
    request: Any  # a socket, then the ConsoleSocket over it
    claims: Claims

    def validate_connection(self) -> None:
        """Before the handshake is answered: refuse whoever may not open this console."""
        service = self.server.service
        if not service.origins.allow(self.headers.get("Origin", ""), self.headers.get("Host", "")):
            self._refuse(403, "origin")
        if "binary" not in [word.strip() for word in self.headers.get("Sec-WebSocket-Protocol", "").split(",")]:
            self._refuse(400, "protocol")
        tokens = parse_qs(urlsplit(self.path).query).get("token", [""])
        try:
            self.claims = read(service.secret, tokens[0])
        except TokenError:
            self._refuse(403, "token")
        if not self.server.slots.take(f"login {self.claims.login}", service.limits.per_login):
            self._refuse(429, "too many for this login")

    def new_websocket_client(self) -> None:
        """After the handshake: open the machine's screen and carry bytes."""
        service, claims = self.server.service, self.claims
        began = monotonic()
        with open_store(service.settings.database) as store:
            desk = Desk(store)
            end = self._carry(lambda: self.server.is_served and may_be_open(desk, claims))
        log.info("%s: closed: %s after %.0f s", self._which, end, monotonic() - began)
        raise self.CClose(CODES[end], end)

    def _carry(self, may_go_on: Callable[[], bool]) -> End:
        service, claims = self.server.service, self.claims
        if not may_go_on():
            return End.FORBIDDEN
        try:
            machine = open_machine(service.settings, claims, simulated=service.simulated)
        except HypervisorError:
            return End.OFF
        signal.alarm(0)  # from here on nothing waits without a limit
        log.info("%s: opened: %s", self._which, claims.kind)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with machine:
            try:
                return relay(self.request, machine, may_go_on)
            except (OSError, ValueError):  # the connection broke, or what came makes no sense
                return End.LEFT

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses, paths and tokens stay out of the log."""

    @property
    def _which(self) -> str:
        return f"{self.claims.session}/{self.claims.bench}/{self.claims.machine}"

    def _refuse(self, status: int, why: str) -> None:
        log.info("refused: %s", why)
        self.send_error(status)
        raise self.server.EClose("")
