"""Whether a console may be open, asked when it opens and then every second.

A candidate's lives as long as their practical runs: a pause, the bell, finishing early, a seat moved to another
computer close it. Everybody's dies with their login and with the right that it came from.
"""

from __future__ import annotations

from orchestrator.engine.desk import Desk
from orchestrator.store import accounts, logins
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from orchestrator.store.logins import Login
from web.console.tokens import Claims


def may_be_open(desk: Desk, claims: Claims) -> bool:
    """The answer as things stand now. Raises StoreError."""
    with desk.store.read() as tx:
        login = logins.find(tx, claims.login)
        if login is None or login.ended_at is not None:
            return False
        if claims.kind != "candidate":
            return _holds(tx, login, claims)
    return (login.session, login.candidate) == (claims.session, claims.bench) and _is_at_work(desk, claims)


def _is_at_work(desk: Desk, claims: Claims) -> bool:
    try:
        opened = desk.open(claims.session)
    except RecordError:
        return False
    sitting = opened.exam.candidates.get(claims.bench)
    return sitting is not None and sitting.state == "running" and not sitting.clock.is_due(opened.now)


def _holds(tx: Transaction, login: Login, claims: Claims) -> bool:
    """Whether the account that signed in holds the right that the console was opened with."""
    account = accounts.find(tx, login.account) if login.account is not None else None
    if account is None or account.disabled_at is not None or claims.kind not in account.roles:
        return False
    return claims.kind == "trainer" or claims.kind in accounts.sessions_of(tx, account.id).get(claims.session, set())
