"""The console of a simulated machine: a small RFB server (RFC 6143) at one end of a socket pair.

It speaks what QEMU speaks to noVNC: version 3.8, no authentication, raw pixels, key events and QEMU's extended key
events (scan codes). The screen never changes its size, and being grey it looks the same in any order of the colours.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Callable

from orchestrator.hypervisor.fake_keyboard import Keyboard
from orchestrator.hypervisor.fake_screen import SIZE, Screen
from orchestrator.hypervisor.port import DomainState

EXTENDED_KEYS = -258
RAW = 0

_LOOK_S = 0.1
_CLIPBOARD_LIMIT = 1 << 16
_PIXELS = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)


def serve_console(screen: Screen, state: Callable[[], DomainState]) -> socket.socket:
    """The client's end; the server's lives in a thread until either end closes or the machine is off."""
    ours, theirs = socket.socketpair()
    threading.Thread(target=_Server(ours, screen, state).run, name="simulated-console", daemon=True).start()
    return theirs


class _Server:
    def __init__(self, sock: socket.socket, screen: Screen, state: Callable[[], DomainState]) -> None:
        self._socket = sock
        self._screen = screen
        self._state = state
        self._keyboard = Keyboard()
        self._shown: str | None = None
        self._asked = False
        self._announce_keys = False

    def run(self) -> None:
        """Until somebody hangs up or makes no sense."""
        with self._socket:
            try:
                self._greet()
                while self._state() in (DomainState.RUNNING, DomainState.PAUSED):
                    if select.select([self._socket], [], [], _LOOK_S)[0]:
                        self._message()
                    typed = self._screen.typed
                    if self._asked and (typed != self._shown or self._announce_keys):
                        self._update(typed)
            except (OSError, EOFError, ValueError, struct.error):
                return

    def _greet(self) -> None:
        self._socket.sendall(b"RFB 003.008\n")
        if self._read(12) != b"RFB 003.008\n":
            raise ValueError("another version")
        self._socket.sendall(b"\x01\x01")  # one kind of security: none
        if self._read(1) != b"\x01":
            raise ValueError("another security")
        self._socket.sendall(struct.pack(">I", 0))
        self._read(1)  # shared or not: all are
        name = b"simulated"
        self._socket.sendall(struct.pack(">HH", *SIZE) + _PIXELS + struct.pack(">I", len(name)) + name)

    def _message(self) -> None:
        kind = self._read(1)[0]
        if kind == 0:
            self._pixel_format(self._read(19)[3:])
        elif kind == 2:
            (count,) = struct.unpack(">xH", self._read(3))
            wanted = struct.unpack(f">{count}i", self._read(4 * count))
            self._announce_keys = EXTENDED_KEYS in wanted
        elif kind == 3:
            (changes_only,) = struct.unpack(">B8x", self._read(9))
            self._asked = True
            if not changes_only:
                self._shown = None
        elif kind == 4:
            down, keysym = struct.unpack(">B2xI", self._read(7))
            self._type(self._keyboard.keysym(keysym, down=bool(down)))
        elif kind == 5:
            self._read(5)  # the mouse moves nothing
        elif kind == 6:
            (length,) = struct.unpack(">3xi", self._read(7))
            self._read(min(abs(length), _CLIPBOARD_LIMIT))
        elif kind == 255:
            down, code = struct.unpack(">xH4xI", self._read(11))
            self._type(self._keyboard.scan(code, down=bool(down)))
        else:
            raise ValueError("unknown message")

    @staticmethod
    def _pixel_format(wanted: bytes) -> None:
        bits, _depth, _big, true_colour, red, green, blue = struct.unpack(">BBBBHHH", wanted[:10])
        if (bits, true_colour, red, green, blue) != (32, 1, 255, 255, 255):
            raise ValueError("another pixel format")

    def _type(self, character: str) -> None:
        if character and self._state() is DomainState.RUNNING:
            self._screen.type(character)

    def _update(self, typed: str) -> None:
        rectangles = []
        if self._announce_keys:
            rectangles.append(struct.pack(">HHHHi", 0, 0, 0, 0, EXTENDED_KEYS))
        pixels = self._screen.draw(typed).convert("RGBX").tobytes()
        rectangles.append(struct.pack(">HHHHi", 0, 0, *SIZE, RAW) + pixels)
        self._asked, self._announce_keys, self._shown = False, False, typed
        self._socket.sendall(struct.pack(">BxH", 0, len(rectangles)) + b"".join(rectangles))

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            chunk = self._socket.recv(count - len(data))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)
