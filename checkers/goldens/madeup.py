"""Made-up values in the place of real ones: of the same shape, the same for the same original, and known as made up.

They are numbered as they come, so that two recordings of machines in the same state are alike.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from labs.text import Text

KINDS: dict[str, Text] = {
    "secret": Text("secret de la session", "secret of the session"),
    "pem": Text("bloc PEM", "PEM block"),
    "key": Text("clé de 256 bits en base64", "256-bit key in base64"),
    "password": Text("mot de passe ou phrase secrète", "password or passphrase"),
    "hash": Text("empreinte, ou nombre de 128 bits", "hash, or 128-bit number"),
    "recovery": Text("clé de récupération BitLocker", "BitLocker recovery key"),
    "product": Text("clé de produit", "product key"),
    "token": Text("jeton d'accès", "access token"),
    "sid": Text("partie machine d'un SID", "machine's part of a SID"),
    "guid": Text("identifiant unique (GUID)", "unique identifier (GUID)"),
    "mac": Text("adresse matérielle", "hardware address"),
    "serial": Text("numéro de série", "serial number"),
}
"""What is replaced, for people."""

_KEY = b"epreuve made-up key, number "  # 28 bytes, and 4 of the number


def _mac(number: int) -> str:
    low = number & 0xFF
    # RFC 7042, 2.1.2: for documentation; there are 256 of them.
    return f"00:00:5e:00:53:{low:02x}" if number < 256 else f"02:00:5e:53:{number >> 8 & 0xFF:02x}:{low:02x}"


_MADE: dict[str, Callable[[int], str]] = {
    "pem": lambda number: base64.b64encode(b"made up %d" % number).decode(),
    "key": lambda number: base64.b64encode(_KEY + b"%04d" % (number % 10000)).decode(),
    "password": lambda number: f"made-up-{number}",
    "hash": lambda number: f"{number:032x}",
    "hash64": lambda number: f"{number:064x}",
    "crypt": lambda number: f"$6$madeup${number}",
    "recovery": lambda number: "-".join(["000000"] * 7 + [f"{number % 65536 * 11:06d}"]),
    "product": lambda number: f"AAAAA-AAAAA-AAAAA-AAAAA-{number % 100000:05d}",
    "token": lambda number: f"made-up-{number}",
    "sid": lambda number: f"1000000000-2000000000-{3000000000 + number}",
    "guid": lambda number: f"00000000-0000-4000-8000-{number:012d}",
    "raid": lambda number: f"00000000:00000000:00000000:{number:08d}",
    "mac": _mac,
    "serial": lambda number: f"MADE-UP-{number}",
}
"""How each is made, by its number."""

_WORTH = 8
"""A shorter password may be a word that stands everywhere."""

_TOLD_AS = {"hash64": "hash", "crypt": "hash", "raid": "guid"}

MARKS = ("made-up-", "MADE-UP-", "‹secret:", "$6$madeup$")
"""How a text begins that needs no hiding."""


class MadeUp:
    """The made-up values of one recording. ``counts``: how many places were changed, by kind."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._known: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        self._own: set[str] = set()

    def learnt(self) -> dict[str, str]:
        """The passwords that were found, each with what stands for it. Where one of them stands again without a word
        that tells it, it is one all the same."""
        return {
            original: stands
            for (kind, original), stands in self._known.items()
            if kind == "password" and len(original) >= _WORTH
        }

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """What is replaced in this ``with`` block is not written, and so not counted."""
        before = self.counts.copy()
        yield
        self.counts = before

    def instead(self, kind: str, original: str) -> str:
        """What stands for this original, counted; one that is made up stays."""
        if original in self._own:
            return original
        key = (kind, original)
        if key not in self._known:
            self._numbers[kind] += 1
            self._known[key] = _MADE[kind](self._numbers[kind])
            self._own.add(self._known[key])
        if self._known[key] != original:
            self.counts[_TOLD_AS.get(kind, kind)] += 1
        return self._known[key]
