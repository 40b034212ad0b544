"""The console proxy: its own process, which forks one more for each console that is open.

    python -m web.console.proxy --port 8081 --site-port 8080 [--origin https://examen.lycee.example] [--cert C --key K]

It logs to standard error, without names or tokens. Told to take any port (0), it says which on standard output.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import socket
import ssl
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from websockify.websockifyserver import WebSockifyServer

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.settings import Settings, load_settings
from web.console.handler import ConsoleHandler
from web.console.origins import Origins
from web.console.slots import Slots
from web.secret import load_secret

OPENING_S = 20
"""For TLS, handshake and opening the machine, all together."""

log = logging.getLogger("epreuve.console")


class ProxyError(EpreuveError):
    """The console proxy cannot be started."""

    code = "console-proxy"


@dataclass(frozen=True)
class Limits:
    """Connections at once. A room behind one address (a router, a reverse proxy) still fits."""

    per_login: int = 12
    per_address: int = 100
    all: int = 250


@dataclass(frozen=True)
class Tls:
    """Files in PEM: the certificate with its chain, and its key."""

    cert: Path
    key: Path


@dataclass(frozen=True)
class Service:
    """What the proxy serves: one installation, to pages of these origins."""

    settings: Settings
    simulated: bool
    origins: Origins
    secret: bytes
    limits: Limits


class ConsoleServer(WebSockifyServer):  # type: ignore[misc] # websockify has no types
    """websockify's server: it accepts, forks, and speaks TLS and WebSocket."""

    def __init__(self, service: Service, listener: socket.socket, tls: Tls | None, slots: Slots) -> None:
        self.service = service
        self.slots = slots
        self._parent = os.getpid()
        super().__init__(
            ConsoleHandler,
            listen_fd=listener.fileno(),
            cert=str(tls.cert) if tls else "",
            key=str(tls.key) if tls else "",
            ssl_only=tls is not None,
            # websockify would otherwise put 0 in place of what Python holds for safe
            ssl_options=ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).options,
        )

    @property
    def is_served(self) -> bool:
        """Asked in a console's process: whether the proxy that made it is still there."""
        return os.getppid() == self._parent

    @staticmethod
    def get_logger() -> logging.Logger:
        """websockify's own log holds addresses and tokens: nowhere."""
        silent = logging.getLogger("epreuve.websockify")
        silent.disabled = True
        return silent

    def poll(self) -> None:
        """Between two waits for connections: end when told to.

        websockify raises once, in the signal's handler; where that comes while a finished console is being cleared
        away, Python drops the exception, and no later signal would end the proxy.
        """
        if self.terminating:
            raise self.Terminate

    def top_new_client(self, startsock: socket.socket, address: tuple[str, int]) -> None:
        """In a new process: one connection, from its first byte to its last."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(OPENING_S)  # ends this process, whatever it waits for
        limits = self.service.limits
        if self.slots.take("all", limits.all) and self.slots.take(f"address {address[0]}", limits.per_address):
            super().top_new_client(startsock, address)
        else:
            log.warning("refused: too many connections")


def run(
    settings: Settings,
    *,
    simulated: bool,
    host: str,
    port: int,
    tls: Tls | None,
    allowed_origins: Iterable[str] = (),
    site_port: int | None = None,
    limits: Limits | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. settings: those in force. port: 0 for any that is free. Raises ProxyError.

    allowed_origins: of pages that open consoles, besides those of the site at ``site_port`` under the same host name.
    """
    multiprocessing.set_start_method("fork", force=True)  # a console's process begins with all that is loaded here
    origins = Origins(frozenset(allowed_origins), "http" if tls is None else "https", site_port)
    service = Service(settings, simulated, origins, load_secret(settings), limits or Limits())
    with _listen(host, port) as listener, tempfile.TemporaryDirectory(prefix="epreuve-consoles-") as place:
        address = f"{listener.getsockname()[0]}:{listener.getsockname()[1]}"
        if port == 0:
            print(f"{'wss' if tls else 'ws'}://{address}", flush=True)
        log.info("consoles at %s", address)
        ConsoleServer(service, listener, tls, Slots(Path(place))).start_server()


def _listen(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ProxyError(
            Text(
                f"Les consoles ne peuvent pas être servies : {error.strerror}.",
                f"Consoles cannot be served: {error.strerror}.",
            ),
            where=f"{host}:{port}",
            do=Text("Choisissez un autre port.", "Choose another port."),
        ) from error
    # What is accepted inherits it: a computer that was unplugged gives its slots back within a minute.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 20)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    return listener


def main(argv: list[str] | None = None) -> int:
    """The entry; arguments as above, settings from the environment."""
    parser = argparse.ArgumentParser(prog="python -m web.console.proxy")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--site-port", type=int, help="of the site, whose pages open consoles under the same host name")
    parser.add_argument("--origin", action="append", default=[], help="of other pages that do; repeatable")
    parser.add_argument("--cert", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--simulated", action="store_true")
    given = parser.parse_args(argv)
    if (given.cert is None) != (given.key is None):
        parser.error("--cert and --key go together")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    settings = load_settings()
    try:
        run(
            settings.simulated() if given.simulated else settings,
            simulated=given.simulated,
            host=given.host,
            port=given.port,
            tls=Tls(given.cert, given.key) if given.cert else None,
            allowed_origins=given.origin,
            site_port=given.site_port,
        )
    except EpreuveError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
