"""TLS on the side of a server of the tests, where the other side is free to hang up at any moment."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def greeted(context: ssl.SSLContext, line: socket.socket) -> Iterator[ssl.SSLSocket | None]:
    """A connection with TLS on it; None when nobody is there any more.

    Something is waited for first: ``ssl`` loses a socket, unclosed, that was reset before it takes it over.
    """
    try:
        there = line.recv(1, socket.MSG_PEEK)
    except OSError:
        there = b""
    if not there:
        yield None
        return
    try:
        talk = context.wrap_socket(line, server_side=True)
    except OSError:
        yield None
        return
    with talk:
        yield talk
