"""A client of a console, for tests: RFB 3.8 (RFC 6143), raw pixels and QEMU's extended key events."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable
from time import monotonic
from types import TracebackType
from typing import Self

from PIL import Image, ImageChops

EXTENDED_KEYS = -258
DESKTOP_SIZE = -223
PATIENCE_S = 60.0


class Console:
    """One connection over a stream; the handshake is done when it is made."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        sock.settimeout(PATIENCE_S)
        assert self._read(12) == b"RFB 003.008\n"
        sock.sendall(b"RFB 003.008\n")
        assert 1 in self._read(self._read(1)[0]), "no authentication is wanted"
        sock.sendall(b"\x01")
        assert self._read(4) == b"\0\0\0\0"
        sock.sendall(b"\x01")
        self.size: tuple[int, int] = struct.unpack(">HH", self._read(4))
        self._read(16)
        self._read(struct.unpack(">I", self._read(4))[0])
        # 32 bits a pixel, little endian, blue first
        sock.sendall(struct.pack(">B3xBBBBHHHBBB3x", 0, 32, 24, 0, 1, 255, 255, 255, 16, 8, 0))
        sock.sendall(struct.pack(">BxHiii", 2, 3, 0, DESKTOP_SIZE, EXTENDED_KEYS))
        self.takes_scan_codes = False
        self._picture = Image.new("RGB", self.size)
        self.picture()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def picture(self) -> Image.Image:
        """The whole screen, now."""
        return self._asked(incremental=False)

    def change(self) -> Image.Image:
        """The screen once something of it has changed: only that is sent, as to a person who watches."""
        return self._asked(incremental=True)

    def _asked(self, *, incremental: bool) -> Image.Image:
        self._socket.sendall(struct.pack(">BBHHHH", 3, incremental, 0, 0, *self.size))
        drawn = False
        while not drawn:
            assert self._read(1) == b"\0", "only updates are expected"
            (count,) = struct.unpack(">xH", self._read(3))
            for _ in range(count):
                drawn = self._rectangle() or drawn
        return self._picture.copy()

    def await_picture(self, condition: Callable[[Image.Image], bool]) -> Image.Image:
        """The first picture that is as awaited."""
        until = monotonic() + PATIENCE_S
        while not condition(picture := self.picture()):
            assert monotonic() < until, "the screen never came to look as awaited"
        return picture

    def await_end(self) -> None:
        """Until the other side hangs up."""
        while self._socket.recv(1 << 16):
            pass

    def type_scan_codes(self, codes: Iterable[int]) -> None:
        """Press and release keys by their XT scan codes, one after the other."""
        for code in codes:
            self.press_together(code)

    def press_together(self, *codes: int) -> None:
        """Press keys in this order and release them in the other, as one does with AltGr."""
        for down, keys in ((1, codes), (0, tuple(reversed(codes)))):
            for code in keys:
                self._socket.sendall(struct.pack(">BBHII", 255, 0, down, 0, code))

    def _rectangle(self) -> bool:
        x, y, width, height, encoding = struct.unpack(">HHHHi", self._read(12))
        if encoding == EXTENDED_KEYS:
            self.takes_scan_codes = True
            return False
        if encoding == DESKTOP_SIZE:
            self.size = (width, height)
            self._picture = Image.new("RGB", self.size)
            return False
        assert encoding == 0
        pixels = self._read(width * height * 4)
        self._picture.paste(Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX"), (x, y))
        return True

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            chunk = self._socket.recv(count - len(data))
            assert chunk, "the console hung up"
            data += chunk
        return bytes(data)


def changed_width(before: Image.Image, now: Image.Image) -> int:
    """Width in pixels of the part that changed; a blinking cursor is narrow. A screen of another size: all of it."""
    if before.size != now.size:
        return now.size[0]
    box = ImageChops.difference(before, now).getbbox()
    return box[2] - box[0] if box else 0
