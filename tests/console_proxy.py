"""The real console proxy, in a process of its own, and a browser's connection to it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websocket

from orchestrator.settings import Settings

ORIGIN = "http://127.0.0.1:5000"
PATIENCE_S = 60.0

_RUN = """
import json, logging, sys
from pathlib import Path
from orchestrator.settings import Settings
from web.console.proxy import Limits, Tls, run
given = json.loads(sys.argv[1])
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
tls = Tls(*map(Path, given["tls"])) if given["tls"] else None
run(Settings.model_validate(given["settings"]), simulated=given["simulated"], host="127.0.0.1", port=0, tls=tls,
    allowed_origins=given["origins"], limits=Limits(**given["limits"]))
"""


@dataclass
class Proxy:
    """Where it listens, its process, and what it wrote to its log (whole once it has ended)."""

    address: str
    process: subprocess.Popen[str]
    log: list[str]
    connections: list[Connection] = field(default_factory=list)

    def connect(self, token: str, *, origin: str | None = ORIGIN, protocols: list[str] | None = None) -> Connection:
        """A browser's WebSocket. Raises WebSocketBadStatusException when the proxy refuses."""
        made = websocket.create_connection(
            f"{self.address}/?token={token}",
            origin=origin,
            suppress_origin=origin is None,
            subprotocols=["binary"] if protocols is None else protocols,
            timeout=PATIENCE_S,
            sslopt={"cert_reqs": 0, "check_hostname": False},
        )
        self.connections.append(Connection(made))
        return self.connections[-1]


class Connection:
    """A WebSocket with the methods of a socket that ``tests.rfb.Console`` needs."""

    def __init__(self, made: websocket.WebSocket) -> None:
        self.websocket = made
        self._data = b""

    def recv(self, count: int) -> bytes:
        while not self._data:
            opcode, data = self.websocket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return b""
            self._data = data
        data, self._data = self._data[:count], self._data[count:]
        return data

    def sendall(self, data: bytes) -> None:
        self.websocket.send_binary(data)

    def settimeout(self, seconds: float) -> None:
        self.websocket.settimeout(seconds)

    def close(self) -> None:
        self.websocket.close(timeout=1)

    def close_code(self) -> int:
        """Read until the proxy closes; the code that it gave."""
        while True:
            opcode, data = self.websocket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big")


@contextmanager
def proxy(
    settings: Settings,
    *,
    simulated: bool = True,
    origins: tuple[str, ...] = (ORIGIN,),
    tls: tuple[Path, Path] | None = None,
    **limits: int,
) -> Iterator[Proxy]:
    """A proxy, until the block ends."""
    given: dict[str, Any] = {
        "settings": settings.model_dump(mode="json"),
        "simulated": simulated,
        "origins": origins,
        "tls": [str(file) for file in tls] if tls else None,
        "limits": limits,
    }
    argv = [sys.executable, "-c", _RUN, json.dumps(given)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        log: list[str] = []
        reading = threading.Thread(target=log.extend, args=(process.stderr,), daemon=True)
        reading.start()
        address = process.stdout.readline().strip()
        assert address, "".join(log)
        running = Proxy(address, process, log)
        try:
            yield running
        finally:
            for connection in running.connections:
                connection.websocket.shutdown()
            process.terminate()
            process.wait(PATIENCE_S)
            reading.join(PATIENCE_S)


def reachable(address: str) -> bool:
    """Whether anything listens there."""
    host, _, port = address.partition("://")[2].rpartition(":")
    with socket.socket() as sock:
        return sock.connect_ex((host, int(port))) == 0
