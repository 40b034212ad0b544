"""The journal of a session: what happened, who did it and why, in an order that cannot be changed unseen.

Entries are only ever added (triggers refuse anything else) and each holds the hash of the one before. An entry can be
shown to somebody by its digest alone, and the chain still verifies: so a candidate's dossier proves its place in the
journal and shows nothing of the others. How to verify a journal without Épreuve: docs/journal.md. Candidates are named
by their id only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import rfc8785
from sqlalchemy import insert, select

from labs.text import Text
from orchestrator.store.database import Transaction
from orchestrator.store.errors import StoreError
from orchestrator.store.tables import journal
from orchestrator.store.values import from_text, to_text

GENESIS = "0" * 64
"""``prev_hash`` of a session's first entry."""


class Head(NamedTuple):
    """The last entry's number and hash; (0, GENESIS) when there is none."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Entry:
    """One entry.

    seq: from 1, without gaps. at: the exam time. recorded_at: the host's wall clock at that moment. who: login name of
    the supervisor, or the service. kind, data: the event's. candidate: an id, None when it concerns the room.
    hash: see ``chained``.
    """

    session: str
    seq: int
    at: datetime
    recorded_at: datetime
    who: str
    kind: str
    candidate: str | None
    why: str
    data: Mapping[str, Any]
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Problem:
    """What is wrong at an entry of a journal.

    gap: entries are missing before it. altered: it is not what was hashed. chain: it does not follow the one before.
    order: it follows another one.
    """

    session: str
    seq: int
    kind: Literal["gap", "altered", "chain", "order"]

    @property
    def text(self) -> Text:
        """One sentence."""
        meaning = {
            "gap": Text("il manque des entrées avant celle-ci", "entries are missing before it"),
            "altered": Text("l'entrée a été modifiée", "the entry was altered"),
            "chain": Text("l'entrée précédente n'est plus celle d'origine", "the entry before it is not the first one"),
            "order": Text("l'entrée n'est pas à sa place", "the entry is not in its place"),
        }[self.kind]
        return Text(
            f"Journal de {self.session}, entrée {self.seq} : {meaning.fr}.",
            f"Journal of {self.session}, entry {self.seq}: {meaning.en}.",
        )


def append(
    tx: Transaction,
    session: str,
    *,
    at: datetime,
    who: str,
    kind: str,
    candidate: str | None,
    why: str,
    data: Mapping[str, Any],
) -> Entry:
    """Add an entry. data: the event as JSON values; numbers within ±2**53, as RFC 8785 needs.

    :raises StoreError: a value cannot be written as canonical JSON.
    """
    last = head(tx, session)
    columns: dict[str, Any] = {
        "session": session,
        "seq": last.seq + 1,
        "at": to_text(at),
        "recorded_at": to_text(datetime.now(UTC)),
        "who": who,
        "kind": kind,
        "candidate": candidate,
        "why": why,
        "prev_hash": last.hash,
    }
    try:
        columns["data"] = rfc8785.dumps(dict(data)).decode()
        columns["hash"] = chained(last.hash, digest(columns))
    except (ValueError, RecursionError) as error:
        raise StoreError(
            Text("Cet évènement ne peut pas être écrit au journal.", "This event cannot be written to the journal."),
            where=f"{session}: {kind}: {error}",
            do=Text("Retirez les caractères spéciaux du motif.", "Remove the special characters of the reason."),
        ) from error
    tx.execute(insert(journal).values(columns))
    return _entry(columns)


def entries(tx: Transaction, session: str, after: int = 0, limit: int | None = None) -> list[Entry]:
    """Entries in order, those after a number. limit: at most so many. Raises StoreError when one cannot be read."""
    query = select(journal).where(journal.c.session == session, journal.c.seq > after).order_by(journal.c.seq)
    return [_entry(row._mapping) for row in tx.execute(query.limit(limit))]


def head(tx: Transaction, session: str) -> Head:
    """The last entry. Printed or sent away, it proves later that nothing before it was changed or cut off."""
    query = select(journal.c.seq, journal.c.hash).where(journal.c.session == session)
    row = tx.execute(query.order_by(journal.c.seq.desc()).limit(1)).one_or_none()
    return Head(0, GENESIS) if row is None else Head(row.seq, row.hash)


def verify(tx: Transaction, session: str) -> list[Problem]:
    """What is wrong with a journal, in order; nothing when it is as written.

    What no chain can show by itself: entries cut off at the end, or a whole journal written anew. See ``head``.
    """
    rows = tx.execute(select(journal).where(journal.c.session == session).order_by(journal.c.seq)).all()
    known = {GENESIS, *(row.hash for row in rows)}
    problems = []
    last = Head(0, GENESIS)
    for row in rows:
        if row.seq != last.seq + 1:
            problems.append(Problem(session, row.seq, "gap"))
        elif row.prev_hash != last.hash:
            problems.append(Problem(session, row.seq, "order" if row.prev_hash in known else "chain"))
        if not is_as_hashed(dict(row._mapping)):
            problems.append(Problem(session, row.seq, "altered"))
        last = Head(row.seq, row.hash)
    return problems


def columns_of(tx: Transaction, session: str) -> list[dict[str, Any]]:
    """Every entry in order, with its columns as they are hashed: ``data`` and moments as text."""
    rows = tx.execute(select(journal).where(journal.c.session == session).order_by(journal.c.seq))
    return [dict(row._mapping) for row in rows]


def digest(columns: Mapping[str, Any]) -> str:
    """SHA-256 of what an entry says: its columns but the two hashes. Raises ValueError: RFC 8785 cannot write one."""
    return _sha256({name: value for name, value in columns.items() if name not in ("prev_hash", "hash")})


def chained(prev_hash: str, digest: str) -> str:
    """The hash of an entry: of what it says, and of all before it."""
    return _sha256({"entry": digest, "prev_hash": prev_hash})


def is_as_hashed(columns: Mapping[str, Any]) -> bool:
    """Whether an entry's hash is its own. At first entries were hashed whole, ``prev_hash`` among the columns."""
    whole = {name: value for name, value in columns.items() if name != "hash"}
    try:
        return columns["hash"] in (chained(columns["prev_hash"], digest(columns)), _sha256(whole))
    except ValueError:  # a value of a type that no entry has
        return False


def _sha256(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(dict(value))).hexdigest()


def _entry(columns: Mapping[Any, Any]) -> Entry:
    values = dict(columns)
    try:
        values["at"] = from_text(values["at"])
        values["recorded_at"] = from_text(values["recorded_at"])
        values["data"] = json.loads(values["data"])
    except (TypeError, ValueError) as error:
        raise StoreError(
            Text("Une entrée du journal est illisible.", "An entry of the journal cannot be read."),
            where=f"{values['session']}: {values['seq']}: {error}",
            do=Text(
                "Le journal a été modifié : gardez la base et restaurez une sauvegarde.",
                "The journal was altered: keep the database, and restore a backup.",
            ),
        ) from error
    return Entry(**values)
