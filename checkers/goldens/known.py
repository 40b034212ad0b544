"""A secret that is known, found in a text however it is written there: as it is, escaped for JSON, XML or an address,
in hexadecimal or in base64, of UTF-8 or of the UTF-16 that PowerShell takes.

``hide`` replaces, ``leaks`` looks whether something is left. They work in opposite ways on purpose: the first writes
the secret in every way and looks for that, the second reads the text in every way and looks for the secret.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import string
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from urllib.parse import unquote, unquote_plus

from checkers.secrets import token

SHORT = 6
"""A secret of fewer characters is looked for as text only: in base64 or hexadecimal it would be found everywhere."""

_FOLD = r"(?:\r?\n[ \t])?"  # LDIF goes on in the next line, after a space
_WRAP = r"(?:\s|\\r|\\n)*"
_JSON_SHORT = {"\n": r"\\n", "\r": r"\\r", "\t": r"\\t", "\b": r"\\b", "\f": r"\\f", '"': r"\\\"", "\\": r"\\\\"}


def hide(text: str, secrets: Mapping[str, str], mark: Callable[[str], str] = token) -> tuple[str, int]:
    """The text without these secrets, and how many were replaced; the longest first, as one may contain another.

    mark: what stands for one that is readable as text; where it is encoded it is overwritten.
    """
    count = 0
    by_length = sorted(((name, value) for name, value in secrets.items() if value), key=lambda item: -len(item[1]))
    for name, value in by_length:
        text, found = _hide_escaped(text, value, mark(name))
        count += found
    text, found = _hide_encoded(text, [value for _, value in by_length if len(value) >= SHORT])
    return text, count + found


def leaks(text: str, secrets: Mapping[str, str]) -> list[str]:
    """The names of the secrets that somebody who tries can still read in a text, even written twice over."""
    wanted = {name: value for name, value in secrets.items() if value}
    found = set()
    for view in _views(text, 2):
        found |= {name for name, value in wanted.items() if value in view and (view is text or len(value) >= SHORT)}
    return sorted(found)


def _hide_escaped(text: str, value: str, mark: str) -> tuple[str, int]:
    """The text with a mark for the value wherever it stands, whichever of its characters are escaped."""
    whole, begins = _escaped(value)
    kept, done, count = [], 0, 0
    for begin in begins.finditer(text):
        found = whole.match(text, begin.start()) if begin.start() >= done else None
        if found is not None:
            kept += [text[done : found.start()], mark]
            done, count = found.end(), count + 1
    return "".join(kept) + text[done:], count


@cache
def _escaped(value: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a value looks like in all escapes, and what it begins with: looked for first, a hundred times faster.

    It begins with its first character and then the second, an escape or a fold; or with its first character escaped.
    """
    escapes = r"\%&+"
    after = "(?=[" + re.escape(f"{escapes}\r\n{value[1]}") + "])" if len(value) > 1 else ""
    first = f"(?<=(?={_any_of(value[0])}).)"  # read again from there on
    begins = [re.escape(value[0]) + after, *(re.escape(escape) + first for escape in escapes)]
    return re.compile(_FOLD.join(_any_of(character) for character in value)), re.compile("|".join(begins), re.DOTALL)


