"""The audit log: what was done to the installation itself. What concerns an exam stands in its session's journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from orchestrator.store.database import Transaction
from orchestrator.store.tables import audit


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One deed. what: a word for programs (``login``, ``account-made``…). about: whom or what it concerned."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    address: str


def note(tx: Transaction, *, at: datetime, who: str, what: str, about: str = "", address: str = "") -> None:
    """Add an entry."""
    tx.execute(insert(audit).values(at=at, who=who, what=what, about=about[:200], address=address[:64]))


def latest(tx: Transaction, limit: int, *, before: int | None = None) -> list[Entry]:
    """The newest entries first; ``before``: older than this one."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [Entry(**row._mapping) for row in tx.execute(query)]
