"""What people wrote during the jury's part, as stored: append-only, every entry as it was written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Row, insert, select

from orchestrator.exam.model import Book
from orchestrator.store.database import Transaction
from orchestrator.store.tables import record

BOOKS: tuple[Book, ...] = get_args(Book)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One entry of a book of a candidate.

    number: from 1 in its book. at: exam time, as in the journal. who: login name, a candidate's id, or the engine's.
    what: which kind of entry. document: what was written, as RFC 8785 JSON. digest: its SHA-256, as in the journal.
    """

    session: str
    candidate: str
    book: Book
    number: int
    at: datetime
    who: str
    what: str
    document: str
    digest: str


def add(tx: Transaction, new: Record) -> None:
    """Store an entry. Use ``orchestrator.engine.recording``, which writes the journal, too."""
    tx.execute(insert(record).values(asdict(new)))


def every(tx: Transaction, session: str, candidate: str, book: Book) -> list[Record]:
    """The entries of a candidate's book, the first one first."""
    query = select(record).where(record.c.session == session, record.c.candidate == candidate, record.c.book == book)
    return [_record(row) for row in tx.execute(query.order_by(record.c.number))]


def of_session(tx: Transaction, session: str, book: Book) -> dict[str, list[Record]]:
    """The entries of that book by candidate; who has none is not in it."""
    query = select(record).where(record.c.session == session, record.c.book == book)
    found: dict[str, list[Record]] = {}
    for row in tx.execute(query.order_by(record.c.candidate, record.c.number)):
        found.setdefault(row.candidate, []).append(_record(row))
    return found


def _record(row: Row[Any]) -> Record:
    return Record(**row._mapping)
