"""A session to store."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestrator.store import Store, Transaction
from orchestrator.store.exams import StoredCandidate, StoredSession, add_candidates, create
from orchestrator.store.examtime import Anchor
from orchestrator.store.journal import Entry, append

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)

NADIA = StoredCandidate(
    id="c01",
    surname="Le Goff-Quelennec",
    first_name="Nadia-Mahault",
    number="2026-NUMERO-77",
    birth_date=datetime(2001, 2, 3, tzinfo=UTC).date(),
    email="nadia.mahault@exemple.invalid",
)
KARIM = StoredCandidate(id="c02", surname="Ferhaoui", first_name="Karim", number="2026-NUMERO-78")


def new_session(slug: str = "juin", **changes: Any) -> StoredSession:
    values: dict[str, Any] = {
        "slug": slug,
        "lab_id": "tai-complet",
        "lab_folder": "/srv/labs/tai",
        "lab_hash": "a" * 64,
        "lab_version": "1.2",
        "format_id": "rncp37681-complet",
        "state": "draft",
        "document": json.dumps({"slug": slug, "candidates": {"c01": {"seat": "A1"}, "c02": {"seat": "A2"}}}),
        "created_at": NOON,
        "anchor": Anchor("boot-1", 5_000_000_000, NOON, NOON),
    }
    return StoredSession(**{**values, **changes})


def with_session(store: Store, slug: str = "juin", **changes: Any) -> None:
    """A stored session with its two candidates."""
    with store.write() as tx:
        create(tx, new_session(slug, **changes))
        add_candidates(tx, slug, [NADIA, KARIM])


def say(tx: Transaction, session: str = "juin", **changes: Any) -> Entry:
    """One more journal entry."""
    values: dict[str, Any] = {
        "at": NOON + timedelta(minutes=5),
        "who": "mdupont",
        "kind": "time-extended",
        "candidate": "c01",
        "why": "panne d'écran « poste A1 »",
        "data": {"seconds": 300},
    }
    return append(tx, session, **{**values, **changes})
