"""Benches and checkpoints, as stored: where a bench is made, how its making goes, what was kept of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Row, insert, select, update

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from orchestrator.store.tables import bench, checkpoint

CheckpointKind = Literal["checkpoint", "kept-aside"]


class Failure(BaseModel):
    """An error that stopped a step on a bench, as told to the user. Stored as JSON."""

    model_config = ConfigDict(frozen=True)

    code: str
    what: Text
    where: str
    do: Text | None
    at: datetime

    @classmethod
    def of(cls, error: EpreuveError, at: datetime) -> Self:
        """An error that happened at a moment."""
        return cls(code=error.code, what=error.what, where=error.where, do=error.do, at=at)


@dataclass(frozen=True, kw_only=True)
class StoredBench:
    """How the making of a bench goes.

    step: what is being done to it, or was done last. attempts: tries of it since something last succeeded.
    next_try_at: not before. last_error: why the last try failed; None when it did not.
    first_error: the first failure of the last row of failures; stays to be seen after a success.
    """

    session: str
    candidate: str
    host: str
    step: str
    attempts: int
    next_try_at: datetime | None
    first_error: Failure | None
    last_error: Failure | None
    updated_at: datetime
    last_checkpoint_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class StoredCheckpoint:
    """RAM and disks of a bench at one moment, in a folder.

    stopped_ms: how long the candidate was stopped for it. kind: ``checkpoint``, or ``kept-aside`` for what a reset
    threw away. removed_at: the folder is gone.
    """

    id: int
    session: str
    candidate: str
    taken_at: datetime
    folder: str
    machines: tuple[str, ...]
    stopped_ms: int
    kind: CheckpointKind
    why: str
    bytes: int
    removed_at: datetime | None


def put_bench(tx: Transaction, session: str, candidate: str, *, host: str, step: str, at: datetime) -> None:
    """Place a bench on a host, or move it there; what is known of its failures stays."""
    if _update(tx, session, candidate, host=host, step=step, updated_at=at):
        return
    tx.execute(
        insert(bench).values(session=session, candidate=candidate, host=host, step=step, attempts=0, updated_at=at)
    )


def find_bench(tx: Transaction, session: str, candidate: str) -> StoredBench | None:
    """A bench; None when it was never placed."""
    row = tx.execute(select(bench).where(_is(session, candidate))).one_or_none()
    return None if row is None else _bench(row)


def benches(tx: Transaction, session: str) -> list[StoredBench]:
    """The benches of a session, by candidate."""
    query = select(bench).where(bench.c.session == session).order_by(bench.c.candidate)
    return [_bench(row) for row in tx.execute(query)]


def record_attempt(tx: Transaction, session: str, candidate: str, *, step: str, at: datetime) -> None:
    """A step begins. Counted before it is done: one that kills its program counts too. Raises RecordError."""
    _require(
        _update(tx, session, candidate, step=step, attempts=bench.c.attempts + 1, next_try_at=None, updated_at=at),
        session,
        candidate,
    )


def record_failure(tx: Transaction, session: str, candidate: str, failure: Failure, *, next_try_at: datetime) -> None:
    """The step failed; when to try again. The first failure of a row is kept, and the last. Raises RecordError."""
    known = find_bench(tx, session, candidate)
    values: dict[str, Any] = {"last_error": failure.model_dump_json()}
    if known is None or known.last_error is None:
        values["first_error"] = values["last_error"]
    _require(
        _update(tx, session, candidate, next_try_at=next_try_at, updated_at=failure.at, **values), session, candidate
    )


def record_success(tx: Transaction, session: str, candidate: str, *, step: str, at: datetime) -> None:
    """The step is done: attempts start from zero again. Raises RecordError."""
    _require(
        _update(tx, session, candidate, step=step, attempts=0, next_try_at=None, last_error=None, updated_at=at),
        session,
        candidate,
    )


def add_checkpoint(
    tx: Transaction,
    session: str,
    candidate: str,
    *,
    taken_at: datetime,
    folder: str,
    machines: tuple[str, ...],
    stopped_ms: int,
    kind: CheckpointKind,
    why: str,
    size: int,
) -> int:
    """Store that a checkpoint was taken; its id. size: bytes on the disk."""
    key = tx.execute(
        insert(checkpoint)
        .values(
            session=session,
            candidate=candidate,
            taken_at=taken_at,
            folder=folder,
            machines=json.dumps(machines),
            stopped_ms=stopped_ms,
            kind=kind,
            why=why,
            bytes=size,
        )
        .returning(checkpoint.c.id)
    ).scalar_one()
    if kind == "checkpoint":
        _update(tx, session, candidate, last_checkpoint_at=taken_at)
    return int(key)


def checkpoints(
    tx: Transaction, session: str, candidate: str | None = None, *, with_removed: bool = False
) -> list[StoredCheckpoint]:
    """The checkpoints of a session or of one of its candidates, the oldest first."""
    query = select(checkpoint).where(checkpoint.c.session == session)
    if candidate is not None:
        query = query.where(checkpoint.c.candidate == candidate)
    if not with_removed:
        query = query.where(checkpoint.c.removed_at.is_(None))
    return [_checkpoint(row) for row in tx.execute(query.order_by(checkpoint.c.taken_at, checkpoint.c.id))]


def mark_removed(tx: Transaction, checkpoint_id: int, at: datetime) -> None:
    """A checkpoint's folder is gone; the first time counts."""
    tx.execute(
        update(checkpoint)
        .where(checkpoint.c.id == checkpoint_id, checkpoint.c.removed_at.is_(None))
        .values(removed_at=at)
    )


def _is(session: str, candidate: str) -> ColumnElement[bool]:
    return (bench.c.session == session) & (bench.c.candidate == candidate)


def _update(tx: Transaction, session: str, candidate: str, **values: Any) -> bool:
    return tx.execute(update(bench).where(_is(session, candidate)).values(values)).rowcount == 1


def _require(found: bool, session: str, candidate: str) -> None:
    if not found:
        raise RecordError(
            Text("Ce poste n'a pas encore été placé.", "This bench was not placed yet."),
            where=f"{session}/{candidate}",
            do=Text("Préparez d'abord la session.", "Prepare the session first."),
        )


def _bench(row: Row[Any]) -> StoredBench:
    values = dict(row._mapping)
    for name in ("first_error", "last_error"):
        if values[name] is not None:
            values[name] = Failure.model_validate_json(values[name])
    return StoredBench(**values)


def _checkpoint(row: Row[Any]) -> StoredCheckpoint:
    values = dict(row._mapping)
    values["machines"] = tuple(json.loads(values["machines"]))
    return StoredCheckpoint(**values)
