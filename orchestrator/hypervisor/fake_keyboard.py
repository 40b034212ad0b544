"""What the keys of a French keyboard write in a simulated machine: as in the images, xkb's ``fr(latin9)``, without the
letters of other languages. A key is known by its XT scan code, which is what QEMU's extended key event carries."""

from __future__ import annotations

import unicodedata

BACKSPACE, ENTER = "\b", "\n"

_SHIFT = {0x2A, 0x36}
_ALT_GR = 0xB8
_OTHER_HELD = {0x1D, 0x9D, 0x38, 0xDB, 0xDC}
"""Control, Alt and the logo keys: with one of them held a key writes nothing."""

# first scan code of a row: plain, with Shift, with AltGr; a space: nothing
_ROWS = (
    (0x02, "&é\"'(-è_çà)=", "1234567890°+", " ~#{[| \\^@]}"),
    (0x10, "azertyuiop^$", "AZERTYUIOP¨£", "  €         "),
    (0x1E, "qsdfghjklmù", "QSDFGHJKLM%", "           "),
    (0x2B, "*wxcvbn,;:!", "µWXCVBN?./§", "           "),
    (0x56, "<", ">", " "),
)
_KEYS = {
    (first + position, level): character
    for first, *levels in _ROWS
    for level, row in enumerate(levels)
    for position, character in enumerate(row)
    if character != " "
} | {(0x39, 0): " ", (0x39, 1): " ", (0x1C, 0): ENTER, (0x0E, 0): BACKSPACE}
_DEAD = {
    (0x1A, 0): "\N{COMBINING CIRCUMFLEX ACCENT}",
    (0x1A, 1): "\N{COMBINING DIAERESIS}",
    (0x08, 2): "\N{COMBINING GRAVE ACCENT}",
}
_ALONE = {"\N{COMBINING CIRCUMFLEX ACCENT}": "^", "\N{COMBINING DIAERESIS}": "¨", "\N{COMBINING GRAVE ACCENT}": "`"}
"""What an accent writes with a space."""

_KEYSYMS = {0xFF0D: ENTER, 0xFF08: BACKSPACE}


class Keyboard:
    """One keyboard: which keys are held, and an accent that waits for its letter."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._accent = ""

    def scan(self, code: int, *, down: bool) -> str:
        """What pressing or releasing this key writes: a character, or nothing."""
        if not down:
            self._held.discard(code)
            return ""
        self._held.add(code)
        if self._held & _OTHER_HELD:
            return ""
        level = 2 if _ALT_GR in self._held else 1 if self._held & _SHIFT else 0
        if (code, level) in _DEAD:
            self._accent = _DEAD[code, level]
            return ""
        character = _KEYS.get((code, level), "")
        if not character or not self._accent:
            return character
        accent, self._accent = self._accent, ""
        composed = _ALONE[accent] if character == " " else unicodedata.normalize("NFC", character + accent)
        return composed if len(composed) == 1 else ""

    @staticmethod
    def keysym(keysym: int, *, down: bool) -> str:
        """What a plain key event writes: the client has said which character it is (RFC 6143, 7.5.4)."""
        if not down:
            return ""
        code = keysym & 0xFFFFFF if keysym >> 24 == 1 else keysym
        if keysym in _KEYSYMS:
            return _KEYSYMS[keysym]
        if 0xFD00 <= keysym <= 0xFFFF:  # a key that writes nothing, such as AltGr (ISO_Level3_Shift, 0xFE03)
            return ""
        return chr(code) if code < 0xFF00 and chr(code).isprintable() else ""
