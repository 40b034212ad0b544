"""Sessions as an administrator sees them: to whom they are entrusted, nothing of what happens in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orchestrator.store import accounts, exams
from orchestrator.store.accounts import SessionRole
from orchestrator.store.database import Transaction
from orchestrator.store.exams import StoredSession

ROLES: tuple[SessionRole, ...] = ("supervisor", "jury")
"""Those that an administrator gives; a trial stays with its trainer."""


@dataclass(frozen=True)
class Staff:
    """A session and the ids of the accounts that it is entrusted to, by role."""

    slug: str
    state: str
    created_at: datetime
    entrusted: dict[SessionRole, list[str]]


def every(tx: Transaction) -> list[Staff]:
    """All sessions, the newest first."""
    return [_staff(tx, one) for one in reversed(exams.list_sessions(tx))]


def of(tx: Transaction, slug: str) -> Staff:
    """One session. Raises RecordError when there is none."""
    return _staff(tx, exams.load(tx, slug))


def _staff(tx: Transaction, stored: StoredSession) -> Staff:
    entrusted = {role: accounts.entrusted(tx, stored.slug, role) for role in ROLES}
    return Staff(stored.slug, stored.state, stored.created_at, entrusted)
