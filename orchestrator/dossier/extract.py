"""A candidate's part of the journal, in a form that still proves its place in the whole (docs/journal.md).

One line of canonical JSON for every entry of the session, in order. What concerns the candidate or the whole session is
shown with all its columns. Of what concerns others only its number and its digest are there: nothing of it can be read,
and the chain still verifies from the first entry to the head. (Entries that were hashed whole, at first, have no digest
of their own: their hash stands there, and the chain begins anew behind it.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from orchestrator.dossier.manifest import Head
from orchestrator.sealed.manifest import canonical
from orchestrator.store.journal import GENESIS, chained, digest, is_as_hashed

COLUMNS = {"session", "seq", "at", "recorded_at", "who", "kind", "candidate", "why", "data", "prev_hash", "hash"}


class NoExtract(Exception):  # noqa: N818 - a finding
    """An extract does not verify. line: the first that does not, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Extract:
    """What an extract shows, by columns, and the head that it leads to."""

    shown: list[dict[str, Any]]
    head: Head


def write_extract(entries: Iterable[Mapping[str, Any]], candidate: str) -> bytes:
    """The extract of a journal (``journal.columns_of``) for one candidate."""
    lines = [dict(one) if one["candidate"] in (None, candidate) else _veiled(one) for one in entries]
    return b"".join(rfc8785.dumps(line) + b"\n" for line in lines)


def read_extract(content: bytes, session: str, candidate: str) -> Extract:
    """An extract that verifies. Raises NoExtract at the first line that does not."""
    shown: list[dict[str, Any]] = []
    last = GENESIS
    lines = content.split(b"\n")
    if lines.pop() or not lines:
        raise NoExtract(len(lines) + 1)
    for number, line in enumerate(lines, start=1):
        try:
            entry = canonical(line)
            following = _following(entry, number, last, (session, candidate))
        except (ValueError, KeyError, TypeError) as error:
            raise NoExtract(number) from error
        if following is None:
            raise NoExtract(number)
        last = following
        if "kind" in entry:
            shown.append(entry)
    return Extract(shown, Head(seq=len(lines), hash=last))


def _veiled(entry: Mapping[str, Any]) -> dict[str, Any]:
    own = digest(entry)
    if chained(entry["prev_hash"], own) == entry["hash"]:
        return {"entry": own, "seq": entry["seq"]}
    return {"hash": entry["hash"], "seq": entry["seq"]}


def _following(entry: dict[str, Any], number: int, last: str, whose: tuple[str, str]) -> str | None:
    """The hash that an entry adds to the chain; None when it cannot be the next one."""
    if entry["seq"] != number:
        return None
    if entry.keys() == {"entry", "seq"}:
        return chained(last, entry["entry"])
    if entry.keys() == {"hash", "seq"}:
        return str(entry["hash"])
    fits = entry.keys() == COLUMNS and entry["session"] == whose[0] and entry["candidate"] in (None, whose[1])
    return str(entry["hash"]) if fits and entry["prev_hash"] == last and is_as_hashed(entry) else None