def _any_of(character: str) -> str:
    """One character, as it is or in any of its escapes."""
    units = character.encode("utf-16-be")
    unicode = "".join(rf"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    percent = "".join(f"%{byte:02x}" for byte in character.encode())
    point = ord(character)
    ways = [re.escape(character), f"(?i:{unicode}|{percent}|&#0*{point};|&#x0*{point:x};)"]
    if (entity := html.escape(character)) != character:
        ways.append(re.escape(entity))
    if character in _JSON_SHORT:
        ways.insert(0, _JSON_SHORT[character])
    elif not character.isalnum():
        ways.append(r"\\" + re.escape(character))
    if character == "'":
        ways.append("&apos;")
    if character == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


@cache
def _encodings(value: str) -> tuple[tuple[str, str, int, int], ...]:
    """A secret as it stands in hexadecimal and in base64 of something that holds it: the alphabet, the letters that it
    alone decides, and how many on each side hold some of it too."""
    found: list[tuple[str, str, int, int]] = []
    for data in (value.encode(), value.encode("utf-16-le")):
        found.append(("hex", data.hex(), 0, 0))
        for before in range(3):  # it may begin at any place of a group of three bytes
            padded = b"\0" * before + data + b"\0" * (-(before + len(data)) % 3)
            first, last = -(-8 * before // 6), 8 * (before + len(data)) // 6
            core = base64.b64encode(padded).decode()[first:last]
            found.append(("base64", core, before > 0, last * 6 < 8 * (before + len(data))))
    return tuple(found)


_READ_AS = {
    "base64": re.compile(r"(?P<skip>\s|\\[rn]|\\(?=/))|(?P<plus>%2[Bb]|\\u002[Bb]|-)|(?P<slash>%2[Ff]|_)"),
    "hex": re.compile(r"(?P<skip>(?<![0-9a-fA-F])0x|\\x|[\s:,-])|(?P<plus>(?!))|(?P<slash>(?!))"),
}
"""What is not read as it stands in what is encoded: line ends and separators, and what stands for ``+`` and ``/``."""

_FILLER = {"base64": "A", "hex": "2"}
_DIGITS = {"base64": frozenset(string.ascii_letters + string.digits + "+/"), "hex": frozenset(string.hexdigits)}
_SMALL = str.maketrans("ABCDEF", "abcdef")


class _Letters:
    """A text letter by letter, as one reads what is encoded. ``text``: the letters."""

    def __init__(self, text: str, alphabet: str) -> None:
        parts: list[str] = []
        self._runs: list[int] = []  # at which letter each run of letters that stand together begins
        self._places: list[tuple[int, int]] = []  # where it begins in the text, and how wide its letters are there
        read = end = 0

        def take(letters: str, place: int, width: int) -> None:
            nonlocal read
            parts.append(letters)
            self._runs.append(read)
            self._places.append((place, width))
            read += len(letters)

        for match in _READ_AS[alphabet].finditer(text):
            if match.start() > end:
                take(text[end : match.start()], end, 1)
            end = match.end()
            if match["skip"] is None:
                take("+" if match["plus"] else "/", match.start(), end - match.start())
        take(text[end:], end, 1)
        self.text = "".join(parts).translate(_SMALL) if alphabet == "hex" else "".join(parts)

    def span(self, letter: int) -> tuple[int, int]:
        """Where a letter stands in the text."""
        run = bisect_right(self._runs, letter) - 1
        place, width = self._places[run]
        start = place + letter - self._runs[run]
        return start, start + width


def _hide_encoded(text: str, values: Sequence[str]) -> tuple[str, int]:
    """The text with values in it overwritten where they are encoded; lengths stay, and so does what is around."""
    count = 0
    read = {alphabet: _Letters(text, alphabet) for alphabet in _READ_AS} if values else {}
    marked: dict[str, set[int]] = {alphabet: set() for alphabet in read}
    for value in values:
        for alphabet, core, before, after in _encodings(value):
            letters = read[alphabet].text
            at = letters.find(core)
            while at >= 0:
                reach = range(max(0, at - before), min(len(letters), at + len(core) + after))
                # What stands beside it may be no letter of it: a line's own words, or what parts two texts.
                marked[alphabet].update(place for place in reach if letters[place] in _DIGITS[alphabet])
                count += 1
                at = letters.find(core, at + len(core))
    if not count:
        return text, 0
    characters = list(text)
    for alphabet, places in marked.items():
        for place in places:
            start, end = read[alphabet].span(place)
            characters[start:end] = _FILLER[alphabet] * (end - start)
    return "".join(characters), count


def _views(text: str, depth: int) -> Iterator[str]:
    """A text, and all that can be read in it."""
    yield text
    if depth == 0:
        return
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    plain = [unfolded, "".join(text.split()), unquote(text), unquote_plus(text), html.unescape(text), _from_json(text)]
    seen = {text}
    for view in [*plain, *_decoded(text)]:
        if view not in seen:
            seen.add(view)
            yield from _views(view, depth - 1)


def _from_json(text: str) -> str:
    """A text with what JSON escapes read; faults in it stay."""

    def read(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else _JSON_READ.get(match[2], match[2])

    read_once = re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", read, text, flags=re.DOTALL)
    return read_once.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_JSON_READ = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def _decoded(text: str) -> Iterator[str]:
    """What the base64 and the hexadecimal in a text say."""
    joined = re.sub(_WRAP, "", text.replace("\\/", "/")).translate(str.maketrans("-_", "+/"))
    for run in re.findall(r"[A-Za-z0-9+/]{8,}", joined):
        for start in range(4):
            part = run[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield from _as_text(binascii.a2b_base64(part + "=" * (-len(part) % 4)))
    for run in re.findall(r"(?:[0-9a-fA-F]{2,}(?:,? ?0x|\\x|[ :,-])?)+", text):
        digits = re.sub(r"0x|\\x|[ :,-]", "", run)
        for start in range(2):
            part = digits[start:]
            yield from _as_text(bytes.fromhex(part[: len(part) // 2 * 2]))


def _as_text(data: bytes) -> Iterator[str]:
    yield data.decode("utf-8", "ignore")
    yield data.decode("utf-16-le", "ignore")
    yield data[1:].decode("utf-16-le", "ignore")
