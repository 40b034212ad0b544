"""Writing into a candidate's books: one entry and the journal's word of it, together or not at all."""

from __future__ import annotations

import hashlib

import rfc8785
from pydantic import BaseModel

from orchestrator.engine.desk import Desk
from orchestrator.exam import commands, events
from orchestrator.exam.model import Book
from orchestrator.store import records
from orchestrator.store.database import Transaction
from orchestrator.store.records import Record


def record(
    desk: Desk, tx: Transaction, slug: str, candidate: str, book: Book, what: str, document: BaseModel, *, who: str
) -> Record:
    """Write an entry, in the write transaction that is open, in which its author has read what it answers to.

    what: which kind of entry, a slug. document: what is written; free text belongs here and nowhere else, since the
    purge deletes it and the journal keeps only its hash. Raises Refused: the books are shut (sealed or purged session),
    or there is nothing to write about (an absent candidate).
    """
    canonical = rfc8785.dumps(document.model_dump(mode="json"))
    digest = hashlib.sha256(canonical).hexdigest()
    sitting = desk.look(tx, slug).exam.candidates.get(candidate)
    number = 1 if sitting is None else sitting.records.get(book, 0) + 1
    order = commands.Record(who=who, candidate=candidate, book=book, number=number, what=what, digest=digest)
    (event,) = (one for one in desk.within(tx, slug, order) if isinstance(one, events.Recorded))
    new = Record(
        session=slug,
        candidate=candidate,
        book=book,
        number=number,
        at=event.at,
        who=who,
        what=what,
        document=canonical.decode(),
        digest=digest,
    )
    records.add(tx, new)
    return new
