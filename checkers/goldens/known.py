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
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote, unquote_plus

from checkers.secrets import token

SHORT = 6
"""A secret of fewer characters is looked for as text only: in base64 or hexadecimal it would be found everywhere."""

_FOLD = r"(?:\r?\n[ \t])?"  # LDIF goes on in the next line, after a space
_WRAP = r"(?:\s|\\r|\\n)*"
_JSON_SHORT = {"\n": r"\\n", "\r": r"\\r", "\t": r"\\t", "\b": r"\\b", "\f": r"\\f", '"': r"\\\"", "\\": r"\\\\"}


def hide(text: str, secrets: Mapping[str, str]) -> tuple[str, int]:
    """The text without these secrets, and how many were replaced; the longest first, as one may contain another."""
    count = 0
    for name, value in sorted(secrets.items(), key=lambda item: -len(item[1])):
        if not value:
            continue
        text, found = _escaped(value).subn(lambda _match, name=name: token(name), text)  # type: ignore[misc]
        count += found
        if len(value) >= SHORT:
            text, found = _hide_encoded(text, value)
            count += found
    return text, count


def leaks(text: str, secrets: Mapping[str, str]) -> list[str]:
    """The names of the secrets that somebody who tries can still read in a text, even written twice over."""
    wanted = {name: value for name, value in secrets.items() if value}
    found = set()
    for view in _views(text, 2):
        found |= {name for name, value in wanted.items() if value in view and (view is text or len(value) >= SHORT)}
    return sorted(found)


@cache
def _escaped(value: str) -> re.Pattern[str]:
    return re.compile(_FOLD.join(_any_of(character) for character in value))


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


def _encodings(value: str) -> Iterator[tuple[str, str, int, int]]:
    """A secret as it stands in hexadecimal and in base64 of something that holds it: the alphabet, the letters that it
    alone decides, and how many on each side hold some of it too."""
    for data in (value.encode(), value.encode("utf-16-le")):
        yield "hex", data.hex(), 0, 0
        for before in range(3):  # it may begin at any place of a group of three bytes
            padded = b"\0" * before + data + b"\0" * (-(before + len(data)) % 3)
            first, last = -(-8 * before // 6), 8 * (before + len(data)) // 6
            yield (
                "base64",
                base64.b64encode(padded).decode()[first:last],
                before > 0,
                last * 6 < 8 * (before + len(data)),
            )


_LETTERS = {
    "base64": re.compile(r"(?P<skip>\s|\\[rn]|\\(?=/))|(?P<plus>%2[Bb]|\\u002[Bb]|-)|(?P<slash>%2[Ff]|_)|.", re.DOTALL),
    "hex": re.compile(r"(?P<skip>(?<![0-9a-fA-F])0x|\\x|[\s:,-])|(?P<plus>(?!))|(?P<slash>(?!))|.", re.DOTALL),
}
"""Text letter by letter, as one reads what is encoded: over line ends, and with what stands for ``+`` and ``/``."""

_FILLER = {"base64": "A", "hex": "2"}


def _hide_encoded(text: str, value: str) -> tuple[str, int]:
    """The text with a secret in it overwritten where it is encoded; lengths stay, and so does what is around."""
    count = 0
    read: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    for alphabet, core, before, after in _encodings(value):
        letters, spans = read.get(alphabet) or _letters(text, alphabet)
        read[alphabet] = letters, spans
        marked: set[int] = set()
        at = letters.find(core)
        while at >= 0:
            marked.update(range(max(0, at - before), min(len(spans), at + len(core) + after)))
            count += 1
            at = letters.find(core, at + len(core))
        if marked:
            characters = list(text)
            for place in marked:
                start, end = spans[place]
                characters[start:end] = _FILLER[alphabet] * (end - start)
            text = "".join(characters)
            read.clear()
    return text, count


def _letters(text: str, alphabet: str) -> tuple[str, list[tuple[int, int]]]:
    letters, spans = [], []
    for match in _LETTERS[alphabet].finditer(text):
        if match["skip"] is None:
            letters.append("+" if match["plus"] else "/" if match["slash"] else match[0])
            spans.append(match.span())
    joined = "".join(letters)
    return joined.lower() if alphabet == "hex" and len(joined.lower()) == len(joined) else joined, spans


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
