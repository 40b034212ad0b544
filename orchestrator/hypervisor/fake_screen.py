"""The screen of a simulated machine: that it is simulated, which machine it is, and what was typed on it."""

from __future__ import annotations

import io
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from labs.files import write_atomic
from orchestrator.hypervisor.fake_keyboard import BACKSPACE

if TYPE_CHECKING:
    from PIL import Image

SIZE = (800, 500)
"""Width and height in pixels."""

_KEPT = 4000
_LINES = 15
_COLUMNS = 68
_CELL = (11, 25)
_PAPER, _INK, _FAINT = 16, 235, 150

_MARKS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0308": '"', "\u0327": ","}
"""Pillow's own font, which is there on every host, has no more than ASCII: accents are struck over their letter."""
_ABOVE = set(_MARKS) - {"\u0327"}


class Screen:
    """What was typed is kept in a file, when there is one: another process, or a console opened later, shows it too."""

    def __init__(self, title: str, file: Path | None) -> None:
        self._title = title
        self._file = file
        self._typed = ""

    @property
    def typed(self) -> str:
        """The last characters that were typed."""
        if self._file is not None:
            with suppress(OSError, UnicodeDecodeError):
                return self._file.read_text(encoding="utf-8")
        return self._typed

    def type(self, character: str) -> None:
        """One character more, or one less."""
        typed = self.typed
        self._typed = typed[:-1] if character == BACKSPACE else (typed + character)[-_KEPT:]
        if self._file is not None:
            self._file.parent.mkdir(mode=0o700, exist_ok=True)
            write_atomic(self._file, self._typed.encode(), mode=0o600)

    def clear(self) -> None:
        """As after a restart."""
        self._typed = ""
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def draw(self, typed: str) -> Image.Image:
        """The picture, in greys, with this typed on it."""
        # Imported late: a simulated host does much that nobody looks at.
        from PIL import Image, ImageDraw, ImageFont

        image = Image.new("L", SIZE, _PAPER)
        pen = ImageDraw.Draw(image)
        pen.text((24, 18), "MACHINE SIMULEE · SIMULATED MACHINE", fill=_FAINT, font=ImageFont.load_default(22))
        pen.text((24, 54), self._title, fill=_INK, font=ImageFont.load_default(30))
        font = ImageFont.load_default(18)
        rows = [line[at : at + _COLUMNS] for line in typed.split("\n") for at in range(0, len(line) or 1, _COLUMNS)]
        rows[-1] += "_"
        for row, line in enumerate(rows[-_LINES:]):
            for column, character in enumerate(line):
                place = (29 + column * _CELL[0], 112 + row * _CELL[1])
                letter, *accents = list(unicodedata.normalize("NFD", character.replace("€", "C=")))
                pen.text(place, letter, fill=_INK, font=font, anchor="ma")
                for accent in accents:
                    above = (place[0], place[1] - (3 if accent in _ABOVE else 0))
                    pen.text(above, _MARKS.get(accent, accent), fill=_INK, font=font, anchor="ma")
        return image

    def png(self) -> bytes:
        """The picture as it is now."""
        buffer = io.BytesIO()
        self.draw(self.typed).save(buffer, "PNG")
        return buffer.getvalue()
