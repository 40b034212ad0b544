"""Rich text of GLPI as plain text. GLPI stores HTML, and its older versions store that with its entities encoded."""

from __future__ import annotations

import html
from html.parser import HTMLParser

from orchestrator.tickets.documents import PROSE, clean

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "pre", "blockquote"})
_UNSEEN = frozenset({"script", "style", "head", "title"})
NOTHING = "–"
"""Where GLPI has no words."""


def plain(value: object, most: int = PROSE) -> str:
    """The words of a field, at most so many characters of them; NOTHING when there are none."""
    text = value if isinstance(value, str) else ""
    if "<" not in text and ("&lt;" in text or "&#60;" in text):
        text = html.unescape(text)
    reader = _Words()
    reader.feed(text[: most * 20])
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.words).splitlines()]
    words = str(clean("\n".join(line for line in lines if line)))
    return (words if len(words) <= most else words[: most - 1] + "…") or NOTHING


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)
