"""Whether a console may be open, asked when it opens and then every second.

A candidate's lives as long as their practical runs: a pause, the bell, finishing early, a seat moved to another
computer close it. Once their work is frozen it lives on the copy, as long as they are in a phase with the jury on
machines. Everybody's dies with their login and with the right that it came from. And nobody's is open from the
bell until the bench is frozen: what is observed then is a copy of the same name, which no hand may touch.
"""

from __future__ import annotations

from datetime import datetime

from orchestrator.engine.desk import Desk
from orchestrator.exam import Exam, Sitting
from orchestrator.exam.rules import COPYABLE
from orchestrator.store import accounts, logins
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from orchestrator.store.logins import Login
from web.console.tokens import Claims


def may_be_open(desk: Desk, claims: Claims) -> bool:
    """The answer as things stand now. Raises StoreError."""
    with desk.store.read() as tx:
        login = logins.find(tx, claims.login)
        if login is None or login.ended_at is not None or not _holds(tx, login, claims):
            return False
    try:
        opened = desk.open(claims.session)
    except RecordError:
        return False
    sitting = opened.exam.candidates.get(claims.bench)
    return sitting is not None and _is_time(claims, opened.exam, sitting, opened.now)


def _holds(tx: Transaction, login: Login, claims: Claims) -> bool:
    """Whether whoever signed in has the right that the console was opened with."""
    if claims.kind == "candidate":
        return (login.session, login.candidate) == (claims.session, claims.bench)
    account = accounts.find(tx, login.account) if login.account is not None else None
    if account is None or account.disabled_at is not None or claims.kind not in account.roles:
        return False
    return claims.kind in accounts.sessions_of(tx, account.id).get(claims.session, set())


def _is_time(claims: Claims, exam: Exam, sitting: Sitting, now: datetime) -> bool:
    """Whether this is the time for a console of this kind."""
    due = sitting.clock.is_due(now)
    match claims.kind:
        case "candidate":
            return (sitting.state == "running" and not due) or _shows(claims.machine, exam, sitting)
        case "supervisor" | "trainer":
            return sitting.state in ("ready", "running", "paused") and not due
        case "jury":
            return _has_copy(sitting)


def _shows(machine: str, exam: Exam, sitting: Sitting) -> bool:
    """Whether the candidate shows this machine to the jury now, on the copy."""
    phase = exam.phase_of(sitting)
    on_machines = phase is not None and phase.kind == "jury" and machine in exam.machines_of(phase)
    return on_machines and exam.state in COPYABLE and _has_copy(sitting)


def _has_copy(sitting: Sitting) -> bool:
    copy = sitting.frozen_copy
    return sitting.state == "frozen" and copy is not None and copy.opened_at is not None
