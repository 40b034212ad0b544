"""Seat codes, and what stands on a candidate's own page."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from orchestrator.store.database import Transaction
from orchestrator.store.tables import candidate_page, seat_code

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No character that is read as another one (0 O, 1 I L, U V)."""
CODE_LENGTH = 8
"""30^8 codes: at ten guesses a minute, one of a room of 30 is found in some four thousand years."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A candidate's own page. notes: for the jury. ticked: tasks they ticked for themselves. hand_at: since when their
    hand is up. seen_at: the last sign of life of their browser."""

    notes: str = ""
    notes_at: datetime | None = None
    ticked: tuple[str, ...] = ()
    hand_at: datetime | None = None
    seen_at: datetime | None = None


def codes(tx: Transaction, session: str) -> dict[str, str]:
    """The seat codes of a session, by candidate."""
    query = select(seat_code.c.candidate, seat_code.c.code).where(seat_code.c.session == session)
    return {row.candidate: row.code for row in tx.execute(query)}


def ensure_codes(tx: Transaction, session: str, candidates: Iterable[str], now: datetime) -> dict[str, str]:
    """The seat codes of these candidates, drawn for those who have none."""
    known = codes(tx, session)
    for candidate in candidates:
        if candidate not in known:
            known[candidate] = _free_code(tx)
            tx.execute(
                insert(seat_code).values(session=session, candidate=candidate, code=known[candidate], made_at=now)
            )
    return known


def renew_code(tx: Transaction, session: str, candidate: str, now: datetime) -> str:
    """Another code for a candidate: the old one opens no more."""
    tx.execute(delete(seat_code).where(seat_code.c.session == session, seat_code.c.candidate == candidate))
    return ensure_codes(tx, session, [candidate], now)[candidate]


def whose(tx: Transaction, code: str) -> tuple[str, str] | None:
    """The session and the candidate of a code, as typed: case, spaces and hyphens do not count."""
    typed = "".join(code.upper().replace("-", "").split())
    row = tx.execute(select(seat_code.c.session, seat_code.c.candidate).where(seat_code.c.code == typed)).one_or_none()
    return None if row is None else (row.session, row.candidate)


def spelt(code: str) -> str:
    """A code as it is printed: ``ABCD-EFGH``."""
    return f"{code[:4]}-{code[4:]}"


def page(tx: Transaction, session: str, candidate: str) -> Page:
    """A candidate's page; empty when they never opened it."""
    return pages(tx, session, candidate).get(candidate, Page())


def pages(tx: Transaction, session: str, candidate: str | None = None) -> dict[str, Page]:
    """The pages of a session, by candidate."""
    query = select(candidate_page).where(candidate_page.c.session == session)
    if candidate is not None:
        query = query.where(candidate_page.c.candidate == candidate)
    found = {}
    for row in tx.execute(query):
        values = dict(row._mapping)
        del values["session"]
        of = values.pop("candidate")
        found[of] = Page(**{**values, "ticked": tuple(json.loads(values["ticked"]))})
    return found


def put(tx: Transaction, session: str, candidate: str, **values: Any) -> None:
    """Change fields of a candidate's page, by their names in ``Page``."""
    if "ticked" in values:
        values["ticked"] = json.dumps(sorted(values["ticked"]))
    first = {"notes": "", "ticked": "[]", **values}
    statement = upsert(candidate_page).values(session=session, candidate=candidate, **first)
    tx.execute(statement.on_conflict_do_update(index_elements=["session", "candidate"], set_=values))


def _free_code(tx: Transaction) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if whose(tx, code) is None:
            return code
