"""Group policies: links in the directory (MS-GPOL 2.2.2), files in SYSVOL, and what samba-gpupdate noted as applied."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_LINK = re.compile(r"\[LDAP://(?:cn=)?(\{[0-9A-Fa-f-]{36}\})[^;\]]{0,500};([0-9]{1,3})\]", re.IGNORECASE)
_VERSION = re.compile(r"^\s*version\s*=\s*([0-9]{1,10})\s*$", re.IGNORECASE | re.MULTILINE)
_ATTRIBUTE = re.compile(r'<attribute name="([^"]{0,500})">([^<]*)</attribute>')
_ESCAPE = re.compile(rb"\\([0-9A-F]{2})")
_PAIR = re.compile(rb'^key\([0-9]{1,9}\) = "([^"\n]*)"\ndata\([0-9]{1,9}\) = "([^"\n]*)"$', re.MULTILINE)
_NEW = re.compile(r"<new_val>([^<]*)</new_val>")
_TEXT = re.compile(r"<text>([^<]{0,65536})</text>")

LINK_DISABLED, LINK_ENFORCED = 1, 2
USER_PART_OFF, COMPUTER_PART_OFF = 1, 2


@dataclass(frozen=True)
class Link:
    """A policy linked to a unit."""

    guid: str
    disabled: bool
    enforced: bool


def links(text: str) -> list[Link]:
    """The links in a gPLink attribute, in its order."""
    return [
        Link(match[1].upper(), bool(int(match[2]) & LINK_DISABLED), bool(int(match[2]) & LINK_ENFORCED))
        for match in _LINK.finditer(text)
    ]


def version(ini: str) -> int:
    """The version in a GPT.INI: user part × 65536 + computer part; 0 when there is none."""
    match = _VERSION.search(ini)
    return int(match[1]) if match is not None else 0


def manifest_text(xml: str) -> str | None:
    """The text in a manifest of a message (VGP, "Text File"); None when it holds none."""
    match = _TEXT.search(xml)
    return html.unescape(match[1]) if match is not None else None


@dataclass(frozen=True)
class Applied:
    """One setting that samba-gpupdate noted. value: the new value when the extension keeps it, else its note."""

    guid: str
    extension: str
    name: str
    value: str


def dump(text: str) -> dict[str, str]:
    """Keys and values in an output of ``tdbdump``, its ``\\XX`` escapes resolved."""

    def plain(data: bytes) -> str:
        return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), data).decode("utf-8", "replace")

    return {plain(match[1]): plain(match[2]) for match in _PAIR.finditer(text.encode())}


def applied(log: str) -> list[Applied]:
    """The settings in the log of samba-gpupdate (``gpo.tdb``, one XML text per account)."""
    found: list[Applied] = []
    for piece in log.split('<guid value="')[1:500]:
        guid, _, rest = piece.partition('"')
        for part in rest.partition("</guid>")[0].split('<gp_ext name="')[1:200]:
            extension, _, body = part.partition('"')
            for match in _ATTRIBUTE.finditer(body):
                note = html.unescape(match[2])
                new = _NEW.search(note)
                found.append(Applied(guid.upper(), extension, match[1], html.unescape(new[1]) if new else note))
    return found
