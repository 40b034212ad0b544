"""HTTPS over connections of our own, for a library that knows neither bounds nor an end.

A server that the candidate administers may send for ever, or a byte a second. So the body of every answer is bounded,
whoever reads it, and every connection can be cut from outside when time is over.
"""

from __future__ import annotations

import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

BODY_LIMIT = 1024 * 1024
"""Bytes of one answer. WS-Management's own bound, which is asked for, is 150 KiB."""

Dial = Callable[[float], socket.socket]
"""Opens a TCP connection to the machine's port within so many seconds."""


class TooLarge(Exception):  # noqa: N818 - what happened, not an error of ours
    """An answer's body is past the bound."""


class Lines:
    """The connections that an agent has opened, so that they can be cut. certificate: the last one shown (DER)."""

    def __init__(self, dial: Dial) -> None:
        self.certificate = b""
        self._dial = dial
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def dial(self, timeout_s: float) -> socket.socket:
        """A new connection, remembered by a second handle: TLS takes the first one for itself."""
        opened = self._dial(timeout_s)
        with self._lock:
            self._open.append(opened.dup())
        return opened

    def close(self) -> None:
        """Cut every connection: whoever reads from one gets an error at once."""
        with self._lock:
            for handle in self._open:
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)
                handle.close()
            self._open.clear()

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Cut every connection if the block lasts longer."""
        timer = threading.Timer(seconds, self.close)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class BoundedAdapter(HTTPAdapter):
    """HTTPS through ``Lines``. fingerprint: SHA-256 of the one certificate that is taken, in hexadecimal; without it
    the session's ``verify`` decides."""

    def __init__(self, lines: Lines, fingerprint: str | None) -> None:
        self._lines = lines
        self._fingerprint = fingerprint
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """requests' own, with our connections."""
        super().init_poolmanager(*args, **kwargs, assert_fingerprint=self._fingerprint)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool(self._lines)}

    def close(self) -> None:
        """requests' own, and at once: it leaves connections open until memory is next tidied."""
        pools = self.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - no dictionary: it cannot be gone through
            pools[key].close()
        super().close()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """requests' own; the body of the answer can be read up to the bound."""
        response = super().send(request, *args, **kwargs)
        whole = response.raw.stream

        def bounded(*given: Any, **named: Any) -> Iterator[bytes]:
            read = 0
            for piece in whole(*given, **named):
                read += len(piece)
                if read > BODY_LIMIT:
                    response.raw.close()
                    raise TooLarge
                yield piece

        response.raw.stream = bounded
        return response


def _close_half_made(error: OSError) -> None:
    """Close what ``ssl`` leaves open when a line breaks between TCP and TLS: only the error's own frames know of it."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        made = frame.f_locals.get("self")
        if isinstance(made, ssl.SSLSocket):
            made.close()


def _pool(lines: Lines) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def connect(self) -> None:
            try:
                super().connect()
            except OSError as error:
                _close_half_made(error)
                raise
            if isinstance(self.sock, ssl.SSLSocket):
                lines.certificate = self.sock.getpeercert(binary_form=True) or b""

        def _new_conn(self) -> socket.socket:
            seconds = self.timeout if isinstance(self.timeout, int | float) else 10.0
            opened = lines.dial(seconds)
            opened.settimeout(seconds)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as urllib3's own: messages are small
            return opened

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool
