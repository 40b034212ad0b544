"""Personal data: shown to whom they concern, and forgotten in time. What is held, and why: docs/privacy.md."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import delete

from labs.text import Text
from orchestrator.store import benches as stored_benches
from orchestrator.store import exams, journal, judgements, records, seats
from orchestrator.store.database import Transaction, erase_after
from orchestrator.store.errors import RecordError
from orchestrator.store.tables import candidate as candidate_table
from orchestrator.store.tables import candidate_page, judgement, login, record, seat_code


def export_candidate(tx: Transaction, session: str, candidate: str, *, benches: Path | None = None) -> dict[str, Any]:
    """All that the database holds on one person, as JSON values.

    The candidate's own row (null once purged), their part of the exam's document, what they wrote on their own page,
    how they were judged, what was written about them and by them in the jury's part, their journal entries, bench and
    checkpoints. benches: the directory of benches, to name the files there, too. Raises RecordError when there is no
    such candidate.
    """
    stored = exams.load(tx, session)
    person = exams.find_candidate(tx, session, candidate)
    sitting = json.loads(stored.document).get("candidates", {}).get(candidate)
    entries = [asdict(entry) for entry in journal.entries(tx, session) if entry.candidate == candidate]
    bench = stored_benches.find_bench(tx, session, candidate)
    if person is None and sitting is None and not entries:
        raise RecordError(
            Text("Il n'y a pas de candidat de ce nom.", "There is no such candidate."),
            where=f"{session}/{candidate}",
            do=Text(
                "« epreuve session status » montre les candidats.", "“epreuve session status” shows the candidates."
            ),
        )
    exported: dict[str, Any] = to_jsonable_python(
        {
            "session": {"slug": session, "lab": stored.lab_id, "format": stored.format_id, "state": stored.state},
            "candidate": person and asdict(person),
            "sitting": sitting,
            "page": asdict(page) if (page := seats.pages(tx, session, candidate).get(candidate)) else None,
            "judgements": [
                asdict(one) | {"document": json.loads(one.document)} for one in judgements.every(tx, session, candidate)
            ],
            "records": [
                asdict(one) | {"document": json.loads(one.document)}
                for book in records.BOOKS
                for one in records.every(tx, session, candidate, book)
            ],
            "journal": entries,
            "bench": bench and asdict(bench),
            "checkpoints": [
                asdict(one) for one in stored_benches.checkpoints(tx, session, candidate, with_removed=True)
            ],
        }
    )
    if benches is not None:
        place = benches / session / candidate
        exported["files"] = sorted(str(file) for file in place.rglob("*") if file.is_file())
    return exported


def purge(tx: Transaction, session: str, *, now: datetime, early: bool = False) -> int:
    """Delete the personal data of a closed session; how many candidates. Its journal stays as it is.

    When the transaction ends, the files of the database hold no trace of them: see ``database.erase_after``. Can be
    done again, should that have been prevented. early: before the retention time is over.

    :raises RecordError: the session is not closed, or its retention time is not over.
    """
    stored = exams.load(tx, session)
    due = _due_at(stored)
    if due is None:
        raise RecordError(
            Text(
                "Cette session n'est pas close : rien ne s'efface.", "This session is not closed: nothing is deleted."
            ),
            where=session,
            do=Text("Fermez-la d'abord (session close).", "Close it first (session close)."),
        )
    if now < due and not early:
        raise RecordError(
            Text("Cette session doit encore être conservée.", "This session must still be kept."),
            where=f"{session}: {due:%Y-%m-%d}",
            do=Text(
                "Attendez cette date, ou purgez avant l'heure en disant pourquoi (--early --reason).",
                "Wait until that day, or purge before it and say why (--early --reason).",
            ),
        )
    for table in (candidate_page, seat_code, login, judgement, record):
        tx.execute(delete(table).where(table.c.session == session))
    deleted = tx.execute(delete(candidate_table).where(candidate_table.c.session == session)).rowcount
    if stored.purged_at is None:
        exams.mark_purged(tx, session, now)
    erase_after(tx)
    return deleted


def due_for_purge(tx: Transaction, now: datetime) -> list[str]:
    """The sessions whose retention time is over and whose personal data are still there, the oldest first."""
    dues = ((stored.slug, _due_at(stored)) for stored in exams.list_sessions(tx) if stored.purged_at is None)
    return [slug for slug, due in dues if due is not None and due <= now]


def _due_at(stored: exams.StoredSession) -> datetime | None:
    return None if stored.closed_at is None else stored.closed_at + timedelta(days=stored.retention_days)
