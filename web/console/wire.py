"""The browser's side of a console: websockify's WebSocket, with bounded memory, over a socket that does not block."""

from __future__ import annotations

import ssl

from websockify.websocket import WebSocketWantReadError, WebSocketWantWriteError
from websockify.websockifyserver import CompatibleWebSocket

LONGEST_MESSAGE = 1 << 18
"""Bytes. A key or a movement of the mouse is a few dozen; nothing that a browser sends here is nearly as long."""


class ConsoleSocket(CompatibleWebSocket):  # type: ignore[misc] # websockify has no types
    """Its messages are whole, its sending is remembered until the socket takes it."""

    _unsent: bytes | None = None

    @property
    def is_behind(self) -> bool:
        """Something is left to be sent: ``catch_up`` when the socket can be written to, ``post`` nothing more."""
        return self._unsent is not None

    def post(self, message: bytes) -> None:
        """Send a message, or as much of it as goes now."""
        self._unsent = message
        self.catch_up()

    def catch_up(self) -> None:
        """Go on with what is left."""
        try:
            self.sendmsg(self._unsent)
            self._unsent = None
        except WebSocketWantWriteError:
            pass

    def received(self) -> list[bytes] | None:
        """The messages that have come; None once the other side has closed."""
        messages = []
        try:
            while True:
                message = self.recvmsg()
                if message is None:
                    return None
                messages.append(message)
                if not self.pending():
                    return messages
        except WebSocketWantReadError:
            return messages

    # --- websockify speaks of sockets that would block, TLS has words of its own
    def _recv(self) -> bool:
        if len(self._recv_buffer) + len(self._partial_msg) > LONGEST_MESSAGE:
            raise ConnectionError("the message is too long")
        try:
            return bool(super()._recv())
        except ssl.SSLWantReadError:
            raise WebSocketWantReadError from None

    def _flush(self) -> None:
        try:
            super()._flush()
        except ssl.SSLWantWriteError:
            raise WebSocketWantWriteError from None
