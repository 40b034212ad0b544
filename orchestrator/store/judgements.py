"""Judgements, as stored: every one of them, each as it was made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from orchestrator.store.database import Transaction
from orchestrator.store.tables import judgement


@dataclass(frozen=True, kw_only=True)
class StoredJudgement:
    """One judgement of a candidate's observation.

    number: from 1. why: the reason given, empty for the first. lab_hash: of the lab that judged. software: the version
    of Épreuve that did. observation: the hash of what was judged. document: what was found, as JSON.
    """

    session: str
    candidate: str
    number: int
    made_at: datetime
    who: str
    why: str
    lab_hash: str
    software: str
    observation: str
    document: str


def add(tx: Transaction, new: StoredJudgement) -> None:
    """Store a judgement."""
    tx.execute(insert(judgement).values(asdict(new)))


def every(tx: Transaction, session: str, candidate: str) -> list[StoredJudgement]:
    """The judgements of a candidate, the first one first."""
    query = select(judgement).where(judgement.c.session == session, judgement.c.candidate == candidate)
    return [_judgement(row) for row in tx.execute(query.order_by(judgement.c.number))]


def latest(tx: Transaction, session: str) -> dict[str, StoredJudgement]:
    """The last judgement of each candidate of a session."""
    last = (
        select(judgement.c.candidate, func.max(judgement.c.number).label("number"))
        .where(judgement.c.session == session)
        .group_by(judgement.c.candidate)
        .subquery()
    )
    query = select(judgement).join(
        last, (judgement.c.candidate == last.c.candidate) & (judgement.c.number == last.c.number)
    )
    return {row.candidate: _judgement(row) for row in tx.execute(query.where(judgement.c.session == session))}


def _judgement(row: Row[Any]) -> StoredJudgement:
    return StoredJudgement(**row._mapping)
