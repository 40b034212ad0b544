"""What a device writes to a terminal, as the lines that a person would see. Pure."""

from __future__ import annotations

import re

_PAGER = re.compile(
    r"(?:^|(?<=[\r\n]))[ \x08]*(?:<?-+ ?\(?[Mm]ore\b[^\r\n]{0,40}-+>?|Press any key to continue[ .]*)[ ]*\Z"
)
_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[()*+][A-Za-z0-9]|[=>78A-Z])"
)


def without_pager(written: str) -> str | None:
    """What was written without the pager that waits for a key at its end (``--More--``, ``---(more 40%)---``, ``<---
    More --->``); None when there is none."""
    tail = _SEQUENCE.sub("", written[-200:])
    found = _PAGER.search(tail)
    return written[:-200] + tail[: found.start()] if found else None


def shown(written: str) -> str:
    """The text without terminal sequences and what was rubbed out; lines end in ``\\n``."""
    text = _SEQUENCE.sub("", written).replace("\0", "").replace("\x07", "")
    return "\n".join(_line(line) for line in text.replace("\r\n", "\n").replace("\n\r", "\n").split("\n"))


def _line(written: str) -> str:
    """One line after its carriage returns and backspaces."""
    if "\r" not in written and "\b" not in written:
        return written.rstrip()
    cells: list[str] = []
    at = 0
    for sign in written:
        if sign == "\r":
            at = 0
        elif sign == "\b":
            at = max(0, at - 1)
        else:
            cells[at : at + 1] = [sign]
            at += 1
    return "".join(cells).rstrip()
