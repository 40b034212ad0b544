"""Who is signed in, one-time links, and attempts to get in that failed. Secrets are stored as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from orchestrator.store.database import Transaction
from orchestrator.store.tables import attempt, link, login

SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Login:
    """A sign-in: of an account, or of a candidate at their seat. hash: of the secret in the cookie."""

    hash: str
    account: str | None
    session: str | None
    candidate: str | None
    address: str
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


def begin(
    tx: Transaction,
    *,
    address: str,
    now: datetime,
    account: str | None = None,
    session: str | None = None,
    candidate: str | None = None,
) -> str:
    """Sign in an account, or a candidate of a session; the secret that the browser is to keep."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    values = {"account": account, "session": session, "candidate": candidate, "address": address}
    tx.execute(insert(login).values(hash=hashed(secret), begun_at=now, seen_at=now, **values))
    return secret


def find(tx: Transaction, hash_: str) -> Login | None:
    """A login by its hash, ended ones too."""
    row = tx.execute(select(login).where(login.c.hash == hash_)).one_or_none()
    return None if row is None else _login(row)


def active_at(tx: Transaction, session: str, candidate: str) -> list[Login]:
    """The logins of a candidate that have not ended, the oldest first."""
    query = select(login).where(login.c.session == session, login.c.candidate == candidate, login.c.ended_at.is_(None))
    return [_login(row) for row in tx.execute(query.order_by(login.c.begun_at))]


def seen(tx: Transaction, hash_: str, now: datetime) -> None:
    """Note a sign of life."""
    tx.execute(update(login).where(login.c.hash == hash_).values(seen_at=now))


def end(tx: Transaction, hash_: str, now: datetime) -> None:
    """Sign out. Idempotent."""
    tx.execute(update(login).where(login.c.hash == hash_, login.c.ended_at.is_(None)).values(ended_at=now))


def end_account(tx: Transaction, account: str, now: datetime, *, but: str = "") -> None:
    """Sign an account out everywhere, but for one login."""
    tx.execute(
        update(login)
        .where(login.c.account == account, login.c.hash != but, login.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_seat(tx: Transaction, session: str, candidate: str, now: datetime) -> None:
    """Sign a candidate out, so that they can sit down elsewhere."""
    tx.execute(
        update(login)
        .where(login.c.session == session, login.c.candidate == candidate, login.c.ended_at.is_(None))
        .values(ended_at=now)
    )


# --- one-time links
def make_link(tx: Transaction, purpose: str, expires_at: datetime) -> str:
    """The secret of a new one-time link; older ones for the same purpose open no more."""
    tx.execute(delete(link).where(link.c.purpose == purpose))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    tx.execute(insert(link).values(hash=hashed(secret), purpose=purpose, expires_at=expires_at))
    return secret


def is_open(tx: Transaction, secret: str, purpose: str, now: datetime) -> bool:
    """Whether a link would still open."""
    query = select(link.c.hash).where(
        link.c.hash == hashed(secret), link.c.purpose == purpose, link.c.used_at.is_(None), link.c.expires_at > now
    )
    return tx.execute(query).one_or_none() is not None


def use_link(tx: Transaction, secret: str, purpose: str, now: datetime) -> bool:
    """Use a link up; False when it is unknown, used, or too old."""
    if not is_open(tx, secret, purpose, now):
        return False
    tx.execute(update(link).where(link.c.hash == hashed(secret)).values(used_at=now))
    return True


# --- attempts
def failed(tx: Transaction, what: str, address: str, now: datetime) -> None:
    """Note an attempt that failed."""
    tx.execute(insert(attempt).values(what=what, address=address, at=now))


def failures(tx: Transaction, what: str, since: datetime, address: str | None = None) -> int:
    """How many attempts failed since a moment, from one address or from all."""
    query = select(func.count()).select_from(attempt).where(attempt.c.what == what, attempt.c.at > since)
    if address is not None:
        query = query.where(attempt.c.address == address)
    return int(tx.execute(query).scalar_one())


def forget(tx: Transaction, before: datetime) -> None:
    """Remove attempts, and logins that ended or were last seen, before a moment."""
    tx.execute(delete(attempt).where(attempt.c.at < before))
    tx.execute(delete(login).where(func.coalesce(login.c.ended_at, login.c.seen_at) < before))


def hashed(secret: str) -> str:
    """How a secret is stored. It is long and random: no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _login(row: Row[Any]) -> Login:
    return Login(**row._mapping)
